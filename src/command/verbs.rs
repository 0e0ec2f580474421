//! What a call sounds like: the fall-back for programs and calls that no pack knows. Always marked as a guess.

use super::Risk;

/// What the words of a call suggest.
#[derive(Debug, PartialEq, Eq)]
pub struct Guess {
    pub risk: Risk,
    pub reason: String,
}

/// Words that are looked at behind the program.
const WORDS: usize = 3;

const DESTRUCTIVE: &[&str] = &[
    "clean",
    "cleanup",
    "decommission",
    "del",
    "delete",
    "deprovision",
    "deregister",
    "destroy",
    "destruct",
    "drop",
    "dropdb",
    "erase",
    "expunge",
    "flush",
    "flushall",
    "nuke",
    "obliterate",
    "prune",
    "purge",
    "remove",
    "rm",
    "shred",
    "teardown",
    "terminate",
    "trash",
    "truncate",
    "uninstall",
    "unprovision",
    "unpublish",
    "unregister",
    "wipe",
    "zap",
];

const DISRUPTIVE: &[&str] = &[
    "abort",
    "activate",
    "add",
    "apply",
    "approve",
    "assign",
    "attach",
    "bind",
    "bootstrap",
    "bounce",
    "cancel",
    "change",
    "configure",
    "cordon",
    "create",
    "cutover",
    "deactivate",
    "deallocate",
    "defrag",
    "demote",
    "deploy",
    "detach",
    "disable",
    "drain",
    "edit",
    "enable",
    "evacuate",
    "evict",
    "failback",
    "failover",
    "fence",
    "grant",
    "halt",
    "import",
    "insert",
    "install",
    "invalidate",
    "kill",
    "load",
    "lock",
    "migrate",
    "modify",
    "move",
    "patch",
    "pause",
    "promote",
    "provision",
    "publish",
    "push",
    "put",
    "quarantine",
    "rebalance",
    "reboot",
    "rebuild",
    "reconcile",
    "recover",
    "recovery",
    "recycle",
    "redeploy",
    "reindex",
    "reinit",
    "reinstall",
    "release",
    "reload",
    "rename",
    "renew",
    "repair",
    "reparent",
    "replace",
    "replay",
    "repoint",
    "requeue",
    "rerun",
    "reset",
    "reshard",
    "resize",
    "restart",
    "restore",
    "resume",
    "resync",
    "retry",
    "revert",
    "revoke",
    "rollback",
    "rollout",
    "rotate",
    "scale",
    "seal",
    "send",
    "set",
    "shutdown",
    "silence",
    "start",
    "stop",
    "suspend",
    "swap",
    "switch",
    "switchover",
    "sync",
    "takeover",
    "terminate",
    "throttle",
    "trigger",
    "unbind",
    "uncordon",
    "undo",
    "unfence",
    "unlock",
    "unpause",
    "unseal",
    "unset",
    "update",
    "upgrade",
    "upload",
    "write",
];

const SAFE: &[&str] = &[
    "account",
    "analyze",
    "audit",
    "auth",
    "backup",
    "build",
    "cat",
    "check",
    "compare",
    "completion",
    "config",
    "count",
    "debug",
    "describe",
    "diagnose",
    "diff",
    "doctor",
    "download",
    "dry",
    "dump",
    "env",
    "explain",
    "export",
    "fetch",
    "find",
    "fmt",
    "format",
    "generate",
    "get",
    "grep",
    "health",
    "healthcheck",
    "help",
    "history",
    "info",
    "inspect",
    "lint",
    "list",
    "log",
    "login",
    "logs",
    "ls",
    "metrics",
    "monitor",
    "open",
    "ping",
    "plan",
    "ports",
    "preview",
    "print",
    "ps",
    "query",
    "read",
    "render",
    "report",
    "scan",
    "search",
    "show",
    "simulate",
    "snapshot",
    "stat",
    "stats",
    "status",
    "summary",
    "tail",
    "template",
    "test",
    "top",
    "tree",
    "usage",
    "validate",
    "verify",
    "version",
    "view",
    "wait",
    "watch",
    "which",
    "whoami",
];

/// Words of the last list that are verbs and nothing else: what stands behind them is their object.
const DECIDING: &[&str] = &[
    "check", "describe", "diff", "explain", "generate", "get", "help", "inspect", "lint", "list", "ls", "plan",
    "preview", "print", "render", "show", "status", "validate", "verify",
];

/// Flags that say outright what a call does.
const DESTRUCTIVE_FLAGS: &[&str] =
    &["--delete", "--destroy", "--drop", "--no-dry-run", "--purge", "--remove", "--wet-run", "--wetrun", "--wipe"];
const DISRUPTIVE_FLAGS: &[&str] =
    &["--apply", "--execute", "--failover", "--reboot", "--restart", "--rollback", "--upgrade"];

/// Judges a call by the words of its program's name and its first words.
pub fn guess(program: &str, words: &[&str], flags: &[String]) -> Guess {
    for flag in flags {
        let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
        let name = name.to_lowercase().replace('_', "-");
        let is_off = matches!(value.to_lowercase().as_str(), "no" | "none" | "false" | "off" | "0");
        if DESTRUCTIVE_FLAGS.contains(&name.as_str()) && !is_off || name == "--dry-run" && is_off {
            return Guess {
                risk: Risk::Destructive,
                reason: format!("runs in earnest what may not be undone (`{flag}`)"),
            };
        }
        if DISRUPTIVE_FLAGS.contains(&name.as_str()) && !is_off {
            return sounding(Risk::Disruptive, flag);
        }
    }
    let head = words.iter().take(WORDS).take_while(|word| !word.contains([' ', '{', '(']) && word.len() < 80);
    // The name of a script says what it does in any of its words; a word of a call is a verb with its object.
    let of_name = parts(program).filter_map(|part| Some((class(&part)?, part))).max_by_key(|(risk, _)| *risk);
    let mut of_words = Vec::new();
    for word in head {
        let Some((risk, part)) = parts(word).find_map(|part| Some((class(&part)?, part))) else { continue };
        let decides = DECIDING.contains(&part.as_str());
        of_words.push((risk, part));
        if decides {
            break;
        }
    }
    let worst = of_name.into_iter().chain(of_words).reduce(|a, b| if b.0 > a.0 { b } else { a });
    match worst {
        Some((risk, word)) => sounding(risk, &word),
        None => Guess { risk: Risk::Unknown, reason: String::new() },
    }
}

/// Words that stand in sentences and in no call.
const SENTENCE: [&str; 33] = [
    "a", "an", "and", "any", "are", "as", "because", "been", "but", "could", "due", "has", "have", "if", "is", "must",
    "not", "of", "or", "please", "should", "that", "the", "this", "to", "until", "was", "were", "when", "will", "with",
    "you", "your",
];

/// Words of a call behind which it is no longer heard as a sentence.
const HEARD: usize = 4;

/// Whether what stands where a program would is one: a name, and no word of a sentence, of a log or of a list.
pub fn sounds_like_program<'w>(name: &str, mut words: impl Iterator<Item = &'w str> + Clone) -> bool {
    let is_name = !name.is_empty()
        && !name.contains(|c: char| c.is_whitespace() || "\"'(){},;=[]|".contains(c))
        && !name.ends_with([':', '!', '?'])
        && name.contains(char::is_alphanumeric);
    let mut letters = name.chars();
    let is_capitalised = letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase);
    let is_constant =
        name.contains('_') && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let has_flags = words.clone().any(|word| word.starts_with('-'));
    let is_sentence = words.clone().take(HEARD).any(|word| SENTENCE.contains(&word.trim_end_matches([',', ':'])));
    is_name && (has_flags || !is_capitalised) && !(is_constant && words.next().is_none()) && !is_sentence
}

fn sounding(risk: Risk, word: &str) -> Guess {
    let reason = match risk {
        Risk::Destructive => format!("by its name (`{word}`) it removes something for good"),
        Risk::Disruptive => format!("by its name (`{word}`) it changes a running system"),
        Risk::Safe | Risk::Unknown => String::new(),
    };
    Guess { risk, reason }
}

fn class(part: &str) -> Option<Risk> {
    let lists = [(Risk::Destructive, DESTRUCTIVE), (Risk::Disruptive, DISRUPTIVE), (Risk::Safe, SAFE)];
    lists.into_iter().find(|(_, words)| words.contains(&part)).map(|(risk, _)| risk)
}

/// `deleteOld-backups.sh` → `delete`, `old`, `backups`, `sh`
fn parts(word: &str) -> impl Iterator<Item = String> + '_ {
    word.split(|c: char| !c.is_alphanumeric()).flat_map(|part| {
        let mut starts: Vec<usize> = vec![0];
        let mut before_lower = false;
        for (at, character) in part.char_indices() {
            if character.is_uppercase() && before_lower {
                starts.push(at);
            }
            before_lower = character.is_lowercase();
        }
        starts.push(part.len());
        starts.windows(2).map(|pair| part[pair[0]..pair[1]].to_lowercase()).collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_and_flags_are_heard() {
        let risk = |program: &str, words: &[&str], flags: &[&str]| {
            guess(program, words, &flags.iter().map(|flag| flag.to_string()).collect::<Vec<_>>()).risk
        };
        assert_eq!(risk("deployer", &["cilogon-client", "delete"], &[]), Risk::Destructive);
        assert_eq!(risk("tool", &["generate", "update-jobs"], &[]), Risk::Safe);
        assert_eq!(risk("tool", &["backup", "restore"], &[]), Risk::Disruptive);
        assert_eq!(risk("rotate-secrets.sh", &[], &[]), Risk::Disruptive);
        assert_eq!(risk("tool", &["list-deleted-vaults"], &[]), Risk::Safe);
        assert_eq!(risk("storage_rebalance.rb", &[], &["--dry-run=no"]), Risk::Destructive);
        assert_eq!(risk("tool", &["describe"], &["--wet-run"]), Risk::Destructive);
        assert_eq!(risk("tool", &["recycle-node"], &[]), Risk::Disruptive);
        assert_eq!(risk("frobnicate", &["the", "widget"], &[]), Risk::Unknown);
    }

    #[test]
    fn sentences_are_no_programs() {
        let is = |line: &str| {
            let mut words = line.split(' ');
            sounds_like_program(words.next().unwrap_or_default(), words)
        };
        for line in
            ["deploy.sh prod", "$TOOL delete x", "VBoxManage list", "Tool --delete x", "_command_", "./x", "a:b"]
        {
            assert!(is(line), "{line}");
        }
        let sentences = [
            "Failed to delete it",
            "get, put, delete",
            "create with x",
            "Add user",
            "STATE_LOCK_TABLE",
            "error: x",
            "m{a=b} 0",
        ];
        for line in sentences {
            assert!(!is(line), "{line}");
        }
    }
}
