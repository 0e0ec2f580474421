//! What commands would do: cases as data, and properties that every input has.

use runbook_site::command::{CommandBlock, Packs, Risk, read_commands};
use runbook_site::document::parse;
use runbook_site::source::Source;

fn read(language: &str, text: &str) -> (Source, CommandBlock) {
    let source = Source::new("a.md", format!("~~~~~{language}\n{text}\n~~~~~\n"));
    let block = {
        let document = parse(&source);
        read_commands(&document.code_blocks[0], Packs::builtin())
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
