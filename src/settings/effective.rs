//! What the config files mean together. Without any, all has a default.

use std::collections::BTreeMap;
use std::ops::Range;

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use toml::Spanned;

use super::config::{ConfigLayer, OverrideLayer, RoleLayer, RuleTable, nearest};
use super::site::SiteSettings;
use super::standard::{Standard, StandardSetting, StandardSettings, apply, presets, resolve_standards};
use crate::command::{Known, Pack, Packs, wrong_examples};
use crate::diagnostic::{ConfigError, Level};

/// The decoded config.
#[derive(Debug, Default)]
pub struct Settings {
    /// Folder with the runbooks, relative to the config file that names it.
    pub root: Option<String>,
    /// Position of the config file that names the root; 0 is the one that was opened.
    pub root_file: usize,
    /// Which documents are read; all where it is `None`.
    pub include: Option<GlobSet>,
    /// Which documents and folders are left out.
    pub exclude: Option<GlobSet>,
    /// Runbooks that are promised and not written yet.
    pub planned: Vec<PlannedGlob>,
    /// In the order of the files; the last one that matches decides.
    pub kinds: Vec<KindGlob>,
    /// By name. Those of presets and of `house` change what is there already.
    pub standards: StandardSettings,
    /// What is known of programs, where the config adds to it.
    own_packs: Option<Packs>,
    pub roles: BTreeMap<String, RoleLayer>,
    pub site: SiteSettings,
    /// By rule or group name, in the order of their names. The registry checks the names and decodes the options.
    pub rules: BTreeMap<String, RuleSetting>,
    /// In the order of the files; later ones go before earlier ones.
    pub overrides: Vec<Override>,
}

/// A glob of runbooks that are promised.
#[derive(Debug)]
pub struct PlannedGlob {
    pub pattern: String,
    /// Position of the config file among those that extend each other.
    pub file: usize,
    /// Place of the glob in the config file.
    pub span: Range<usize>,
    matcher: GlobMatcher,
}

/// What the documents are that a glob matches.
#[derive(Debug)]
pub struct KindGlob {
    pub pattern: String,
    pub kind: DeclaredKind,
    /// Position of the config file among those that extend each other.
    pub file: usize,
    /// Line in the config file, from 1.
    pub line: usize,
    /// Place of the kind in the config file.
    span: Range<usize>,
    matcher: GlobMatcher,
}

/// What a document is by the config's or its own word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredKind {
    /// Of the standard that governs it.
    Runbook,
    Page,
    Index,
    /// A runbook of the standard of this name.
    Standard(String),
}

/// Rules for some documents.
#[derive(Debug)]
pub struct Override {
    pub patterns: Vec<String>,
    /// Position of the config file among those that extend each other.
    pub file: usize,
    /// Place of the first glob in the config file.
    pub span: Range<usize>,
    files: GlobSet,
    pub rules: BTreeMap<String, RuleSetting>,
}

/// What the config says of a rule or group.
#[derive(Debug, Clone)]
pub struct RuleSetting {
    pub level: Option<LevelSetting>,
    /// The rule's own options, not decoded yet.
    pub options: toml::Table,
    /// Position of the config file among those that extend each other.
    pub file: usize,
    /// Place of the name in the config file.
    pub name_span: Range<usize>,
    /// Place of the value in the config file.
    pub span: Range<usize>,
}

/// A level, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelSetting {
    Off,
    At(Level),
}

impl Settings {
    /// Decodes a config that extends no other.
    pub fn parse(text: &str) -> Result<Settings, ConfigError> {
        Settings::of_layers(vec![(ConfigLayer::parse(text, 0)?, text)])
    }

    /// Puts config files together: each extends the next one, whose values hold where it has none.
    pub fn of_layers(layers: Vec<(ConfigLayer, &str)>) -> Result<Settings, ConfigError> {
        let mut settings = Settings::default();
        let mut packs = Vec::new();
        // From the farthest to the one that was opened, so that later values replace earlier ones.
        for (file, (mut layer, text)) in layers.into_iter().enumerate().rev() {
            packs.extend(std::mem::take(&mut layer.packs).into_iter().map(|pack| (file, pack)));
            for pattern in &layer.planned {
                settings.planned.push(PlannedGlob {
                    matcher: glob(pattern, file)?.compile_matcher(),
                    pattern: pattern.get_ref().clone(),
                    file,
                    span: pattern.span(),
                });
            }
            settings.put_over(layer, file, text)?;
        }
        settings.check_names()?;
        settings.take_packs(packs)?;
        Ok(settings)
    }

    /// Adds packs, each with the file that it stands in. Their examples are their tests.
    fn take_packs(&mut self, packs: Vec<(usize, Spanned<Pack>)>) -> Result<(), ConfigError> {
        if packs.is_empty() {
            return Ok(());
        }
        let all = Packs::builtin().clone().with(packs.iter().map(|(_, pack)| pack.get_ref().clone()));
        for (file, pack) in &packs {
            let own = |known: &&std::sync::Arc<Known>| {
                let programs = &pack.get_ref().programs;
                known.pack == pack.get_ref().name && programs.iter().any(|program| program.names == known.program.names)
            };
            if let Some(wrong) = all.all().filter(own).find_map(|known| wrong_examples(known, &all).into_iter().next())
            {
                return Err(ConfigError {
                    help: Some("of several rules the first that matches decides".to_string()),
                    ..ConfigError::at(*file, pack.span(), format!("pack `{}`: {wrong}", pack.get_ref().name))
                });
            }
        }
        self.own_packs = Some(all);
        Ok(())
    }

    /// What is known of programs.
    pub fn packs(&self) -> &Packs {
        self.own_packs.as_ref().unwrap_or_else(|| Packs::builtin())
    }

    fn put_over(&mut self, layer: ConfigLayer, file: usize, text: &str) -> Result<(), ConfigError> {
        if let Some(root) = layer.root {
            (self.root, self.root_file) = (Some(root), file);
        }
        if let Some(globs) = &layer.include {
            self.include = Some(glob_set(globs, file)?);
        }
        if let Some(globs) = &layer.exclude {
            self.exclude = Some(glob_set(globs, file)?);
        }
        let mut kinds: Vec<_> = layer.kinds.into_iter().collect();
        kinds.sort_by_key(|(pattern, _)| pattern.span().start);
        for (pattern, kind) in kinds {
            let line = text[..pattern.span().start].matches('\n').count() + 1;
            self.kinds.push(KindGlob {
                matcher: glob(&pattern, file)?.compile_matcher(),
                pattern: pattern.into_inner(),
                file,
                line,
                span: kind.span(),
                kind: DeclaredKind::of(kind.get_ref()),
            });
        }
        for (name, standard) in layer.standards {
            let setting = StandardSetting { file, name_span: name.span(), layer: standard };
            self.standards.entry(name.into_inner()).or_default().push(setting);
        }
        self.roles.extend(layer.roles);
        self.site = std::mem::take(&mut self.site).under(layer.site, file);
        put_rules_over(&mut self.rules, rule_settings(layer.rules, file)?);
        for OverrideLayer { files, rules } in layer.overrides {
            self.overrides.push(Override {
                file,
                span: files.first().map_or(0..0, Spanned::span),
                patterns: files.iter().map(|pattern| pattern.get_ref().clone()).collect(),
                files: glob_set(&files, file)?,
                rules: rule_settings(rules, file)?,
            });
        }
        Ok(())
    }

    /// The names of standards are known only when all files are read.
    fn check_names(&self) -> Result<(), ConfigError> {
        let known: Vec<&str> = self.standard_names().collect();
        for kind in &self.kinds {
            let DeclaredKind::Standard(name) = &kind.kind else { continue };
            if !known.contains(&name.as_str()) {
                let names: Vec<&str> = known.iter().copied().chain(DeclaredKind::WORDS.map(|(word, _)| word)).collect();
                return Err(ConfigError {
                    help: Some(did_you_mean(name, &names)),
                    ..ConfigError::at(kind.file, kind.span.clone(), format!("`{name}` is no kind and no standard"))
                });
            }
        }
        resolve_standards(&self.standards).map(|_| ())
    }

    /// Names of all standards: the presets, `house`, and the config's own.
    pub fn standard_names(&self) -> impl Iterator<Item = &str> {
        let own = self.standards.keys().map(String::as_str);
        let own = own.filter(|name| *name != HOUSE && !presets().iter().any(|preset| preset.name == *name));
        presets().iter().map(|preset| preset.name.as_str()).chain([HOUSE]).chain(own)
    }

    /// The standards that are known without an index: the presets in their order, then the config's own by name.
    pub fn known_standards(&self) -> Vec<Standard> {
        // The config was refused if they cannot be resolved.
        resolve_standards(&self.standards).unwrap_or_default()
    }

    /// The standard that an index states, as the config changes it; an error where the config does not fit it.
    pub fn house(&self, stated: Standard) -> Result<Standard, ConfigError> {
        apply(self.standards.get(HOUSE).map_or(&[], Vec::as_slice), stated)
    }

    /// What the config says that a document is: the last glob that matches, with its position in `kinds`.
    pub fn kind_of(&self, path: &str) -> Option<(usize, &KindGlob)> {
        self.kinds.iter().enumerate().rev().find(|(_, kind)| kind.matcher.is_match(path))
    }

    /// Whether a runbook is promised and not written yet.
    pub fn is_planned(&self, path: &str) -> bool {
        self.planned.iter().any(|glob| glob.matches(path))
    }

    /// The overrides that concern a document, by position, in order.
    pub fn overrides_of(&self, path: &str) -> Vec<usize> {
        (0..self.overrides.len()).filter(|at| self.overrides[*at].files.is_match(path)).collect()
    }

    /// `[rules]` with some overrides put over it.
    pub fn rules_with(&self, overrides: &[usize]) -> BTreeMap<String, RuleSetting> {
        let mut rules = self.rules.clone();
        for at in overrides {
            put_rules_over(&mut rules, self.overrides[*at].rules.clone());
        }
        rules
    }

    /// The role of `[roles]` that a name stands for, with what is said of it.
    pub fn role(&self, name: &str) -> Option<(&str, &RoleLayer)> {
        let same = |other: &String| other.trim().eq_ignore_ascii_case(name.trim());
        let known = self.roles.iter().find(|(role, setting)| same(role) || setting.aliases.iter().any(same));
        known.map(|(role, setting)| (role.as_str(), setting))
    }
}

impl PlannedGlob {
    /// Whether it matches a path from the root.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }
}

/// Name of the standard that an index states.
pub const HOUSE: &str = "house";

impl DeclaredKind {
    const WORDS: [(&str, DeclaredKind); 3] =
        [("runbook", DeclaredKind::Runbook), ("page", DeclaredKind::Page), ("index", DeclaredKind::Index)];

    /// Reads the word of a config or of front matter.
    pub fn of(word: &str) -> DeclaredKind {
        let word = word.trim();
        let known = DeclaredKind::WORDS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        known.map_or_else(|| DeclaredKind::Standard(word.to_string()), |(_, kind)| kind)
    }
}

fn did_you_mean(written: &str, known: &[&str]) -> String {
    match nearest(written, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("write one of {}", known.join(", ")),
    }
}

/// As in `.gitignore`, `*` stays within a folder and `**` does not.
fn glob(pattern: &Spanned<String>, file: usize) -> Result<Glob, ConfigError> {
    GlobBuilder::new(pattern.get_ref()).literal_separator(true).build().map_err(|error| {
        ConfigError::at(file, pattern.span(), format!("invalid glob `{}`: {}", pattern.get_ref(), error.kind()))
    })
}

fn glob_set(patterns: &[Spanned<String>], file: usize) -> Result<GlobSet, ConfigError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(glob(pattern, file)?);
    }
    set.build().map_err(|error| ConfigError::at(file, 0..0, error.to_string()))
}

const LEVELS: [(&str, LevelSetting); 4] = [
    ("off", LevelSetting::Off),
    ("info", LevelSetting::At(Level::Info)),
    ("warning", LevelSetting::At(Level::Warning)),
    ("error", LevelSetting::At(Level::Error)),
];

fn rule_settings(table: RuleTable, file: usize) -> Result<BTreeMap<String, RuleSetting>, ConfigError> {
    let mut rules = BTreeMap::new();
    for (name, value) in table {
        let setting = rule_setting(&name, value, file)?;
        rules.insert(name.into_inner(), setting);
    }
    Ok(rules)
}

fn rule_setting(name: &Spanned<String>, value: Spanned<toml::Value>, file: usize) -> Result<RuleSetting, ConfigError> {
    let (name_span, span) = (name.span(), value.span());
    let (level, options) = match value.into_inner() {
        toml::Value::String(level) => (Some(level), toml::Table::new()),
        toml::Value::Table(mut options) => match options.remove("level") {
            None => (None, options),
            Some(toml::Value::String(level)) => (Some(level), options),
            Some(other) => return Err(level_error(&format!("the {}", other.type_str()), file, span)),
        },
        other => return Err(level_error(&format!("the {}", other.type_str()), file, span)),
    };
    let level = match level {
        None => None,
        Some(word) => match LEVELS.iter().find(|(name, _)| *name == word) {
            Some((_, level)) => Some(*level),
            None => return Err(level_error(&format!("`{word}`"), file, span)),
        },
    };
    Ok(RuleSetting { level, options, file, name_span, span })
}

fn level_error(written: &str, file: usize, span: Range<usize>) -> ConfigError {
    let message = format!("{written} is not a level; expected `error`, `warning`, `info` or `off`");
    ConfigError {
        help: Some("write `rule-name = \"warning\"`, or a table with `level` and the rule's options".to_string()),
        ..ConfigError::at(file, span, message)
    }
}

/// A level replaces a level, an option an option.
fn put_rules_over(rules: &mut BTreeMap<String, RuleSetting>, over: BTreeMap<String, RuleSetting>) {
    for (name, mut setting) in over {
        if let Some(base) = rules.remove(&name) {
            let own = std::mem::replace(&mut setting.options, base.options);
            setting.options.extend(own);
            setting.level = setting.level.or(base.level);
        }
        rules.insert(name, setting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (String, Option<String>, String) {
        let error = Settings::parse(text).expect_err("a mistake");
        (error.message, error.help, text[error.span].to_string())
    }

    #[test]
    fn a_good_config_is_read() {
        let text = "root = \"docs\"\nexclude = [\"drafts/**\", \"*.tmp.md\"]\n[site]\ntitle = \"Ops\"\n[rules]\n\
                    dead-link = \"warning\"\nmissing-section = { level = \"off\", planned = true }\n";
        let settings = Settings::parse(text).expect("valid");
        assert_eq!(settings.root.as_deref(), Some("docs"));
        let exclude = settings.exclude.expect("a set");
        assert!(exclude.is_match("drafts/a.md") && exclude.is_match("x.tmp.md") && !exclude.is_match("a/x.tmp.md"));
        assert_eq!(settings.rules["dead-link"].level, Some(LevelSetting::At(Level::Warning)));
        assert_eq!(settings.rules["missing-section"].level, Some(LevelSetting::Off));
        assert!(settings.rules["missing-section"].options.contains_key("planned"));
    }

    #[test]
    fn the_last_glob_that_matches_says_what_a_document_is() {
        let text = "[kinds]\n\"z/**\" = \"page\"\n\"**/alerts/*\" = \"alert\"\n\"a/**\" = \"runbook\"\n";
        let settings = Settings::parse(text).expect("valid");
        let kind = |path: &str| settings.kind_of(path).map(|(_, kind)| (kind.kind.clone(), kind.line));
        assert_eq!(kind("z/x.md"), Some((DeclaredKind::Page, 2)));
        assert_eq!(kind("z/alerts/x.md"), Some((DeclaredKind::Standard("alert".to_string()), 3)));
        assert_eq!(kind("a/alerts/x.md"), Some((DeclaredKind::Runbook, 4)));
        assert_eq!(kind("x.md"), None);
    }

    #[test]
    fn values_of_the_extending_file_go_before_those_of_the_extended_one() {
        let own = "[site]\ntitle = \"Own\"\n[rules]\ndead-link = { ignore = [\"a\"] }\n[kinds]\n\"a/*\" = \"page\"\n";
        let base = "root = \"docs\"\n[site]\ntitle = \"Base\"\nfooter = \"Base\"\n[rules]\n\
                    dead-link = { level = \"info\", depth = 3 }\ndead-anchor = \"off\"\n[kinds]\n\"**\" = \"runbook\"\n";
        let layer = |text, file| ConfigLayer::parse(text, file).expect("valid");
        let settings = Settings::of_layers(vec![(layer(own, 0), own), (layer(base, 1), base)]).expect("valid");
        assert_eq!((settings.root.as_deref(), settings.root_file), (Some("docs"), 1));
        assert_eq!((settings.site.title.as_deref(), settings.site.footer.as_deref()), (Some("Own"), Some("Base")));
        let dead_link = &settings.rules["dead-link"];
        assert_eq!((dead_link.level, dead_link.options.len()), (Some(LevelSetting::At(Level::Info)), 2));
        assert_eq!(settings.rules["dead-anchor"].level, Some(LevelSetting::Off));
        assert_eq!(settings.kind_of("a/x.md").map(|(_, kind)| &kind.kind), Some(&DeclaredKind::Page));
        assert_eq!(settings.kind_of("b/x.md").map(|(_, kind)| &kind.kind), Some(&DeclaredKind::Runbook));
    }

    #[test]
    fn packs_of_a_team_go_before_those_of_the_tool_and_their_examples_are_tests() {
        let pack = |example: &str| {
            format!(
                "[[packs]]\nname = \"acme\"\n[[packs.program]]\nnames = [\"ship\", \"kubectl\"]\n\
                 rules = [{{ destructive = \"purge|get\", reason = \"deletes a release\", example = \"{example}\" }}]\n"
            )
        };
        let settings = Settings::parse(&pack("ship purge v1")).expect("valid");
        let of = |name: &str| {
            settings.packs().find(name).map(|known| known.iter().map(|one| one.pack.as_str()).collect::<Vec<_>>())
        };
        assert_eq!((of("ship"), of("kubectl")), (Some(vec!["acme"]), Some(vec!["acme", "kubernetes"])));
        let (message, _, _) = error(&pack("ship list"));
        assert_eq!(message, "pack `acme`: `ship list` is not destructive by this rule, but unknown");
    }

    #[test]
    fn mistakes_have_a_place_and_a_remedy() {
        let cases = [
            ("[rule]\n", "unknown field `rule`", Some("did you mean `rules`?"), "rule"),
            ("exclude = [\"a/{b\"]\n", "invalid glob `a/{b`", None, "\"a/{b\""),
            (
                "[kinds]\n\"a/*\" = \"alrt\"\n",
                "`alrt` is no kind and no standard",
                Some("did you mean `alert`?"),
                "\"alrt\"",
            ),
            (
                "[standards.svc]\nextends = \"proceduer\"\n",
                "`svc` extends `proceduer`, which is no standard",
                Some("did you mean `procedure`?"),
                "\"proceduer\"",
            ),
            (
                "[standards.a]\nextends = \"b\"\n[standards.b]\nextends = \"a\"\n",
                "the standard `b` extends one that extends it",
                Some("name a preset, or leave `extends` out"),
                "\"a\"",
            ),
            (
                "[standards.svc]\nextra-sections = [{ name = \"Risks\", aftre = \"purpose\" }]\n",
                "unknown field `aftre`",
                Some("did you mean `after`?"),
                "aftre",
            ),
            (
                "[standards.svc]\nextends = \"procedure\"\noptional-sections = [\"rolback\"]\n",
                "`rolback` is no section of the standard `svc`",
                Some("did you mean `rollback`?"),
                "\"rolback\"",
            ),
            (
                "[standards.svc]\nguidelines = [\"numbered-step\"]\n",
                "unknown variant `numbered-step`",
                Some("did you mean `numbered-steps`?"),
                "\"numbered-step\"",
            ),
        ];
        for (text, message, help, place) in cases {
            let (found, remedy, at) = error(text);
            assert!(found.starts_with(message), "{text}: {found}");
            assert_eq!((remedy.as_deref(), at.as_str()), (help, place), "{text}");
        }
        let (message, _, place) = error("[rules]\ndead-link = \"fatal\"\n");
        assert_eq!(message, "`fatal` is not a level; expected `error`, `warning`, `info` or `off`");
        assert_eq!(place, "\"fatal\"");
    }
}
