//! Links and pictures: where they lead, and what is marked as leading nowhere.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::Renderer;
use crate::corpus::{Target, path};
use crate::document::{HtmlTag, LinkStyle, SpannedEvent};
use crate::site::highlight::escape;
use crate::site::links::{self, Destination, destination};
use crate::site::navigation::plain_title;

impl<'a, 'c> Renderer<'a, 'c> {
    /// The node of the link or image that starts now.
    pub fn next_link(&mut self) -> usize {
        while self.document.links[self.next.link].style == LinkStyle::Html {
            self.next.link += 1;
        }
        self.next.link += 1;
        self.next.link - 1
    }

    pub fn start_link(&mut self) {
        let index = self.next_link();
        // A drawing that is opened by itself can run scripts; as a picture it cannot.
        if matches!(&self.entry.targets[index], Target::File { path } if path.ends_with(".svg")) {
            let picture = self.picture(index);
            self.write_inline(picture);
            self.skip = Some(TagEnd::Link);
            return;
        }
        let open = self.open_tag(index);
        self.write_inline(open);
        if let Some(title) = self.title_for_file_name(index) {
            self.out.push(Event::Text(CowStr::from(title.to_string())));
            let close = self.close_tag();
            self.write_inline(close);
            self.skip = Some(TagEnd::Link);
        }
    }

    /// Whoever reads the site looks for a runbook, not for a file: a link whose text is the file's name shows the
    /// title of the document.
    pub fn title_for_file_name(&self, index: usize) -> Option<&'c str> {
        let link = &self.document.links[index];
        let Target::Document { file, .. } = &self.entry.targets[index] else { return None };
        let source = &self.corpus.source(*file).path;
        let is_name = link.text == path::file_name(source) || (link.text == link.target && link.text.ends_with(".md"));
        is_name.then(|| plain_title(self.corpus.entry(*file)))
    }

    /// The start tag of a link. Without a place to go it is marked text.
    pub fn open_tag(&mut self, index: usize) -> String {
        let link = &self.document.links[index];
        let destination = match destination(self.corpus, self.entry, link, &self.entry.targets[index]) {
            // A drawing that is opened by itself can run scripts.
            Destination::File { source, .. } if source.ends_with(".svg") => {
                Destination::Nowhere { mark: "not linked", reason: format!("{source} is shown as a picture only") }
            }
            destination => destination,
        };
        self.open_links.push(match &destination {
            Destination::Nowhere { reason, .. } => Some(reason.clone()),
            _ => None,
        });
        match destination {
            Destination::Internal(href) => format!("<a href=\"{}\">", escape(&href)),
            Destination::File { source, href } => {
                self.files.insert(source);
                format!("<a href=\"{}\">", escape(&href))
            }
            Destination::External(href) => {
                format!("<a class=\"external\" rel=\"noreferrer noopener\" href=\"{}\">", escape(&href))
            }
            Destination::Nowhere { mark, reason } => {
                format!("<span class=\"dead\" title=\"{}\"><span class=\"mark danger\">{mark}</span> ", escape(&reason))
            }
        }
    }

    /// The end tag of the link that was opened last. A reader who cannot hover is told the reason, too.
    pub fn close_tag(&mut self) -> String {
        match self.open_links.pop().flatten() {
            Some(reason) => format!("<span class=\"visually-hidden\"> ({})</span></span>", escape(&reason)),
            None => "</a>".to_string(),
        }
    }

    pub fn image(&mut self, events: &'c [SpannedEvent<'a>], index: usize) -> usize {
        let link = self.next_link();
        let html = self.picture(link);
        self.write_inline(html);
        let mut depth = 0;
        for (at, (event, _)) in events.iter().enumerate().skip(index) {
            match event {
                Event::Start(Tag::Image { .. }) => depth += 1,
                Event::End(TagEnd::Image) => depth -= 1,
                _ => {}
            }
            // What stands inside the alternative text is part of it.
            if at > index && matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. })) {
                self.next_link();
            }
            if depth == 0 {
                return at + 1;
            }
        }
        events.len()
    }

    /// An image of the handbook as such; one from elsewhere as a link, since the page loads nothing from elsewhere.
    pub fn picture(&mut self, index: usize) -> String {
        let link = &self.document.links[index];
        let alt = escape(&link.text);
        match destination(self.corpus, self.entry, link, &self.entry.targets[index]) {
            Destination::File { source, href } if links::is_image(&source) => {
                self.files.insert(source);
                format!("<img src=\"{}\" alt=\"{alt}\" loading=\"lazy\">", escape(&href))
            }
            Destination::Nowhere { .. } => format!("{}{alt}{}", self.open_tag(index), self.close_tag()),
            _ => {
                let shown = if alt.is_empty() { escape(&link.target) } else { alt };
                format!("{}{shown}{}", self.open_tag(index), self.close_tag())
            }
        }
    }

    /// `<a id="x">` without a target. Where a heading has the id already, the tag goes without it.
    pub fn anchor_tag(&mut self, tag: &HtmlTag<'_>) -> Option<String> {
        if !tag.closing && tag.name.eq_ignore_ascii_case("a") {
            self.open_links.push(None);
        }
        let id = tag.attribute("id").or(tag.attribute("name")).map(|(id, _)| id)?;
        let taken = self.document.headings.iter().any(|heading| heading.anchor == id);
        taken.then(|| format!("<{}>", tag.name))
    }
}
