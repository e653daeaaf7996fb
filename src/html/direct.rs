//! Well-formed markup → what [`sanitize`](super::sanitize()) makes of it, in one pass, without a tree.
//!
//! Most bodies of feeds are well-formed, and for those the parser decides nothing: each tag opens and closes what it
//! names. This pass follows html5ever's rules as long as they lead straight on, and gives up where they don't: an
//! element that would be closed, moved or repeated by the parser, a reference without its semicolon, an element with
//! rules of its own. It gives up as well where the written markup, which lacks the elements that are not allowed,
//! would be read otherwise than the original. So ammonia would hand back what it writes as it is, and need not be
//! asked: the tests compare the two.

use super::address::Resolver;
use super::attribute::{Next, forgotten_quote, next_attribute};
use super::kind::{Fate, Kind, element};
use super::reference::{Place, Reference, reference, resolve};
use super::slim;
use super::write::{clipped, is_control};

/// Deeper or longer markup is the parser's, which bounds it.
const MAX_DEPTH: usize = 100;
const MAX_ELEMENTS: usize = 50_000;

/// Sanitises markup that needs no repair; `None` for any other, and for what would be longer than `max`.
pub(super) fn sanitize(fragment: &str, addresses: &mut Resolver<'_>, max: usize) -> Option<String> {
    if fragment.starts_with('\u{FEFF}') {
        return None; // The parser takes it for a byte order mark.
    }
    let lines;
    let text = if memchr::memchr(b'\r', fragment.as_bytes()).is_some() {
        lines = fragment.replace("\r\n", "\n");
        (!lines.contains('\r')).then_some(lines.as_str())?
    } else {
        fragment
    };
    let mut pass = Pass {
        text,
        addresses,
        out: String::with_capacity(text.len()),
        open: Vec::new(),
        attributes: Vec::new(),
        after_pre: None,
        elements: 0,
        max,
    };
    pass.run()?;
    Some(pass.out).filter(|out| out.len() <= max && !out.starts_with('\u{FEFF}'))
}

/// Attributes that something is made of, as they are collected; the lazy sources of images are looked up by name.
const ATTRIBUTES: &[&str] = &[
    "href",
    "src",
    "alt",
    "width",
    "height",
    "colspan",
    "rowspan",
    "start",
    "datetime",
    "lang",
    "dir",
    "srcset",
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-hi-res-src",
    "data-url",
    "data-image",
    "data-srcset",
    "data-lazy-srcset",
];

struct Open<'a> {
    /// As the markup spells it.
    name: &'a str,
    kind: Kind,
    /// Its end tag when it was written.
    written: Option<&'static str>,
    /// Where its output began, when it is dropped.
    dropped_from: Option<usize>,
    /// Whether a paragraph is open in it or around it, that a block would close.
    in_paragraph: bool,
}

struct Pass<'a, 'r, 'b> {
    text: &'a str,
    addresses: &'r mut Resolver<'b>,
    out: String,
    open: Vec<Open<'a>>,
    /// Of the tag at hand.
    attributes: Vec<(&'static str, String)>,
    /// How long the output was after the last `<pre>`: the parser drops a line break there.
    after_pre: Option<usize>,
    elements: usize,
    max: usize,
}

impl Pass<'_, '_, '_> {
    fn run(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        let mut from = 0; // Of the text that is not yet written.
        while let Some(found) = memchr::memchr(b'<', &bytes[at..]).map(|n| at + n) {
            let next = *bytes.get(found + 1)?;
            if next.is_ascii_whitespace() || next.is_ascii_digit() || next == b'=' {
                at = found + 1;
                continue;
            }
            self.characters(&self.text[from..found])?;
            at = match next {
                b'!' | b'?' => self.comment(found)?,
                b'/' => self.end(found)?,
                _ if next.is_ascii_alphabetic() => self.start(found)?,
                _ => return None,
            };
            from = at;
        }
        self.characters(&self.text[from..])?;
        while !self.open.is_empty() {
            self.close();
        }
        Some(())
    }

    fn comment(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if bytes[at..].len() > 9 && bytes[at + 2..at + 9].eq_ignore_ascii_case(b"doctype") {
            return None;
        }
        let end = slim::comment_end(bytes, at);
        (end < bytes.len()).then_some(end)
    }

    /// Text, which in a table is white space or would be moved out of it.
    fn characters(&mut self, text: &str) -> Option<()> {
        if text.is_empty() {
            return Some(());
        }
        let is_space = || text.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\t'));
        if self.is_in_table() && !is_space() {
            return None;
        }
        if self.after_pre == Some(self.out.len()) && text.starts_with(|c: char| c == '&' || c.is_control()) {
            return None;
        }
        let mut rest = text;
        while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
            escape(&mut self.out, &rest[..at], false);
            rest = &rest[at..];
            match reference(rest, Place::Text)? {
                Reference::To(len, first, second) => {
                    for c in [Some(first), second].into_iter().flatten() {
                        escape(&mut self.out, c.encode_utf8(&mut [0; 4]), false);
                    }
                    rest = &rest[len..];
                }
                Reference::Ampersand => {
                    self.out.push_str("&amp;");
                    rest = &rest[1..];
                }
            }
        }
        escape(&mut self.out, rest, false);
        Some(())
    }

    fn is_in_table(&self) -> bool {
        matches!(self.open.last().map(|open| open.kind), Some(Kind::Table | Kind::Section | Kind::Row))
    }

    fn start(&mut self, at: usize) -> Option<usize> {
        self.elements += 1;
        let name = name_at(self.text, at + 1)?;
        let mut lower = [0; 16];
        let (known, kind, fate) = match lower.get_mut(..name.len()) {
            Some(lower) => {
                lower.copy_from_slice(name.as_bytes());
                lower.make_ascii_lowercase();
                element(std::str::from_utf8(lower).ok()?)?
            }
            None => ("", Kind::Ordinary, Fate::Unwrap),
        };
        let end = self.read_attributes(at + 1 + name.len(), fate)?;
        if kind == Kind::Raw {
            return self.skip(name, end);
        }
        self.make_room(kind, name)?;
        let in_paragraph = self.in_paragraph();
        let before = self.out.len();
        let is_written = fate == Fate::Write && self.write_start(known);
        if kind == Kind::Pre {
            self.after_pre = Some(self.out.len());
        }
        if !matches!(kind, Kind::Void | Kind::Rule) {
            let in_paragraph = match kind {
                Kind::Paragraph => true,
                Kind::Table | Kind::Section | Kind::Row | Kind::Cell | Kind::Caption => false,
                _ => in_paragraph,
            };
            let dropped_from = (fate == Fate::Drop).then_some(before);
            self.open.push(Open { name, kind, written: is_written.then_some(known), dropped_from, in_paragraph });
        }
        let is_bounded = self.open.len() <= MAX_DEPTH && self.elements <= MAX_ELEMENTS && self.out.len() <= self.max;
        is_bounded.then_some(end)
    }

    fn in_paragraph(&self) -> bool {
        self.open.last().is_some_and(|open| open.in_paragraph)
    }

    /// Closes what an element of this kind closes, where that is the innermost one.
    fn make_room(&mut self, kind: Kind, name: &str) -> Option<()> {
        let top = self.open.last().map(|open| open.kind);
        let fits = match (top, kind) {
            (Some(Kind::Table), Kind::Section | Kind::Caption)
            | (Some(Kind::Section), Kind::Row)
            | (Some(Kind::Row), Kind::Cell) => true,
            (Some(Kind::Table), Kind::Row) => {
                // The parser adds the `tbody` that is missing.
                self.out.push_str("<tbody>");
                let in_paragraph = false;
                let section =
                    Open { name: "", kind: Kind::Section, written: Some("tbody"), dropped_from: None, in_paragraph };
                self.open.push(section);
                true
            }
            (Some(Kind::Table | Kind::Section | Kind::Row), _)
            | (_, Kind::Section | Kind::Row | Kind::Cell | Kind::Caption) => false,
            _ => true,
        };
        if !fits {
            return None;
        }
        match kind {
            // A player that holds a link may be kept for it.
            Kind::Anchor => {
                let stands_alone = |open: &Open<'_>| open.kind != Kind::Anchor && open.dropped_from.is_none();
                self.open.iter().all(stands_alone).then_some(())?;
            }
            Kind::Heading => self.open.iter().all(|open| open.kind != Kind::Heading).then_some(())?,
            Kind::Formatting => {
                let same = self.open.iter().filter(|open| open.name.eq_ignore_ascii_case(name)).count();
                (same < 3).then_some(())?; // Of more than three the parser forgets the first.
            }
            Kind::Item | Kind::Definition => self.end_item(kind)?,
            _ => {}
        }
        let closes_paragraph = !matches!(kind, Kind::Ordinary | Kind::Formatting | Kind::Anchor | Kind::Void);
        if closes_paragraph && self.in_paragraph() {
            (self.open.last()?.kind == Kind::Paragraph).then_some(())?;
            self.close();
        }
        Some(())
    }

    /// Closes the item that another one ends.
    fn end_item(&mut self, kind: Kind) -> Option<()> {
        let last = self.open.len().wrapping_sub(1);
        for (depth, open) in self.open.iter().enumerate().rev() {
            if open.kind == kind {
                (depth == last).then_some(())?;
                self.close();
                break;
            }
            let is_special = !matches!(open.kind, Kind::Ordinary | Kind::Formatting | Kind::Anchor | Kind::Paragraph);
            if is_special && open.written.is_some_and(|name| name != "div") {
                break;
            }
        }
        Some(())
    }

    fn end(&mut self, at: usize) -> Option<usize> {
        let name = name_at(self.text, at + 2)?;
        let bytes = self.text.as_bytes();
        let mut end = at + 2 + name.len();
        while bytes.get(end)?.is_ascii_whitespace() {
            end += 1;
        }
        (bytes[end] == b'>').then_some(())?;
        let mut depth = self.open.len();
        loop {
            depth = depth.checked_sub(1)?;
            let open = &self.open[depth];
            let is_last = depth + 1 == self.open.len();
            if open.name.eq_ignore_ascii_case(name) {
                let ends_others = matches!(
                    open.kind,
                    Kind::Block
                        | Kind::Heading
                        | Kind::Item
                        | Kind::Definition
                        | Kind::Cell
                        | Kind::Caption
                        | Kind::Table
                );
                (is_last || ends_others).then_some(())?;
                break;
            }
            let is_implied = matches!(open.kind, Kind::Paragraph | Kind::Item | Kind::Definition)
                || open.kind == Kind::Section && open.name.is_empty() && is_last;
            is_implied.then_some(())?;
        }
        while self.open.len() > depth {
            self.close();
        }
        Some(end + 1)
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if let Some(from) = open.dropped_from {
            self.out.truncate(from);
        }
        if let Some(name) = open.written {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// After the end tag of an element that `slim` drops.
    fn skip(&self, name: &str, from: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let closing = slim::find_closing(bytes, from, name.as_bytes())?;
        let inside = &self.text[from..closing];
        let is_kept = match name.to_ascii_lowercase().as_str() {
            "noscript" => slim::holds_text(inside),
            "iframe" => inside.contains('<'),
            "svg" => slim::drawn_words(inside, 0).is_some(),
            _ => false,
        };
        let end = closing + 2 + name.len();
        (!is_kept && bytes.get(end) == Some(&b'>')).then_some(end + 1)
    }

    /// Collects the attributes of a tag. Returns where the tag ends.
    fn read_attributes(&mut self, from: usize, fate: Fate) -> Option<usize> {
        self.attributes.clear();
        let bytes = self.text.as_bytes();
        let (mut at, mut count) = (from, 0);
        loop {
            let attribute = match next_attribute(bytes, at) {
                Next::Attribute(attribute) => attribute,
                Next::End(end) => return (end > at && bytes[end - 1] == b'>').then_some(end),
            };
            count += 1;
            if count > slim::MAX_ATTRIBUTES {
                return None;
            }
            if forgotten_quote(bytes, &attribute).is_some() {
                return None;
            }
            at = attribute.end;
            if fate != Fate::Write {
                continue;
            }
            let name = &self.text[attribute.start..attribute.name_end];
            let Some(name) = ATTRIBUTES.iter().find(|known| known.eq_ignore_ascii_case(name)) else { continue };
            let value = &self.text[attribute.value.clone()];
            let is_wanted =
                slim::is_wanted(&self.text[attribute.start..at], attribute.name_end - attribute.start, value.len());
            if !is_wanted || self.attributes.iter().any(|(known, _)| known == name) {
                continue;
            }
            let is_plain = value.bytes().all(|byte| byte >= b' ' && byte != 0x7F || matches!(byte, b'\n' | b'\t'));
            (is_plain && value.len() <= slim::MAX_VALUE_BYTES).then_some(())?;
            let mut resolved = String::with_capacity(value.len());
            resolve(value, Place::Attribute, &mut resolved)?;
            self.attributes.push((name, resolved));
        }
    }

    /// As [`Writer::start`](super::write::Writer::start).
    fn write_start(&mut self, name: &'static str) -> bool {
        let attributes = std::mem::take(&mut self.attributes);
        let is_written = self.write_tag(name, &|name| {
            attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
        });
        self.attributes = attributes;
        is_written
    }

    fn write_tag<'v>(&mut self, name: &'static str, value: &impl Fn(&str) -> Option<&'v str>) -> bool {
        let (url, copied): (_, &[&str]) = match name {
            "a" => (Some(("href", value("href").and_then(|href| self.addresses.absolute(href)))), &[]),
            "img" => (Some(("src", self.addresses.image_source(value))), &["alt", "height", "width"]),
            "td" | "th" => (None, &["colspan", "rowspan"]),
            "ol" => (None, &["start"]),
            "time" => (None, &["datetime"]),
            _ => (None, &[]),
        };
        if matches!(url, Some((_, None))) {
            return false;
        }
        self.out.push('<');
        self.out.push_str(name);
        if let Some((name, Some(url))) = &url {
            self.attribute(name, url.as_str());
        }
        // In the order of their names, as the tree keeps them.
        for name in copied.iter().chain(&["dir", "lang"]) {
            if let Some(value) = value(name) {
                self.attribute(name, clipped(value));
            }
        }
        self.out.push('>');
        true
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, value, true);
        self.out.push('"');
    }
}

/// The name of a tag, when it is an ordinary one.
fn name_at(text: &str, from: usize) -> Option<&str> {
    let rest = &text[from..];
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_');
    let end = rest.bytes().position(|byte| !is_name(&byte))?;
    let is_end = rest.as_bytes()[end].is_ascii_whitespace() || matches!(rest.as_bytes()[end], b'/' | b'>');
    (is_end && end > 0).then(|| &rest[..end])
}

/// Appends `text` as html5ever's serializer writes it, without control characters.
fn escape(out: &mut String, text: &str, in_attribute: bool) {
    let bytes = text.as_bytes();
    let mut from = 0;
    let mut at = 0;
    while at < bytes.len() {
        if !IS_SPECIAL[usize::from(bytes[at])] {
            at += 1;
            continue;
        }
        let (len, replacement) = match bytes[at] {
            b'&' => (1, "&amp;"),
            b'<' => (1, "&lt;"),
            b'>' => (1, "&gt;"),
            b'"' if in_attribute => (1, "&quot;"),
            0xC2 if bytes.get(at + 1) == Some(&0xA0) => (2, "&nbsp;"),
            0xC2 if text[at..].starts_with(is_control) => (2, ""),
            0..=0x1F | 0x7F if is_control(char::from(bytes[at])) => (1, ""),
            _ => {
                at += 1;
                continue;
            }
        };
        out.push_str(&text[from..at]);
        out.push_str(replacement);
        at += len;
        from = at;
    }
    out.push_str(&text[from..]);
}

/// Bytes that may begin something that is not written as it is.
static IS_SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'"' as usize] = true;
    table[0x7F] = true;
    table[0xC2] = true;
    table
};

#[cfg(test)]
mod tests;
