//! What each document of a handbook is.

use runbook_site::corpus::{Corpus, Facts, Kind};
use runbook_site::document::parse;
use runbook_site::settings::Settings;
use runbook_site::source::Source;

const ALERT: &str = "# A\n\n## Meaning\n\nx\n\n## Impact\n\nx\n\n## Diagnosis\n\nx\n\n## Mitigation\n\nx\n";

/// Path, kind and standard of each document, sorted by path.
fn kinds(files: &[(&str, &str)]) -> Vec<String> {
    let mut sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(*path, *text)).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let shown = corpus.entries.iter().map(|entry| {
        let kind = match entry.kind {
            Kind::Runbook => "runbook",
            Kind::Index => "index",
            Kind::Page => "page",
        };
        let standard = corpus.standard_of(entry).map_or("-", |standard| standard.name.as_str());
        format!("{} {kind} {standard}", corpus.source(entry.file).path)
    });
    shown.collect()
}

#[test]
fn presets_need_half_of_their_sections() {
    let half = "# A\n\n## Meaning\n\nx\n\n## Impact\n\nx\n";
    let quarter = "# A\n\n## Impact\n\nx\n\n## Notes\n\nx\n";
    assert_eq!(kinds(&[("a.md", half), ("b.md", quarter)]), ["a.md runbook alert", "b.md page -"]);
}

#[test]
fn a_page_among_runbooks_is_held_to_their_preset_unless_it_says_otherwise() {
    let files = [
        ("a/1.md", ALERT),
        ("a/2.md", ALERT),
        ("a/3.md", ALERT),
        ("a/4.md", ALERT),
        ("a/5.md", "# B\n\n## Notes\n\nx\n"),
        ("b/1.md", ALERT),
        ("b/2.md", ALERT),
        ("b/3.md", ALERT),
        ("b/4.md", ALERT),
        ("b/5.md", "---\nkind: page\n---\n# B\n\n## Notes\n\nx\n"),
        ("c/1.md", ALERT),
        ("c/2.md", ALERT),
        ("c/3.md", ALERT),
        ("c/4.md", ALERT),
        ("c/5.md", "See [one](1.md).\n"),
    ];
    let found = kinds(&files);
    assert_eq!([&found[4], &found[9], &found[14]], ["a/5.md runbook alert", "b/5.md page -", "c/5.md page -"]);
}

#[test]
fn the_nearest_index_that_states_a_standard_governs() {
    let index = |links: &str| format!("# I\n\n{links}\n\n## Required Sections\n\n1. **Purpose**\n");
    let root = index("- [x](x.md)\n- [y](a/y.md)");
    let inner = index("- [y](y.md)\n- [z](z.md)").replace("Purpose", "Blast radius");
    let files =
        [("README.markdown", root.as_str()), ("a/index.md", inner.as_str()), ("a/y.md", "# Y\n"), ("x.md", "# X\n")];
    let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(*path, *text)).collect();
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let asked =
        |file: usize| corpus.standard_of(&corpus.entries[file]).map(|standard| standard.sections[0].name.as_str());
    assert_eq!((asked(2), asked(3)), (Some("Blast radius"), Some("Purpose")));
}

#[test]
fn front_matter_can_make_a_runbook() {
    assert_eq!(kinds(&[("a.md", "---\nkind: runbook\n---\n# A\n")]), ["a.md runbook procedure"]);
}
