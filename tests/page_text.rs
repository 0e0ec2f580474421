//! Nothing that a document says is lost on its page, and nothing stands there twice: of all documents at hand.

use std::collections::BTreeSet;
use std::path::Path;

use runbook_site::corpus::{Corpus, Facts};
use runbook_site::document::parse;
use runbook_site::report::Hidden;
use runbook_site::settings::Settings;
use runbook_site::site::{Content, Theme, render};
use runbook_site::source::Source;

/// The Markdown files of a folder that are UTF-8, sorted.
fn sources(root: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md")
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                sources.push(Source::new(&name, text));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// The text of HTML as a reader sees it, without that of buttons.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let end = if rest[at..].starts_with("<button") { "</button>" } else { ">" };
        rest = &rest[at + rest[at..].find(end).map_or(rest.len() - at, |len| len + end.len())..];
    }
    text.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, sign)| text.replace(entity, sign))
}

/// Documents that a page shows otherwise than they say.
fn wrong_pages(root: &Path) -> Vec<String> {
    let sources = sources(root);
    let (settings, facts) = (Settings::default(), Facts::default());
    let corpus = Corpus::build(&sources, sources.iter().map(parse).collect(), &settings, &facts);
    let mut theme = Theme::default_theme();
    for name in ["document.html", "index.html"] {
        theme.templates.insert(name.to_string(), "{{ document.body | safe }}".to_string());
    }
    let files = render(&corpus, &[], Hidden::default(), &[], &theme, None, &|_, _| None).expect("the site");
    let secrets: BTreeSet<&str> = corpus.entries.iter().flat_map(|entry| corpus.secrets_of(entry.file)).collect();
    let mut wrong = Vec::new();
    for entry in &corpus.entries {
        let file = files.iter().find(|file| file.path == entry.address).expect("a page");
        let Content::Bytes(bytes) = &file.content else { panic!("no page: {}", entry.address) };
        let html = std::str::from_utf8(bytes).expect("UTF-8");
        let path = &corpus.source(entry.file).path;
        let figures = html.split("<figure class=\"code\"").skip(1);
        let code = figures.filter_map(|figure| figure.split_once("<code class=\"language-")?.1.split_once("\">"));
        let shown: Vec<String> =
            code.filter_map(|(_, code)| code.split_once("</code></pre>")).map(|(code, _)| text_of(code)).collect();
        let blocks = entry.document.code_blocks.iter().map(|block| {
            let text = block.shown().trim_end_matches('\n').to_string();
            secrets.iter().fold(text, |text, secret| text.replace(secret, "[redacted]"))
        });
        let blocks: Vec<String> = blocks.collect();
        // A style sheet that an author opens in one place and closes in another takes with it what stands between.
        let is_whole = !corpus.source(entry.file).text.contains("<style");
        if let Some(at) = (0..blocks.len().max(shown.len())).find(|at| is_whole && blocks.get(*at) != shown.get(*at)) {
            wrong.push(format!("{path}: code block {at}\n{:?}\n{:?}", blocks.get(at), shown.get(at)));
        }
        let ids = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut seen = BTreeSet::new();
        // What an author writes in HTML is the author's.
        let twice = ids.filter(|id| !seen.insert(*id)).find(|id| id.contains("step") || id.starts_with("first-"));
        wrong.extend(twice.map(|id| format!("{path}: two elements with the id {id}")));
        for tag in ["section", "figure", "var", "details"] {
            let (open, close) = (html.matches(&format!("<{tag}")).count(), html.matches(&format!("</{tag}>")).count());
            if open != close {
                wrong.push(format!("{path}: {open} × <{tag}>, {close} × </{tag}>"));
            }
        }
    }
    wrong
}

#[test]
fn code_on_pages_is_the_code_of_the_documents() {
    for folder in ["fixtures", "docs", "../shared/corpora"] {
        // The real handbooks are not part of the repository.
        let wrong = wrong_pages(Path::new(folder));
        assert!(wrong.is_empty(), "{folder}: {} wrong\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n\n"));
    }
}
