//! The documents of this repository: `docs/rules.md` is what the registry gives, the configs that they show are
//! accepted and fit the schema, the schema fits the decoder, reports look as `docs/formats.md` shows them, and relative
//! links lead to files.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes `docs/rules.md` and `docs/config.schema.json` anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use runbook_site::diagnostic::{Fixability, RuleInfo};
use runbook_site::document::{CodeBlock, parse};
use runbook_site::rules::{self, Rules};
use runbook_site::settings::Settings;
use runbook_site::source::Source;
use serde_json::Value;

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
fn the_configs_of_the_documents_are_accepted_and_fit_the_schema() {
    for page in ["README.md", "docs/configuration.md"] {
        let source = read(Path::new(page));
        let document = parse(&source);
        let configs: Vec<_> = document.code_blocks.iter().filter(|block| block.language == "toml").collect();
        assert_eq!(configs.len(), 1, "{page}: one block of TOML");
        assert_eq!(decoded(&configs[0].text), Ok(()), "{page}");
        assert_eq!(validated(&configs[0].text), Ok(()), "{page}");
    }
}

#[test]
fn the_schema_is_that_of_the_decoder() {
    let path = Path::new("docs/config.schema.json");
    let expected = serde_json::to_string_pretty(&rules::config_schema()).expect("a schema") + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, &expected).expect("docs/config.schema.json is written");
    }
    let found = fs::read_to_string(path).expect("docs/config.schema.json");
    assert!(found == expected, "{} is out of date; run: UPDATE_DOCS=1 cargo test --test docs", path.display());
}

/// What the decoder refuses by form, the schema refuses, and the other way round.
#[test]
fn the_schema_and_the_decoder_agree_on_mistakes() {
    let good = [
        "",
        "extends = \"a.toml\"\nplanned = []\n",
        "[standards.a]\nsections = [\"purpose\", { name = \"Risks\", aliases = [\"Risk\"] }]\n",
        "[standards.a]\nmetadata = [{ name = \"Tier\", type = \"number\", optional = true }]\n",
        "[site]\nbase-url = \"https://a.example/b\"\nedit = \"https://a.example/{path}\"\nlanguage = \"pt-BR\"\ncss = [\"a.css\"]\n",
        "[site.colors]\naccent = \"#0b5d52\"\nok = { light = \"#fff\" }\nink = { light = \"#000\", dark = \"#FFF\" }\n",
        "[rules]\noverdue-review = { level = \"info\", interval-days = 3 }\nlinks = { level = \"off\" }\n",
        "[[overrides]]\nfiles = [\"a\"]\nrules = { dead-link = \"off\" }\n",
    ];
    let bad = [
        "rot = \"docs\"\n",
        "root = 3\n",
        "include = \"*.md\"\n",
        "kinds = [\"a\"]\n",
        "[standards.a]\nsections = [3]\n",
        "[standards.a]\nsections = [{ aliases = [] }]\n",
        "[standards.a]\nextra-sections = [{ name = \"A\", behind = \"B\" }]\n",
        "[standards.a]\nreview-interval-days = -1\n",
        "[standards.a]\nguidelines = [\"numbers\"]\n",
        "[standards.a]\nmetadata = [{ name = \"A\", type = \"string\" }]\n",
        "[roles.a]\nalias = [\"b\"]\n",
        "[site]\ncolour = \"red\"\n",
        "[site]\ncss = \"a.css\"\n",
        "[site]\nbase-url = \"ops.example\"\n",
        "[site]\nbase-url = \"https://ops.example/?a\"\n",
        "[site]\nbase-url = \"https://me@ops.example\"\n",
        "[site]\nedit = \"https://ops.example/edit\"\n",
        "[site]\nlanguage = \"English, of course\"\n",
        "[site.colors]\naccent = \"teal\"\n",
        "[site.colors]\naccent = \"#12345\"\n",
        "[site.colors]\naccent = { lihgt = \"#fff\" }\n",
        "[site.colors]\nacent = \"#fff\"\n",
        "[rules]\ndead-lnk = \"off\"\n",
        "[rules]\ndead-link = \"of\"\n",
        "[rules]\ndead-link = true\n",
        "[rules]\noverdue-review = { interval = 3 }\n",
        "[rules]\nlinks = { depth = 3 }\n",
        "[[overrides]]\nrules = {}\n",
        "[[overrides]]\nfiles = [\"a\"]\nrules = { dead-lnk = \"off\" }\n",
    ];
    for text in good {
        assert_eq!((decoded(text), validated(text)), (Ok(()), Ok(())), "{text}");
    }
    for text in bad {
        assert!(decoded(text).is_err(), "decoded: {text}");
        assert!(validated(text).is_err(), "valid by the schema: {text}");
    }
}

fn decoded(config: &str) -> Result<(), String> {
    let settings = Settings::parse(config).map_err(|error| error.message)?;
    Rules::configure(&settings, std::iter::empty()).map(|_| ()).map_err(|error| error.message)
}

fn validated(config: &str) -> Result<(), String> {
    let value: Value = toml::from_str(config).map_err(|error| error.to_string())?;
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("config.json", rules::config_schema()).map_err(|error| error.to_string())?;
    let schema = compiler.compile("config.json", &mut schemas).map_err(|error| error.to_string())?;
    schemas.validate(&value, schema).map_err(|error| error.to_string())
}

/// Blocks of `docs/formats.md` are files (`file=PATH`) and what `check` prints of them (`output=FORMAT`). With
/// `pointer=…` a block is a part of that JSON, perhaps without some of its keys.
#[test]
fn reports_look_as_the_documents_show_them() {
    let page = read(Path::new("docs/formats.md"));
    let blocks = parse(&page).code_blocks;
    let option = |block: &CodeBlock, name: &str| {
        let info = page.slice(block.span).lines().next().unwrap_or_default();
        info.split(' ').find_map(|word| word.strip_prefix(name)).map(str::to_string)
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("docs")).expect("a folder");
    fs::write(folder.path().join("docs/log-rotation.md"), "# Log rotation\n").expect("a file");
    for block in &blocks {
        if let Some(path) = option(block, "file=") {
            fs::write(folder.path().join(path), &block.text).expect("a file");
        }
    }
    let mut formats = BTreeSet::new();
    for block in &blocks {
        let Some(format) = option(block, "output=") else { continue };
        let run = Command::new(env!("CARGO_BIN_EXE_runbook-site"))
            .current_dir(folder.path())
            .env_remove("GITHUB_STEP_SUMMARY")
            .env("COLUMNS", "80")
            .args(["check", "docs", "--color", "never", "--output-format", &format])
            .output()
            .expect("the program starts");
        let printed = String::from_utf8(run.stdout).expect("UTF-8");
        match option(block, "pointer=") {
            None => assert_eq!(printed.trim_end(), block.text.trim_end(), "{format}"),
            Some(pointer) => {
                let whole: Value = serde_json::from_str(&printed).expect("JSON");
                let part: Value = serde_json::from_str(&block.text).expect("JSON");
                let found = whole.pointer(&pointer);
                assert!(found.is_some_and(|found| holds(found, &part)), "{format}: {found:#?}");
            }
        }
        formats.insert(format);
    }
    assert_eq!(formats.len(), 8, "an example of each format but json-lines: {formats:?}");
}

/// Whether a value has all keys and values of a part of it.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|found| holds(found, value)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(found, value)| holds(found, value))
        }
        _ => whole == part,
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
         `[rules]` of `runbook-site.toml` sets another for a rule or a group, or turns it `off`. `check --fix` makes the safe\n\
         fixes; with `--unsafe-fixes` it makes the others, too, which a person should read.\n\n\
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
