//! The handbook as a whole: every document with its meaning, and the graph between them.
//!
//! Rules, reports and pages read from here; nothing writes to it.

mod address;
mod alias;
mod commands;
mod date;
mod duration;
mod index;
mod kinds;
mod links;
mod metadata;
mod order;
pub mod path;
mod sections;
mod steps;
mod warnings;
mod web;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::command::{Command, CommandBlock, Placeholder};
use crate::diagnostic::ConfigError;
use crate::document::{CodeBlock, Document, Heading};
use crate::settings::{DeclaredKind, RequiredSection, Settings, Standard, Sureness, section_ids};
use crate::source::{FileId, Source, Span};

pub use address::file_address;
pub use alias::{Alias, AliasFault, is_alias_key};
pub use date::{Interval, meant_date, parse_date, parse_interval};
pub use duration::{Duration, parse_duration, without_parentheticals};
pub use index::{
    Band, Category, Column, Contact, EntryLink, EscalationPath, Index, IndexRow, IndexTable, Priority, QuickCommands,
    Revision, Template, TemplateSection, priority_in, split_priorities, split_roles,
};
pub use kinds::{Kind, KindReason};
pub use links::{
    CaseMismatch, Change, DOCUMENT_ENDINGS, Facts, Fragment, History, INDEX_NAMES, KnownPaths, Target,
    strip_document_ending, unknown_targets,
};
pub use metadata::{Metadata, Value, read_metadata};
pub use order::longest_run;
pub use sections::{Section, is_scenario};
pub use steps::{Estimate, Numbered, Step, parent, parents, read_number, split_estimate, split_number};
pub use warnings::{Cover, Warning, WarningForm};
pub use web::{Answer, host_of, web_address, web_addresses};
pub use words::{Words, stated_change, words};

/// All documents of a root.
pub struct Corpus<'a> {
    pub sources: &'a [Source],
    pub settings: &'a Settings,
    pub facts: &'a Facts,
    /// In the order of `sources`.
    pub entries: Vec<Entry<'a>>,
    pub indexes: Vec<Index>,
    /// Those of the presets first, then those of the config, then those that indexes state.
    pub standards: Vec<Standard>,
    /// What the config says of the `house` standard and does not fit what an index states.
    pub config_error: Option<ConfigError>,
    pub known_paths: KnownPaths<'a>,
    /// How the documents that follow a standard use it, by its position in `standards`.
    followers: BTreeMap<usize, Followers>,
    /// Documents that link to a document, by the document linked to.
    pub linked_from: BTreeMap<FileId, BTreeSet<FileId>>,
    /// Whether most links to files of the handbook start with `/`, as some site generators want.
    pub links_are_absolute: bool,
}

/// Documents that follow a standard.
#[derive(Default)]
struct Followers {
    documents: usize,
    /// How many of them have a section, by its id.
    sections: BTreeMap<String, usize>,
}

/// With fewer documents that follow a preset, what they lack says nothing of the team.
const FEW_FOLLOWERS: usize = 3;

/// A document with its meaning.
pub struct Entry<'a> {
    pub file: FileId,
    pub document: Document<'a>,
    pub kind: Kind,
    /// Why it is of this kind and standard.
    pub reason: KindReason,
    /// Position in `Corpus::standards`.
    pub standard: Option<usize>,
    /// The title as people say it: front matter, else the first level-1 heading, else the file's name.
    pub title: String,
    /// One for each heading.
    pub sections: Vec<Section>,
    pub metadata: Metadata,
    pub steps: Vec<Step>,
    /// One for each heading: how long its section takes.
    pub estimates: Vec<Option<Estimate>>,
    /// One for each code block; empty for those that hold no commands.
    pub command_blocks: Vec<CommandBlock>,
    /// One for each block of hidden code. Rules look at what Markdown shows as code; these are listed only.
    pub hidden_commands: Vec<CommandBlock>,
    /// In the order of the file.
    pub warnings: Vec<Warning>,
    /// What the reader must fill in, in the order of the file: marks in the text of commands, and variables that the
    /// document never sets.
    pub placeholders: Vec<Placeholder>,
    /// One for each link.
    pub targets: Vec<Target>,
    pub case_mismatches: Vec<CaseMismatch>,
    /// Path of its page from the site's root.
    pub address: String,
    /// Other addresses from which its page is found, in the order of the file.
    pub aliases: Vec<Alias>,
}

impl<'a> Corpus<'a> {
    /// Puts the documents together. `documents` are those of `sources`, in the same order.
    pub fn build(
        sources: &'a [Source],
        documents: Vec<Document<'a>>,
        settings: &'a Settings,
        facts: &'a Facts,
    ) -> Self {
        let (targets, case_mismatches) = resolve_links(sources, &documents, settings, facts);
        let mut standards = settings.known_standards();
        let mut config_error = None;
        let mut indexes = Vec::new();
        for (file, (source, document)) in sources.iter().zip(&documents).enumerate() {
            let declared = settings.kind_of(&source.path).map(|(_, glob)| &glob.kind);
            let found = match declared {
                Some(DeclaredKind::Index) => Some(index::read(FileId::new(file), source, document, &targets[file])),
                None => index::read_index(FileId::new(file), source, document, &targets[file]),
                Some(_) => None,
            };
            let Some(mut index) = found else { continue };
            if let Some(stated) = index::read_standard(FileId::new(file), document, index.template.as_ref()) {
                match settings.house(stated) {
                    Ok(standard) => {
                        if let Some(template) = &mut index.template {
                            template.hold_to(&standard);
                        }
                        index.standard = Some(standards.len());
                        standards.push(standard);
                    }
                    Err(error) => config_error = config_error.or(Some(error)),
                }
            }
            indexes.push(index);
        }
        let classified = kinds::classify(sources, &documents, &indexes, &standards, settings);
        let linked_from = links::linked_from(&targets);
        let links_are_absolute = links::are_absolute(&documents, &targets);
        let addresses = address::addresses(sources);
        let mut read_blocks = commands::Reader::new(settings.packs());
        let mut aliases = alias::read(sources, &documents, &addresses, facts);
        let entries: Vec<Entry<'a>> = documents
            .into_iter()
            .zip(classified)
            .zip(targets.into_iter().zip(case_mismatches).zip(addresses))
            .enumerate()
            .map(|(file, ((mut document, classified), ((targets, case_mismatches), address)))| {
                let source = &sources[file];
                let estimates = steps::read_estimates(&document);
                let (command_blocks, hidden_commands) = read_blocks.read(source, &mut document);
                Entry {
                    aliases: aliases.remove(&FileId::new(file)).unwrap_or_default(),
                    address,
                    file: FileId::new(file),
                    kind: classified.kind,
                    reason: classified.reason,
                    standard: classified.standard,
                    title: title(source, &document),
                    metadata: read_metadata(source, &document),
                    steps: steps::read_steps(source, &document, &classified.sections, &estimates),
                    estimates,
                    sections: classified.sections,
                    placeholders: commands::placeholders(&command_blocks),
                    warnings: warnings::read_warnings(
                        &sources[file],
                        &document,
                        &command_blocks,
                        classified
                            .standard
                            .and_then(|standard| standards[standard].warning_marker.as_ref())
                            .map(|marker| marker.text.as_str()),
                    ),
                    command_blocks,
                    hidden_commands,
                    targets,
                    case_mismatches,
                    document,
                }
            })
            .collect();
        Corpus {
            followers: followers(&entries),
            known_paths: KnownPaths::new(sources, facts),
            sources,
            settings,
            facts,
            entries,
            indexes,
            standards,
            config_error,
            linked_from,
            links_are_absolute,
        }
    }

    /// The source of a file.
    pub fn source(&self, file: FileId) -> &'a Source {
        &self.sources[file.index()]
    }

    /// Whether a document is asked for a section. What a team or the document itself asks for is; of a preset that is only
    /// guessed, a section is not where few of those who follow it have it: the team does without.
    pub fn is_asked(&self, entry: &Entry<'_>, id: &str) -> bool {
        let Some(standard) = entry.standard else { return false };
        let is_guess = matches!(entry.reason, KindReason::FollowsPreset { .. } | KindReason::Company);
        if !is_guess || self.standards[standard].origin.is_own() {
            return true;
        }
        let (followers, users) = self
            .followers
            .get(&standard)
            .map_or((0, 0), |uses| (uses.documents, uses.sections.get(id).copied().unwrap_or(0)));
        followers < FEW_FOLLOWERS || users * 3 >= followers
    }

    /// The document of a file.
    pub fn entry(&self, file: FileId) -> &Entry<'a> {
        &self.entries[file.index()]
    }

    /// The standard that a document is held to.
    pub fn standard_of(&self, entry: &Entry<'_>) -> Option<&Standard> {
        entry.standard.map(|standard| &self.standards[standard])
    }

    /// The index that a file is.
    pub fn index_at(&self, file: FileId) -> Option<&Index> {
        self.indexes.iter().find(|index| index.file == file)
    }

    /// The rows that lead to a document, with their table and index.
    pub fn rows_of(&self, file: FileId) -> impl Iterator<Item = (&Index, &IndexTable, &IndexRow)> {
        let tables = self.indexes.iter().flat_map(|index| index.tables.iter().map(move |table| (index, table)));
        let rows = tables.flat_map(|(index, table)| table.rows.iter().map(move |row| (index, table, row)));
        rows.filter(move |(_, _, row)| row.link.file == Some(file))
    }

    /// What a row says in a column; `None` where the table has no such column or the cell is empty.
    pub fn row_value(&self, index: &Index, table: &IndexTable, row: &IndexRow, column: Column) -> Option<&str> {
        let node = &self.entry(index.file).document.tables[table.table];
        let position = node.header.iter().position(|header| Column::of(&header.text) == Some(column))?;
        node.rows[row.row].cells.get(position).map(|cell| cell.text.as_str()).filter(|text| !text.is_empty())
    }

    /// A runbook's value for a column of the index: its own, else that of the first row that has one.
    pub fn value_of(&self, entry: &Entry<'a>, column: Column) -> Option<String> {
        let own = entry.metadata_value(column).map(str::to_string);
        own.or_else(|| {
            let mut rows = self.rows_of(entry.file);
            rows.find_map(|(index, table, row)| self.row_value(index, table, row, column).map(str::to_string))
        })
    }

    /// The index that a document should be listed in: the nearest one in its folder or above.
    pub fn index_over(&self, file: FileId) -> Option<&Index> {
        let path = &self.source(file).path;
        let over =
            |index: &&Index| index.file != file && path::is_below(path, path::folder(&self.source(index.file).path));
        self.indexes.iter().filter(over).max_by_key(|index| path::folder(&self.source(index.file).path).len())
    }

    /// The literal secrets of a document.
    pub fn secrets_of(&self, file: FileId) -> Vec<&'a str> {
        let entry = self.entry(file);
        commands::secret_values(self.source(file), entry.command_blocks.iter().chain(&entry.hidden_commands))
    }

    /// A text about a document without the document's secrets.
    pub fn redacted<'t>(&self, file: FileId, text: &'t str) -> Cow<'t, str> {
        commands::redacted(&self.secrets_of(file), text)
    }

    /// The sources that hold secrets, with stars in their place.
    pub fn masked_sources(&self) -> BTreeMap<FileId, Source> {
        let of = |entry: &Entry<'_>| {
            let source = self.source(entry.file);
            let blocks = entry.command_blocks.iter().chain(&entry.hidden_commands);
            let secrets = blocks.flat_map(|block| &block.secrets).map(|secret| secret.span);
            let values = self.secrets_of(entry.file);
            let elsewhere = values.iter().flat_map(|value| source.text.match_indices(value));
            let elsewhere = elsewhere.map(|(at, value)| Span::new(at, at + value.len()));
            let spans: Vec<Span> = secrets.chain(elsewhere).collect();
            (!spans.is_empty()).then(|| (entry.file, source.masked(spans)))
        };
        self.entries.iter().filter_map(of).collect()
    }

    /// Number of runbooks.
    pub fn runbook_count(&self) -> usize {
        self.entries.iter().filter(|entry| entry.kind == Kind::Runbook).count()
    }
}

impl Entry<'_> {
    /// The runbook's own value for a column of the index.
    pub fn metadata_value(&self, column: Column) -> Option<&str> {
        let fact = column.fact()?;
        self.metadata.get(fact).map(|value| value.text.as_str())
    }

    /// All commands with the code block that they stand in.
    pub fn commands(&self) -> impl Iterator<Item = (&CodeBlock, &Command)> {
        let blocks = self.document.code_blocks.iter().zip(&self.command_blocks);
        blocks.flat_map(|(block, read)| read.commands.iter().map(move |command| (block, command)))
    }

    /// All commands, those of hidden code too, in the order of the file.
    pub fn listed_commands(&self) -> Vec<(&CodeBlock, &Command)> {
        let hidden = self.document.hidden_code.iter().zip(&self.hidden_commands);
        let hidden = hidden.flat_map(|(block, read)| read.commands.iter().map(move |command| (block, command)));
        let mut commands: Vec<_> = self.commands().chain(hidden).collect();
        commands.sort_by_key(|(_, command)| command.span.start);
        commands
    }

    /// Which warning covers a command of a block.
    pub fn cover_of(&self, block: &CodeBlock, command: &Command) -> Cover<'_> {
        warnings::cover(&self.document, &self.warnings, block.span, command)
    }

    /// Whether a section is there: under a heading, or under a bold label over a list or at the head,
    /// `**Verification Checklist**:`, which serves as well.
    pub fn has_section(&self, required: &RequiredSection) -> bool {
        let is_name = |(id, sureness): &(&str, Sureness)| *id == required.id && *sureness == Sureness::Name;
        let is_label = |text: &str| required.is_named(text) || section_ids(text).iter().any(is_name);
        let first = self.document.headings.iter().find(|heading| heading.level > 1);
        let head_end = first.map_or(u32::MAX, |heading| heading.span.start);
        let mut labels = self.document.metadata.iter();
        self.sections_named(&required.id).next().is_some()
            || labels.any(|label| {
                let stands_alone = label.value.is_empty() || label.span.start < head_end;
                stands_alone && is_label(&label.key)
            })
    }

    /// The headings that open a section.
    pub fn sections_named<'e>(&'e self, id: &'e str) -> impl Iterator<Item = &'e Heading> {
        let named = self.sections.iter().filter(move |section| section.id.as_deref() == Some(id));
        named.map(|section| &self.document.headings[section.heading])
    }
}

fn followers(entries: &[Entry<'_>]) -> BTreeMap<usize, Followers> {
    let mut followers: BTreeMap<usize, Followers> = BTreeMap::new();
    for entry in entries {
        let Some(standard) = entry.standard else { continue };
        let uses = followers.entry(standard).or_default();
        uses.documents += 1;
        let ids: BTreeSet<&String> = entry.sections.iter().filter_map(|section| section.id.as_ref()).collect();
        for id in ids {
            *uses.sections.entry(id.clone()).or_default() += 1;
        }
    }
    followers
}

/// The targets of all links, and those among them that are written in another case than the file's.
fn resolve_links(
    sources: &[Source],
    documents: &[Document<'_>],
    settings: &Settings,
    facts: &Facts,
) -> (Vec<Vec<Target>>, Vec<Vec<CaseMismatch>>) {
    let anchors: Vec<HashSet<&str>> = links::anchors(documents);
    let resolver = links::Resolver::new(sources, documents, &anchors, facts);
    let of = |(file, document): (usize, &Document<'_>)| {
        let path = &sources[file].path;
        let mut mismatches = Vec::new();
        let resolved = document.links.iter().enumerate().map(|(index, link)| {
            let resolved = resolver.resolve(FileId::new(file), path, link);
            mismatches.extend(resolved.other_case.map(|path| CaseMismatch { link: index, path }));
            match resolved.target {
                Target::Missing { path } if settings.is_planned(&path) => Target::Planned { path },
                target => target,
            }
        });
        (resolved.collect(), mismatches)
    };
    documents.iter().enumerate().map(of).unzip()
}

fn title(source: &Source, document: &Document<'_>) -> String {
    let front_matter =
        document.front_matter.as_ref().and_then(|block| block.get("title")).map(|entry| entry.value.clone());
    let heading = document.title_heading().map(|heading| heading.text.clone());
    let usable = |title: &String| !title.trim().is_empty();
    front_matter.filter(usable).or(heading.filter(usable)).unwrap_or_else(|| title_from_path(&source.path))
}

/// `ops/disk-full.md` → `Disk full`; a folder's own page takes the folder's name.
fn title_from_path(path: &str) -> String {
    let stem = strip_document_ending(path).unwrap_or(path);
    let is_own_page = INDEX_NAMES.iter().any(|name| name.eq_ignore_ascii_case(path::file_name(stem)));
    let name = match (is_own_page, path::folder(stem)) {
        (true, "") => "Home",
        (true, folder) => path::file_name(folder),
        (false, _) => path::file_name(stem),
    };
    let words = name.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map_or(words.clone(), |first| first.to_uppercase().chain(chars).collect())
}
