//! What the comments of a document allow, as far as it does not depend on what was found.

use jiff::civil::Date;

use crate::corpus::parse_date;
use crate::document::{Scope, Suppression};
use crate::rules::find;

/// Whether a rule can be allowed by a comment. Those on the work of the linter itself cannot: a comment could hide what
/// is wrong with it.
pub fn allowable(rule: &str) -> bool {
    find(rule).is_ok_and(|info| info.group != "housekeeping")
}

/// Whether a comment allows anything today: it is complete and not past its date.
pub fn holds(suppression: &Suppression, today: Option<Date>) -> bool {
    let is_dated = suppression.until.as_ref().is_none_or(|until| parse_date(&until.text).is_some());
    suppression.problem.is_none() && is_dated && expiry(suppression, today).is_none()
}

/// The last day of a comment that is past it.
pub fn expiry(suppression: &Suppression, today: Option<Date>) -> Option<Date> {
    let until = suppression.until.as_ref().and_then(|until| parse_date(&until.text))?;
    today.filter(|today| until < *today).map(|_| until)
}

/// What a comment reaches, in words.
pub fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::File => "file",
        Scope::Section => "section",
        Scope::Block => "block",
    }
}
