//! A theme: templates and assets. The default one is part of the program.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;

/// Templates (`*.html` at the top) and all other files of a theme, by their path in the theme's folder.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    pub templates: BTreeMap<String, String>,
    /// Copied to the site as they are.
    pub assets: BTreeMap<String, Vec<u8>>,
}

#[derive(RustEmbed)]
#[folder = "themes/default"]
struct DefaultTheme;

impl Theme {
    /// The theme that is used where the user gives none, and for every file that the user's does not replace.
    pub fn default_theme() -> Theme {
        let mut theme = Theme::default();
        for path in DefaultTheme::iter() {
            if let Some(file) = DefaultTheme::get(&path) {
                theme.insert(path.into_owned(), file.data.into_owned());
            }
        }
        theme
    }

    /// Adds or replaces a file; a template that is not UTF-8 is read with replacement characters.
    pub fn insert(&mut self, path: String, bytes: Vec<u8>) {
        match path.ends_with(".html") && !path.contains('/') {
            true => self.templates.insert(path, String::from_utf8_lossy(&bytes).into_owned()).map_or((), drop),
            false => self.assets.insert(path, bytes).map_or((), drop),
        }
    }
}
