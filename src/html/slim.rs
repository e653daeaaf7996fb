//! One linear pass over markup before it is parsed: drops what no reader sees, and what makes the parser slow.
//!
//! Comments, styles, drawings, frames and most scripts are half of a news page's bytes; leaving them out here costs a tenth of
//! parsing them. html5ever's tokenizer is quadratic in the attributes of a tag, so the attributes beyond a bound are
//! cut here as well, by the same rules of quoting that the tokenizer has. The pass decides nothing about the tree.

use super::attribute::{Attribute, Next, forgotten_quote, next_attribute, skip_attributes};
use super::mark::Mark;

/// Attributes of a tag that are kept.
pub(super) const MAX_ATTRIBUTES: usize = 256;
/// Bytes of an attribute's value that are kept: longer ones are embedded images and application state.
pub(super) const MAX_VALUE_BYTES: usize = 8 * 1024;
/// `data-` attributes longer than this are state of an application; selectors name shorter ones.
const LONG_STATE_BYTES: usize = 100;
/// A `noscript` this long with paragraphs in it is the page's text for readers without scripts.
const TEXT_NOSCRIPT_BYTES: usize = 1500;
/// How far into an element is looked for what it is, so that many of them inside one another cost no more than their bytes.
const GLANCE_BYTES: usize = 4 * 1024;
/// What stands in for a frame is a line or two; the bound also keeps the search for closing tags linear.
const MAX_STAND_IN_BYTES: usize = 2 * 1024;
/// Bytes of one script that is kept for the dates in it.
const MAX_SCRIPT_BYTES: usize = 32 * 1024;
/// Bytes of JSON-LD and other kept scripts together.
const MAX_SCRIPTS_BYTES: usize = 1024 * 1024;

/// Words without which a script is of no use: it holds a date that it writes into the page.
const SCRIPT_SIGNS: &[&str] =
    &["unix(", "new Date(", "fromUnixTime", "datePublished", "dateModified", "published", "modified", "pubdate"];

/// What was cut, for the warnings.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cuts {
    /// A tag had too many attributes.
    pub(super) attributes: bool,
    /// The scripts were too long together.
    pub(super) scripts: bool,
}

/// Where markup is from: what stands in for scripts is nothing in a page that has them, and all there is in a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Page,
    Fragment,
}

/// A piece of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Tags and text.
    Markup(&'a str),
    /// A script with its tags: not counted as markup.
    Script(&'a str),
}

/// Calls `emit` with the pieces of `text` that are kept, in order, until it returns false.
pub(super) fn slim<'a>(text: &'a str, origin: Origin, emit: &mut impl FnMut(Piece<'a>) -> bool) -> Cuts {
    let mut pass = Pass {
        text,
        bytes: text.as_bytes(),
        origin,
        kept_from: 0,
        closings: [Mark::default(); RAW_ELEMENTS.len()],
        drawn_text: Mark::default(),
        scripts_bytes: 0,
        cuts: Cuts::default(),
    };
    pass.run(emit);
    pass.cuts
}

struct Pass<'a> {
    text: &'a str,
    bytes: &'a [u8],
    origin: Origin,
    /// Everything before is emitted or dropped.
    kept_from: usize,
    /// Where each raw element is closed next: searched for once a stretch of text.
    closings: [Mark; RAW_ELEMENTS.len()],
    /// Where the next text of a drawing begins.
    drawn_text: Mark,
    scripts_bytes: usize,
    cuts: Cuts,
}

/// What becomes of an element whose content the tokenizer does not read as markup, or that no reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Raw {
    /// With its content.
    Drop,
    /// The tags alone: what is inside is read as markup.
    Unwrap,
    /// Kept whole, unread.
    Keep,
    Script,
    NoScript,
    Frame,
    Drawing,
}

const RAW_ELEMENTS: &[(&str, Raw)] = &[
    ("script", Raw::Script),
    ("style", Raw::Drop),
    ("svg", Raw::Drawing),
    ("noscript", Raw::NoScript),
    ("iframe", Raw::Frame),
    ("noembed", Raw::Drop),
    ("canvas", Raw::Drop),
    ("title", Raw::Keep),
    ("textarea", Raw::Keep),
    ("xmp", Raw::Keep),
    // Pages of the nineties keep their text for browsers without frames.
    ("noframes", Raw::Unwrap),
    ("frameset", Raw::Unwrap),
    ("frame", Raw::Unwrap),
    // Would make text of everything that follows.
    ("plaintext", Raw::Unwrap),
];

impl<'a> Pass<'a> {
    fn run(&mut self, emit: &mut impl FnMut(Piece<'a>) -> bool) {
        let mut at = 0;
        while let Some(found) = find(self.bytes, at, b'<') {
            let step = match self.bytes.get(found + 1) {
                Some(b'!') if starts_with_ignore_case(&self.bytes[found + 2..], b"doctype") => Some(found + 2),
                Some(b'!' | b'?') => self.drop_range(found, comment_end(self.bytes, found), emit),
                Some(b'/') => match self.bytes.get(found + 2) {
                    Some(byte) if byte.is_ascii_alphabetic() => self.closing_tag(found, emit),
                    Some(_) => self.drop_range(found, end_of(self.bytes, found, b'>'), emit),
                    None => Some(self.bytes.len()),
                },
                Some(byte) if byte.is_ascii_alphabetic() => self.tag(found, emit),
                _ => Some(found + 1),
            };
            match step {
                Some(next) => at = next,
                None => return,
            }
        }
        self.flush(self.bytes.len(), emit);
    }

    /// Emits what is kept before `until`. `false` when the receiver has had enough.
    fn flush(&mut self, until: usize, emit: &mut impl FnMut(Piece<'a>) -> bool) -> bool {
        let piece = &self.text[self.kept_from..until];
        self.kept_from = until;
        piece.is_empty() || emit(Piece::Markup(piece))
    }

    fn drop_range(&mut self, from: usize, to: usize, emit: &mut impl FnMut(Piece<'a>) -> bool) -> Option<usize> {
        let goes_on = self.flush(from, emit);
        self.kept_from = to;
        goes_on.then_some(to)
    }

    fn closing_tag(&mut self, at: usize, emit: &mut impl FnMut(Piece<'a>) -> bool) -> Option<usize> {
        let end = end_of(self.bytes, at, b'>');
        match raw_element(tag_name(self.bytes, at + 2)) {
            Some((_, Raw::Unwrap | Raw::NoScript | Raw::Frame)) => self.drop_range(at, end, emit),
            _ => Some(end),
        }
    }

    fn tag(&mut self, at: usize, emit: &mut impl FnMut(Piece<'a>) -> bool) -> Option<usize> {
        let name = tag_name(self.bytes, at + 1);
        let raw = raw_element(name);
        let attributes_from = at + 1 + name.len();
        let Some((index, raw)) = raw else { return self.attributes(attributes_from, emit) };
        let tag_end = skip_attributes(self.bytes, attributes_from);
        if raw == Raw::Unwrap {
            return self.drop_range(at, tag_end, emit);
        }
        let Some(closing) = self.closing(index, tag_end) else {
            // Without a closing tag everything to the end would be its content. Scripts and styles take it with them as
            // in a browser; the rest of the page is worth more than the others.
            let to = if matches!(name.len(), 5 | 6) && raw != Raw::Keep && is_code(name) {
                self.bytes.len()
            } else {
                tag_end
            };
            return self.drop_range(at, to, emit);
        };
        let element_end = end_of(self.bytes, closing, b'>');
        match raw {
            Raw::NoScript if self.is_text_without_scripts(tag_end, closing) => self.drop_range(at, tag_end, emit),
            // A frame is gone, and what stands in for it leads there.
            Raw::Frame
                if closing - tag_end <= MAX_STAND_IN_BYTES
                    && contains_ignore_case(&self.bytes[tag_end..closing], b"<a ") =>
            {
                self.drop_range(at, tag_end, emit)
            }
            Raw::Drawing if self.has_words(tag_end, closing) => Some(tag_end),
            Raw::Keep => {
                self.attributes(attributes_from, emit)?;
                Some(element_end)
            }
            Raw::Script if self.is_useful_script(&self.text[at..tag_end], &self.text[tag_end..closing]) => {
                self.flush(at, emit).then_some(())?;
                self.kept_from = element_end;
                self.scripts_bytes += element_end - at;
                emit(Piece::Script(&self.text[at..element_end])).then_some(element_end)
            }
            _ => self.drop_range(at, element_end, emit),
        }
    }

    /// Where the raw element that was opened before `from` is closed.
    fn closing(&mut self, index: usize, from: usize) -> Option<usize> {
        let bytes = self.bytes;
        self.closings[index].after(from, || find_closing(bytes, from, RAW_ELEMENTS[index].0.as_bytes()))
    }

    /// Whether a drawing has words in it, which in a feed are all that can be kept of it.
    fn has_words(&mut self, from: usize, to: usize) -> bool {
        let text = self.text;
        self.origin == Origin::Fragment
            && self.drawn_text.after(from, || drawn_words(text, from)).is_some_and(|at| at < to)
    }

    /// Whether the inside of a `noscript` is text, and not a picture that counts visits or waits for a script.
    fn is_text_without_scripts(&self, from: usize, to: usize) -> bool {
        let glance = &self.text[from..self.text.floor_char_boundary(to.min(from + GLANCE_BYTES))];
        match self.origin {
            Origin::Page => to - from > TEXT_NOSCRIPT_BYTES && glance.contains("<p"),
            Origin::Fragment => holds_text(glance),
        }
    }

    /// Walks the attributes of a tag and drops those beyond the bounds. Returns where the tag ends.
    fn attributes(&mut self, from: usize, emit: &mut impl FnMut(Piece<'a>) -> bool) -> Option<usize> {
        let mut count = 0;
        let mut at = from;
        loop {
            let attribute = match next_attribute(self.bytes, at) {
                Next::Attribute(attribute) => attribute,
                Next::End(end) => return Some(end),
            };
            if let Some(tag_end) = forgotten_quote(self.bytes, &attribute) {
                self.flush(tag_end, emit).then_some(())?;
                let quote = if self.bytes[attribute.value.start - 1] == b'"' { "\"" } else { "'" };
                return emit(Piece::Markup(quote)).then_some(tag_end + 1);
            }
            let Attribute { start, name_end, value, end } = attribute;
            count += 1;
            if count > MAX_ATTRIBUTES {
                self.cuts.attributes = true;
                let tag_end = skip_attributes(self.bytes, start);
                // The `>` itself stays, so that the tag ends.
                let to = if self.bytes.get(tag_end - 1) == Some(&b'>') { tag_end - 1 } else { tag_end };
                self.drop_range(start, to, emit)?;
                return Some(tag_end);
            }
            if !is_wanted(&self.text[start..end], name_end - start, value.len()) {
                self.drop_range(start, end, emit)?;
            } else if value.len() > MAX_VALUE_BYTES {
                let cut = self.text.floor_char_boundary(value.start + MAX_VALUE_BYTES);
                self.drop_range(cut, value.end, emit)?;
            }
            at = end;
        }
    }

    fn is_useful_script(&mut self, tag: &str, body: &str) -> bool {
        let is_linked_data = contains_ignore_case(tag.as_bytes(), b"ld+json");
        let is_useful = is_linked_data
            || body.len() <= MAX_SCRIPT_BYTES
                && !body.trim_ascii().is_empty()
                && SCRIPT_SIGNS.iter().any(|sign| body.contains(sign));
        let fits = self.scripts_bytes + body.len() <= MAX_SCRIPTS_BYTES;
        self.cuts.scripts |= is_useful && !fits;
        is_useful && fits
    }
}

/// Whether an attribute can matter: handlers, styles that hide nothing and long application state do not.
pub(super) fn is_wanted(attribute: &str, name_bytes: usize, value_bytes: usize) -> bool {
    let name = &attribute.as_bytes()[..name_bytes];
    match name {
        [b'o' | b'O', b'n' | b'N', _, ..] | b"sizes" | b"jsaction" | b"jslog" => false,
        b"style" => attribute.contains("none") || attribute.contains("hidden"),
        _ if value_bytes > LONG_STATE_BYTES && name.starts_with(b"data-") => contains_ignore_case(name, b"src"),
        _ => true,
    }
}

/// Where the next element is that holds words of a drawing, or stands in for it.
pub(super) fn drawn_words(text: &str, from: usize) -> Option<usize> {
    let holds_words = |at: &usize| ["text", "title", "desc"].iter().any(|name| text[at + 1..].starts_with(name));
    memchr::memchr_iter(b'<', &text.as_bytes()[from..]).map(|at| from + at).find(holds_words)
}

/// Whether there is anything but tags and space.
pub(super) fn holds_text(markup: &str) -> bool {
    let mut outside = markup
        .split('<')
        .enumerate()
        .map(|(n, part)| if n == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) });
    outside.any(|text| !text.trim().is_empty())
}

fn raw_element(name: &[u8]) -> Option<(usize, Raw)> {
    // The longest is `plaintext`, the shortest `svg` and `xmp`: most tags leave here.
    if !(3..=9).contains(&name.len()) {
        return None;
    }
    RAW_ELEMENTS
        .iter()
        .position(|(raw, _)| raw.as_bytes().eq_ignore_ascii_case(name))
        .map(|at| (at, RAW_ELEMENTS[at].1))
}

fn is_code(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"script") || name.eq_ignore_ascii_case(b"style")
}

fn tag_name(bytes: &[u8], from: usize) -> &[u8] {
    let rest = &bytes[from..];
    let end =
        rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')).unwrap_or(rest.len());
    &rest[..end]
}

/// Where a comment, a bogus one or a processing instruction ends.
pub(super) fn comment_end(bytes: &[u8], at: usize) -> usize {
    let Some(body) = bytes[at..].strip_prefix(b"<!--") else { return end_of(bytes, at, b'>') };
    if body.starts_with(b">") {
        return at + 5;
    }
    if body.starts_with(b"->") {
        return at + 6;
    }
    let mut from = at + 4;
    while let Some(close) = find(bytes, from, b'>') {
        if bytes[at + 4..close].ends_with(b"--") || bytes[at + 4..close].ends_with(b"--!") {
            return close + 1;
        }
        from = close + 1;
    }
    bytes.len()
}

/// Where `</name` begins, after `from`.
pub(super) fn find_closing(bytes: &[u8], from: usize, name: &[u8]) -> Option<usize> {
    let mut at = from;
    while let Some(found) = find(bytes, at, b'<') {
        let rest = &bytes[found + 1..];
        if rest.first() == Some(&b'/') && starts_with_ignore_case(&rest[1..], name) {
            let after = rest.get(1 + name.len());
            if after.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')) {
                return Some(found);
            }
        }
        at = found + 1;
    }
    None
}

fn find(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    memchr::memchr(byte, bytes.get(from..)?).map(|n| from + n)
}

fn end_of(bytes: &[u8], from: usize, byte: u8) -> usize {
    find(bytes, from, byte).map_or(bytes.len(), |at| at + 1)
}

fn starts_with_ignore_case(bytes: &[u8], prefix: &[u8]) -> bool {
    bytes.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

fn contains_ignore_case(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
