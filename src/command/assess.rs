//! What a statement would do: each call in it looked up in the packs, through whatever wraps it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::call::{Arg, Call};
use super::pack::{Inner, Known, Language, Packs};
use super::shell::{self, Pipeline, Quote, Redirect, Stage, StageKind, Statement, Word};
use super::{Risk, powershell, sql, verbs};

/// Commands inside commands beyond which nothing is looked at.
const MAX_DEPTH: usize = 12;

/// What a command would do, and how that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    pub risk: Risk,
    /// In words: "deletes a volume claim and its data". Empty where there is nothing to say.
    pub reason: String,
    pub safer: Option<String>,
    /// The pack that says so.
    pub pack: Option<String>,
    /// The program that does it, seen through wrappers.
    pub program: Option<String>,
    /// Judged by how its words sound, because no pack knows the program or the call.
    pub guess: bool,
    /// The program, where the call says neither cluster nor account and the program could be told.
    pub unpinned: Option<String>,
}

impl Verdict {
    pub fn safe(program: &str) -> Self {
        Verdict { risk: Risk::Safe, program: Some(program.to_string()), ..Verdict::default() }
    }

    /// The graver of two; of equals the one that says which program, then the first.
    pub fn or(self, other: Verdict) -> Verdict {
        let weight = |verdict: &Verdict| (verdict.risk, verdict.program.is_some());
        if weight(&other) > weight(&self) { other } else { self }
    }
}

/// A command with its place in the block.
#[derive(Debug)]
pub struct Assessed {
    pub span: Range<usize>,
    pub verdict: Verdict,
    /// It runs a script that it fetches.
    pub runs_download: bool,
}

/// A text inside the block, and where its bytes stand there.
pub struct Layer<'t> {
    pub text: Cow<'t, str>,
    map: Map,
}

/// A script or a query that a command of the block is given.
pub struct Given {
    pub layer: Layer<'static>,
    pub language: Language,
}

impl Layer<'_> {
    /// The range of the text whose bytes are those of a range of the block, one by one.
    pub fn find(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let find = |at: usize| match &self.map {
            Map::From(from) => at.checked_sub(*from).filter(|at| *at < self.text.len()),
            Map::Table(table) => {
                let found = table.partition_point(|place| *place < at);
                (found < self.text.len() && table.get(found) == Some(&at)).then_some(found)
            }
            Map::Within(_) => None,
        };
        let (start, last) = (find(range.start)?, find(range.end.checked_sub(1)?)?);
        (start <= last).then_some(start..last + 1)
    }

    /// Where its first byte stands in the block.
    pub fn start(&self) -> usize {
        self.place(&(0..0)).start
    }
}

#[derive(Clone)]
pub enum Map {
    /// From this offset on, byte for byte.
    From(usize),
    /// One offset for each byte, and one for the end.
    Table(Vec<usize>),
    /// Somewhere in this range.
    Within(Range<usize>),
}

impl<'t> Layer<'t> {
    /// The block itself, or a part of it.
    pub fn whole(text: &'t str, from: usize) -> Self {
        Layer { text: Cow::Borrowed(text), map: Map::From(from) }
    }

    fn place(&self, range: &Range<usize>) -> Range<usize> {
        match &self.map {
            Map::From(from) => from + range.start..from + range.end,
            Map::Table(table) => {
                let last = table.last().copied().unwrap_or_default();
                let at = |offset: usize| table.get(offset).copied().unwrap_or(last);
                at(range.start)..at(range.end).max(at(range.start))
            }
            Map::Within(range) => range.clone(),
        }
    }

    fn is_exact(&self) -> bool {
        !matches!(self.map, Map::Within(_))
    }

    /// The text inside a word's quotes.
    fn inside(&self, arg: &Arg) -> Layer<'static> {
        let within = |text: &str| Layer { text: Cow::Owned(text.to_string()), map: Map::Within(self.place(&arg.span)) };
        let inner = arg.span.start + 1..arg.span.end.saturating_sub(1).max(arg.span.start + 1);
        let Some(raw) = self.text.get(inner.clone()) else { return within(&arg.text) };
        match arg.quote {
            Quote::Single => {
                let map = match &self.map {
                    Map::From(from) => Map::From(from + inner.start),
                    Map::Table(table) => Map::Table(table.get(inner.start..=inner.end).unwrap_or_default().to_vec()),
                    Map::Within(range) => Map::Within(range.clone()),
                };
                Layer { text: Cow::Owned(raw.to_string()), map }
            }
            Quote::Double if self.is_exact() => {
                let (text, offsets) = unescaped(raw);
                let table = offsets.iter().map(|at| self.place(&(inner.start + at..inner.start + at)).start).collect();
                Layer { text: Cow::Owned(text), map: Map::Table(table) }
            }
            Quote::Part if self.is_exact() => self.behind_flag(arg).unwrap_or_else(|| within(&arg.text)),
            _ => within(&arg.text),
        }
    }

    /// The text inside the quotes of `--command="…"`. One of several lines is listed with the command around it.
    fn behind_flag(&self, arg: &Arg) -> Option<Layer<'static>> {
        let raw = self.text.get(arg.span.clone())?;
        let open = raw.find(['\'', '"'])?;
        let quote = raw.as_bytes()[open];
        let inner = raw.get(open + 1..raw.len().checked_sub(1)?)?;
        let is_closed = raw.len() > open + 1 && raw.as_bytes()[raw.len() - 1] == quote;
        let is_plain = !raw[..open].contains(['\\', '$', '`']) && !raw.contains('\n');
        let is_one = match quote {
            b'\'' => !inner.contains('\''),
            _ => !inner.replace("\\\\", "").replace("\\\"", "").contains('"'),
        };
        if !(is_closed && is_plain && is_one) {
            return None;
        }
        let start = arg.span.start + open;
        let kind = if quote == b'\'' { Quote::Single } else { Quote::Double };
        Some(self.inside(&Arg { text: String::new(), span: start..arg.span.end, quote: kind }))
    }
}

/// A double-quoted text without the backslashes that hide a sign from the shell, and the offset of each of its bytes.
fn unescaped(raw: &str) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(raw.len());
    let mut offsets = Vec::with_capacity(raw.len() + 1);
    let mut chars = raw.char_indices().peekable();
    while let Some((mut at, mut character)) = chars.next() {
        if character == '\\'
            && let Some((next_at, next)) = chars.peek().copied()
            && "\"\\$`".contains(next)
        {
            (at, character) = (next_at, next);
            chars.next();
        }
        text.push(character);
        offsets.extend((0..character.len_utf8()).map(|byte| at + byte));
    }
    offsets.push(raw.len());
    (text, offsets)
}

/// What reaches a command on its standard input.
#[derive(Clone, Copy)]
enum Input<'s> {
    None,
    /// Printed by a command whose words say what.
    Text(&'s str),
    Pipe,
    File(&'s str),
}

/// Files that the blocks of a document make. To remove them again loses nothing.
#[derive(Debug, Default)]
pub struct Made {
    kept: HashSet<String>,
    /// Those of absolute paths, which only the block itself makes without doubt.
    here: HashSet<String>,
}

impl Made {
    pub fn holds(&self, name: &str) -> bool {
        self.kept.contains(name) || self.here.contains(name)
    }

    fn insert(&mut self, name: &str) {
        match name.chars().next() {
            None | Some('-') => false,
            Some('/') => self.here.insert(name.to_string()),
            Some(_) => self.kept.insert(name.to_string()),
        };
    }

    /// Goes on with the next block.
    pub fn next_block(&mut self) {
        self.here.clear();
    }
}

/// Judges the statements of one block in their order.
pub struct Assessor<'p> {
    packs: &'p Packs,
    functions: HashMap<String, Function>,
    variables: HashMap<String, String>,
    aliases: HashMap<String, String>,
    made: &'p mut Made,
    depth: usize,
    /// What was listed, in no order.
    pub found: Vec<Assessed>,
    /// What commands are given to run, the outer before the inner; only where somebody asks for it.
    pub given: Option<Vec<Given>>,
}

struct Function {
    verdict: Verdict,
    /// It runs the words that it is given.
    runs_arguments: bool,
}

impl<'p> Assessor<'p> {
    pub fn new(packs: &'p Packs, made: &'p mut Made) -> Self {
        Assessor {
            packs,
            functions: HashMap::new(),
            variables: HashMap::new(),
            aliases: HashMap::new(),
            made,
            depth: 0,
            found: Vec::new(),
            given: None,
        }
    }

    /// Lists statements and those inside of them that stand on lines of their own.
    pub fn list(&mut self, layer: &Layer<'_>, statements: &[Statement]) {
        for statement in statements {
            self.list_one(layer, statement);
        }
    }

    fn list_one(&mut self, layer: &Layer<'_>, statement: &Statement) {
        let slot = self.found.len();
        let stages: Vec<&Stage> = statement.pipelines.iter().flat_map(|pipeline| &pipeline.stages).collect();
        let spread = stages.iter().filter(|stage| is_spread(&layer.text, stage)).count();
        if spread == 0 {
            let verdict = self.pipelines(layer, &statement.pipelines, true);
            let runs_download = runs_download(&statement.pipelines);
            self.found.insert(slot, Assessed { span: layer.place(&statement.span), verdict, runs_download });
            return;
        }
        for pipeline in &statement.pipelines {
            for (index, stage) in pipeline.stages.iter().enumerate() {
                match &stage.kind {
                    StageKind::Group { head, body } if is_spread(&layer.text, stage) => {
                        let substituted = self.substitutions(layer, head);
                        if let (Some(first), Some(last)) = (head.first(), head.last())
                            && head.iter().any(|word| !word.substitutions.is_empty())
                        {
                            let span = layer.place(&(first.span.start..last.span.end));
                            self.found.push(Assessed { span, verdict: substituted, runs_download: false });
                        }
                        self.list(layer, body);
                    }
                    StageKind::Function { name, body } if is_spread(&layer.text, stage) => {
                        self.define(layer, name, body);
                        self.list(layer, body);
                    }
                    _ => {
                        let input = if index > 0 { Input::Pipe } else { Input::None };
                        let slot = self.found.len();
                        let verdict = self.stage(layer, stage, input, true);
                        self.found
                            .insert(slot, Assessed { span: layer.place(&stage.span), verdict, runs_download: false });
                    }
                }
            }
        }
    }

    /// Lists the statements of a text in a client's language.
    pub fn list_script(&mut self, layer: &Layer<'_>, language: Language) {
        match language {
            Language::Shell => {
                let script = shell::parse(&layer.text);
                self.list(layer, &script.statements);
            }
            Language::Powershell => {
                for statement in powershell::read(&layer.text) {
                    let verdicts = statement.commands.iter().map(|words| self.client(language, words));
                    let verdict = verdicts.reduce(Verdict::or).unwrap_or_default();
                    let runs_download = powershell_runs_download(&statement.commands);
                    self.found.push(Assessed { span: layer.place(&statement.span), verdict, runs_download });
                }
            }
            _ => {
                for (span, words) in client_statements(language, &layer.text) {
                    let verdict = self.client(language, &words);
                    self.found.push(Assessed { span: layer.place(&span), verdict, runs_download: false });
                }
            }
        }
    }

    fn statements(&mut self, layer: &Layer<'_>, statements: &[Statement]) -> Verdict {
        let verdicts = statements.iter().map(|statement| self.pipelines(layer, &statement.pipelines, false));
        verdicts.reduce(Verdict::or).unwrap_or_default()
    }

    fn pipelines(&mut self, layer: &Layer<'_>, pipelines: &[Pipeline], listing: bool) -> Verdict {
        let mut worst: Option<Verdict> = None;
        let mut unknown: Option<Verdict> = None;
        for pipeline in pipelines {
            let mut printed: Option<String> = None;
            for (index, stage) in pipeline.stages.iter().enumerate() {
                let input = match &printed {
                    Some(text) => Input::Text(text),
                    None if index > 0 => Input::Pipe,
                    None => Input::None,
                };
                let verdict = self.stage(layer, stage, input, listing);
                if verdict.risk == Risk::Unknown && verdict.program.is_some() {
                    unknown.get_or_insert_with(|| verdict.clone());
                }
                worst = Some(match worst {
                    Some(before) => before.or(verdict),
                    None => verdict,
                });
                printed = printed_text(&layer.text, stage);
            }
        }
        let worst = worst.unwrap_or_default();
        // What is safe beside something unknown is unknown.
        match unknown {
            Some(unknown) if worst.risk <= Risk::Safe => unknown,
            _ => worst,
        }
    }

    fn stage(&mut self, layer: &Layer<'_>, stage: &Stage, input: Input<'_>, listing: bool) -> Verdict {
        match &stage.kind {
            StageKind::Sql => {
                let text = layer.text.get(stage.span.clone()).unwrap_or_default();
                self.client_text(Language::Sql, text)
            }
            StageKind::Group { head, body } => {
                let head = self.substitutions(layer, head);
                head.or(self.statements(layer, body))
            }
            StageKind::Function { name, body } => {
                self.define(layer, name, body);
                self.functions.get(name).map(|function| function.verdict.clone()).unwrap_or_default()
            }
            StageKind::Simple { assignments, words } => {
                let mut verdict = self.substitutions(layer, words);
                for assignment in assignments {
                    verdict = verdict.or(self.substitutions(layer, std::slice::from_ref(&assignment.value)));
                    if words.is_empty() {
                        let value = &assignment.value;
                        if value.text.contains("$()") && names_a_temporary_file(value) {
                            self.made.insert(&format!("${}", assignment.name));
                        }
                        self.variables.insert(assignment.name.clone(), value.text.clone());
                    }
                }
                let args: Vec<Arg> = words.iter().map(Arg::of).collect();
                let redirected = self.redirects(stage, args.is_empty() && assignments.is_empty());
                if args.is_empty() {
                    let plain = Verdict { risk: Risk::Safe, ..Verdict::default() };
                    return verdict.or(redirected).or(plain);
                }
                let input = match stage.redirects.iter().find(|redirect| redirect.operator == "<") {
                    Some(redirect) => Input::File(&redirect.target.text),
                    None => match stage.redirects.iter().find(|redirect| redirect.operator == "<<<") {
                        Some(redirect) => Input::Text(&redirect.target.text),
                        None => input,
                    },
                };
                let body = stage.redirects.iter().find_map(|redirect| redirect.body.clone());
                let input = if body.is_some() { Input::None } else { input };
                let (called, reads) = self.call(layer, &args, input, listing);
                if let (Some(language), Some(body)) = (reads, body) {
                    let text = layer.text.get(body.clone()).unwrap_or_default();
                    let inner = Layer { text: Cow::Borrowed(text), map: shifted(&layer.map, body.start, body.end) };
                    self.note(&inner, language);
                    match listing && inner.is_exact() {
                        true => self.list_script(&inner, language),
                        false => verdict = verdict.or(self.script(&inner, language, false)),
                    }
                }
                called.or(verdict).or(redirected)
            }
        }
    }

    /// What the command substitutions in words would do.
    fn substitutions(&mut self, layer: &Layer<'_>, words: &[Word]) -> Verdict {
        let scripts = words.iter().flat_map(|word| &word.substitutions);
        let mut worst = Verdict::default();
        for script in scripts {
            let verdict = self.statements(layer, script);
            // What a substitution reads says nothing of the command; only danger counts.
            if verdict.risk >= Risk::Disruptive {
                worst = worst.or(verdict);
            }
        }
        worst
    }

    fn define(&mut self, layer: &Layer<'_>, name: &str, body: &[Statement]) {
        let verdict = self.statements(layer, body);
        let text =
            body.first().zip(body.last()).and_then(|(first, last)| layer.text.get(first.span.start..last.span.end));
        let runs_arguments =
            text.is_some_and(|text| ["\"$1\"", "\"$@\"", "\"$*\"", "$1", "$@"].iter().any(|used| text.contains(used)));
        self.functions.insert(name.to_string(), Function { verdict, runs_arguments });
    }

    fn redirects(&mut self, stage: &Stage, alone: bool) -> Verdict {
        let mut worst = Verdict::default();
        let empties = alone || prints_nothing(stage);
        for redirect in &stage.redirects {
            if let Some((risk, reason)) = redirect_risk(redirect, empties, self.made) {
                let verdict = Verdict {
                    risk,
                    reason: reason.to_string(),
                    pack: Some("filesystem".to_string()),
                    program: program_of(stage),
                    ..Verdict::default()
                };
                worst = worst.or(verdict);
            }
            if matches!(redirect.operator, ">" | ">|") {
                self.made.insert(&redirect.target.text);
            }
        }
        worst
    }

    // ---------------------------------------------------------------------------------------------- calls

    /// Judges a call, and says in which language it reads its standard input.
    fn call(
        &mut self,
        layer: &Layer<'_>,
        args: &[Arg],
        input: Input<'_>,
        listing: bool,
    ) -> (Verdict, Option<Language>) {
        if self.depth >= MAX_DEPTH {
            return (Verdict::default(), None);
        }
        self.depth += 1;
        let result = self.call_inside(layer, args, input, listing);
        self.depth -= 1;
        result
    }

    fn call_inside(
        &mut self,
        layer: &Layer<'_>,
        args: &[Arg],
        input: Input<'_>,
        listing: bool,
    ) -> (Verdict, Option<Language>) {
        let args = skip_assignments(args);
        let Some(first) = args.first() else { return (Verdict::default(), None) };
        if let Some(expanded) = self.expanded(first) {
            let args: Vec<Arg> = expanded.into_iter().chain(args[1..].iter().cloned()).collect();
            return self.call(layer, &args, input, listing);
        }
        let name = program_name(&first.text);
        if first.text.starts_with('$') && args.get(1).is_some_and(|next| self.packs.knows(program_name(&next.text))) {
            return self.call(layer, &args[1..], input, listing);
        }
        if let Some(function) = self.functions.get(name) {
            let (verdict, runs) = (function.verdict.clone(), function.runs_arguments);
            let mut given = Verdict::default();
            if runs {
                given = self.given_scripts(layer, &args[1..]);
                if args.get(1).is_some_and(|first| self.packs.knows(program_name(&first.text))) {
                    given = given.or(self.call(layer, &args[1..], Input::None, false).0);
                }
            }
            let called = Verdict { program: Some(name.to_string()), ..verdict.or(given) };
            return (called, None);
        }
        if name == "alias" {
            for arg in &args[1..] {
                if let Some((name, value)) = arg.text.split_once('=') {
                    self.aliases.insert(name.to_string(), value.to_string());
                }
            }
        }
        match self.packs.find(name) {
            Some(known) => {
                let known = known.to_vec();
                self.known_call(layer, name, &known, &args[1..], input, listing)
            }
            None => (self.unknown_call(layer, name, &args[1..], input, listing), None),
        }
    }

    /// The words for which a variable or an alias stands at the head of a call.
    fn expanded(&mut self, first: &Arg) -> Option<Vec<Arg>> {
        let value = match first.text.strip_prefix('$') {
            Some(name) => self.variables.get(name).cloned()?,
            // An alias is not looked up inside of itself.
            None => self.aliases.remove(&first.text)?,
        };
        let words = value.split_whitespace().map(|text| Arg {
            text: text.to_string(),
            span: first.span.clone(),
            quote: Quote::Part,
        });
        let words: Vec<Arg> = words.collect();
        if first.text.starts_with('$') && words.iter().any(|word| word.text.contains("$()")) {
            return None;
        }
        if !first.text.starts_with('$') {
            self.aliases.insert(first.text.clone(), value.clone());
            if words.first().is_some_and(|word| word.text == first.text) {
                return None;
            }
        }
        (!words.is_empty()).then_some(words)
    }

    /// Scripts that a function, or a program that nobody knows, is given as quoted words.
    fn given_scripts(&mut self, layer: &Layer<'_>, args: &[Arg]) -> Verdict {
        let mut worst = Verdict::default();
        // That they are scripts is a guess: good enough to warn, not to say how they are quoted.
        let given = self.given.take();
        for arg in args.iter().filter(|arg| arg.text.contains(' ')) {
            let head = arg.text.split_whitespace().next().unwrap_or_default();
            if self.packs.knows(program_name(head)) && is_strong(head) {
                let inner = layer.inside(arg);
                worst = worst.or(self.script(&inner, Language::Shell, false));
            }
        }
        self.given = given;
        worst
    }

    fn known_call(
        &mut self,
        layer: &Layer<'_>,
        name: &str,
        known: &[Arc<Known>],
        args: &[Arg],
        input: Input<'_>,
        listing: bool,
    ) -> (Verdict, Option<Language>) {
        let mut own: Option<Verdict> = None;
        let mut inside: Option<Verdict> = None;
        let mut reads = None;
        for known in known {
            let call = Call::split(known, args, self.made_words(name));
            let mut cut = args.len();
            for inner in &known.program.inner {
                if !call.is(&inner.when) {
                    continue;
                }
                let (verdict, language, start) = self.inner(layer, inner, &call, args, input, listing);
                if let Some(verdict) = verdict {
                    inside = Some(match inside {
                        Some(before) => before.or(verdict),
                        None => verdict,
                    });
                }
                reads = reads.or(language);
                cut = cut.min(start.unwrap_or(cut));
                if start.is_some() {
                    break;
                }
            }
            let mut call =
                if cut < args.len() { Call::split(known, &args[..cut], self.made_words(name)) } else { call };
            match input {
                Input::File(name) => call.flags.push(format!("--stdin-file={name}")),
                Input::Pipe => call.flags.push("--stdin-pipe".to_string()),
                Input::Text(_) | Input::None => {}
            }
            self.note_made(name, &call);
            own = own
                .filter(|verdict| verdict.risk != Risk::Unknown)
                .or_else(|| Some(call.verdict(name, known, inside.is_some())));
        }
        let own = own.unwrap_or_default();
        let verdict = match inside {
            Some(inside) if own.risk >= Risk::Disruptive => inside.or(own),
            Some(inside) => Verdict { program: inside.program.clone().or(own.program), ..inside },
            None => own,
        };
        (verdict, reads)
    }

    fn made_words(&self, program: &str) -> Option<&Made> {
        matches!(program, "rm" | "unlink" | "shred" | "truncate").then_some(&*self.made)
    }

    /// Notes the files that a call downloads or creates.
    fn note_made(&mut self, name: &str, call: &Call) {
        let value = |flags: &[&str]| {
            let found = call.valued.iter().find(|(flag, _)| flags.contains(&flag.as_str()));
            found.and_then(|(_, value)| value.as_ref()).map(|value| value.text.clone())
        };
        let files: Vec<String> = match name {
            "curl" | "wget" => {
                let named = value(&["-o", "--output", "-O", "--output-document"]);
                let saves =
                    name == "wget" || call.flags.iter().any(|flag| matches!(flag.as_str(), "-O" | "--remote-name"));
                let addresses = call.words.iter().filter(|_| saves).filter_map(|word| word.rsplit('/').next());
                named.map_or_else(|| addresses.map(str::to_string).collect(), |name| vec![name])
            }
            "touch" => call.words.clone(),
            // From a store of objects to a file here.
            "aws" | "gsutil" | "gcloud" | "s3cmd" | "azcopy" | "rclone" => match call.words.as_slice() {
                [.., verb, from, to] if verb == "cp" && from.contains(['/', ':']) && !to.contains(['/', ':', '$']) => {
                    vec![to.clone()]
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        for file in files {
            self.made.insert(file.trim_start_matches("./"));
        }
    }

    /// What a program runs or reads: the verdict, the language of its standard input, and where the command starts.
    fn inner(
        &mut self,
        layer: &Layer<'_>,
        inner: &Inner,
        call: &Call,
        args: &[Arg],
        input: Input<'_>,
        listing: bool,
    ) -> (Option<Verdict>, Option<Language>, Option<usize>) {
        let mut verdicts = Vec::new();
        let mut start = None;
        let mut reads = None;
        for (flag, value) in &call.valued {
            if inner.flags.iter().any(|wanted| wanted == flag)
                && let Some(arg) = value
            {
                let text = layer.inside(arg);
                verdicts.push(self.script(&text, inner.language, listing));
            }
        }
        for (at, arg) in args.iter().enumerate() {
            if inner.until_semicolon.contains(&arg.text) {
                let rest = &args[at + 1..];
                let len = rest.iter().position(|arg| matches!(arg.text.as_str(), ";" | "+")).unwrap_or(rest.len());
                verdicts.push(self.call(layer, &rest[..len], Input::None, listing).0);
            }
        }
        if let Some(after) = inner.after {
            start = call.inner_start(inner, after);
            if let Some(start) = start.filter(|start| *start < args.len()) {
                let rest = &args[start..];
                if inner.joined {
                    let text = match rest {
                        [only] if only.quote != Quote::None => layer.inside(only),
                        _ => joined(layer, rest),
                    };
                    verdicts.push(self.script(&text, inner.language, listing));
                } else {
                    let (verdict, language) = self.call(layer, rest, input, listing);
                    reads = reads.or(language);
                    verdicts.push(verdict);
                }
            }
        }
        if inner.stdin && verdicts.is_empty() {
            reads = Some(inner.language);
            if let Input::Text(text) = input {
                let text = Layer { text: Cow::Borrowed(text), map: Map::Within(0..0) };
                verdicts.push(self.script(&text, inner.language, false));
            }
        }
        (verdicts.into_iter().reduce(Verdict::or), reads, start)
    }

    /// Judges a text; the statements of several lines are listed by themselves.
    fn script(&mut self, layer: &Layer<'_>, language: Language, listing: bool) -> Verdict {
        if self.depth >= MAX_DEPTH {
            return Verdict::default();
        }
        self.depth += 1;
        self.note(layer, language);
        let verdict = if language == Language::Shell {
            let script = shell::parse(&layer.text);
            let starts = script.statements.iter().map(|statement| statement.span.start);
            let is_spread = starts.clone().zip(starts.skip(1)).any(|(a, b)| layer.text[a..b].contains('\n'));
            match listing && is_spread && layer.is_exact() {
                true => self.listed(|assessor| assessor.list(layer, &script.statements)),
                false => self.statements(layer, &script.statements),
            }
        } else if listing && layer.is_exact() && layer.text.trim().contains('\n') {
            self.listed(|assessor| assessor.list_script(layer, language))
        } else {
            self.client_text(language, &layer.text)
        };
        self.depth -= 1;
        verdict
    }

    fn note(&mut self, layer: &Layer<'_>, language: Language) {
        if let Some(given) = self.given.as_mut().filter(|_| layer.is_exact()) {
            let layer = Layer { text: Cow::Owned(layer.text.to_string()), map: layer.map.clone() };
            given.push(Given { layer, language });
        }
    }

    /// Lists statements by themselves, and says the gravest of what they do: the command around them does it. Of a
    /// single one only the command around it is listed.
    fn listed(&mut self, list: impl FnOnce(&mut Self)) -> Verdict {
        let before = self.found.len();
        list(self);
        let verdict = self.found[before..].iter().map(|found| found.verdict.clone()).reduce(Verdict::or);
        if self.found.len() - before == 1 {
            self.found.pop();
        }
        verdict.unwrap_or_default()
    }

    fn client_text(&mut self, language: Language, text: &str) -> Verdict {
        let statements = client_statements(language, text);
        let verdicts = statements.iter().map(|(_, words)| self.client(language, words));
        verdicts.reduce(Verdict::or).unwrap_or_default()
    }

    /// Judges a statement of a client's language by its words.
    fn client(&mut self, language: Language, words: &[String]) -> Verdict {
        let program = match language {
            Language::Shell => return Verdict::default(),
            Language::Sql => "sql",
            Language::Redis => "redis-cli",
            Language::Mongo => "mongosh",
            Language::Powershell => words.first().map_or("", String::as_str),
        };
        let words = if language == Language::Powershell { words.get(1..).unwrap_or_default() } else { words };
        let args: Vec<Arg> =
            words.iter().map(|word| Arg { text: word.clone(), span: 0..0, quote: Quote::Part }).collect();
        let layer = Layer { text: Cow::Borrowed(""), map: Map::Within(0..0) };
        let name = match language {
            Language::Mongo => "mongo-statement",
            _ => program,
        };
        let first = Arg { text: name.to_string(), span: 0..0, quote: Quote::None };
        let all: Vec<Arg> = std::iter::once(first).chain(args).collect();
        let verdict = self.call(&layer, &all, Input::None, false).0;
        Verdict { program: Some(program.to_string()).filter(|name| !name.is_empty()), ..verdict }
    }

    /// A program that no pack knows: perhaps it wraps one that is known, else its verbs are all there is.
    fn unknown_call(
        &mut self,
        layer: &Layer<'_>,
        name: &str,
        args: &[Arg],
        input: Input<'_>,
        listing: bool,
    ) -> Verdict {
        // `[sudo] rabbitmq-plugins …`: what may stand before.
        if name.starts_with('[') && args.first().is_some_and(|next| self.packs.knows(program_name(&next.text))) {
            return self.call(layer, args, input, listing).0;
        }
        if !verbs::sounds_like_program(name, args.iter().map(|arg| arg.text.as_str())) {
            return Verdict::default();
        }
        let behind = args.iter().position(|arg| arg.text == "--").map(|at| at + 1);
        let wrapped = behind.filter(|at| *at < args.len()).or_else(|| {
            args.iter()
                .position(|arg| self.packs.knows(&arg.text) && is_strong(&arg.text))
                .filter(|at| *at + 1 < args.len())
        });
        let call = Call::split_plain(args);
        if call.is_dry_run() {
            return Verdict::safe(name);
        }
        let inside = match wrapped {
            Some(at) => self.call(layer, &args[at..], input, listing).0,
            None => self.given_scripts(layer, args),
        };
        if inside.risk >= Risk::Safe {
            return inside;
        }
        let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
        guessed(name, None, verbs::guess(name, &words, &call.flags))
    }
}

pub fn guessed(program: &str, pack: Option<&str>, guess: verbs::Guess) -> Verdict {
    Verdict {
        risk: guess.risk,
        reason: guess.reason,
        safer: None,
        pack: pack.map(str::to_string),
        program: Some(program.to_string()),
        guess: true,
        unpinned: None,
    }
}

/// Known programs whose names mean nothing else in the middle of a call.
fn is_strong(name: &str) -> bool {
    name.len() > 1
        && !matches!(
            name,
            "apply"
                | "cp"
                | "halt"
                | "init"
                | "ln"
                | "mv"
                | "reboot"
                | "rm"
                | "shutdown"
                | "at"
                | "batch"
                | "find"
                | "time"
                | "watch"
                | "service"
                | "screen"
                | "test"
                | "sort"
                | "cut"
                | "host"
                | "id"
                | "install"
                | "top"
                | "date"
                | "mount"
                | "patch"
                | "split"
                | "kill"
                | "sleep"
                | "history"
                | "open"
                | "less"
                | "more"
                | "read"
                | "set"
                | "source"
                | "exec"
                | "command"
                | "sql"
                | "yes"
                | "true"
                | "false"
                | "users"
                | "who"
                | "last"
                | "link"
                | "file"
                | "head"
                | "tail"
                | "wait"
                | "jobs"
                | "type"
                | "export"
                | "local"
                | "env"
                | "make"
                | "node"
                | "go"
                | "join"
                | "script"
                | "vault"
                | "redis"
                | "git"
                | "python"
                | "rake"
                | "rails"
                | "consul"
                | "nomad"
                | "flux"
                | "node-red"
                | "mongo"
                | "ip"
                | "tc"
                | "mc"
                | "k"
                | "echo"
                | "print"
                | "printf"
                | "cat"
                | "cd"
                | "ls"
                | "pip"
                | "npm"
                | "login"
                | "ping"
        )
}

/// `NAME=value` before the program.
fn skip_assignments(args: &[Arg]) -> &[Arg] {
    let is_assignment = |arg: &Arg| {
        let name = arg.text.split_once('=').map_or("", |(name, _)| name);
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    &args[args.iter().take_while(|arg| is_assignment(arg)).count()..]
}

/// `/usr/sbin/reboot` → `reboot`, `kubectl.exe` → `kubectl`; scripts keep only their names, too.
fn program_name(text: &str) -> &str {
    let name = text.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or(text);
    [".exe", ".bat", ".cmd"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

fn joined(layer: &Layer<'_>, args: &[Arg]) -> Layer<'static> {
    let text = args.iter().map(|arg| arg.text.as_str()).collect::<Vec<_>>().join(" ");
    if let Some(exact) = joined_exactly(layer, args).filter(|exact| exact.text == text && !text.contains('\n')) {
        return exact;
    }
    let span = args[0].span.start..args[args.len() - 1].span.end;
    Layer { text: Cow::Owned(text), map: Map::Within(layer.place(&span)) }
}

/// Words that are joined, byte for byte, where each is quoted as a whole or not at all.
fn joined_exactly(layer: &Layer<'_>, args: &[Arg]) -> Option<Layer<'static>> {
    let mut text = String::new();
    let mut table: Vec<usize> = Vec::new();
    for (at, arg) in args.iter().enumerate() {
        let inner = match arg.quote {
            Quote::None => Layer {
                text: Cow::Owned(layer.text.get(arg.span.clone())?.to_string()),
                map: shifted(&layer.map, arg.span.start, arg.span.end),
            },
            _ => layer.inside(arg),
        };
        if !inner.is_exact() {
            return None;
        }
        if let Some(before) = at.checked_sub(1).map(|before| &args[before]) {
            text.push(' ');
            table.push(layer.place(&(before.span.end..before.span.end)).start);
        }
        table.extend((0..inner.text.len()).map(|at| inner.place(&(at..at)).start));
        text.push_str(&inner.text);
    }
    table.push(layer.place(&(args.last()?.span.end..args.last()?.span.end)).start);
    Some(Layer { text: Cow::Owned(text), map: Map::Table(table) })
}

fn shifted(map: &Map, start: usize, end: usize) -> Map {
    match map {
        Map::From(from) => Map::From(from + start),
        Map::Table(table) => Map::Table(table.get(start..=end).unwrap_or_default().to_vec()),
        Map::Within(range) => Map::Within(range.clone()),
    }
}

/// Statements of a client's language with their words.
fn client_statements(language: Language, text: &str) -> Vec<(Range<usize>, Vec<String>)> {
    match language {
        Language::Shell => Vec::new(),
        Language::Sql => sql::statements(text).into_iter().map(|statement| (statement.span, statement.words)).collect(),
        Language::Powershell => powershell::statements(text),
        Language::Redis | Language::Mongo => {
            let mut at = 0;
            let mut statements = Vec::new();
            for line in text.split_inclusive('\n') {
                let start = at + (line.len() - line.trim_start().len());
                at += line.len();
                let code = line.trim();
                if code.is_empty() || code.starts_with(['#', '/']) {
                    continue;
                }
                let words = match language {
                    Language::Redis => code.split_whitespace().map(str::to_string).collect(),
                    _ => mongo_words(code),
                };
                statements.push((start..start + code.len(), words));
            }
            statements
        }
    }
}

/// The names in a line of JavaScript, strings left out: `db.users.drop()` → `db users drop()`.
fn mongo_words(code: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        if matches!(first, '"' | '\'') {
            let len = rest[1..].find(first).map_or(rest.len(), |len| len + 2);
            rest = &rest[len..];
        } else if first.is_alphanumeric() || first == '_' {
            let len = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let call = if rest[len..].starts_with('(') { "()" } else { "" };
            words.push(format!("{}{call}", &rest[..len]));
            rest = &rest[len..];
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    words.truncate(64);
    words
}

/// Whether a loop, a function or a group stands on several lines.
fn is_spread(text: &str, stage: &Stage) -> bool {
    let body = match &stage.kind {
        StageKind::Group { body, .. } | StageKind::Function { body, .. } => body,
        _ => return false,
    };
    let end = body.last().map_or(stage.span.end, |last| last.span.end);
    text.get(stage.span.start..end).is_some_and(|text| text.contains('\n'))
}

/// What `echo` and `printf` print, and `cat` of a here-document.
fn printed_text(text: &str, stage: &Stage) -> Option<String> {
    let StageKind::Simple { words, .. } = &stage.kind else { return None };
    let program = words.first()?;
    if program.text == "cat" && words[1..].iter().all(|word| word.text.starts_with('-')) {
        let body = stage.redirects.iter().find_map(|redirect| redirect.body.clone())?;
        return text.get(body).map(str::to_string);
    }
    if !matches!(program.text.as_str(), "echo" | "printf") {
        return None;
    }
    let printed = words[1..].iter().filter(|word| !word.text.starts_with('-'));
    Some(printed.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ").replace("\\n", "\n"))
}

fn program_of(stage: &Stage) -> Option<String> {
    let StageKind::Simple { words, .. } = &stage.kind else { return None };
    words.first().map(|word| program_name(&word.text).to_string())
}

/// `TMP=$(mktemp)`
fn names_a_temporary_file(value: &Word) -> bool {
    value
        .substitutions
        .iter()
        .flatten()
        .flat_map(|s| &s.pipelines)
        .flat_map(|p| &p.stages)
        .any(|stage| program_of(stage).is_some_and(|program| program == "mktemp"))
}

/// Commands that print nothing, so that a file written to by them is emptied: `: > file`, `cat /dev/null > file`.
fn prints_nothing(stage: &Stage) -> bool {
    let StageKind::Simple { words, .. } = &stage.kind else { return false };
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    matches!(words.as_slice(), [":"] | ["true"] | ["cat", "/dev/null"] | ["echo", "-n"] | ["echo", "-n", ""])
}

/// Programs that fetch a file and print it.
const FETCHERS: [&str; 6] = ["curl", "wget", "fetch", "http", "https", "xh"];

/// Programs that run what they read.
const RUNNERS: [&str; 13] =
    ["ash", "bash", "dash", "ksh", "node", "perl", "php", "python", "python2", "python3", "ruby", "sh", "zsh"];

/// Whether something fetched is run: `curl … | sh`, `bash <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`.
fn runs_download(pipelines: &[Pipeline]) -> bool {
    pipelines.iter().any(|pipeline| {
        let mut fetched = false;
        pipeline.stages.iter().any(|stage| {
            let program = unwrapped_program(stage);
            let runs = RUNNERS.contains(&program.as_str());
            let reads = fetched && runs;
            fetched |= FETCHERS.contains(&program.as_str());
            let StageKind::Simple { words, .. } = &stage.kind else { return false };
            let from_words = || {
                let scripts = words.iter().flat_map(|word| &word.substitutions).flatten();
                let mut stages = scripts.flat_map(|s| &s.pipelines).filter_map(|p| p.stages.first());
                stages.any(|stage| FETCHERS.contains(&unwrapped_program(stage).as_str()))
            };
            reads || (runs || matches!(program.as_str(), "eval" | "source" | ".")) && from_words()
        })
    })
}

/// `iex (iwr …)`, `Invoke-WebRequest … | Invoke-Expression`
fn powershell_runs_download(commands: &[Vec<String>]) -> bool {
    let is = |names: &[&str]| {
        commands.iter().filter_map(|words| words.first()).any(|name| names.contains(&name.to_lowercase().as_str()))
    };
    let fetches = is(&["iwr", "irm", "curl", "wget", "invoke-webrequest", "invoke-restmethod"])
        || commands.iter().flatten().any(|word| word.to_lowercase().contains("downloadstring"));
    fetches && is(&["iex", "invoke-expression"])
}

/// The program of a stage behind `sudo` and the like.
fn unwrapped_program(stage: &Stage) -> String {
    let StageKind::Simple { words, .. } = &stage.kind else { return String::new() };
    let mut names = words.iter().map(|word| program_name(&word.text));
    let own = |name: &&str| {
        !matches!(*name, "sudo" | "doas" | "env" | "time" | "nohup") && !name.starts_with('-') && !name.contains('=')
    };
    names.find(own).unwrap_or_default().to_string()
}

/// Folders whose files the system lives by.
const SYSTEM: [&str; 9] =
    ["/etc/", "/boot/", "/usr/", "/lib/", "/proc/sys", "/sys/", "/var/lib/", "/var/spool/", "/opt/"];

fn redirect_risk(redirect: &Redirect, empties: bool, made: &Made) -> Option<(Risk, &'static str)> {
    let target = redirect.target.text.as_str();
    let overwrites = matches!(redirect.operator, ">" | ">|" | "&>");
    let appends = matches!(redirect.operator, ">>" | "&>>");
    if !(overwrites || appends) {
        return None;
    }
    let is_disk = ["/dev/sd", "/dev/nvme", "/dev/vd", "/dev/xvd", "/dev/mapper/", "/dev/md"]
        .iter()
        .any(|disk| target.starts_with(disk));
    if is_disk {
        return Some((Risk::Destructive, "writes over a disk"));
    }
    if target.starts_with("/dev/") || target.starts_with("/tmp/") || target.starts_with("/var/tmp/") {
        return None;
    }
    if overwrites && empties && !target.is_empty() && !made.holds(target) {
        return Some((Risk::Destructive, "empties a file"));
    }
    SYSTEM.iter().any(|folder| target.starts_with(folder)).then_some((Risk::Disruptive, "changes a file of the system"))
}
