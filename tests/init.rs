//! `init` and `new`: what they say of a folder, what they write, and what they leave alone.

mod folder;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use folder::Folder;

const INDEX: &str = "# Harbour Runbooks\n\n## Quick Reference\n\n### Emergencies\n\n\
    | Scenario | Runbook | Estimated Time | Approval Required |\n|---|---|---|---|\n\
    | Crane stuck | [crane-stuck.md](./crane-stuck.md) | 10 minutes | None |\n\
    | Gate blocked | [gate-open.md](./gate-open.md) | 5 minutes | None |\n\n\
    ### Routine\n\n| Scenario | Runbook |\n|---|---|\n\n\
    ## Required Sections\n\n1. **Purpose**: why\n2. **Procedure**: how\n3. **Rollback**: back\n\n\
    ## Template\n\n````markdown\n# Runbook: [Title]\n\n**Last Updated**: YYYY-MM-DD\n**Owner**: [Team]\n\
    **Estimated Time**: [X minutes]\n\n## Purpose\n\n[Why]\n\n## Procedure\n\n### Step 1: [Step]\n\n\\`\\`\\`bash\ntrue\n\\`\\`\\`\n\n\
    ## Rollback\n\n[How to go back]\n````\n";

const CRANE: &str = "# Runbook: Crane Stuck\n\n**Last Updated**: 2026-01-02\n**Owner**: Docks\n\
    **Estimated Time**: 10 minutes\n\n## Purpose\n\nMove it.\n\n## Procedure\n\n### Step 1: Push\n\nPush.\n\n[x](nowhere.md)\n";

/// A repository with a handbook in `ops`.
impl Folder {
    fn repository(files: &[(&str, &str)]) -> Self {
        let folder = Folder::new(files);
        folder.git(&["init", "-q"]);
        folder.git(&["config", "user.name", "Ana Docks"]);
        folder
    }

    fn handbook() -> Self {
        Folder::repository(&[("ops/README.md", INDEX), ("ops/crane-stuck.md", CRANE)])
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn has(&self, path: &str) -> bool {
        self.path().join(path).exists()
    }

    fn git(&self, arguments: &[&str]) {
        let status = Command::new("git").current_dir(self.path()).args(arguments).status().expect("git starts");
        assert!(status.success(), "git {arguments:?}");
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runbook-site"));
        let Output { status, stdout, stderr } = command
            .current_dir(self.path())
            .args(arguments)
            .env("COLUMNS", "80")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Run { code: status.code().expect("an exit code"), out: text(stdout), err: text(stderr) }
    }

    /// The rules that report on a file.
    fn rules(&self, path: &str) -> Vec<String> {
        let run = self.run(&["check", path, "--output-format", "concise", "--today", "2026-03-09"]);
        let rule = |line: &str| line.split(['[', ']']).nth(1).unwrap_or_default().to_string();
        let mut rules: Vec<String> = run.out.lines().filter(|line| line.starts_with(path)).map(rule).collect();
        rules.dedup();
        rules
    }
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

/// All lines of a config that can be switched on.
fn switched_on(config: &str) -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') || rest.starts_with("  \"") => rest.to_string(),
        _ => line.to_string(),
    };
    config.lines().map(|text| line(text) + "\n").collect()
}

#[test]
fn the_first_check_after_init_passes() {
    let folder = Folder::handbook();
    assert_eq!(folder.run(&["check", "ops"]).code, 1);
    let run = folder.run(&["init", "ops"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("written   ops/runbook-site.toml (new)"), "{}", run.err);
    for part in [
        "index     ops/README.md: 1 table with 2 rows, a standard, a template",
        "standard  that of ops/README.md:17, for 1 runbook: Purpose, Procedure, Rollback",
        "missing   1 file that indexes lead to: gate-open.md",
        "1  error    missing-section",
    ] {
        assert!(run.out.contains(part), "no {part} in {}", run.out);
    }
    let config = folder.read("ops/runbook-site.toml");
    assert!(config.contains("missing-section = \"warning\" # 1 in 1 document\n"), "{config}");
    assert_eq!(folder.run(&["check", "ops"]).code, 0);
}

#[test]
fn what_the_config_offers_can_be_switched_on_as_it_is() {
    for folder in [
        Folder::handbook(),
        Folder::repository(&[("ops/a.md", "# A\n")]),
        Folder::repository(&[("ops/a/b.md", CRANE), ("ops/a/c.md", CRANE), ("ops/a/[x].md", "# A\n\n[x](./y.md)\n")]),
        Folder::repository(&[("ops/README.md", "# A\n\n- [b](./b.md)\n- [c](<./c[1].md>)\n"), ("ops/b.md", CRANE)]),
        // Two standards, which have one section in common.
        Folder::repository(&[
            ("ops/README.md", INDEX),
            ("ops/b/README.md", "# B\n\n- [c](c.md)\n- [d](d.md)\n\n## Required Sections\n\n- Purpose\n- Smoke\n"),
        ]),
    ] {
        assert_eq!(folder.run(&["init", "ops"]).code, 0);
        let config = switched_on(&folder.read("ops/runbook-site.toml"));
        assert!(!config.contains("\n#["), "{config}");
        folder.write("ops/runbook-site.toml", &config);
        let run = folder.run(&["check", "ops", "--output-format", "concise", "--fail-on", "never"]);
        assert_eq!(run.code, 0, "{}\n{config}", run.err);
        // What is planned is no fault.
        assert!(!run.out.contains("dead-index-row") && !run.out.contains("c[1]"), "{}\n{config}", run.out);
    }
}

#[test]
fn a_baseline_hides_what_is_there_and_lowers_no_level() {
    let folder = Folder::handbook();
    assert_eq!(folder.run(&["init", "ops", "--baseline"]).code, 0);
    assert!(!folder.read("ops/runbook-site.toml").contains("= \"warning\""));
    let run = folder.run(&["check", "ops", "--output-format", "concise"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    folder.write("ops/crane-stuck.md", CRANE.replace("nowhere", "elsewhere"));
    assert_eq!(folder.run(&["check", "ops"]).code, 1);
}

#[test]
fn the_files_of_hooks_and_pipelines_name_the_folder_from_the_top_of_the_repository() {
    let folder = Folder::handbook();
    let run = folder.run(&["init", "ops", "--pre-commit", "--github"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for path in [".pre-commit-config.yaml", ".github/workflows/runbooks.yml"] {
        assert!(run.err.contains(&format!("written   {path} (new)")), "{}", run.err);
        assert!(!folder.read(path).contains("docs/ops"));
    }
    assert_eq!(folder.read(".pre-commit-config.yaml").matches("args: [ops]").count(), 2);
    assert!(folder.read(".github/workflows/runbooks.yml").contains("path: ops\n"));
    assert!(run.err.contains("for OWNER"), "{}", run.err);
}

#[test]
fn hooks_are_added_to_those_that_are_there() {
    let folder = Folder::handbook();
    let own = "# ours\nrepos:\n- repo: https://example.org/x\n  rev: v1\n  hooks: [{id: x}]\nci: {skip: [x]}\n";
    folder.write(".pre-commit-config.yaml", own);
    let run = folder.run(&["init", "ops", "--pre-commit"]);
    assert!(run.err.contains("written   .pre-commit-config.yaml (hooks added)") && run.code == 0, "{}", run.err);
    let text = folder.read(".pre-commit-config.yaml");
    assert!(text.starts_with("# ours\nrepos:\n- repo: https://example.org/x\n"), "{text}");
    assert!(text.ends_with("ci: {skip: [x]}\n") && text.contains("\n- repo: local\n  hooks:\n"), "{text}");
    // A second time there is nothing to add, and the config stays.
    let run = folder.run(&["init", "ops", "--pre-commit"]);
    assert!(run.err.contains("has the hook `runbook-site` already") && run.code == 0, "{}", run.err);
    assert_eq!(folder.read(".pre-commit-config.yaml"), text);
}

#[test]
fn hooks_in_a_form_that_is_not_understood_are_left_alone_and_nothing_is_written() {
    let folder = Folder::handbook();
    let own = "repos: [{repo: local, hooks: []}]\n";
    folder.write(".pre-commit-config.yaml", own);
    let run = folder.run(&["init", "ops", "--pre-commit"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("add these lines yourself") && run.err.contains("args: [ops]"), "{}", run.err);
    assert_eq!(folder.read(".pre-commit-config.yaml"), own);
    assert!(!folder.has("ops/runbook-site.toml"));
}

#[test]
fn init_overwrites_only_when_forced() {
    let folder = Folder::handbook();
    folder.write("ops/runbook-site.toml", "[site]\ntitle = \"Ours\"\n");
    let run = folder.run(&["init", "ops"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("ops/runbook-site.toml holds for this folder already"), "{}", run.err);
    folder.write(".github/workflows/runbooks.yml", "ours\n");
    let run = folder.run(&["init", "ops", "--github", "--baseline"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains(".github/workflows/runbooks.yml is there already"), "{}", run.err);
    assert!(!folder.has("ops/.runbook-site-baseline.json"));
    let run = folder.run(&["init", "ops", "--github", "--force"]);
    assert!(run.err.contains("written   ops/runbook-site.toml (overwritten)") && run.code == 0, "{}", run.err);
    assert!(folder.read("ops/runbook-site.toml").contains("root = \".\""));
    assert!(folder.read(".github/workflows/runbooks.yml").contains("path: ops"));
}

#[test]
fn a_config_above_is_not_put_aside_in_silence() {
    let folder = Folder::handbook();
    folder.write("runbook-site.toml", "root = \"ops\"\n");
    let run = folder.run(&["init", "ops"]);
    assert!(run.err.contains("runbook-site.toml holds for this folder already") && run.code == 2, "{}", run.err);
    let run = folder.run(&["init", "ops", "--baseline"]);
    assert!(run.err.contains("runbook-site.toml is kept") && run.code == 0, "{}", run.err);
    assert!(folder.has(".runbook-site-baseline.json") && !folder.has("ops/runbook-site.toml"));
    assert_eq!(folder.run(&["check", "ops"]).code, 0);
}

#[test]
fn a_config_below_the_folder_does_not_hold_for_it() {
    let folder = Folder::handbook();
    folder.write("ops/east/runbook-site.toml", "");
    let mut command = Command::new(env!("CARGO_BIN_EXE_runbook-site"));
    let output = command.current_dir(folder.path().join("ops/east")).args(["init", ".."]).output().expect("it starts");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.has("ops/runbook-site.toml"));
}

#[test]
fn a_dry_run_prints_what_it_would_write() {
    let folder = Folder::handbook();
    let run = folder.run(&["init", "ops", "--baseline", "--pre-commit", "--github", "--dry-run"]);
    assert_eq!(run.code, 0);
    for path in [
        "ops/runbook-site.toml",
        "ops/.runbook-site-baseline.json",
        ".pre-commit-config.yaml",
        ".github/workflows/runbooks.yml",
    ] {
        assert!(run.out.contains(&format!("--- {path} (new)\n")), "no {path} in {}", run.out);
        assert!(!folder.has(path), "{path}");
    }
}

#[test]
fn init_says_why_there_is_nothing_to_begin_with() {
    let folder = Folder::repository(&[("notes.txt", "x"), ("ops/a.md", "# A\n"), ("empty/x.txt", "x")]);
    for (arguments, message) in [
        (&["init", "empty"][..], "nothing to check: no Markdown file in"),
        (&["init", "nowhere"], "no such file or folder: nowhere"),
        (&["init", "ops/a.md"], "ops/a.md is a file"),
        (&["init", "ops", "--config", "x.toml"], "init writes a config and reads none"),
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
    assert!(!folder.has("empty/runbook-site.toml"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::handbook();
    let lock = |mode: u32| {
        fs::set_permissions(folder.path().join("ops"), fs::Permissions::from_mode(mode)).expect("permissions");
    };
    lock(0o555);
    // The superuser may write anywhere.
    let is_locked = fs::write(folder.path().join("ops/probe"), "").is_err();
    let runs = [folder.run(&["init", "ops"]), folder.run(&["new", "Lamp Out", "--dir", "ops"])];
    lock(0o755);
    for run in runs.iter().filter(|_| is_locked) {
        assert!(run.code == 2 && run.err.contains("cannot write ") && run.err.contains("help"), "{}", run.err);
    }
}

#[test]
fn a_new_runbook_lacks_nothing_but_its_words() {
    let folder = Folder::handbook();
    let run = folder.run(&["new", "Lamp Out", "--dir", "ops", "--index", "Routine", "--today", "2026-03-09"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("written   ops/lamp-out.md, from the template of README.md\n"), "{}", run.err);
    assert!(run.err.contains("listed    ops/README.md:16, under `Routine`\n"), "{}", run.err);
    assert_eq!(
        folder.read("ops/lamp-out.md"),
        "# Runbook: Lamp Out\n\n**Last Updated**: 2026-03-09\n**Owner**: Ana Docks\n**Estimated Time**: [X minutes]\n\n\
         ## Purpose\n\n[Why]\n\n## Procedure\n\n### Step 1: [Step]\n\n```bash\ntrue\n```\n\n## Rollback\n\n[How to go back]\n"
    );
    let row = "|---|---|\n| Lamp Out | [lamp-out.md](./lamp-out.md) |\n\n## Required";
    assert!(folder.read("ops/README.md").contains(row), "{}", folder.read("ops/README.md"));
    assert_eq!(folder.rules("ops/lamp-out.md"), ["placeholder-text"]);
}

#[test]
fn a_runbook_without_a_template_has_the_sections_of_its_standard() {
    let stated = INDEX.split("## Template").next().unwrap_or_default();
    let guided =
        format!("{stated}## Guidelines\n\n- Use numbered steps\n- Include time estimates\n- Expected output\n");
    let own = "[kinds]\n\"ops/*\" = \"ours\"\n[standards.ours]\ntitle = \"Play: [x]\"\nsections = [\"purpose\", \"Smoke Test\"]\n\
               metadata = [\"Owner\", { name = \"Tier\", values = [\"gold\", \"tin\"] }]\n";
    for (files, origin) in [
        (vec![("ops/README.md", stated), ("ops/crane-stuck.md", CRANE)], "the sections of the standard `house`"),
        (
            vec![("ops/README.md", guided.as_str()), ("ops/crane-stuck.md", CRANE)],
            "the sections of the standard `house`",
        ),
        (vec![("ops/other.md", "# Other\n")], "the sections of the standard `procedure`"),
        (vec![("runbook-site.toml", own), ("ops/other.md", "# Play: Other\n")], "the sections of the standard `ours`"),
    ] {
        let folder = Folder::repository(&files);
        let run = folder.run(&["new", "Lamp Out", "--dir", "ops", "--today", "2026-03-09"]);
        assert!(run.code == 0 && run.err.contains(origin), "{}", run.err);
        let rules = folder.rules("ops/lamp-out.md");
        // How long it takes, and where it is listed, is for the author to say.
        let left = ["placeholder-text", "unlisted-runbook", "missing-time-estimate"];
        let others: Vec<&String> = rules.iter().filter(|rule| !left.contains(&rule.as_str())).collect();
        assert!(others.is_empty(), "{others:?}\n{}", folder.read("ops/lamp-out.md"));
    }
}

#[test]
fn a_row_that_waits_for_its_runbook_names_the_file() {
    let folder = Folder::handbook();
    let run = folder.run(&["new", "Gate blocked", "--dir", "ops"]);
    assert_eq!((run.code, folder.has("ops/gate-blocked.md")), (0, true), "{}", run.err);
    fs::remove_file(folder.path().join("ops/gate-blocked.md")).expect("removed");
    // Without a folder, it is the one that the row leads to.
    let run = folder.run(&["new", "Gate blocked"]);
    assert!(run.code == 0 && folder.has("ops/gate-open.md"), "{}", run.err);
    assert!(run.err.contains("listed    ops/README.md:10 leads to it already"), "{}", run.err);
}

#[test]
fn an_unknown_table_is_refused_with_the_one_that_was_meant() {
    let folder = Folder::handbook();
    let before = folder.read("ops/README.md");
    let run = folder.run(&["new", "Lamp Out", "--index", "Emergncies"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("did you mean `Emergencies`?"), "{}", run.err);
    let run = folder.run(&["new", "Lamp Out", "--index", "zzz"]);
    assert!(run.err.contains("write one of: Emergencies, Routine"), "{}", run.err);
    assert!(!folder.has("ops/lamp-out.md") && folder.read("ops/README.md") == before);
}

#[test]
fn a_list_takes_an_item() {
    let index = "# A\n\n## Alerts\n\n* [b](b.md)\n* [c](c.md)\n\n## More\n\ntext\n";
    let folder = Folder::repository(&[("ops/README.md", index), ("ops/b.md", "# B\n"), ("ops/c.md", "# C\n")]);
    let run = folder.run(&["new", "Lamp Out", "--index", "alerts"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(folder.read("ops/README.md").contains("* [c](c.md)\n* [Lamp Out](lamp-out.md)\n\n## More"));
}

#[test]
fn new_overwrites_only_when_forced_and_names_what_has_the_title() {
    let folder = Folder::handbook();
    let run = folder.run(&["new", "Crane Stuck", "--dir", "ops"]);
    assert!(run.code == 2 && run.err.contains("ops/crane-stuck.md is there already"), "{}", run.err);
    fs::create_dir(folder.path().join("ops/east")).expect("a folder");
    let run = folder.run(&["new", "crane stuck", "--dir", "ops/east"]);
    assert!(run.code == 2 && run.err.contains("ops/crane-stuck.md has the title `crane stuck` already"), "{}", run.err);
    assert_eq!(folder.read("ops/crane-stuck.md"), CRANE);
    let run = folder.run(&["new", "Crane Stuck", "--dir", "ops", "--force"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(folder.read("ops/crane-stuck.md").contains("[Why]"));
}

#[test]
fn line_ends_are_those_of_the_index() {
    let folder = Folder::repository(&[("ops/README.md", &INDEX.replace('\n', "\r\n")), ("ops/crane-stuck.md", CRANE)]);
    let run = folder.run(&["new", "Lamp Out", "--index", "Emergencies", "--today", "2026-03-09"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for path in ["ops/lamp-out.md", "ops/README.md"] {
        let text = folder.read(path);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{path}: {text:?}");
        assert!(!text.contains("\r\r"), "{path}: {text:?}");
    }
    assert!(folder.read("ops/README.md").contains("(./lamp-out.md) | [X minutes] | - |\r\n\r\n### Routine"));
    assert_eq!(folder.rules("ops/lamp-out.md"), ["placeholder-text"]);
}

#[test]
fn titles_that_name_no_file_are_refused() {
    let folder = Folder::handbook();
    for (title, message) in [
        ("?!", "no file can be named after the title"),
        ("", "no file can be named after the title"),
        ("Readme", "would be the page of its folder"),
        ("a\nb", "a line break"),
    ] {
        let run = folder.run(&["new", title, "--dir", "ops"]);
        assert!(run.code == 2 && run.err.contains(message), "{title:?}: {}", run.err);
    }
    folder.write("ops/runbook-site.toml", "exclude = [\"drafts\"]\n");
    fs::create_dir(folder.path().join("ops/drafts")).expect("a folder");
    let run = folder.run(&["new", "Lamp Out", "--dir", "ops/drafts"]);
    assert!(run.code == 2 && run.err.contains("`exclude` leaves it out"), "{}", run.err);
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let folder = Folder::handbook();
    let run = folder.run(&["new", "Lamp Out", "--dir", "osp"]);
    assert!(
        run.code == 2 && run.err.contains("no folder osp") && run.err.contains("help: make it first"),
        "{}",
        run.err
    );
    assert!(!folder.has("osp"));
}

#[test]
fn where_several_indexes_could_be_meant_the_folder_is_asked_for() {
    let list = "# A\n\n- [b](b.md)\n- [c](c.md)\n";
    let page = "# B\n";
    let folder = Folder::repository(&[
        ("east/README.md", list),
        ("east/b.md", page),
        ("west/README.md", list),
        ("west/b.md", page),
    ]);
    let run = folder.run(&["new", "Lamp Out"]);
    assert!(run.code == 2 && run.err.contains("--dir east, west"), "{}", run.err);
    assert_eq!(folder.run(&["new", "Lamp Out", "--dir", "west"]).code, 0);
    assert!(folder.has("west/lamp-out.md"));
}

#[test]
fn the_hooks_of_the_documents_are_those_that_init_writes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).expect(path);
    let own = read("docs/ci/pre-commit-local.yaml");
    let body: String = own.lines().skip_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    assert!(read("docs/ci.md").contains(&format!("```yaml\n{body}```\n")), "docs/ci.md shows other hooks");
}
