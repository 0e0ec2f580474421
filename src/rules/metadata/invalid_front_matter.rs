//! A front matter block that its parser refuses.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, Fixability, Level, Location, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct InvalidFrontMatter {}

impl Rule for InvalidFrontMatter {
    const INFO: RuleInfo = RuleInfo {
        name: "invalid-front-matter",
        group: "metadata",
        level: Level::Error,
        fix: Fixability::None,
        since: "0.1.0",
        summary: "front matter that is not valid YAML or TOML",
        docs: include_str!("invalid_front_matter.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        let Some(block) = &entry.document.front_matter else { return };
        let Some(problem) = &block.problem else { return };
        let text = corpus.source(entry.file).slice(block.span);
        // A generator fills these in before anyone reads the block as YAML.
        if ["{{", "{%", "<%"].iter().any(|mark| text.contains(mark)) {
            return;
        }
        let language = if text.starts_with("+++") { "TOML" } else { "YAML" };
        findings.push(Finding {
            help: Some(
                "nothing of the block was read; values that hold `: ` or start with `[`, `{` or `*` need quotes"
                    .to_string(),
            ),
            ..Finding::new(
                Location { file: entry.file, span: problem.span },
                "",
                format!("the front matter is not valid {language}: {}", problem.message),
            )
        });
    }
}
