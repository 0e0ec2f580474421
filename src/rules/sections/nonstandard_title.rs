//! A document without one title in the form that the standard asks for.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry, Kind};
use crate::diagnostic::{Applicability, Edit, Effect, Finding, Fix, Fixability, Level, Location, Related, RuleInfo};
use crate::document::Heading;
use crate::rules::Rule;
use crate::settings::TitleForm;
use crate::source::Span;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NonstandardTitle {}

impl Rule for NonstandardTitle {
    const INFO: RuleInfo = RuleInfo {
        name: "nonstandard-title",
        group: "sections",
        level: Level::Warning,
        fix: Fixability::Safe,
        since: "0.1.0",
        summary: "no title, several titles, or a title of another form than the standard's",
        docs: include_str!("nonstandard_title.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        // A preset says nothing of titles.
        let standard = corpus.standard_of(entry).filter(|standard| standard.origin.is_own());
        let Some(standard) = standard.filter(|_| entry.kind == Kind::Runbook) else { return };
        let mut titles = entry.document.headings.iter().filter(|heading| heading.level == 1);
        let Some(title) = titles.next() else {
            let front_matter = entry.document.front_matter.as_ref();
            if front_matter.and_then(|block| block.get("title")).is_none() {
                let help = standard.title_form.as_ref().map_or("# ".to_string(), |form| format!("# {}", form.prefix));
                findings.push(Finding {
                    help: Some(format!("begin with `{}…`", help)),
                    ..Finding::new(Location { file: entry.file, span: Span::default() }, "", "no level-1 heading")
                });
            }
            return;
        };
        if let Some(second) = titles.next() {
            findings.push(Finding {
                help: Some(format!("write `## {}`", second.text)),
                related: vec![Related {
                    location: Location { file: entry.file, span: title.span },
                    message: "the title".to_string(),
                }],
                ..Finding::new(
                    Location { file: entry.file, span: second.span },
                    &second.text,
                    format!("a second level-1 heading: `{}`", second.text),
                )
            });
        }
        if let Some(form) = standard.title_form.as_ref().filter(|form| !follows(title, form)) {
            findings.push(finding(entry, title, form));
        }
    }
}

/// Marks before the words, such as an emoji, do not count.
fn follows(title: &Heading, form: &TitleForm) -> bool {
    let words = |text: &str| text.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end().to_string();
    words(&title.text).starts_with(&words(&form.prefix))
}

fn finding(entry: &Entry<'_>, title: &Heading, form: &TitleForm) -> Finding {
    let place = Location { file: entry.file, span: title.span };
    let start = Span { start: title.text_span.start, end: title.text_span.start };
    // Where the words are there in another form, only the author can say which of them go.
    let word = form.prefix.trim_end().trim_end_matches([':', '-', '–', '—']).trim().to_lowercase();
    let fix = (!title.text.is_empty() && !title.text.to_lowercase().contains(&word)).then(|| Fix {
        applicability: Applicability::Safe,
        effect: Effect::Text,
        message: format!("put `{}` before the title", form.prefix.trim_end()),
        edits: vec![Edit { location: Location { span: start, ..place }, replacement: form.prefix.clone() }],
    });
    Finding {
        help: Some(format!("write `# {}…`", form.prefix)),
        related: form
            .origin
            .location()
            .map(|location| Related { location, message: "the form of titles".to_string() })
            .into_iter()
            .collect(),
        fix,
        ..Finding::new(
            place,
            &title.text,
            format!("the title does not begin with `{}`: `{}`", form.prefix.trim_end(), title.text),
        )
    }
}
