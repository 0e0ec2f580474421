//! The parsed model as JSON. Its names are a contract: others rely on them. Paths are from the root, lines from 1.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::corpus::{Corpus, Cover, Duration, Entry, Fragment, Index, Kind, Target};
use crate::settings::{Fact, Origin};
use crate::source::{FileId, Source, Span};

/// The documents of a corpus and its indexes.
#[derive(Serialize)]
pub struct Inspection {
    pub schema_version: u32,
    /// Those that are asked for, in the order of their paths.
    pub documents: Vec<Json>,
    pub indexes: Vec<Json>,
}

/// Describes the documents that `wanted` names by path, all where it is `None`, and the indexes among them.
pub fn inspect(corpus: &Corpus<'_>, wanted: Option<&[String]>) -> Inspection {
    let is_wanted = |file: FileId| wanted.is_none_or(|paths| paths.contains(&corpus.source(file).path));
    let entries = corpus.entries.iter().filter(|entry| is_wanted(entry.file));
    let indexes = corpus.indexes.iter().filter(|index| is_wanted(index.file));
    Inspection {
        schema_version: 1,
        documents: entries.map(|entry| Json::Object(document(corpus, entry))).collect(),
        indexes: indexes.map(|index| index_json(corpus, index)).collect(),
    }
}

/// One document; pages and reports add what they know beyond the model.
pub fn document(corpus: &Corpus<'_>, entry: &Entry<'_>) -> Map<String, Json> {
    let source = corpus.source(entry.file);
    let line = |span: Span| source.position(span.start).line;
    let kind = match entry.kind {
        Kind::Runbook => "runbook",
        Kind::Index => "index",
        Kind::Page => "page",
    };
    let sections = entry.sections.iter().map(|section| {
        let heading = &entry.document.headings[section.heading];
        let mut json = json!({
            "id": section.id,
            "heading": heading.text,
            "level": heading.level,
            "line": line(heading.span),
            "anchor": heading.anchor,
        });
        if section.inferred {
            json["inferred"] = Json::Bool(true);
        }
        json
    });
    let steps = entry.steps.iter().map(|step| {
        json!({
            "number": step.number,
            "title": step.title,
            "line": line(step.span),
            "anchor": step.anchor,
            "min_minutes": step.estimate.as_ref().and_then(|estimate| estimate.duration.min_minutes),
            "max_minutes": step.estimate.as_ref().and_then(|estimate| estimate.duration.max_minutes),
        })
    });
    let commands = entry.listed_commands().into_iter().map(|(block, command)| {
        let end = Span { start: command.span.end.saturating_sub(1).max(command.span.start), ..command.span };
        json!({
            "line": line(command.span),
            "end_line": line(end),
            "language": block.language,
            "text": command.text,
            "program": command.program,
            "risk": command.risk.name(),
            "reason": Some(&command.reason).filter(|reason| !reason.is_empty()),
            "pack": command.pack,
            "guess": command.guess,
            "marked": matches!(entry.cover_of(block, command), Cover::Covered(_)),
        })
    });
    let placeholders = entry
        .placeholders
        .iter()
        .map(|placeholder| json!({ "name": placeholder.name, "line": line(placeholder.span) }));
    let links = entry
        .document
        .links
        .iter()
        .zip(&entry.targets)
        .map(|(link, target)| json!({ "line": line(link.span), "target": link.target, "status": status(target) }));
    let pairs = [
        ("path", json!(source.path)),
        ("kind", json!(kind)),
        ("standard", json!(corpus.standard_of(entry).map(|standard| &standard.name))),
        ("title", json!(entry.title)),
        ("metadata", metadata(source, entry)),
        ("sections", sections.collect()),
        ("steps", steps.collect()),
        ("commands", commands.collect()),
        ("placeholders", placeholders.collect()),
        ("links", links.collect()),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_string(), value)).collect()
}

fn metadata(source: &Source, entry: &Entry<'_>) -> Json {
    let facts = entry.metadata.iter().map(|(fact, value)| {
        let mut json = json!({ "value": value.text, "line": source.position(value.span.start).line });
        if fact == Fact::EstimatedTime
            && let Some(Duration { min_minutes, max_minutes, per, varies }) = value.duration()
        {
            json["min_minutes"] = json!(min_minutes);
            json["max_minutes"] = json!(max_minutes);
            if let Some(per) = per {
                json["per"] = json!(per);
            }
            if varies {
                json["varies"] = json!(true);
            }
        }
        (fact.id().to_string(), json)
    });
    Json::Object(facts.collect())
}

fn status(target: &Target) -> &'static str {
    match target {
        Target::Document { fragment: Fragment::Missing(_), .. } | Target::Missing { .. } => "dead",
        Target::Outside { exists: false, .. } => "dead",
        Target::Document { .. } | Target::File { .. } | Target::Outside { exists: true, .. } => "ok",
        Target::Planned { .. } => "planned",
        Target::External => "external",
        Target::Unchecked => "unchecked",
    }
}

fn index_json(corpus: &Corpus<'_>, index: &Index) -> Json {
    let source = corpus.source(index.file);
    let document = &corpus.entry(index.file).document;
    let line = |span: Span| source.position(span.start).line;
    let tables = index.tables.iter().map(|table| {
        let node = &document.tables[table.table];
        let rows = table.rows.iter().map(|row| {
            let cells = &node.rows[row.row];
            let mut json = json!({ "line": line(cells.span), "target": document.links[row.link.link].target });
            for (header, cell) in node.header.iter().zip(&cells.cells) {
                if let Some(key) = column_key(&header.text) {
                    json[key] = json!(cell.text);
                }
            }
            json
        });
        json!({ "heading": table.heading, "line": line(node.span), "rows": rows.collect::<Json>() })
    });
    let categories = index.categories.iter().map(|category| {
        let entries = category.entries.iter().map(|entry| {
            let target = entry.link.map(|link| &document.links[link].target);
            json!({ "name": entry.name, "line": line(entry.span), "target": target })
        });
        json!({ "heading": category.heading, "line": line(category.span), "entries": entries.collect::<Json>() })
    });
    let priorities = index.priorities.iter().map(|priority| {
        json!({
            "name": priority.name,
            "response_minutes": priority.response_minutes,
            "examples": priority.examples,
            "line": line(priority.span),
        })
    });
    let escalation = index.escalation.iter().map(|path| {
        let bands = path.bands.iter().map(|band| {
            json!({
                "from_minutes": band.from_minutes,
                "to_minutes": band.to_minutes,
                "roles": band.roles,
                "line": line(band.span),
            })
        });
        json!({ "priority": path.priority, "bands": bands.collect::<Json>() })
    });
    let contacts = index.contacts.iter().map(|contact| {
        json!({
            "role": contact.role,
            "primary": contact.primary,
            "backup": contact.backup,
            "method": contact.method,
            "line": line(contact.span),
        })
    });
    let revisions = index
        .revisions
        .iter()
        .map(|revision| json!({ "version": revision.version, "date": revision.date, "line": line(revision.span) }));
    let quick_commands = index.quick_commands.iter().map(|group| {
        let blocks = group.blocks.iter().map(|block| {
            let block = &document.code_blocks[*block];
            json!({ "line": line(block.span), "language": block.language, "text": block.text })
        });
        json!({ "heading": group.heading, "line": line(group.span), "blocks": blocks.collect::<Json>() })
    });
    let targets = &corpus.entry(index.file).targets;
    let related = index.related.iter().map(|link| {
        let (link, target) = (&document.links[*link], &targets[*link]);
        json!({ "text": link.text, "line": line(link.span), "target": link.target, "status": status(target) })
    });
    json!({
        "path": source.path,
        "standard": standard(corpus, index),
        "tables": tables.collect::<Json>(),
        "categories": categories.collect::<Json>(),
        "priorities": priorities.collect::<Json>(),
        "escalation": escalation.collect::<Json>(),
        "contacts": contacts.collect::<Json>(),
        "revisions": revisions.collect::<Json>(),
        "quick_commands": quick_commands.collect::<Json>(),
        "related": related.collect::<Json>(),
    })
}

/// What the index asks of its runbooks, each with the line that asks.
fn standard(corpus: &Corpus<'_>, index: &Index) -> Json {
    let Some(standard) = index.standard.map(|standard| &corpus.standards[standard]) else { return Json::Null };
    let line = |origin: Origin| {
        let place = origin.location();
        place.map(|place| corpus.source(place.file).position(place.span.start).line)
    };
    let sections = standard
        .sections
        .iter()
        .map(|section| json!({ "id": section.id, "name": section.name, "line": line(section.origin) }));
    let metadata = standard
        .metadata
        .iter()
        .map(|key| json!({ "key": key.fact.map(Fact::id), "name": key.name, "line": line(key.origin) }));
    let guidelines =
        standard.guidelines.iter().map(|guideline| json!({ "text": guideline.text, "line": line(guideline.origin) }));
    let title = standard.title_form.as_ref().map(|form| json!({ "prefix": form.prefix, "line": line(form.origin) }));
    let marker = standard.warning_marker.as_ref();
    let marker = marker.map(|marker| json!({ "text": marker.text, "line": line(marker.origin) }));
    json!({
        "name": standard.name,
        "line": line(standard.origin),
        "sections": sections.collect::<Json>(),
        "metadata": metadata.collect::<Json>(),
        "title_form": title,
        "guidelines": guidelines.collect::<Json>(),
        "warning_marker": marker,
    })
}

fn column_key(header: &str) -> Option<&'static str> {
    use crate::corpus::Column;
    Some(match Column::of(header)? {
        Column::Scenario => "scenario",
        Column::Runbook => return None,
        Column::EstimatedTime => "estimated_time",
        Column::ApprovalRequired => "approval_required",
        Column::Priority => "priority",
        Column::Owner => "owner",
    })
}
