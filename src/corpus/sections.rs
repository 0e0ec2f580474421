//! Which section each heading of a document opens.

use crate::document::{Document, Heading};
use crate::settings::{Standard, section_id};

/// A heading with the section that it opens.
#[derive(Debug)]
pub struct Section {
    /// Index in `Document::headings`.
    pub heading: usize,
    /// Known id, id of the team's own section, or `None` where the heading opens none of the standard's.
    pub id: Option<String>,
    /// Whether it is the procedure because it holds the numbered steps, not by its name.
    pub inferred: bool,
}

/// The sections that a procedure has. More telling names come first: "Rollback procedure" is Rollback.
const PROCEDURE_IDS: [&str; 6] = ["purpose", "prerequisites", "rollback", "verification", "post-incident", "procedure"];

/// Names the sections of a document by a standard, or by the six of a procedure where it follows none.
pub fn name_sections(document: &Document<'_>, standard: Option<&Standard>) -> Vec<Section> {
    let own_title = document.title_heading().map(|title| title.span);
    let mut sections: Vec<Section> = document
        .headings
        .iter()
        .enumerate()
        .map(|(index, heading)| {
            // The title names the document, not a section.
            let id = if Some(heading.span) == own_title { None } else { named(&heading.text, standard) };
            Section { heading: index, id, inferred: false }
        })
        .collect();
    let wants_procedure =
        standard.is_none_or(|standard| standard.sections.iter().any(|section| section.id == "procedure"));
    if wants_procedure && !sections.iter().any(|section| section.id.as_deref() == Some("procedure")) {
        for index in inferred_procedures(document, &sections) {
            sections[index].id = Some("procedure".to_string());
            sections[index].inferred = true;
        }
    }
    sections
}

fn named(heading: &str, standard: Option<&Standard>) -> Option<String> {
    let Some(standard) = standard else {
        return section_id(heading, &PROCEDURE_IDS).map(str::to_string);
    };
    // A team's own name goes before what other teams mean by the word.
    let own = standard.sections.iter().find(|section| section.name.eq_ignore_ascii_case(heading.trim()));
    if let Some(section) = own {
        return Some(section.id.clone());
    }
    let order = |id: &str| PROCEDURE_IDS.iter().position(|known| *known == id);
    let known = crate::settings::section_kinds();
    let mut allowed: Vec<&'static str> = known
        .iter()
        .map(|kind| kind.id.as_str())
        .filter(|id| standard.sections.iter().any(|section| section.id == *id))
        .collect();
    allowed.sort_by_key(|id| order(id));
    section_id(heading, &allowed).map(str::to_string)
}

/// Without a section of that name, the procedure is a run of scenarios, or whatever section holds the numbered steps.
fn inferred_procedures(document: &Document<'_>, sections: &[Section]) -> Vec<usize> {
    let free = |index: &usize| sections[*index].id.is_none() && document.headings[*index].level > 1;
    let scenarios: Vec<usize> = (0..document.headings.len())
        .filter(free)
        .filter(|index| {
            is_scenario(&document.headings[*index].text) && holds_steps(document, &document.headings[*index])
        })
        .collect();
    if !scenarios.is_empty() {
        return scenarios;
    }
    let with_steps = (0..document.headings.len()).filter(free).find(|index| {
        let heading = &document.headings[*index];
        heading.level == 2 && holds_steps(document, heading)
    });
    if let Some(index) = with_steps {
        return vec![index];
    }
    // Steps may be the H2 themselves.
    (0..document.headings.len())
        .filter(free)
        .find(|index| is_step(&document.headings[*index].text))
        .into_iter()
        .collect()
}

fn is_scenario(text: &str) -> bool {
    let text = text.to_lowercase();
    ["scenario", "case", "option", "method", "procedure"].iter().any(|word| text.starts_with(word))
}

/// `Step 1: …`, `1. …`, `2) …`
pub fn is_step(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let after_word = text.get(..4).filter(|word| word.eq_ignore_ascii_case("step")).map(|_| text[4..].trim_start());
    let number = after_word.unwrap_or(text);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && digits < 3 && (after_word.is_some() || number[digits..].starts_with(['.', ')', ':']))
}

fn holds_steps(document: &Document<'_>, heading: &Heading) -> bool {
    let span = document.section_span(heading);
    let step_heading = document.headings.iter().any(|inner| span.contains(inner.span) && is_step(&inner.text));
    step_heading
        || document.items.iter().filter(|item| item.ordered && item.depth == 0 && span.contains(item.span)).count() > 1
}
