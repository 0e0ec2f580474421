//! Whether a document's standard asks for what a rule enforces, and in which words.

use crate::corpus::{Corpus, Entry, Kind};
use crate::diagnostic::{Location, Related};
use crate::settings::GuidelineKind;

/// Why a rule speaks of a runbook: what the index says, where it is not the config that asks.
pub struct Reason(Option<Related>);

impl Reason {
    /// A line of the index, and what it says.
    pub fn stated(location: Location, message: String) -> Reason {
        Reason(Some(Related { location, message }))
    }

    /// The line of the index as a second place of a finding.
    pub fn related(&self) -> Vec<Related> {
        self.0.iter().cloned().collect()
    }
}

/// The guideline of a runbook's standard, or the config's `always`. `None` where nobody asks, and for all that is no
/// runbook.
pub fn asked(corpus: &Corpus<'_>, entry: &Entry<'_>, kind: GuidelineKind, always: bool) -> Option<Reason> {
    let standard = corpus.standard_of(entry).filter(|_| entry.kind == Kind::Runbook)?;
    let Some(guideline) = standard.guideline(kind) else { return always.then_some(Reason(None)) };
    let message = format!("the guideline \"{}\"", guideline.text);
    Some(Reason(guideline.origin.location().map(|location| Related { location, message })))
}
