//! Rules on the sections of a runbook.

mod missing_section;
mod skipped_heading_level;

pub use missing_section::MissingSection;
pub use skipped_heading_level::SkippedHeadingLevel;
