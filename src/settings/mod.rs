//! What a team decides: the config file, and the standards that documents are held to.

mod config;
mod metadata;
mod sections;
mod standard;

pub use config::{LevelSetting, RuleSetting, Settings, SiteSettings, nearest};
pub use metadata::{Fact, same_key};
pub use sections::{
    SectionKind, Sureness, is_other_section, is_weak_name, section_id, section_ids, section_kinds, section_name,
};
pub use standard::{Guideline, GuidelineKind, Preset, RequiredKey, RequiredSection, Standard, TitleForm, presets};
