//! What real handbooks hold and tools stumble over. Each case is a file and what the parser must see in it.

use runbook_site::corpus::{Corpus, Facts, Fragment, Target};
use runbook_site::document::{Document, parse};
use runbook_site::settings::{Fact, Settings};
use runbook_site::source::Source;

/// Headings, code blocks, links and metadata of a file, a line each.
fn shape(text: &str) -> String {
    let source = Source::new("a.md", text);
    let document = parse(&source);
    let mut lines: Vec<(u32, String)> = Vec::new();
    for heading in &document.headings {
        lines.push((heading.span.start, format!("h{} {} #{}", heading.level, heading.text, heading.anchor)));
    }
    for block in &document.code_blocks {
        check_lines(&source, &document);
        let closed = if block.closed { "" } else { " unclosed" };
        lines.push((block.span.start, format!("code[{}]{closed} {:?}", block.language, block.text)));
    }
    for link in &document.links {
        assert!(
            source
                .slice(link.target_span)
                .contains(link.target.trim_start_matches("http://").trim_start_matches("mailto:")),
            "{}",
            link.target
        );
        lines.push((link.span.start, format!("link {} -> {}", link.text, link.target)));
    }
    for entry in &document.metadata {
        lines.push((entry.span.start, format!("{}={}", entry.key, entry.value)));
    }
    lines.sort();
    lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

/// Every line of a block's text stands in the file where the block says.
fn check_lines(source: &Source, document: &Document<'_>) {
    for block in &document.code_blocks {
        let text: Vec<&str> = block.text.lines().collect();
        let mapped: Vec<&str> = block.lines.iter().map(|span| source.slice(*span)).collect();
        assert_eq!(mapped, text);
    }
}

#[track_caller]
fn is(text: &str, expected: &[&str]) {
    assert_eq!(shape(text), expected.join("\n"), "{text}");
}

#[test]
fn a_fence_that_is_never_closed_swallows_the_headings_behind_it() {
    is(
        "# T\n\n- check\n```shell\ndf -h\n\n## Mitigation\n",
        &["h1 T #t", "code[shell] unclosed \"df -h\\n\\n## Mitigation\\n\""],
    );
}

#[test]
fn a_longer_fence_holds_shorter_ones() {
    is("````\n## no\n```sh\nls\n```\n````\n## yes\n", &["code[] \"## no\\n```sh\\nls\\n```\\n\"", "h2 yes #yes"]);
}

#[test]
fn headings_in_fences_of_either_kind_are_code() {
    is(
        "~~~markdown\n# no\n~~~\n\n    # indented\n\nT\n=\n",
        &["code[markdown] \"# no\\n\"", "code[] \"# indented\\n\"", "h1 T #t"],
    );
}

#[test]
fn one_line_fences_are_inline_code() {
    is("```ls -l```\n\n## x\n", &["h2 x #x"]);
}

#[test]
fn code_in_lists_and_quotes_keeps_its_places() {
    is("1. do\n\n   ```sh\n   ls\n     -l\n   ```\n", &["code[sh] \"ls\\n  -l\\n\""]);
    is("> ```sh\n> ls\n> pwd\n> ```\n", &["code[sh] \"ls\\npwd\\n\""]);
    is("- a\n  - b\n\n    ```\r\n    ls\r\n    ```\r\n", &["code[] \"ls\\n\""]);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    is(
        "\u{feff}# T\r\n\r\n**Owner**: Ops\r\n\r\n```sh\r\nls\r\n```\r\n",
        &["h1 T #t", "Owner=Ops", "code[sh] \"ls\\n\""],
    );
}

#[test]
fn empty_files_and_empty_headings_are_no_trouble() {
    is("", &[]);
    is("\u{feff}", &[]);
    is("####\n\n#\n", &["h4  #", "h1  #-1"]);
    is("---\n---\n", &[]);
}

#[test]
fn metadata_that_runs_together_is_taken_apart() {
    is(
        "# T\n\n**Version:**1.0**Created:**2025-09-25**Last Updated:**\n2025-09-26**Owner:**Tech Lead\n",
        &["h1 T #t", "Version=1.0", "Created=2025-09-25", "Last Updated=2025-09-26", "Owner=Tech Lead"],
    );
}

#[test]
fn metadata_stands_in_quotes_lists_and_full_width() {
    is(
        "> **Last Updated:** 2026-01-02\n> **Owner**: [Ops](ops.md)\n",
        &["Last Updated=2026-01-02", "Owner=Ops", "link Ops -> ops.md"],
    );
    is("- **Owner**: Ops\n* **Team**: Data\n", &["Owner=Ops", "Team=Data"]);
    is("**负责人**：平台组\n", &["负责人=平台组"]);
    is("**Owner**: Ops | **Priority**: P1\n", &["Owner=Ops", "Priority=P1"]);
}

#[test]
fn links_are_found_as_they_are_written() {
    is(
        "[a](<b c.md>) [d](e_(f).md \"t\") [g][h] <https://i.example/> https://j.example/k_l.\n\n[h]: m%20n.md 'x'\n",
        &[
            "link a -> b c.md",
            "link d -> e_(f).md",
            "link g -> m%20n.md",
            "link https://i.example/ -> https://i.example/",
            "link https://j.example/k_l -> https://j.example/k_l",
        ],
    );
    is("<dba@acme.io> at night\n", &["link dba@acme.io -> mailto:dba@acme.io"]);
    is("[x]({{< ref \"y.md\" >}})\n", &[]);
}

#[test]
fn comments_between_quotes_and_html_tables_hold_no_nodes() {
    is("> a\n\n<!-- ## Glossary -->\n\n> b\n\n<table class=\"tg\"><tr><td># no</td></tr></table>\n", &[]);
}

#[test]
fn marks_of_other_tools_are_understood() {
    let source = Source::new(
        "a.md",
        "(howto:alerts)=\n# Alerts\n\n(by-day)=\nIn the day.\n\n[TOC]\n\n## Test {#try-it}\n\n`````{tab-set}\n````{tab-item} A\n```bash\nls\n```\n````\n`````\n",
    );
    let document = parse(&source);
    let labels: Vec<_> = document.labels.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["howto:alerts", "by-day"]);
    assert_eq!(
        (document.headings[1].text.as_str(), document.headings[1].explicit_id.as_deref()),
        ("Test", Some("try-it"))
    );
    assert_eq!(document.code_blocks[0].language, "{tab-set}");
}

#[test]
fn facts_are_read_from_every_style() {
    let cases = [
        ("---\nowner_slack: \"#ops\"\nlast_reviewed_on: 2026-01-02\n---\n# T\n", "#ops", "2026-01-02"),
        ("+++\nowner = \"Ops\"\nlastmod = 2026-01-02\n+++\n# T\n", "Ops", "2026-01-02"),
        (
            "# T\n\n| Field | Value |\n|--|--|\n| Owner | Ops |\n| Last Updated | 2026-01-02 |\n\n## S\n",
            "Ops",
            "2026-01-02",
        ),
        ("# T\n\n_Last updated: 2026-01-02_\n\nOwner: Ops\n", "Ops", "2026-01-02"),
        ("# T\n\n## S\n\ntext\n\n---\n\n**Last Updated:** 2026-01-02\n**Maintainer:** Ops\n", "Ops", "2026-01-02"),
        ("# T\n\n**Verantwortlich:** Ops\n**Letzte Aktualisierung:** 2026-01-02\n", "Ops", "2026-01-02"),
    ];
    for (text, owner, updated) in cases {
        let sources = [Source::new("a.md", text)];
        let (settings, facts) = (Settings::default(), Facts::default());
        let corpus = Corpus::build(&sources, vec![parse(&sources[0])], &settings, &facts);
        let value = |fact| corpus.entries[0].metadata.get(fact).map(|value| value.text.as_str());
        assert_eq!((value(Fact::Owner), value(Fact::LastUpdated)), (Some(owner), Some(updated)), "{text}");
    }
}

#[test]
fn a_key_in_the_middle_of_a_procedure_is_no_fact() {
    let text = format!("# T\n\n## Procedure\n\n**Owner**: of the pod\n\n{}", "More text.\n\n".repeat(12));
    let sources = [Source::new("a.md", text)];
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, vec![parse(&sources[0])], &settings, &facts);
    assert!(corpus.entries[0].metadata.get(Fact::Owner).is_none());
}

/// What a link in `a.md` of a handbook with these files points at.
#[track_caller]
fn leads_to(link: &str, expected: &str) {
    let text = format!("{link}\n");
    let paths = ["a.md", "b/_index.md", "b/c (d).md", "b/e.html.md", "b/Größe 5%.md", "b/f.markdown"];
    let of = |path: &str| if path == "a.md" { text.clone() } else { "# T\n\n<a id=\"x y\"></a>\n".to_string() };
    let sources: Vec<Source> = paths.iter().map(|path| Source::new(*path, of(path))).collect();
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let target = &corpus.entries[0].targets[0];
    let Target::Document { file, fragment } = target else { panic!("{link}: {target:?}") };
    assert!(!matches!(fragment, Fragment::Missing(_)), "{link}: {fragment:?}");
    assert_eq!(corpus.source(*file).path, expected, "{link}");
}

#[test]
fn links_lead_to_the_same_file_in_every_spelling() {
    for link in ["[x](b/c%20(d).md)", "[x](<b/c (d).md>)", "[x](b/c%20%28d%29.html)", "[x]\n\n[x]: <b/c (d).md> 't'"] {
        leads_to(link, "b/c (d).md");
    }
    for link in
        ["[x](b/e.html)", "[x](b/e.html.md#t)", "[x](/b/e)", "[x](./b/./e.html?a#t)", "<a href='b/e.html'>x</a>"]
    {
        leads_to(link, "b/e.html.md");
    }
    for link in ["[x](b)", "[x](b/)", "[x](/b/index.html)", "[x](b/_index.md)", "[x](b/#x%20y)"] {
        leads_to(link, "b/_index.md");
    }
    leads_to("[x](b/Gr%C3%B6%C3%9Fe%205%.md)", "b/Größe 5%.md");
    leads_to("[x](b/f.html)", "b/f.markdown");
    leads_to("[x](B/F.MARKDOWN)", "b/f.markdown");
    leads_to("[x](/B/E)", "b/e.html.md");
}

#[test]
fn references_without_a_definition_are_noted_and_other_brackets_are_not() {
    let text =
        "[a][b] [c][] [d] [e][f] x[0][1] `[g][h]` [^1][^2] ![i][j] - [ ] \\[k\\]\\[l\\] {{[m][n]}}\n\n[F]: f.md\n";
    let source = Source::new("a.md", text);
    let document = parse(&source);
    let labels: Vec<_> = document.undefined_references.iter().map(|reference| reference.label.as_str()).collect();
    assert_eq!(labels, ["b", "c", "j", "n"]);
}

#[test]
fn a_directive_declares_its_name() {
    let source = Source::new(
        "a.md",
        "1. x\n\n   ```{code-block} yaml\n   :linenos:\n   :name: setup:values\n   a: 1\n   ```\n\n```\n:name: no\n```\n",
    );
    let document = parse(&source);
    let labels: Vec<_> = document.labels.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["setup:values"]);
}

#[test]
fn markers_of_items_and_fences_are_found_in_every_container() {
    let text = "- [ ] a\n* [x] b\n\n> 7) c\n>    ~~~~\n>    x\n>    ~~~~\n\n  10. d\n      - e\n\n        ```sh\n        y\n        ```\n\n-\n";
    let source = Source::new("a.md", text);
    let document = parse(&source);
    let items: Vec<_> =
        document.items.iter().map(|item| (source.slice(item.marker), item.number, item.checked)).collect();
    let expected = [
        ("-", None, Some(false)),
        ("*", None, Some(true)),
        ("7)", Some(7), None),
        ("10.", Some(10), None),
        ("-", None, None),
        ("-", None, None),
    ];
    assert_eq!(items, expected);
    let fences: Vec<&str> = document.code_blocks.iter().map(|block| source.slice(block.fence)).collect();
    assert_eq!(fences, ["~~~~", "```"]);
}
