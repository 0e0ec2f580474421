//! The rules. Each is two files: `<group>/<rule>.rs` and its page `<group>/<rule>.md`, which is also its test.
//!
//! A rule reads the corpus and reports findings. It never sees levels, suppressions, colours or the disk.

mod commands;
mod escalation;
mod housekeeping;
mod index;
mod links;
mod metadata;
mod procedure;
mod registry;
mod roles;
mod sections;
mod severity;
mod template;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::corpus::{Corpus, Entry};
use crate::diagnostic::{Finding, RuleInfo};
use crate::settings::GuidelineKind;

pub use housekeeping::{
    CONFIG_ERROR, STALE_BASELINE, UNUSED_SUPPRESSION, allowable, holds, stale_baseline, unused_entry,
    unused_suppression,
};
pub use index::{Listing, bare_title, list_in, listings};
pub use links::DeadExternalLink;
pub use registry::{ConfiguredRule, RuleError, RuleSet, Rules, all, config_schema, find, options};

/// A rule. The value is the rule's options, decoded from `[rules]` of the config.
pub trait Rule: Default + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    const INFO: RuleInfo;

    /// Reports what is wrong with one document, which may be its place in the whole. Rules on the work of the linter
    /// itself have nothing to say before it is done: `lint` and `workspace` make their findings.
    fn check(&self, _corpus: &Corpus<'_>, _entry: &Entry<'_>, _findings: &mut Vec<Finding>) {}

    /// Whether what the rule judges by is known in this run. Where it is not, its silence proves nothing.
    fn has_facts(&self, _corpus: &Corpus<'_>) -> bool {
        true
    }
}

/// The rules that hold runbooks to a guideline.
pub fn enforcing(kind: GuidelineKind) -> Vec<&'static str> {
    let names: &[&str] = match kind {
        GuidelineKind::NumberedSteps => &["unnumbered-steps"],
        GuidelineKind::CodeBlocks => &["command-outside-code-block"],
        GuidelineKind::ExpectedOutput => &["missing-expected-output"],
        GuidelineKind::DangerMarkers => &["unmarked-dangerous-command", "nonstandard-warning"],
        GuidelineKind::TimeEstimates => &["missing-time-estimate"],
        GuidelineKind::Checklists => &["unchecked-list"],
    };
    all().map(|info| info.name).filter(|name| names.contains(name)).collect()
}
