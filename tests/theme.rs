//! `docs/theme.md` lists every variable that templates are given, and no other: its tables are compared with what the
//! pages of two handbooks hold. The themes of the program build, and hold nothing that a page would load from elsewhere.

mod copy;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use copy::copy;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runbook-site");

/// A row of a table of variables.
struct Row {
    /// The variables of its first column: `site.title`, or `cells` for what lists hold.
    names: Vec<String>,
    /// What is between backticks in its other columns: among them the keys of maps and of the items of lists.
    keys: BTreeSet<String>,
}

#[test]
fn every_variable_of_templates_is_documented_and_exists() {
    let rows = documented();
    let given = given();
    let is_documented = |path: &str| {
        let key = path.rsplit('.').next().unwrap_or_default();
        let is_named = |row: &&Row, wanted: &str| row.names.iter().any(|name| name == wanted);
        let lists = |name: &str| rows.iter().filter(|row| is_named(row, name)).any(|row| row.keys.contains(key));
        let mut above = std::iter::successors(path.rsplit_once('.'), |(above, _)| above.rsplit_once('.'));
        rows.iter().any(|row| is_named(&row, path))
            || above.any(|(above, _)| lists(above) || lists(above.rsplit('.').next().unwrap_or_default()))
    };
    let undocumented: Vec<&String> = given.iter().filter(|path| !is_documented(path)).collect();
    assert!(undocumented.is_empty(), "given to templates and not in docs/theme.md: {undocumented:#?}");
    let parts = |name: &str| (format!("{name}."), format!(".{name}"));
    let exists = |name: &String| {
        let (start, end) = parts(name);
        let inside = format!(".{start}");
        given
            .iter()
            .any(|path| path == name || path.starts_with(&start) || path.ends_with(&end) || path.contains(&inside))
    };
    let missing: Vec<&String> = rows.iter().flat_map(|row| &row.names).filter(|name| !exists(name)).collect();
    assert!(missing.is_empty(), "in docs/theme.md and not given to templates: {missing:#?}");
}

/// The rows of all tables whose first column is `variable`.
fn documented() -> Vec<Row> {
    let text = fs::read_to_string("docs/theme.md").expect("docs/theme.md");
    let mut rows = Vec::new();
    let mut is_variables = false;
    for line in text.lines() {
        let Some(cells) = line.strip_prefix("| ") else {
            is_variables &= line.starts_with('|');
            continue;
        };
        if let Some((first, rest)) = cells.split_once(" | ") {
            match first {
                "variable" => is_variables = true,
                _ if is_variables => rows.push(Row {
                    names: in_backticks(first).map(str::to_string).collect(),
                    keys: in_backticks(rest).map(str::to_string).collect(),
                }),
                _ => {}
            }
        }
    }
    assert!(rows.len() > 20, "only {} rows of variables", rows.len());
    rows
}

fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// All variables that pages are given, as dotted paths; the items of a list have the path of the list.
fn given() -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let theme = folder.path().join("theme");
    fs::create_dir(&theme).expect("a folder");
    for entry in fs::read_dir("themes/default").expect("the default theme").flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        // Others are parts of pages.
        if text.contains("{% extends") || text.contains("<!doctype") && entry.file_name() != "base.html" {
            fs::write(theme.join(entry.file_name()), "{{ __tera_context | safe }}").expect("a template");
        }
    }
    let mut given = BTreeSet::new();
    for handbook in ["handbook", "faulty"] {
        let (root, out) = (folder.path().join(handbook), folder.path().join(format!("{handbook}-site")));
        copy(&Path::new("fixtures").join(handbook), &root);
        fs::write(root.join("old.md"), "---\naliases: [/older.html]\n---\n# Moved\n").expect("a document");
        let config = "[site]\ntheme = \"../theme\"\nbase-url = \"https://ops.example\"\n\
                      edit = \"https://git.example/{path}\"\n";
        fs::write(root.join("runbook-site.toml"), config).expect("a config");
        let run = Command::new(PROGRAM).arg("build").arg(&root).arg("--out").arg(&out).output().expect("the program");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        for page in pages(&out) {
            let text = fs::read_to_string(&page).expect("a page");
            // The offline copy gets styles and scripts around what its template makes.
            let text = text.strip_prefix("</head>").and_then(|text| text.split("<script").next()).unwrap_or(&text);
            let context: Value =
                serde_json::from_str(&as_json(text)).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
            collect("", &context, &mut given);
        }
    }
    given
}

/// Tera dumps its context nearly as JSON: a value that is none is written as nothing, and texts are escaped as Rust does.
fn as_json(dump: &str) -> String {
    let mut json = String::new();
    let mut rest = dump;
    while let Some((before, behind)) = rest.split_once('\\') {
        json.push_str(before);
        rest = match behind.as_bytes().first() {
            Some(b'\'' | b'0') => &behind[1..],
            Some(b'u') => behind.split_once('}').map_or("", |(_, behind)| behind),
            _ => {
                json.push('\\');
                json.push_str(&behind[..1]);
                &behind[1..]
            }
        };
    }
    json.push_str(rest);
    json.replace("\": ,", "\": null,").replace("\": }", "\": null}")
}

fn collect(path: &str, value: &Value, given: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                collect(&path, value, given);
                // A map is documented by what it holds.
                if !matches!(value, Value::Object(_)) {
                    given.insert(path);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(path, item, given)),
        _ => {}
    }
}

fn pages(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|ending| ending == "html") {
            found.push(path);
        }
    }
    found
}
