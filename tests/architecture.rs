//! The rooms of `docs/architecture.md`: which module may use which, and that the core does no I/O.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Everything above.
const ALL: &[&str] = &[
    "source",
    "diagnostic",
    "document",
    "command",
    "settings",
    "corpus",
    "inspect",
    "rules",
    "lint",
    "fix",
    "report",
    "scaffold",
    "site",
    "workspace",
];

/// Module and the modules that it may use, in reading order.
const ROOMS: [(&str, &[&str]); 15] = [
    ("source", &[]),
    ("diagnostic", &["source"]),
    ("document", &["source", "diagnostic"]),
    ("command", &["source", "diagnostic", "document"]),
    ("settings", &["source", "diagnostic", "document", "command"]),
    ("corpus", &["source", "diagnostic", "document", "command", "settings"]),
    ("inspect", &["source", "diagnostic", "document", "command", "settings", "corpus"]),
    ("rules", &["source", "diagnostic", "document", "command", "settings", "corpus"]),
    ("lint", &["source", "diagnostic", "document", "command", "settings", "corpus", "rules"]),
    ("fix", &["source", "diagnostic"]),
    ("report", &["source", "diagnostic"]),
    ("scaffold", &["source", "diagnostic", "document", "settings", "corpus", "fix", "report"]),
    ("site", &["source", "diagnostic", "document", "command", "settings", "corpus", "inspect", "report"]),
    ("workspace", ALL),
    ("cli", ALL),
];

/// Words of I/O and printing, and the rooms that may use them.
const SHELL: [&str; 2] = ["workspace", "cli"];
const IO: [&str; 12] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::io",
    "std::net",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "dbg!",
    "walkdir",
    "tempfile",
];

/// Rooms that may run in parallel.
const PARALLEL: [&str; 3] = ["workspace", "lint", "site"];

#[test]
fn rooms_use_only_those_above_them() {
    for (room, allowed) in ROOMS {
        for (path, text) in files(room) {
            for used in uses(&text) {
                let known = ROOMS.iter().any(|(other, _)| *other == used);
                let ok = used == room || allowed.contains(&used.as_str()) || !known;
                assert!(ok, "{}: `{room}` may not use `{used}`", path.display());
            }
        }
    }
}

#[test]
fn all_rooms_are_listed_in_reading_order() {
    let lib = fs::read_to_string("src/lib.rs").expect("src/lib.rs");
    let declared: Vec<&str> = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let listed: Vec<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    assert_eq!(declared, listed);
}

#[test]
fn the_core_does_no_io() {
    for (room, _) in ROOMS.iter().filter(|(room, _)| !SHELL.contains(room)) {
        for (path, text) in files(room) {
            let found = IO.iter().find(|word| holds_word(&text, word));
            assert_eq!(found, None, "{}", path.display());
        }
    }
}

#[test]
fn only_the_outer_rooms_run_in_parallel() {
    for (room, _) in ROOMS.iter().filter(|(room, _)| !PARALLEL.contains(room)) {
        for (path, text) in files(room) {
            assert!(!text.contains("rayon"), "{}", path.display());
        }
    }
}

/// The sources of a room without their unit tests.
fn files(room: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let file = PathBuf::from(format!("src/{room}.rs"));
    if file.is_file() {
        found.push(file);
    }
    collect(Path::new(&format!("src/{room}")), &mut found);
    assert!(!found.is_empty(), "no files of room `{room}`");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (path, code.join("\n"))
    };
    found.into_iter().map(read).collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Modules named behind `crate::`.
fn uses(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    text.split("crate::").skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}
