//! Each report format is well formed whatever stands in names and messages, says all that was found, and keeps to what
//! its readers take.

use std::collections::BTreeSet;
use std::path::Path;

use runbook_site::diagnostic::{
    Applicability, Diagnostic, Edit, Effect, Finding, Fix, Level, Location, Related, RuleInfo,
};
use runbook_site::report::{
    Hidden, Look, Report, badge, concise, full, github, github_summary, gitlab, json, json_lines, junit, markdown,
    plain, sarif,
};
use runbook_site::rules;
use runbook_site::source::{FileId, Source, Span};
use serde_json::Value;

/// Texts on which formats trip.
const HOSTILE: [&str; 24] = [
    "no file `a.md`",
    "",
    "`",
    "``",
    "a | b `x|y` `x\\|y` \\",
    "`a` `b",
    "|---|---|",
    "<script>alert(1)</script> & &amp; \"quoted\" 'single' ]]>",
    "\u{1b}[31mred\u{1b}[0m \u{7}\u{8}\u{0}\u{7f}\u{9b}",
    "right \u{202e}to left\u{2066} isolates\u{2069} \u{200f}",
    "line\nbreak\r\nand \u{2028}\u{2029}\u{85} tab\there",
    "\u{fffe}\u{ffff}\u{feff} no characters of XML",
    "::error::injected%0A::set-output name=x::y",
    "%25 100% %0A , : ;",
    "[text](javascript:alert) ![image](x) [see](1) {0} {{x}}",
    "*bold* _italic_ ~~gone~~ # heading",
    "@team #12 https://example.org www.example.org a@b.example $x$",
    "Übergabe ñandú 数据库 база 💾 e\u{301}",
    "<!-- comment --> <pod-name> <![CDATA[ x",
    "\\u0041 \\n \\ \" \\\"",
    " leading and trailing ",
    "` `` ``` `",
    "${HOME} $(rm -rf /) `id`",
    "a:b,c=d;e'f",
];

/// A run over some files: what a report needs.
struct Run {
    /// They live as long as the test: a report borrows a list of borrowed sources.
    sources: Vec<&'static Source>,
    paths: Vec<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Run {
    fn of(files: &[(&str, &str)], diagnostics: Vec<Diagnostic>) -> Run {
        let sources: Vec<&Source> =
            files.iter().map(|(path, text)| &*Box::leak(Box::new(Source::new(*path, *text)))).collect();
        let paths = sources.iter().map(|source| source.path.clone()).collect();
        Run { sources, paths, diagnostics }
    }

    /// Each hostile text as path, text, message, help, subject, related message and replacement, at all levels.
    fn hostile() -> Run {
        let files: Vec<(String, String)> = HOSTILE
            .iter()
            .enumerate()
            .map(|(at, text)| (format!("{at} {text}.md"), format!("# {text}\n\n{text}")))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let levels = [Level::Error, Level::Warning, Level::Info];
        let diagnostics = HOSTILE.iter().enumerate().map(|(at, text)| {
            let file = at;
            let whole = Span::new(0, files[file].1.len());
            let other = location((file + 1) % files.len(), Span::new(0, 2));
            Diagnostic {
                level: levels[at % 3],
                fingerprint: "same".to_string(),
                finding: Finding {
                    help: (at % 2 == 0).then(|| text.to_string()),
                    related: vec![
                        Related { location: other, message: text.to_string() },
                        Related { location: location(file, Span::new(0, 0)), message: "here".to_string() },
                    ],
                    fix: Some(Fix {
                        applicability: if at % 2 == 0 { Applicability::Safe } else { Applicability::Unsafe },
                        effect: Effect::Text,
                        message: text.to_string(),
                        edits: vec![Edit { location: location(file, whole), replacement: text.to_string() }],
                    }),
                    ..finding(file, whole, text)
                },
                ..diagnostic("dead-link", file, Span::default())
            }
        });
        Run::of(&files, diagnostics.collect())
    }

    /// Ten thousand findings in a hundred files.
    fn large() -> Run {
        let text = "word word word word word\n".repeat(100);
        let paths: Vec<String> = (0..100).map(|at| format!("folder/runbook {at:03}.md")).collect();
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), text.as_str())).collect();
        let names = ["dead-link", "missing-section", "dead-anchor"];
        let diagnostics = (0..10_000).map(|at| {
            let start = at % 100 * 25;
            Diagnostic {
                level: [Level::Info, Level::Warning, Level::Error][at % 3],
                fingerprint: format!("{:032x}", at / 4),
                ..diagnostic(names[at % 3], at / 100, Span::new(start, start + 4))
            }
        });
        Run::of(&files, diagnostics.collect())
    }

    fn clean() -> Run {
        Run::of(&[("a.md", "# A\n")], Vec::new())
    }

    fn report(&self) -> Report<'_> {
        Report {
            sources: &self.sources,
            paths: &self.paths,
            diagnostics: &self.diagnostics,
            hidden: Hidden::default(),
            documents: self.sources.len(),
            runbooks: 1,
        }
    }
}

fn location(file: usize, span: Span) -> Location {
    Location { file: FileId::new(file), span }
}

fn finding(file: usize, span: Span, text: &str) -> Finding {
    Finding::new(location(file, span), text, text)
}

fn diagnostic(rule: &'static str, file: usize, span: Span) -> Diagnostic {
    let finding = Finding { help: Some("write `b.md`".to_string()), ..finding(file, span, "no file `a.md`") };
    Diagnostic { rule, level: Level::Error, finding, fingerprint: "f".to_string() }
}

fn rule_infos() -> Vec<&'static RuleInfo> {
    rules::all().collect()
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn list<'v>(value: &'v Value, what: &str) -> &'v Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list of {what}"))
}

fn runs() -> [Run; 3] {
    [Run::hostile(), Run::large(), Run::clean()]
}

#[test]
fn no_format_steers_a_terminal() {
    let run = Run::hostile();
    let report = run.report();
    let look = Look { color: false, unicode: true, width: 80 };
    let steers = |c: char| c != '\n' && c != '\t' && plain(c.to_string().as_str()).len() > c.len_utf8();
    for (name, text) in [
        ("full", full(&report, look)),
        ("concise", concise(&report)),
        ("json", json(&report)),
        ("json-lines", json_lines(&report)),
        ("sarif", sarif(&report, &rule_infos())),
        ("github", github(&report)),
        ("gitlab", gitlab(&report)),
        ("junit", junit(&report, Level::Error)),
        ("markdown", markdown(&report)),
        ("badge", badge(&report)),
    ] {
        let found = text.chars().find(|c| steers(*c));
        assert_eq!(found, None, "{name}");
    }
}

#[test]
fn json_means_what_was_found_however_it_is_written() {
    let run = Run::hostile();
    let whole = parsed(&json(&run.report()));
    let lines = json_lines(&run.report());
    for (at, (text, line)) in HOSTILE.iter().zip(lines.lines()).enumerate() {
        let entry = &whole["diagnostics"][at];
        assert_eq!(entry["message"], *text);
        assert_eq!(entry["fix"]["edits"][0]["replacement"], *text);
        assert_eq!(parsed(line), *entry, "line {at}");
    }
    assert_eq!(lines.lines().count(), HOSTILE.len());
    assert_eq!(json_lines(&Run::clean().report()), "");
}

#[test]
fn sarif_has_what_code_scanning_needs() {
    for run in runs() {
        let log = parsed(&sarif(&run.report(), &rule_infos()));
        assert_eq!(log["version"], "2.1.0");
        let sarif_run = &log["runs"][0];
        assert_eq!(sarif_run["columnKind"], "unicodeCodePoints");
        let driver = &sarif_run["tool"]["driver"];
        assert_eq!((&driver["name"], &driver["version"]), (&"runbook-site".into(), &env!("CARGO_PKG_VERSION").into()));
        assert!(driver["informationUri"].as_str().is_some_and(|uri| uri.starts_with("https://")));
        let rules = list(&driver["rules"], "rules");
        assert_eq!(rules.len(), rule_infos().len());
        for rule in rules {
            // GitHub cuts these at 1,024 characters.
            for text in ["shortDescription", "fullDescription"] {
                let length = rule[text]["text"].as_str().map(|text| text.chars().count());
                assert!(length.is_some_and(|length| (1..1024).contains(&length)), "{}: {text}", rule["id"]);
            }
            assert!(rule["help"]["markdown"].as_str().is_some_and(|docs| docs.contains("## Why")), "{}", rule["id"]);
            assert!(
                ["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap_or(""))
            );
        }
        let results = list(&sarif_run["results"], "results");
        assert_eq!(results.len(), run.diagnostics.len());
        for (result, diagnostic) in results.iter().zip(&run.diagnostics) {
            let index = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!((&rules[index]["id"], &result["ruleId"]), (&diagnostic.rule.into(), &diagnostic.rule.into()));
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("an address");
            assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{uri}");
            let decoded = percent_encoding::percent_decode_str(uri).decode_utf8().expect("UTF-8");
            assert_eq!(decoded, run.paths[diagnostic.finding.location.file.index()]);
            assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
            assert!(place["region"]["startLine"].as_u64() >= Some(1));
            assert_eq!(result["partialFingerprints"]["runbookSite/v1"], diagnostic.fingerprint);
            assert_eq!(result["fixes"].is_null(), diagnostic.finding.fix.is_none());
        }
    }
}

/// The schema is not part of this repository. Where it stands beside it, reports are held to it.
#[test]
fn sarif_fits_its_schema() {
    let path = Path::new("../shared/schemas/sarif-2.1.0.json");
    let Ok(schema) = std::fs::read_to_string(path) else { return };
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("sarif.json", parsed(&schema)).expect("a schema");
    let schema = compiler.compile("sarif.json", &mut schemas).expect("a schema");
    for run in runs() {
        let log = parsed(&sarif(&run.report(), &rule_infos()));
        schemas.validate(&log, schema).unwrap_or_else(|error| panic!("{error:#}"));
    }
    assert!(schemas.validate(&serde_json::json!({ "version": "2.1.0" }), schema).is_err(), "the schema is in force");
}

#[test]
fn sarif_names_files_outside_the_root_without_the_base() {
    let mut run = Run::of(&[("a.md", "# A\n")], vec![diagnostic("unknown-rule", 0, Span::default())]);
    for (path, uri, base) in [
        ("a b/ü.md", "a%20b/%C3%BC.md", true),
        ("x:y.md", "x%3Ay.md", true),
        ("../a.md", "../a.md", false),
        ("/srv/a.md", "file:///srv/a.md", false),
        ("C:/a.md", "file:///C%3A/a.md", false),
    ] {
        run.paths = vec![path.to_string()];
        let log = parsed(&sarif(&run.report(), &[]));
        let artifact = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!((&artifact["uri"], artifact["uriBaseId"].is_string()), (&uri.into(), base));
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][0]["id"], "unknown-rule");
    }
}

#[test]
fn sarif_links_related_places_and_nothing_else() {
    let mut found = diagnostic("dead-link", 0, Span::new(0, 1));
    found.finding.help = Some("write `[a](b.md)`".to_string());
    found.finding.related = vec![Related { location: location(0, Span::new(2, 3)), message: "list [1]".to_string() }];
    let run = Run::of(&[("a.md", "# A\n")], vec![found]);
    let result = &parsed(&sarif(&run.report(), &[]))["runs"][0]["results"][0];
    assert_eq!(result["message"]["text"], "no file `a.md`\nhelp: write `\\[a\\](b.md)`\n[list \\[1\\]](1)");
    let related = &result["relatedLocations"][0];
    assert_eq!((&related["id"], &related["message"]["text"]), (&1.into(), &"list [1]".into()));
    assert_eq!(related["physicalLocation"]["region"]["startColumn"], 3);
}

#[test]
fn each_finding_is_one_command_that_holds_nothing_but_its_own() {
    for run in runs() {
        let text = github(&run.report());
        let mut open = false;
        let mut commands = 0;
        for line in text.lines() {
            let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
            let (head, message) = rest.split_once("::").unwrap_or_else(|| panic!("no message: {line}"));
            let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
            match name {
                "group" => open = true,
                "endgroup" => open = false,
                _ => {
                    assert!(open && ["error", "warning", "notice"].contains(&name), "{line}");
                    let keys: Vec<&str> =
                        properties.split(',').map(|property| property.split('=').next().unwrap_or("")).collect();
                    assert_eq!(keys[..4], ["title", "file", "line", "endLine"], "{line}");
                    let path = &run.paths[run.diagnostics[commands].finding.location.file.index()];
                    let (file, shown) = (unescaped(properties.split(',').nth(1).unwrap_or("")), unescaped(message));
                    assert_eq!(file, format!("file={}", plain(path)));
                    assert!(shown.contains(&*plain(&run.diagnostics[commands].finding.message)), "{shown}");
                    commands += 1;
                }
            }
        }
        assert!(!open);
        assert_eq!(commands, run.diagnostics.len());
    }
}

fn unescaped(text: &str) -> String {
    text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
}

#[test]
fn gitlab_fingerprints_are_unique() {
    for run in runs() {
        let report = parsed(&gitlab(&run.report()));
        let issues = list(&report, "issues");
        assert_eq!(issues.len(), run.diagnostics.len());
        let fingerprints: BTreeSet<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
        assert_eq!(fingerprints.len(), issues.len());
        for issue in issues {
            assert!(issue["description"].is_string() && issue["check_name"].is_string());
            assert!(["info", "minor", "major"].contains(&issue["severity"].as_str().unwrap_or("")));
            assert!(issue["location"]["lines"]["begin"].as_u64() >= Some(1));
        }
    }
}

#[test]
fn junit_has_one_case_for_each_rule_of_a_document() {
    for run in runs() {
        let text = junit(&run.report(), Level::Warning);
        let xml = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let named = |name: &'static str| xml.descendants().filter(move |node| node.has_tag_name(name));
        let number = |node: roxmltree::Node<'_, '_>, name: &str| {
            node.attribute(name).and_then(|value| value.parse::<usize>().ok()).expect("a number")
        };
        let cases: BTreeSet<_> =
            named("testcase").map(|case| (case.attribute("classname"), case.attribute("name"))).collect();
        assert_eq!(cases.len(), named("testcase").count(), "a name twice");
        let root = xml.root_element();
        assert_eq!(number(root, "tests"), cases.len());
        assert_eq!(number(root, "failures"), named("failure").count());
        assert_eq!(number(root, "skipped"), named("skipped").count());
        for suite in named("testsuite") {
            let of_suite = suite.descendants().filter(|node| node.has_tag_name("testcase")).count();
            assert_eq!(number(suite, "tests"), of_suite);
        }
        let details: String = named("failure").chain(named("skipped")).filter_map(|node| node.text()).collect();
        for diagnostic in &run.diagnostics {
            let message = plain(&diagnostic.finding.message);
            let message = message.replace('\u{ffff}', "\\u{ffff}").replace('\u{fffe}', "\\u{fffe}");
            assert!(details.contains(&message), "{message}");
        }
    }
}

#[test]
fn junit_fails_at_the_level_asked_for_and_passes_where_nothing_was_found() {
    let run = Run::large();
    let failures = |level: Level| junit(&run.report(), level).matches("<failure ").count();
    assert_eq!((failures(Level::Error), failures(Level::Warning), failures(Level::Info)), (100, 200, 300));
    let clean = junit(&Run::clean().report(), Level::Info);
    let xml = roxmltree::Document::parse(&clean).expect("XML");
    let cases: Vec<_> = xml.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    assert!(cases.len() == 1 && !cases[0].has_children(), "{clean}");
}

#[test]
fn the_markdown_table_shows_texts_as_they_are() {
    for text in [markdown(&Run::hostile().report()), github_summary(&Run::hostile().report())] {
        let rows = rows_of(&text);
        let mut expected: Vec<&Diagnostic> = Vec::new();
        let run = Run::hostile();
        for level in [Level::Error, Level::Warning, Level::Info] {
            expected.extend(run.diagnostics.iter().filter(|diagnostic| diagnostic.level == level));
        }
        assert_eq!(rows.len(), expected.len() + 1, "{text}");
        for (cells, diagnostic) in rows.iter().skip(1).zip(expected) {
            assert_eq!(cells.len(), 3, "{cells:?}");
            assert_eq!(cells[0], diagnostic.level.name());
            let path = &run.paths[diagnostic.finding.location.file.index()];
            assert_eq!(cells[1], format!("{}:1\n{}", plain(path), diagnostic.rule));
            let message = plain(&diagnostic.finding.message).into_owned();
            let shown = |text: &str| text.replace('`', "").trim().to_string();
            assert!(shown(&cells[2]).starts_with(&shown(&message)), "{:?} for {message:?}", cells[2]);
        }
    }
}

/// The cells of all rows as a reader sees them, by comrak, which reads GitHub's Markdown. A line break is `\n`.
fn rows_of(markdown: &str) -> Vec<Vec<String>> {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(markdown, &options);
    assert!(
        !html.contains("<a ") && !html.contains("<script") && !html.contains("<em>") && !html.contains("<del>"),
        "{html}"
    );
    assert_eq!(html.matches("<table>").count(), 1, "{html}");
    let rows = html.split("<tr>").skip(1).map(|row| {
        let cells = row.split("</t").filter_map(|cell| Some(cell.split_once("<t")?.1.split_once('>')?.1));
        cells.map(seen).collect::<Vec<String>>()
    });
    rows.collect()
}

/// The text of HTML.
fn seen(html: &str) -> String {
    let mut text = String::new();
    for (at, piece) in html.replace("<br>", "\n").split('<').enumerate() {
        text.push_str(if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, rest)| rest) });
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn the_markdown_fits_into_a_comment_and_counts_what_is_left_out() {
    let run = Run::large();
    let text = markdown(&run.report());
    assert!(text.chars().count() <= 65_000);
    assert!(text.chars().count() > 64_000, "it uses the room");
    let rows = rows_of(&text);
    assert!(rows.iter().skip(1).all(|cells| cells[0] == "error"), "the gravest first");
    let last =
        format!("\n{} more findings left out here; `runbook-site check` shows all.\n", 10_000 - (rows.len() - 1));
    assert!(text.ends_with(&last), "{}", &text[text.len() - 100..]);
    assert!(github_summary(&run.report()).len() <= 1024 * 1024);
    let clean = markdown(&Run::clean().report());
    assert!(clean.contains("no findings") && !clean.contains('|'), "{clean}");
}

#[test]
fn the_badge_says_the_health_in_words_and_in_a_colour() {
    let mut run = Run::clean();
    let said = |run: &Run| {
        let text = badge(&run.report());
        let xml = roxmltree::Document::parse(&text).expect("XML");
        let root = xml.root_element();
        let title = xml.descendants().find(|node| node.has_tag_name("title")).and_then(|node| node.text());
        assert_eq!((root.attribute("role"), root.attribute("aria-label")), (Some("img"), title));
        let color = xml.descendants().rfind(|node| node.has_tag_name("rect"));
        (title.unwrap_or_default().to_string(), color.and_then(|rect| rect.attribute("fill").map(str::to_string)))
    };
    let mut colors = BTreeSet::new();
    for (level, words) in [
        (None, "runbooks: healthy"),
        (Some(Level::Info), "runbooks: healthy"),
        (Some(Level::Warning), "runbooks: 1 warning"),
        (Some(Level::Error), "runbooks: 1 error"),
        (Some(Level::Error), "runbooks: 2 errors"),
    ] {
        run.diagnostics.extend(level.map(|level| Diagnostic { level, ..diagnostic("dead-link", 0, Span::default()) }));
        let (title, color) = said(&run);
        assert_eq!(title, words);
        colors.insert(color);
    }
    assert_eq!(colors.len(), 3);
}
