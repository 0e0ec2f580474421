//! Code as HTML with classes.

mod query;

use std::collections::{BTreeSet, HashMap};

use arborium::{Config, Highlighter, HtmlFormat};
use rayon::prelude::*;

use crate::corpus::Corpus;

/// The highlighted HTML of every distinct code block of a corpus.
pub struct Highlighted<'a> {
    blocks: HashMap<(&'static str, &'a str), String>,
}

impl<'a> Highlighted<'a> {
    /// Highlights each distinct block once: that costs far more than parsing the documents.
    pub fn of(corpus: &'a Corpus<'_>) -> Self {
        let blocks = corpus.entries.iter().flat_map(|entry| &entry.document.code_blocks);
        let distinct: BTreeSet<(&str, &str)> =
            blocks.filter_map(|block| Some((grammar(&block.language)?, block.shown()))).collect();
        let distinct: Vec<(&'static str, &str)> =
            distinct.into_iter().filter_map(|(language, text)| Some((grammar(language)?, text))).collect();
        let highlighter = Highlighter::with_config(Config {
            html_format: HtmlFormat::ClassNamesWithPrefix("hl".to_string()),
            ..Config::default()
        });
        let blocks = distinct
            .into_par_iter()
            .map_init(
                || highlighter.fork(),
                |highlighter, (language, text)| {
                    let html = match language {
                        "sql" | "promql" => query::highlight(language, text),
                        _ => highlighter.highlight(language, text).unwrap_or_else(|_| escape(text)),
                    };
                    ((language, text), html.trim_end_matches('\n').to_string())
                },
            )
            .collect();
        Highlighted { blocks }
    }

    /// The HTML of a block: highlighted, or escaped where its language is not known.
    pub fn html(&self, language: &str, text: &str) -> String {
        let found = grammar(language).and_then(|grammar| self.blocks.get(&(grammar, text)));
        found.cloned().unwrap_or_else(|| escape(text.trim_end_matches('\n')))
    }
}

/// Grammar by the names that authors write behind a fence. Blocks with prompts and output (`console`) and plain text
/// are shown as they are.
const GRAMMARS: [(&str, &[&str]); 15] = [
    ("bash", &["bash", "sh", "shell", "zsh", "ksh"]),
    ("diff", &["diff", "patch"]),
    ("dockerfile", &["dockerfile", "docker", "containerfile"]),
    ("hcl", &["hcl", "terraform", "tf", "tfvars", "nomad"]),
    ("ini", &["ini", "conf", "cfg", "properties", "systemd", "editorconfig"]),
    ("javascript", &["javascript", "js", "mongosh", "mongo", "node"]),
    ("json", &["json", "jsonc", "json5", "jsonl"]),
    ("powershell", &["powershell", "ps1", "pwsh", "ps"]),
    ("promql", &["promql", "logql"]),
    ("python", &["python", "py", "python3"]),
    ("ruby", &["ruby", "rb"]),
    ("sql", &["sql", "mysql", "postgresql", "postgres", "psql", "plsql", "tsql", "sqlite"]),
    ("toml", &["toml"]),
    ("xml", &["xml", "html", "svg", "xhtml"]),
    ("yaml", &["yaml", "yml"]),
];

fn grammar(language: &str) -> Option<&'static str> {
    GRAMMARS.iter().find(|(_, names)| names.contains(&language)).map(|(grammar, _)| *grammar)
}

/// Text for HTML, also inside quoted attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character => escaped.push(character),
        }
    }
    escaped
}
