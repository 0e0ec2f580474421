//! Rules on links between documents.

mod dead_anchor;
mod dead_link;

pub use dead_anchor::DeadAnchor;
pub use dead_link::DeadLink;
