//! Which section each heading of a document opens.

use super::steps::split_number;
use crate::document::{Document, Heading};
use crate::settings::{RequiredSection, Standard, Sureness, is_other_section, is_weak_name, section_ids};

/// A heading with the section that it opens.
#[derive(Debug)]
pub struct Section {
    /// Index in `Document::headings`.
    pub heading: usize,
    /// Known id, id of the team's own section, or `None` where the heading opens none of the standard's.
    pub id: Option<String>,
    /// Whether it is the procedure because it holds the steps, not by its name.
    pub inferred: bool,
}

/// What each heading of a document may open, found once for all standards that are tried on it.
pub struct HeadingNames {
    ids: Vec<Vec<(&'static str, Sureness)>>,
    /// The heading that names the document: no section.
    title: Option<usize>,
    /// Level of the sections under the title.
    main_level: u8,
}

impl HeadingNames {
    /// Reads the headings of a document.
    pub fn of(document: &Document<'_>) -> Self {
        let title = document.title_heading().map(|title| title.span);
        let title = document.headings.iter().position(|heading| Some(heading.span) == title);
        let others = document.headings.iter().enumerate().filter(|(index, _)| Some(*index) != title);
        HeadingNames {
            ids: document.headings.iter().map(|heading| section_ids(&heading.text)).collect(),
            title,
            main_level: others.map(|(_, heading)| heading.level).min().unwrap_or(2),
        }
    }

    /// The sections of a standard that stand at the level of the main sections under their names.
    pub fn named<'s>(&self, document: &Document<'_>, standard: &'s Standard) -> Vec<&'s RequiredSection> {
        let main = |index: &usize| Some(*index) != self.title && document.headings[*index].level == self.main_level;
        let opens = |index: usize, required: &RequiredSection| {
            self.ids[index].iter().any(|(known, _)| *known == required.id)
                || required.origin.is_own() && required.is_named(&document.headings[index].text)
        };
        let has = |required: &&RequiredSection| (0..self.ids.len()).filter(main).any(|index| opens(index, required));
        standard.sections.iter().filter(has).collect()
    }
}

/// The sections that a procedure has.
const PROCEDURE_IDS: [&str; 6] = ["purpose", "prerequisites", "procedure", "verification", "rollback", "post-incident"];

/// Sections of a procedure that a runbook of any preset may have beside its own.
const COMMON_IDS: [&str; 4] = ["prerequisites", "verification", "rollback", "post-incident"];

/// Names the sections of a document by a standard, or by the six of a procedure where it follows none.
pub fn name_sections(document: &Document<'_>, names: &HeadingNames, standard: Option<&Standard>) -> Vec<Section> {
    let candidates: Vec<Option<Candidate>> = document
        .headings
        .iter()
        .enumerate()
        .filter(|(index, _)| names.title != Some(*index))
        .map(|(index, heading)| (index, candidate(heading, &names.ids[index], standard)))
        .fold(vec![None; document.headings.len()], |mut all, (index, candidate)| {
            all[index] = candidate;
            all
        });
    let mut sections: Vec<Section> = (0..document.headings.len())
        .map(|index| {
            let id = candidates[index].as_ref().filter(|own| is_best(document, names, &candidates, index, own));
            Section { heading: index, id: id.map(|own| own.id.clone()), inferred: false }
        })
        .collect();
    drop_procedure_inside_others(document, &mut sections);
    let wants_procedure = standard.is_none_or(|standard| standard.asks_for("procedure"));
    if wants_procedure && !sections.iter().any(|section| section.id.as_deref() == Some("procedure")) {
        for index in inferred_procedures(document, names, &sections) {
            sections[index].inferred = !is_weak_name(&document.headings[index].text, "procedure");
            sections[index].id = Some("procedure".to_string());
        }
    }
    sections
}

/// What a heading may open under a standard.
#[derive(Clone)]
struct Candidate {
    id: String,
    sureness: Sureness,
}

fn candidate(heading: &Heading, ids: &[(&'static str, Sureness)], standard: Option<&Standard>) -> Option<Candidate> {
    let found = |found: Option<&(&str, Sureness)>| {
        found.map(|(id, sureness)| Candidate { id: id.to_string(), sureness: *sureness })
    };
    let Some(standard) = standard else {
        return found(ids.iter().find(|(id, _)| PROCEDURE_IDS.contains(id)));
    };
    // A team's own name goes before what other teams mean by the word.
    let own = standard.sections.iter().find(|section| section.is_named(&heading.text));
    if let Some(section) = own {
        return Some(Candidate { id: section.id.clone(), sureness: Sureness::Name });
    }
    let asked = ids.iter().find(|(id, _)| standard.asks_for(id));
    found(asked.or_else(|| ids.iter().find(|(id, _)| COMMON_IDS.contains(id))))
}

/// Of several headings that could open one section, those nearest to the title count, and a name before a phrase: "Step
/// 4: Verify" is no section where `## Verification` follows. In a runbook about rollbacks many headings speak of them:
/// there only the name counts.
fn is_best(
    document: &Document<'_>,
    names: &HeadingNames,
    candidates: &[Option<Candidate>],
    index: usize,
    own: &Candidate,
) -> bool {
    let rank =
        |index: usize, candidate: &Candidate| (document.headings[index].level, std::cmp::Reverse(candidate.sureness));
    let rivals = candidates.iter().enumerate().filter_map(|(at, candidate)| Some((at, candidate.as_ref()?)));
    let best = rivals.filter(|(_, rival)| rival.id == own.id).map(|(at, rival)| rank(at, rival)).min();
    let topic = names.title.is_some_and(|title| document.headings[title].text.to_lowercase().contains(&own.id));
    best == Some(rank(index, own)) && (own.sureness == Sureness::Name || !topic || own.id == "procedure")
}

/// A heading such as "Resolution" under "Rollback" belongs to the rollback.
fn drop_procedure_inside_others(document: &Document<'_>, sections: &mut [Section]) {
    let spans: Vec<_> = sections
        .iter()
        .filter(|section| section.id.as_deref().is_some_and(|id| id != "procedure"))
        .map(|section| document.section_span(&document.headings[section.heading]))
        .collect();
    for section in sections.iter_mut().filter(|section| section.id.as_deref() == Some("procedure")) {
        let own = document.headings[section.heading].span;
        if spans.iter().any(|span| span.contains(own)) {
            section.id = None;
        }
    }
}

/// Without a section of that name, the procedure is a run of scenarios, or the first section that is something to do.
fn inferred_procedures(document: &Document<'_>, names: &HeadingNames, sections: &[Section]) -> Vec<usize> {
    let inside_named = |heading: &Heading| {
        sections.iter().filter(|section| section.id.is_some()).any(|section| {
            let outer = &document.headings[section.heading];
            document.section_span(outer).contains(heading.span)
        })
    };
    let free: Vec<usize> = (0..document.headings.len())
        .filter(|index| names.title != Some(*index) && sections[*index].id.is_none())
        .filter(|index| !inside_named(&document.headings[*index]) && !is_other_section(&document.headings[*index].text))
        .collect();
    let heading = |index: &usize| &document.headings[*index];
    let Some(main_level) = free.iter().map(|index| heading(index).level).min() else { return Vec::new() };
    let main: Vec<usize> = free.into_iter().filter(|index| heading(index).level == main_level).collect();
    let scenarios: Vec<usize> = main
        .iter()
        .copied()
        .filter(|index| is_scenario(&heading(index).text) && deed(document, heading(index)) > Deed::None)
        .collect();
    if scenarios.len() > 1 {
        return scenarios;
    }
    let first = |least: Deed| main.iter().copied().find(|index| deed(document, heading(index)) >= least);
    first(Deed::Commands).or_else(|| first(Deed::Name)).into_iter().collect()
}

/// Whether a heading names one of several ways: `Scenario 2: …`, `Option B`.
pub fn is_scenario(text: &str) -> bool {
    let text = text.to_lowercase();
    ["scenario", "case ", "option ", "method ", "szenario", "scénario", "escenario", "сценарий", "场景"]
        .iter()
        .any(|word| text.starts_with(word))
}

/// How much of a section is something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    None,
    /// Its heading names a deed: "Creating a zone", "How to drain a node".
    Name,
    Commands,
    Steps,
}

fn deed(document: &Document<'_>, heading: &Heading) -> Deed {
    let span = document.section_span(heading);
    let step_heading = || {
        let inner = document.headings.iter().filter(|inner| span.contains(inner.span));
        inner.filter(|inner| split_number(&inner.text).is_some()).count() > 1
    };
    let ordered =
        || document.items.iter().filter(|item| item.ordered && item.depth == 0 && span.contains(item.span)).count() > 1;
    if step_heading() || ordered() || split_number(&heading.text).is_some() || is_weak_name(&heading.text, "procedure")
    {
        return Deed::Steps;
    }
    if document.code_blocks.iter().any(|block| span.contains(block.span) && SHELLS.contains(&block.language.as_str())) {
        return Deed::Commands;
    }
    let first = heading.text.split_whitespace().find(|word| word.starts_with(char::is_alphabetic)).unwrap_or_default();
    let names_deed = first.to_lowercase().ends_with("ing") || first.eq_ignore_ascii_case("how");
    if names_deed { Deed::Name } else { Deed::None }
}

/// Languages of blocks that hold commands.
const SHELLS: [&str; 10] =
    ["bash", "sh", "shell", "zsh", "console", "shell-session", "terminal", "powershell", "sql", "ps1"];
