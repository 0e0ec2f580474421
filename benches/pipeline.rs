//! Reading, checking and rendering a handbook of about a thousand documents, beside a peer's bare parse of the same.
//!
//! `cargo bench` prints medians; trust the ratios. The handbook is the demo under many names, or the folder that
//! `RUNBOOK_BENCH` names.

use std::path::{Path, PathBuf};

use divan::{Bencher, black_box};
use runbook_site::command::{Made, Packs, read_commands};
use runbook_site::corpus::{Corpus, Facts};
use runbook_site::document::parse;
use runbook_site::lint::lint;
use runbook_site::report::Hidden;
use runbook_site::rules::Rules;
use runbook_site::settings::Settings;
use runbook_site::site::{Theme, render};
use runbook_site::source::Source;

fn main() {
    divan::main();
}

#[divan::bench]
fn parse_documents(bencher: Bencher) {
    let sources = handbook();
    bencher.bench(|| {
        for source in &sources {
            black_box(parse(source));
        }
    });
}

/// The peer: comrak with the same extensions, which gives a tree and nothing of a runbook's meaning.
#[divan::bench]
fn parse_with_comrak(bencher: Bencher) {
    let sources = handbook();
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    bencher.bench(|| {
        for source in &sources {
            let arena = comrak::Arena::new();
            black_box(comrak::parse_document(&arena, &source.text, &options));
        }
    });
}

/// What the commands of the documents would do, beside the parse of the documents.
#[divan::bench]
fn read_all_commands(bencher: Bencher) {
    let sources = handbook();
    let documents: Vec<_> = sources.iter().map(parse).collect();
    let packs = Packs::builtin();
    bencher.bench(|| {
        for document in &documents {
            let mut made = Made::default();
            for block in &document.code_blocks {
                black_box(read_commands(block, packs, &mut made));
            }
        }
    });
}

#[divan::bench]
fn build_corpus(bencher: Bencher) {
    let (sources, settings, facts) = (handbook(), Settings::default(), Facts::default());
    bencher
        .with_inputs(|| sources.iter().map(parse).collect())
        .bench_values(|documents| drop(black_box(Corpus::build(&sources, documents, &settings, &facts))));
}

#[divan::bench]
fn run_rules(bencher: Bencher) {
    let (sources, settings, facts) = (handbook(), Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let rules = Rules::default();
    bencher.bench(|| black_box(lint(&corpus, &rules)));
}

#[divan::bench(sample_count = 5)]
fn render_site(bencher: Bencher) {
    let (sources, settings, facts) = (handbook(), Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let theme = Theme::default_theme();
    bencher.bench(|| {
        black_box(render(&corpus, &[], Hidden::default(), &[], &theme, None, &|_, _| None).map(|files| files.len()))
    });
}

fn handbook() -> Vec<Source> {
    const COPIES: usize = 50;
    let named = std::env::var_os("RUNBOOK_BENCH").map(PathBuf::from);
    let copies = if named.is_some() { 1 } else { COPIES };
    let root = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/handbook"));
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(&root)
        .into_iter()
        .flatten()
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    paths.sort();
    let mut sources = Vec::new();
    for copy in 0..copies {
        for path in &paths {
            let relative = path.strip_prefix(&root).unwrap_or(path).to_string_lossy().replace('\\', "/");
            let text = std::fs::read(path).unwrap_or_default();
            sources.push(Source::decode(format!("copy-{copy:02}/{relative}"), text));
        }
    }
    sources
}
