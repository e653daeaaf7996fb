//! Text → tokens of XML as it is found in the wild: a total function, linear in the text.
//!
//! Every text is a sequence of tokens. Where XML has an error, the reading that loses least is taken: a `<` that opens
//! no tag is text, a tag without `>` ends before the next `<`, a section that is never closed ends with its element.
//! No XML crate at hand reads on after such errors; `quick-xml` stops at the first one.

use crate::html::Mark;

/// A token, borrowed from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<name attributes>`; the attributes are read by [`attributes`] when they are wanted.
    Start { name: &'a str, attributes: &'a str, is_empty: bool },
    /// `</name>`.
    End { name: &'a str },
    /// Text whose references are not resolved.
    Text(&'a str),
    /// The inside of a CDATA section: literal.
    Literal(&'a str),
    /// `<!DOCTYPE …>`, with its internal subset.
    Doctype(&'a str),
}

/// The tokens of a text.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    comment_end: Mark,
    section_start: Mark,
    section_end: Mark,
    instruction_end: Mark,
    /// A subset was opened that is never closed; looking that far again for each one would not be linear.
    subset_is_open: bool,
}

const SECTION: &str = "<![CDATA[";

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            comment_end: Mark::default(),
            section_start: Mark::default(),
            section_end: Mark::default(),
            instruction_end: Mark::default(),
            subset_is_open: false,
        }
    }

    /// How far the text is read: where the token that was returned last ends.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The next token. `open` is the name of the innermost open element, whose end tag closes an unclosed section.
    pub(super) fn next(&mut self, open: Option<&str>) -> Option<Token<'a>> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            let text = text_len(rest);
            if text > 0 {
                self.at += text;
                return Some(Token::Text(&rest[..text]));
            }
            match rest.as_bytes().get(1) {
                Some(b'!') if starts_with_ignore_case(rest, SECTION) => return Some(self.section(open)),
                Some(b'!') if rest.starts_with("<!--") => self.comment(),
                Some(b'!') => return Some(self.declaration()),
                Some(b'?') => self.instruction(),
                Some(b'/') => {
                    let end = tag_end(rest);
                    self.at += end.after;
                    let name = rest[2.min(end.inside)..end.inside].trim();
                    let name = name.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
                    return Some(Token::End { name });
                }
                _ => return Some(self.start(rest)),
            }
        }
    }

    fn start(&mut self, rest: &'a str) -> Token<'a> {
        let name_end = rest[1..]
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '<' | '='))
            .map_or(rest.len(), |at| at + 1);
        let end = attributes_end(rest, name_end);
        self.at += end.after;
        let inside = &rest[name_end..end.inside];
        let is_empty = end.closed && inside.ends_with('/') && !ends_in_unquoted_value(inside);
        let attributes = if is_empty { &inside[..inside.len() - 1] } else { inside };
        Token::Start { name: &rest[1..name_end], attributes, is_empty }
    }

    fn section(&mut self, open: Option<&str>) -> Token<'a> {
        let inside = self.at + SECTION.len();
        let text = self.text;
        let end = self.section_end.after(inside, || find(text, inside, "]]>"));
        // A section that was never closed swallows all up to the end of the next one: it then holds the end tag of
        // its own element and, later, the opening of that other section.
        let stretch = &text[inside..end.unwrap_or(text.len())];
        let cut = match end {
            Some(end) => {
                let other =
                    self.section_start.after(inside, || next_section(text, inside)).filter(|other| *other < end);
                other.zip(open).and_then(|(other, open)| end_tag(&text[inside..other], open))
            }
            None => open.and_then(|open| end_tag(stretch, open)),
        };
        if let Some(cut) = cut {
            self.at = inside + cut;
            return Token::Literal(&stretch[..cut]);
        }
        self.at = end.map_or(self.text.len(), |end| end + 3);
        Token::Literal(stretch)
    }

    fn comment(&mut self) {
        let inside = self.at + 4;
        let text = self.text;
        self.at = match self.comment_end.after(inside, || find(text, inside, "-->")) {
            Some(end) => end + 3,
            // Never closed: a comment of one tag's length loses least.
            None => self.text[inside..].find('>').map_or(self.text.len(), |end| inside + end + 1),
        };
    }

    fn instruction(&mut self) {
        let inside = self.at + 2;
        let tag = self.text[inside..].find('>').map(|end| inside + end + 1);
        let text = self.text;
        let proper = self.instruction_end.after(inside, || find(text, inside, "?>")).map(|end| end + 2);
        // `<?xml … ">` without its `?` would reach to the end of the next instruction, if there is one.
        self.at = match (proper, tag) {
            (Some(proper), Some(tag)) if self.text[tag..proper.max(tag)].contains('<') => tag,
            (Some(proper), _) => proper,
            (None, Some(tag)) => tag,
            (None, None) => self.text.len(),
        };
    }

    fn declaration(&mut self) -> Token<'a> {
        let rest = &self.text[self.at..];
        // A subset in brackets counts only where it opens before the declaration could end.
        let plain = rest.find('>').unwrap_or(rest.len());
        let end = match rest[..plain].find('[') {
            Some(subset) if !self.subset_is_open => subset_end(rest, subset),
            _ => Some(plain),
        };
        self.subset_is_open |= end.is_none();
        let end = end.unwrap_or(plain);
        self.at += (end + 1).min(rest.len());
        Token::Doctype(&rest[..end])
    }
}

fn find(text: &str, from: usize, mark: &str) -> Option<usize> {
    text.get(from..)?.find(mark).map(|at| at + from)
}

/// Where the next section opens, whatever its case.
fn next_section(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let opens = |at: &usize| starts_with_ignore_case(&rest[*at..], SECTION);
    rest.match_indices("<![").map(|(at, _)| at).find(opens).map(|at| at + from)
}

/// How long the text is that `rest` begins with: up to the first `<` that opens something.
fn text_len(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut from = 0;
    while let Some(at) = rest[from..].find('<').map(|at| at + from) {
        let opens = match bytes.get(at + 1) {
            Some(b'!') => {
                bytes[at + 2..].starts_with(b"--")
                    || bytes.get(at + 2).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'[')
            }
            Some(byte) => matches!(byte, b'/' | b'?') || is_name_start(*byte),
            None => false,
        };
        if opens {
            return at;
        }
        from = at + 1;
    }
    rest.len()
}

/// The place of the `>` after the `]` that closes the subset; quotes and comments are respected.
fn subset_end(rest: &str, subset: usize) -> Option<usize> {
    // A subset of more than 64 KiB is no subset: the rest of the feed is at stake.
    let limit = rest.len().min(subset + 64 * 1024);
    let bytes = &rest.as_bytes()[..limit];
    let mut quote = None;
    let mut at = subset + 1;
    while let Some(byte) = bytes.get(at) {
        match (quote, *byte) {
            (Some(open), close) => quote = (open != close).then_some(open),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'<') if bytes[at..].starts_with(b"<!--") => {
                at += bytes[at..].windows(3).position(|window| window == b"-->")? + 2;
            }
            (None, b']') => return bytes[at..].iter().position(|byte| *byte == b'>').map(|end| at + end),
            (None, _) => {}
        }
        at += 1;
    }
    None
}

struct TagEnd {
    /// Where the inside of the tag ends.
    inside: usize,
    /// Where reading goes on.
    after: usize,
    /// Whether it ended with `>`.
    closed: bool,
}

/// The end of a tag without attributes: `>`, or the next `<`.
fn tag_end(rest: &str) -> TagEnd {
    match rest[1..].find(['>', '<']).map(|at| at + 1) {
        Some(at) if rest.as_bytes()[at] == b'>' => TagEnd { inside: at, after: at + 1, closed: true },
        Some(at) => TagEnd { inside: at, after: at, closed: false },
        None => TagEnd { inside: rest.len(), after: rest.len(), closed: false },
    }
}

/// The end of a start tag: the first `>` or `<` outside quotes.
fn attributes_end(rest: &str, from: usize) -> TagEnd {
    let bytes = rest.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return TagEnd { inside: at, after: at + 1, closed: true },
            b'<' => return TagEnd { inside: at, after: at, closed: false },
            b'=' => {
                let value = at + 1 + bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                at = match bytes.get(value) {
                    Some(b'"' | b'\'') => quoted_end(rest, value).map_or(value + 1, |end| end + 1),
                    _ => value.max(at + 1),
                };
            }
            _ => at += 1,
        }
    }
    TagEnd { inside: rest.len(), after: rest.len(), closed: false }
}

/// Longest attribute value that is believed: a longer one has lost its quote.
const MAX_VALUE: usize = 64 * 1024;

/// The place of the quote that closes the value opened at `open`; `None` when it was forgotten.
fn quoted_end(rest: &str, open: usize) -> Option<usize> {
    let bytes = rest.as_bytes();
    let value = &bytes[open + 1..bytes.len().min(open + 1 + MAX_VALUE)];
    let len = value.iter().position(|byte| *byte == bytes[open])?;
    let inside = rest.get(open + 1..open + 1 + len)?;
    let next = bytes.get(open + 2 + len);
    let is_forgotten = swallows_a_tag(inside) || swallows_an_attribute(inside, next.copied());
    (!is_forgotten).then_some(open + 1 + len)
}

/// `href="http://…>` reaches into the attributes of the next tag, or into the next text that quotes something.
fn swallows_a_tag(value: &str) -> bool {
    let has_entry = || {
        value.match_indices('<').any(|(at, _)| {
            let name = value[at + 1..].trim_start_matches('/');
            ["item", "entry"].iter().any(|entry| starts_with_ignore_case(name, entry))
        })
    };
    value.contains('<') && value.contains('>') && (value.ends_with('=') || has_entry())
}

/// `url="http://… length="1"`: what is said to be behind the value is in truth the next one.
fn swallows_an_attribute(value: &str, next: Option<u8>) -> bool {
    let ends_tag = next.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'?'));
    let name = value.strip_suffix('=').and_then(|value| value.rsplit_once(|c: char| c.is_ascii_whitespace()));
    !ends_tag
        && name
            .is_some_and(|(_, name)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b':'))
}

/// `<a href=http://x/>`: the slash belongs to the value.
fn ends_in_unquoted_value(inside: &str) -> bool {
    let last = inside.rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
    last.split_once('=').is_some_and(|(_, value)| value.len() > 1 && !value.starts_with(['"', '\'']))
        && !last.contains(['"', '\''])
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

fn starts_with_ignore_case(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Where `</name` stands in `text`.
fn end_tag(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|at| {
        let rest = &text[at + 2..];
        rest.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('>'))
    })
}

/// The attributes of a start tag, at most 64: name and value with its references unresolved.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let skip = |from: usize, wanted: fn(u8) -> bool| {
            bytes.get(from..).unwrap_or_default().iter().position(|b| !wanted(*b)).map_or(bytes.len(), |n| from + n)
        };
        let start = skip(at, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'' | b','));
        let name_end = skip(start, |b| !b.is_ascii_whitespace() && b != b'=');
        if start >= bytes.len() {
            return None;
        }
        let equals = skip(name_end, |b| b.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            at = name_end.max(start + 1);
            return Some((text.get(start..name_end)?, ""));
        }
        let value = skip(equals + 1, |b| b.is_ascii_whitespace());
        let word_end = |from| skip(from, |b| !b.is_ascii_whitespace());
        let (from, to, next) = if let Some(b'"' | b'\'') = bytes.get(value) {
            let end = quoted_end(text, value).unwrap_or_else(|| word_end(value + 1));
            (value + 1, end, end + 1)
        } else {
            let end = word_end(value);
            (value, end, end)
        };
        at = next;
        Some((text.get(start..name_end)?, text.get(from..to)?))
    })
    .take(64)
}

#[cfg(test)]
mod tests {
    use super::{Token, Tokens, attributes};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut tokens = Tokens::new(text);
        let mut shown = Vec::new();
        while let Some(token) = tokens.next(Some("b")) {
            shown.push(match token {
                Token::Start { name, attributes, is_empty } => {
                    format!("<{name}{attributes}{}>", if is_empty { " empty" } else { "" })
                }
                Token::End { name } => format!("</{name}>"),
                Token::Text(text) => text.to_owned(),
                Token::Literal(text) => format!("[{text}]"),
                Token::Doctype(text) => format!("!{text}!"),
            });
        }
        assert_eq!(shown.join("|"), expected);
    }

    #[test]
    fn well_formed_markup_is_read() {
        check("<a x='1>2'>t</a>", "<a x='1>2'>|t|</a>");
        check("<a/><b x=\"y\" />", "<a empty>|<b x=\"y\"  empty>");
        check("<!-- <a> --><?pi <a> ?><![CDATA[x <b> ]] y]]>", "[x <b> ]] y]");
        check("<!DOCTYPE r [<!ENTITY a \"]>\">]><r>", "!<!DOCTYPE r [<!ENTITY a \"]>\">]!|<r>");
    }

    #[test]
    fn errors_lose_the_least() {
        check("a < b & c <3", "a < b & c <3");
        check("<a <b>", "<a >|<b>");
        check("</a <b>", "</a>|<b>");
        check("<a href=\"x><b c=\"y\">", "<a href=\"x>|<b c=\"y\">");
        check("<a b=\"x c=\"1\"><d/>", "<a b=\"x c=\"1\">|<d empty>");
        check("<a b=\"x/><item>\"y\"</item>", "<a b=\"x empty>|<item>|\"y\"|</item>");
        check("<a b=\"x y=\" c='2'>", "<a b=\"x y=\" c='2'>");
        check("<![CDATA[x</b>y", "[x]|</b>|y");
        check("<![CDATA[x</b>y<![CDATA[z]]>", "[x]|</b>|y|[z]");
        check("<![CDATA[x<![CDATA[z]]>", "[x<![CDATA[z]");
        check("<!-- a > b", " b");
        check("<?xml version='1.0'><a>", "<a>");
        check("<", "<");
        check("</", "</>");
        check("<!", "<!");
        check("<a href=http://x/>", "<a href=http://x/>");
    }

    #[test]
    fn attributes_are_read_with_and_without_quotes() {
        let all: Vec<_> = attributes(" a=\"1\" b='2 3' c=4 d e = \"5\"f=\"6").collect();
        assert_eq!(all, [("a", "1"), ("b", "2 3"), ("c", "4"), ("d", ""), ("e", "5"), ("f", "6")]);
        let forgotten: Vec<_> = attributes("url=\"http://x/1 length=\"5\" type=\"t\"").collect();
        assert_eq!(forgotten, [("url", "http://x/1"), ("length", "5"), ("type", "t")]);
    }
}
