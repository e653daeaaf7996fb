//! Markup written from an allow-list: well-formed, absolute http(s) URLs, lazy images resolved. ammonia checks it after.

use scraper::node::Element;
use url::Url;

use super::address::Resolver;

/// Elements that stored markup may hold. Everything else is unwrapped, or dropped with its content ([`is_dropped`]).
pub(super) const ALLOWED: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
];

/// A text node longer than this is written in parts, with an empty element between that ammonia removes: its serializer is
/// quadratic in the special characters of one node.
const PART_BYTES: usize = 256;

/// Whether an element is no text even where it is not understood: scripts, players, controls.
pub(crate) fn is_dropped(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "iframe"
            | "object"
            | "embed"
            | "applet"
            | "audio"
            | "video"
            | "canvas"
            | "svg"
            | "math"
            | "head"
            | "title"
            | "select"
            | "button"
            | "textarea"
            | "input"
            | "option"
            | "datalist"
            | "meter"
            | "progress"
            | "dialog"
            | "map"
            | "area"
            | "rp"
    )
}

/// Writes markup from an allow-list.
#[derive(Debug)]
pub(crate) struct Writer<'a> {
    out: String,
    addresses: Resolver<'a>,
    /// How long the output was after the last `<pre>`.
    after_pre: Option<usize>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(base: Option<&'a Url>) -> Self {
        Self { out: String::new(), addresses: Resolver::new(base), after_pre: None }
    }

    /// How long it is so far.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// How many addresses were resolved, each of which takes time.
    pub(super) fn resolved(&self) -> usize {
        self.addresses.resolved
    }

    /// What was written; still to be sanitised.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    pub(crate) fn text(&mut self, text: &str) {
        // Parsers drop one line break after `<pre>`; with none left, each of them reads the same.
        let is_first_of_pre = self.after_pre == Some(self.out.len());
        let mut rest = if is_first_of_pre { text.trim_start_matches(|c| c == '\n' || is_control(c)) } else { text };
        while rest.len() > PART_BYTES {
            let (part, later) = rest.split_at(rest.floor_char_boundary(PART_BYTES));
            self.escaped(part);
            self.out.push_str("<span></span>");
            rest = later;
        }
        self.escaped(rest);
    }

    /// A tag without attributes.
    pub(crate) fn open(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
        self.note_pre(name);
    }

    fn note_pre(&mut self, name: &str) {
        if name == "pre" {
            self.after_pre = Some(self.out.len());
        }
    }

    pub(crate) fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// The tag of an element with the attributes that may stay. `false`, with nothing written, when the element is
    /// not allowed, is an image without a source or a link without a target.
    pub(crate) fn start(&mut self, element: &Element) -> bool {
        let name = element.name();
        if !ALLOWED.contains(&name) {
            return false;
        }
        let before = self.out.len();
        self.out.push('<');
        self.out.push_str(name);
        match name {
            "a" => {
                let Some(url) = element.attr("href").and_then(|href| self.addresses.absolute(href)) else {
                    self.out.truncate(before);
                    return false;
                };
                self.attribute("href", url.as_str());
            }
            "img" => {
                let Some(url) = self.addresses.image_source(&|name| element.attr(name)) else {
                    self.out.truncate(before);
                    return false;
                };
                self.attribute("src", url.as_str());
                self.copied(element, &["alt", "width", "height"]);
            }
            "td" | "th" => self.copied(element, &["colspan", "rowspan"]),
            "ol" => self.copied(element, &["start"]),
            "time" => self.copied(element, &["datetime"]),
            _ => {}
        }
        self.copied(element, &["lang", "dir"]);
        self.out.push('>');
        self.note_pre(name);
        true
    }

    fn copied(&mut self, element: &Element, names: &[&str]) {
        // Most elements have neither attribute; looking for each by name is dearer than one walk.
        for (name, value) in element.attrs() {
            if names.contains(&name) {
                self.attribute(name, clipped(value));
            }
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.escaped(value);
        self.out.push('"');
    }

    /// Control characters are left out: they mean nothing in markup, and a terminal would obey them.
    fn escaped(&mut self, text: &str) {
        let is_special = |c: char| matches!(c, '&' | '<' | '>' | '"') || is_control(c);
        for part in text.split_inclusive(is_special) {
            let mut chars = part.chars();
            let escape = match chars.next_back() {
                Some(c) if is_control(c) => "",
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                _ => {
                    self.out.push_str(part);
                    continue;
                }
            };
            self.out.push_str(chars.as_str());
            self.out.push_str(escape);
        }
    }
}

/// A character without a glyph that is no white space. A carriage return in a tree comes from `&#13;`, and would be a
/// line feed at the next reading.
pub(super) fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// A void element has no end tag.
pub(crate) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img")
}

/// Bytes of a text in an attribute that are written. With all of them escaped they are still read whole.
const MAX_VALUE: usize = 1024;
/// The beginning of an attribute's text.
pub(super) fn clipped(value: &str) -> &str {
    &value[..value.floor_char_boundary(MAX_VALUE)]
}
