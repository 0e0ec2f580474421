//! The program as people and CI jobs run it: arguments, exit codes, and what ends up on the disk.

mod folder;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use folder::Folder;
use serde_json::Value;

const RUNBOOK: &str = "# Runbook: Restart\n\n## Purpose\n\nRestart it.\n\n## Prerequisites\n\nNone.\n\n## Procedure\n\n\
                       1. Stop it.\n2. Start it.\n\n## Verification\n\nIt runs.\n\n## Rollback\n\nNot applicable.\n\n\
                       ## Post-Incident\n\nWrite it down.\n";

impl Folder {
    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(Command::new(env!("CARGO_BIN_EXE_runbook-site")).current_dir(self.path()).args(arguments))
    }
}

/// What a run said.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn of(command: &mut Command) -> Run {
        let Output { status, stdout, stderr } = command.env("COLUMNS", "80").output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Run { code: status.code().expect("an exit code"), out: text(stdout), err: text(stderr) }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn clean_runbooks_exit_with_0_and_findings_with_1() {
    let folder = Folder::new(&[("restart.md", RUNBOOK)]);
    let run = folder.run(&["check"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", "1 runbook checked: no findings\n"));
    folder.write("broken.md", "# Broken\n\n[x](nowhere.md)\n");
    let run = folder.run(&["check", "--output-format", "concise"]);
    assert_eq!((run.code, run.out.as_str()), (1, "broken.md:3:5: error[dead-link]: no file `nowhere.md`\n"));
    assert_eq!(folder.run(&["check", "--fail-on", "never"]).code, 0);
}

#[test]
fn nothing_checked_is_an_error() {
    let folder = Folder::new(&[("notes.txt", "x")]);
    for (arguments, message) in [
        (&["check"][..], "nothing to check: no Markdown file in"),
        (&["build"], "nothing to check: no Markdown file in"),
        (&["check", "nowhere"], "no such file or folder: nowhere"),
        (&["check", "notes.txt"], "nothing to check"),
        (&["check", "--config", "missing.toml"], "cannot read"),
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
        assert_eq!(run.out, "");
    }
    assert!(!folder.path().join("site").exists());
}

#[test]
fn a_broken_config_is_shown_with_its_line() {
    let folder = Folder::new(&[("a.md", RUNBOOK), ("runbook-site.toml", "[rules]\ndead-lnk = \"off\"\n")]);
    let run = folder.run(&["check", "--color", "never"]);
    assert_eq!(run.code, 2);
    for part in ["config-error", "unknown rule `dead-lnk`", "runbook-site.toml:2:1", "did you mean `dead-link`?"] {
        assert!(run.err.contains(part), "no {part} in {}", run.err);
    }
}

#[test]
fn a_mistake_in_an_extended_config_is_shown_in_that_file() {
    let folder = Folder::new(&[
        ("docs/runbook-site.toml", "extends = \"../base.toml\"\n"),
        ("base.toml", "[rules]\ndead-lnk = \"off\"\n"),
        ("docs/a.md", "# A\n"),
    ]);
    let run = folder.run(&["check", "docs"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("unknown rule `dead-lnk`") && run.err.contains("base.toml:2:1"), "{}", run.err);
    folder.write("base.toml", "extends = \"docs/runbook-site.toml\"\n");
    let run = folder.run(&["check", "docs"]);
    assert!(run.err.contains("the config extends itself") && run.code == 2, "{}", run.err);
    folder.write("base.toml", "extends = \"nowhere.toml\"\n");
    let run = folder.run(&["check", "docs"]);
    assert!(run.err.contains("nowhere.toml: no such file") && run.code == 2, "{}", run.err);
}

#[test]
fn the_house_standard_must_fit_what_the_index_states() {
    let index = "# A\n\n- [b](b.md)\n- [c](c.md)\n\n## Required Sections\n\n- **Purpose**\n- **Procedure**\n";
    let folder = Folder::new(&[
        ("runbook-site.toml", "[standards.house]\noptional-sections = [\"rollback\"]\n"),
        ("README.md", index),
        ("b.md", "# B\n"),
        ("c.md", "# C\n"),
    ]);
    for command in ["check", "inspect", "config", "build"] {
        let run = folder.run(&[command, "."]);
        assert_eq!(run.code, 2, "{command}");
        assert!(run.err.contains("`rollback` is no section of the standard `house`"), "{command}: {}", run.err);
    }
    folder.write("runbook-site.toml", "[standards.house]\noptional-sections = [\"purpose\"]\n");
    let run = folder.run(&["check", "--output-format", "concise"]);
    assert_eq!((run.out.matches("missing-section").count(), run.code), (2, 1), "{}", run.out);
}

#[test]
fn config_says_what_holds_and_who_says_so() {
    let folder = Folder::new(&[
        (
            "runbook-site.toml",
            "[kinds]\n\"alerts/*\" = \"alert\"\n[[overrides]]\nfiles = [\"alerts/*\"]\nrules = { dead-link = \"off\" }\n",
        ),
        ("alerts/a.md", "# A\n\n[x](nowhere.md)\n"),
        ("b.md", "# B\n\n[x](nowhere.md)\n"),
    ]);
    let run = folder.run(&["config", "alerts/a.md"]);
    assert!(
        run.out.contains("runbook of the standard `alert`: runbook-site.toml:2 says so of `alerts/*`"),
        "{}",
        run.out
    );
    assert!(run.out.contains("dead-link: off for alerts/*  (runbook-site.toml:5)"), "{}", run.out);
    let view = folder.run(&["config", "--output-format", "json"]).json();
    assert_eq!(view["documents"][1]["because"], "nothing says that it is a runbook");
    assert_eq!(view["standards"][0]["sections"][0]["place"], "preset");
    let run = folder.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.out.matches("[dead-link]").count(), 1, "{}", run.out);
    assert!(run.out.contains("b.md:3:5: error[dead-link]"), "{}", run.out);
}

#[test]
fn planned_runbooks_are_no_fault_and_no_link() {
    let folder = Folder::new(&[
        ("runbook-site.toml", "planned = [\"later.md\"]\n"),
        ("README.md", "# A\n\n| Scenario | Runbook |\n|--|--|\n| B | [b](b.md) |\n| Later | [later](later.md) |\n"),
        ("b.md", "# B\n"),
    ]);
    let run = folder.run(&["check", "--output-format", "concise"]);
    assert_eq!((run.out.as_str(), run.code), ("", 0));
    assert_eq!(folder.run(&["build"]).code, 0);
    let page = fs::read_to_string(folder.path().join("site/index.html")).expect("a page");
    assert!(page.contains("later.md is not written yet") && !page.contains("href=\"later"), "{page}");
}

#[test]
fn a_broken_config_is_a_diagnostic_for_machines() {
    let folder = Folder::new(&[("a.md", RUNBOOK), ("runbook-site.toml", "[rules]\ndead-lnk = \"off\"\n")]);
    let run = folder.run(&["check", "--output-format", "json"]);
    let report = run.json();
    let found = &report["diagnostics"][0];
    assert_eq!((run.code, &found["rule"], &found["path"]), (2, &"config-error".into(), &"runbook-site.toml".into()));
    assert_eq!((&found["start"]["line"], &report["summary"]["errors"]), (&2.into(), &1.into()));
    let run = folder.run(&["check", "--output-format", "concise"]);
    assert_eq!(
        (run.code, run.out.as_str()),
        (2, "runbook-site.toml:2:1: error[config-error]: unknown rule `dead-lnk`\n")
    );
    assert_eq!(folder.run(&["explain", "config-error"]).code, 0);
}

#[test]
fn a_run_can_be_narrowed_to_rules() {
    let folder = Folder::new(&[("a.md", "# A\n\n[x](x.md) [y](#y)\n")]);
    let rules = |arguments: &[&str]| {
        let run = folder.run(&[&["check", "--output-format", "concise"], arguments].concat());
        let name = |line: &str| line.split(['[', ']']).nth(1).unwrap_or_default().to_string();
        (run.code, run.out.lines().map(name).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(rules(&["--select", "links"]), (1, "dead-link dead-anchor".to_string()));
    assert_eq!(rules(&["--select", "dead-link,metadata"]), (1, "dead-link".to_string()));
    assert_eq!(rules(&["--ignore", "dead-link", "--ignore", "dead-anchor"]), (0, String::new()));
    let run = folder.run(&["check", "--select", "dead-lnik"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("unknown rule `dead-lnik`") && run.err.contains("did you mean `dead-link`?"),
        "{}",
        run.err
    );
}

#[test]
fn fewer_diagnostics_can_be_printed_and_all_count() {
    let folder = Folder::new(&[("a.md", "# A\n\n[x](x.md) [y](#y) [z](z.md)\n")]);
    let run = folder.run(&["check", "--output-format", "concise", "--max-diagnostics", "1", "--statistics"]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[1..], ["    2  error    dead-link    in 1 file", "    1  error    dead-anchor  in 1 file"]);
    assert!(run.err.contains("2 more are not printed") && run.err.contains("3 errors"), "{}", run.err);
    let report = folder.run(&["check", "--output-format", "json", "--max-diagnostics", "1", "--statistics"]).json();
    assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(3));
}

#[test]
fn three_hundred_findings_stay_readable() {
    let text: String = (1..=6).map(|number| format!("[{number}](missing-{number}.md)\n\n")).collect();
    let folder = Folder::new(&[]);
    for number in 0..50 {
        folder.write(&format!("{number:02}.md"), format!("# Page {number}\n\n{text}"));
    }
    let run = folder.run(&["check", "--color", "never"]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(lines.len() < 900 && lines.iter().all(|line| line.chars().count() <= 80), "{} lines", lines.len());
    assert_eq!(run.out.matches("no file `missing-").count(), 300);
    assert!(run.out.contains("\n49.md\n"), "{}", run.out);
    assert_eq!(lines[lines.len() - 2], "  300  error    dead-link  in 50 files");
    let some = folder.run(&["check", "--color", "never", "--statistics", "--max-diagnostics", "2"]);
    assert_eq!(some.out.matches("  300  error    dead-link  in 50 files").count(), 1, "{}", some.out);
}

#[test]
fn only_what_the_baseline_lacks_is_reported() {
    let folder = Folder::new(&[("docs/a.md", "# A\n\n[x](x.md)\n"), ("docs/b.md", "# B\n\n[y](#y)\n")]);
    let run = folder.run(&["check", "docs", "--write-baseline"]);
    assert_eq!((run.code, run.err.as_str()), (0, "2 findings written to docs/.runbook-site-baseline.json\n"));
    let report = folder.run(&["check", "docs", "--output-format", "json"]).json();
    assert_eq!((&report["summary"]["baselined"], &report["summary"]["errors"]), (&2.into(), &0.into()));
    folder.write("docs/a.md", "# A\n\nMore.\n\n[x](x.md)\n\n[new](new.md)\n");
    let inside =
        Run::of(Command::new(env!("CARGO_BIN_EXE_runbook-site")).current_dir(folder.path().join("docs")).args([
            "check",
            "--output-format",
            "concise",
        ]));
    assert_eq!((inside.code, inside.out.as_str()), (1, "a.md:7:7: error[dead-link]: no file `new.md`\n"));
    assert_eq!(folder.run(&["build", "docs", "--strict"]).code, 1);
    assert_eq!(folder.run(&["check", "docs", "--no-baseline", "--output-format", "concise"]).out.lines().count(), 3);
    let missing = folder.run(&["check", "docs", "--baseline", "none.json"]);
    assert!(missing.code == 2 && missing.err.contains("no baseline none.json"), "{}", missing.err);
}

#[test]
fn entries_of_the_baseline_are_judged_only_by_rules_that_ran() {
    let folder = Folder::new(&[("docs/a.md", "# A\n\n[x](x.md) [y](#y)\n"), ("docs/b.md", "# B\n\n[z](z.md)\n")]);
    let lines = |arguments: &[&str]| folder.run(&[&["check", "--output-format", "concise"], arguments].concat()).out;
    assert_eq!(folder.run(&["check", "docs", "--write-baseline"]).code, 0);
    folder.write("docs/a.md", "# A\n");
    folder.write("docs/b.md", "# B\n");
    let stale = lines(&["docs"]);
    assert_eq!(stale.lines().count(), 3, "{stale}");
    assert!(stale.starts_with("docs/.runbook-site-baseline.json:4:5: error[stale-baseline]: `dead-"), "{stale}");
    assert_eq!(lines(&["docs", "--select", "dead-anchor,stale-baseline"]).lines().count(), 1);
    assert_eq!(lines(&["docs/b.md"]).lines().count(), 1);
    let run = folder.run(&["check", "docs", "--select", "dead-link", "--write-baseline"]);
    assert!(run.err.contains("0 findings written") && run.err.contains("; 1 of rules or files"), "{}", run.err);
    assert_eq!(lines(&["docs"]).lines().count(), 1);
}

#[test]
fn a_file_that_is_no_baseline_is_neither_used_nor_overwritten() {
    let folder = Folder::new(&[("a.md", "# A\n\n[x](x.md)\n"), ("notes.txt", "precious")]);
    for arguments in
        [&["check", "--baseline", "notes.txt"][..], &["check", "--baseline", "notes.txt", "--write-baseline"]]
    {
        let run = folder.run(arguments);
        assert!(run.code == 2 && run.err.contains("notes.txt:1: not a baseline"), "{}", run.err);
    }
    assert_eq!(fs::read_to_string(folder.path().join("notes.txt")).expect("a file"), "precious");
}

#[test]
fn comments_allow_findings_and_are_counted() {
    let text = "# A\n\nText.\n\n<!-- runbook-site: allow dead-link -- made by a job -->\n[x](x.md)\n";
    let folder = Folder::new(&[("a.md", text)]);
    let run = folder.run(&["check"]);
    assert_eq!((run.code, run.err.as_str()), (0, "1 document checked: no findings (1 allowed by comments)\n"));
    let report = folder.run(&["check", "--output-format", "json", "--select", "dead-anchor,housekeeping"]).json();
    assert_eq!((&report["summary"]["suppressed"], &report["summary"]["warnings"]), (&0.into(), &0.into()));
}

const MIXED: &str = "# A\r\n\r\n**Last Updated**: 2 November 2026\r\n\r\n[b](B.md) [c](other/c.md)\r\n";

#[test]
fn fixing_keeps_the_form_of_a_file_and_leaves_nothing_to_fix() {
    let folder = Folder::new(&[("a.md", MIXED), ("b.md", "# B\n"), ("there/c.md", "# C\n")]);
    folder.write("a.md", format!("\u{feff}{MIXED}"));
    let run = folder.run(&["check", "--fix", "--output-format", "concise"]);
    assert!(
        run.out.contains("[dead-link]") && run.err.ends_with("2 fixed in 1 file, 1 more with --unsafe-fixes\n"),
        "{}",
        run.err
    );
    assert_eq!(run.code, 1);
    let text = || fs::read_to_string(folder.path().join("a.md")).expect("a file");
    let safe = MIXED.replace("2 November 2026", "2026-11-02").replace("B.md", "b.md");
    assert_eq!(text(), format!("\u{feff}{safe}"));
    let run = folder.run(&["check", "--unsafe-fixes"]);
    assert_eq!((run.code, text()), (0, format!("\u{feff}{}", safe.replace("other/c.md", "there/c.md"))));
    let before = text();
    assert!(folder.run(&["check", "--unsafe-fixes"]).err.ends_with("0 fixed in 0 files\n"));
    assert_eq!(text(), before);
}

#[test]
fn a_patch_is_what_fixing_would_write() {
    let folder = Folder::new(&[("docs/a b.md", MIXED), ("docs/b.md", "# B"), ("docs/there/c.md", "# C\n")]);
    let run = folder.run(&["check", "docs", "--diff", "--unsafe-fixes"]);
    assert_eq!((run.code, run.err.as_str()), (1, "3 fixes in 1 file would be made\n"));
    let text = || fs::read_to_string(folder.path().join("docs/a b.md")).expect("a file");
    assert_eq!(text(), MIXED);
    folder.write("fix.patch", &run.out);
    let git = |arguments: &[&str]| Run::of(Command::new("git").current_dir(folder.path()).args(arguments));
    assert_eq!(git(&["init", "-q"]).code, 0);
    let applied = git(&["apply", "fix.patch"]);
    assert_eq!(applied.code, 0, "{}{}", applied.err, run.out);
    let patched = text();
    folder.write("docs/a b.md", MIXED);
    assert_eq!(folder.run(&["check", "docs", "--unsafe-fixes"]).code, 0);
    assert_eq!(text(), patched);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_named_and_the_others_are_fixed() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("a.md", MIXED), ("z.md", MIXED), ("b.md", "# B\n"), ("other/c.md", "# C\n")]);
    let set = |path: &str, mode| fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode));
    set("a.md", 0o444).expect("a mode");
    set("z.md", 0o640).expect("a mode");
    let run = folder.run(&["check", "--fix"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("a.md was not fixed: it is read-only"), "{}", run.err);
    assert_eq!(fs::read_to_string(folder.path().join("a.md")).expect("a file"), MIXED);
    assert!(fs::read_to_string(folder.path().join("z.md")).expect("a file").contains("2026-11-02"));
    let mode = fs::metadata(folder.path().join("z.md")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    let names = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 4, "nothing else is left");
}

#[test]
fn entries_of_the_config_that_concern_nothing_are_named() {
    let config = "root = \"docs\"\nplanned = [\"b.md\", \"later/**\"]\n[[overrides]]\nfiles = [\"old/**\"]\nrules = { links = \"off\" }\n";
    let folder = Folder::new(&[("runbook-site.toml", config), ("docs/a.md", "# A\n\n[b](b.md)\n")]);
    let expected = "runbook-site.toml:2:20: warning[unused-suppression]: nothing leads to a missing runbook that `later/**` matches\n\
                    runbook-site.toml:4:10: warning[unused-suppression]: no document is one of `old/**`\n";
    assert_eq!(folder.run(&["check", "--output-format", "concise"]).out, expected);
    assert_eq!(folder.run(&["check", "docs/a.md", "--output-format", "concise"]).out, "");
    assert_eq!(folder.run(&["check", "--select", "links", "--output-format", "concise"]).out, "");
    let drawn = folder.run(&["check"]).out;
    assert!(drawn.contains("planned = [\"b.md\", \"later/**\"]"), "{drawn}");
    assert_eq!(folder.run(&["build"]).code, 0);
}

#[test]
fn dates_are_judged_as_on_the_day_that_is_named() {
    let folder = Folder::new(&[("a.md", "# A\n\n**Last Updated**: 2020-02-29\n")]);
    assert_eq!(folder.run(&["check"]).code, 0);
    assert_eq!(folder.run(&["check", "--today", "2020-02-29"]).code, 0);
    let run = folder.run(&["check", "--today", "2020-02-28", "--output-format", "concise"]);
    assert!(run.code == 1 && run.out.contains("error[future-date]"), "{}", run.out);
    assert_eq!(folder.run(&["build", "--strict", "--today", "2020-02-28"]).code, 1);
    for value in ["2020-02-30", "today", "2020-2-1"] {
        assert_eq!(folder.run(&["check", "--today", value]).code, 2, "{value}");
    }
}

#[test]
fn naming_one_file_still_reads_the_root() {
    let index = "# Index\n\n| Runbook |\n|--|\n| [a](a.md) |\n| [b](sub/b.md) |\n";
    let folder = Folder::new(&[
        ("README.md", index),
        ("a.md", "# A\n\n[b](sub/b.md#x) [c](c.md)\n"),
        ("sub/b.md", "# B\n\n[d](d.md)\n"),
    ]);
    let run = folder.run(&["check", "sub/b.md", "--output-format", "json"]);
    let report = run.json();
    assert_eq!(report["summary"]["documents"], 3);
    let paths: Vec<&str> =
        report["diagnostics"].as_array().expect("a list").iter().filter_map(|d| d["path"].as_str()).collect();
    assert_eq!(paths, ["sub/b.md"]);
    let run = folder.run(&["check", "a.md", "--output-format", "concise"]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
}

#[test]
fn the_json_report_keeps_the_contract() {
    let run = Run::of(Command::new(env!("CARGO_BIN_EXE_runbook-site")).current_dir(repository()).args([
        "check",
        "fixtures/faulty",
        "--today",
        "2026-11-23",
        "--output-format",
        "json",
    ]));
    let report = run.json();
    assert_eq!((run.code, &report["schema_version"], &report["tool"]["name"]), (1, &1.into(), &"runbook-site".into()));
    let diagnostics = report["diagnostics"].as_array().expect("a list");
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic["level"] == "error").count();
    assert!(errors > 20, "{errors}");
    assert_eq!(report["summary"]["errors"], errors);
    for diagnostic in diagnostics {
        assert!(diagnostic["path"].as_str().is_some_and(|path| path.starts_with("fixtures/faulty/")));
        for place in [&diagnostic["start"], &diagnostic["end"]] {
            assert!(
                place["line"].as_u64() >= Some(1) && place["column"].as_u64() >= Some(1) && place["offset"].is_u64()
            );
        }
        let fix = &diagnostic["fix"];
        assert!(fix.is_null() || fix["applicability"] == "safe" || fix["applicability"] == "unsafe");
    }
    let mut fingerprints: Vec<&str> = diagnostics.iter().filter_map(|d| d["fingerprint"].as_str()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), diagnostics.len());
}

#[test]
fn links_out_of_the_root_are_looked_up_and_led_to_the_repository() {
    let folder = Folder::new(&[
        ("docs/a.md", "# A\n\n[b](../b.md)\n[c](../c.md)\n![d](../d.png)\n"),
        ("b.md", "# B\n"),
        ("d.png", ""),
    ]);
    let lines = || folder.run(&["check", "docs", "--output-format", "concise"]).out;
    let dead = "docs/a.md:4:5: warning[escaping-link]: `../c.md` is outside the root, and nothing is there\n";
    let outside = |place: &str, target: &str| {
        format!("docs/a.md:{place}: warning[escaping-link]: `{target}` is outside the root: the site cannot show it\n")
    };
    assert_eq!(lines(), outside("3:5", "../b.md") + dead + &outside("5:6", "../d.png"));
    folder.write("docs/runbook-site.toml", "[site]\nrepository = \"https://git.example/blob/main/docs\"\n");
    assert_eq!(lines(), dead);
}

#[test]
fn absolute_links_that_are_a_habit_are_let_be() {
    let links = |count: usize| "[b](/b.md)\n".repeat(count);
    let folder = Folder::new(&[("a.md", &links(9)), ("b.md", "# B\n\n[a](a.md)\n")]);
    let run = || folder.run(&["check", "--output-format", "concise"]).out;
    assert!(run().contains("a.md:1:5: warning[absolute-path-link]: 9 links start with `/`"), "{}", run());
    folder.write("a.md", links(10));
    assert_eq!(run(), "");
}

#[test]
fn fingerprints_do_not_depend_on_lines_or_the_working_directory() {
    let folder = Folder::new(&[("docs/a.md", "# A\n\n[x](x.md)\n")]);
    let fingerprint = |run: Run| run.json()["diagnostics"][0]["fingerprint"].as_str().map(str::to_string);
    let from_above = fingerprint(folder.run(&["check", "docs", "--output-format", "json"]));
    let inside =
        Run::of(Command::new(env!("CARGO_BIN_EXE_runbook-site")).current_dir(folder.path().join("docs")).args([
            "check",
            "--output-format",
            "json",
        ]));
    assert!(from_above.is_some());
    assert_eq!(fingerprint(inside), from_above);
    folder.write("docs/a.md", "# A\n\nMore text.\n\n[x](x.md)\n");
    assert_eq!(fingerprint(folder.run(&["check", "docs", "--output-format", "json"])), from_above);
}

#[test]
fn snippets_hold_no_steering_characters() {
    let folder = Folder::new(&[("a.md", "# A\n\n[\u{1b}[31mred\u{202e}](<x\u{7}.md>)\n")]);
    for format in ["full", "concise"] {
        let run = folder.run(&["check", "--output-format", format, "--color", "never"]);
        assert_eq!(run.code, 1);
        assert!(!run.out.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{:?}", run.out);
        assert!(run.out.contains("a.md:3:"));
    }
}

#[test]
fn one_run_reports_in_several_formats() {
    let folder = Folder::new(&[("docs/a.md", "# A\n\n[x](x.md)\n"), ("out/old.json", "old")]);
    let run = folder.run(&[
        "check",
        "docs",
        "--output-format=concise",
        "--output-format=json:out/old.json",
        "--output-format=sarif:out/r.sarif",
        "--output-format=junit:out/r.xml",
    ]);
    assert_eq!((run.code, run.out.as_str()), (1, "docs/a.md:3:5: error[dead-link]: no file `x.md`\n"));
    let files: Vec<String> = contents(&folder.path().join("out")).into_iter().map(|(path, _)| path).collect();
    assert_eq!(files, ["old.json", "r.sarif", "r.xml"]);
    let read = |path: &str| fs::read_to_string(folder.path().join("out").join(path)).expect("a file");
    assert!(read("old.json").contains("\"dead-link\"") && read("r.xml").contains("<failure "));
    let run = folder.run(&["check", "docs", "--output-format", "gitlab:out/g.json", "--color", "never"]);
    assert!(run.out.contains("error[dead-link]") && run.out.contains("docs/a.md:3:5"), "full is printed: {}", run.out);
}

#[test]
fn reports_that_have_no_place_end_the_run() {
    let folder = Folder::new(&[("a.md", RUNBOOK)]);
    for (arguments, message) in [
        (&["json:out/r.json"][..], "cannot write"),
        (&["json:."], "is a directory"),
        (&["json:"], "name the file behind the colon: json:FILE"),
        (&["jsno"], "a similar value exists: 'json'"),
        (&["json", "full"], "both `json` and `full` would go to standard output"),
        (&["json:r", "junit:r"], "both `json` and `junit` would go to r"),
    ] {
        let options = arguments.iter().flat_map(|argument| ["--output-format", argument]);
        let run = folder.run(&["check"].into_iter().chain(options).collect::<Vec<_>>());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}: {}", run.err);
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
    assert_eq!(contents(folder.path()).len(), 1);
}

#[test]
fn a_mistake_in_the_config_is_in_the_reports_for_machines() {
    let folder = Folder::new(&[("a.md", RUNBOOK), ("runbook-site.toml", "[rules]\ndead-lnk = \"off\"\n")]);
    let run = folder.run(&["check", "--output-format", "sarif", "--output-format", "junit:r.xml"]);
    assert_eq!(run.code, 2);
    let result = &run.json()["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "config-error");
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "runbook-site.toml");
    let written = fs::read_to_string(folder.path().join("r.xml")).expect("a file");
    assert!(written.contains("<testcase name=\"config-error\"") && written.contains("<failure "), "{written}");
}

#[cfg(unix)]
#[test]
fn a_report_keeps_what_its_file_is() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    let folder = Folder::new(&[("a.md", RUNBOOK), ("real.json", "old")]);
    let path = |name: &str| folder.path().join(name);
    fs::set_permissions(path("real.json"), fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("real.json", path("link.json")).expect("a link");
    Command::new("mkfifo").arg(path("pipe")).status().expect("mkfifo");
    // A pipe that is open at both ends lets nobody wait.
    let _pipe = fs::OpenOptions::new().read(true).write(true).open(path("pipe")).expect("a pipe");
    let run = folder.run(&["check", "--output-format", "json:link.json", "--output-format", "concise:pipe"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(path("link.json").is_symlink());
    assert!(fs::read_to_string(path("real.json")).expect("a file").starts_with('{'));
    assert_eq!(fs::metadata(path("real.json")).expect("a file").permissions().mode() & 0o777, 0o640);
    assert!(fs::metadata(path("pipe")).expect("a pipe").file_type().is_fifo());
}

#[test]
fn annotations_come_with_a_table_for_the_summary_of_the_step() {
    let folder = Folder::new(&[("a.md", "# A\n\n[x](x.md)\n"), ("summary", "before\n")]);
    let check = |summary: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runbook-site"));
        command.current_dir(folder.path()).env("GITHUB_STEP_SUMMARY", summary);
        Run::of(command.args(["check", "--output-format", "github"]))
    };
    let run = check(&folder.path().join("summary"));
    assert!(
        run.out.contains("\n::error title=dead-link,file=a.md,line=3,endLine=3,col=5,endColumn=9::"),
        "{}",
        run.out
    );
    let summary = fs::read_to_string(folder.path().join("summary")).expect("a file");
    assert!(summary.starts_with("before\n<!-- runbook-site -->\n### runbook-site: 1 error\n"), "{summary}");
    let run = check(&folder.path().join("nowhere/summary"));
    assert!(run.code == 1 && run.err.contains("note: no summary of the step: cannot write"), "{}", run.err);
}

#[test]
fn rules_and_explain_know_the_same_rules() {
    let folder = Folder::new(&[]);
    let list = folder.run(&["rules"]);
    let names: Vec<&str> = list.out.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"missing-section"));
    for name in names {
        let page = folder.run(&["explain", name]);
        assert_eq!(page.code, 0);
        assert!(page.out.starts_with(&format!("# {name}\n")));
    }
    let run = folder.run(&["explain", "dead-lnik"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("did you mean `dead-link`?"), "{}", run.err);
    assert_eq!(folder.run(&["rules", "--output-format", "json"]).json()[0]["name"], "missing-section");
}

/// Each process hashes with a seed of its own, so a walk over a hash map would show here too.
#[test]
fn the_site_is_the_same_at_any_number_of_threads() {
    let folder = Folder::new(&[]);
    let build = |threads: &str| {
        let run = Run::of(
            Command::new(env!("CARGO_BIN_EXE_runbook-site"))
                .current_dir(repository())
                .env("RAYON_NUM_THREADS", threads)
                .args(["build", "fixtures/handbook", "--out"])
                .arg(folder.path().join(threads)),
        );
        assert_eq!(run.code, 0, "{}", run.err);
        contents(&folder.path().join(threads))
    };
    let one = build("1");
    assert!(one.len() > 30);
    for threads in ["2", "7"] {
        let other = build(threads);
        for ((path, bytes), (other_path, other_bytes)) in one.iter().zip(&other) {
            assert_eq!(path, other_path);
            assert!(bytes == other_bytes, "{path} differs with {threads} threads");
        }
        assert_eq!(one.len(), other.len());
    }
}

#[test]
fn every_document_has_a_page_and_the_report_is_beside_them() {
    let folder = Folder::new(&[
        ("README.md", "# Ops\n\n- [a](a.md)\n- [b](x/b.html.md)\n"),
        ("a.md", RUNBOOK),
        ("x/b.html.md", "# B\n"),
    ]);
    let run = folder.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for page in [
        "index.html",
        "a.html",
        "x/b.html",
        "report/index.html",
        "report/report.json",
        "report/report.sarif",
        "report/junit.xml",
        "report/badge.svg",
        "search/index.js",
        "assets/style.css",
    ] {
        assert!(folder.path().join("site").join(page).is_file(), "no {page}");
    }
    let page = fs::read_to_string(folder.path().join("site/index.html")).expect("a page");
    assert!(page.contains("href=\"x/b.html\""), "{page}");
}

#[test]
fn a_folder_that_is_not_ours_is_not_touched() {
    let folder = Folder::new(&[("docs/a.md", RUNBOOK), ("site/precious.txt", "x")]);
    for out in ["site", "docs", "."] {
        let run = folder.run(&["build", "docs", "--out", out]);
        assert_eq!(run.code, 2, "{out}: {}", run.err);
    }
    let files: Vec<String> = contents(folder.path()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(files, ["docs/a.md", "site/precious.txt"]);
}

#[test]
fn a_second_build_keeps_what_others_added_and_drops_what_is_gone() {
    let folder = Folder::new(&[("docs/a.md", RUNBOOK), ("docs/b.md", "# B\n")]);
    assert_eq!(folder.run(&["build", "docs"]).code, 0);
    folder.write("site/CNAME", "runbooks.example");
    fs::remove_file(folder.path().join("docs/b.md")).expect("removed");
    assert_eq!(folder.run(&["build", "docs"]).code, 0);
    assert!(folder.path().join("site/CNAME").is_file());
    assert!(!folder.path().join("site/b.html").exists());
    let beside: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(beside.len(), 2, "{beside:?}");
}

#[test]
fn strict_leaves_the_old_site() {
    let folder = Folder::new(&[("docs/a.md", RUNBOOK)]);
    assert_eq!(folder.run(&["build", "docs", "--strict"]).code, 0);
    let before = contents(&folder.path().join("site"));
    folder.write("docs/b.md", "[x](x.md)\n");
    assert_eq!(folder.run(&["build", "docs", "--strict"]).code, 1);
    assert!(contents(&folder.path().join("site")) == before);
    assert_eq!(folder.run(&["build", "docs"]).code, 0);
    assert!(folder.path().join("site/b.html").is_file());
}

#[test]
fn a_theme_of_ones_own_replaces_file_by_file() {
    let folder = Folder::new(&[
        ("docs/a.md", RUNBOOK),
        ("docs/runbook-site.toml", "[site]\ntheme = \"../theme\"\ntitle = \"Night shift\"\n"),
        ("theme/404.html", "lost in {{ site.title }}"),
        ("theme/assets/logo.txt", "logo"),
    ]);
    let build = || folder.run(&["build", "docs", "--base-url", "https://ops.example/night/"]);
    assert_eq!(build().code, 0);
    let read = |path: &str| fs::read_to_string(folder.path().join("site").join(path)).expect("a file");
    assert_eq!((read("404.html").as_str(), read("assets/logo.txt").as_str()), ("lost in Night shift", "logo"));
    assert!(read("a.html").contains("Night shift"));
    folder.write("theme/404.html", "{{ sight.title }}");
    let run = build();
    assert_eq!(run.code, 2);
    assert!(run.err.contains("404.html") && run.err.contains("sight"), "{}", run.err);
    assert_eq!(read("404.html"), "lost in Night shift");
}

#[test]
fn a_base_url_gives_a_page_for_unknown_addresses_that_works_at_any_depth() {
    let folder = Folder::new(&[("docs/a.md", RUNBOOK)]);
    assert_eq!(folder.run(&["build", "docs"]).code, 0);
    assert!(!folder.path().join("site/404.html").exists());
    assert_eq!(folder.run(&["build", "docs", "--base-url", "https://ops.example/night/"]).code, 0);
    let page = fs::read_to_string(folder.path().join("site/404.html")).expect("a page");
    assert!(page.contains("href=\"/night/assets/style.css\""), "{page}");
    assert_eq!(folder.run(&["build", "docs", "--base-url", "ops"]).code, 2);
}

#[test]
fn a_linked_file_cannot_replace_one_of_the_site() {
    let folder = Folder::new(&[
        ("docs/a.md", "# A\n\n[x](report/report.json) ![i](assets/icon.svg)\n"),
        ("docs/report/report.json", "mine"),
        ("docs/assets/icon.svg", "<svg/>"),
    ]);
    assert_eq!(folder.run(&["build", "docs"]).code, 0);
    let read = |path: &str| fs::read_to_string(folder.path().join("site").join(path)).expect("a file");
    assert!(read("report/report.json").starts_with('{'));
    assert_eq!((read("report-2/report.json").as_str(), read("assets-2/icon.svg").as_str()), ("mine", "<svg/>"));
    assert!(read("a.html").contains("src=\"assets-2/icon.svg\""));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_checked() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("docs/a.md", RUNBOOK), ("outside.md", "# Outside\n")]);
    folder.write("docs/latin.md", b"# \xe4\n");
    symlink("nowhere.md", folder.path().join("docs/dangling.md")).expect("a link");
    symlink("loop.md", folder.path().join("docs/loop.md")).expect("a link");
    symlink("../outside.md", folder.path().join("docs/outside.md")).expect("a link");
    Command::new("mkfifo").arg(folder.path().join("docs/pipe.md")).status().expect("mkfifo");
    let run = folder.run(&["check", "docs", "--output-format", "concise"]);
    let found: Vec<&str> = run.out.lines().map(|line| line.split(':').next().unwrap_or_default()).collect();
    assert_eq!(found, ["docs/dangling.md", "docs/latin.md", "docs/loop.md", "docs/pipe.md"], "{}", run.out);
    assert!(run.out.lines().all(|line| line.contains("error[unreadable-file]")));
    assert!(run.err.contains("outside.md is a link out of the root"), "{}", run.err);
    assert_eq!(run.code, 1);
    assert_eq!(folder.run(&["build", "docs"]).code, 0);
    assert!(folder.path().join("site/latin.html").is_file());
}

#[test]
fn an_output_that_cannot_be_written_is_an_error_and_leaves_nothing() {
    let folder = Folder::new(&[("docs/a.md", RUNBOOK), ("file", "x")]);
    let run = folder.run(&["build", "docs", "--out", "file/site"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("cannot write"), "{}", run.err);
}

/// Files below a folder with their bytes, sorted.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
        for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                collect(root, &path, found);
            } else {
                let relative = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
                found.push((relative, fs::read(&path).expect("a file")));
            }
        }
    }
    let mut found = Vec::new();
    collect(folder, folder, &mut found);
    found.sort();
    found
}
