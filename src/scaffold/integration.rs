//! The files that run a check before each commit and in each pull request: those of `docs/ci`, for one folder.

use serde::Deserialize;

use super::comment;

/// Where pre-commit looks, from the top of the repository.
pub const PRE_COMMIT_PATH: &str = ".pre-commit-config.yaml";
/// Where GitHub looks, from the top of the repository.
pub const GITHUB_PATH: &str = ".github/workflows/runbooks.yml";

const PRE_COMMIT: &str = include_str!("../../docs/ci/pre-commit-local.yaml");
const GITHUB: &str = include_str!("../../docs/ci/github-check.yml");

/// The folder that stands in the files of `docs/ci`.
const FOLDER: &str = "docs/ops";

/// Why hooks were not added to a config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotExtended {
    /// It has the hook already.
    Present,
    /// It is no YAML, or its `repos` is no list of one entry a line.
    Form,
}

/// The config of pre-commit with the hooks of a folder, named from the top of the repository.
pub fn pre_commit_config(folder: &str) -> String {
    format!("{}{}", head(PRE_COMMIT, "Then run: pre-commit install"), body(PRE_COMMIT, folder))
}

/// The workflow that checks pull requests.
pub fn github_workflow(folder: &str) -> String {
    format!("{}{}", head(GITHUB, "Put the account that holds runbook-site for OWNER."), body(GITHUB, folder))
}

/// Adds the hooks to a config of pre-commit, and leaves all else as it is.
pub fn extended_pre_commit(existing: &str, folder: &str) -> Result<String, NotExtended> {
    let before = repositories(existing).ok_or(NotExtended::Form)?;
    if before.iter().flat_map(|repository| &repository.hooks).any(|hook| hook.id == "runbook-site") {
        return Err(NotExtended::Present);
    }
    let line_end = if existing.contains("\r\n") { "\r\n" } else { "\n" };
    let (at, indent, key) = end_of_repositories(existing).ok_or(NotExtended::Form)?;
    let hooks = body(PRE_COMMIT, folder);
    let entries = hooks.strip_prefix("repos:\n").unwrap_or(&hooks);
    let mut added = String::new();
    if at > 0 && !existing[..at].ends_with('\n') {
        added.push_str(line_end);
    }
    added.push_str(key);
    for line in entries.lines() {
        let line = line.strip_prefix("  ").unwrap_or(line);
        added.push_str(&format!("{}{line}{line_end}", " ".repeat(indent)));
    }
    let extended = format!("{}{added}{}", &existing[..at], &existing[at..]);
    let after = repositories(&extended).ok_or(NotExtended::Form)?;
    let is_added = after.len() == before.len() + 1;
    if is_added { Ok(extended) } else { Err(NotExtended::Form) }
}

/// What the file is for, by its own first words, and what is left to do.
fn head(text: &str, to_do: &str) -> String {
    let lines: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("# ")).collect();
    let own = lines.join(" ");
    let purpose = own.split(" Copy it to ").next().unwrap_or_default();
    comment(&format!("{purpose} {to_do}"))
}

/// The file behind its first comment, for a folder.
fn body(text: &str, folder: &str) -> String {
    let rest = text.lines().skip_while(|line| line.starts_with('#'));
    rest.map(|line| line.replace(FOLDER, &yaml_string(folder)) + "\n").collect()
}

fn yaml_string(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
    let is_bare = text.chars().all(is_plain) && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '.');
    if is_bare { text.to_string() } else { format!("'{}'", text.replace('\'', "''")) }
}

#[derive(Deserialize)]
struct Repository {
    #[serde(default)]
    hooks: Vec<Hook>,
}

#[derive(Deserialize)]
struct Hook {
    #[serde(default)]
    id: String,
}

/// The repositories that a config names; `None` where it cannot be read.
fn repositories(text: &str) -> Option<Vec<Repository>> {
    #[derive(Deserialize)]
    struct Config {
        repos: Option<Vec<Repository>>,
    }
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Some(Vec::new());
    }
    serde_saphyr::from_str::<Config>(text).ok().map(|config| config.repos.unwrap_or_default())
}

/// Where entries can be added to the list of `repos`, how far they are indented, and what must stand before the first.
fn end_of_repositories(text: &str) -> Option<(usize, usize, &'static str)> {
    let mut at = 0;
    let mut end = None;
    let mut indent = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        let is_blank = bare.is_empty() || bare.trim_start().starts_with('#');
        if end.is_none() {
            let value = bare.strip_prefix("repos:").map(|value| value.split(" #").next().unwrap_or_default().trim());
            match value {
                Some("") => end = Some(at),
                Some(_) => return None,
                None => {}
            }
            continue;
        }
        let spaces = bare.len() - bare.trim_start_matches(' ').len();
        let is_entry = bare.trim_start_matches(' ').starts_with('-');
        if is_blank {
            continue;
        }
        if spaces == 0 && !is_entry || bare.starts_with("---") || bare.starts_with("...") {
            break;
        }
        if indent.is_none() && is_entry {
            indent = Some(spaces);
        }
        end = Some(start + line.len());
    }
    match end {
        Some(end) => Some((end, indent.unwrap_or(2), "")),
        None => Some((text.len(), 2, "repos:\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_name_the_folder_and_no_place_to_copy_them_to() {
        let text = github_workflow("ops/run books");
        assert!(text.contains("path: 'ops/run books'\n") && !text.contains("docs/ops"), "{text}");
        assert!(text.starts_with("# Checks the runbooks of a pull request. Put the account"), "{text}");
        assert!(!text.contains("Copy it"), "{text}");
        let text = pre_commit_config(".");
        assert_eq!(text.matches("args: [.]\n").count(), 2, "{text}");
        assert_eq!(repositories(&text).map(|all| all[0].hooks.len()), Some(2));
    }

    #[test]
    fn hooks_are_added_behind_the_last_repository_in_its_form() {
        let entry = "repo: https://example.org/hooks\n    rev: v1\n    hooks:\n      - id: x\n";
        let cases = [
            format!("# ours\nrepos:\n  - {entry}\n# end\nci:\n  skip: [x]\n"),
            "repos:\n- repo: https://example.org/hooks\n  rev: v1\n  hooks:\n  - id: x\ndefault_stages: [pre-push]\n"
                .to_string(),
            format!("default_stages: [pre-push]\nrepos: # all\n  - {}", entry.trim_end()),
            format!("repos:\r\n  - {}", entry.replace('\n', "\r\n")),
            "default_stages: [pre-push]\n".to_string(),
            "repos:\n".to_string(),
            "# nothing yet\n".to_string(),
            String::new(),
        ];
        for existing in cases {
            let text = extended_pre_commit(&existing, "docs/ops").unwrap_or_else(|why| panic!("{why:?}: {existing}"));
            let hooks: Vec<String> =
                repositories(&text).expect(&text).into_iter().flat_map(|one| one.hooks).map(|hook| hook.id).collect();
            assert_eq!(hooks.last().map(String::as_str), Some("runbook-site"), "{text}");
            let kept = existing.lines().filter(|line| !text.lines().any(|other| other == *line)).count();
            assert_eq!(kept, 0, "{text}");
            assert_eq!(extended_pre_commit(&text, "docs/ops"), Err(NotExtended::Present), "{text}");
        }
    }

    #[test]
    fn a_config_of_another_form_is_left_alone() {
        for existing in ["repos: [{repo: local, hooks: []}]\n", "repos: x: y\n", "- a\n- b\n"] {
            assert_eq!(extended_pre_commit(existing, "."), Err(NotExtended::Form), "{existing}");
        }
    }
}
