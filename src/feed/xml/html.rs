//! Markup inside an element → the HTML that it means.

use std::fmt::Write as _;

use url::Url;

use super::entity;
use super::tree::{Element, Node};
use crate::feed::allowance::Allowance;
use crate::feed::base::{absolute, base_of};

/// The inside of an element as HTML, for `XHTML` content and for markup that somebody forgot to escape.
///
/// Where text beside real elements itself holds escaped tags (`&lt;p&gt;`), it is taken as HTML like the rest, unless the
/// element declares to be XHTML, which is not escaped. HTML has no `xml:base`: the links in an element that has one are made absolute, while the allowance for such lasts.
pub(in crate::feed) fn inner(element: &Element<'_>, links: Option<Links<'_>>) -> String {
    let is_xhtml = element.attribute("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("xhtml"));
    let holds_escaped_tags = !is_xhtml
        && element.children.iter().any(|child| match child {
            Node::Text(text) => text.contains("&lt;p") || text.contains("&lt;a ") || text.contains("&lt;/"),
            Node::Literal(text) => text.contains('<'),
            Node::Element(_) => false,
        });
    let mut out = String::new();
    for child in &element.children {
        write_node(&mut out, child, holds_escaped_tags, Inside { links, has_base: false });
    }
    out
}

/// What links count from, and how many may still be resolved.
#[derive(Debug, Clone, Copy)]
pub(in crate::feed) struct Links<'a> {
    pub(in crate::feed) base: Option<&'a Url>,
    pub(in crate::feed) parts: &'a Allowance,
}

/// Where a node stands.
#[derive(Debug, Clone, Copy)]
struct Inside<'a> {
    links: Option<Links<'a>>,
    /// Whether an element around it has a base of its own.
    has_base: bool,
}

fn write_node(out: &mut String, node: &Node<'_>, text_is_html: bool, inside: Inside<'_>) {
    match node {
        Node::Text(text) if text_is_html => out.push_str(&entity::resolve(text)),
        Node::Literal(text) if text_is_html => out.push_str(&entity::clean(text)),
        Node::Text(text) => escape_into(out, &entity::resolve(text)),
        Node::Literal(text) => escape_into(out, &entity::clean(text)),
        Node::Element(element) => write_element(out, element, inside),
    }
}

fn write_element(out: &mut String, element: &Element<'_>, inside: Inside<'_>) {
    let name = &*element.name;
    let own_links = inside.links.filter(|links| element.attribute("xml:base").is_some() && links.parts.take());
    let own_base = own_links.and_then(|links| base_of(element, links.base));
    let inside = match own_links {
        Some(links) => Inside { links: Some(Links { base: own_base.as_ref(), ..links }), has_base: true },
        None => inside,
    };
    let _infallible = write!(out, "<{name}");
    for (key, value) in element.attributes() {
        if key.starts_with("xmlns") || key.contains(['<', '"', '\'', '>']) {
            continue;
        }
        let value = entity::resolve(value);
        let is_link = inside.has_base && matches!(key, "href" | "src");
        let links = inside.links.filter(|links| is_link && links.parts.take());
        let resolved = links.map(|links| absolute(&value, links.base));
        let _infallible = write!(out, " {key}=\"");
        escape_into(out, resolved.as_deref().unwrap_or(&value));
        out.push('"');
    }
    out.push('>');
    for child in &element.children {
        write_node(out, child, false, inside);
    }
    if !matches!(name, "br" | "hr" | "img" | "input" | "wbr" | "area" | "col" | "embed" | "source" | "track") {
        let _infallible = write!(out, "</{name}>");
    }
}

/// Appends `text` with the characters escaped that markup uses.
pub(in crate::feed) fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::inner;
    use crate::feed::xml::tree;

    #[track_caller]
    fn check(inside: &str, expected: &str) {
        let text = format!("<content>{inside}</content>");
        assert_eq!(inner(&tree::parse(&text, 1).roots[0], None), expected);
    }

    #[test]
    fn markup_is_html_again() {
        check(
            "<x:p xmlns:x='http://www.w3.org/1999/xhtml' class=\"a\">a &lt; b<x:br/></x:p>",
            "<p class=\"a\">a &lt; b<br></p>",
        );
        check("<a href=\"?a=1&amp;b=2\">AT&amp;T</a>", "<a href=\"?a=1&amp;b=2\">AT&amp;T</a>");
        check("<td/>", "<td></td>");
        check("&lt;p&gt;escaped&lt;/p&gt;<br/>", "<p>escaped</p><br>");
        let declared = "<content type='xhtml'>Close it with &lt;/div&gt; <b>now</b></content>";
        assert_eq!(inner(&tree::parse(declared, 1).roots[0], None), "Close it with &lt;/div&gt; <b>now</b>");
    }
}
