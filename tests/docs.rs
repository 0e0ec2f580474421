//! The documents of this repository: `docs/rules.md` is what the registry gives, README's config is one that is
//! accepted, and relative links lead to files.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes `docs/rules.md` anew.

use std::fs;
use std::path::{Path, PathBuf};

use runbook_site::diagnostic::{Fixability, RuleInfo};
use runbook_site::document::parse;
use runbook_site::rules::{self, RuleSet};
use runbook_site::settings::Settings;
use runbook_site::source::Source;

#[test]
fn the_list_of_rules_is_that_of_the_registry() {
    let path = Path::new("docs/rules.md");
    let expected = rules_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, &expected).expect("docs/rules.md is written");
    }
    let found = fs::read_to_string(path).expect("docs/rules.md");
    assert!(found == expected, "docs/rules.md is out of date; run: UPDATE_DOCS=1 cargo test --test docs");
}

#[test]
fn the_config_of_the_readme_is_accepted() {
    let source = read(Path::new("README.md"));
    let document = parse(&source);
    let configs: Vec<_> = document.code_blocks.iter().filter(|block| block.language == "toml").collect();
    assert_eq!(configs.len(), 1, "one block of TOML");
    let settings = Settings::parse(&configs[0].text).unwrap_or_else(|error| panic!("{error:?}"));
    if let Err(error) = RuleSet::configure(&settings.rules) {
        panic!("{error:?}");
    }
}

#[test]
fn relative_links_lead_to_files() {
    let mut checked = 0;
    for path in pages() {
        let source = read(&path);
        for link in parse(&source).links {
            let target = link.target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let found = path.parent().unwrap_or(Path::new("")).join(target);
            assert!(found.exists(), "{}: no {target}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 20, "only {checked} links");
}

/// A table of all rules, each with a link to its page.
fn rules_page() -> String {
    let rows: String = rules::all().map(row).collect();
    format!(
        "<!-- Written by tests/docs.rs from the registry. After a change: UPDATE_DOCS=1 cargo test --test docs -->\n\n\
         # Rules\n\n\
         `runbook-site rules` prints this list, `runbook-site explain RULE` the page of a rule. The level is the default;\n\
         `[rules]` of `runbook-site.toml` sets another for a rule or a group, or turns it `off`. A fix is part of the JSON\n\
         report; an unsafe one must be read by a person before it is applied.\n\n\
         | rule | group | level | fix | summary |\n|---|---|---|---|---|\n{rows}"
    )
}

fn row(rule: &RuleInfo) -> String {
    let fix = match rule.fix {
        Fixability::None => "–",
        Fixability::Safe => "safe",
        Fixability::Unsafe => "unsafe",
    };
    let page = format!("../src/rules/{}/{}.md", rule.group, rule.name.replace('-', "_"));
    let RuleInfo { name, group, summary, .. } = rule;
    format!("| [{name}]({page}) | {group} | {} | {fix} | {summary} |\n", rule.level.name())
}

/// The Markdown at the top of the repository and in `docs/`.
fn pages() -> Vec<PathBuf> {
    let in_folder = |folder: &str| {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
        let paths = entries.flatten().map(|entry| entry.path().strip_prefix("./").map_or(entry.path(), PathBuf::from));
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect::<Vec<_>>()
    };
    ["./", "docs", "docs/decisions"].into_iter().flat_map(in_folder).collect()
}

fn read(path: &Path) -> Source {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Source::new(path.to_string_lossy(), text)
}
