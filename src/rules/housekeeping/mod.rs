//! Rules on the work of the linter itself.

mod config_error;
mod expired_suppression;
mod invalid_suppression;
mod stale_baseline;
mod suppressions;
mod unreadable_file;
mod unused_suppression;

pub use config_error::{CONFIG_ERROR, ConfigErrorRule};
pub use expired_suppression::ExpiredSuppression;
pub use invalid_suppression::InvalidSuppression;
pub use stale_baseline::{STALE_BASELINE, StaleBaseline, stale_baseline};
pub use suppressions::{allowable, holds};
pub use unreadable_file::UnreadableFile;
pub use unused_suppression::{UNUSED_SUPPRESSION, UnusedSuppression, unused_entry, unused_suppression};
