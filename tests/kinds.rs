//! What each document of a handbook is.

use runbook_site::corpus::{Corpus, Facts, Kind};
use runbook_site::document::parse;
use runbook_site::settings::Settings;
use runbook_site::source::Source;

const ALERT: &str = "# A\n\n## Meaning\n\nx\n\n## Impact\n\nx\n\n## Diagnosis\n\nx\n\n## Mitigation\n\nx\n";

/// Path, kind and standard of each document, sorted by path.
fn kinds(files: &[(&str, &str)]) -> Vec<String> {
    kinds_under("", files)
}

/// The same under a config.
fn kinds_under(config: &str, files: &[(&str, &str)]) -> Vec<String> {
    let mut sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(*path, *text)).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let (settings, facts) = (Settings::parse(config).expect("valid"), Facts::default());
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
    let half = "# A\n\n## Meaning\n\nx\n\n## Mitigation\n\nx\n";
    let quarter = "# A\n\n## Impact\n\nx\n\n## Notes\n\nx\n";
    assert_eq!(kinds(&[("a.md", half), ("b.md", quarter)]), ["a.md runbook alert", "b.md page -"]);
}

#[test]
fn sections_that_any_guide_has_make_no_runbook() {
    let guide = "# A\n\n## Overview\n\nx\n\n## Requirements\n\nx\n\n## Checking\n\nx\n";
    let runbook = format!("{guide}\n## Rollback\n\nx\n");
    assert_eq!(kinds(&[("a.md", guide), ("b.md", &runbook)]), ["a.md page -", "b.md runbook procedure"]);
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

#[test]
fn globs_of_the_config_decide_before_anything_else() {
    let config = "[kinds]\n\"**\" = \"runbook\"\n\"list.md\" = \"index\"\n\"README.md\" = \"page\"\n\"svc/*\" = \"service\"\n\
                  [standards.service]\nsections = [\"procedure\"]\n";
    let links = "# Home\n\n- [x](x.md)\n- [y](svc/y.md)\n";
    let files = [
        ("README.md", links),
        ("list.md", "# L\n\n- [x](x.md)\n"),
        ("svc/y.md", ALERT),
        ("x.md", "# X\n"),
        ("z.md", ALERT),
    ];
    let expected = [
        "README.md page -",
        "list.md index -",
        "svc/y.md runbook service",
        "x.md runbook procedure",
        "z.md runbook alert",
    ];
    assert_eq!(kinds_under(config, &files), expected);
}

#[test]
fn front_matter_may_name_a_standard_and_words_of_other_tools_mean_nothing() {
    let config = "[standards.service]\nsections = [\"procedure\"]\n";
    let of = |kind: &str| format!("---\nkind: {kind}\n---\n# A\n");
    let (own, preset, other) = (of("service"), of("alert"), of("Deployment"));
    let files = [("a.md", own.as_str()), ("b.md", &preset), ("c.md", &other)];
    assert_eq!(kinds_under(config, &files), ["a.md runbook service", "b.md runbook alert", "c.md page -"]);
}

#[test]
fn a_preset_that_the_config_changes_is_followed_under_the_teams_names() {
    let config = "[standards.alert]\nsections = [\"meaning\", { name = \"Blast radius\", aliases = [\"Radius\"] }]\n";
    let files =
        [("a.md", "# A\n\n## Radius\n\nx\n\n## More\n\nx\n"), ("b.md", "# B\n\n## More\n\nx\n\n## Less\n\nx\n")];
    assert_eq!(kinds_under(config, &files), ["a.md runbook alert", "b.md page -"]);
}

#[test]
fn what_nobody_in_the_team_writes_is_not_asked_for_by_a_preset() {
    let without =
        |title: &str| format!("# {title}\n\n## Purpose\n\nx\n\n## Procedure\n\n1. x\n\n## Verification\n\nx\n");
    let texts: Vec<(String, String)> = (0..4).map(|number| (format!("{number}.md"), without("A"))).collect();
    let asked = |count: usize| {
        let sources: Vec<Source> = texts.iter().take(count).map(|(path, text)| Source::new(path, text)).collect();
        let (settings, facts) = (Settings::default(), Facts::default());
        let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
        (corpus.is_asked(&corpus.entries[0], "rollback"), corpus.is_asked(&corpus.entries[0], "purpose"))
    };
    assert_eq!(asked(2), (true, true), "two are no team");
    assert_eq!(asked(4), (false, true));
}
