//! How a value must be quoted where a placeholder stands: in which quotes of which language, from outside to inside.
//!
//! Only pages ask for it, so it reads a block again. Where it is not sure what language the text inside of quotes is, it
//! gives the outer place alone.

use std::ops::Range;

use super::assess::{Assessor, Given, Layer, Made};
use super::dialect::{self, Dialect};
use super::pack::{Language, Packs};
use super::shell::{self, Enclosing, Quoting};
use super::{placeholder, session, sql};
use crate::document::{CodeBlock, TextPlaces};
use crate::source::Span;

/// The place of each span of a block, such as `double sql-single` or `bare start`: names as `docs/theme.md` lists them.
pub fn places(block: &CodeBlock, packs: &Packs, spans: &[Span]) -> Vec<String> {
    let text = block.text.as_str();
    let is_program = |name: &str| packs.knows(name);
    let dialect = dialect::of(&block.language, text, &is_program);
    let Some(dialect) = dialect.filter(|_| !spans.is_empty()) else { return vec!["literal".to_string(); spans.len()] };
    let masked = placeholder::masked(text, &placeholder::find(text));
    let hash_prompts = dialect == Dialect::Shell && dialect::has_hash_prompts(&block.language, text, &is_program);
    let session = session::read(&masked, hash_prompts);
    let mut made = Made::default();
    let mut assessor = Assessor::new(packs, &mut made);
    assessor.given = Some(Vec::new());
    let mut quoting = Quoting::default();
    if dialect == Dialect::Shell {
        let script = shell::parse_block(&session.text, &is_program);
        quoting = shell::quoting(&session.text, Some(&is_program));
        assessor.list(&Layer::whole(&session.text, 0), &script.statements);
    }
    let given = assessor.given.take().unwrap_or_default();
    let given: Vec<(Given, Option<Quoting>)> = given
        .into_iter()
        .map(|given| {
            let is_shell = given.language == Language::Shell;
            let quoting = is_shell.then(|| shell::quoting(&given.layer.text, None));
            (given, quoting)
        })
        .collect();
    let in_text = TextPlaces::of(block);
    let place = |span: &Span| {
        let range = in_text.offset(span.start)..in_text.offset(span.end);
        let client = session.client.iter().find(|(client, _)| client.start <= range.start && range.end <= client.end);
        let place = match (client, dialect) {
            (Some((client, Language::Sql)), _) => in_sql(&masked[client.clone()], range.start - client.start),
            (Some((client, Language::Powershell)), _) => {
                in_powershell(&masked[client.clone()], range.start - client.start)
            }
            (Some(_), _) => Place::of("literal"),
            (None, Dialect::Sql) => in_sql(&session.text, range.start),
            (None, Dialect::Powershell) => in_powershell(&session.text, range.start),
            (None, Dialect::Shell) => in_shell_block(&session.text, &quoting, &given, &range),
        };
        place.name()
    };
    spans.iter().map(place).collect()
}

/// Quotes around a place, the outermost first.
#[derive(Debug, Default)]
struct Place {
    quotes: Vec<&'static str>,
    /// Whether a word starts here: a value with a dash in front would be an option.
    starts: bool,
    /// What is quoted outside of this offset does not count: a substitution starts anew.
    floor: usize,
}

impl Place {
    fn of(quote: &'static str) -> Self {
        Place { quotes: vec![quote], ..Place::default() }
    }

    fn name(&self) -> String {
        let quotes = self.quotes.join(" ");
        if self.starts { format!("{quotes} start") } else { quotes }
    }
}

fn in_shell_block(text: &str, quoting: &Quoting, given: &[(Given, Option<Quoting>)], range: &Range<usize>) -> Place {
    let mut place = in_shell(text, quoting, range);
    // One argument may be read twice, by two descriptions of one program.
    let mut seen: Vec<(usize, usize)> = Vec::new();
    for (given, quoting) in given {
        let Some(inner) = given.layer.find(range).filter(|_| given.layer.start() >= place.floor) else { continue };
        let whole = (given.layer.start(), given.layer.text.len());
        if seen.contains(&whole) {
            continue;
        }
        seen.push(whole);
        // Where the placeholder is all that is run, the reader is asked for the command or the query, and no word of it.
        if given.layer.text.trim().trim_end_matches(';').len() == inner.len() {
            break;
        }
        let inside = match (given.language, quoting) {
            (Language::Shell, Some(quoting)) => in_shell(&given.layer.text, quoting, &inner),
            (Language::Sql, _) => in_sql(&given.layer.text, inner.start),
            (Language::Powershell, _) => in_powershell(&given.layer.text, inner.start),
            _ => break,
        };
        place.quotes.extend(inside.quotes);
        place.starts = inside.starts;
    }
    place
}

fn in_shell(text: &str, quoting: &Quoting, range: &Range<usize>) -> Place {
    let mut around: Vec<&(Enclosing, Range<usize>)> =
        quoting.enclosed.iter().filter(|(_, inside)| inside.start <= range.start && range.end <= inside.end).collect();
    around.sort_by_key(|(_, inside)| (inside.start, std::cmp::Reverse(inside.end)));
    let mut place = Place::default();
    for (enclosing, inside) in &around {
        match enclosing {
            Enclosing::Single => place.quotes.push("single"),
            Enclosing::Double => place.quotes.push("double"),
            Enclosing::AnsiC => place.quotes.push("ansi-c"),
            Enclosing::HereDocument => place.quotes.push("heredoc"),
            Enclosing::Literal => place.quotes.push("literal"),
            Enclosing::Substitution => (place.quotes, place.floor) = (Vec::new(), inside.start),
            Enclosing::Backquotes => (place.quotes, place.floor) = (vec!["backquote"], inside.start),
            Enclosing::Sql => return in_sql(&text[inside.clone()], range.start - inside.start),
        }
    }
    let word_starts = |at: usize| quoting.words.binary_search(&at).is_ok();
    let is_bare = matches!(place.quotes.last(), None | Some(&"backquote"));
    place.starts = match around.last() {
        Some((Enclosing::Single | Enclosing::Double, inside)) => {
            inside.start == range.start && word_starts(inside.start - 1)
        }
        Some((Enclosing::AnsiC, inside)) => inside.start == range.start && word_starts(inside.start - 2),
        _ => is_bare && word_starts(range.start),
    };
    if is_bare {
        place.quotes.push("bare");
    }
    place
}

fn in_sql(text: &str, at: usize) -> Place {
    Place::of(match sql::sign_around(text, at) {
        Some('\'') => "sql-single",
        Some('"') => "sql-double",
        Some('-') => "literal",
        _ => "sql",
    })
}

/// Reads PowerShell up to the place.
fn in_powershell(text: &str, at: usize) -> Place {
    let bytes = text.as_bytes();
    let is_word_start = |at: usize| at == 0 || b" \t\n(,;|{".contains(&bytes[at - 1]);
    // `'` and `"` with where they open; `(` for the substitution inside of a text.
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut here = 0;
    while here < at.min(bytes.len()) {
        let rest = &bytes[here..];
        let quote = open.last().map(|(quote, _)| *quote);
        match (quote, rest[0]) {
            (Some(b'\'' | b'"'), byte) if Some(byte) == quote && rest.get(1) == Some(&byte) => here += 1,
            (Some(b'\'' | b'"'), byte) if Some(byte) == quote => {
                open.pop();
            }
            (Some(b'\''), _) => {}
            (_, b'`') => here += 1,
            (Some(b'"'), b'$') if rest.get(1) == Some(&b'(') => {
                open.push((b'(', here));
                here += 1;
            }
            (Some(b'"'), _) => {}
            // A here-string ends where its mark starts a line.
            (_, b'@') if matches!(rest.get(1..3), Some([b'\'' | b'"', b'\n' | b'\r'])) => {
                let close = if rest[1] == b'\'' { "\n'@" } else { "\n\"@" };
                let end = text[here..].find(close).map_or(text.len(), |len| here + len);
                if end >= at {
                    return Place::of(if rest[1] == b'\'' { "literal" } else { "powershell-double" });
                }
                here = end + 2;
            }
            (_, b'#') if is_word_start(here) => {
                let end = text[here..].find('\n').map_or(text.len(), |len| here + len);
                if end >= at {
                    return Place::of("literal");
                }
                here = end;
            }
            (_, byte @ (b'\'' | b'"')) => open.push((byte, here)),
            (Some(b'('), b'(') => open.push((b'(', here)),
            (Some(b'('), b')') => {
                open.pop();
            }
            _ => {}
        }
        here += 1;
    }
    let (quote, starts) = match open.last() {
        Some((b'\'', from)) => ("powershell-single", from + 1 == at && is_word_start(*from)),
        Some((b'"', from)) => ("powershell-double", from + 1 == at && is_word_start(*from)),
        _ => ("powershell", is_word_start(at)),
    };
    Place { starts, ..Place::of(quote) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::read_commands;
    use crate::document::parse;
    use crate::source::Source;

    /// The places of the placeholders of a block.
    fn places_of(language: &str, code: &str) -> Vec<String> {
        let source = Source::new("a.md", format!("~~~~{language}\n{code}\n~~~~\n"));
        let document = parse(&source);
        let block = &document.code_blocks[0];
        let read = read_commands(block, Packs::builtin(), &mut Made::default());
        let mut found: Vec<Span> =
            read.placeholders.iter().chain(&read.variables).map(|placeholder| placeholder.span).collect();
        found.sort();
        places(block, Packs::builtin(), &found)
    }

    #[track_caller]
    fn check(language: &str, cases: &[(&str, &str)]) {
        for (code, expected) in cases {
            assert_eq!(places_of(language, code).join(", "), *expected, "{code}");
        }
    }

    #[test]
    fn values_in_shells() {
        check(
            "bash",
            &[
                ("rm <file>", "bare start"),
                ("rm $FILE", "bare start"),
                ("rm ${FILE}", "bare start"),
                ("rm \"$FILE\"", "double start"),
                ("rm \"<file>\"", "double start"),
                ("rm '<file>'", "single start"),
                ("rm $'<file>'", "ansi-c start"),
                ("rm /tmp/<file>", "bare"),
                ("rm \"/tmp/<file>\"", "double"),
                ("rm /tmp/'<file>'", "single"),
                ("kubectl get pods -n <namespace>", "bare start"),
                ("kubectl get pods --namespace=<namespace>", "bare"),
                ("kubectl get pods --namespace=\"<namespace>\"", "double"),
                ("export POD=<pod>", "bare"),
                ("POD=<pod>", "bare"),
                ("POD=\"<pod>\"", "double"),
                ("POD='<pod>' ./run.sh", "single"),
                ("echo a > <file>", "bare"),
                ("echo <<a>", ""),
                ("kubectl logs <pod>-0 | grep '<text>'", "bare start, single start"),
                ("for host in <hosts>; do ping $HOST; done", "bare, bare start"),
                ("[[ $STATE == <state> ]] && echo \"is <state>\"", "bare start, bare start, double"),
                ("kubectl logs \\\n  <pod>", "bare start"),
            ],
        );
    }

    #[test]
    fn substitutions_start_anew() {
        check(
            "bash",
            &[
                ("echo \"$(cat <file>)\"", "bare start"),
                ("echo \"$(cat \"<file>\")\"", "double start"),
                ("echo \"$(cat '<file>') <text>\"", "single start, double"),
                ("echo `cat <file>`", "backquote bare start"),
                ("diff <(cat <a>) <(cat '<b>')", "bare start, single start"),
                ("ssh host \"echo $(cat <file>)\"", "bare start"),
                ("ssh host 'echo $(cat <file>)'", "single bare start"),
                ("X=\"$(psql -c \"select '<id>'\")\"", "double sql-single"),
            ],
        );
    }

    #[test]
    fn scripts_inside_of_arguments() {
        check(
            "bash",
            &[
                ("sh -c 'rm <file>'", "single bare start"),
                ("sh -c \"rm <file>\"", "double bare start"),
                ("sh -c \"rm '<file>'\"", "double single start"),
                ("sh -c \"rm \\\"<file>\\\"\"", "double double start"),
                ("ssh host 'rm <file>'", "single bare start"),
                ("ssh host \"rm /tmp/<file>\"", "double bare"),
                ("ssh <host> 'rm \"$FILE\"'", "bare start"),
                ("ssh host rm <file>", "bare bare start"),
                ("ssh host <command>", "bare start"),
                ("ssh host '<command>'", "single start"),
                ("kubectl exec pod-0 -- sh -c \"<command>\"", "double start"),
                ("ssh host rm '<file>'", "single bare start"),
                ("sudo su - postgres -c 'psql <db>'", "single bare start"),
                ("kubectl exec <pod> -- sh -c 'rm \"<file>\"'", "bare start, single double start"),
                ("kubectl exec -it pod-0 -- rm <file>", "bare start"),
                ("ssh host \"sudo -u postgres psql -c \\\"select '<id>'\\\"\"", "double double sql-single"),
                ("docker exec db bash -c \"mysql -e 'drop table <t>'\"", "double single sql"),
            ],
        );
    }

    #[test]
    fn queries_inside_of_arguments() {
        check(
            "bash",
            &[
                ("psql -c \"select 1 where id = '<id>'\"", "double sql-single"),
                ("psql -c \"select 1 where id = <id>\"", "double sql"),
                ("psql -c 'select \"<column>\"'", "single sql-double"),
                ("psql -d <db> -c \"select '<id>'\"", "bare start, double sql-single"),
                ("psql --command=\"select '<id>'\"", "double sql-single"),
                ("mysql -e \"kill <id>\"", "double sql"),
                ("mysql -e \"<statement>;\"", "double start"),
                ("psql -c $'select <id>'", "ansi-c"),
                ("mongosh --eval 'db.a.drop(\"<id>\")'", "single"),
                ("unknown-client --query \"select '<id>'\"", "double"),
                ("jq '.items[] | select(.name == \"<name>\")' a.json", "single"),
                ("curl -d '{\"a\": \"<b>\"}' https://a.example", "single"),
                ("SELECT * FROM t WHERE id = '<id>';", "sql-single"),
            ],
        );
    }

    #[test]
    fn here_documents() {
        check(
            "bash",
            &[
                ("cat <<EOF > a.yaml\nname: <name>\nEOF", "heredoc"),
                ("cat <<'EOF' > a.yaml\nname: <name>\nEOF", "literal"),
                ("cat <<EOF\n$(cat <file>) <text>\nEOF", "bare start, heredoc"),
                ("psql <<EOF\nselect '<id>';\nEOF", "heredoc sql-single"),
                ("psql <<'EOF'\nselect <id>;\nEOF", "literal sql"),
                ("psql <<EOF\n<statement>\nEOF", "heredoc"),
                ("ssh host <<'EOF'\nrm <file>\nEOF", "literal bare start"),
                ("bash -s <<'EOF'\nrm '<file>'\nEOF", "literal single start"),
                ("kubectl exec -i p -- sh <<EOF\nrm \"<file>\"\nEOF", "heredoc double start"),
            ],
        );
    }

    #[test]
    fn sessions_and_other_languages() {
        check(
            "console",
            &[
                ("$ rm <file>\n$ psql\nshop=# select '<id>';", "bare start, sql-single"),
                ("127.0.0.1:6379> GET <key>", "literal"),
            ],
        );
        check(
            "sql",
            &[
                ("SELECT '<id>', \"<name>\", <number>;", "sql-single, sql-double, sql"),
                ("SELECT `<name>` FROM a -- all\n WHERE b = '<id>';", "sql, sql-single"),
            ],
        );
        check(
            "powershell",
            &[
                ("Remove-Item <path>", "powershell start"),
                ("Remove-Item -Path '<path>'", "powershell-single start"),
                ("Remove-Item \"C:\\<name>\"", "powershell-double"),
                ("Write-Host \"$(Get-Item <path>)\"", "powershell start"),
                ("Write-Host 'it''s' \"a `\" b\" \"<text>\"", "powershell-double start"),
                ("$a = @'\nit's\n'@\nRemove-Item <path>", "powershell start"),
            ],
        );
    }
}
