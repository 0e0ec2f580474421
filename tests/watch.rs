//! The check while somebody writes: texts from editors, what changed since a revision, and the watch.

mod folder;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use folder::Folder;
use serde_json::Value;

const RUNBOOK: &str = "# Runbook: Restart\n\n## Purpose\n\nRestart it.\n\n## Prerequisites\n\nNone.\n\n## Procedure\n\n\
                       1. Stop it.\n2. Start it.\n\n## Verification\n\nIt runs.\n\n## Rollback\n\nNot applicable.\n\n\
                       ## Post-Incident\n\nWrite it down.\n";

const PAGE: &str = "# Page\n\n[restart](restart.md)\n";

impl Folder {
    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("a file")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runbook-site"));
        command.current_dir(self.path()).args(arguments).env("COLUMNS", "80");
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.pipe(arguments, b"")
    }

    /// Runs the program with a text on standard input.
    fn pipe(&self, arguments: &[&str], text: &[u8]) -> Run {
        Run::of(&mut self.command(arguments), text)
    }

    fn git(&self, arguments: &[&str]) {
        let done = Command::new("git")
            .current_dir(self.path())
            .args(["-c", "user.name=Ana", "-c", "user.email=ana@ops.example", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")])
            .output()
            .expect("git starts");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "Change"]);
    }
}

/// What a run said.
struct Run {
    code: i32,
    out: Vec<u8>,
    err: String,
}

impl Run {
    fn of(command: &mut Command, text: &[u8]) -> Run {
        let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = streams.spawn().expect("the program starts");
        // A program that ends without reading leaves a broken pipe behind.
        let _ = child.stdin.take().expect("standard input").write_all(text);
        let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
        let err = String::from_utf8(stderr).expect("UTF-8");
        Run { code: status.code().expect("an exit code"), out: stdout, err }
    }

    fn out(&self) -> &str {
        str::from_utf8(&self.out).expect("UTF-8")
    }

    /// Path, line and rule of each finding, in the format `json`.
    fn findings(&self) -> Vec<String> {
        let report: Value = serde_json::from_slice(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.err));
        let found = report["diagnostics"].as_array().expect("a list").iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        found.map(|one| format!("{}:{} {}", text(&one["path"]), one["start"]["line"], text(&one["rule"]))).collect()
    }
}

#[test]
fn the_text_of_an_editor_stands_for_the_file_and_the_others_are_read() {
    let folder = Folder::new(&[("restart.md", RUNBOOK), ("page.md", PAGE)]);
    let typed = b"# Page\n\n[a](restart.md) [b](nowhere.md)\n";
    let arguments = ["check", "--select", "dead-link", "--output-format", "json", "--stdin-filename", "page.md", "-"];
    let run = folder.pipe(&arguments, typed);
    assert_eq!((run.findings(), run.code), (vec!["page.md:3 dead-link".to_string()], 1));
    assert_eq!(folder.pipe(&arguments[..7], typed).findings(), run.findings(), "`-` may be left out");
    assert_eq!(folder.read("page.md"), PAGE);
}

#[test]
fn a_document_that_an_editor_has_not_saved_is_part_of_the_handbook() {
    let folder = Folder::new(&[("README.md", "# Ops\n\n[new](sub/new.md)\n"), ("restart.md", RUNBOOK)]);
    let arguments = ["check", "--select", "dead-link", "--output-format", "json", "--stdin-filename"];
    let new = |path| folder.pipe(&[&arguments[..], &[path, "-"]].concat(), b"# New\n\n[a](../restart.md) [b](c.md)\n");
    // The index leads to the new file, whose folder is not there either; what stands in others is not reported.
    assert_eq!(new("sub/new.md").findings(), ["sub/new.md:3 dead-link"]);
    assert_eq!(new("sub/other.md").findings(), ["sub/other.md:3 dead-link"]);
}

#[test]
fn the_fixed_text_goes_to_standard_output_and_the_report_aside() {
    let folder = Folder::new(&[("restart.md", RUNBOOK), ("page.md", PAGE)]);
    let typed = "\u{feff}# Page\r\n\r\n[a](Restart.md)\r\n\r\n[b](nowhere.md)";
    let run = folder.pipe(&["check", "--fix", "--output-format", "concise", "--stdin-filename", "page.md", "-"], {
        typed.as_bytes()
    });
    assert_eq!(run.out(), typed.replace("Restart", "restart"));
    assert!(run.err.starts_with("page.md:5:5: error[dead-link]: no file `nowhere.md`\n"), "{}", run.err);
    assert!(run.err.contains("1 fixed in 1 file"), "{}", run.err);
    assert_eq!((run.code, folder.read("page.md").as_str()), (1, PAGE));
    let run = folder.pipe(&["check", "--diff", "--stdin-filename", "page.md", "-"], b"# Page\n\n[a](Restart.md)\n");
    assert!(run.out().contains("-[a](Restart.md)\n+[a](restart.md)\n"), "{}", run.out());
}

#[test]
fn a_text_that_cannot_be_read_comes_back_as_it_was() {
    let folder = Folder::new(&[("restart.md", RUNBOOK)]);
    let latin = b"# Caf\xe9\n";
    let run = folder.pipe(&["check", "--fix", "--stdin-filename", "page.md", "-"], latin);
    assert_eq!((run.out.as_slice(), run.code), (&latin[..], 1));
    assert!(run.err.contains("unreadable-file"), "{}", run.err);
}

#[test]
fn a_fix_that_also_changes_other_files_is_not_made_in_an_editor() {
    let index = "# Ops\n\n| Scenario | Runbook |\n|---|---|\n| It hangs | [restart.md](restart.md) |\n\
                 | It is slow | [tune.md](tune.md) |\n\n\
                 ## Required Sections\n\n1. **Purpose**: what it is for\n";
    let other = RUNBOOK.replace("Restart", "Reload");
    let folder =
        Folder::new(&[("README.md", index), ("restart.md", RUNBOOK), ("tune.md", RUNBOOK), ("reload.md", &other)]);
    let arguments = ["check", "--select", "unlisted-runbook", "--unsafe-fixes"];
    let run = folder.pipe(&[&arguments[..], &["--stdin-filename", "reload.md"]].concat(), other.as_bytes());
    assert_eq!((run.out(), folder.read("README.md").as_str()), (other.as_str(), index));
    assert!(run.err.contains("unlisted-runbook") && run.err.contains("0 fixed"), "{}", run.err);
    assert!(folder.run(&arguments).err.contains("1 fixed"), "the rule has a fix");
}

#[test]
fn standard_input_needs_one_name_of_a_document() {
    let folder = Folder::new(&[("restart.md", RUNBOOK), (".gitignore", "draft.md\n"), ("draft.md", "# Draft\n")]);
    for (arguments, words) in [
        (&["-"][..], "help: name the document that it is, as in `--stdin-filename docs/restart.md -`"),
        (&["--stdin-filename", "page.md", "restart.md"], "leave the path out"),
        (&["--stdin-filename", "page.txt", "-"], "page.txt is no Markdown document"),
        (&["--stdin-filename", "draft.md", "-"], "draft.md is left out by `.gitignore`"),
        (&["--stdin-filename", "page.md", "--write-baseline"], "cannot be used with"),
    ] {
        let run = folder.pipe(&[&["check"], arguments].concat(), b"# Page\n");
        assert_eq!((run.code, run.out()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(words), "{arguments:?}: {}", run.err);
    }
}

/// A repository with faults everywhere, committed.
fn repository() -> Folder {
    let folder = Folder::new(&[
        ("docs/restart.md", RUNBOOK),
        ("docs/old.md", "# Old\n\n[x](nowhere.md)\n"),
        ("docs/index.md", "# Ops\n\n[x](nowhere.md)\n\n[old](old.md)\n"),
        ("docs/.gitignore", "draft.md\n"),
    ]);
    folder.git(&["init", "--quiet", "--initial-branch", "main"]);
    folder.commit();
    folder
}

const SINCE: [&str; 7] = ["check", "docs", "--select", "dead-link", "--output-format", "json", "--changed-since"];

fn since(folder: &Folder, revision: &str) -> Run {
    folder.run(&[&SINCE[..], &[revision]].concat())
}

#[test]
fn only_documents_that_changed_since_a_revision_are_reported() {
    let folder = repository();
    let run = since(&folder, "HEAD");
    assert_eq!((run.findings(), run.code), (Vec::new(), 0));
    assert!(run.err.contains("(0 changed since HEAD): no findings"), "{}", run.err);
    folder.write("docs/new.md", "# New\n\n[x](nowhere.md)\n");
    folder.write("docs/draft.md", "# Draft\n\n[x](nowhere.md)\n");
    assert_eq!(since(&folder, "HEAD").findings(), ["docs/new.md:3 dead-link"], "what git does not know yet counts");
    folder.commit();
    folder.write("docs/old.md", "# Older\n\n[x](nowhere.md)\n");
    assert_eq!(since(&folder, "HEAD").findings(), ["docs/old.md:3 dead-link"]);
    assert_eq!(since(&folder, "HEAD~1").findings(), ["docs/new.md:3 dead-link", "docs/old.md:3 dead-link"]);
}

#[test]
fn links_to_a_document_that_was_deleted_since_are_reported_everywhere() {
    let folder = repository();
    fs::remove_file(folder.path().join("docs/old.md")).expect("removed");
    assert_eq!(since(&folder, "main").findings(), ["docs/index.md:5 dead-link"]);
}

#[test]
fn what_others_changed_on_the_branch_meanwhile_does_not_count() {
    let folder = repository();
    folder.git(&["checkout", "--quiet", "-b", "mine"]);
    folder.write("docs/mine.md", "# Mine\n\n[x](nowhere.md)\n");
    folder.commit();
    folder.git(&["checkout", "--quiet", "main"]);
    folder.write("docs/old.md", "# Others\n\n[x](nowhere.md)\n");
    folder.commit();
    folder.git(&["checkout", "--quiet", "mine"]);
    assert_eq!(since(&folder, "main").findings(), ["docs/mine.md:3 dead-link"]);
}

#[test]
fn a_revision_that_git_does_not_know_is_an_error() {
    let folder = repository();
    folder.git(&["update-ref", "refs/remotes/origin/release", "HEAD"]);
    for (revision, words) in [
        ("mian", "git knows no revision `mian`\n  help: did you mean `main`?"),
        ("release", "did you mean `origin/release`?"),
        ("--output=x", "git knows no revision `--output=x`"),
        ("0000000", "name a branch, a tag or a commit"),
    ] {
        let run = folder.run(&[&SINCE[..6], &[&format!("--changed-since={revision}")]].concat());
        assert_eq!((run.code, run.out()), (2, ""), "{revision}");
        assert!(run.err.contains(words), "{revision}: {}", run.err);
    }
    let folder = Folder::new(&[("docs/restart.md", RUNBOOK)]);
    let run = since(&folder, "main");
    assert!(run.code == 2 && run.err.contains("the runbooks are in no git repository\n  help: without"), "{}", run.err);
    let run = Run::of(folder.command(&[&SINCE[..], &["main"]].concat()).env("PATH", ""), b"");
    assert!(run.code == 2 && run.err.contains("git is not installed"), "{}", run.err);
}

#[test]
fn each_shell_gets_a_script_that_knows_the_commands() {
    let folder = Folder::new(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = folder.run(&["completions", shell]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{shell}");
        for word in ["stdin-filename", "explain", "completions"] {
            assert!(run.out().contains(word), "{shell}: no {word}");
        }
    }
    let run = folder.run(&["completions", "bsh"]);
    assert!(run.code == 2 && run.err.contains("'bash'"), "{}", run.err);
}

#[test]
fn a_path_that_does_not_exist_names_the_nearest() {
    let folder = Folder::new(&[("docs/restart.md", RUNBOOK), ("docs/runbook-site.toml", "")]);
    for (arguments, words) in [
        (&["check", "doc"][..], "no such file or folder: doc\n  help: did you mean `docs`?\n"),
        (&["build", "dcs"], "help: did you mean `docs`?"),
        (&["inspect", "restrat.md", "docs"], "no such file or folder: restrat.md\n"),
        (&["check", "docs/restrat.md"], "help: did you mean `docs/restart.md`?"),
        (&["check", "docs", "--config", "docs/runbok-site.toml"], "help: did you mean `docs/runbook-site.toml`?"),
        (&["chek"], "'check'"),
        (&["check", "--stdin-filname", "x.md"], "'--stdin-filename'"),
        (&["explain", "dead-lnk"], "did you mean `dead-link`?"),
    ] {
        let run = folder.run(arguments);
        assert!(run.code == 2 && run.err.contains(words), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_log_gets_neither_hints_nor_bars_nor_wrapped_lines() {
    let folder = Folder::new(&[("page.md", DEAD)]);
    let run = Run::of(
        folder.command(&["check", "--color", "always", "--output-format", "concise"]).env("COLUMNS", "40"),
        b"",
    );
    assert_eq!(run.err, "\x1b[31m1 error\x1b[0m in 1 document\n");
    let long = folder.run(&["check", "a-folder-of-a-name-that-needs-a-line-of-its-own"]).err;
    assert_eq!(long, "error: no such file or folder: a-folder-of-a-name-that-needs-a-line-of-its-own\n");
    assert_eq!(folder.run(&["check", "--quiet"]).err, "");
}

/// A check that watches, and what it says, line by line.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(folder: &Folder, arguments: &[&str]) -> Watching {
        let mut command = folder.command(&[&["check", "--watch", "--output-format", "concise"], arguments].concat());
        // One pipe for both streams keeps the order of what is said.
        let (out, both) = std::io::pipe().expect("a pipe");
        command.stdin(Stdio::null()).stdout(both.try_clone().expect("a pipe")).stderr(both);
        let child = command.spawn().expect("the program starts");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(out).lines().map_while(Result::ok);
            while lines.next().is_some_and(|line| sender.send(line).is_ok()) {}
        });
        Watching { child, lines }
    }

    /// Waits for a line that holds these words.
    fn until(&self, words: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut before = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            if line.contains(words) {
                return line;
            }
            before.push(line);
        }
        panic!("no `{words}` but {before:?}");
    }

    /// What is said without anything having changed.
    fn unasked(&self) -> Option<String> {
        self.lines.recv_timeout(Duration::from_millis(700)).ok()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

const DEAD: &str = "# Page\n\n[x](nowhere.md)\n";

#[test]
fn a_watch_reports_what_is_written_renamed_and_removed() {
    let folder = Folder::new(&[("docs/restart.md", RUNBOOK)]);
    let watching = Watching::start(&folder, &["docs"]);
    watching.until("no findings");
    assert_eq!(watching.until("watching"), "watching docs; Ctrl-C stops");
    folder.write("docs/page.md", DEAD);
    watching.until("docs/page.md:3:5: error[dead-link]");
    watching.until("watching");
    fs::rename(folder.path().join("docs/page.md"), folder.path().join("docs/other.md")).expect("renamed");
    watching.until("docs/other.md:3:5");
    watching.until("watching");
    folder.write("docs/new/deep/page.md", DEAD);
    watching.until("docs/new/deep/page.md:3:5");
    watching.until("watching");
    fs::remove_file(folder.path().join("docs/other.md")).expect("removed");
    fs::remove_dir_all(folder.path().join("docs/new")).expect("removed");
    watching.until("no findings");
}

#[test]
fn a_watch_survives_a_broken_config() {
    let folder = Folder::new(&[("docs/page.md", DEAD), ("runbook-site.toml", "root = \"docs\"\n[rules\n")]);
    let watching = Watching::start(&folder, &["docs"]);
    watching.until("runbook-site.toml:2");
    watching.until("watching");
    folder.write("runbook-site.toml", "root = \"docs\"\n");
    watching.until("docs/page.md:3:5");
    watching.until("watching");
    folder.write("runbook-site.toml", "root = \"docs\"\n[rules]\ndead-lnk = \"off\"\n");
    watching.until("unknown rule `dead-lnk`");
    watching.until("watching");
    folder.write("runbook-site.toml", "root = \"docs\"\n[rules]\ndead-link = \"off\"\n");
    watching.until("no findings");
}

#[test]
fn a_watch_survives_the_loss_of_its_root() {
    let folder = Folder::new(&[("docs/restart.md", RUNBOOK)]);
    let watching = Watching::start(&folder, &["docs"]);
    watching.until("watching");
    fs::rename(folder.path().join("docs"), folder.path().join("away")).expect("renamed");
    watching.until("no such file or folder: docs");
    watching.until("watching");
    folder.write("docs/page.md", DEAD);
    watching.until("docs/page.md:3:5");
    watching.until("watching");
    folder.write("docs/page.md", "# Page\n");
    watching.until("no findings");
}

#[test]
fn what_a_watch_writes_itself_does_not_wake_it() {
    let folder = Folder::new(&[("restart.md", RUNBOOK), ("page.md", "# Page\n\n[a](Restart.md)\n")]);
    let watching = Watching::start(&folder, &["--fix", "--output-format", "markdown:report.md"]);
    watching.until("1 fixed in 1 file");
    watching.until("watching");
    assert_eq!(folder.read("page.md"), "# Page\n\n[a](restart.md)\n");
    assert_eq!(watching.unasked(), None);
    folder.write("page.md", "# Page\n\n[a](restart.md) [b](Restart.md)\n");
    watching.until("1 fixed in 1 file");
    watching.until("watching");
    assert_eq!(watching.unasked(), None);
    // Nor does what changes nothing.
    folder.write("page.md", folder.read("page.md"));
    assert_eq!(watching.unasked(), None);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_watch() {
    let folder = Folder::new(&[("restart.md", RUNBOOK)]);
    let mut watching = Watching::start(&folder, &[]);
    watching.until("watching");
    let sent = Command::new("kill").args(["-INT", &watching.child.id().to_string()]).status().expect("kill starts");
    assert!(sent.success());
    let deadline = Instant::now() + PATIENCE;
    while watching.child.try_wait().expect("a child").is_none() {
        assert!(Instant::now() < deadline, "it goes on");
        std::thread::sleep(Duration::from_millis(10));
    }
}
