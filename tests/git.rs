//! What the history of git says of runbooks, in repositories with fixed dates.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const DATED: &str = "# Restart\n\n**Last Updated**: 2026-03-01\n\n## Steps\n\nStop it, then start it.\n";

/// A repository whose runbooks lie in `docs`.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Repository(tempfile::tempdir().expect("a temporary folder"));
        repository.git(&["init", "--quiet"], "2026-01-01");
        repository
    }

    fn git(&self, arguments: &[&str], day: &str) {
        let date = format!("{day}T23:30:00-0800");
        let done = Command::new("git")
            .current_dir(self.0.path())
            .args(["-c", "user.name=Ana", "-c", "user.email=ana@ops.example", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .envs([("GIT_AUTHOR_DATE", date.as_str()), ("GIT_COMMITTER_DATE", &date)])
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")])
            .output()
            .expect("git starts");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join("docs").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Writes a file and commits it on a day.
    fn commit(&self, path: &str, text: &str, day: &str) {
        self.write(path, text);
        self.git(&["add", "--all"], day);
        self.git(&["commit", "--quiet", "--message", "Change"], day);
    }

    /// Messages of the rules named.
    fn messages(&self, rules: &str) -> Vec<String> {
        let (report, _) = check(&self.0.path().join("docs"), rules);
        let found = report["diagnostics"].as_array().expect("a list");
        found.iter().map(|found| found["message"].as_str().unwrap_or_default().to_string()).collect()
    }

    fn outdated(&self) -> Vec<String> {
        self.messages("outdated-last-updated")
    }
}

/// The JSON report and what was said beside it.
fn check(folder: &Path, rules: &str) -> (Value, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_runbook-site"))
        .arg("check")
        .arg(folder)
        .args(["--select", rules, "--output-format", "json", "--today", "2026-11-23", "--fail-on", "never"])
        .env("GIT_DIR", "/nowhere")
        .output()
        .expect("the program starts");
    let said = String::from_utf8(run.stderr).expect("UTF-8");
    (serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {said}")), said)
}

#[test]
fn a_change_of_words_after_the_date_is_found() {
    let repository = Repository::new();
    repository.commit("a.md", DATED, "2026-03-01");
    assert_eq!(repository.outdated(), [""; 0]);
    repository.commit("a.md", &DATED.replace("Stop it", "Stop the queue"), "2026-04-05");
    repository.commit("other.md", "# Other\n", "2026-06-01");
    let found = repository.outdated();
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("`Last Updated` is 2026-03-01, but commit "), "{found:?}");
    assert!(found[0].ends_with(" changed the words on 2026-04-05"), "{found:?}");
}

#[test]
fn changes_of_form_and_of_metadata_do_not_count() {
    let repository = Repository::new();
    repository.commit("a.md", DATED, "2026-03-01");
    let form = DATED.replace("Stop it, then start it.", "1. *Stop* it,\n2. then start it.");
    repository.commit("a.md", &form, "2026-04-01");
    repository.commit("a.md", &form.replace("\n\n## Steps", "\n**Owner**: Ana\n\n## Steps"), "2026-05-01");
    assert_eq!(repository.outdated(), [""; 0]);
}

#[test]
fn the_commit_that_sets_the_date_agrees_with_it() {
    let repository = Repository::new();
    repository.commit("a.md", DATED, "2026-03-01");
    let reviewed = DATED.replace("2026-03-01", "2026-04-02").replace("Stop it", "Stop the queue");
    repository.commit("a.md", &reviewed, "2026-04-09");
    assert_eq!(repository.outdated(), [""; 0]);
}

#[test]
fn a_document_that_came_with_its_date_is_believed() {
    let repository = Repository::new();
    repository.commit("a.md", DATED, "2026-09-01");
    assert_eq!(repository.outdated(), [""; 0]);
}

#[test]
fn renames_are_followed_and_open_changes_have_no_date() {
    let repository = Repository::new();
    repository.commit("a.md", DATED, "2026-03-01");
    repository.commit("a.md", &DATED.replace("Stop it", "Stop the queue"), "2026-04-05");
    repository.git(&["mv", "docs/a.md", "docs/ä b.md"], "2026-05-01");
    repository.git(&["commit", "--quiet", "--message", "Move"], "2026-05-01");
    assert!(repository.outdated()[0].ends_with("on 2026-04-05"));
    let dated = DATED.replace("2026-03-01", "2026-04-05");
    repository.write("ä b.md", &dated.replace("start it", "start it again"));
    assert_eq!(repository.outdated(), [""; 0]);
}

#[test]
fn a_missing_date_is_that_of_the_last_change() {
    let repository = Repository::new();
    let index = "# Handbook\n\n- [A](a.md)\n- [B](b.md)\n\n## Required Sections\n\n1. **Steps**: what to do\n\n\
                 ## Template\n\n```markdown\n# [Title]\n\n**Last Updated**: YYYY-MM-DD\n\n## Steps\n```\n";
    repository.write("README.md", index);
    repository.commit("a.md", "# A\n\n## Steps\n\nStop it.\n", "2026-03-01");
    repository.commit("b.md", DATED, "2026-03-01");
    repository.commit("a.md", "# A\n\n## Steps\n\nStop the queue.\n", "2026-04-05");
    repository.commit("a.md", "# A\n\n## Steps\n\n*Stop* the queue.\n", "2026-05-05");
    let (report, _) = check(&repository.0.path().join("docs"), "missing-metadata");
    let fix = &report["diagnostics"][0]["fix"]["edits"][0]["replacement"];
    assert_eq!(fix, "\n\n**Last Updated**: 2026-04-05");
}

#[test]
fn a_history_that_is_not_known_is_said_once_and_nothing_is_judged() {
    let repository = Repository::new();
    repository.commit("a.md", DATED, "2026-03-01");
    repository.commit("a.md", &DATED.replace("Stop it", "Stop the queue"), "2026-04-05");
    let clone = tempfile::tempdir().expect("a temporary folder");
    let from = format!("file://{}", repository.0.path().display());
    let target = clone.path().join("clone").display().to_string();
    repository.git(&["clone", "--quiet", "--depth", "1", &from, &target], "2026-05-01");
    for (folder, reason) in [
        (clone.path().join("clone/docs"), "the clone is shallow"),
        (clone.path().join("loose"), "the runbooks are in no git repository"),
    ] {
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("a.md"), DATED).expect("a file");
        let (report, said) = check(&folder, "outdated-last-updated,unused-suppression");
        assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(0));
        assert_eq!(said.matches(reason).count(), 1, "{said}");
        // A rule that could not judge leaves its suppressions alone.
        let allowed = format!("<!-- runbook-site: allow outdated-last-updated — only the name changed -->\n{DATED}");
        fs::write(folder.join("a.md"), allowed).expect("a file");
        let (report, _) = check(&folder, "outdated-last-updated,unused-suppression");
        assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(0), "{report}");
    }
    let program = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_runbook-site"));
        program.arg("check").arg(repository.0.path().join("docs"));
        program
    };
    for (variable, value, reason) in [
        ("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1", "git refuses a repository of another owner"),
        ("PATH", "", "git is not installed"),
    ] {
        let run = program().env(variable, value).output().expect("the program starts");
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(said.contains(reason), "{said}");
    }
    let undated = clone.path().join("undated");
    fs::create_dir_all(&undated).expect("a folder");
    fs::write(undated.join("a.md"), "# A\n").expect("a file");
    let (_, said) = check(&undated, "outdated-last-updated");
    assert!(!said.contains("git"), "{said}");
}
