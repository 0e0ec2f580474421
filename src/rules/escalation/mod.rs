//! Rules on whom to call: priorities, escalation paths and contacts of an index.

mod contact_without_address;
mod contact_without_backup;
mod escalation_gap;
mod mixed_severity_scale;
mod places;
mod priority_without_path;
mod role_without_contact;
mod slow_first_response;
mod unknown_priority;

pub use contact_without_address::ContactWithoutAddress;
pub use contact_without_backup::ContactWithoutBackup;
pub use escalation_gap::EscalationGap;
pub use mixed_severity_scale::MixedSeverityScale;
pub use priority_without_path::PriorityWithoutPath;
pub use role_without_contact::RoleWithoutContact;
pub use slow_first_response::SlowFirstResponse;
pub use unknown_priority::UnknownPriority;
