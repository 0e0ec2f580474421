//! Code blocks, what they destroy, and what they ask to be filled in.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Renderer;
use crate::command::Risk;
use crate::document::SpannedEvent;
use crate::site::code;
use crate::site::document_page::{RiskView, VariableView};
use crate::site::highlight::escape;
use crate::site::steps;

impl<'a, 'c> Renderer<'a, 'c> {
    pub fn code_block(&mut self, events: &'c [SpannedEvent<'a>], index: usize) -> usize {
        let block = &self.document.code_blocks[self.next.code];
        self.next.code += 1;
        self.item_anchor();
        let commands = &self.entry.command_blocks[self.next.code - 1];
        let announced = self.announced.take();
        // A prompt is typed behind, whatever stands before.
        let is_output =
            (announced.is_some() || code::announces_output(&self.last_paragraph)) && commands.prompts.is_empty();
        self.last_paragraph.clear();
        let mut view = code::View {
            block,
            commands,
            placeholders: &self.entry.placeholders,
            packs: self.corpus.settings.packs(),
            is_output,
            id: String::new(),
        };
        view.id = self.count_risks(&view);
        self.note_variables(&view);
        let mut figure = code::figure(&view, self.highlighted);
        if is_output {
            let open = if block.shown().lines().count() > FOLDED_LINES { "" } else { " open" };
            let name = announced.as_deref().unwrap_or("Expected output");
            figure = format!("<details class=\"output\"{open}><summary>{}</summary>{figure}</details>", escape(name));
        } else if let Some(name) = announced {
            figure = format!("<p>{}:</p>\n{figure}", escape(&name));
        }
        self.write_island(figure);
        let end = events[index..].iter().position(|(event, _)| matches!(event, Event::End(TagEnd::CodeBlock)));
        end.map_or(events.len(), |end| index + end + 1)
    }

    /// Counts what a block destroys and disrupts, and gives the block an id if it is the first to do so.
    pub fn count_risks(&mut self, view: &code::View<'_>) -> String {
        let mut id = String::new();
        for risk in [Risk::Destructive, Risk::Disruptive] {
            let count = view.risks().filter(|command| command.risk == risk).count();
            if count == 0 {
                continue;
            }
            if let Some(known) = self.risks.iter_mut().find(|known| known.risk == risk.name()) {
                known.count += count;
                continue;
            }
            if id.is_empty() {
                id = steps::free_id(&mut self.ids, &format!("first-{}-command", risk.name()));
            }
            self.risks.push(RiskView { risk: risk.name(), count, anchor: id.clone() });
        }
        self.risks.sort_by_key(|known| known.risk);
        id
    }

    pub fn note_variables(&mut self, view: &code::View<'_>) {
        for placeholder in view.own_placeholders() {
            if !self.variables.iter().any(|known| known.name == placeholder.name) {
                let hint = placeholder.name.replace('-', " ");
                self.variables.push(VariableView { name: placeholder.name.clone(), hint });
            }
        }
    }
}

/// Output of more lines is folded away.
const FOLDED_LINES: usize = 12;

/// What a paragraph calls the code block right behind it, where it says nothing else: that name stands on the block.
pub fn announcement<'p>(events: &[SpannedEvent<'_>], index: usize, paragraph: &'p str) -> Option<&'p str> {
    let name = code::only_announces(paragraph)?;
    let len = events[index..].iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)))?;
    let is_plain = events[index..index + len]
        .iter()
        .all(|(event, _)| !matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }) | Event::InlineHtml(_)));
    let next = events.get(index + len + 1).map(|(event, _)| event);
    (is_plain && matches!(next, Some(Event::Start(Tag::CodeBlock(_))))).then_some(name)
}
