//! The quick commands of the indexes on one page, to search and to copy.

use serde::Serialize;

use super::Report;
use super::findings::section_url;
use super::pager::{PagerView, page_title, page_url, pager};
use crate::command::Risk;
use crate::corpus::Corpus;
use crate::document::CodeBlock;
use crate::site::OutputFile;
use crate::site::code;
use crate::site::navigation::plain_title;
use crate::site::pages::SiteError;

/// Blocks on a page.
const PER_PAGE: usize = 200;

#[derive(Serialize)]
struct QuickView<'v> {
    groups: Vec<GroupView<'v>>,
    pager: PagerView,
}

/// Blocks under one heading of an index.
#[derive(Serialize)]
struct GroupView<'v> {
    heading: &'v str,
    /// The index that has them; empty where there is only one.
    index: &'v str,
    url: String,
    blocks: Vec<BlockView<'v>>,
}

#[derive(Serialize)]
struct BlockView<'v> {
    /// The block as on a page.
    figure: String,
    /// The worst of its commands: `destructive`, `disruptive`, or empty.
    risk: &'static str,
    programs: Vec<&'v str>,
}

/// Whether an index has quick commands.
pub fn has_quick_commands(corpus: &Corpus<'_>) -> bool {
    corpus.indexes.iter().any(|index| !index.quick_commands.is_empty())
}

impl Report<'_, '_, '_> {
    /// The pages of all quick commands.
    pub fn quick_commands(&self) -> Result<Vec<OutputFile>, SiteError> {
        let with_some = self.corpus.indexes.iter().filter(|index| !index.quick_commands.is_empty());
        let several = with_some.clone().count() > 1;
        let blocks: Vec<_> = with_some
            .flat_map(|index| index.quick_commands.iter().map(move |group| (index, group)))
            .flat_map(|(index, group)| group.blocks.iter().map(move |block| (index, group, *block)))
            .collect();
        let mut files = Vec::new();
        for (number, some) in blocks.chunks(PER_PAGE).enumerate() {
            let page = number + 1;
            let is_one = |a: &(_, &crate::corpus::QuickCommands, usize),
                          b: &(_, &crate::corpus::QuickCommands, usize)| {
                std::ptr::eq(a.1, b.1)
            };
            let groups = some.chunk_by(is_one).map(|blocks| {
                let (index, group, _) = blocks[0];
                let entry = self.corpus.entry(index.file);
                GroupView {
                    heading: &group.heading,
                    index: if several { plain_title(entry) } else { "" },
                    url: section_url(entry, group.span.start),
                    blocks: blocks.iter().map(|(_, _, block)| self.block(index.file, *block)).collect(),
                }
            });
            let view =
                QuickView { groups: groups.collect(), pager: pager("quick-commands", page, PER_PAGE, blocks.len()) };
            let title = page_title("Quick commands", page);
            let url = page_url("quick-commands", page);
            files.push(self.incident_page("quick-commands.html", &title, &url, "quick", &view)?);
        }
        Ok(files)
    }

    fn block(&self, file: crate::source::FileId, position: usize) -> BlockView<'_> {
        let entry = self.corpus.entry(file);
        let block: &CodeBlock = &entry.document.code_blocks[position];
        let read = &entry.command_blocks[position];
        let commands = &read.commands;
        let view = code::View {
            block,
            commands: read,
            placeholders: &entry.placeholders,
            packs: self.corpus.settings.packs(),
            is_output: false,
            id: String::new(),
        };
        let risks = commands.iter().map(|command| command.risk).filter(|risk| *risk >= Risk::Disruptive);
        let mut programs: Vec<&str> = commands.iter().filter_map(|command| command.program.as_deref()).collect();
        programs.sort_unstable();
        programs.dedup();
        BlockView {
            figure: code::figure(&view, &self.site.highlighted),
            risk: risks.max().map_or("", Risk::name),
            programs,
        }
    }
}
