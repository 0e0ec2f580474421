//! Rules on what the head of a document says of it.

mod future_date;
mod invalid_date;
mod invalid_duration;
mod invalid_front_matter;
mod invalid_metadata_value;
mod misordered_revisions;
mod missing_metadata;
mod outdated_last_updated;
mod overdue_review;

pub use future_date::FutureDate;
pub use invalid_date::InvalidDate;
pub use invalid_duration::InvalidDuration;
pub use invalid_front_matter::InvalidFrontMatter;
pub use invalid_metadata_value::InvalidMetadataValue;
pub use misordered_revisions::MisorderedRevisions;
pub use missing_metadata::MissingMetadata;
pub use outdated_last_updated::OutdatedLastUpdated;
pub use overdue_review::OverdueReview;
