//! Addresses on the web: which links name one, and what they answered when they were asked.

use std::collections::BTreeSet;

use crate::document::{Document, Link};

/// What an address said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A page, or the refusal of one that is there.
    Alive,
    /// Another status of HTTP.
    Status(u16),
    /// Nothing that could be understood, and why.
    Silent(String),
    /// Its host wants to be left alone for now.
    Unjudged,
}

/// The address that a link asks the web for, without its fragment; `None` where it names none that could be asked from
/// everywhere: another scheme, a placeholder, an example, the reader's own machine.
pub fn web_address(link: &Link) -> Option<String> {
    let target = link.target.split('#').next().unwrap_or_default();
    let address = match target.starts_with("//") {
        true => format!("https:{target}"),
        false => target.to_string(),
    };
    let scheme = address.split_once("://").map(|(scheme, _)| scheme)?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let is_filled_in = !address.contains(['<', '>', '{', '}', '$', '\\', '…']) && !address.contains("...");
    (is_web && is_filled_in && is_public(host_of(&address))).then_some(address)
}

/// Host of an address with its port, without user and password.
pub fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// All addresses that the links of documents name.
pub fn web_addresses<'d>(documents: impl Iterator<Item = &'d Document<'d>>) -> BTreeSet<String> {
    documents.flat_map(|document| &document.links).filter_map(web_address).collect()
}

/// Ends of names that mean another host for everyone, or none at all.
/// <https://www.rfc-editor.org/rfc/rfc6761>, <https://www.rfc-editor.org/rfc/rfc2606>
const PRIVATE: [&str; 9] =
    ["localhost", "example", "invalid", "test", "example.com", "example.net", "example.org", "cluster.local", "svc"];

fn is_public(host: &str) -> bool {
    let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
    let name = name.to_ascii_lowercase();
    let is_below = |end: &str| name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.[]:".contains(c));
    // 169.254.0.0/16 and 0.0.0.0 are of the machine that asks; the first may tell its secrets.
    let is_own = name.starts_with("169.254.") || name == "0.0.0.0" || name == "[::1]";
    let is_dotted = name.starts_with('[') || (name.contains('.') && !name.starts_with('.') && !name.ends_with('.'));
    is_name && is_dotted && !is_own && !PRIVATE.iter().any(|end| is_below(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::LinkStyle;
    use crate::source::Span;

    #[test]
    fn only_what_can_be_asked_from_everywhere_is_an_address() {
        let cases = [
            ("https://wiki.acme.io/a?b=c#d", Some("https://wiki.acme.io/a?b=c")),
            ("//cdn.acme.io/x", Some("https://cdn.acme.io/x")),
            ("HTTP://127.0.0.1:8080/x", Some("HTTP://127.0.0.1:8080/x")),
            ("http://[2001:db8::1]:80/x", Some("http://[2001:db8::1]:80/x")),
            ("http://localhost:9090/graph", None),
            ("https://grafana.example/d/1", None),
            ("https://wiki.example.com/", None),
            ("http://prometheus:9090", None),
            ("http://api.shop.svc.cluster.local/health", None),
            ("https://<host>.acme.io/", None),
            ("https://grafana.", None),
            ("https://acme.io/$CLUSTER", None),
            ("http://169.254.169.254/latest/meta-data", None),
            ("mailto:ops@acme.io", None),
            ("a.md", None),
        ];
        for (target, expected) in cases {
            let link = Link {
                style: LinkStyle::Inline,
                is_image: false,
                text: String::new(),
                target: target.to_string(),
                span: Span::default(),
                target_span: Span::default(),
            };
            assert_eq!(web_address(&link).as_deref(), expected, "{target}");
        }
    }

    #[test]
    fn hosts_keep_their_port_and_lose_the_user() {
        assert_eq!(host_of("https://user:word@a.io:8443/x@y"), "a.io:8443");
        assert_eq!(host_of("http://a.io?x"), "a.io");
    }
}
