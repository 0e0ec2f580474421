//! runbook-site: a linter and static-site generator for operations runbooks.
//!
//! ```text
//! files ─▶ source ─▶ document ─▶ corpus ─▶ lint ─▶ diagnostics ─┬▶ report   (terminal, JSON, SARIF, JUnit, …)
//!          bytes +    typed       all docs,  rules  one plain     ├▶ fix      (byte edits)
//!          spans      model       one graph         model         └▶ site     (pages, search, validation report)
//! ```
//!
//! Modules in reading order; each uses only those above it, which `tests/architecture.rs` holds.

pub mod source;

pub mod diagnostic;

pub mod document;

pub mod command;

pub mod settings;

pub mod corpus;

pub mod inspect;

pub mod rules;

pub mod lint;

pub mod fix;

pub mod report;

pub mod scaffold;

pub mod site;

pub mod workspace;

pub mod cli;
