//! Rules on the work of the linter itself.

mod unreadable_file;

pub use unreadable_file::UnreadableFile;
