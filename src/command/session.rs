//! What in a block is not a command: prompts, what commands printed, and marks for something left out.

use std::ops::Range;

use super::pack::Language;

/// Lines that one command at a prompt may have.
const MAX_COMMAND_LINES: usize = 80;

/// The parts of a block that are told apart before anything is parsed.
#[derive(Debug, Default)]
pub struct Session {
    /// The block with all that is no command made blank, byte for byte as long.
    pub text: String,
    pub prompts: Vec<Range<usize>>,
    pub output: Vec<Range<usize>>,
    /// Commands at the prompt of a client, which are not the shell's.
    pub client: Vec<(Range<usize>, Language)>,
}

/// A prompt at the start of a line.
struct Prompt {
    /// With the blanks before and the space behind it.
    len: usize,
    /// Blanks before it.
    indent: usize,
    /// Whose prompt it is.
    language: Language,
    /// `> ` and `-> `: the command of the line before goes on.
    continues: bool,
}

impl Prompt {
    /// Whether the command at this prompt goes on at another. A `>` that is indented sends what a command prints to a file.
    fn goes_on_at(&self, next: &Prompt) -> bool {
        let is_in_line = self.language != Language::Shell || next.indent == self.indent;
        next.continues && next.language == self.language && is_in_line
    }
}

/// Reads the lines of a block. `hash_prompts` says that a `# ` before a command is root's prompt, not a comment.
pub fn read(text: &str, hash_prompts: bool) -> Session {
    let lines = lines(text);
    let marks = Marks { hash: hash_prompts, path: path_prompt(text.trim_start(), true).is_some() };
    let prompts: Vec<Option<Prompt>> = lines.iter().map(|line| prompt(&text[line.clone()], marks)).collect();
    let mut session = Session::default();
    let first = lines.iter().zip(&prompts).find(|(line, _)| {
        let line = text[(*line).clone()].trim();
        !line.is_empty() && (hash_prompts || !line.starts_with('#'))
    });
    // Where the first line has a prompt, every command has one, and all else was printed.
    let is_session = first.is_some_and(|(_, prompt)| prompt.as_ref().is_some_and(|prompt| !prompt.continues));
    let mut blank = vec![false; lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let line = &text[lines[at].clone()];
        match prompts[at].as_ref().filter(|prompt| !prompt.continues) {
            Some(prompt) => {
                session.prompts.push(lines[at].start..lines[at].start + prompt.len);
                let last = if is_session { command_end(text, &lines, &prompts, at) } else { at };
                if prompt.language != Language::Shell {
                    session.client.push((lines[at].start + prompt.len..lines[last].end, prompt.language));
                }
                for (line, next) in lines.iter().zip(&prompts).take(last + 1).skip(at + 1) {
                    if let Some(next) = next.as_ref().filter(|next| prompt.goes_on_at(next)) {
                        session.prompts.push(line.start..line.start + next.len);
                    }
                }
                at = last + 1;
            }
            None => {
                let bare = line.trim();
                let is_comment = bare.starts_with('#');
                // In the middle of a command something is to be put for it; without it, another command would be run.
                let goes_on = at > 0 && text[lines[at - 1].clone()].ends_with('\\');
                if is_session && !bare.is_empty() && !is_comment || is_ellipsis(bare) && !goes_on {
                    blank[at] = true;
                    session.output.push(lines[at].clone());
                }
                at += 1;
            }
        }
    }
    session.text = blanked(text, &lines, &blank, &session);
    session
}

fn blanked(text: &str, lines: &[Range<usize>], blank: &[bool], session: &Session) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let spans = lines.iter().zip(blank).filter(|(_, blank)| **blank).map(|(line, _)| line);
    for span in spans.chain(&session.prompts).chain(session.client.iter().map(|(span, _)| span)) {
        for byte in &mut bytes[span.clone()] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    // Whole characters were replaced, so what is left is UTF-8.
    String::from_utf8(bytes).unwrap_or_default()
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let start = at;
            at += line.len();
            start..start + line.trim_end_matches(['\n', '\r']).len()
        })
        .collect()
}

/// The last line of the command that starts at a prompt: it goes on over backslashes, open quotes, pipes,
/// here-documents, and prompts that say so.
fn command_end(text: &str, lines: &[Range<usize>], prompts: &[Option<Prompt>], first: usize) -> usize {
    let mut open = Open::default();
    let Some(own) = &prompts[first] else { return first };
    let goes_on_at = |at: usize| prompts.get(at).and_then(Option::as_ref).is_some_and(|next| own.goes_on_at(next));
    let mut last = first;
    for at in first..lines.len().min(first + MAX_COMMAND_LINES) {
        let prompt = prompts[at].as_ref();
        // A here-document may show a session; one that does not end is none.
        let is_text = open.here_document.as_ref().is_some_and(|delimiter| {
            lines[at..].iter().take(MAX_COMMAND_LINES).any(|line| text[line.clone()].trim() == delimiter)
        });
        if at > first && prompt.is_some_and(|prompt| !prompt.continues) && !is_text {
            return last;
        }
        let prompt = prompt.filter(|_| at == first || goes_on_at(at));
        let line = &text[lines[at].start + prompt.map_or(0, |prompt| prompt.len)..lines[at].end];
        if own.language == Language::Sql {
            let ends = line.trim_end().ends_with(';') || line.trim_start().starts_with('\\');
            if ends || !goes_on_at(at + 1) {
                return at;
            }
            last = at;
            continue;
        }
        open.read(line);
        if own.language == Language::Powershell {
            // Paths end with a backslash.
            open.joined = line.trim_end().ends_with(['`', '|']);
        }
        if !open.is_open() && !goes_on_at(at + 1) {
            return at;
        }
        if !open.quote_is_open() {
            last = at;
        }
    }
    // A quote that is never closed is no reason to take what was printed for a command.
    last
}

/// Whether a command goes on behind a line.
#[derive(Default)]
struct Open {
    quote: Option<char>,
    here_document: Option<String>,
    joined: bool,
    /// `do`, `then`, `{` without their ends.
    depth: usize,
}

impl Open {
    fn is_open(&self) -> bool {
        self.quote.is_some() || self.here_document.is_some() || self.joined || self.depth > 0
    }

    fn quote_is_open(&self) -> bool {
        self.quote.is_some()
    }

    fn read(&mut self, line: &str) {
        if let Some(delimiter) = &self.here_document {
            if line.trim() == delimiter {
                self.here_document = None;
            }
            return;
        }
        let mut escaped = false;
        for character in line.chars() {
            match (self.quote, character) {
                _ if escaped => escaped = false,
                (None | Some('"'), '\\') => escaped = true,
                (None, '\'' | '"') => self.quote = Some(character),
                (Some(quote), character) if quote == character => self.quote = None,
                _ => {}
            }
        }
        let end = line.trim_end();
        self.joined = end.ends_with('\\') || self.quote.is_none() && end.ends_with(['|', '&']) && !end.ends_with(" &");
        if self.quote.is_none() {
            for word in line.split([' ', '\t', ';']) {
                match word {
                    "do" | "then" | "{" => self.depth += 1,
                    "done" | "fi" | "}" => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
            }
            self.here_document = here_document(line);
        }
    }
}

fn here_document(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("<<")?;
    let rest = rest.trim_start_matches(['-', ' ']);
    let word: String =
        rest.trim_start_matches(['\'', '"', '\\']).chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty() && !rest.starts_with('<')).then_some(word)
}

/// What else counts for a prompt in a block.
#[derive(Clone, Copy)]
struct Marks {
    /// `# `
    hash: bool,
    /// `/ # ` and `~ % `
    path: bool,
}

/// The prompt at the start of a line.
fn prompt(line: &str, marks: Marks) -> Option<Prompt> {
    let bare = line.trim_start();
    let indent = line.len() - bare.len();
    let made = |len: usize, language: Language, continues: bool| {
        Some(Prompt { len: indent + len, indent, language, continues })
    };
    let shell = |len: usize| made(len, Language::Shell, false);
    if let Some(rest) = bare.strip_prefix("$ ").or_else(|| bare.strip_prefix("% ")).or_else(|| bare.strip_prefix("❯ "))
    {
        return shell(bare.len() - rest.trim_start().len());
    }
    if bare == "$" {
        return shell(1);
    }
    if marks.hash
        && let Some(rest) = bare.strip_prefix("# ")
    {
        return shell(bare.len() - rest.trim_start().len());
    }
    if marks.path
        && let Some(len) = path_prompt(bare, false)
    {
        return shell(len);
    }
    if bare.starts_with("> ") {
        return made(2, Language::Shell, true);
    }
    if bare.starts_with(">> ") {
        return made(3, Language::Powershell, true);
    }
    if let Some(len) = powershell_prompt(bare) {
        return made(len, Language::Powershell, false);
    }
    if let Some(prompt) = client_prompt(bare, indent) {
        return Some(prompt);
    }
    host_prompt(bare).and_then(shell)
}

/// `/ # ` and `~ % `, as of a container; behind the first, `/app # ` too, which elsewhere is a script with a comment.
fn path_prompt(line: &str, is_first: bool) -> Option<usize> {
    let len = line.find(|c: char| !(c.is_alphanumeric() || "/~._-".contains(c)))?;
    let is_path = line.starts_with(['/', '~']) && (!is_first || len == 1);
    let ends = [" # ", " $ ", " % "].iter().any(|mark| line[len..].starts_with(mark));
    (is_path && ends).then_some(len + 3)
}

/// `PS C:\> `, `PS> `
fn powershell_prompt(line: &str) -> Option<usize> {
    let rest = line.strip_prefix("PS")?;
    let close = rest.find("> ")?;
    let is_path = close == 0 || rest.starts_with(' ') && close < 80 && rest[..close].contains([':', '/', '\\']);
    is_path.then_some("PS".len() + close + 2)
}

/// Prompts of database clients: how they end, and what stands before.
const CLIENTS: [(&str, Language, bool); 20] = [
    ("=# ", Language::Sql, false),
    ("=> ", Language::Sql, false),
    ("=*# ", Language::Sql, false),
    ("=*> ", Language::Sql, false),
    ("-# ", Language::Sql, true),
    ("-> ", Language::Sql, true),
    // Inside of a bracket or a text.
    ("(# ", Language::Sql, true),
    ("(> ", Language::Sql, true),
    ("'# ", Language::Sql, true),
    ("'> ", Language::Sql, true),
    ("\"# ", Language::Sql, true),
    ("\"> ", Language::Sql, true),
    ("sqlite> ", Language::Sql, false),
    ("...> ", Language::Sql, true),
    ("mysql> ", Language::Sql, false),
    ("MariaDB [", Language::Sql, false),
    (":6379> ", Language::Redis, false),
    ("redis> ", Language::Redis, false),
    (":PRIMARY> ", Language::Mongo, false),
    (":SECONDARY> ", Language::Mongo, false),
];

fn client_prompt(line: &str, indent: usize) -> Option<Prompt> {
    let end = line.find([' ', '['])?;
    for (mark, language, continues) in CLIENTS {
        if let Some(name) = mark.strip_suffix('[') {
            if let Some(rest) = line.strip_prefix(name)
                && let Some(close) = rest.find("]> ")
            {
                return Some(Prompt { len: indent + name.len() + close + 3, indent, language, continues });
            }
            continue;
        }
        let head = line.get(..end + 1).unwrap_or_default();
        let Some(name) = head.strip_suffix(mark) else { continue };
        let is_name = name.chars().all(|c| c.is_alphanumeric() || "_-.:".contains(c));
        // A bare arrow may stand in any output.
        if is_name && (!name.is_empty() || mark.len() > 4 || continues && mark == "-> " && indent > 0) {
            return Some(Prompt { len: indent + head.len(), indent, language, continues });
        }
    }
    None
}

/// `user@host:~$ `, `user@host ~ % `, `[root@host ~]# `, `bash-5.1$ `, `root@pod:/# `, `(venv) $ `
fn host_prompt(line: &str) -> Option<usize> {
    let line = &line[..line.floor_char_boundary(120)];
    let mut from = 0;
    if line.starts_with('(') {
        // `(venv) user@host$ `
        from = line.find(") ")? + 2;
        let is_name = line[1..from - 2].chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
        if is_name && line[from..].starts_with("$ ") {
            return Some(from + 2);
        }
    }
    let rest = &line[from..];
    let close = match rest.strip_prefix('[') {
        Some(inner) => {
            let end = inner.find(']')?;
            // `[cluster-1]$ ` is one, too, and `[ -f x ]` a test.
            let is_name = inner[end..].starts_with("]$ ") && !inner[..end].contains(' ');
            if !inner[..end].contains('@') && !is_name {
                return None;
            }
            end + 2
        }
        None => {
            let end = rest.find(['$', '#', '%'])?;
            let name = rest[..end].trim_end_matches(' ');
            let (name, path) = name.split_once(' ').unwrap_or((name, "~"));
            let is_host = (name.contains('@') || name.starts_with("bash-") || name.starts_with("sh-"))
                && path.starts_with(['~', '/'])
                && name.chars().chain(path.chars()).all(|c| c.is_alphanumeric() || "@.-_:~/".contains(c));
            if !is_host {
                return None;
            }
            end
        }
    };
    let mark = rest[close..].trim_start_matches(' ');
    let skipped = rest.len() - close - mark.len();
    (mark.starts_with("$ ") || mark.starts_with("# ") || mark.starts_with("% ")).then_some(from + close + skipped + 2)
}

/// `...`, `…`, `[...]`, `<...>`: something left out.
fn is_ellipsis(line: &str) -> bool {
    let inner = line.trim_matches(['[', ']', '<', '>', '(', ')', ' ']);
    !inner.is_empty() && inner.chars().all(|c| c == '.' || c == '…') && (inner.len() > 2 || inner.starts_with('…'))
}

/// Whether a line among commands was printed by one of them. `is_program` knows the names of programs, `after_output`
/// says that the line before was printed.
pub fn is_output(line: &str, after_output: bool, is_program: &dyn Fn(&str) -> bool) -> bool {
    let line = line.trim_end();
    let bare = line.trim_start();
    let Some(first) = bare.chars().next() else { return false };
    let mut words = bare.split_whitespace();
    let head = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    if after_output && !is_program(head) && !head.contains('=') && !matches!(first, '#' | '$' | '.' | '/') {
        return true;
    }
    if !first.is_ascii() {
        return !first.is_alphabetic() || !bare.contains([' ', '=']);
    }
    let is_table = || {
        let cells = bare.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
        let is_head = |cell: &str| {
            cell.chars().any(|c| c.is_ascii_uppercase())
                && cell.chars().all(|c| c.is_ascii_uppercase() || "-_() %/.".contains(c))
        };
        let cells: Vec<&str> = cells.collect();
        cells.len() > 1 && cells.iter().all(|cell| is_head(cell))
    };
    match first {
        '|' | '*' | '+' | '^' | ',' | '?' => true,
        '=' => bare.starts_with("=="),
        '-' => true,
        '"' => bare.contains("\":") || bare.ends_with(','),
        '{' => bare.starts_with("{\"") || bare.starts_with("{ \""),
        '[' if second.is_empty() && bare.ends_with(']') && bare.len() > 4 => true,
        '[' => bare.starts_with("[{") || bare.starts_with("[\"") || bare[1..].starts_with(|c: char| c.is_ascii_digit()),
        '<' => bare.starts_with("<?xml") || bare.starts_with("<html") || bare.starts_with("<!"),
        'I' | 'W' | 'E' | 'F' if is_klog(bare) => true,
        // An assignment of another language, and the head of a section of a file.
        _ if second == "=" && !is_program(head) => true,
        _ if first.is_ascii_digit() => !is_program(head) && !second.starts_with('>'),
        _ if head.ends_with(':') && head.len() > 1 => true,
        _ if head.starts_with("level=") || head.starts_with("ts=") || head.starts_with("time=\"") => true,
        _ if head.contains('/') && RESULTS.contains(&second) => true,
        _ if second.starts_with('"')
            && second.ends_with('"')
            && RESULTS.contains(&words.next().unwrap_or_default()) =>
        {
            true
        }
        _ if head.starts_with("HTTP/") || head == "total" && second.parse::<u32>().is_ok() => true,
        _ if head.starts_with("drwx") => true,
        _ => is_table(),
    }
}

/// `I1126 17:15:38.991115    3069 update.go:2618] …`
fn is_klog(line: &str) -> bool {
    let digits = line.bytes().skip(1).take_while(u8::is_ascii_digit).count();
    digits == 4 && line[5..].starts_with(' ') && line[6..].starts_with(|c: char| c.is_ascii_digit())
}

/// What `kubectl` says of what it changed.
const RESULTS: [&str; 14] = [
    "annotated",
    "condition",
    "configured",
    "cordoned",
    "created",
    "deleted",
    "drained",
    "edited",
    "evicted",
    "labeled",
    "patched",
    "restarted",
    "scaled",
    "unchanged",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        read(text, false).text.lines().map(str::trim).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn prompts_and_output_become_blank() {
        assert_eq!(masked("$ ls \\\n    -l\ntotal 0\n$ echo 'a\nb'\na\n"), "ls \\|-l||echo 'a|b'|");
        assert_eq!(masked("[cluster-1]$ kubectl get pods\n"), "kubectl get pods");
        assert_eq!(masked("[root@db ~]# uptime\n 03:00 up\nme@host:~/x$ ls\nbash-5.1$ id\n"), "uptime||ls|id");
        assert_eq!(masked("$ cat <<EOF > x\na\nEOF\nout\n"), "cat <<EOF > x|a|EOF|");
        assert_eq!(masked("$ echo it's\nnot closed\n$ ls\n"), "echo it's||ls");
        assert_eq!(masked("kubectl get pods\n...\n$ ls\n"), "kubectl get pods||ls");
        assert_eq!(masked("# a comment\nls | wc # b\n"), "# a comment|ls | wc # b");
    }

    #[test]
    fn prompts_of_clients_are_theirs() {
        let session =
            read("$ psql\nshop=# DROP TABLE a;\nDROP TABLE\nmysql> SELECT 1;\n127.0.0.1:6379> FLUSHALL\n", false);
        let of = |language| session.client.iter().filter(|(_, of)| *of == language).count();
        assert_eq!((of(Language::Sql), of(Language::Redis)), (2, 1));
        assert_eq!(session.output.len(), 1);
    }

    /// What is left of a session without its prompts and output.
    fn typed(text: &str) -> String {
        let session = read(text, false);
        let mut skipped: Vec<_> = session.prompts.iter().chain(&session.output).cloned().collect();
        skipped.sort_by_key(|range| range.start);
        let mut typed = String::new();
        let mut at = 0;
        for range in skipped {
            typed.push_str(&text[at..range.start]);
            at = range.end;
        }
        typed.push_str(&text[at..]);
        typed.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn commands_go_on_over_lines() {
        for (text, expected) in [
            ("$ ls \\\n  > list\nx", "ls \\|  > list"),
            ("$ for i in 1; do\n>   ls\n> done\nx", "for i in 1; do|  ls|done"),
            ("  $ cat <<E\n  > a\n  > E\n  x", "cat <<E|a|E"),
            ("$ cat <<E\n$ a\nE\nx\n$ ls", "cat <<E|$ a|E|ls"),
            ("$ echo $((1 << 2))\n$ ls", "echo $((1 << 2))|ls"),
            ("shop=> select (\nshop(> 1\nshop(> );\n 1", "select (|1|);"),
            ("shop=# select '\nshop'# a';\n a", "select '|a';"),
            ("sqlite> select\n   ...> 1;\n1", "select|1;"),
            ("PS> rm x `\n>> -Force\nx", "rm x `|-Force"),
            ("PS> rm x `\n  -Force\nx", "rm x `|  -Force"),
            ("PS C:\\> cd C:\\a\\\nx\nPS C:\\a> ls", "cd C:\\a\\|ls"),
        ] {
            assert_eq!(typed(text), expected, "{text}");
        }
    }

    #[test]
    fn prompts_of_many_shells() {
        for (text, expected) in [
            ("(venv) $ ls\nx", "ls"),
            ("user@host ~ $ ls\nx", "ls"),
            ("user@mac ~ % ls\nx", "ls"),
            ("user@host ~/a $ ls", "ls"),
            ("/ # ls\nx\n/app # id\nx", "ls|id"),
            ("~ % ls\nx", "ls"),
            ("ssh user@host # look", "ssh user@host # look"),
            ("/opt/clean.sh # daily", "/opt/clean.sh # daily"),
            ("ls /\n/ # no prompt", "ls /|/ # no prompt"),
        ] {
            assert_eq!(typed(text), expected, "{text}");
        }
    }

    #[test]
    fn printed_lines_are_told_from_commands() {
        let known = |name: &str| matches!(name, "ls" | "kubectl" | "7z");
        for line in [
            "NAME      READY   STATUS",
            "pod/x deleted",
            "Error: no",
            "level=info msg=x",
            "| a |",
            "0 upgraded, 1",
            "I1126 17:15:38.991115    3069 update.go:2618] Running: reboot",
            "replicationcontroller \"test\" created",
            "✅ done",
        ] {
            assert!(is_output(line, false, &known), "{line}");
        }
        for line in ["ls -l", "FOO=bar", "./run.sh: x", "7z x a", "kubectl get pods", "{ ls; }", "[ -f x ]"] {
            assert!(!is_output(line, false, &known) || line.starts_with("./run"), "{line}");
        }
        assert!(is_output("x-1 1/1 Running", true, &known) && !is_output("ls", true, &known));
    }
}
