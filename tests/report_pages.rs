//! The pages under `report/`, and what an index shows of its runbooks: that they say what is so, hide what is secret, and
//! stay of one size however large the handbook is.

use std::collections::BTreeMap;

use runbook_site::corpus::{Corpus, Facts, parse_date};
use runbook_site::document::parse;
use runbook_site::lint::lint;
use runbook_site::report::Hidden;
use runbook_site::rules::{Rules, all};
use runbook_site::settings::Settings;
use runbook_site::site::{Content, Theme, render};
use runbook_site::source::Source;

/// The site's HTML files by path, checked on 2026-11-25.
fn site(files: &[(&str, String)]) -> BTreeMap<String, String> {
    let mut files: Vec<&(&str, String)> = files.iter().collect();
    files.sort();
    let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(*path, text.as_str())).collect();
    let settings = Settings::default();
    let facts = Facts { today: parse_date("2026-11-25"), ..Facts::default() };
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let diagnostics = lint(&corpus, &Rules::default()).diagnostics;
    let infos: Vec<_> = all().collect();
    let files = render(&corpus, &diagnostics, Hidden::default(), &infos, &Theme::default_theme(), None, &|_, _| None);
    let html = files.expect("the site").into_iter().filter(|file| file.path.ends_with(".html"));
    html.map(|file| match file.content {
        Content::Bytes(bytes) => (file.path, String::from_utf8(bytes).expect("UTF-8")),
        Content::CopyOf(source) => panic!("a copy of {source}"),
    })
    .collect()
}

const INDEX: &str = "# Ops

## Emergency Procedures

| Scenario | Runbook | Estimated Time | Approval Required |
|---|---|---|---|
| Primary gone | [Failover](failover.md) | 5-15 minutes | DBA |
| Ship sinks | [Sink](sink.md) | 1-2 hours | DBA |

## Routine

| Scenario | Runbook | Priority |
|---|---|---|
| Old logs | [Logs](logs.md) | P1/P2 |

## Priority Definitions

| Priority | Response Time | Example Scenarios |
|---|---|---|
| **P1** | 30 minutes | Nobody can buy |

## Escalation Path

| Priority | Time | Escalate to |
|---|---|---|
| P1 | 0-30 min | DBA |
| P1 | 30+ min | Lead |

## Contact Information

| Role | Primary | Backup | Method |
|---|---|---|---|
| DBA | dba@ops.example | - | Phone +49 30 1234567 |
| Lead | @lead | @boss | Slack #lead |

## Runbook Standards

### Required Sections

1. **Purpose**
2. **Procedure**
3. **Rollback**

## Quick Commands

### Cluster

```bash
kubectl get pods
kubectl delete pvc data-0
```
";

fn small() -> BTreeMap<String, String> {
    let failover = "# Failover\n\n**Last Updated**: 2026-11-02\n**Owner**: Data Team\n\n## Purpose\n\nPromote.\n\n## Procedure\n\n\
                    ### Step 1: Drop it\n\n```bash\nkubectl delete pvc data-0\nmysql -u ops --password=brackish-tern-weather -e 'DROP TABLE a'\n```\n\n\
                    ### Step 2: Restart\n\n> [!WARNING]\n> Users are cut off.\n\n```bash\nkubectl rollout restart deploy/web\n```\n";
    let logs = "# Logs\n\n**Last Updated**: 2025-01-10\n**Owner**: Web <Team>\n\n## Purpose\n\nClean.\n\n## Procedure\n\n1. Go\n2. Clear\n\n   ```bash\n   rm -rf /var/log/web\n   ```\n\n## Rollback\n\nNone.\n";
    site(&[("README.md", INDEX.to_string()), ("failover.md", failover.to_string()), ("logs.md", logs.to_string())])
}

/// Asserts that a page holds each of some texts.
#[track_caller]
fn holds(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "no {text:?} in {page}");
    }
}

/// The HTML from one text up to another.
fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    let rest = &page[page.find(from).unwrap_or_else(|| panic!("no {from:?} in {page}"))..];
    &rest[..rest.find(to).unwrap_or(rest.len())]
}

#[test]
fn the_overview_says_how_the_handbook_stands() {
    let site = small();
    let report = &site["report/index.html"];
    holds(report, &["<dd>1 <span class=\"of\">of 2</span></dd>", "document overdue for review</dt><dd>1</dd>"]);
    // A command without a warning is no number alone.
    holds(report, &["destructive commands with a warning</dt><dd>0 <span class=\"of\">of 4</span></dd>"]);
    let row = between(report, "href=\"../failover.html\">Failover", "</tr>");
    holds(row, &["Purpose: present", "Rollback: missing", "findings.html#finding-", "Reviewed: in time"]);
    holds(between(report, "href=\"../logs.html\">Logs", "</tr>"), &["Reviewed: overdue"]);
    holds(report, &["rules/missing-section.html", "owners/data-team.html", "Web &lt;Team&gt;"]);
    holds(
        report,
        &["<svg class=\"ages\"", "November 2026: 1 runbook, 0 overdue", "January 2025: 1 runbook, 1 overdue"],
    );
    holds(report, &["report.sarif", "junit.xml", "report/badge.svg"]);
}

#[test]
fn a_finding_has_its_lines_the_reason_and_the_remedy() {
    let site = small();
    let findings = &site["report/findings.html"];
    let unmarked = between(findings, "data-rule=\"unmarked-dangerous-command\"", "</li>\n");
    holds(unmarked, &["<mark>kubectl delete pvc data-0</mark>", "Why it matters", "copied, not read"]);
    holds(
        unmarked,
        &[
            "runbook-site check --unsafe-fixes",
            "<span class=\"sign\">+</span>",
            "runbook-site explain unmarked-dangerous-command",
        ],
    );
    let missing = between(findings, "data-rule=\"missing-section\"", "</li>\n    <li class=\"finding\"");
    holds(missing, &["Rollback", "required here", "../index.html#required-sections"]);
}

#[test]
fn a_document_leads_to_its_findings_in_the_report() {
    let site = small();
    let url = between(&site["failover.html"], "report/findings.html#finding-", "\"").to_string();
    let id = url.split('#').nth(1).expect("a fragment");
    holds(&site["report/findings.html"], &[&format!("id=\"{id}\"")]);
}

#[test]
fn findings_keep_their_address_when_lines_shift() {
    let ids = |text: &str| {
        let site = site(&[("a.md", text.to_string())]);
        let parts = site["report/findings.html"].split("id=\"finding-").skip(1);
        parts.map(|part| part[..16].to_string()).collect::<Vec<_>>()
    };
    let before = ids("# A\n\n[x](gone.md)\n");
    assert_eq!(before.len(), 1);
    assert_eq!(before, ids("# A\n\nMore.\n\nAnd more.\n\n[x](gone.md)\n"));
}

#[test]
fn the_inventory_lists_dangerous_commands_with_their_places() {
    let site = small();
    let page = &site["report/commands.html"];
    let destructive = between(page, "<h2 id=\"destructive\">", "<h2 id=\"disruptive\">");
    let disruptive = between(page, "<h2 id=\"disruptive\">", "</article>");
    holds(
        destructive,
        &[
            "kubectl delete pvc data-0",
            "href=\"../failover.html#step-1-drop-it\">Step 1: Drop it</a>",
            "no warning before it",
        ],
    );
    holds(destructive, &["rm -rf /var/log/web", "href=\"../logs.html#procedure-step-2\">Step 2: Clear</a>"]);
    holds(&site["logs.html"], &["id=\"procedure-step-2\""]);
    holds(disruptive, &["kubectl rollout restart deploy/web", "Step 2: Restart", "with a warning"]);
    assert!(!page.contains("data-copy"), "nothing is copied here");
    assert!(!destructive.contains("rollout restart") && !disruptive.contains("delete pvc"));
}

#[test]
fn a_word_that_is_a_password_where_it_stands_is_on_no_page() {
    for (path, text) in small() {
        assert!(!text.contains("brackish-tern"), "{path}: {}", between(&text, "brackish-tern", "\n"));
    }
}

#[test]
fn the_escalation_page_says_whom_to_call_and_how() {
    let site = small();
    let page = &site["report/escalation.html"];
    let priority = between(page, "id=\"priority-p1\"", "</section>");
    holds(priority, &["answer within 30 minutes", "Nobody can buy", "<b>0–30 min</b>", "<b>30+ min</b>"]);
    holds(
        priority,
        &["<a href=\"mailto:dba@ops.example\">dba@ops.example</a>", "<a href=\"tel:+49301234567\">+49 30 1234567</a>"],
    );
    holds(priority, &["backup: @boss", "<a href=\"../logs.html\">Logs</a>"]);
    holds(between(page, "contacts-table", "</table>"), &["<th scope=\"row\">DBA</th>", "Slack #lead"]);
    holds(&site["logs.html"], &["report/escalation.html#priority-p1\">Escalation and contacts</a>"]);
}

#[test]
fn quick_commands_can_be_copied_and_look_what_they_are() {
    let site = small();
    let page = &site["report/quick-commands.html"];
    holds(
        page,
        &["../index.html#cluster\">Cluster</a>", "data-copy", "data-risk=\"destructive\"", "data-program=\"kubectl\""],
    );
}

#[test]
fn an_index_shows_emergencies_first_and_how_its_runbooks_stand() {
    let site = small();
    let page = &site["index.html"];
    let emergencies = between(page, "<nav class=\"emergencies\"", "</nav>");
    holds(emergencies, &["href=\"failover.html\"", "<b>Primary gone</b>", "5–15 min · DBA"]);
    assert!(page.find("class=\"emergencies\"") < page.find("<table class=\"index-table emergency\""));
    let row = between(page, "<tr data-health=\"errors\"", "</tr>");
    holds(row, &["data-sort=\"5.0000000015\"", "<time datetime=\"2026-11-02\">", "2 destructive"]);
    holds(between(page, "<tr data-health=\"missing\"", "</tr>"), &["Ship sinks", "missing"]);
    let old = between(page, "<tr data-health=\"overdue\" data-priority=\"P1/P2\">", "</tr>");
    holds(old, &["data-sort=\"2025-01-10\"", "overdue</span>"]);
}

#[test]
fn a_home_page_that_was_made_up_shows_the_emergencies_of_all_indexes() {
    let site = site(&[
        ("ops/README.md", INDEX.to_string()),
        ("ops/failover.md", "# Failover\n".to_string()),
        ("ops/logs.md", "# Logs\n".to_string()),
    ]);
    let emergencies = between(&site["index.html"], "<nav class=\"emergencies\"", "</nav>");
    holds(emergencies, &["href=\"ops/failover.html\"", "<b>Primary gone</b>"]);
}

#[test]
fn a_handbook_without_them_has_no_page_for_commands_and_contacts() {
    let site = site(&[("a.md", "# A\n\nText.\n".to_string())]);
    for page in ["report/commands.html", "report/escalation.html", "report/quick-commands.html"] {
        assert!(!site.contains_key(page) && !site.values().any(|text| text.contains(page)), "{page}");
    }
    holds(&site["report/findings.html"], &["nothing to mend"]);
}

/// Documents without an index page at the root, each with faults and a destructive command.
fn large(documents: usize) -> BTreeMap<String, String> {
    let files: Vec<(String, String)> = (0..documents)
        .map(|number| {
            let text = format!(
                "# Runbook {number}\n\n**Last Updated**: {}-0{}-11\n**Owner**: Team {}\n\n## Purpose\n\nWork.\n\n## Procedure\n\n\
                 See [x](gone-{number}.md), [y](gone.md)\n\n#### Deep\n\n```bash\nrm -rf /srv/{number}\n```\n\n## Verification\n\nLook.\n",
                2015 + number % 11,
                1 + number % 9,
                number % 400,
            );
            (format!("folder-{}/runbook-{number}.md", number % 60), text)
        })
        .collect();
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    site(&files)
}

#[test]
fn no_page_grows_with_the_handbook() {
    let (some, many) = (large(800), large(3000));
    let size = |site: &BTreeMap<String, String>, path: &str| site[path].len();
    for path in [
        "index.html",
        "report/index.html",
        "report/findings.html",
        "report/requirements.html",
        "report/commands.html",
        "report/owners.html",
        "report/contents.html",
    ] {
        let (before, after) = (size(&some, path), size(&many, path));
        assert!(after < before + before / 20, "{path}: {before} bytes with 800 documents, {after} with 3000");
    }
    let largest = many.iter().max_by_key(|(_, text)| text.len()).expect("pages");
    assert!(largest.1.len() < 300_000, "{}: {} bytes", largest.0, largest.1.len());
    let pages = |stem: &str| many.keys().filter(|path| path.starts_with(stem)).count();
    assert_eq!((pages("report/contents"), pages("report/commands"), pages("report/owners-") + 1), (15, 15, 2));
    let links = many["index.html"].matches("<a ").count();
    assert!(links < 700, "{links} links on the home page");
}

#[test]
fn every_link_between_the_pages_of_a_large_report_leads_to_its_place() {
    let site = large(450);
    let mut checked = 0;
    for (path, text) in site.iter().filter(|(path, _)| path.starts_with("report/") || *path == "index.html") {
        for href in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let (file, fragment) = href.split_once('#').unwrap_or((href, ""));
            if !file.ends_with(".html") {
                continue;
            }
            let target = resolve(path, file);
            let page = site.get(&target).unwrap_or_else(|| panic!("{path}: no page {target}"));
            let id = format!("id=\"{fragment}\"");
            assert!(fragment.is_empty() || page.contains(&id), "{path}: no {fragment} on {target}");
            checked += 1;
        }
    }
    assert!(checked > 2000, "{checked} links");
}

/// The path that a relative link means.
fn resolve(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
