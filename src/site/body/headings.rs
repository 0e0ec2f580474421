//! Headings, list items, and the steps that they open.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

use super::Renderer;
use crate::corpus::{Kind, path, split_estimate, split_number};
use crate::document::SpannedEvent;
use crate::site::highlight::escape;
use crate::site::links;

#[derive(Clone, Copy)]
pub struct OpenHeading {
    pub has_number: bool,
    /// Where the last text of the heading starts in the file.
    pub last_text: usize,
}

impl<'a, 'c> Renderer<'a, 'c> {
    /// Text, and in the heading of a step its number and its estimate as elements of their own.
    pub fn step_heading_text(&mut self, text: &str, at: usize) {
        let Some(step) = self.heading_step.as_mut() else {
            return self.out.push(Event::Text(CowStr::from(text.to_string())));
        };
        let is_last = step.last_text == at;
        let mut rest = text;
        if !std::mem::replace(&mut step.has_number, true)
            && let Some((_, title)) = split_number(text)
            && let Some(number) = text.strip_suffix(title)
        {
            let bare = number.trim_end();
            self.write_inline(format!("<span class=\"step-number\">{}</span>", escape(bare)));
            self.out.push(Event::Text(CowStr::from(number[bare.len()..].to_string())));
            rest = title;
        }
        if is_last
            && let (title, Some(_)) = split_estimate(rest)
            && let Some(at) = rest.find(title).map(|at| at + title.len())
            && let (title, estimate) = rest.trim_end().split_at(at)
            && !estimate.trim().is_empty()
        {
            let bare = estimate.trim_start();
            let gap = &estimate[..estimate.len() - bare.len()];
            self.out.push(Event::Text(CowStr::from(format!("{title}{gap}"))));
            return self.write_inline(format!("<span class=\"estimate\">{}</span>", escape(bare)));
        }
        self.out.push(Event::Text(CowStr::from(rest.to_string())));
    }

    pub fn start_heading(&mut self, events: &'c [SpannedEvent<'a>], index: usize) {
        let at = events[index].1.start;
        let document = self.document;
        let heading = &document.headings[self.next.heading];
        self.next.heading += 1;
        self.item_anchor();
        if heading.top_level {
            self.close_sections(heading.span.start);
        }
        if Some(at) == self.title {
            self.skip = Some(TagEnd::Heading(level(heading.level)));
            return;
        }
        self.write_filter(heading.span);
        // The page's title is the only heading of the first level.
        let level = heading.level.max(2);
        let id = escape(&links::site_anchor(&heading.anchor));
        let explicit = heading.explicit_id.as_ref().map(|id| format!("<span id=\"{}\"></span>", escape(id)));
        self.in_heading = true;
        if self.lede.and_then(|lede| lede.heading) == Some(heading.span) {
            // Its paragraph stands at the top of the page, and with it its name, for those who follow a link to it.
            std::mem::swap(&mut self.out, &mut self.lede_out);
            self.write(format!("<h{level} class=\"visually-hidden\" id=\"{id}\">"));
            return self.write_inline(explicit.unwrap_or_default());
        }
        let step = self.steps.iter().find(|mark| mark.is_at(heading.span, true)).filter(|_| heading.top_level);
        if let Some(mark) = step {
            let (section, check_box) = (format!("<section class=\"step\"{}>", mark.attributes()), mark.check_box());
            self.open_sections.push(mark.step.body.end);
            let inside =
                events[index..].iter().take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Heading(_))));
            let texts = inside.filter(|(event, _)| !matches!(event, Event::End(_)));
            let last = texts.last().filter(|(event, _)| matches!(event, Event::Text(_)));
            self.heading_step =
                Some(OpenHeading { has_number: false, last_text: last.map_or(usize::MAX, |(_, range)| range.start) });
            self.write(format!("{section}\n{check_box}\n"));
        }
        self.write(format!("<h{level} id=\"{id}\">"));
        self.write_inline(explicit.unwrap_or_default());
    }

    /// Closes the steps that end before a place.
    pub fn close_sections(&mut self, at: u32) {
        while self.open_sections.pop_if(|end| *end <= at || at == u32::MAX).is_some() {
            self.write("</section>\n");
        }
    }

    /// The permalink of the step that the innermost item is, behind its first text.
    pub fn item_anchor(&mut self) {
        if let Some(id) = self.item_anchors.last_mut().and_then(Option::take) {
            let href = path::percent_encode(&id);
            self.write_inline(format!(" <a class=\"anchor\" href=\"#{href}\" aria-label=\"Link to this step\">#</a>"));
        }
    }

    pub fn end_heading(&mut self) {
        self.in_heading = false;
        let heading = &self.document.headings[self.next.heading - 1];
        let (level, id) = (heading.level.max(2), links::site_anchor(&heading.anchor));
        let href = path::percent_encode(&id);
        self.write_inline(format!(
            " <a class=\"anchor\" href=\"#{href}\" aria-label=\"Link to this section\">#</a></h{level}>\n"
        ));
        self.heading_step = None;
        if self.lede.and_then(|lede| lede.heading) == Some(heading.span) {
            std::mem::swap(&mut self.out, &mut self.lede_out);
        }
    }

    pub fn start_item(&mut self, events: &'c [SpannedEvent<'a>], index: usize) {
        let after = events[index + 1..].iter().map(|(event, _)| event);
        let first = after.clone().find(|event| !matches!(event, Event::Start(Tag::Paragraph)));
        let is_task = matches!(first, Some(Event::TaskListMarker(_)));
        self.item_anchor();
        let item = &self.document.items[self.next.item];
        self.items.push(self.next.item);
        self.next.item += 1;
        let Some(mark) = self.steps.iter().find(|mark| mark.is_at(item.span, false)) else {
            self.item_anchors.push(None);
            return match is_task {
                true => self.write("<li class=\"task\">"),
                false => self.out.push(Event::Start(Tag::Item)),
            };
        };
        let (id, attributes, check_box) = (mark.key.clone(), mark.attributes(), mark.check_box());
        self.write(format!("<li class=\"step\" id=\"{}\"{attributes}>{check_box} ", escape(&id)));
        self.item_anchors.push(Some(id));
    }

    /// The box of a task, named by the task for those who do not see them side by side.
    pub fn task_box(&mut self, done: bool) {
        const CHARS: usize = 80;
        let item = self.items.last().map(|item| &self.document.items[*item]);
        if item.is_some_and(|item| self.steps.iter().any(|mark| mark.is_at(item.span, false))) {
            return; // a step has a box already, which works
        }
        let text = item.map_or("", |item| item.text.as_str());
        let label: String = text.chars().take(CHARS).collect();
        let checked = if done { " checked" } else { "" };
        // Whoever does a runbook ticks what is done. Elsewhere the marks are the author's.
        let kind = if self.entry.kind == Kind::Runbook { "data-task" } else { "disabled" };
        self.write_inline(format!("<input type=\"checkbox\" {kind}{checked} aria-label=\"{}\"> ", escape(&label)));
    }
}

fn level(level: u8) -> HeadingLevel {
    HeadingLevel::try_from(level as usize).unwrap_or(HeadingLevel::H6)
}
