//! Code that an author means as a block, and other tools show as one, but that Markdown does not know: fences deep in
//! an admonition, a tab or a list item, directly under an HTML tag, and the shortcodes of site generators.

use super::{CodeBlock, code_block};
use crate::source::Span;

/// How such a block ends.
enum Close {
    /// By a fence of this mark, at least so long.
    Fence(char, usize),
    Shortcode,
}

struct Open {
    block: CodeBlock,
    close: Close,
    indent: usize,
}

/// The blocks of a file whose fenced blocks are known, in the order of the file. `from` is the end of its front matter.
pub fn find(text: &str, from: usize, known: &[CodeBlock]) -> Vec<CodeBlock> {
    let mut found = Vec::new();
    let mut fenced = known.iter().filter(|block| block.fenced).peekable();
    let mut open: Option<Open> = None;
    let mut in_comment = false;
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let start = at;
        at += line.len();
        while fenced.next_if(|block| block.span.end as usize <= start).is_some() {}
        if fenced.peek().is_some_and(|block| (block.span.start as usize) < at) {
            // A fence that Markdown takes for the start of a block is the end of the one that it does not know.
            found.extend(open.take().filter(|open| matches!(open.close, Close::Fence(..))).map(|open| open.block));
            continue;
        }
        let line = line.trim_end_matches(['\n', '\r']);
        let bare = line.trim_start_matches([' ', '\t', '>']);
        match &mut open {
            Some(Open { block, close, indent }) => {
                let closes = match close {
                    Close::Fence(mark, len) => {
                        let bare = bare.trim_end();
                        bare.len() >= *len && bare.chars().all(|character| character == *mark)
                    }
                    Close::Shortcode => shortcode(bare).is_some_and(|tag| matches!(tag, "/highlight" | "endhighlight")),
                };
                if closes {
                    block.span.end = (start + line.len()) as u32;
                    found.extend(open.take().map(|open| open.block));
                    continue;
                }
                let margin = line.bytes().take(*indent).take_while(|byte| b" \t>".contains(byte)).count();
                block.lines.push(Span::new(start + margin, start + line.len()));
                block.text.push_str(&line[margin..]);
                block.text.push('\n');
                block.span.end = (start + line.len()) as u32;
            }
            None => {
                let was_comment = in_comment;
                in_comment = match (line.rfind("<!--"), line.rfind("-->")) {
                    (Some(opens), Some(closes)) => opens > closes,
                    (Some(_), None) => true,
                    (None, Some(_)) => false,
                    (None, None) => in_comment,
                };
                if !was_comment {
                    let indent = line.len() - bare.len();
                    let span = Span::new(start + indent, start + line.len());
                    open = opening(bare).map(|(language, close)| Open {
                        block: CodeBlock {
                            language,
                            text: String::new(),
                            redacted: None,
                            fence: span,
                            lines: Vec::new(),
                            span,
                            fenced: true,
                            closed: true,
                        },
                        close,
                        indent,
                    });
                }
            }
        }
    }
    found
}

/// The language of the block that a line opens, and what closes it.
fn opening(line: &str) -> Option<(String, Close)> {
    if let Some(tag) = shortcode(line) {
        let mut words = tag.split_whitespace();
        let language = (words.next() == Some("highlight")).then(|| words.next().unwrap_or_default())?;
        return Some((language.trim_matches(['"', '\'']).to_lowercase(), Close::Shortcode));
    }
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let len = line.chars().take_while(|character| *character == mark).count();
    let info = line[len..].trim();
    // What closes on the same line is code in a sentence.
    (len >= 3 && !info.contains(mark)).then(|| (code_block::language(info), Close::Fence(mark, len)))
}

/// The inside of `{{< … >}}`, `{{% … %}}` and `{% … %}` at the start of a line.
fn shortcode(line: &str) -> Option<&str> {
    let ends = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")];
    ends.iter().find_map(|(open, close)| Some(line.strip_prefix(open)?.split_once(close)?.0.trim_matches(['-', ' '])))
}

#[cfg(test)]
mod tests {
    use crate::document::parse;
    use crate::source::Source;

    fn found(text: &str) -> Vec<(String, String)> {
        let source = Source::new("a.md", text.to_string());
        let document = parse(&source);
        let blocks = document.hidden_code.iter();
        blocks
            .map(|block| {
                for (line, span) in block.text.lines().zip(&block.lines) {
                    assert_eq!(source.slice(*span), line);
                }
                (block.language.clone(), block.text.clone())
            })
            .collect()
    }

    #[test]
    fn fences_are_found_wherever_they_stand() {
        let block = |text: &str| vec![("bash".to_string(), text.to_string())];
        for text in [
            "=== \"Linux\"\n\n    ```bash\n    ls -l\n    ```\n",
            "!!! note\n    ```bash\n    ls -l\n    ```\n",
            "1. step\n\n        ```bash\n        ls -l\n        ```\n",
            "<details>\n<summary>x</summary>\n```bash\nls -l\n```\n</details>\n",
            "{{< highlight bash >}}\nls -l\n{{< /highlight >}}\n",
            "{% highlight bash %}\nls -l\n{% endhighlight %}\n",
        ] {
            assert_eq!(found(text), block("ls -l\n"), "{text}");
        }
        assert_eq!(found("<div>\n~~~bash\nif a; then\n  b\nfi\n~~~\n</div>\n"), block("if a; then\n  b\nfi\n"));
    }

    #[test]
    fn what_markdown_knows_or_nobody_sees_is_left_alone() {
        for text in [
            "```bash\nls\n```\n",
            "- x\n\n  ```bash\n  ls\n  ```\n",
            "~~~~markdown\n```bash\nls\n```\n~~~~\n",
            "<!--\n```bash\nls\n```\n-->\n",
            "a\n    ```ls``` b\n",
            "    ```bash\n    ls\n",
            "{{< highlight bash >}}\n",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
