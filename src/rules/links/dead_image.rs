//! A picture whose file does not exist.

use schemars::JsonSchema;
use serde::Deserialize;

use super::checked::written;
use super::missing::{Words, missing};
use crate::corpus::{Corpus, Entry, Target};
use crate::diagnostic::{Finding, Fixability, Level, RuleInfo};
use crate::rules::Rule;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeadImage {}

impl Rule for DeadImage {
    const INFO: RuleInfo = RuleInfo {
        name: "dead-image",
        group: "links",
        level: Level::Error,
        fix: Fixability::Unsafe,
        since: "0.1.0",
        summary: "a picture whose file does not exist",
        docs: include_str!("dead_image.md"),
    };

    fn check(&self, corpus: &Corpus<'_>, entry: &Entry<'_>, findings: &mut Vec<Finding>) {
        for written in written(entry).iter().filter(|written| written.link.is_image) {
            let Target::Missing { path } = written.target else { continue };
            findings.push(match written.link.target.is_empty() {
                true => Finding {
                    help: Some("write the file's path between the parentheses, or remove the picture".to_string()),
                    ..Finding::new(written.place(entry), "", format!("picture `{}` has no file", written.link.text))
                },
                false => missing(corpus, entry, written, path, &WORDS),
            });
        }
    }
}

const WORDS: Words =
    Words { noun: "picture", remedy: |path| format!("add `{path}`, or say in words what it would show") };
