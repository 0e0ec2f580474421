//! A shell parser for what runbooks hold: bash as people type it, complete or cut short.
//!
//! It cannot fail and never backtracks by more than a fixed number of times, so that its time grows with the text: a
//! quote that is never closed ends with its line, and all else is read as if it were closed there. What was wrong stays
//! in [`Script::errors`]. Ranges are offsets in the text given.

use std::ops::Range;

use super::{session, sql};

/// Nesting of groups, substitutions and quotes beyond which the rest is left unread.
const MAX_DEPTH: usize = 48;
/// How often a statement is read a second time, because a quote in it is never closed.
const MAX_RETRIES: usize = 24;

/// What a text holds.
#[derive(Debug, Default)]
pub struct Script {
    pub statements: Vec<Statement>,
    /// From their `#` to the end of the line.
    pub comments: Vec<Range<usize>>,
    pub variables: Vec<Variable>,
    /// Names that are set here: by assignment, by `for`, `read`, `export` and the like.
    pub assigned: Vec<String>,
    pub errors: Vec<SyntaxError>,
    /// Lines that a command printed, only where [`parse_block`] looks for them.
    pub output: Vec<Range<usize>>,
    /// What a person copies as one, in order: each statement of the top with what ends it (`;`, `&`) and its
    /// here-documents; those of one line together.
    pub whole: Vec<Range<usize>>,
}

/// How the parts of a text are quoted, for those who put something into it.
#[derive(Debug, Default)]
pub struct Quoting {
    /// The insides of quotes, substitutions and here-documents, in no order.
    pub enclosed: Vec<(Enclosing, Range<usize>)>,
    /// Where the words of commands start, sorted.
    pub words: Vec<usize>,
}

/// What a part of a text stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enclosing {
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `$'…'`
    AnsiC,
    /// `$(…)` and `<(…)`
    Substitution,
    /// Between backquotes.
    Backquotes,
    /// A here-document in which the shell expands.
    HereDocument,
    /// A here-document that the shell leaves as it is.
    Literal,
    /// A statement of a database client.
    Sql,
}

/// What keeps a text from being a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub span: Range<usize>,
    /// In words: "a quote that is never closed".
    pub message: String,
    /// What to type.
    pub help: &'static str,
}

/// A use of `$NAME` or `${NAME}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub span: Range<usize>,
}

/// Pipelines joined by `&&` and `||`.
#[derive(Debug)]
pub struct Statement {
    pub span: Range<usize>,
    pub pipelines: Vec<Pipeline>,
}

/// Stages joined by `|`.
#[derive(Debug)]
pub struct Pipeline {
    pub stages: Vec<Stage>,
}

#[derive(Debug)]
pub struct Stage {
    pub span: Range<usize>,
    pub kind: StageKind,
    pub redirects: Vec<Redirect>,
}

#[derive(Debug)]
pub enum StageKind {
    Simple {
        assignments: Vec<Assignment>,
        words: Vec<Word>,
    },
    /// Loops, conditions, subshells: the words of their head and the statements inside, conditions included.
    Group {
        head: Vec<Word>,
        body: Vec<Statement>,
    },
    Function {
        name: String,
        body: Vec<Statement>,
    },
    /// A statement of a database client among shell commands.
    Sql,
}

/// `NAME=value`
#[derive(Debug)]
pub struct Assignment {
    pub name: String,
    pub value: Word,
}

/// A word with quotes removed.
#[derive(Debug, Default)]
pub struct Word {
    pub span: Range<usize>,
    /// Variables stand as `$NAME`, substitutions as `$()`.
    pub text: String,
    pub quote: Quote,
    /// The scripts of `$(…)`, backquotes and `<(…)` in it.
    pub substitutions: Vec<Vec<Statement>>,
}

/// How a word is quoted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    #[default]
    None,
    /// `'…'` around the whole word.
    Single,
    /// `"…"` around the whole word.
    Double,
    /// Parts of the word.
    Part,
}

#[derive(Debug)]
pub struct Redirect {
    /// Without the number: `>`, `>>`, `<`, `<<`, `<<<`, `>&`, …
    pub operator: &'static str,
    pub target: Word,
    /// The lines of a here-document.
    pub body: Option<Range<usize>>,
}

/// Reads a script.
pub fn parse(text: &str) -> Script {
    let mut parser = Parser::new(text, None);
    parser.read_all();
    parser.script
}

/// Reads a block of a document, in which statements of a database client and lines that a command printed may stand
/// among the commands. `is_program` knows the names of programs.
pub fn parse_block(text: &str, is_program: &dyn Fn(&str) -> bool) -> Script {
    let mut parser = Parser::new(text, Some(is_program));
    parser.read_all();
    parser.script
}

/// How a block, or a script in it, is quoted. `is_program` is given for blocks, as in [`parse_block`].
pub fn quoting(text: &str, is_program: Option<&dyn Fn(&str) -> bool>) -> Quoting {
    let mut parser = Parser::new(text, is_program);
    parser.quoting = Some(Quoting::default());
    parser.read_all();
    let mut quoting = parser.quoting.unwrap_or_default();
    quoting.words.sort_unstable();
    quoting
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Reading stops here: the end of the text, or of a line that is read for itself.
    end: usize,
    depth: usize,
    /// Here-documents whose lines start behind the next line end.
    pending: Vec<PendingBody>,
    /// Bodies found for redirects, in the order of their operators.
    bodies: Vec<(usize, Range<usize>)>,
    unclosed: bool,
    is_program: Option<&'t dyn Fn(&str) -> bool>,
    script: Script,
    /// Only where somebody asks for it.
    quoting: Option<Quoting>,
}

struct PendingBody {
    operator_at: usize,
    delimiter: String,
    strip_tabs: bool,
    quoted: bool,
}

/// Words that end a list of statements.
const CLOSERS: [&str; 8] = ["then", "do", "done", "fi", "else", "elif", "esac", "}"];

/// Operators of redirection, the longest first.
const REDIRECTS: [&str; 12] = ["&>>", "<<<", "<<-", "&>", ">>", "<<", ">&", "<&", ">|", "<>", ">", "<"];

impl<'t> Parser<'t> {
    fn new(text: &'t str, is_program: Option<&'t dyn Fn(&str) -> bool>) -> Self {
        Parser {
            text,
            bytes: text.as_bytes(),
            at: 0,
            end: text.len(),
            depth: 0,
            pending: Vec::new(),
            bodies: Vec::new(),
            unclosed: false,
            is_program,
            script: Script::default(),
            quoting: None,
        }
    }

    fn encloses(&mut self, enclosing: Enclosing, inside: Range<usize>) {
        if let Some(quoting) = &mut self.quoting {
            quoting.enclosed.push((enclosing, inside));
        }
    }

    fn read_all(&mut self) {
        let mut retries = 0;
        let mut statements = Vec::new();
        while self.at < self.end {
            self.skip_blank_lines();
            if self.at >= self.end {
                break;
            }
            if self.output_line() {
                continue;
            }
            let start = self.at;
            let before = (self.script.comments.len(), self.script.variables.len(), self.script.errors.len());
            let quoted = self.quoting.as_ref().map_or((0, 0), |quoting| (quoting.enclosed.len(), quoting.words.len()));
            self.unclosed = false;
            let statement = if retries < MAX_RETRIES { self.top_statement() } else { None };
            let whole = retries < MAX_RETRIES && !self.unclosed;
            if whole {
                statements.extend(statement);
                continue;
            }
            // A quote is open to the end of the text: take the line for itself.
            retries += 1;
            self.script.comments.truncate(before.0);
            self.script.variables.truncate(before.1);
            self.script.errors.truncate(before.2 + 1);
            if let Some(quoting) = &mut self.quoting {
                quoting.enclosed.truncate(quoted.0);
                quoting.words.truncate(quoted.1);
            }
            let errors = self.script.errors.len();
            self.pending.clear();
            self.at = start;
            self.end = self.logical_line_end(start);
            while self.at < self.end {
                self.skip_blank_lines();
                if self.at < self.end {
                    statements.extend(self.top_statement());
                }
            }
            self.script.errors.truncate(errors.max(before.2 + 1));
            self.pending.clear();
            self.at = self.end;
            self.end = self.text.len();
        }
        self.script.statements = statements;
        let mut bodies = std::mem::take(&mut self.bodies);
        bodies.sort_by_key(|(operator_at, _)| *operator_at);
        attach_bodies(&mut self.script.statements, &bodies);
        self.script.whole = self.whole_statements(&bodies);
    }

    fn whole_statements(&self, bodies: &[(usize, Range<usize>)]) -> Vec<Range<usize>> {
        let mut whole: Vec<Range<usize>> = Vec::with_capacity(self.script.statements.len());
        let mut bodies = bodies.iter().peekable();
        for statement in &self.script.statements {
            let Range { start, mut end } = statement.span;
            let rest = self.text[end..].trim_start_matches([' ', '\t']);
            let ends = rest.starts_with(['&', ';']) && !["&&", ";;", "&>"].iter().any(|other| rest.starts_with(other));
            if ends {
                end = self.text.len() - rest.len() + 1;
            }
            while let Some((_, body)) = bodies.next_if(|(operator_at, _)| *operator_at < end) {
                // With the line of the delimiter.
                let line = self.text[body.end..].find('\n').map_or(self.text.len(), |len| body.end + len);
                end = end.max(self.text[..line].trim_end().len());
            }
            match whole.last_mut().filter(|last| !self.text[last.end.min(start)..start].contains('\n')) {
                Some(last) => last.end = last.end.max(end),
                None => whole.push(start..end),
            }
        }
        whole
    }

    fn top_statement(&mut self) -> Option<Statement> {
        if self.is_sql_here() {
            return Some(self.sql_statement());
        }
        let start = self.at;
        let statement = self.statement();
        if self.at == start {
            self.unexpected_token();
        }
        self.end_of_statement();
        statement
    }

    /// Something that can start no statement: a closer without its opener, a stray operator.
    fn unexpected_token(&mut self) {
        let start = self.at;
        let closer = CLOSERS.into_iter().find(|word| self.is_word_here(word));
        let len = match closer {
            Some(word) => word.len(),
            None => self.char_len(),
        };
        self.at += len;
        let token = &self.text[start..self.at];
        self.error(
            start..self.at,
            format!("`{token}` without the command that it belongs to"),
            match closer {
                Some(_) => "write the whole construct in one block, or remove the word",
                None => "remove it, or put text with it in quotes",
            },
        );
    }

    // ------------------------------------------------------------------------------------------ statements

    /// Statements up to one of the closers, `)` or `;;`, which is not consumed.
    fn statements(&mut self) -> Vec<Statement> {
        let mut statements = Vec::new();
        loop {
            self.skip_blank_lines();
            if self.at >= self.end || self.peek() == b')' || self.starts_with(";;") || self.closer_here().is_some() {
                return statements;
            }
            let start = self.at;
            statements.extend(self.statement());
            self.end_of_statement();
            if self.at == start {
                self.unexpected_token();
            }
        }
    }

    fn statement(&mut self) -> Option<Statement> {
        let start = self.at;
        let mut pipelines = Vec::new();
        loop {
            pipelines.extend(self.pipeline());
            self.skip_blanks();
            if !(self.starts_with("&&") || self.starts_with("||")) {
                break;
            }
            let operator = self.at;
            self.at += 2;
            self.skip_blank_lines();
            if self.at >= self.end || pipelines.is_empty() {
                let operator = operator..operator + 2;
                let token = self.text[operator.clone()].to_string();
                self.error(operator, format!("a command is missing beside `{token}`"), "write both commands");
                break;
            }
        }
        let end = self.trimmed_end(start, self.at);
        (!pipelines.is_empty()).then_some(Statement { span: start..end, pipelines })
    }

    /// Consumes `;` and `&` behind a statement.
    fn end_of_statement(&mut self) {
        self.skip_blanks();
        if self.at < self.end && !self.starts_with(";;") && matches!(self.peek(), b';' | b'&') {
            self.at += 1;
        }
    }

    fn pipeline(&mut self) -> Option<Pipeline> {
        let mut stages = Vec::new();
        loop {
            self.skip_blanks();
            while self.is_word_here("!") || self.is_word_here("time") {
                let len = if self.peek() == b'!' { 1 } else { 4 };
                self.at += len;
                self.skip_blanks();
            }
            stages.extend(self.stage());
            self.skip_blanks();
            let is_pipe = self.at < self.end && self.peek() == b'|' && !self.starts_with("||");
            if !is_pipe {
                break;
            }
            let pipe = self.at;
            self.at += if self.starts_with("|&") { 2 } else { 1 };
            self.skip_blank_lines();
            if self.at >= self.end || stages.is_empty() {
                self.error(pipe..pipe + 1, "a command is missing beside `|`".to_string(), "write both commands");
                break;
            }
        }
        (!stages.is_empty()).then_some(Pipeline { stages })
    }

    fn stage(&mut self) -> Option<Stage> {
        let start = self.at;
        if self.at >= self.end {
            return None;
        }
        if self.depth >= MAX_DEPTH {
            self.error(start..start + self.char_len(), "nested too deeply to be read".to_string(), "take it apart");
            self.at = self.end;
            return None;
        }
        self.depth += 1;
        let kind = self.stage_kind();
        self.depth -= 1;
        let mut kind = kind?;
        let mut redirects = Vec::new();
        if let StageKind::Simple { assignments, words } = &mut kind {
            self.simple(assignments, words, &mut redirects);
            if assignments.is_empty() && words.is_empty() && redirects.is_empty() {
                return None;
            }
        } else {
            loop {
                self.skip_blanks();
                match self.redirect() {
                    Some(redirect) => redirects.push(redirect),
                    None => break,
                }
            }
        }
        let end = self.trimmed_end(start, self.at);
        Some(Stage { span: start..end, kind, redirects })
    }

    fn stage_kind(&mut self) -> Option<StageKind> {
        let simple = || Some(StageKind::Simple { assignments: Vec::new(), words: Vec::new() });
        match self.peek() {
            b'(' if self.starts_with("((") => {
                self.arithmetic();
                Some(StageKind::Group { head: Vec::new(), body: Vec::new() })
            }
            b'(' => {
                let open = self.at;
                self.at += 1;
                let body = self.statements();
                self.close(")", open);
                Some(StageKind::Group { head: Vec::new(), body })
            }
            b'{' if self.is_word_here("{") => {
                let open = self.at;
                self.at += 1;
                let body = self.statements();
                self.close_word("}", open..open + 1);
                Some(StageKind::Group { head: Vec::new(), body })
            }
            _ if self.is_word_here("if") => Some(self.condition()),
            _ if self.is_word_here("while") || self.is_word_here("until") => {
                let open = self.at..self.at + 5;
                self.at += 5;
                let mut body = self.statements();
                body.extend(self.do_done(open));
                Some(StageKind::Group { head: Vec::new(), body })
            }
            _ if self.is_word_here("for") || self.is_word_here("select") && self.is_loop_select() => {
                Some(self.for_loop())
            }
            _ if self.is_word_here("case") => Some(self.case()),
            _ if self.is_word_here("function") => {
                self.at += "function".len();
                self.skip_blanks();
                let name = self.name();
                self.skip_blanks();
                if self.starts_with("()") {
                    self.at += 2;
                }
                Some(self.function_body(name))
            }
            _ if self.closer_here().is_some() => None,
            b')' | b';' | b'&' | b'|' if !self.starts_with("&>") => None,
            _ => match self.function_name() {
                Some(name) => Some(self.function_body(name)),
                None => simple(),
            },
        }
    }

    /// `select x in …` is a loop; `select * from t` is a query in lower case.
    fn is_loop_select(&self) -> bool {
        let line = &self.text[self.at..self.line_end(self.at)];
        line.split_whitespace().nth(2) == Some("in")
    }

    fn condition(&mut self) -> StageKind {
        let open = self.at..self.at + 2;
        self.at += 2;
        let mut body = self.statements();
        let mut closed = false;
        loop {
            if self.is_word_here("then") || self.is_word_here("else") || self.is_word_here("elif") {
                self.at += 4;
                body.extend(self.statements());
            } else if self.is_word_here("fi") {
                self.at += 2;
                closed = true;
                break;
            } else {
                break;
            }
        }
        if !closed {
            self.error(open, "`if` without its `fi`".to_string(), "close it with `fi`");
        }
        StageKind::Group { head: Vec::new(), body }
    }

    fn do_done(&mut self, open: Range<usize>) -> Vec<Statement> {
        let keyword = self.text[open.clone()].trim_end().to_string();
        if !self.is_word_here("do") {
            self.error(open, format!("`{keyword}` without its `do`"), "write `do` before the commands, `done` after");
            return Vec::new();
        }
        self.at += 2;
        let body = self.statements();
        self.close_word("done", open);
        body
    }

    fn for_loop(&mut self) -> StageKind {
        let len = if self.peek() == b'f' { 3 } else { 6 };
        let open = self.at..self.at + len;
        self.at += len;
        self.skip_blanks();
        let mut head = Vec::new();
        if self.starts_with("((") {
            self.arithmetic();
        } else {
            let name = self.name();
            self.script.assigned.push(name);
            self.skip_blank_lines();
            if self.is_word_here("in") {
                self.at += 2;
                loop {
                    self.skip_blanks();
                    match self.word() {
                        Some(word) => head.push(word),
                        None => break,
                    }
                }
            }
        }
        self.end_of_statement();
        self.skip_blank_lines();
        let body = self.do_done(open);
        StageKind::Group { head, body }
    }

    fn case(&mut self) -> StageKind {
        let open = self.at..self.at + 4;
        self.at += 4;
        self.skip_blanks();
        let head: Vec<Word> = self.word().into_iter().collect();
        self.skip_blank_lines();
        if self.is_word_here("in") {
            self.at += 2;
        }
        let mut body = Vec::new();
        loop {
            self.skip_blank_lines();
            if self.at >= self.end || self.is_word_here("esac") {
                break;
            }
            // The pattern up to its parenthesis.
            let rest = &self.text[self.at..self.end];
            match rest.find([')', '\n']) {
                Some(close) if rest[close..].starts_with(')') => self.at += close + 1,
                _ => break,
            }
            body.extend(self.statements());
            match self.starts_with(";;") {
                true => self.at += if self.starts_with(";;&") { 3 } else { 2 },
                false if self.starts_with(";&") => self.at += 2,
                false => {
                    self.skip_blank_lines();
                    if !self.is_word_here("esac") {
                        break;
                    }
                }
            }
        }
        self.close_word("esac", open);
        StageKind::Group { head, body }
    }

    /// `name()` at the place, consumed.
    fn function_name(&mut self) -> Option<String> {
        let rest = &self.bytes[self.at..self.end];
        let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(byte)).count();
        let spaces = rest[len..].iter().take_while(|byte| **byte == b' ').count();
        if len == 0 || !rest[len + spaces..].starts_with(b"(") {
            return None;
        }
        let inner = len + spaces + 1;
        let gap = rest[inner..].iter().take_while(|byte| **byte == b' ').count();
        if !rest[inner + gap..].starts_with(b")") {
            return None;
        }
        let name = self.text[self.at..self.at + len].to_string();
        self.at += inner + gap + 1;
        Some(name)
    }

    fn function_body(&mut self, name: String) -> StageKind {
        self.skip_blank_lines();
        let body = match self.stage() {
            Some(Stage { kind: StageKind::Group { body, .. }, .. }) => body,
            _ => Vec::new(),
        };
        StageKind::Function { name, body }
    }

    fn is_sql_here(&self) -> bool {
        self.is_program.is_some() && sql::starts_statement(&self.text[self.at..self.end])
    }

    /// Takes a line that a command printed.
    fn output_line(&mut self) -> bool {
        let Some(is_program) = self.is_program else { return false };
        let indent =
            self.bytes[..self.at].iter().rev().take(64).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if self.at > indent && self.bytes[self.at - indent - 1] != b'\n' {
            return false;
        }
        let end = self.line_end(self.at);
        let before = self
            .script
            .output
            .last()
            .is_some_and(|last| self.text[last.end..self.at].trim_matches([' ', '\t', '\r']) == "\n");
        // `{` opens a group of commands, or printed JSON.
        let opens_json =
            self.text[self.at..end].trim_end() == "{" && self.text[end..self.end].trim_start().starts_with(['"', '}']);
        if !opens_json && !session::is_output(&self.text[self.at..end], before, is_program) {
            return false;
        }
        // What goes on over a backslash, such as a line of a crontab, is of one kind.
        let end = self.logical_line_end(self.at).min(self.end);
        self.script.output.push(self.at..end);
        self.at = end;
        true
    }

    /// A database client's statement: up to a `;` at the end of a line, or an empty line.
    fn sql_statement(&mut self) -> Statement {
        let start = self.at;
        let len = sql::statement_len(&self.text[start..self.end]);
        self.at += len.max(self.char_len());
        let span = start..self.trimmed_end(start, self.at);
        self.encloses(Enclosing::Sql, span.clone());
        let stage = Stage { span: span.clone(), kind: StageKind::Sql, redirects: Vec::new() };
        Statement { span, pipelines: vec![Pipeline { stages: vec![stage] }] }
    }

    // ------------------------------------------------------------------------------------------ simple commands

    fn simple(&mut self, assignments: &mut Vec<Assignment>, words: &mut Vec<Word>, redirects: &mut Vec<Redirect>) {
        loop {
            self.skip_blanks();
            let is_test = words.first().is_some_and(|word| word.text == "[[" && word.quote == Quote::None);
            if is_test && self.at < self.end && b"<>()&|".contains(&self.peek()) {
                self.at += 1;
                continue;
            }
            if let Some(redirect) = self.redirect() {
                redirects.push(redirect);
                continue;
            }
            if words.is_empty()
                && let Some(assignment) = self.assignment()
            {
                self.script.assigned.push(assignment.name.clone());
                assignments.push(assignment);
                continue;
            }
            let Some(word) = self.word() else { break };
            let closes = word.text == "]]" && is_test;
            if let Some(quoting) = &mut self.quoting {
                quoting.words.push(word.span.start);
            }
            words.push(word);
            if closes {
                break;
            }
        }
        let Some(program) = words.first() else { return };
        if matches!(program.text.as_str(), "read" | "export" | "local" | "declare" | "typeset" | "readonly" | "mapfile")
        {
            for word in &words[1..] {
                let name = word.text.split('=').next().unwrap_or_default();
                if is_name(name) {
                    self.script.assigned.push(name.to_string());
                }
            }
        }
    }

    fn assignment(&mut self) -> Option<Assignment> {
        let rest = &self.bytes[self.at..self.end];
        let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let index = match rest.get(len) {
            Some(b'[') => rest[len..].iter().take(64).position(|byte| *byte == b']').map_or(0, |close| close + 1),
            _ => 0,
        };
        let operator = match &rest[len + index..] {
            [b'=', ..] => 1,
            [b'+', b'=', ..] => 2,
            _ => return None,
        };
        if len == 0 || rest[0].is_ascii_digit() {
            return None;
        }
        let name = self.text[self.at..self.at + len].to_string();
        self.at += len + index + operator;
        let start = self.at;
        let value = match self.at < self.end && self.peek() == b'(' {
            true => self.array(),
            false => self.word().unwrap_or(Word { span: start..start, ..Word::default() }),
        };
        Some(Assignment { name, value })
    }

    /// `(a b c)`
    fn array(&mut self) -> Word {
        let start = self.at;
        self.at += 1;
        let mut whole = Word { quote: Quote::Part, ..Word::default() };
        loop {
            self.skip_blank_lines();
            if self.at >= self.end || self.peek() == b')' {
                break;
            }
            let before = self.at;
            if let Some(word) = self.word() {
                if !whole.text.is_empty() {
                    whole.text.push(' ');
                }
                whole.text.push_str(&word.text);
                whole.substitutions.extend(word.substitutions);
            }
            if self.at == before {
                self.at += self.char_len();
            }
        }
        self.close(")", start);
        whole.span = start..self.at;
        whole
    }

    fn redirect(&mut self) -> Option<Redirect> {
        let start = self.at;
        let digits = self.bytes[self.at..self.end].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let rest = &self.text[self.at + digits..self.end];
        let operator = REDIRECTS.into_iter().find(|operator| rest.starts_with(operator))?;
        let after = &rest[operator.len()..];
        // `<(…)` and `>(…)` are words.
        if matches!(operator, "<" | ">") && after.starts_with('(') {
            return None;
        }
        self.at += digits + operator.len();
        let operator_at = self.at;
        self.skip_blanks();
        let target = self.word();
        let Some(target) = target else {
            self.error(
                start..operator_at,
                format!("`{operator}` without a file"),
                "name the file behind it, or write a placeholder as `<name>` without a space",
            );
            return Some(Redirect { operator, target: Word::default(), body: None });
        };
        if matches!(operator, "<<" | "<<-") {
            self.pending.push(PendingBody {
                operator_at: target.span.start,
                delimiter: target.text.clone(),
                strip_tabs: operator == "<<-",
                quoted: target.quote != Quote::None || self.text[target.span.clone()].contains('\\'),
            });
        }
        Some(Redirect { operator, target, body: None })
    }

    // ------------------------------------------------------------------------------------------ words

    /// A word at the place, or `None` where an operator or the end of the line is.
    fn word(&mut self) -> Option<Word> {
        let start = self.at;
        let mut word = Word::default();
        let mut quoted_parts = 0;
        while self.at < self.end {
            match self.peek() {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')' => break,
                b'<' | b'>' if self.bytes.get(self.at + 1) == Some(&b'(') && self.at == start => {
                    self.at += 1;
                    self.substitution(&mut word);
                }
                b'<' | b'>' => break,
                b'(' => {
                    // `@(a|b)`, and prose such as `name(s)`.
                    if self.at == start {
                        break;
                    }
                    self.parentheses(&mut word);
                }
                b'\\' => {
                    self.at += 1;
                    if self.at >= self.end {
                        break;
                    }
                    if let Some(len) = self.line_break_len() {
                        self.at += len;
                        // A continuation ends no word, but the next line's indentation does.
                        continue;
                    }
                    self.push_char(&mut word);
                }
                b'\'' => {
                    quoted_parts += 1;
                    self.single_quoted(&mut word);
                }
                b'"' => {
                    quoted_parts += 1;
                    self.double_quoted(&mut word);
                }
                b'$' => self.dollar(&mut word, false),
                b'`' => self.backquoted(&mut word),
                _ => self.push_char(&mut word),
            }
        }
        if self.at == start {
            return None;
        }
        word.span = start..self.at;
        let raw = &self.bytes[word.span.clone()];
        word.quote = match (quoted_parts, raw.first(), raw.last()) {
            (0, ..) => Quote::None,
            (1, Some(b'\''), Some(b'\'')) if raw.len() > 1 => Quote::Single,
            (1, Some(b'"'), Some(b'"')) if raw.len() > 1 => Quote::Double,
            _ => Quote::Part,
        };
        Some(word)
    }

    fn push_char(&mut self, word: &mut Word) {
        let len = self.char_len();
        word.text.push_str(&self.text[self.at..self.at + len]);
        self.at += len;
    }

    /// Text in parentheses inside a word, taken as it stands.
    fn parentheses(&mut self, word: &mut Word) {
        let mut depth = 0;
        while self.at < self.end {
            match self.peek() {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\n' => return,
                _ => {}
            }
            self.push_char(word);
            if depth == 0 {
                return;
            }
        }
    }

    fn single_quoted(&mut self, word: &mut Word) {
        let open = self.at;
        self.at += 1;
        match memchr(b'\'', &self.bytes[self.at..self.end]) {
            Some(len) => {
                word.text.push_str(&self.text[self.at..self.at + len]);
                self.encloses(Enclosing::Single, self.at..self.at + len);
                self.at += len + 1;
            }
            None => self.never_closed(open, "'", word),
        }
    }

    fn double_quoted(&mut self, word: &mut Word) {
        let open = self.at;
        self.at += 1;
        while self.at < self.end {
            match self.peek() {
                b'"' => {
                    self.encloses(Enclosing::Double, open + 1..self.at);
                    self.at += 1;
                    return;
                }
                b'\\' => {
                    self.at += 1;
                    if self.at >= self.end {
                        break;
                    }
                    if let Some(len) = self.line_break_len() {
                        self.at += len;
                        continue;
                    }
                    if !b"\"\\$`".contains(&self.peek()) {
                        word.text.push('\\');
                    }
                    self.push_char(word);
                }
                b'$' => self.dollar(word, true),
                b'`' => self.backquoted(word),
                _ => self.push_char(word),
            }
        }
        self.never_closed(open, "\"", word);
    }

    fn never_closed(&mut self, open: usize, quote: &str, word: &mut Word) {
        if !self.unclosed {
            self.error(
                open..open + 1,
                format!("a quote {quote} that is never closed"),
                "close it, or escape it with `\\`",
            );
        }
        self.unclosed = true;
        if word.text.is_empty() {
            word.text.push_str(self.text[open + 1..self.end].trim_end());
        }
        self.at = self.end;
    }

    fn dollar(&mut self, word: &mut Word, in_quotes: bool) {
        let start = self.at;
        match self.bytes.get(self.at + 1).filter(|_| self.at + 1 < self.end) {
            Some(b'(') if self.bytes[self.at + 1..self.end].starts_with(b"((") => {
                self.at += 1;
                self.arithmetic();
                word.text.push_str("$()");
            }
            Some(b'(') => {
                self.at += 1;
                self.substitution(word);
            }
            Some(b'{') => self.braced_variable(word),
            Some(b'\'') if !in_quotes => {
                self.at += 2;
                while self.at < self.end && self.peek() != b'\'' {
                    if self.peek() == b'\\' && self.at + 1 < self.end {
                        self.at += 1;
                    }
                    self.push_char(word);
                }
                if self.at >= self.end {
                    return self.never_closed(start + 1, "'", word);
                }
                self.encloses(Enclosing::AnsiC, start + 2..self.at);
                self.at += 1;
            }
            Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {
                self.at += 1;
                let name = self.name();
                word.text.push('$');
                word.text.push_str(&name);
                self.script.variables.push(Variable { name, span: start..self.at });
            }
            _ => {
                self.at += 1;
                word.text.push('$');
            }
        }
    }

    /// `${NAME}`, `${NAME:-default}`, `${#NAME}`, …
    fn braced_variable(&mut self, word: &mut Word) {
        let start = self.at;
        self.at += 2;
        if self.at < self.end && b"#!".contains(&self.peek()) {
            self.at += 1;
        }
        let name = self.name();
        let has_default =
            self.bytes[self.at..self.end].starts_with(b":") || self.bytes[self.at..self.end].starts_with(b"-");
        let mut depth = 1;
        while depth > 0 && self.at < self.end {
            match self.peek() {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b'\n' => break,
                b'\\' => self.at += self.char_len(),
                _ => {}
            }
            self.at += self.char_len();
        }
        if depth > 0 {
            self.error(start..start + 2, "`${` that is never closed".to_string(), "close it with `}`");
        }
        word.text.push('$');
        word.text.push_str(&name);
        if is_name(&name) {
            match has_default {
                true => self.script.assigned.push(name),
                false => self.script.variables.push(Variable { name, span: start..self.at }),
            }
        }
    }

    /// From `(` of `$(…)` or `<(…)`.
    fn substitution(&mut self, word: &mut Word) {
        let open = self.at;
        self.at += 1;
        word.text.push_str("$()");
        if self.depth >= MAX_DEPTH {
            self.error(open..open + 1, "nested too deeply to be read".to_string(), "take it apart");
            self.at = self.end;
            return;
        }
        self.depth += 1;
        let statements = self.statements();
        self.depth -= 1;
        self.encloses(Enclosing::Substitution, open + 1..self.at);
        self.close(")", open);
        word.substitutions.push(statements);
    }

    fn backquoted(&mut self, word: &mut Word) {
        let open = self.at;
        self.at += 1;
        let mut close = self.at;
        while close < self.end && self.bytes[close] != b'`' {
            close += if self.bytes[close] == b'\\' { 2 } else { 1 };
        }
        if close >= self.end || self.depth >= MAX_DEPTH {
            return self.never_closed(open, "`", word);
        }
        let end = std::mem::replace(&mut self.end, close);
        self.depth += 1;
        let mut statements = self.statements();
        while self.at < self.end {
            self.at += self.char_len();
            statements.extend(self.statements());
        }
        self.depth -= 1;
        self.end = end;
        self.at = close + 1;
        self.encloses(Enclosing::Backquotes, open + 1..close);
        word.text.push_str("$()");
        word.substitutions.push(statements);
    }

    /// `((…))`
    fn arithmetic(&mut self) {
        let open = self.at;
        let mut depth = 0;
        while self.at < self.end {
            match self.peek() {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += self.char_len();
            if depth == 0 {
                return;
            }
        }
        self.error(open..open + 2, "`((` that is never closed".to_string(), "close it with `))`");
    }

    // ------------------------------------------------------------------------------------------ small things

    fn close(&mut self, closer: &str, open: usize) {
        self.skip_blank_lines();
        if self.starts_with(closer) {
            self.at += closer.len();
            return;
        }
        if !self.unclosed {
            self.error(open..open + 1, "a parenthesis that is never closed".to_string(), "close it with `)`");
        }
        self.unclosed |= self.at >= self.end;
    }

    fn close_word(&mut self, closer: &str, open: Range<usize>) {
        if self.is_word_here(closer) {
            self.at += closer.len();
            return;
        }
        let keyword = self.text[open.clone()].trim_end().to_string();
        let help = match closer {
            "done" => "close it with `done`",
            "esac" => "close it with `esac`",
            _ => "close it with `}` on a line of its own",
        };
        self.error(open, format!("`{keyword}` without its `{closer}`"), help);
    }

    fn error(&mut self, span: Range<usize>, message: String, help: &'static str) {
        let span = span.start.min(self.text.len())..span.end.min(self.text.len());
        self.script.errors.push(SyntaxError { span, message, help });
    }

    fn peek(&self) -> u8 {
        self.bytes[self.at]
    }

    fn starts_with(&self, token: &str) -> bool {
        self.text[self.at..self.end].starts_with(token)
    }

    /// Bytes of the character at the place; 0 at the end.
    fn char_len(&self) -> usize {
        self.text[self.at..self.end].chars().next().map_or(0, char::len_utf8)
    }

    fn line_break_len(&self) -> Option<usize> {
        match &self.bytes[self.at..self.end] {
            [b'\n', ..] => Some(1),
            [b'\r', b'\n', ..] => Some(2),
            // White space behind the backslash is a slip that every author means as a continuation.
            rest => {
                let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                let ends = blanks > 0 && blanks < 16 && matches!(rest.get(blanks), Some(b'\n'));
                ends.then_some(blanks + 1)
            }
        }
    }

    fn name(&mut self) -> String {
        let rest = &self.bytes[self.at..self.end];
        let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let name = self.text[self.at..self.at + len].to_string();
        self.at += len;
        name
    }

    fn is_word_here(&self, word: &str) -> bool {
        let rest = &self.bytes[self.at..self.end];
        rest.starts_with(word.as_bytes())
            && rest.get(word.len()).is_none_or(|byte| byte.is_ascii_whitespace() || b";&|()<>".contains(byte))
    }

    fn closer_here(&self) -> Option<&'static str> {
        CLOSERS.into_iter().find(|word| self.is_word_here(word))
    }

    fn skip_blanks(&mut self) {
        while self.at < self.end {
            match self.peek() {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' => {
                    let here = self.at;
                    self.at += 1;
                    match (self.at < self.end).then(|| self.line_break_len()).flatten() {
                        Some(len) => self.at += len,
                        // A backslash that ends the text continues nothing.
                        None if self.at >= self.end => return,
                        None => {
                            self.at = here;
                            return;
                        }
                    }
                }
                b'#' => {
                    let end = self.line_end(self.at);
                    self.script.comments.push(self.at..end);
                    self.at = end;
                }
                _ => return,
            }
        }
    }

    fn skip_blank_lines(&mut self) {
        loop {
            self.skip_blanks();
            if self.at >= self.end || self.peek() != b'\n' {
                return;
            }
            self.at += 1;
            self.read_bodies();
        }
    }

    /// Here-documents that start on this line.
    fn read_bodies(&mut self) {
        for body in std::mem::take(&mut self.pending) {
            let start = self.at;
            let mut end = self.end;
            while self.at < self.end {
                let line_end = self.line_end(self.at);
                let line = self.text[self.at..line_end].trim_end_matches('\r');
                let line_start = self.at;
                let bare = if body.strip_tabs { line.trim_start_matches('\t') } else { line };
                self.at = (line_end + 1).min(self.end);
                // Indented blocks carry their delimiter with them.
                if bare.trim() == body.delimiter {
                    end = line_start;
                    break;
                }
            }
            let enclosing = if body.quoted { Enclosing::Literal } else { Enclosing::HereDocument };
            self.encloses(enclosing, start..end);
            if !body.quoted {
                self.body_variables(start..end);
                if self.quoting.is_some() {
                    self.body_substitutions(start..end);
                }
            }
            self.bodies.push((body.operator_at, start..end));
        }
    }

    /// Reads the substitutions of a here-document for how they are quoted. What else they hold is not looked at.
    fn body_substitutions(&mut self, body: Range<usize>) {
        let (at, end) = (self.at, std::mem::replace(&mut self.end, body.end));
        let pending = std::mem::take(&mut self.pending);
        let known = (self.script.comments.len(), self.script.variables.len(), self.script.errors.len());
        self.at = body.start;
        while self.at < body.end {
            match self.peek() {
                b'\\' => self.at += 1 + self.bytes.get(self.at + 1).map_or(0, |byte| usize::from(byte.is_ascii())),
                b'$' if self.starts_with("$(") => self.dollar(&mut Word::default(), true),
                b'`' => self.backquoted(&mut Word::default()),
                _ => self.at += self.char_len(),
            }
        }
        self.script.comments.truncate(known.0);
        self.script.variables.truncate(known.1);
        self.script.errors.truncate(known.2);
        (self.at, self.end, self.pending, self.unclosed) = (at, end, pending, false);
    }

    fn body_variables(&mut self, body: Range<usize>) {
        let text = &self.text[body.clone()];
        for (at, _) in text.match_indices('$') {
            let rest = &text[at + 1..];
            let inner = rest.strip_prefix('{').unwrap_or(rest);
            let name: &str = &inner[..inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count()];
            let closed = inner.len() == rest.len() || inner[name.len()..].starts_with('}');
            if is_name(name) && closed && !text[..at].ends_with('\\') {
                let start = body.start + at;
                let len = 1 + name.len() + 2 * (rest.len() - inner.len());
                self.script.variables.push(Variable { name: name.to_string(), span: start..start + len });
            }
        }
    }

    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', &self.bytes[at..self.end]).map_or(self.end, |len| at + len)
    }

    /// End of a line with those that a backslash joins to it.
    fn logical_line_end(&self, mut at: usize) -> usize {
        loop {
            let end = memchr(b'\n', &self.bytes[at..]).map_or(self.text.len(), |len| at + len);
            if end >= self.text.len() || !self.text[at..end].trim_end().ends_with('\\') {
                return end;
            }
            at = end + 1;
        }
    }

    /// The end of what was read without the blanks and comments that were skipped behind it.
    fn trimmed_end(&self, start: usize, end: usize) -> usize {
        let mut end = end.max(start);
        let comment = self.script.comments.last().filter(|comment| comment.end == end && comment.start >= start);
        if let Some(comment) = comment {
            end = comment.start;
        }
        start + self.text[start..end].trim_end().len()
    }
}

fn memchr(needle: u8, bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == needle)
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Gives each here-document its lines. Bodies are known only after the statements that they belong to.
fn attach_bodies(statements: &mut [Statement], bodies: &[(usize, Range<usize>)]) {
    if bodies.is_empty() {
        return;
    }
    for stage in statements.iter_mut().flat_map(|s| &mut s.pipelines).flat_map(|p| &mut p.stages) {
        for redirect in &mut stage.redirects {
            let found = bodies.binary_search_by_key(&redirect.target.span.start, |(operator_at, _)| *operator_at);
            redirect.body = found.ok().map(|index| bodies[index].1.clone());
        }
        match &mut stage.kind {
            StageKind::Simple { assignments, words } => {
                let values = assignments.iter_mut().map(|assignment| &mut assignment.value);
                for word in values.chain(words) {
                    for inner in &mut word.substitutions {
                        attach_bodies(inner, bodies);
                    }
                }
            }
            StageKind::Group { body, .. } | StageKind::Function { body, .. } => attach_bodies(body, bodies),
            StageKind::Sql => {}
        }
    }
}
