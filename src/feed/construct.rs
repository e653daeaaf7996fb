//! What a title, summary or content is: characters, HTML, or HTML that nobody declared.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::atom::Markup;
use super::clip;
use super::xml::html::{self, Links};
use super::xml::tree::{Element, Node};

/// How far a dialect can be trusted when a text says nothing about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Untyped {
    /// RSS never says: what looks like HTML is HTML.
    Guess,
    /// The same where the publisher is known to escape once: a reference that is left over is meant to be read as it is.
    GuessByTags,
    /// Atom: a text without a type is characters.
    Characters,
}

/// Reads the element of a text construct.
pub(super) fn read(element: &Element<'_>, untyped: Untyped) -> Markup {
    let media_type = element.attribute("type").map(|value| value.to_ascii_lowercase());
    let media_type = media_type.as_deref().map(|value| value.split(';').next().unwrap_or_default().trim());
    if is_inline(element) {
        return Markup::Html(html::inner(element, None));
    }
    let text = element.text();
    let is_binary = media_type.is_some_and(is_binary);
    let is_base64 = is_binary || element.attribute("mode").is_some_and(|mode| mode.eq_ignore_ascii_case("base64"));
    if is_base64 && let Some(bytes) = decode_base64(&text) {
        match String::from_utf8(bytes) {
            Ok(decoded) => return guess(decoded),
            Err(_) if media_type.is_some_and(is_shown_otherwise) => return Markup::Text(String::new()),
            Err(_) => {}
        }
    }
    let text = text.into_owned();
    let is_escaped = !element.children.iter().any(|child| matches!(child, Node::Literal(_)));
    match media_type {
        Some("html" | "text/html" | "xhtml" | "application/xhtml+xml") => Markup::Html(text),
        None | Some("text" | "text/plain" | "plain") if untyped == Untyped::Characters => Markup::Text(text),
        None if is_escaped => guess_as(text, untyped),
        _ => guess(text),
    }
}

/// Whether markup stands in an element as it is, unescaped.
fn is_inline(element: &Element<'_>) -> bool {
    element.children.iter().any(|child| matches!(child, Node::Element(_)))
}

/// Whether an element shows that its publisher escapes once: it has an escaped ampersand that begins no reference, as in
/// `Q&amp;A`. Who escapes twice, as RSS allows, writes `Q&amp;amp;A`.
pub(super) fn is_escaped_once(element: &Element<'_>) -> bool {
    element.children.iter().any(|child| match child {
        Node::Text(text) => has_bare_ampersand(text, "&amp;"),
        Node::Literal(_) | Node::Element(_) => false,
    })
}

/// Whether a text has an ampersand, as it is spelled here, that begins no reference.
pub(super) fn has_bare_ampersand(text: &str, ampersand: &str) -> bool {
    text.match_indices(ampersand).any(|(at, mark)| !is_reference(&text[at + mark.len()..]))
}

/// The same for a summary or content, where text that only mentions tags is rare: HTML when it has any of HTML's tags
/// or a reference.
///
/// A body whose Atom type is missing is often HTML all the same, and then it shows it as a title does; the dialect is
/// believed where it gives a type.
pub(super) fn read_body(element: &Element<'_>, untyped: Untyped, links: Links<'_>) -> Markup {
    if is_inline(element) {
        return Markup::Html(html::inner(element, Some(links)));
    }
    let is_typed = element.attribute("type").is_some();
    match (read(element, if is_typed { untyped } else { Untyped::Guess }), untyped) {
        (Markup::Text(text), Untyped::Guess | Untyped::GuessByTags) if may_be_html(&text) => Markup::Html(text),
        (markup, _) => markup,
    }
}

/// What an element says in one line of text, its title mostly.
pub(super) fn line_of(element: &Element<'_>, untyped: Untyped) -> String {
    match read(element, untyped) {
        Markup::Text(text) => clip(&text, MAX_LINE).to_owned(),
        Markup::Html(text) => crate::html::plain_text(clip(&text, MAX_LINE)),
    }
}

/// Longest line in bytes.
const MAX_LINE: usize = 4 * 1024;

/// A name as one line of text: that of a dialect that never says may be HTML, as titles are.
pub(super) fn line(text: &str, untyped: Untyped) -> String {
    let text = clip(text, MAX_LINE);
    let is_html = untyped != Untyped::Characters && looks_like_html(text);
    if is_html { crate::html::plain_text(text) } else { text.to_owned() }
}

/// HTML when all its tags are HTML's and at least one is closed or a reference is in it; else characters.
///
/// So `How <br> works` and `1 < 2` stay what they are. The rule is the one that feedparser has used for long.
pub(super) fn guess(text: String) -> Markup {
    if looks_like_html(&text) { Markup::Html(text) } else { Markup::Text(text) }
}

/// The same for a text whose references may be meant as they are: a text about escaping is about markup's own five
/// characters, and nobody writes of `&#8217;`.
pub(super) fn guess_as(text: String, untyped: Untyped) -> Markup {
    let is_basic =
        |(at, _)| BASIC.iter().any(|name| text[at + 1..].strip_prefix(name).is_some_and(|rest| rest.starts_with(';')));
    let is_about_escaping = || text.match_indices('&').filter(|(at, _)| is_reference(&text[at + 1..])).all(is_basic);
    let is_text = untyped == Untyped::GuessByTags && tag_names(&text).next().is_none() && is_about_escaping();
    if is_text { Markup::Text(text) } else { guess(text) }
}

/// The names of the characters that markup is made of.
const BASIC: [&str; 5] = ["amp", "lt", "gt", "quot", "apos"];

fn looks_like_html(text: &str) -> bool {
    let has_evidence = has_end_tag(text) || has_reference(text) || text.contains("/>");
    has_evidence && tag_names(text).all(is_known_tag)
}

fn may_be_html(text: &str) -> bool {
    has_reference(text) || tag_names(text).any(is_known_tag)
}

fn is_known_tag(name: &str) -> bool {
    KNOWN_TAGS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn has_end_tag(text: &str) -> bool {
    text.match_indices("</").any(|(at, _)| text.as_bytes().get(at + 2).is_some_and(u8::is_ascii_alphabetic))
}

fn has_reference(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| is_reference(&text[at + 1..]))
}

/// Whether what follows an ampersand makes it a reference.
fn is_reference(rest: &str) -> bool {
    let name = rest.bytes().take(32).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#');
    let name_len = name.count();
    name_len > 0 && rest.as_bytes().get(name_len) == Some(&b';')
}

fn tag_names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('<').filter_map(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches('/');
        let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        rest.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| &rest[..len])
    })
}

/// Elements that occur in the text of feeds.
const KNOWN_TAGS: &[&str] = &[
    "p",
    "a",
    "br",
    "img",
    "div",
    "span",
    "b",
    "i",
    "em",
    "strong",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "tr",
    "td",
    "th",
    "tbody",
    "thead",
    "tfoot",
    "pre",
    "code",
    "hr",
    "font",
    "small",
    "sub",
    "sup",
    "u",
    "s",
    "strike",
    "del",
    "ins",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "audio",
    "big",
    "button",
    "caption",
    "center",
    "cite",
    "col",
    "colgroup",
    "dd",
    "dl",
    "dt",
    "dfn",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "html",
    "body",
    "head",
    "iframe",
    "input",
    "kbd",
    "label",
    "legend",
    "link",
    "main",
    "map",
    "area",
    "mark",
    "meta",
    "nav",
    "noscript",
    "object",
    "option",
    "param",
    "picture",
    "q",
    "samp",
    "script",
    "section",
    "select",
    "source",
    "style",
    "svg",
    "textarea",
    "time",
    "track",
    "tt",
    "var",
    "video",
    "wbr",
    "details",
    "summary",
    "nobr",
    "noindex",
    "path",
    "g",
    "rb",
    "rbc",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "bdi",
    "bdo",
    "marquee",
    "blink",
    "canvas",
    "data",
    "datalist",
    "dialog",
    "dir",
    "hgroup",
    "listing",
    "math",
    "menu",
    "meter",
    "noembed",
    "noframes",
    "frame",
    "frameset",
    "optgroup",
    "output",
    "plaintext",
    "progress",
    "search",
    "slot",
    "spacer",
    "template",
    "title",
    "base",
    "basefont",
    "bgsound",
    "applet",
    "xmp",
];

/// Whether content of this media type stands in the document as base64 (RFC 4287 section 4.1.3.3).
fn is_binary(media_type: &str) -> bool {
    let is_text = media_type.starts_with("text/") || media_type.ends_with("+xml") || media_type.ends_with("/xml");
    media_type.contains('/') && !is_text
}

/// Whether content of this media type is no text but a picture, a sound or a file.
fn is_shown_otherwise(media_type: &str) -> bool {
    let (kind, _) = media_type.split_once('/').unwrap_or_default();
    matches!(kind, "image" | "audio" | "video" | "font")
        || matches!(media_type, "application/octet-stream" | "application/pdf")
}

/// Base64 of either alphabet.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let letter = |byte: u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    };
    let letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').map(letter);
    STANDARD_NO_PAD.decode(letters.collect::<Vec<_>>()).ok()
}

#[cfg(test)]
mod tests {
    use super::{Markup, Untyped, read};
    use crate::feed::xml::tree;

    #[track_caller]
    fn check(element: &str, untyped: Untyped, expected: &Markup) {
        assert_eq!(&read(&tree::parse(element, 1).roots[0], untyped), expected);
    }

    fn html(text: &str) -> Markup {
        Markup::Html(text.to_owned())
    }

    fn text(text: &str) -> Markup {
        Markup::Text(text.to_owned())
    }

    #[test]
    fn a_declared_type_is_honoured() {
        check("<x type='html'>&lt;b>a&lt;/b></x>", Untyped::Characters, &html("<b>a</b>"));
        check("<x type='text'>&lt;b>a&lt;/b></x>", Untyped::Characters, &text("<b>a</b>"));
        check("<x type='xhtml'><div>a &amp; b</div></x>", Untyped::Characters, &html("<div>a &amp; b</div>"));
        check("<x type='text/html' mode='base64'>PGI+YTwvYj4=</x>", Untyped::Guess, &html("<b>a</b>"));
        check("<x type='image/png'>iVBORw0KGgo=</x>", Untyped::Characters, &text(""));
        check("<x type='application/x-own'>test</x>", Untyped::Characters, &text("test"));
    }

    #[test]
    fn undeclared_html_is_told_from_text() {
        check("<x>&lt;b>a&lt;/b></x>", Untyped::Guess, &html("<b>a</b>"));
        check("<x>&lt;ruby>a&lt;rt>b&lt;/rt>&lt;/ruby></x>", Untyped::Guess, &html("<ruby>a<rt>b</rt></ruby>"));
        check("<x>AT&amp;amp;T</x>", Untyped::Guess, &html("AT&amp;T"));
        check("<x>How &lt;br> works</x>", Untyped::Guess, &text("How <br> works"));
        check("<x>Vec&lt;T> &lt;/T></x>", Untyped::Guess, &text("Vec<T> </T>"));
        check("<x>1 &lt; 2 &amp; 3</x>", Untyped::Guess, &text("1 < 2 & 3"));
    }
}
