//! GitHub's view of Markdown, as comrak has it: our headings and anchors must be the same.

use std::fs;
use std::path::{Path, PathBuf};

use comrak::nodes::NodeValue;
use comrak::{Anchorizer, Arena, Options, parse_document};
use runbook_site::document::parse;
use runbook_site::source::Source;

#[test]
fn headings_and_anchors_are_those_of_github() {
    let mut compared = 0;
    for path in markdown_files() {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let source = Source::new("a.md", text.as_str());
        let ours: Vec<(u8, String)> =
            parse(&source).headings.into_iter().map(|heading| (heading.level, heading.anchor)).collect();
        let theirs = headings_of_comrak(&text);
        compared += theirs.len();
        assert_eq!(ours, theirs, "{}", path.display());
    }
    assert!(compared > 100, "only {compared} headings");
}

fn headings_of_comrak(text: &str) -> Vec<(u8, String)> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.alerts = true;
    let arena = Arena::new();
    // Front matter is no Markdown; its extent is ours in both.
    let source = Source::new("a.md", text);
    let from = parse(&source).front_matter.map_or(source.bom_len(), |block| block.span.end as usize);
    let root = parse_document(&arena, &text[from..], &options);
    let mut anchorizer = Anchorizer::new();
    let mut headings = Vec::new();
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &node.data.borrow().value {
            let mut text = String::new();
            for inner in node.descendants() {
                match &inner.data.borrow().value {
                    NodeValue::Text(literal) => text.push_str(literal),
                    NodeValue::Code(code) => text.push_str(&code.literal),
                    NodeValue::LineBreak | NodeValue::SoftBreak => text.push(' '),
                    _ => {}
                }
            }
            headings.push((heading.level, anchorizer.anchorize(&text)));
        }
    }
    headings
}

/// The fixtures, and a folder of real handbooks where there is one beside the repository.
fn markdown_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["fixtures", "docs", "../shared/corpora", "../shared/seed"] {
        collect(Path::new(folder), &mut found);
    }
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}
