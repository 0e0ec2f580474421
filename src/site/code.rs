//! Code blocks on the page.

use super::highlight::{Highlighted, escape};
use crate::document::CodeBlock;

/// A code block with its language, a copy button (which a script shows), and its highlighted text.
pub fn figure(block: &CodeBlock, highlighted: &Highlighted<'_>, is_output: bool) -> String {
    let language = escape(&block.language);
    let caption = match (is_output, block.language.as_str()) {
        (true, _) => "output",
        (false, "") => "text",
        (false, _) => &language,
    };
    let output = if is_output { " data-output" } else { "" };
    // Lines of boxes must touch, so they are set closer than code.
    let is_box_art = block.shown().contains(|c: char| ('\u{2500}'..='\u{257f}').contains(&c));
    let box_art = if is_box_art { " data-box-art" } else { "" };
    let copy = copy_text(block).map(|text| format!(" data-copy-text=\"{}\"", escape(&text))).unwrap_or_default();
    // Nobody pastes what a command printed.
    let button = if is_output { "" } else { "<button type=\"button\" data-copy hidden>Copy</button>" };
    format!(
        "<figure class=\"code\" data-language=\"{language}\"{output}{box_art}{copy}><figcaption>{caption}</figcaption>{button}\
         <pre tabindex=\"0\"><code class=\"language-{language}\">{}</code></pre></figure>",
        highlighted.html(&block.language, block.shown())
    )
}

/// Whether a paragraph says that the block behind it is what the command prints.
pub fn announces_output(paragraph: &str) -> bool {
    let text = paragraph.trim_end_matches([':', '.', ' ']).to_lowercase();
    ["expected output", "example output", "sample output", "output", "you should see"]
        .iter()
        .any(|words| text.ends_with(words) || (text.starts_with(words) && text.len() < 60))
}

const SHELLS: [&str; 8] = ["", "console", "shell-session", "terminal", "bash", "sh", "shell", "zsh"];

/// What to copy where it is not the text: in a session with `$ ` prompts the commands, without prompts and output.
fn copy_text(block: &CodeBlock) -> Option<String> {
    if !SHELLS.contains(&block.language.as_str()) || !block.shown().lines().any(|line| line.starts_with("$ ")) {
        return None;
    }
    let mut commands = Vec::new();
    let mut continues = false;
    for line in block.shown().lines() {
        let command = match line.strip_prefix("$ ") {
            Some(command) => command,
            None if continues => line.strip_prefix("> ").unwrap_or(line),
            None => continue,
        };
        continues = command.ends_with('\\');
        commands.push(command);
    }
    Some(commands.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn copied(language: &str, text: &str) -> Option<String> {
        let block = CodeBlock {
            language: language.into(),
            text: text.into(),
            redacted: None,
            lines: Vec::new(),
            span: Span::default(),
            fence: Span::default(),
            fenced: true,
            closed: true,
        };
        copy_text(&block)
    }

    #[test]
    fn prompts_and_output_are_not_copied() {
        let session = "$ kubectl get pods \\\n    -n shop\nNAME READY\n$ uptime\n 03:00 up\n";
        assert_eq!(copied("console", session).as_deref(), Some("kubectl get pods \\\n    -n shop\nuptime"));
        assert_eq!(copied("bash", "echo \"$ 5\"\n"), None);
        assert_eq!(copied("sql", "$ x\n"), None);
    }

    #[test]
    fn output_is_announced() {
        for text in ["Expected Output:", "Output", "You should see:", "Example output:"] {
            assert!(announces_output(text), "{text}");
        }
        for text in ["Read the output of the last step, then compare it with the list of all nodes below.", ""] {
            assert!(!announces_output(text), "{text}");
        }
    }
}
