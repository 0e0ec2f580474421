//! PowerShell as statements of words: enough to say which cmdlet is called with which parameters.

use std::ops::Range;

/// Words at the start of a statement that are no commands.
const KEYWORDS: [&str; 16] = [
    "begin", "break", "catch", "continue", "do", "else", "elseif", "end", "finally", "for", "foreach", "if", "param",
    "return", "try", "while",
];

/// A pipeline on its line; the commands inside of script blocks on the same line belong to it.
#[derive(Debug, PartialEq, Eq)]
pub struct PowershellStatement {
    pub span: Range<usize>,
    /// In how many braces it starts.
    pub braces: usize,
    /// The words of each command, quotes removed.
    pub commands: Vec<Vec<String>>,
}

/// Reads a script.
pub fn read(text: &str) -> Vec<PowershellStatement> {
    let mut reader = Reader::of(text);
    reader.read();
    reader.statements
}

/// Each command of a script with its place.
pub fn statements(text: &str) -> Vec<(Range<usize>, Vec<String>)> {
    let commands = |statement: PowershellStatement| {
        let span = statement.span;
        statement.commands.into_iter().map(move |words| (span.clone(), words))
    };
    read(text).into_iter().flat_map(commands).collect()
}

/// The statements of a script as one types them: what stands in the braces of one belongs to it.
pub fn whole(text: &str) -> Vec<Range<usize>> {
    let mut reader = Reader::of(text);
    reader.read();
    let mut whole: Vec<Range<usize>> = Vec::new();
    for statement in &reader.statements {
        let span = statement.span.clone();
        let goes_on = |last: &&mut Range<usize>| {
            statement.braces > 0 || !text[last.end.min(span.start)..span.start].contains('\n')
        };
        match whole.last_mut().filter(goes_on) {
            Some(last) => last.end = last.end.max(span.end),
            None => whole.push(span),
        }
    }
    for end in &reader.closed {
        let over = whole.partition_point(|range| range.start < *end);
        if let Some(range) = over.checked_sub(1).and_then(|over| whole.get_mut(over)) {
            range.end = range.end.max(*end);
        }
    }
    whole
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Of braces.
    braces: usize,
    /// Behind the closing braces that stand in no other.
    closed: Vec<usize>,
    /// Of parentheses, in which a line end ends nothing.
    depth: usize,
    statements: Vec<PowershellStatement>,
    open: Option<PowershellStatement>,
    command: Vec<String>,
}

impl<'t> Reader<'t> {
    fn of(text: &'t str) -> Self {
        Reader {
            text,
            at: 0,
            depth: 0,
            braces: 0,
            closed: Vec::new(),
            statements: Vec::new(),
            open: None,
            command: Vec::new(),
        }
    }

    fn read(&mut self) {
        while self.at < self.text.len() {
            self.step();
        }
        self.end_statement();
    }

    fn step(&mut self) {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return };
        match first {
            '#' => self.at += rest.find('\n').unwrap_or(rest.len()),
            '<' if rest.starts_with("<#") => self.at += rest.find("#>").map_or(rest.len(), |end| end + 2),
            '`' if rest[1..].starts_with(['\n', '\r']) => self.at += rest.find('\n').map_or(rest.len(), |end| end + 1),
            '\n' => {
                self.at += 1;
                self.end_command();
                let goes_on =
                    self.depth > 0 || self.text[..self.at - 1].trim_end_matches(['\r', ' ']).ends_with(['|', ',']);
                if !goes_on {
                    self.end_statement();
                }
            }
            ';' => {
                self.at += 1;
                self.end_command();
                if self.depth == 0 {
                    self.end_statement();
                }
            }
            '(' => {
                self.at += 1;
                self.depth += 1;
                self.end_command();
            }
            ')' => {
                self.at += 1;
                self.depth = self.depth.saturating_sub(1);
                self.end_command();
            }
            '{' | '}' | '|' | '&' => {
                self.at += 1;
                match first {
                    '{' => self.braces += 1,
                    '}' => {
                        self.braces = self.braces.saturating_sub(1);
                        if self.braces == 0 {
                            self.closed.push(self.at);
                        }
                    }
                    _ => {}
                }
                self.end_command();
            }
            _ if first.is_whitespace() => self.at += first.len_utf8(),
            _ => self.word(),
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let mut word = String::new();
        while let Some(first) = self.text[self.at..].chars().next() {
            let rest = &self.text[self.at..];
            match first {
                '\'' | '"' => {
                    let len = rest[1..].find(first).map_or(rest.len(), |len| len + 2);
                    word.push_str(rest[..len].trim_matches(first));
                    self.at += len;
                }
                '`' if rest.len() > 1 => {
                    self.at += 1;
                    if self.text[self.at..].starts_with(['\n', '\r']) {
                        self.at -= 1;
                        break;
                    }
                }
                _ if first.is_whitespace() || ";(){}|".contains(first) => break,
                _ => {
                    word.push(first);
                    self.at += first.len_utf8();
                }
            }
        }
        if self.at == start {
            self.at += self.text[start..].chars().next().map_or(1, char::len_utf8);
            return;
        }
        let end = self.at;
        let braces = self.braces;
        let open =
            self.open.get_or_insert_with(|| PowershellStatement { span: start..end, braces, commands: Vec::new() });
        open.span.end = end;
        let is_keyword = self.command.is_empty() && KEYWORDS.contains(&word.to_lowercase().as_str());
        // `$x = Get-Item …`
        if word == "=" && self.command.len() == 1 && self.command[0].starts_with(['$', '[']) {
            self.command.clear();
        } else if !is_keyword {
            self.command.push(word);
        }
    }

    fn end_command(&mut self) {
        let command = std::mem::take(&mut self.command);
        let Some(open) = &mut self.open else { return };
        if !command.is_empty() {
            open.commands.push(command);
        }
    }

    fn end_statement(&mut self) {
        self.end_command();
        self.statements.extend(self.open.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let shown = |statement: PowershellStatement| {
            statement.commands.iter().map(|words| words.join(" ")).collect::<Vec<_>>().join(" | ")
        };
        read(text).into_iter().map(shown).collect()
    }

    #[test]
    fn what_stands_in_braces_is_typed_with_them() {
        let typed = |text: &str| whole(text).into_iter().map(|range| text[range].to_string()).collect::<Vec<_>>();
        let block = "foreach ($vm in Get-VM) {\n  Restart-VM -Name $vm\n  if ($a) {\n    Stop-VM $vm\n  }\n}";
        assert_eq!(typed(&format!("Get-Date\n{block}\nGet-VM; Get-Host\n")), ["Get-Date", block, "Get-VM; Get-Host"]);
        assert_eq!(typed("Get-Item a | `\n  Remove-Item\nGet-Date"), ["Get-Item a | `\n  Remove-Item", "Get-Date"]);
    }

    #[test]
    fn statements_end_with_their_lines() {
        assert_eq!(
            words("Get-Item a | `\n  Remove-Item -Recurse # all\n$x = Get-Service 'a b'; Stop-Service $x\n"),
            ["Get-Item a | Remove-Item -Recurse", "Get-Service a b", "Stop-Service $x"]
        );
        assert_eq!(
            words("foreach ($vm in Get-VM) {\n  Restart-VM -Name $vm\n}\n"),
            ["$vm in Get-VM", "Restart-VM -Name $vm"]
        );
    }
}
