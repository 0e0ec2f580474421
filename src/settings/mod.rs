//! What a team decides: the config file, and the standards that documents are held to.

mod colour;
mod config;
mod effective;
mod metadata;
mod sections;
mod site;
mod standard;

pub use colour::Colour;
pub use config::{ConfigLayer, RoleLayer, ValueKind, meant, nearest};
pub use effective::{DeclaredKind, HOUSE, KindGlob, LevelSetting, Override, PlannedGlob, RuleSetting, Settings};
pub use metadata::{Fact, same_key};
pub use sections::{
    SectionKind, Sureness, is_other_section, is_weak_name, section_id, section_ids, section_kinds, section_name,
};
pub use site::{Colors, SiteColor, SiteColors, SitePath, SitePlace, SiteSettings, parse_base_url};
pub use standard::{
    Guideline, GuidelineKind, Marker, Origin, Preset, RequiredKey, RequiredSection, Standard, TitleForm, presets,
};
