//! Rules on the sections of a runbook.

mod duplicate_heading;
mod duplicate_title;
mod empty_section;
mod misordered_section;
mod missing_section;
mod nonstandard_title;
mod placeholder_text;
mod skipped_heading_level;

pub use duplicate_heading::DuplicateHeading;
pub use duplicate_title::DuplicateTitle;
pub use empty_section::EmptySection;
pub use misordered_section::MisorderedSection;
pub use missing_section::MissingSection;
pub use nonstandard_title::NonstandardTitle;
pub use placeholder_text::PlaceholderText;
pub use skipped_heading_level::SkippedHeadingLevel;
