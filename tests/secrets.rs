//! A literal secret in a command reaches nobody who reads a report or the site.

mod handbook;

use std::collections::BTreeMap;

use runbook_site::corpus::{Corpus, Facts};
use runbook_site::document::parse;
use runbook_site::inspect::inspect;
use runbook_site::report::{Hidden, Look, Report, full, json};
use runbook_site::settings::Settings;
use runbook_site::site::{Content, Theme, render};
use runbook_site::source::Source;

const SECRET: &str = "m8<Brackish&tern";

fn text() -> String {
    format!(
        "# Orders\n\nThe password is {SECRET}, or `{SECRET}`; see <https://orders.example/?p=m8%3C>.\n\n\
         ```bash\nmysql -u fuel -p'{SECRET}' fuel -e 'DROP TABLE orders'\n```\n\n\
         ```sql\nALTER USER fuel IDENTIFIED BY '{SECRET}';\n```\n\n\
         Expected output:\n\n```text\n{SECRET}\n```\n"
    )
}

/// Whether a text holds the secret, or enough of it, in any of the ways in which it may be written.
fn tells(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("brackish")
}

#[test]
fn reports_do_not_tell_it() {
    let sources = [Source::new("orders.md", text())];
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let (_, diagnostics) = handbook::check(&[("orders.md".to_string(), text().into_bytes())], &BTreeMap::new());
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.rule == "secret-in-command"));
    let masked = corpus.masked_sources();
    let shown: Vec<&Source> = masked.values().collect();
    let report = Report {
        sources: &shown,
        paths: &["orders.md".to_string()],
        diagnostics: &diagnostics,
        hidden: Hidden::default(),
        documents: 1,
        runbooks: 0,
    };
    let drawn = full(&report, Look { color: false, unicode: true, width: 100 });
    assert!(drawn.contains("DROP TABLE") && !tells(&drawn), "{drawn}");
    assert!(!tells(&json(&report)), "{}", json(&report));
    let model = serde_json::to_string(&inspect(&corpus, None)).expect("JSON");
    assert!(model.contains("DROP TABLE") && !tells(&model), "{model}");
}

#[test]
fn the_site_does_not_tell_it() {
    let sources = [Source::new("orders.md", text())];
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let (_, diagnostics) = handbook::check(&[("orders.md".to_string(), text().into_bytes())], &BTreeMap::new());
    let files = render(&corpus, &diagnostics, Hidden::default(), &[], &Theme::default_theme(), None, &|_, _| None)
        .expect("a site");
    for file in files {
        let Content::Bytes(bytes) = file.content else { continue };
        let text = String::from_utf8_lossy(&bytes);
        assert!(!tells(&text), "{}", file.path);
        if file.path == "orders.html" {
            assert!(text.contains("[redacted]") && text.contains("DROP TABLE"), "{text}");
        }
    }
}
