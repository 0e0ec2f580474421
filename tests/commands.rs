//! What commands would do: cases as data, and properties that every input has.

use proptest::prelude::*;
use runbook_site::command::{CommandBlock, Made, Packs, Risk, read_commands};
use runbook_site::document::parse;
use runbook_site::source::Source;

fn read(language: &str, text: &str) -> (Source, CommandBlock) {
    let source = Source::new("a.md", format!("~~~~~{language}\n{text}\n~~~~~\n"));
    let block = {
        let document = parse(&source);
        read_commands(&document.code_blocks[0], Packs::builtin(), &mut Made::default())
    };
    (source, block)
}

#[test]
fn hard_cases_get_their_risk() {
    let mut wrong = Vec::new();
    for line in include_str!("commands/hard.tsv").lines().skip(1) {
        let (risk, command) = line.split_once('\t').expect("risk and command");
        let (_, block) = read("bash", command);
        let worst = block.commands.iter().max_by_key(|command| command.risk);
        let said = worst.map_or(Risk::Safe, |command| command.risk);
        if said.name() != risk {
            wrong.push(format!("{command}: {risk}, but was {} ({})", said.name(), worst.map_or("", |c| &c.reason)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_script_in_quotes_gives_its_risk_to_the_command_that_runs_it() {
    let (_, block) = read("bash", "sudo bash -c \"\nset -xeo pipefail\n\nrm -rf /data\n\"");
    let risks: Vec<_> = block.commands.iter().map(|command| (command.program.as_deref(), command.risk)).collect();
    assert_eq!(risks[0], (Some("rm"), Risk::Destructive));
    assert!(risks.contains(&(Some("set"), Risk::Safe)));
}

#[test]
fn files_that_a_block_before_made_are_scratch_files() {
    let text = "```sh\ncurl -fsSLo get.sh https://x.example/i\naws s3 cp s3://b/x back\n```\n\n```sh\nrm get.sh back\nrm other\n```\n";
    let source = Source::new("a.md", text.to_string());
    let document = parse(&source);
    let mut made = Made::default();
    let read = document.code_blocks.iter().map(|block| read_commands(block, Packs::builtin(), &mut made));
    let risks: Vec<Risk> = read.last().unwrap_or_default().commands.iter().map(|command| command.risk).collect();
    assert_eq!(risks, [Risk::Safe, Risk::Destructive]);
}

#[test]
fn a_here_document_that_is_piped_is_read_by_who_gets_it() {
    let (_, block) = read("bash", "cat <<EOF | psql shop\nDELETE FROM t;\nEOF");
    assert_eq!(block.commands.iter().map(|command| command.risk).max(), Some(Risk::Destructive));
    let (_, block) = read("sql", "cat <<EOF | mysql shop\nCREATE TABLE t (a int);\nEOF");
    assert_eq!(block.commands.iter().map(|command| command.risk).max(), Some(Risk::Disruptive));
}

#[test]
fn a_command_is_taken_with_all_its_lines() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("sql", "select a,\n  b\nfrom t\nwhere\n  t.a = 1", &["select a,\n  b\nfrom t\nwhere\n  t.a = 1"]),
        ("sql", "select\n  a\nfrom t;\ntruncate t;", &["select\n  a\nfrom t;", "truncate t;"]),
        ("bash", "# a.service\n[Unit]\nDescription=Clean up\n[Service]\nExecStart=/opt/x", &[]),
        ("bash", "[databases]\nshop = host=db", &[]),
        ("bash", "[ -f x ]\nls", &["[ -f x ]", "ls"]),
        ("bash", "docker build \\\n  --push \\\n  ...\nls", &["docker build \\\n  --push \\\n  ...", "ls"]),
        ("bash", "ls\n...\nuptime", &["ls", "uptime"]),
        ("bash", "*/5 * * * * A=1 \\\n B=2 \\\n /opt/clean.sh\nls", &["ls"]),
    ];
    for (language, text, expected) in cases {
        let (source, block) = read(language, text);
        let taken: Vec<&str> = block.statements.iter().map(|statement| &source.text[statement.span.range()]).collect();
        assert_eq!(taken, *expected, "{text}");
    }
}

#[test]
fn hostile_blocks_take_time_in_proportion_to_their_length() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(20_000), close.repeat(20_000));
    let cases = [
        "(".repeat(100_000),
        "a | ".repeat(10_000),
        "a && ".repeat(20_000),
        "a; ".repeat(30_000),
        "'\"".repeat(50_000),
        "\"$(".repeat(30_000),
        "\"$(\n".repeat(20_000),
        "$(`".repeat(30_000),
        "${".repeat(50_000),
        "<<A ".repeat(20_000),
        "cat <<A\n".repeat(12_000),
        "if a; then ".repeat(9_000),
        "for a in b; do\n".repeat(7_000),
        "case x in\n".repeat(9_000),
        "{ ".repeat(50_000),
        "it's\n".repeat(20_000),
        "f() {\n".repeat(14_000),
        "sudo ".repeat(20_000),
        "bash -c 'bash -c \"".repeat(5_000),
        "a=(".repeat(30_000),
        "<a ".repeat(30_000),
        "[a ".repeat(30_000),
        "$ a\nb\n".repeat(15_000),
        "$ 'a\n".repeat(20_000),
        "SELECT '\n".repeat(12_000),
        "select $a$ ".repeat(9_000),
        "a\\\n".repeat(30_000),
        "# <a>\n<b> # c\n".repeat(7_000),
        "| a |\n".repeat(16_000),
        "a>b ".repeat(25_000),
        deep("$(", ")"),
        deep("(", ")"),
        "echo ".to_string() + &"x".repeat(100_000),
        "\u{fe}".repeat(50_000),
    ];
    for text in &cases {
        for language in ["bash", "sql", "powershell", "", "console"] {
            // One language gets the whole block; of the others a part shows the same.
            let most = if language == "bash" { text.len() } else { 25_000 };
            let text = &text[..text.floor_char_boundary(most)];
            let start = std::time::Instant::now();
            read(language, text);
            let taken = start.elapsed().as_secs_f64();
            // Unoptimised, a block of this size takes a tenth of a second; what is quadratic takes minutes.
            assert!(taken < 4.0, "{language} {:?}…: {taken} s", &text.chars().take(12).collect::<String>());
        }
    }
}

/// Pieces of which commands are made, the nasty ones above all.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "kubectl",
            "rm",
            "-rf",
            "/",
            "sudo",
            "ssh",
            "psql",
            "-c",
            "'",
            "\"",
            "`",
            "$(",
            ")",
            "${",
            "}",
            "{",
            "(",
            "<",
            ">",
            ">>",
            "<<",
            "<<EOF",
            "EOF",
            "\n",
            "\\\n",
            "\\",
            "|",
            "||",
            "&&",
            "&",
            ";",
            ";;",
            "#",
            "$ ",
            "# ",
            "> ",
            "if",
            "then",
            "fi",
            "for",
            "do",
            "done",
            "case",
            "esac",
            "in",
            "while",
            "function",
            "<pod name>",
            "{{ var }}",
            "[Your x]",
            "YOUR_X",
            "$VAR",
            "...",
            "SELECT",
            "DELETE FROM",
            "DROP TABLE",
            "--",
            "/*",
            "$$",
            "mysql> ",
            "PS C:\\> ",
            "root@h:~# ",
            "ä",
            "⚠️",
            "\u{feff}",
            "\r\n",
            "\t",
            "=",
            "--password",
            "https://u:p4ssw0rd@h/",
            "eval",
            "xargs",
            "find",
            "-exec",
            "Remove-Item",
            "@{",
            "bash",
            "[[",
            "]]",
            "((",
            "a",
        ])
        .prop_map(str::to_string),
        "\\PC{0,4}",
    ];
    (prop::collection::vec(piece, 0..40), prop::collection::vec(any::<bool>(), 40)).prop_map(|(pieces, spaces)| {
        pieces.iter().zip(spaces).map(|(piece, space)| format!("{piece}{}", if space { " " } else { "" })).collect()
    })
}

proptest! {
    #[test]
    fn any_block_is_read_and_every_span_lies_in_it(
        text in pieces(),
        language in prop::sample::select(vec!["bash", "sql", "powershell", "", "console"]),
    ) {
        let (source, block) = read(language, &text);
        let spans = block.commands.iter().map(|command| command.span)
            .chain(block.prompts.iter().copied())
            .chain(block.output.iter().copied())
            .chain(block.comments.iter().copied())
            .chain(block.placeholders.iter().chain(&block.variables).map(|placeholder| placeholder.span))
            .chain(block.secrets.iter().map(|secret| secret.span))
            .chain(block.errors.iter().map(|error| error.span));
        for span in spans {
            prop_assert!(source.text.get(span.range()).is_some(), "{span:?} in {text:?}");
        }
        for pair in block.commands.windows(2) {
            prop_assert!(pair[0].span.start <= pair[1].span.start);
        }
        for secret in &block.secrets {
            let value = source.slice(secret.span);
            prop_assert!(value.len() < 5 || block.commands.iter().all(|command| !command.text.contains(value)
                || text.matches(value).count() > 1));
        }
    }

    #[test]
    fn the_same_block_is_read_the_same_in_a_list_and_a_quote(text in pieces()) {
        prop_assume!(!text.contains(['\r', '\t', '\u{feff}', '~']) && !text.trim().is_empty());
        let (_, plain) = read("bash", &text);
        let inside = |first: &str, rest: &str| {
            let lines: Vec<String> = text.lines().map(|line| format!("{rest}{line}")).collect();
            let document = format!("{first}~~~~~bash\n{}\n{rest}~~~~~\n", lines.join("\n"));
            let source = Source::new("a.md", document);
            let document = parse(&source);
            prop_assert_eq!(document.code_blocks.len(), 1);
            let read = read_commands(&document.code_blocks[0], Packs::builtin(), &mut Made::default());
            let texts = |block: &CommandBlock| block.commands.iter().map(|c| (c.risk, c.text.clone())).collect::<Vec<_>>();
            prop_assert_eq!(texts(&read), texts(&plain));
            Ok(())
        };
        inside("- 1\n\n  ", "  ")?;
        inside("> ", "> ")?;
    }
}
