//! A call as its program reads it: words, flags and their values.

use std::borrow::Cow;
use std::ops::Range;

use super::assess::{Made, Verdict, guessed};
use super::pack::{Inner, Known, Otherwise, Pattern, Style};
use super::shell::{Quote, Word};
use super::{Risk, verbs};

/// A word of a call.
#[derive(Debug, Clone)]
pub struct Arg {
    pub text: String,
    pub span: Range<usize>,
    pub quote: Quote,
}

impl Arg {
    pub fn of(word: &Word) -> Self {
        Arg { text: word.text.clone(), span: word.span.clone(), quote: word.quote }
    }
}

/// The words and flags of a call.
pub struct Call<'a> {
    pub words: Vec<String>,
    /// Where each word stands among the arguments.
    pub places: Vec<usize>,
    /// `-n` or `--name=value`
    pub flags: Vec<String>,
    /// Flags with their values as words.
    pub valued: Vec<(String, Option<Cow<'a, Arg>>)>,
    pub separator: Option<usize>,
}

impl<'a> Call<'a> {
    pub fn split_plain(args: &'a [Arg]) -> Self {
        let mut call =
            Call { words: Vec::new(), places: Vec::new(), flags: Vec::new(), valued: Vec::new(), separator: None };
        for (at, arg) in args.iter().enumerate() {
            match arg.text.starts_with('-') && arg.text.len() > 1 {
                true => call.flags.push(arg.text.clone()),
                // What is quoted is a text, not a verb.
                false if matches!(arg.quote, Quote::Single | Quote::Double) => {}
                false => call.word(at, &arg.text),
            }
        }
        call
    }

    pub fn split(known: &Known, args: &'a [Arg], made: Option<&Made>) -> Self {
        let mut call =
            Call { words: Vec::new(), places: Vec::new(), flags: Vec::new(), valued: Vec::new(), separator: None };
        let mut at = 0;
        while at < args.len() {
            let text = args[at].text.as_str();
            if text == "--" {
                call.separator = Some(at);
                for (offset, arg) in args[at + 1..].iter().enumerate() {
                    call.word(at + 1 + offset, &arg.text);
                }
                break;
            }
            // A quoted text that starts with a dash is a text.
            let is_flag = text.len() > 1 && text.starts_with('-') && !text.contains(char::is_whitespace)
                || text.starts_with("--") && text.contains('=');
            if !is_flag {
                match made {
                    // A file that the document itself makes, or fetched, is as good as a scratch file.
                    Some(made) if made.holds(text.trim_start_matches("./")) || is_archive(text) => {
                        call.word(at, "/tmp/made-here");
                    }
                    _ => call.word(at, text),
                }
                at += 1;
                continue;
            }
            at += call.flag(known, args, at);
        }
        if known.program.addresses {
            call.words.iter_mut().for_each(|word| *word = path_of(word).to_string());
        }
        if known.program.caseless || known.program.style == Style::Powershell {
            call.words.iter_mut().for_each(|word| *word = word.to_lowercase());
            call.flags.iter_mut().for_each(|flag| *flag = flag.to_lowercase());
        }
        call
    }

    fn word(&mut self, at: usize, text: &str) {
        // What a call does is said at its head.
        if self.words.len() < 64 {
            self.words.push(text.to_string());
            self.places.push(at);
        }
    }

    /// Takes a flag, and says how many arguments it is.
    fn flag(&mut self, known: &Known, args: &'a [Arg], at: usize) -> usize {
        let text = args[at].text.as_str();
        let next = args.get(at + 1).filter(|next| next.text != "--");
        let style = known.program.style;
        if let Some((name, value)) = text.split_once('=') {
            self.flags.push(flag_text(name, value));
            let value = Arg { text: value.to_string(), span: args[at].span.clone(), quote: Quote::Part };
            self.valued.push((name.to_string(), Some(Cow::Owned(value))));
            return 1;
        }
        let lower;
        let text = match style {
            Style::Powershell => {
                lower = text.to_lowercase();
                lower.as_str()
            }
            _ => text,
        };
        let is_valued = |name: &str| {
            known.valued.contains(name)
                || self.words.is_empty() && known.program.leading.iter().any(|leading| leading == name)
        };
        let takes_next = |name: &str| match style {
            Style::Gnu | Style::LongDash => is_valued(name),
            Style::Cloud | Style::Powershell => {
                is_valued(name)
                    || (!known.switches.contains(name) && next.is_some_and(|next| !next.text.starts_with('-')))
            }
        };
        let is_long = text.starts_with("--") || matches!(style, Style::LongDash | Style::Powershell);
        if is_long || text.len() == 2 {
            let takes_next = takes_next(text);
            return self.flag_with_next(text, next, takes_next);
        }
        // `-itn`: single letters, of which one may take the rest or the next word.
        for (offset, letter) in text[1..].char_indices() {
            let name = format!("-{letter}");
            let rest = &text[1 + offset + letter.len_utf8()..];
            if known.program.attached.contains(&name) && !rest.is_empty() {
                self.flags.push(flag_text(&name, rest));
                return 1;
            }
            if is_valued(&name) {
                if rest.is_empty() {
                    return self.flag_with_next(&name, next, true);
                }
                self.flags.push(flag_text(&name, rest));
                let value = Arg { text: rest.to_string(), span: args[at].span.clone(), quote: Quote::Part };
                self.valued.push((name, Some(Cow::Owned(value))));
                return 1;
            }
            self.flags.push(name);
        }
        1
    }

    fn flag_with_next(&mut self, name: &str, next: Option<&'a Arg>, takes_next: bool) -> usize {
        match next.filter(|_| takes_next) {
            Some(value) => {
                self.flags.push(flag_text(name, &value.text));
                self.valued.push((name.to_string(), Some(Cow::Borrowed(value))));
                2
            }
            None => {
                self.flags.push(name.to_string());
                self.valued.push((name.to_string(), None));
                1
            }
        }
    }

    pub fn is(&self, pattern: &Pattern) -> bool {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        pattern.matches(&words, &self.flags)
    }

    /// Where the command inside starts: behind `--`, else behind the words of the pattern and `after` more.
    pub fn inner_start(&self, inner: &Inner, after: usize) -> Option<usize> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let taken = inner.when.word_count(&words)?;
        let only_separator = inner.separator;
        if inner.from_last {
            return self.places.get(taken.checked_sub(1)?).copied();
        }
        if let Some(separator) = self.separator {
            // `--` inside the command is not ours.
            let own = self.places.get(taken + after).is_none_or(|place| *place > separator);
            if own || only_separator {
                return Some(separator + 1);
            }
        }
        if only_separator { None } else { self.places.get(taken + after).copied() }
    }

    pub fn is_dry_run(&self) -> bool {
        // Behind a subcommand, `--version` says which version to install.
        let prints_version = self.words.is_empty() && self.flags.iter().any(|flag| flag == "--version");
        prints_version
            || self.flags.iter().any(|flag| {
                let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
                let is_off = matches!(value.to_lowercase().as_str(), "no" | "none" | "false" | "off" | "0");
                DRY_RUN.contains(&name.to_lowercase().as_str()) && !is_off
            })
    }

    pub fn verdict(&self, name: &str, known: &Known, wraps: bool) -> Verdict {
        if self.is_dry_run() {
            return Verdict { pack: Some(known.pack.clone()), ..Verdict::safe(name) };
        }
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        if known.program.each_word && words.len() > 1 {
            let targets = words.iter().filter(|word| !word.contains('='));
            let verdicts = targets.map(|word| self.verdict_of(name, known, &[*word], wraps));
            return verdicts.reduce(Verdict::or).unwrap_or_default();
        }
        self.verdict_of(name, known, &words, wraps)
    }

    fn verdict_of(&self, name: &str, known: &Known, words: &[&str], wraps: bool) -> Verdict {
        let base = Verdict { program: Some(name.to_string()), pack: Some(known.pack.clone()), ..Verdict::default() };
        if let Some(rule) = known.program.rules.iter().find(|rule| rule.pattern.matches(words, &self.flags)) {
            let pins = &known.program.pins;
            let is_pinned =
                pins.is_empty() || self.flags.iter().any(|flag| pins.iter().any(|pin| pin == flag_name(flag)));
            let unpinned = (!is_pinned && rule.risk >= Risk::Disruptive).then(|| name.to_string());
            return Verdict {
                risk: rule.risk,
                reason: rule.reason.clone(),
                safer: rule.safer.clone(),
                unpinned,
                ..base
            };
        }
        let plain = |risk| Verdict { risk, reason: format!("runs `{name}`"), ..base.clone() };
        match known.program.otherwise {
            _ if wraps => base,
            Otherwise::Unknown => base,
            Otherwise::Safe => Verdict { risk: Risk::Safe, ..base },
            Otherwise::Disruptive => plain(Risk::Disruptive),
            Otherwise::Destructive => plain(Risk::Destructive),
            Otherwise::Verbs => guessed(name, Some(&known.pack), verbs::guess(name, words, &self.flags)),
        }
    }
}

fn flag_name(flag: &str) -> &str {
    flag.split_once('=').map_or(flag, |(name, _)| name)
}

/// A flag with its value, without the blanks that patterns cannot hold.
fn flag_text(name: &str, value: &str) -> String {
    let value = value.chars().filter(|character| !character.is_whitespace());
    format!("{name}={}", value.collect::<String>())
}

/// Flags with which every program only says what it would do, or prints its help.
const DRY_RUN: [&str; 15] = [
    "--dry-run",
    "--dryrun",
    "--dry_run",
    "--help",
    "--what-if",
    "--whatif",
    "-whatif",
    "-help",
    "--noop",
    "--no-op",
    "--simulate",
    "--just-print",
    "--preview",
    "--diff-only",
    "--why-run",
];

/// A downloaded archive or package beside the reader, unless its name says that it keeps something.
fn is_archive(name: &str) -> bool {
    const ENDS: [&str; 12] =
        [".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".deb", ".rpm", ".pkg", ".dmg", ".AppImage", ".apk"];
    const KEPT: [&str; 7] = ["backup", "bak", "dump", "export", "snapshot", "archive", "data"];
    let lower = name.to_lowercase();
    let name = name.trim_start_matches("./");
    ENDS.iter().any(|end| name.ends_with(end)) && !name.contains('/') && !KEPT.iter().any(|kept| lower.contains(kept))
}

/// The path of an address: what the name of a host sounds like says nothing of the call.
fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').map_or(rest, |at| &rest[at..])
}
