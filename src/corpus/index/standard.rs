//! The standard that an index states: required sections, formatting guidelines, and what its template asks for.

use super::Template;
use crate::diagnostic::Location;
use crate::document::{Document, Heading, Item, parse, slug};
use crate::settings::{
    Fact, Guideline, GuidelineKind, HOUSE, Marker, Origin, RequiredKey, RequiredSection, Standard, TitleForm,
    ValueKind, section_id,
};
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
            origin: Origin::Index(Location { file, span: item.span }),
        })
        .collect();
    if sections.is_empty() {
        return None;
    }
    let (metadata, title_form) = template.map_or((Vec::new(), None), |template| template_demands(file, template));
    Some(Standard {
        name: HOUSE.to_string(),
        sections,
        ordered: true,
        metadata,
        title_form,
        warning_marker: guidelines.iter().find_map(warning_marker),
        guidelines,
        review_interval_days: None,
        origin: Origin::Index(Location { file, span: heading.span }),
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
    let origin = Origin::Index(Location { file, span: item.span });
    (!name.is_empty()).then(|| RequiredSection { id, name: name.to_string(), aliases: Vec::new(), origin })
}

/// The marker that a guideline asks for: "Mark dangerous commands with ⚠️ WARNING". It is a word in capitals, with the
/// signs before it.
fn warning_marker(guideline: &Guideline) -> Option<Marker> {
    if guideline.kind != Some(GuidelineKind::DangerMarkers) {
        return None;
    }
    let is_shouted =
        |word: &&str| word.chars().filter(|c| c.is_uppercase()).count() > 3 && !word.contains(char::is_lowercase);
    let mut words =
        guideline.text.split_whitespace().map(|word| word.trim_matches(['"', '\'', '`', '.', ',', '“', '”']));
    let mut signs = Vec::new();
    let word = words.find(|word| {
        let is_sign = !word.is_empty() && !word.contains(|c: char| c.is_alphanumeric() || c.is_ascii());
        if is_sign {
            signs.push(word.to_string());
        } else if !is_shouted(word) {
            signs.clear();
        }
        is_shouted(word)
    })?;
    signs.push(word.trim_end_matches(':').to_string());
    Some(Marker { text: signs.join(" "), origin: guideline.origin })
}

/// Metadata keys and title form of the template, each with its line in the index.
fn template_demands(file: FileId, template: &Template) -> (Vec<RequiredKey>, Option<TitleForm>) {
    let source = Source::new("template", template.text.as_str());
    let document = parse(&source);
    let place = |span: Span| Origin::Index(Location { file, span: template.place(&source, span) });
    let head_end =
        document.headings.iter().find(|heading| heading.level > 1).map_or(u32::MAX, |heading| heading.span.start);
    let keys = document.metadata.iter().filter(|line| line.span.start < head_end);
    let keys = keys.map(|line| RequiredKey {
        fact: Fact::of_key(&line.key).map(|(fact, _)| fact),
        name: line.key.clone(),
        aliases: Vec::new(),
        placeholder: line.value.clone(),
        kind: ValueKind::Text,
        values: Vec::new(),
        optional: false,
        origin: place(line.span),
    });
    let title = document.title_heading();
    let form = title.and_then(|title| TitleForm::of(&title.text, place(title.span)));
    (keys.collect(), form)
}
