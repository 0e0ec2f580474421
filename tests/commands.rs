//! What commands would do: cases as data, and properties that every input has.

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
            let start = std::time::Instant::now();
            read(language, text);
            let taken = start.elapsed().as_secs_f64();
            // Unoptimised, a block of this size takes a tenth of a second; what is quadratic takes minutes.
            assert!(taken < 4.0, "{language} {:?}…: {taken} s", &text.chars().take(12).collect::<String>());
        }
    }
}
