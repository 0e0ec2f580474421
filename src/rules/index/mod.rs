//! Rules on index pages and their rows.

mod dead_index_row;
mod unlisted_runbook;

pub use dead_index_row::DeadIndexRow;
pub use unlisted_runbook::UnlistedRunbook;
