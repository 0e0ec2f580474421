//! What is known of programs: packs of data, one TOML file for each field.
//!
//! A pack lists programs; a program lists rules, of which the first that matches a call decides:
//!
//! ```toml
//! name = "kubernetes"
//!
//! [[program]]
//! names = ["kubectl", "oc"]
//! valued = ["-n", "--namespace"]
//! rules = [
//!     { safe = "get|describe", example = "kubectl get pods" },
//!     { destructive = "delete pvc|pvc/*", reason = "deletes a volume claim and its data", example = "kubectl delete pvc data-0" },
//! ]
//! ```
//!
//! A pattern is words and flags apart by spaces, in any order between the two kinds:
//!
//! | in a pattern | matches |
//! |---|---|
//! | `delete` | the next word of the call that is no flag |
//! | `pvc\|pvc/*` | any of these; `*` is any text |
//! | `...` | any number of words |
//! | `$` | the end of the words |
//! | `--force\|-f` | one of these flags, anywhere; also with a value: `--replicas=0` |
//! | `!--dry-run*` | none of these flags |
//! | `!...where` | this word nowhere |
//! | `all:/tmp/*` | every word of the call |
//!
//! `mkfs*` as a program's name works likewise. Words behind those of the pattern don't matter.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::Deserialize;

use super::Risk;

/// The packs that come with the program.
const BUILTIN: &[(&str, &str)] = &[
    ("cloud", include_str!("packs/cloud.toml")),
    ("containers", include_str!("packs/containers.toml")),
    ("databases", include_str!("packs/databases.toml")),
    ("filesystem", include_str!("packs/filesystem.toml")),
    ("git", include_str!("packs/git.toml")),
    ("http", include_str!("packs/http.toml")),
    ("infrastructure", include_str!("packs/infrastructure.toml")),
    ("kubernetes", include_str!("packs/kubernetes.toml")),
    ("network", include_str!("packs/network.toml")),
    ("packages", include_str!("packs/packages.toml")),
    ("powershell", include_str!("packs/powershell.toml")),
    ("services", include_str!("packs/services.toml")),
    ("shell", include_str!("packs/shell.toml")),
];

/// A pack as it stands in a file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pack {
    pub name: String,
    #[serde(default, rename = "program")]
    pub programs: Vec<Program>,
}

/// A program, or several that are used alike.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Program {
    /// Names under which it is called, without a folder; `*` is any text.
    pub names: Vec<String>,
    #[serde(default)]
    pub style: Style,
    /// Whether words and flags are compared in lower case.
    #[serde(default)]
    pub caseless: bool,
    /// Each word is judged by itself, and the gravest counts: `make build deploy`.
    #[serde(default)]
    pub each_word: bool,
    /// Words are addresses, of which rules see the path.
    #[serde(default)]
    pub addresses: bool,
    /// Flags that take the next word as their value.
    #[serde(default)]
    pub valued: Vec<String>,
    /// Flags that take the next word as their value only before the first word that is no flag: `compose -f FILE rm -f`.
    #[serde(default)]
    pub leading: Vec<String>,
    /// Short flags whose value follows without a space, if at all: `-pSECRET`.
    #[serde(default)]
    pub attached: Vec<String>,
    /// Flags that take none, where the style expects one.
    #[serde(default)]
    pub switches: Vec<String>,
    /// Flags that say on which cluster, or in which account, the program works.
    #[serde(default)]
    pub pins: Vec<String>,
    #[serde(default)]
    #[schemars(with = "Vec<RawRule>")]
    pub rules: Vec<Rule>,
    /// Where the program runs another command, or reads another language.
    #[serde(default)]
    pub inner: Vec<Inner>,
    /// What a call is that no rule matches.
    #[serde(default)]
    pub otherwise: Otherwise,
}

/// How a program reads its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// `-it` is `-i -t`, `--name value` only where the flag is listed in `valued`.
    #[default]
    Gnu,
    /// `-name` is one flag.
    LongDash,
    /// Each `--name` takes a value unless it is listed in `switches`.
    Cloud,
    /// `-Name value`, in any case.
    Powershell,
}

/// What a call is that no rule matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    #[default]
    Unknown,
    Safe,
    Disruptive,
    Destructive,
    /// As its verbs sound: marked as a guess.
    Verbs,
}

/// A pattern and the risk of calls that it matches.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawRule")]
pub struct Rule {
    pub pattern: Pattern,
    pub risk: Risk,
    /// What the call does, in words: "deletes a volume claim and its data". Empty for safe ones.
    pub reason: String,
    /// What to do instead or before.
    pub safer: Option<String>,
    /// Calls that the rule decides: its tests.
    pub examples: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "PackRule")]
struct RawRule {
    destructive: Option<String>,
    disruptive: Option<String>,
    safe: Option<String>,
    unknown: Option<String>,
    reason: Option<String>,
    safer: Option<String>,
    example: Option<String>,
    #[serde(default)]
    examples: Vec<String>,
}

impl TryFrom<RawRule> for Rule {
    type Error = String;

    fn try_from(raw: RawRule) -> Result<Self, String> {
        let patterns = [
            (Risk::Destructive, raw.destructive),
            (Risk::Disruptive, raw.disruptive),
            (Risk::Safe, raw.safe),
            (Risk::Unknown, raw.unknown),
        ];
        let mut stated = patterns.into_iter().filter_map(|(risk, pattern)| Some((risk, pattern?)));
        let (Some((risk, pattern)), None) = (stated.next(), stated.next()) else {
            return Err("a rule has one of `destructive`, `disruptive`, `safe` and `unknown`, with its pattern".into());
        };
        let is_dangerous = risk >= Risk::Disruptive;
        let reason = match (raw.reason, is_dangerous) {
            (Some(reason), _) => reason,
            (None, false) => String::new(),
            (None, true) => return Err(format!("the rule for `{pattern}` has no `reason`")),
        };
        let examples = raw.example.into_iter().chain(raw.examples).collect();
        Ok(Rule { pattern: Pattern::read(&pattern)?, risk, reason, safer: raw.safer, examples })
    }
}

/// Where a program runs another command.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Inner {
    /// Words and flags of the call, as in a rule; empty for all calls.
    #[serde(default = "Pattern::empty")]
    #[schemars(with = "Option<String>")]
    pub when: Pattern,
    /// The command follows behind the words of `when` and this many more, or behind `--`.
    pub after: Option<usize>,
    /// The last word of `when` is itself the program of the command.
    #[serde(default)]
    pub from_last: bool,
    /// The command follows only behind `--`.
    #[serde(default)]
    pub separator: bool,
    /// The words of the command are joined and read as a script, as `ssh` does.
    #[serde(default)]
    pub joined: bool,
    /// Flags whose value is a text in `language`.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Flags behind which a command stands up to `;` or `+`.
    #[serde(default)]
    pub until_semicolon: Vec<String>,
    /// What the program reads from a pipe or a here-document, in `language`.
    #[serde(default)]
    pub stdin: bool,
    #[serde(default)]
    pub language: Language,
}

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    #[default]
    Shell,
    Powershell,
    Sql,
    Redis,
    Mongo,
}

/// Words and flags that a call must have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    words: Vec<WordPattern>,
    /// Each list is alternatives of which one must be there.
    flags: Vec<Vec<String>>,
    absent_flags: Vec<String>,
    absent_words: Vec<String>,
    every_word: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum WordPattern {
    OneOf(Vec<String>),
    Any,
    End,
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Pattern::read(&text)
    }
}

impl Pattern {
    fn empty() -> Self {
        Pattern {
            words: Vec::new(),
            flags: Vec::new(),
            absent_flags: Vec::new(),
            absent_words: Vec::new(),
            every_word: Vec::new(),
        }
    }

    /// Reads a pattern; an error says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut pattern = Pattern::empty();
        let alternatives = |token: &str| token.split('|').map(str::to_string).collect::<Vec<_>>();
        for token in text.split_whitespace() {
            match token {
                "..." => pattern.words.push(WordPattern::Any),
                "$" => pattern.words.push(WordPattern::End),
                _ if token.starts_with("!...") => pattern.absent_words.extend(alternatives(&token[4..])),
                _ if token.starts_with("!-") => pattern.absent_flags.extend(alternatives(&token[1..])),
                _ if token.starts_with('!') => return Err(format!("`{token}` in the pattern `{text}` is no flag")),
                _ if token.starts_with("all:") => pattern.every_word.extend(alternatives(&token[4..])),
                _ if token.starts_with('-') => pattern.flags.push(alternatives(token)),
                _ => pattern.words.push(WordPattern::OneOf(alternatives(token))),
            }
        }
        // Each may start anywhere; more of them make matching slow.
        if pattern.words.iter().filter(|word| **word == WordPattern::Any).count() > 2 {
            return Err(format!("more than two `...` in the pattern `{text}`"));
        }
        Ok(pattern)
    }

    /// Whether a call has the words and flags. Flags stand as `-n` or `--name=value`.
    pub fn matches(&self, words: &[&str], flags: &[String]) -> bool {
        self.word_count(words).is_some()
            && self.flags.iter().all(|wanted| flags.iter().any(|flag| is_flag(wanted, flag)))
            && !flags.iter().any(|flag| is_flag(&self.absent_flags, flag))
            && !words.iter().any(|word| self.absent_words.iter().any(|absent| glob(absent, word)))
            && (self.every_word.is_empty()
                || (!words.is_empty() && words.iter().all(|word| self.every_word.iter().any(|name| glob(name, word)))))
    }

    /// How many words the pattern takes at the head of a call.
    pub fn word_count(&self, words: &[&str]) -> Option<usize> {
        taken(&self.words, words)
    }

    /// Whether it asks for words.
    pub fn has_words(&self) -> bool {
        !self.words.is_empty()
    }
}

fn taken(patterns: &[WordPattern], words: &[&str]) -> Option<usize> {
    match patterns {
        [] => Some(0),
        [WordPattern::End, ..] => words.is_empty().then_some(0),
        [WordPattern::Any, rest @ ..] => {
            (0..=words.len()).find_map(|skipped| Some(skipped + taken(rest, &words[skipped..])?))
        }
        [WordPattern::OneOf(names), rest @ ..] => {
            let (first, after) = words.split_first()?;
            names.iter().any(|name| glob(name, first)).then(|| taken(rest, after))?.map(|count| count + 1)
        }
    }
}

/// Whether a flag, perhaps with its value, is one of those wanted.
fn is_flag(wanted: &[String], flag: &str) -> bool {
    let name = flag.split_once('=').map_or(flag, |(name, _)| name);
    wanted.iter().any(|wanted| glob(wanted, name) || (flag.len() > name.len() && glob(wanted, flag)))
}

/// Whether a text is what a pattern says, in which `*` is any text.
pub fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, mut rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    while let Some((part, after)) = rest.split_once('*') {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
        rest = after;
    }
    text.ends_with(rest)
}

/// A program with the pack that describes it.
#[derive(Debug)]
pub struct Known {
    pub pack: String,
    pub program: Program,
    /// `valued` and `switches` to look up.
    pub valued: HashSet<String>,
    pub switches: HashSet<String>,
}

/// All that is known of programs.
#[derive(Debug, Clone, Default)]
pub struct Packs {
    by_name: HashMap<String, Vec<Arc<Known>>>,
    /// Those whose names hold `*`.
    by_pattern: Vec<(String, Arc<Known>)>,
}

static BUILTIN_PACKS: LazyLock<Packs> = LazyLock::new(|| {
    let packs = BUILTIN.iter().map(|(file, text)| {
        toml::from_str::<Pack>(text).unwrap_or_else(|error| unreachable!("a test reads {file}.toml: {error}"))
    });
    Packs::default().with(packs)
});

impl Packs {
    /// The packs that come with the program.
    pub fn builtin() -> &'static Packs {
        &BUILTIN_PACKS
    }

    /// Adds a team's packs. Their rules are tried before those that are there.
    pub fn with(mut self, packs: impl IntoIterator<Item = Pack>) -> Packs {
        for pack in packs {
            for program in pack.programs {
                let known = Arc::new(Known {
                    pack: pack.name.clone(),
                    valued: program.valued.iter().cloned().collect(),
                    switches: program.switches.iter().cloned().collect(),
                    program,
                });
                for name in &known.program.names {
                    match name.contains('*') {
                        true => self.by_pattern.insert(0, (name.to_lowercase(), Arc::clone(&known))),
                        false => self.by_name.entry(name.clone()).or_default().insert(0, Arc::clone(&known)),
                    }
                }
            }
        }
        // Of two patterns the longer one says more.
        self.by_pattern.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        self
    }

    /// What is known of a program, what a team says first.
    pub fn find(&self, name: &str) -> Option<&[Arc<Known>]> {
        if let Some(known) = self.by_name.get(name) {
            return Some(known);
        }
        let lower = name.to_lowercase();
        if let Some(known) = self.by_name.get(&lower).filter(|known| known[0].program.style == Style::Powershell) {
            return Some(known);
        }
        let found = self.by_pattern.iter().find(|(pattern, _)| glob(pattern, &lower));
        found.map(|(_, known)| std::slice::from_ref(known))
    }

    /// Whether a word is the name of a known program.
    pub fn knows(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// Every program, to test the examples of their rules.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Known>> {
        self.by_name.values().flatten().chain(self.by_pattern.iter().map(|(_, known)| known))
    }
}
