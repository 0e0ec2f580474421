//! The site: pages, search and validation report, from the corpus and its diagnostics.
//!
//! 1. `theme`: templates and assets, the default one with what the user replaces.
//! 2. `highlight`: every distinct code block once, in parallel.
//! 3. `navigation`: the groups of the handbook, from the tables of its index.
//! 4. `body` and `document_page`: each document to HTML and into its template, in parallel.
//! 5. `home`, `report`, `machines`, `search`, and what stands once: assets, the shared navigation script.
//! 6. `offline`: all of it in one file, made of what the steps before gave.
//!
//! The result is a list of files; writing them is the business of `workspace`.

mod body;
mod call;
mod code;
mod css;
mod document_page;
mod highlight;
mod home;
mod index_filter;
mod links;
mod machines;
mod navigation;
mod offline;
mod pages;
pub mod palette;
mod published;
mod redirects;
mod report;
mod sanitize;
mod search;
mod search_pages;
mod site_files;
mod steps;
mod theme;

use std::collections::BTreeSet;

use crate::command::REDACTED;
use crate::corpus::{Corpus, file_address};
use crate::diagnostic::{Diagnostic, RuleInfo};
use crate::report::Hidden;

pub use css::{Address, addresses_in_css};
pub use pages::SiteError;
pub use published::{Published, Vanished, vanished};
pub use theme::{Look, Theme};

/// A file of the site.
#[derive(Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// From the site's root, with `/`.
    pub path: String,
    pub content: Content,
}

/// What a file of the site holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    Bytes(Vec<u8>),
    /// A copy of a source file, named from the root of the sources.
    CopyOf(String),
}

impl OutputFile {
    fn bytes(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        OutputFile { path: path.into(), content: Content::Bytes(bytes.into()) }
    }
}

/// Gives the bytes of a source file, named from the root of the sources; nothing where it is larger than a number of
/// bytes or cannot be read.
pub type ReadFile<'r> = &'r (dyn Fn(&str, usize) -> Option<Vec<u8>> + Sync);

/// Renders the site: files sorted by path, the same bytes for the same input at any number of threads. Fails only where
/// a template does. `rules` are those that ran; `base_url` is the address at which the site will be served, where that is
/// known; `read` gives the pictures for the file that holds the whole handbook.
pub fn render(
    corpus: &Corpus<'_>,
    diagnostics: &[Diagnostic],
    hidden: Hidden,
    rules: &[&RuleInfo],
    theme: &Theme,
    base_url: Option<&str>,
    read: ReadFile<'_>,
) -> Result<Vec<OutputFile>, SiteError> {
    let site = pages::Site::new(corpus, diagnostics, hidden, theme, base_url)?;
    let rendered = site.documents()?;
    let mut linked: BTreeSet<String> = BTreeSet::new();
    let mut files = Vec::with_capacity(rendered.len() + theme.assets.len() + 8);
    for page in rendered {
        files.push(page.file);
        linked.extend(page.files);
    }
    files.extend(site.home()?);
    // What is not for authors stands in the offline copy, too.
    let report = site.report_pages(rules, base_url)?;
    let (readers, authors): (Vec<_>, Vec<_>) = report.into_iter().partition(|page| report::is_for_readers(&page.path));
    files.extend(readers);
    let data = site.data();
    let offline = offline::page(&site, &offline::Parts { pages: &files, data: &data, linked: &linked, theme, read })?;
    files.extend(authors);
    files.push(offline);
    files.extend(data);
    files.extend(site.redirects()?);
    files.extend(base_url.map(|base_url| site.not_found(base_url)).transpose()?);
    files.extend(site.reports(rules).map(|(path, text)| OutputFile::bytes(path, text)));
    files.extend(site.files_for_readers());
    files.push(OutputFile::bytes("runbooks.json", site.runbooks_json()));
    files.extend(theme.assets.iter().map(|(path, bytes)| OutputFile::bytes(path.as_str(), bytes.as_slice())));
    files.extend(
        linked.into_iter().map(|source| OutputFile { path: file_address(&source), content: Content::CopyOf(source) }),
    );
    redact(corpus, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Takes every secret of the handbook out of what was made of texts. Blocks are shown and indexed without them already;
/// this finds what stands elsewhere, in prose or in an address, as it is and as HTML and JSON write it.
fn redact(corpus: &Corpus<'_>, files: &mut [OutputFile]) {
    let secrets: BTreeSet<&str> = corpus.entries.iter().flat_map(|entry| corpus.secrets_of(entry.file)).collect();
    if secrets.is_empty() {
        return;
    }
    let json = |text: &str| serde_json::to_string(text).unwrap_or_default().trim_matches('"').to_string();
    let mut forms: Vec<String> =
        secrets.iter().flat_map(|secret| [secret.to_string(), highlight::escape(secret), json(secret)]).collect();
    forms.sort_by_key(|form| (std::cmp::Reverse(form.len()), form.clone()));
    forms.dedup();
    for file in files.iter_mut().filter(|file| !file.path.starts_with("assets/")) {
        let Content::Bytes(bytes) = &mut file.content else { continue };
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let forms = forms.iter().map(String::as_str).collect::<Vec<_>>();
        if forms.iter().any(|form| text.contains(form)) {
            let clean = forms.iter().fold(text.to_string(), |text, form| text.replace(form, REDACTED));
            *bytes = clean.into_bytes();
        }
    }
}
