//! What a code block is written in: by its fence, else by its first lines.

use super::{session, sql};

/// A language of commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Shell,
    Powershell,
    Sql,
}

/// Names behind a fence.
const NAMES: [(Dialect, &[&str]); 3] = [
    (
        Dialect::Shell,
        &[
            "bash",
            "sh",
            "shell",
            "zsh",
            "ksh",
            "fish",
            "console",
            "shell-session",
            "shellsession",
            "bash-session",
            "sh-session",
            "terminal",
            "term",
            "shellscript",
        ],
    ),
    (Dialect::Powershell, &["powershell", "ps1", "pwsh", "ps", "posh"]),
    (
        Dialect::Sql,
        &["sql", "mysql", "postgresql", "postgres", "psql", "pgsql", "plsql", "plpgsql", "tsql", "mariadb", "sqlite"],
    ),
];

/// Names of blocks that may hold anything.
const PLAIN: [&str; 5] = ["", "text", "txt", "plaintext", "plain"];

/// Names of blocks that show a session.
const SESSIONS: [&str; 6] = ["console", "shell-session", "shellsession", "bash-session", "terminal", "term"];

/// The language of a block, `None` where it holds no commands.
pub fn of(language: &str, text: &str, is_program: &dyn Fn(&str) -> bool) -> Option<Dialect> {
    let named = NAMES.iter().find(|(_, names)| names.contains(&language)).map(|(dialect, _)| *dialect);
    match named {
        Some(Dialect::Shell) if is_configuration(text) => None,
        Some(Dialect::Shell)
            if first_code_line(text).is_some_and(|line| line.starts_with("PS ") && line.contains("> ")) =>
        {
            Some(Dialect::Powershell)
        }
        // A client that is called in a shell, with its statements.
        Some(Dialect::Sql) if first_code_line(text).is_some_and(|line| calls_client(line, is_program)) => {
            Some(Dialect::Shell)
        }
        Some(dialect) => Some(dialect),
        None if PLAIN.contains(&language) => guessed(text, is_program),
        None => None,
    }
}

/// Whether a block holds a file of settings, such as a unit of systemd: `[Unit]`, and behind it `Description=…`.
fn is_configuration(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let section = lines.next().and_then(|line| line.strip_prefix('[')?.strip_suffix(']'));
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    section.is_some_and(is_name)
        && lines.next().and_then(|line| line.split_once('=')).is_some_and(|(key, _)| is_name(key.trim_end()))
}

/// Whether a line of an SQL block is a call of a program, and no statement.
fn calls_client(line: &str, is_program: &dyn Fn(&str) -> bool) -> bool {
    const STATEMENTS: [&str; 14] = [
        "call", "declare", "exec", "exit", "help", "install", "kill", "load", "select", "set", "source", "truncate",
        "use", "with",
    ];
    let head = line.split_whitespace().next().unwrap_or_default();
    !line.ends_with(';')
        && !STATEMENTS.contains(&head)
        && !sql::starts_statement(line)
        && head.starts_with(|c: char| c.is_ascii_lowercase())
        && is_command(line, is_program)
}

/// Whether `# ` before a command is a prompt: in sessions of root, where the first line is a program behind it.
pub fn has_hash_prompts(language: &str, text: &str, is_program: &dyn Fn(&str) -> bool) -> bool {
    if !SESSIONS.contains(&language) && !language.is_empty() {
        return false;
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().and_then(|line| line.strip_prefix("# "));
    let starts = first.is_some_and(|line| is_command(line, is_program));
    // Where other lines are commands without it, it is a comment.
    starts && !lines.any(|line| !line.starts_with('#') && is_command(line, is_program))
}

/// Lines that are looked at.
const LOOKED_AT: usize = 12;

fn guessed(text: &str, is_program: &dyn Fn(&str) -> bool) -> Option<Dialect> {
    let first = first_code_line(text)?;
    if first.starts_with("PS ") && first.contains("> ") {
        return Some(Dialect::Powershell);
    }
    let session = session::read(text.get(..text.floor_char_boundary(2000)).unwrap_or_default(), false);
    if !session.prompts.is_empty() {
        let commands = session.text.lines().map(str::trim).filter(|line| !line.is_empty());
        let known = session.client.len() + commands.filter(|line| is_command(line, is_program)).count();
        return (known > 0).then_some(Dialect::Shell);
    }
    let is_sure = first.starts_with(|c: char| c.is_ascii_uppercase()) || text.trim_end().ends_with(';');
    if sql::starts_statement(first) && is_sure {
        return Some(Dialect::Sql);
    }
    if has_hash_prompts("", text, is_program) {
        return Some(Dialect::Shell);
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).take(LOOKED_AT);
    let (mut commands, mut others) = (0, 0);
    let mut continues = false;
    for line in lines {
        if !continues {
            match is_command(line, is_program) {
                true => commands += 1,
                false => others += 1,
            }
        }
        continues = line.ends_with('\\');
    }
    (commands > 0 && commands >= others && is_command(first, is_program)).then_some(Dialect::Shell)
}

fn first_code_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a line of an unlabelled block is a command: it starts with a program, and reads unlike a sentence.
fn is_command(line: &str, is_program: &dyn Fn(&str) -> bool) -> bool {
    let mut words = line.split_whitespace();
    let mut head = words.next().unwrap_or_default();
    if is_assignment(head) {
        return head.contains("$(") || words.next().is_some_and(is_program);
    }
    while matches!(head, "sudo" | "time" | "nohup" | "env") {
        head = words.next().unwrap_or_default();
    }
    let rest: Vec<&str> = words.collect();
    let is_script = head.starts_with("./") && head.len() > 2;
    if !is_script && !is_program(head) {
        return false;
    }
    let is_prose =
        line.ends_with(['.', ':', '?', '!']) && !line.contains(" -") && !line.contains('/') && rest.len() > 2;
    // "find the pod", "kill the process": programs that are English words want something that is not.
    let looks_typed = rest.iter().any(|word| {
        word.starts_with(['-', '/', '$', '<', '"', '\'', '|', '.', '~']) || word.contains(['=', '/', '_', '.', '-'])
    });
    let is_word = matches!(
        head,
        "at" | "batch"
            | "cut"
            | "date"
            | "export"
            | "file"
            | "find"
            | "head"
            | "history"
            | "host"
            | "id"
            | "install"
            | "join"
            | "kill"
            | "last"
            | "less"
            | "make"
            | "more"
            | "mount"
            | "open"
            | "patch"
            | "read"
            | "screen"
            | "set"
            | "service"
            | "sleep"
            | "sort"
            | "source"
            | "split"
            | "tail"
            | "test"
            | "time"
            | "top"
            | "type"
            | "users"
            | "wait"
            | "watch"
            | "who"
            | "yes"
            | "true"
            | "false"
            | "link"
            | "go"
            | "node"
            | "echo"
            | "print"
    );
    !is_prose
        && (!is_word || looks_typed || rest.is_empty() && matches!(head, "top" | "history" | "date" | "id" | "who"))
}

fn is_assignment(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
