//! Every rule's page is its test: Bad gives exactly the diagnostics that it shows, the fix gives the fixed text, and
//! Good gives nothing.

mod handbook;

use std::collections::BTreeMap;

use jiff::civil::Date;
use runbook_site::diagnostic::{Diagnostic, Fixability, RuleInfo};
use runbook_site::document::parse;
use runbook_site::fix;
use runbook_site::report::{Hidden, Report, concise};
use runbook_site::rules;
use runbook_site::source::{Source, Span};

type Files = Vec<(String, Vec<u8>)>;

/// One example of a page.
#[derive(Default)]
struct Example {
    files: Files,
    /// By path, the day on which git last saw the words change.
    changed: BTreeMap<String, Date>,
    /// Lines of the concise format; `None` for a good example.
    diagnostics: Option<String>,
    /// The files that the fixes change, as they are afterwards.
    fixed: Files,
}

#[test]
fn every_page_has_its_chapters() {
    for rule in rules::all() {
        for chapter in
            [&format!("# {}", rule.name), "## Why", "## Bad", "## Good", "## Fix", "## Options", "## When to allow it"]
        {
            assert!(rule.docs.lines().any(|line| line == chapter), "{}: no line `{chapter}`", rule.name);
        }
    }
}

#[test]
fn bad_examples_give_their_diagnostics() {
    for rule in rules::all() {
        let examples = examples(rule, "Bad");
        assert!(!examples.is_empty(), "{}: no bad example", rule.name);
        for example in examples {
            let (shown, _) = check(rule, &example.files, &example.changed);
            let expected =
                example.diagnostics.unwrap_or_else(|| panic!("{}: an example without diagnostics", rule.name));
            assert_eq!(shown, expected, "{}", rule.name);
        }
    }
}

#[test]
fn good_examples_give_nothing() {
    for rule in rules::all() {
        let examples = examples(rule, "Good");
        assert!(!examples.is_empty(), "{}: no good example", rule.name);
        for example in examples {
            let (shown, _) = check(rule, &example.files, &example.changed);
            assert_eq!(shown, "", "{}", rule.name);
        }
    }
}

#[test]
fn fixes_give_the_fixed_text_and_leave_nothing_to_fix() {
    for rule in rules::all() {
        let examples = examples(rule, "Bad");
        let shown = examples.iter().any(|example| !example.fixed.is_empty());
        assert_eq!(
            shown,
            rule.fix != Fixability::None,
            "{}: fixed examples and the rule's fixability differ",
            rule.name
        );
        for example in examples.into_iter().filter(|example| !example.fixed.is_empty()) {
            let mut expected = example.files.clone();
            for (path, text) in &example.fixed {
                let file = expected.iter_mut().find(|(known, _)| known == path);
                file.unwrap_or_else(|| panic!("{}: fixed {path} is not among the files", rule.name)).1 = text.clone();
            }
            let fixed = apply_fixes(rule, &example.files, &example.changed);
            for ((path, fixed), (_, expected)) in fixed.iter().zip(&expected) {
                assert_eq!(String::from_utf8_lossy(fixed), String::from_utf8_lossy(expected), "{}: {path}", rule.name);
            }
            assert_eq!(
                apply_fixes(rule, &fixed, &example.changed),
                fixed,
                "{}: a second run changes something",
                rule.name
            );
        }
    }
}

/// What the rule says of the files, in the concise format, and as data.
fn check(rule: &RuleInfo, files: &Files, changed: &BTreeMap<String, Date>) -> (String, (Vec<Source>, Vec<Diagnostic>)) {
    let (sources, mut diagnostics) = handbook::check(files, changed);
    diagnostics.retain(|diagnostic| diagnostic.rule == rule.name);
    let paths: Vec<String> = sources.iter().map(|source| source.path.clone()).collect();
    let report = Report {
        sources: &sources.iter().collect::<Vec<_>>(),
        paths: &paths,
        diagnostics: &diagnostics,
        hidden: Hidden::default(),
        documents: 0,
        runbooks: 0,
    };
    (concise(&report), (sources, diagnostics))
}

/// The files after all fixes of the rule, as `--unsafe-fixes` makes them: round after round, each proved.
fn apply_fixes(rule: &RuleInfo, files: &Files, changed: &BTreeMap<String, Date>) -> Files {
    let mut files = files.clone();
    for _ in 0..10 {
        let (_, (sources, diagnostics)) = check(rule, &files, changed);
        let round = fix::round(&sources, &diagnostics, true);
        assert!(round.refused.is_empty(), "{}: a fix that changes more than it declares", rule.name);
        if round.texts.is_empty() {
            break;
        }
        for (file, text) in round.texts {
            let path = &sources[file.index()].path;
            let own = files.iter_mut().find(|(known, _)| known == path).expect("a file of the example");
            own.1 = text.into_bytes();
        }
    }
    files
}

/// The examples under a chapter. An example is a run of Markdown blocks; in Bad it ends with a block `diagnostics`, and
/// blocks marked `fixed` behind that one belong to it.
fn examples(rule: &RuleInfo, chapter: &str) -> Vec<Example> {
    let source = Source::new("page.md", rule.docs);
    let document = parse(&source);
    let heading = document.headings.iter().find(|heading| heading.text == chapter).expect("checked by another test");
    let under: Span = document.section_span(heading);
    let mut examples: Vec<Example> = Vec::new();
    for block in document.code_blocks.iter().filter(|block| under.contains(block.span)) {
        let info = source.slice(block.span).lines().next().unwrap_or_default().trim_start_matches('`');
        let option = |name: &str| info.split(' ').find_map(|word| word.strip_prefix(name)).map(str::to_string);
        let path = option("file=").unwrap_or_else(|| "runbook.md".to_string());
        let bytes = match option("encoding=").as_deref() {
            Some("latin-1") => block.text.chars().map(|c| u8::try_from(c as u32).expect("latin-1")).collect(),
            _ => block.text.clone().into_bytes(),
        };
        let changed = option("changed=").map(|day| (path.clone(), day.parse().expect("a date")));
        // Under Good nothing ends an example, but a config begins one.
        let begins = chapter == "Good" && block.language == "toml";
        let complete = begins || examples.last().is_none_or(|example| example.diagnostics.is_some());
        match block.language.as_str() {
            "markdown" if info.ends_with(" fixed") => {
                examples.last_mut().expect("an example before its fix").fixed.push((path, bytes));
            }
            "markdown" | "toml" | "json" if complete => {
                let changed = changed.into_iter().collect();
                examples.push(Example { files: vec![(path, bytes)], changed, ..Example::default() });
            }
            "markdown" | "toml" | "json" => {
                let example = examples.last_mut().expect("an open example");
                example.files.push((path, bytes));
                example.changed.extend(changed);
            }
            "diagnostics" => {
                examples.last_mut().expect("an example before its diagnostics").diagnostics = Some(block.text.clone());
            }
            other => panic!("{}: a block of language `{other}` among the examples", rule.name),
        }
    }
    examples
}
