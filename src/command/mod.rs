//! Commands in code blocks: shell, PowerShell and SQL read as what they would do.
//!
//! [`read_commands`] takes a block and gives its commands, prompts, output and placeholders, with their places in the
//! file. It cannot fail. A block that holds no commands gives an empty [`CommandBlock`].
//!
//! `session` tells prompts and output from commands, `placeholder` finds what the reader fills in, `shell`, `sql` and
//! `powershell` parse, `call` splits a call into words and flags, and `assess` looks it up in the
//! packs (`pack`, `packs/*.toml`), through whatever wraps it.

mod assess;
mod call;
mod dialect;
mod pack;
mod place;
mod placeholder;
mod powershell;
mod secret;
mod session;
mod shell;
mod sql;
mod verbs;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::document::{CodeBlock, parse};
use crate::source::{Source, Span};
use assess::{Assessed, Assessor, Layer, Verdict};

pub use assess::Made;
pub use dialect::Dialect;
pub use pack::{Known, Pack, Packs};
pub use place::places;

use pack::Style;
pub use placeholder::{Form, kebab};

/// What a command may do to a live system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing is known of it.
    #[default]
    Unknown,
    /// Reads, or works locally.
    Safe,
    /// Interrupts service or changes shared state, but can be taken back.
    Disruptive,
    /// Data, configuration or resources are lost, and nothing recreates them by itself.
    Destructive,
}

impl Risk {
    /// The word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Risk::Unknown => "unknown",
            Risk::Safe => "safe",
            Risk::Disruptive => "disruptive",
            Risk::Destructive => "destructive",
        }
    }
}

/// What a code block holds for a reader who types commands. Empty for other blocks.
#[derive(Debug, Default)]
pub struct CommandBlock {
    /// The language that it was read as; `None` where the block holds no commands.
    pub dialect: Option<Dialect>,
    /// In the order of the file.
    pub commands: Vec<Command>,
    /// What a reader copies as one, in the order of the file: each command at the top with all that it holds.
    pub statements: Vec<Statement>,
    /// `$ ` and the like, with the space behind.
    pub prompts: Vec<Span>,
    /// Lines that commands printed, and marks for something left out.
    pub output: Vec<Span>,
    pub comments: Vec<Span>,
    /// `<pod>`, `[Your reason]`, `{{ var }}`, `YOUR_X`, outside of comments and output.
    pub placeholders: Vec<Placeholder>,
    /// Uses of variables: placeholders where nothing sets them.
    pub variables: Vec<Placeholder>,
    /// Names of variables that the block sets.
    pub assigned: Vec<String>,
    /// Literal passwords, tokens and keys.
    pub secrets: Vec<Secret>,
    /// Why a shell block is no script.
    pub errors: Vec<SyntaxError>,
}

/// A statement as a person runs it: a pipeline or an `&&` list on one logical line, or a statement inside of a loop, a
/// function, a here-document or a script of several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// From its first to its last byte, without prompt and comment.
    pub span: Span,
    /// Its text without prompts, with continuations joined and secrets redacted.
    pub text: String,
    /// The program that decides the risk, seen through `sudo` and other wrappers; `None` for plain assignments.
    pub program: Option<String>,
    pub risk: Risk,
    /// In words: "deletes a volume claim and its data". Empty where there is nothing to say.
    pub reason: String,
    /// What to do instead or before, in words.
    pub safer: Option<String>,
    /// The pack that knows it; `None` where it is a guess by its words, or unknown.
    pub pack: Option<String>,
    /// Judged by how its words sound.
    pub guess: bool,
    /// It runs a script that it fetches: `curl … | sh`.
    pub runs_download: bool,
    /// The program that it calls without saying on which cluster or account: `kubectl` without `--context` or `-n`.
    pub unpinned: Option<String>,
}

/// What a person copies and runs as one: a statement at the top of a block, with the `;` or `&` that ends it, its
/// here-documents, and what stands in its loops and functions. Statements that share a line are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// From its first to its last byte, without prompt; prompts of further lines stand in it.
    pub span: Span,
    /// Commands in it: a range in `CommandBlock::commands`.
    pub commands: Range<usize>,
}

/// Something that the reader must fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    pub span: Span,
    pub form: Form,
    /// In kebab-case: `pod-name`.
    pub name: String,
    /// As it is written, without its marks: `pod name`, `POD_NAME`.
    pub text: String,
}

/// A literal password, token or key. What shows the document must not show its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The value alone.
    pub span: Span,
    /// "password", "token", "key", …
    pub kind: &'static str,
}

/// What stands for a secret where it would be shown.
pub const REDACTED: &str = "[redacted]";

/// What keeps a shell block from being a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub span: Span,
    /// "a quote that is never closed"
    pub message: String,
    /// What to type.
    pub help: &'static str,
}

/// Reads the commands of a block. `made` holds the files that the blocks before it made, and takes up those of this one.
pub fn read_commands(block: &CodeBlock, packs: &Packs, made: &mut Made) -> CommandBlock {
    let text = block.text.as_str();
    let is_program = |name: &str| packs.knows(name);
    let Some(dialect) = dialect::of(&block.language, text, &is_program) else { return CommandBlock::default() };
    let places = Places::of(block);
    let found = placeholder::find(text);
    let masked = placeholder::masked(text, &found);
    let hash_prompts = dialect == Dialect::Shell && dialect::has_hash_prompts(&block.language, text, &is_program);
    let session = session::read(&masked, hash_prompts);
    made.next_block();
    let mut assessor = Assessor::new(packs, made);
    let mut script = shell::Script::default();
    match dialect {
        Dialect::Shell => {
            script = shell::parse_block(&session.text, &is_program);
            assessor.list(&Layer::whole(&session.text, 0), &script.statements);
        }
        Dialect::Powershell => assessor.list_script(&Layer::whole(&session.text, 0), pack::Language::Powershell),
        Dialect::Sql => assessor.list_script(&Layer::whole(&session.text, 0), pack::Language::Sql),
    }
    for (span, language) in &session.client {
        assessor.list_script(&Layer::whole(&masked[span.clone()], span.start), *language);
    }
    let mut found_commands = assessor.found;
    found_commands.retain(|found| !found.span.is_empty());
    found_commands.sort_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end)));
    found_commands.dedup_by(|later, first| later.span == first.span);
    let mut output: Vec<Range<usize>> = session.output.iter().chain(&script.output).cloned().collect();
    output.sort_by_key(|range| range.start);
    let is_code = |span: &Range<usize>| !inside(span, &output) && !inside(span, &script.comments);
    let marks: Vec<Range<usize>> = found.iter().map(|found| found.span.clone()).collect();
    let placeholders = found.into_iter().filter(|found| is_code(&found.span)).map(|found| {
        let inner = text[found.span.clone()].trim_matches(['<', '>', '[', ']', '{', '}', ' ']);
        Placeholder { span: places.span(&found.span), form: found.form, text: inner.to_string(), name: found.name }
    });
    let variables = script.variables.iter().filter(|variable| is_code(&variable.span)).map(|variable| Placeholder {
        span: places.span(&variable.span),
        form: Form::Variable,
        name: kebab(&variable.name),
        text: variable.name.clone(),
    });
    let secrets = secret::find(text, &marks);
    let hidden: Vec<Range<usize>> = secrets.iter().map(|secret| secret.span.clone()).collect();
    let commands = found_commands
        .into_iter()
        .map(|found| command(found, &places, text, [&session.prompts, &hidden], &script.comments));
    let spans = |ranges: &[Range<usize>]| ranges.iter().map(|range| places.span(range)).collect();
    let errors = script.errors.iter();
    let commands: Vec<Command> = commands.collect();
    let statements = match dialect {
        Dialect::Shell => script.whole,
        Dialect::Powershell => powershell::whole(&session.text),
        Dialect::Sql => sql::whole(&session.text),
    };
    let client = session.client.iter().map(|(span, _)| span.start..span.start + masked[span.clone()].trim_end().len());
    let mut statements: Vec<Range<usize>> = statements.into_iter().chain(client).collect();
    statements.sort_by_key(|range| range.start);
    CommandBlock {
        dialect: Some(dialect),
        statements: statements_with(&commands, statements.iter().map(|range| places.span(range))),
        commands,
        secrets: secrets.iter().map(|secret| Secret { span: places.span(&secret.span), kind: secret.kind }).collect(),
        prompts: spans(&session.prompts),
        output: spans(&output),
        comments: spans(&script.comments),
        placeholders: placeholders.collect(),
        variables: variables.collect(),
        errors: errors
            .map(|error| SyntaxError {
                span: places.span(&error.span),
                message: error.message.clone(),
                help: error.help,
            })
            .collect(),
        assigned: script.assigned,
    }
}

/// Statements that hold commands. Both are in the order of the file.
fn statements_with(commands: &[Command], spans: impl Iterator<Item = Span>) -> Vec<Statement> {
    spans
        .map(|span| {
            let first = commands.partition_point(|command| command.span.start < span.start);
            let count = commands[first..].partition_point(|command| command.span.start < span.end);
            Statement { span, commands: first..first + count }
        })
        .filter(|statement| !statement.commands.is_empty())
        .collect()
}

fn command(
    found: Assessed,
    places: &Places<'_>,
    text: &str,
    [prompts, secrets]: [&[Range<usize>]; 2],
    comments: &[Range<usize>],
) -> Command {
    let Assessed { span, verdict, runs_download } = found;
    let comment = comments.partition_point(|comment| comment.start < span.end);
    let says_dry_run = comments.get(comment).is_some_and(|comment| {
        let gap = text.get(span.end..comment.start).is_some_and(|gap| !gap.contains('\n'));
        gap && text.get(comment.clone()).is_some_and(|comment| comment.to_lowercase().contains("dry-run"))
    });
    let verdict = match verdict.guess && says_dry_run {
        true => Verdict { risk: Risk::Safe, reason: String::new(), ..verdict },
        false => verdict,
    };
    Command {
        span: places.span(&span),
        text: joined(text, &span, prompts, secrets),
        program: verdict.program,
        risk: verdict.risk,
        reason: verdict.reason,
        safer: verdict.safer,
        pack: verdict.pack.filter(|_| verdict.risk != Risk::Unknown),
        guess: verdict.guess && verdict.risk != Risk::Unknown,
        runs_download,
        unpinned: verdict.unpinned,
    }
}

/// A command's text on one line: backslashes at line ends and continuation prompts left out, secrets redacted.
fn joined(text: &str, span: &Range<usize>, prompts: &[Range<usize>], secrets: &[Range<usize>]) -> String {
    let mut joined = String::with_capacity(span.len());
    let within = |ranges: &'_ [Range<usize>]| {
        let first = ranges.partition_point(|range| range.start < span.start);
        let count = ranges[first..].partition_point(|range| range.end <= span.end);
        first..first + count
    };
    let prompts = prompts[within(prompts)].iter().map(|range| (range, ""));
    let secrets = secrets[within(secrets)].iter().map(|range| (range, REDACTED));
    let mut replaced: Vec<(&Range<usize>, &str)> = prompts.chain(secrets).collect();
    replaced.sort_by_key(|(range, _)| range.start);
    let mut at = span.start;
    for (range, by) in replaced {
        joined.push_str(text.get(at..range.start).unwrap_or_default());
        joined.push_str(by);
        at = range.end;
    }
    joined.push_str(text.get(at..span.end).unwrap_or_default());
    if !joined.contains('\n') {
        return joined;
    }
    let mut line = String::with_capacity(joined.len());
    let mut continues = false;
    for (index, piece) in joined.lines().enumerate() {
        let piece = if continues { piece.trim_start() } else { piece };
        if index > 0 {
            line.push(if continues { ' ' } else { '\n' });
        }
        let bare = piece.trim_end();
        continues = bare.ends_with('\\') && !bare.ends_with("\\\\");
        line.push_str(if continues { bare[..bare.len() - 1].trim_end() } else { piece.trim_end_matches('\r') });
    }
    line
}

/// Whether a range lies in one of several that are sorted.
fn inside(span: &Range<usize>, ranges: &[Range<usize>]) -> bool {
    let at = ranges.partition_point(|range| range.start <= span.start);
    at > 0 && span.end <= ranges[at - 1].end
}

/// From offsets in a block's text to places in the file.
struct Places<'b> {
    block: &'b CodeBlock,
    /// Where each line of the text starts.
    starts: Vec<usize>,
}

impl<'b> Places<'b> {
    fn of(block: &'b CodeBlock) -> Self {
        let newlines = block.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Places { block, starts: std::iter::once(0).chain(newlines).collect() }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        let start = self.offset(range.start);
        // An end at a line's start belongs to the line before.
        let end = if range.end > range.start { self.offset(range.end - 1) + 1 } else { start };
        Span { start, end: end.max(start) }
    }

    fn offset(&self, at: usize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        match self.block.lines.get(line) {
            Some(span) => (span.start + (at - self.starts[line]) as u32).min(span.end),
            None => self.block.lines.last().map_or(self.block.span.start, |last| last.end),
        }
    }
}

/// The examples of a program's rules that come to something else than their rule says, each in words.
pub fn wrong_examples(known: &Known, packs: &Packs) -> Vec<String> {
    let fence = if known.program.style == Style::Powershell { "~~~~powershell" } else { "~~~~bash" };
    let examples = known.program.rules.iter().flat_map(|rule| rule.examples.iter().map(move |example| (rule, example)));
    examples
        .filter_map(|(rule, example)| {
            let source = Source::new("example.md", format!("{fence}\n{example}\n~~~~\n"));
            let document = parse(&source);
            let commands = read_commands(document.code_blocks.first()?, packs, &mut Made::default()).commands;
            let decided = |command: &Command| (command.risk, &command.reason) == (rule.risk, &rule.reason);
            let came_to = commands.iter().map(|command| command.risk).max().map_or("no command", Risk::name);
            let wanted = rule.risk.name();
            (!commands.iter().any(decided)).then(|| format!("`{example}` is not {wanted} by this rule, but {came_to}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_of_each_pack_decides_its_examples() {
        let packs = Packs::builtin();
        let wrong: Vec<String> = packs.all().flat_map(|known| wrong_examples(known, packs)).collect();
        let without: Vec<_> = packs
            .all()
            .flat_map(|known| known.program.rules.iter().map(move |rule| (&known.pack, rule)))
            .filter(|(_, rule)| rule.examples.is_empty())
            .map(|(pack, rule)| format!("{pack} {:?}", rule.pattern))
            .collect();
        assert!(wrong.is_empty() && without.is_empty(), "{wrong:#?} {without:#?}");
    }

    /// What a reader copies as one from a block of a language, with the risk of each.
    fn copied(language: &str, code: &str) -> Vec<(String, Risk)> {
        let source = Source::new("a.md", format!("~~~~{language}\n{code}\n~~~~\n"));
        let document = parse(&source);
        let read = read_commands(&document.code_blocks[0], Packs::builtin(), &mut Made::default());
        let risk =
            |statement: &Statement| read.commands[statement.commands.clone()].iter().map(|command| command.risk).max();
        let text = |statement: &Statement| source.slice(statement.span).to_string();
        read.statements.iter().map(|statement| (text(statement), risk(statement).unwrap_or_default())).collect()
    }

    #[test]
    fn statements_are_copied_whole() {
        let cases: [(&str, &str, &[&str]); 8] = [
            ("bash", "ls # a\ncd x; ls\nls &\n", &["ls", "cd x; ls", "ls &"]),
            ("bash", "for x in a b; do\n  rm $x\ndone\nls", &["for x in a b; do\n  rm $x\ndone", "ls"]),
            ("bash", "cat <<EOF | sort\nb\nEOF\nls", &["cat <<EOF | sort\nb\nEOF", "ls"]),
            ("bash", "f() {\n  ls\n}\nf", &["f() {\n  ls\n}", "f"]),
            ("bash", "sh -c 'ls\nid'\nls", &["sh -c 'ls\nid'", "ls"]),
            ("bash", "kubectl get pods \\\n  -A\n\n# done\n", &["kubectl get pods \\\n  -A"]),
            ("console", "$ ls\na b\n$ psql\nx=# SELECT 1;\n", &["ls", "psql", "SELECT 1;"]),
            ("sql", "SELECT 1;\nDROP TABLE t;", &["SELECT 1;", "DROP TABLE t;"]),
        ];
        for (language, code, expected) in cases {
            let texts: Vec<String> = copied(language, code).into_iter().map(|(text, _)| text).collect();
            assert_eq!(texts, expected, "{code}");
        }
        let loops = copied("bash", "for x in a; do\n  ls\n  kubectl delete pvc $x\ndone");
        assert_eq!(loops.iter().map(|(_, risk)| *risk).collect::<Vec<_>>(), [Risk::Destructive]);
    }

    #[test]
    fn no_program_is_described_twice() {
        let mut names: Vec<(&str, &str)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for known in Packs::builtin().all() {
            if seen.insert(std::sync::Arc::as_ptr(known)) {
                names.extend(known.program.names.iter().map(|name| (name.as_str(), known.pack.as_str())));
            }
        }
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
