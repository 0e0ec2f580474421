//! What an index page offers beside its runbooks: quick commands, and documents that belong to the same matter.

use crate::document::{Document, Heading};
use crate::settings::section_ids;
use crate::source::Span;

/// The code blocks under one heading of the quick commands.
#[derive(Debug)]
pub struct QuickCommands {
    pub heading: String,
    /// The heading.
    pub span: Span,
    /// Positions in `Document::code_blocks`.
    pub blocks: Vec<usize>,
}

/// Headings that open the quick commands, in lower case.
const COMMANDS: [&str; 8] = [
    "quick commands",
    "useful commands",
    "common commands",
    "command reference",
    "commands reference",
    "cheat sheet",
    "cheatsheet",
    "handy commands",
];

/// Reads the quick commands: the code blocks of the section, by the innermost heading over each.
pub fn read_quick_commands(document: &Document<'_>) -> Vec<QuickCommands> {
    let Some(root) = document.headings.iter().find(|heading| is_named(heading, &COMMANDS)) else { return Vec::new() };
    let under = document.section_span(root);
    let mut groups: Vec<QuickCommands> = Vec::new();
    for (position, block) in document.code_blocks.iter().enumerate().filter(|(_, block)| under.contains(block.span)) {
        let heading = document.heading_over(block.span.start).unwrap_or(root);
        match groups.iter_mut().find(|group| group.span == heading.span) {
            Some(group) => group.blocks.push(position),
            None => {
                groups.push(QuickCommands {
                    heading: heading.text.clone(),
                    span: heading.span,
                    blocks: vec![position],
                });
            }
        }
    }
    groups
}

/// The links in the lists of related documents, as positions in `Document::links`.
pub fn read_related(document: &Document<'_>) -> Vec<usize> {
    let roots: Vec<Span> = document
        .headings
        .iter()
        .filter(|heading| section_ids(&heading.text).iter().any(|(id, _)| *id == "references"))
        .map(|heading| document.section_span(heading))
        .collect();
    let listed =
        document.items.iter().filter(|item| item.depth == 0 && roots.iter().any(|root| root.contains(item.span)));
    listed.flat_map(|item| item.links.clone()).filter(|link| !document.links[*link].is_image).collect()
}

fn is_named(heading: &Heading, names: &[&str]) -> bool {
    let text = heading.text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    names.iter().any(|name| text.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::source::Source;

    #[test]
    fn commands_and_documents_are_found_under_their_headings() {
        let text = "# Ops\n\n```sh\nnot quick\n```\n\n## Quick Commands Reference\n\n### Cluster\n\n```sh\nls\n```\n\n```sh\npwd\n```\n\n\
                    ### Cloud\n\n```sh\nid\n```\n\n## 📚 Related Documentation\n\n- [A](a.md), [B](b.md)\n- plain\n\n## More\n\n- [C](c.md)\n";
        let source = Source::new("README.md", text);
        let document = parse(&source);
        let groups = read_quick_commands(&document);
        let shown: Vec<_> = groups.iter().map(|group| (group.heading.as_str(), group.blocks.as_slice())).collect();
        assert_eq!(shown, [("Cluster", &[1, 2][..]), ("Cloud", &[3])]);
        let related = read_related(&document);
        assert_eq!(
            related.iter().map(|link| document.links[*link].target.as_str()).collect::<Vec<_>>(),
            ["a.md", "b.md"]
        );
    }
}
