//! `runbook-site config`: what holds for the documents, and who says so.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::terminal::Terminal;
use super::{CLEAN, Common};
use crate::corpus::{Corpus, Entry, Kind, KindReason};
use crate::report::{count, plain};
use crate::rules;
use crate::settings::{LevelSetting, Origin, RuleSetting, Standard};
use crate::workspace::Workspace;

/// Show which standard and rules hold for documents, and who says so
#[derive(Args)]
pub struct Options {
    /// Files or folders to explain; the whole root is read for context
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How it is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output_format: Format,
    /// Print the JSON schema of runbook-site.toml instead, for editors
    #[arg(long)]
    schema: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What holds. Places are `path:line`, or `preset`.
#[derive(Serialize)]
struct View {
    /// The config, then those that it extends.
    configs: Vec<String>,
    root: String,
    documents: Vec<DocumentView>,
    /// Those that documents are held to, and those that indexes among them state.
    standards: Vec<StandardView>,
    /// What the config says of the site.
    site: Vec<SiteView>,
    /// Rules that the config changes.
    rules: Vec<RuleView>,
}

#[derive(Serialize)]
struct SiteView {
    /// As in the config: `base-url`, `colors.accent`.
    key: String,
    value: String,
    place: String,
}

#[derive(Serialize)]
struct DocumentView {
    path: String,
    kind: &'static str,
    standard: Option<String>,
    because: String,
    /// Globs of the overrides that concern it.
    overrides: Vec<String>,
}

#[derive(Serialize)]
struct StandardView {
    name: String,
    place: String,
    documents: usize,
    ordered: bool,
    sections: Vec<Asked>,
    metadata: Vec<Asked>,
    title: Option<Asked>,
    warning_marker: Option<Asked>,
    review_interval_days: Option<u16>,
    guidelines: Vec<GuidelineView>,
}

/// Something that the standard asks for.
#[derive(Serialize)]
struct Asked {
    name: String,
    place: String,
    #[serde(skip_serializing_if = "is_false")]
    optional: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
}

fn is_false(value: &bool) -> bool {
    !value
}

#[derive(Serialize)]
struct GuidelineView {
    text: String,
    place: String,
    /// Rules that hold runbooks to it; none enforces it where this is empty.
    rules: Vec<&'static str>,
}

#[derive(Serialize)]
struct RuleView {
    name: String,
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<String>,
    /// Globs of the documents where it holds; empty for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<String>,
    place: String,
}

pub fn run(options: &Options, common: &Common, terminal: &Terminal) -> u8 {
    if options.schema {
        terminal.print(&(serde_json::to_string_pretty(&rules::config_schema()).unwrap_or_default() + "\n"));
        return CLEAN;
    }
    let workspace = match super::open(&options.paths, common, terminal) {
        Ok(workspace) => workspace,
        Err(code) => return code,
    };
    let view = match workspace.with_corpus(|corpus| Viewer { workspace: &workspace, corpus, terminal }.view()) {
        Ok(view) => view,
        Err(error) => return super::failed(&error, terminal),
    };
    match options.output_format {
        Format::Text => terminal.print(&text(&view, workspace.named.is_some())),
        // Only maps with keys that are no strings fail to serialise, and there are none.
        Format::Json => terminal.print(&(serde_json::to_string_pretty(&view).unwrap_or_default() + "\n")),
    }
    CLEAN
}

/// The documents of a handbook, counted by what they are and why.
pub fn groups(workspace: &Workspace, corpus: &Corpus<'_>, terminal: &Terminal) -> String {
    let viewer = Viewer { workspace, corpus, terminal };
    let all: Vec<DocumentView> = corpus.entries.iter().map(|entry| viewer.document(entry)).collect();
    documents(&all, false)
}

struct Viewer<'v> {
    workspace: &'v Workspace,
    corpus: &'v Corpus<'v>,
    terminal: &'v Terminal,
}

impl Viewer<'_> {
    fn view(&self) -> View {
        let named = self.workspace.named.as_ref();
        let is_named =
            |entry: &&Entry<'_>| named.is_none_or(|named| named.contains(&self.corpus.source(entry.file).path));
        let entries: Vec<&Entry<'_>> = self.corpus.entries.iter().filter(is_named).collect();
        let mut held: BTreeMap<usize, usize> = BTreeMap::new();
        for standard in entries.iter().filter_map(|entry| entry.standard) {
            *held.entry(standard).or_default() += 1;
        }
        // A standard that an index states is worth showing before the first runbook is written.
        let stated = entries.iter().filter_map(|entry| self.corpus.index_at(entry.file)?.standard);
        stated.for_each(|standard| *held.entry(standard).or_default() += 0);
        let standards = held.iter().map(|(at, documents)| self.standard(&self.corpus.standards[*at], *documents));
        View {
            configs: self.workspace.configs.iter().map(|config| self.terminal.path(&config.path)).collect(),
            root: self.terminal.path(&self.workspace.root),
            documents: entries.iter().map(|entry| self.document(entry)).collect(),
            standards: standards.collect(),
            site: self.site(),
            rules: self.rules(),
        }
    }

    fn document(&self, entry: &Entry<'_>) -> DocumentView {
        let path = &self.corpus.source(entry.file).path;
        let overrides = self.corpus.settings.overrides_of(path).into_iter();
        DocumentView {
            path: self.terminal.path(&self.workspace.root.join(path)),
            kind: kind_name(entry.kind),
            standard: self.corpus.standard_of(entry).map(|standard| standard.name.clone()),
            because: self.because(entry),
            overrides: overrides.map(|at| self.corpus.settings.overrides[at].patterns.join(", ")).collect(),
        }
    }

    fn because(&self, entry: &Entry<'_>) -> String {
        match &entry.reason {
            KindReason::Config(at) => {
                let glob = &self.corpus.settings.kinds[*at];
                format!("{}:{} says so of `{}`", self.config_path(glob.file), glob.line, glob.pattern)
            }
            KindReason::FrontMatter => "`kind` in its front matter says so".to_string(),
            KindReason::LeadsToDocuments => "its tables or lists lead to other documents".to_string(),
            KindReason::Governed(index) => {
                let standard = self.corpus.index_at(*index).and_then(|index| index.standard);
                let origin = standard.map_or(Origin::Preset, |at| self.corpus.standards[at].origin);
                format!("{} states a standard for its folder", self.place(origin))
            }
            KindReason::FollowsPreset { present, of } => format!("it has {present} of the {of} sections"),
            KindReason::Company => "most documents of its folder follow the preset".to_string(),
            KindReason::Nothing => "nothing says that it is a runbook".to_string(),
        }
    }

    fn standard(&self, standard: &Standard, documents: usize) -> StandardView {
        let asked = |name: &str, origin: Origin| Asked {
            name: name.to_string(),
            place: self.place(origin),
            optional: false,
            aliases: Vec::new(),
            values: Vec::new(),
        };
        let sections = standard
            .sections
            .iter()
            .map(|section| Asked { aliases: section.aliases.clone(), ..asked(&section.name, section.origin) });
        let metadata = standard.metadata.iter().map(|key| Asked {
            optional: key.optional,
            aliases: key.aliases.clone(),
            values: key.values.clone(),
            ..asked(&key.name, key.origin)
        });
        let guidelines = standard.guidelines.iter().map(|guideline| GuidelineView {
            text: guideline.text.clone(),
            place: self.place(guideline.origin),
            rules: guideline.kind.map_or(Vec::new(), rules::enforcing),
        });
        StandardView {
            name: standard.name.clone(),
            place: self.place(standard.origin),
            documents,
            ordered: standard.ordered,
            sections: sections.collect(),
            metadata: metadata.collect(),
            title: standard.title_form.as_ref().map(|form| asked(&form.prefix, form.origin)),
            warning_marker: standard.warning_marker.as_ref().map(|marker| asked(&marker.text, marker.origin)),
            review_interval_days: standard.review_interval_days,
            guidelines: guidelines.collect(),
        }
    }

    fn site(&self) -> Vec<SiteView> {
        let site = &self.corpus.settings.site;
        let texts = [
            ("title", &site.title),
            ("subtitle", &site.subtitle),
            ("footer", &site.footer),
            ("language", &site.language),
            ("base-url", &site.base_url),
            ("repository", &site.repository),
            ("edit", &site.edit),
        ];
        let texts = texts.into_iter().filter_map(|(key, value)| {
            let place = site.places.get(key)?;
            Some((key.to_string(), value.clone()?, self.config_place(place.file, place.offset)))
        });
        let single = [("theme", &site.theme), ("logo", &site.logo), ("icon", &site.icon)];
        let single = single.into_iter().filter_map(|(key, path)| Some((key, path.as_ref()?)));
        let paths = single.chain(site.css.iter().map(|path| ("css", path)));
        let paths = paths
            .map(|(key, path)| (key.to_string(), path.path.clone(), self.config_place(path.file, path.span.start)));
        let colors = site.colors.named().map(|(name, color)| {
            let schemes = [("light", color.colors.light), ("dark", color.colors.dark)];
            let stated = schemes.into_iter().filter_map(|(scheme, colour)| Some(format!("{} {scheme}", colour?)));
            let value = stated.collect::<Vec<_>>().join(", ");
            (format!("colors.{name}"), value, self.config_place(color.file, color.span.start))
        });
        texts.chain(paths).chain(colors).map(|(key, value, place)| SiteView { key, value, place }).collect()
    }

    fn rules(&self) -> Vec<RuleView> {
        let settings = self.corpus.settings;
        let everywhere = settings.rules.iter().map(|(name, setting)| self.rule(name, setting, &[]));
        let somewhere = settings.overrides.iter().flat_map(|over| {
            over.rules.iter().map(|(name, setting)| self.rule(name, setting, &over.patterns)).collect::<Vec<_>>()
        });
        everywhere.chain(somewhere).collect()
    }

    fn rule(&self, name: &str, setting: &RuleSetting, files: &[String]) -> RuleView {
        RuleView {
            name: name.to_string(),
            level: setting.level.map(|level| match level {
                LevelSetting::Off => "off",
                LevelSetting::At(level) => level.name(),
            }),
            options: setting.options.iter().map(|(key, value)| format!("{key} = {value}")).collect(),
            files: files.to_vec(),
            place: self.config_place(setting.file, setting.name_span.start),
        }
    }

    fn place(&self, origin: Origin) -> String {
        match origin {
            Origin::Preset => "preset".to_string(),
            Origin::Index(location) => {
                let source = self.corpus.source(location.file);
                let path = self.terminal.path(&self.workspace.root.join(&source.path));
                format!("{path}:{}", source.position(location.span.start).line)
            }
            Origin::Config { file, offset } => self.config_place(file, offset),
        }
    }

    fn config_place(&self, file: usize, offset: usize) -> String {
        let text = self.workspace.configs.get(file).and_then(|config| config.text.get(..offset));
        let line = text.map_or(1, |before| before.matches('\n').count() + 1);
        format!("{}:{line}", self.config_path(file))
    }

    fn config_path(&self, file: usize) -> String {
        self.workspace.configs.get(file).map_or(String::new(), |config| self.terminal.path(&config.path))
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Runbook => "runbook",
        Kind::Index => "index",
        Kind::Page => "page",
    }
}

/// For people: documents one by one where they were named, else counted by what they are.
fn text(view: &View, each: bool) -> String {
    let mut text = String::new();
    let mut line =
        |label: &str, value: &str| text.push_str(format!("{label:<10}{}\n", plain(value)).trim_start_matches('\n'));
    match view.configs.split_first() {
        None => line("config", "none: all has its default"),
        Some((own, bases)) => {
            line("config", own);
            bases.iter().for_each(|base| line("extends", base));
        }
    }
    line("root", &view.root);
    line("documents", &view.documents.len().to_string());
    text.push('\n');
    text.push_str(&documents(&view.documents, each));
    for standard in &view.standards {
        text.push('\n');
        text.push_str(&standard_text(standard));
    }
    text.push_str(&site_text(&view.site));
    text.push('\n');
    text.push_str(&rules_text(&view.rules));
    text
}

fn documents(documents: &[DocumentView], each: bool) -> String {
    let what = |document: &DocumentView| match &document.standard {
        Some(standard) => format!("{} of the standard `{standard}`", document.kind),
        None => document.kind.to_string(),
    };
    if each {
        let lines = documents.iter().map(|document| {
            let overrides = match document.overrides.is_empty() {
                true => String::new(),
                false => format!("  overrides for {}\n", document.overrides.join("; ")),
            };
            format!("{}\n  {}: {}\n{overrides}", document.path, what(document), document.because)
        });
        return lines.collect();
    }
    let mut groups: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for document in documents {
        *groups.entry((what(document), document.because.as_str())).or_default() += 1;
    }
    groups.iter().map(|((what, because), number)| format!("{number:>6}  {what}: {because}\n")).collect()
}

fn standard_text(standard: &StandardView) -> String {
    let mut text =
        format!("standard `{}` ({}), {}\n", standard.name, standard.place, count(standard.documents, "document"));
    let order = if standard.ordered { "in this order" } else { "in any order" };
    text.push_str(&list(&format!("  sections, {order}"), &standard.sections));
    text.push_str(&list("  metadata", &standard.metadata));
    text.push_str(&list("  titles begin with", standard.title.as_slice()));
    text.push_str(&list("  dangerous commands are marked", standard.warning_marker.as_slice()));
    if let Some(days) = standard.review_interval_days {
        text.push_str(&format!("  reviewed every {days} days\n"));
    }
    if !standard.guidelines.is_empty() {
        text.push_str("  guidelines\n");
    }
    for guideline in &standard.guidelines {
        let rules = match guideline.rules.is_empty() {
            true => "no rule enforces it".to_string(),
            false => guideline.rules.join(", "),
        };
        text.push_str(&format!("    {}\n      {}: {rules}\n", plain(&guideline.text), guideline.place));
    }
    text
}

fn list(label: &str, asked: &[Asked]) -> String {
    if asked.is_empty() {
        return String::new();
    }
    let width = asked.iter().map(|one| one.name.chars().count()).max().unwrap_or(0);
    let lines = asked.iter().map(|one| {
        let mut more = String::new();
        if one.optional {
            more.push_str(", optional");
        }
        for (label, values) in [("also", &one.aliases), ("one of", &one.values)] {
            if !values.is_empty() {
                more.push_str(&format!(", {label} {}", values.join(", ")));
            }
        }
        format!("    {:width$}  {}{}\n", plain(one.name.trim_end()), one.place, plain(&more))
    });
    format!("{label}\n{}", lines.collect::<String>())
}

fn site_text(site: &[SiteView]) -> String {
    let width = site.iter().map(|one| one.key.len()).max().unwrap_or(0);
    let lines = site.iter().map(|one| format!("  {:width$}  {}  {}\n", one.key, plain(&one.value), one.place));
    if site.is_empty() { String::new() } else { format!("\nsite\n{}", lines.collect::<String>()) }
}

fn rules_text(changed: &[RuleView]) -> String {
    let others = match changed.is_empty() {
        true => "all rules are at their defaults; `runbook-site rules` lists them\n",
        false => "rules that the config changes; `runbook-site rules` lists all\n",
    };
    let lines = changed.iter().map(|rule| {
        let what: Vec<String> =
            rule.level.iter().map(|level| level.to_string()).chain(rule.options.iter().cloned()).collect();
        let files = if rule.files.is_empty() { String::new() } else { format!(" for {}", rule.files.join(", ")) };
        format!("  {}: {}{files}  ({})\n", rule.name, plain(&what.join(", ")), rule.place)
    });
    format!("{others}{}", lines.collect::<String>())
}
