//! Bare addresses in text made links, as GitHub does and pulldown-cmark does not.
//!
//! <https://github.github.com/gfm/#autolinks-extension->

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::SpannedEvent;

/// Puts link events around the bare addresses of the text events, outside links and code.
pub fn link_bare_addresses(events: Vec<SpannedEvent<'_>>) -> Vec<SpannedEvent<'_>> {
    let mut linked = Vec::with_capacity(events.len() + 8);
    let mut run: Vec<SpannedEvent> = Vec::new();
    let mut inside = 0usize;
    for (event, range) in events {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => inside += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => inside -= 1,
            Event::Text(_) if inside == 0 => {
                run.push((event, range));
                continue;
            }
            _ => {}
        }
        flush(&mut run, &mut linked);
        linked.push((event, range));
    }
    flush(&mut run, &mut linked);
    linked
}

/// The parser splits text at every possible mark, so an address may lie across several events.
fn flush<'a>(run: &mut Vec<SpannedEvent<'a>>, linked: &mut Vec<SpannedEvent<'a>>) {
    // No mark of Markdown lies within a start, so it lies within one event.
    if !run.iter().any(|(event, _)| next_start(text_of(event), 0).is_some()) {
        linked.append(run);
        return;
    }
    let text: String = run.iter().map(|(event, _)| text_of(event)).collect();
    let addresses = addresses(&text);
    if addresses.is_empty() {
        linked.append(run);
        return;
    }
    let source = |at: usize, is_end: bool| source_offset(run, at, is_end);
    let piece = |range: Range<usize>| {
        let span = source(range.start, false)..source(range.end, true);
        (Event::Text(CowStr::from(text[range].to_string())), span)
    };
    let mut done = 0;
    for address in addresses {
        if done < address.start {
            linked.push(piece(done..address.start));
        }
        let shown = &text[address.clone()];
        let scheme = if shown.starts_with("www.") { "http://" } else { "" };
        let start = Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: CowStr::from(format!("{scheme}{shown}")),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        };
        let (inner, span) = piece(address.clone());
        linked.push((Event::Start(start), span.clone()));
        linked.push((inner, span.clone()));
        linked.push((Event::End(TagEnd::Link), span));
        done = address.end;
    }
    if done < text.len() {
        linked.push(piece(done..text.len()));
    }
    run.clear();
}

fn text_of<'e>(event: &'e Event<'_>) -> &'e str {
    match event {
        Event::Text(text) => text,
        _ => "",
    }
}

/// Where a byte of the joined text stands in the file. Inside an event whose text is not its source (an entity), the
/// event's own edge is the nearest true place.
fn source_offset(run: &[SpannedEvent<'_>], at: usize, is_end: bool) -> usize {
    let mut before = 0;
    for (event, range) in run {
        let len = text_of(event).len();
        let inside = if is_end { at <= before + len } else { at < before + len };
        if inside {
            return match (range.len() == len, is_end) {
                (true, _) => range.start + at - before,
                (false, true) => range.end,
                (false, false) => range.start,
            };
        }
        before += len;
    }
    run.last().map_or(0, |(_, range)| range.end)
}

fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next_start(text, at) {
        match address_end(text, start) {
            Some(end) => {
                found.push(start..end);
                at = end;
            }
            None => at = start + 1,
        }
    }
    found
}

const STARTS: [&str; 3] = ["https://", "http://", "www."];

fn next_start(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let begins_word = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '/');
    (from..bytes.len()).find(|at| {
        // Most bytes are neither, which is seen without a search.
        matches!(bytes[*at], b'h' | b'w')
            && STARTS.iter().any(|start| bytes[*at..].starts_with(start.as_bytes()))
            && begins_word(*at)
    })
}

fn address_end(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    let mut len = rest.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(rest.len());
    loop {
        let address = &rest[..len];
        let last = address.chars().next_back()?;
        let unbalanced = || address.matches(')').count() > address.matches('(').count();
        let trailing = "?!.,:*_~'\"".contains(last) || (last == ')' && unbalanced());
        if !trailing {
            break;
        }
        len -= last.len_utf8();
    }
    let scheme = STARTS.iter().find(|scheme| rest.starts_with(**scheme))?;
    let host = rest[..len].strip_prefix(scheme)?;
    let host_len = host.find(['/', '?', '#', ':']).unwrap_or(host.len());
    let is_host = host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
        && host[..host_len].chars().all(|c| c.is_alphanumeric() || "-_.[]:@".contains(c));
    is_host.then_some(start + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_where_github_ends_them() {
        let cases = [
            ("see https://a.example/x_y, then", vec!["https://a.example/x_y"]),
            ("(https://a.example/p_(q))", vec!["https://a.example/p_(q)"]),
            (
                "www.a.example. And http://localhost:9090/graph?g0=1&x",
                vec!["www.a.example", "http://localhost:9090/graph?g0=1&x"],
            ),
            ("xhttp://a and https:// and http://<host>/", vec![]),
            ("\"https://a.example\"", vec!["https://a.example"]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = addresses(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
