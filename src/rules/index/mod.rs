//! Rules on index pages and their rows.

mod agreement;
mod conflicting_runbooks;
mod dead_index_row;
mod duplicate_index_row;
mod listing;
mod names;
mod rows;
mod stale_index_row;
mod uncategorised_runbook;
mod unlinked_index_entry;
mod unlisted_runbook;

pub use conflicting_runbooks::ConflictingRunbooks;
pub use dead_index_row::DeadIndexRow;
pub use duplicate_index_row::DuplicateIndexRow;
pub use listing::{Listing, bare_title, list_in, listings};
pub use stale_index_row::StaleIndexRow;
pub use uncategorised_runbook::UncategorisedRunbook;
pub use unlinked_index_entry::UnlinkedIndexEntry;
pub use unlisted_runbook::UnlistedRunbook;
