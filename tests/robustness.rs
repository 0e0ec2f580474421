//! Broken input is data: whatever stands in a file, nothing panics and every place lies in the file.

use std::fs;
use std::path::Path;

use runbook_site::corpus::{Corpus, Facts};
use runbook_site::document::parse;
use runbook_site::inspect::inspect;
use runbook_site::lint::lint;
use runbook_site::report::{Hidden, Look, Report, full, json};
use runbook_site::rules::Rules;
use runbook_site::settings::Settings;
use runbook_site::site::{Theme, render};
use runbook_site::source::Source;

/// A small generator with a fixed seed: a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Pieces on which parsers trip.
const PIECES: [&str; 46] = [
    "```",
    "````sh",
    "~~~",
    "\r",
    "\r\n",
    "\u{feff}",
    "|",
    "|--|",
    "[",
    "](",
    ")",
    "<",
    "<a id=\"",
    "-->",
    "<!--",
    "**",
    "**:",
    "：",
    "- [ ] ",
    "1. ",
    "> ",
    "# ",
    "####",
    "---\n",
    "+++\n",
    "\\",
    "&#97;",
    "&amp;",
    "http://",
    "www.",
    "\u{202e}",
    "\u{200d}",
    "ß",
    "💾",
    "{#x}",
    "(x)=",
    "\t",
    "    ",
    "![",
    "island0:0;",
    "\\`\\`\\`",
    "](/",
    "][x]",
    "<!-- runbook-site: allow dead-link, empty-section — x -->",
    "<!-- runbook-site: allow",
    " until ",
];

fn mutate(text: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(12) {
        let at = random.below(characters.len() + 1);
        match random.below(4) {
            0 => characters.truncate(at),
            1 => {
                let end = (at + random.below(40)).min(characters.len());
                characters.drain(at.min(end)..end);
            }
            2 => {
                let piece = PIECES[random.below(PIECES.len())];
                characters.splice(at..at, piece.chars());
            }
            _ => {
                let from = random.below(characters.len() + 1);
                let end = (from + random.below(200)).min(characters.len());
                let copy: Vec<char> = characters[from..end].to_vec();
                characters.splice(at..at, copy);
            }
        }
    }
    characters.into_iter().collect()
}

fn run(texts: &[(String, String)]) {
    let mut sources: Vec<Source> = texts.iter().map(|(path, text)| Source::new(path.as_str(), text.as_str())).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let diagnostics = lint(&corpus, &Rules::default()).diagnostics;
    for diagnostic in &diagnostics {
        let finding = &diagnostic.finding;
        let places = finding.related.iter().map(|related| related.location).chain([finding.location]);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.location);
        for place in places.chain(edits) {
            let text = &sources[place.file.index()].text;
            assert!(text.get(place.span.range()).is_some(), "{}: {:?}", diagnostic.rule, place.span);
        }
    }
    let paths: Vec<String> = sources.iter().map(|source| source.path.clone()).collect();
    let report = Report {
        sources: &sources.iter().collect::<Vec<_>>(),
        paths: &paths,
        diagnostics: &diagnostics,
        hidden: Hidden::default(),
        documents: 1,
        runbooks: 1,
    };
    let look = Look { color: false, unicode: true, width: 80 };
    let drawn = full(&report, look);
    assert!(diagnostics.iter().all(|diagnostic| drawn.contains(&format!("[{}]", diagnostic.rule))), "{drawn}");
    assert!(json(&report).starts_with('{'));
    assert_eq!(inspect(&corpus, None).documents.len(), sources.len());
    let files = render(&corpus, &diagnostics, Hidden::default(), &[], &Theme::default_theme(), None, &|_, _| None)
        .expect("the site");
    assert!(files.len() > sources.len());
}

#[test]
fn mutilated_handbooks_are_read_checked_and_rendered() {
    let mut handbook = Vec::new();
    collect(Path::new("fixtures/handbook"), Path::new("fixtures/handbook"), &mut handbook);
    let mut random = Random(0x005e_ed0f_0a11);
    for _ in 0..60 {
        let mutilated: Vec<(String, String)> =
            handbook.iter().map(|(path, text)| (path.clone(), mutate(text, &mut random))).collect();
        run(&mutilated);
    }
}

#[test]
fn every_beginning_of_a_nasty_file_is_read() {
    let nasty = "---\ntitle: \"x\"\n---\n\u{feff}# T {#a}\n\n**K:**v**L**:\nw\n\n| a | b |\n|--|:-:|\n| [x](<y z.md> \"t\") | `c|d` |\n\n\
                 - [ ] **b**: https://e.example/_(f)_.\n  1. > ```sh\n     > $ ls <pod> \\\n     >   -l\n     > ```\n\n\
                 <details><summary>s</summary>\n\n<pod-name> <a href='u.svg'>v</a> ![i](j.svg)\n\n</details>\n\n[r]: <s t.md> 'q'\n\
                 [u][r] [^1]\n\n[^1]: note\n\n> [!WARNING]\n> ⚠️ x\n\n~~~\nnever closed";
    for (at, _) in nasty.char_indices() {
        run(&[("README.md".to_string(), nasty[..at].to_string())]);
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let relative = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            found.push((relative, fs::read_to_string(&path).expect("a text")));
        }
    }
    found.sort();
}
