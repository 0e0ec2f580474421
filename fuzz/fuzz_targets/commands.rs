//! Any bytes as a command block: `cargo +nightly fuzz run commands`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use runbook_site::command::{Made, Packs, read_commands};
use runbook_site::document::parse;
use runbook_site::source::Source;

/// The first byte chooses one.
const LANGUAGES: [&str; 5] = ["bash", "sql", "powershell", "console", ""];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let language = LANGUAGES[usize::from(*first) % LANGUAGES.len()];
    let text = String::from_utf8_lossy(rest);
    let source = Source::new("a.md", format!("~~~~~~{language}\n{text}\n~~~~~~\n"));
    for block in &parse(&source).code_blocks {
        let read = read_commands(block, Packs::builtin(), &mut Made::default());
        let spans = read.commands.iter().map(|command| command.span);
        for span in spans.chain(read.errors.iter().map(|error| error.span)) {
            assert!(source.text.get(span.range()).is_some(), "{span:?}");
        }
    }
});
