//! Standards: which sections a runbook must have. The presets are here; a team's own is read out of its index.

use std::sync::LazyLock;

use serde::Deserialize;

use super::sections::section_name;
use crate::diagnostic::Location;

/// A standard that runbooks are held to.
#[derive(Debug)]
pub struct Standard {
    /// `house` for one that an index states, else the preset's name.
    pub name: String,
    /// In the order in which a runbook has them.
    pub sections: Vec<RequiredSection>,
    /// The index page's heading that states it.
    pub origin: Option<Location>,
}

/// A section that the standard asks for.
#[derive(Debug, Clone)]
pub struct RequiredSection {
    /// Known id (`post-incident`), or the name in kebab-case for a section of the team's own.
    pub id: String,
    pub name: String,
    /// Where the index asks for it.
    pub origin: Option<Location>,
}

/// A standard that the tool knows by itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    pub name: String,
    /// Ids of `sections.toml`, in order.
    pub sections: Vec<String>,
}

impl Preset {
    /// The preset as a standard.
    pub fn standard(&self) -> Standard {
        let required =
            |id: &String| RequiredSection { id: id.clone(), name: section_name(id).to_string(), origin: None };
        Standard { name: self.name.clone(), sections: self.sections.iter().map(required).collect(), origin: None }
    }
}

/// The presets in the order in which they are tried.
pub fn presets() -> &'static [Preset] {
    static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
        #[derive(Deserialize)]
        struct File {
            preset: Vec<Preset>,
        }
        let file: File = toml::from_str(include_str!("presets.toml")).expect("presets.toml is part of the program");
        file.preset
    });
    &PRESETS
}
