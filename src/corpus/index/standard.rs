//! The standard that an index states: required sections, formatting guidelines, and what its template asks for.

use super::Template;
use crate::diagnostic::Location;
use crate::document::{Document, Heading, Item, parse, slug};
use crate::settings::{Fact, Guideline, GuidelineKind, RequiredKey, RequiredSection, Standard, TitleForm, section_id};
use crate::source::{FileId, Source, Span};

/// Headings under which an index lists the sections that its runbooks must have.
const SECTIONS: [&str; 6] = [
    "required sections",
    "mandatory sections",
    "required headings",
    "required runbook sections",
    "runbook sections",
    "runbook structure",
];

/// Headings under which it lists how runbooks are written.
const GUIDELINES: [&str; 6] =
    ["formatting guidelines", "guidelines", "formatting", "writing guidelines", "style guidelines", "formatting rules"];

/// The standard that an index states in a "Required Sections" list.
pub fn read_standard(file: FileId, document: &Document<'_>, template: Option<&Template>) -> Option<Standard> {
    let heading = heading_named(document, &SECTIONS)?;
    let sections: Vec<RequiredSection> =
        items_under(document, heading).filter_map(|item| required_section(file, item)).collect();
    let guidelines: Vec<Guideline> = heading_named(document, &GUIDELINES)
        .into_iter()
        .flat_map(|heading| items_under(document, heading))
        .map(|item| Guideline {
            kind: GuidelineKind::of(&item.text),
            text: item.text.clone(),
            origin: Location { file, span: first_line(item) },
        })
        .collect();
    if sections.is_empty() {
        return None;
    }
    let (metadata, title_form) = template.map_or((Vec::new(), None), |template| template_demands(file, template));
    Some(Standard {
        name: "house".to_string(),
        sections,
        metadata,
        title_form,
        guidelines,
        origin: Some(Location { file, span: heading.span }),
    })
}

fn heading_named<'d>(document: &'d Document<'_>, names: &[&str]) -> Option<&'d Heading> {
    document
        .headings
        .iter()
        .find(|heading| names.iter().any(|known| heading.text.trim().trim_end_matches(':').eq_ignore_ascii_case(known)))
}

fn items_under<'d>(document: &'d Document<'_>, heading: &Heading) -> impl Iterator<Item = &'d Item> {
    let under = document.section_span(heading);
    document.items.iter().filter(move |item| item.depth == 0 && under.contains(item.span))
}

fn required_section(file: FileId, item: &Item) -> Option<RequiredSection> {
    let name = item.lead.as_deref().unwrap_or_else(|| item.text.split([':', '–', '—']).next().unwrap_or_default());
    let name = name.trim().trim_end_matches(':');
    let id = section_id(name).map_or_else(|| slug(name), str::to_string);
    let origin = Some(Location { file, span: first_line(item) });
    (!name.is_empty()).then(|| RequiredSection { id, name: name.to_string(), origin })
}

fn first_line(item: &Item) -> Span {
    item.span
}

/// Metadata keys and title form of the template, each with its line in the index.
fn template_demands(file: FileId, template: &Template) -> (Vec<RequiredKey>, Option<TitleForm>) {
    let source = Source::new("template", template.text.as_str());
    let document = parse(&source);
    let place = |span: Span| Location { file, span: template.place(&source, span) };
    let head_end =
        document.headings.iter().find(|heading| heading.level > 1).map_or(u32::MAX, |heading| heading.span.start);
    let keys = document.metadata.iter().filter(|line| line.span.start < head_end);
    let keys = keys.map(|line| RequiredKey {
        fact: Fact::of_key(&line.key).map(|(fact, _)| fact),
        name: line.key.clone(),
        placeholder: line.value.clone(),
        origin: Some(place(line.span)),
    });
    let title = document.title_heading();
    let form = title.and_then(|title| {
        let prefix = title.text.split(['[', '<', '{']).next().unwrap_or_default();
        (prefix.len() < title.text.len() && prefix.contains(|c: char| c.is_alphanumeric()))
            .then(|| TitleForm { prefix: prefix.to_string(), origin: place(title.span) })
    });
    (keys.collect(), form)
}
