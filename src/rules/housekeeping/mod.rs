//! Rules on the work of the linter itself.

mod expired_suppression;
mod invalid_suppression;
mod suppressions;
mod unreadable_file;
mod unused_suppression;

pub use expired_suppression::ExpiredSuppression;
pub use invalid_suppression::InvalidSuppression;
pub use suppressions::{allowable, holds};
pub use unreadable_file::UnreadableFile;
pub use unused_suppression::{UNUSED_SUPPRESSION, UnusedSuppression, unused_suppression};
