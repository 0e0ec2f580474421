//! What a team decides: the config file, and the standards that documents are held to.

mod config;
mod sections;
mod standard;

pub use config::{ConfigError, LevelSetting, RuleSetting, Settings, SiteSettings, nearest};
pub use sections::{SectionKind, section_id, section_kinds, section_name};
pub use standard::{Preset, RequiredSection, Standard, presets};
