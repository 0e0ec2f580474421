//! Pages at former addresses of documents, which lead to where the documents are now.

use super::OutputFile;
use super::navigation::plain_title;
use super::pages::{PageView, Site, SiteError};
use crate::corpus::path;

impl Site<'_, '_> {
    /// A page for each alias, in the order of the documents.
    pub fn redirects(&self) -> Result<Vec<OutputFile>, SiteError> {
        let mut files = Vec::new();
        for entry in &self.corpus.entries {
            for from in entry.aliases.iter().filter_map(|alias| alias.address.as_ref().ok()) {
                let target = path::percent_encode(&path::relative(from, &entry.address));
                let canonical = match &self.base_url {
                    Some(base_url) => format!("{base_url}{}", path::percent_encode(&entry.address)),
                    None => target.clone(),
                };
                let page = PageView { title: plain_title(entry), url: from, kind: "redirect", description: "" };
                files.push(self.template("redirect.html", &page, |context| {
                    context.insert("target", &target);
                    context.insert("canonical", &canonical);
                })?);
            }
        }
        Ok(files)
    }
}
