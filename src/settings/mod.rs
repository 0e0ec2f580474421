//! What a team decides: the config file, and the standards that documents are held to.

mod config;
mod effective;
mod metadata;
mod sections;
mod standard;

pub use config::{ConfigLayer, RoleLayer, SiteSettings, ValueKind, meant, nearest};
pub use effective::{DeclaredKind, HOUSE, KindGlob, LevelSetting, Override, PlannedGlob, RuleSetting, Settings};
pub use metadata::{Fact, same_key};
pub use sections::{
    SectionKind, Sureness, is_other_section, is_weak_name, section_id, section_ids, section_kinds, section_name,
};
pub use standard::{
    Guideline, GuidelineKind, Marker, Origin, Preset, RequiredKey, RequiredSection, Standard, TitleForm, presets,
};
