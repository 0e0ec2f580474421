//! Rules on links between documents and beyond.

mod absolute_path_link;
mod case_mismatched_link;
mod checked;
mod conflicting_alias;
mod dead_anchor;
mod dead_external_link;
mod dead_image;
mod dead_link;
mod escaping_link;
mod missing;
mod undefined_reference;

pub use absolute_path_link::AbsolutePathLink;
pub use case_mismatched_link::CaseMismatchedLink;
pub use conflicting_alias::ConflictingAlias;
pub use dead_anchor::DeadAnchor;
pub use dead_external_link::DeadExternalLink;
pub use dead_image::DeadImage;
pub use dead_link::DeadLink;
pub use escaping_link::EscapingLink;
pub use undefined_reference::UndefinedReference;
