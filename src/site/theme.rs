//! A theme: templates and assets. The default one and a few others are part of the program.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;

/// Templates (`*.html` at the top) and all other files of a theme, by their path in the theme's folder.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    pub templates: BTreeMap<String, String>,
    /// Copied to the site as they are.
    pub assets: BTreeMap<String, Vec<u8>>,
    /// What the config adds to it.
    pub look: Look,
}

/// What the config adds to a theme. Paths are from the site's root; their files are among the theme's assets.
#[derive(Debug, Clone, Default)]
pub struct Look {
    pub logo: Option<String>,
    pub icon: Option<String>,
    /// In the order in which pages load them.
    pub stylesheets: Vec<String>,
}

#[derive(RustEmbed)]
#[folder = "themes/default"]
struct DefaultTheme;

#[derive(RustEmbed)]
#[folder = "themes/ledger"]
struct LedgerTheme;

impl Theme {
    /// Names of the themes that are part of the program.
    pub const BUILT_IN: [&str; 2] = ["default", "ledger"];

    /// The style sheet that pages load behind those of the default theme, where a theme has it.
    pub const OWN_STYLES: &str = "assets/theme.css";

    /// The theme that is used where the user gives none, and for every file that the user's does not replace.
    pub fn default_theme() -> Theme {
        let mut theme = Theme::default();
        theme.put_over::<DefaultTheme>();
        theme
    }

    /// A theme that is part of the program, over the default one.
    pub fn built_in(name: &str) -> Option<Theme> {
        let mut theme = Theme::default_theme();
        match name {
            "default" => {}
            "ledger" => theme.put_over::<LedgerTheme>(),
            _ => return None,
        }
        Some(theme)
    }

    fn put_over<T: RustEmbed>(&mut self) {
        for path in T::iter() {
            if let Some(file) = T::get(&path) {
                self.insert(path.into_owned(), file.data.into_owned());
            }
        }
    }

    /// Adds or replaces a file; a template that is not UTF-8 is read with replacement characters.
    pub fn insert(&mut self, path: String, bytes: Vec<u8>) {
        match path.ends_with(".html") && !path.contains('/') {
            true => self.templates.insert(path, String::from_utf8_lossy(&bytes).into_owned()).map_or((), drop),
            false => self.assets.insert(path, bytes).map_or((), drop),
        }
    }

    /// Style sheets that pages load behind those of the default theme: the theme's own, then those of the config.
    pub fn stylesheets(&self) -> Vec<String> {
        let own = self.assets.contains_key(Theme::OWN_STYLES).then(|| Theme::OWN_STYLES.to_string());
        own.into_iter().chain(self.look.stylesheets.iter().cloned()).collect()
    }
}
