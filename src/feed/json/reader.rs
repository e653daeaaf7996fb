//! JSON text → [`Document`]: reads on after every slip, so it ends with the text and never with an error.
//!
//! A text that is JSON is read exactly as JSON says. What is done about one that is not is decided by where it stands
//! and what follows within a few characters, never by trying again: the time is linear in the text. Neither the depth
//! nor the number of values can exhaust memory, and there is no recursion.

use std::borrow::Cow;

use super::slip::{Slip, Slips};
use super::value::{Document, Kind, Node};
use super::word::{is_number, is_numeric, literal};
use crate::feed::clip;

/// Deeper values are skipped; a feed and its extensions are not ten deep.
const MAX_DEPTH: usize = 64;
/// A value takes 56 bytes, so this and the next bound hold memory at about seven times the text, and at 56 MB.
const BYTES_A_VALUE: usize = 8;
const MAX_VALUES: usize = 1_000_000;
/// A short text may consist of small values alone.
const MIN_MAX_VALUES: usize = 10_000;
/// A document begins within so many bytes; error messages and comments of servers come before it.
const MAX_BEFORE: usize = 4 * 1024;

/// Reads the document in `text`; `None` when no object or array begins in it.
pub(in crate::feed) fn read(text: &str) -> Option<Document<'_>> {
    let mut reader = Reader {
        text,
        at: 0,
        nodes: Vec::new(),
        open: Vec::new(),
        last: Last::Comma,
        max_values: (text.len() / BYTES_A_VALUE).clamp(MIN_MAX_VALUES, MAX_VALUES),
        slips: Slips::default(),
    };
    let before = reader.find_root()?;
    reader.value(Cow::Borrowed(""));
    let was_cut = reader.structure();
    reader.finish(before, was_cut)
}

/// What was read last in the innermost open object or array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Opening,
    Comma,
    Value,
}

/// Reads a text from its beginning to its end; `string` has the part for what stands in quotes.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    nodes: Vec<Node<'a>>,
    /// The nodes that are not closed yet, outermost first.
    open: Vec<usize>,
    last: Last,
    max_values: usize,
    pub(super) slips: Slips,
}

impl<'a> Reader<'a> {
    /// Goes to the first bracket, and says what stands before it.
    fn find_root(&mut self) -> Option<&'a str> {
        self.skip_space();
        let start = self.at;
        if matches!(self.peek(), Some(b'{' | b'[')) {
            return Some("");
        }
        let head = clip(&self.text[start..], MAX_BEFORE);
        let is_root = |at: &usize| self.is_key_ahead(start + at + 1);
        let at = head.match_indices('{').map(|(at, _)| at).find(is_root)?;
        self.at = start + at;
        let before = head[..at].trim();
        self.slips.add(if before.ends_with('(') { Slip::Call } else { Slip::Before }, start);
        Some(before)
    }

    /// Reads until the root is closed or the text ends. Says whether there are more values than may be.
    fn structure(&mut self) -> bool {
        while let Some(&holder) = self.open.last() {
            if self.nodes.len() > self.max_values {
                return true;
            }
            self.skip_space();
            let Some(byte) = self.peek() else { return false };
            match byte {
                b',' => {
                    if self.last != Last::Value {
                        self.slips.add(Slip::ExtraComma, self.at);
                    }
                    self.last = Last::Comma;
                    self.at += 1;
                }
                b'}' | b']' => self.close(byte),
                b')' | b';' => self.at += 1, // The end of a call, which was told at its beginning.
                _ => {
                    if self.last == Last::Value {
                        self.slips.add(Slip::Comma, self.at);
                    }
                    if self.nodes[holder].kind == Kind::Object {
                        self.member();
                    } else {
                        self.value(Cow::Borrowed(""));
                    }
                }
            }
        }
        false
    }

    fn finish(mut self, before: &'a str, was_cut: bool) -> Option<Document<'a>> {
        let mut after = "";
        if self.open.is_empty() {
            let is_end = |c: char| matches!(c, ')' | ';') || is_space(c);
            loop {
                let at = self.at;
                self.skip_space();
                self.at = self.text.len() - self.text[self.at..].trim_start_matches(is_end).len();
                if self.at == at {
                    break;
                }
            }
            after = self.text[self.at..].trim();
            if !after.is_empty() {
                self.slips.add(Slip::After, self.at);
            }
        }
        let end = self.nodes.len();
        for &open in &self.open {
            self.nodes[open].end = end;
        }
        let Self { nodes, open, slips, .. } = self;
        (!nodes.is_empty()).then_some(Document { nodes, open, was_cut, before, after, slips })
    }

    /// Reads a member of the innermost object: its key, a colon, its value.
    fn member(&mut self) {
        let start = self.at;
        let key = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => match self.string(quote, None) {
                Some(key) => key,
                None => return,
            },
            Some(b'{') if self.is_in_array() => {
                // The next element of the array: this one was left open.
                self.slips.add(Slip::LeftOpen, start);
                self.pop();
                return self.value(Cow::Borrowed(""));
            }
            Some(b'{' | b'[') => {
                self.slips.add(Slip::Junk, start);
                return self.skip_nested();
            }
            _ => {
                let key = self.word(|byte| !matches!(byte, b':' | b'=' | b'(' | b'<' | b'>' | b';'));
                if key.is_empty() {
                    return self.junk();
                }
                self.slips.add(Slip::BareKey, start);
                Cow::Borrowed(key)
            }
        };
        self.skip_space();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(b'=') => {
                self.slips.add(Slip::Colon, self.at);
                self.at += if self.rest().starts_with("=>") { 2 } else { 1 };
            }
            Some(b',' | b'}' | b']') => {
                self.last = Last::Value;
                return self.slips.add(Slip::NoValue, start);
            }
            Some(_) => self.slips.add(Slip::Colon, self.at),
            None => return,
        }
        self.skip_space();
        match self.peek() {
            Some(b',' | b'}' | b']') => {
                self.last = Last::Value;
                self.slips.add(Slip::NoValue, start);
            }
            Some(_) if key.starts_with('_') => self.skip_value(),
            Some(_) => self.value(key),
            None => {}
        }
    }

    /// Reads the value that begins here and adds it to the innermost open one.
    fn value(&mut self, key: Cow<'a, str>) {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{' | b'[') if self.open.len() >= MAX_DEPTH => {
                self.slips.add(Slip::Deep, start);
                self.skip_nested();
                Some(Kind::Null)
            }
            Some(bracket @ (b'{' | b'[')) => {
                self.at += 1;
                let kind = if bracket == b'{' { Kind::Object } else { Kind::Array };
                self.open.push(self.nodes.len());
                self.nodes.push(Node { key, kind, end: 0 });
                self.last = Last::Opening;
                return;
            }
            _ => self.scalar(),
        };
        self.last = Last::Value;
        if let Some(kind) = kind {
            let end = self.nodes.len() + 1;
            self.nodes.push(Node { key, kind, end });
        }
    }

    /// Passes over the value of an extension, which may be of any size.
    fn skip_value(&mut self) {
        if matches!(self.peek(), Some(b'{' | b'[')) {
            self.skip_nested();
        } else {
            let _ignored = self.scalar();
        }
        self.last = Last::Value;
    }

    /// Passes over an object or array.
    fn skip_nested(&mut self) {
        let mut depth = 0usize;
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') => {
                    depth -= 1;
                    self.at += 1;
                    if depth == 0 {
                        return;
                    }
                }
                Some(quote @ (b'"' | b'\'')) => {
                    let _ignored = self.string(quote, None);
                }
                Some(_) => {
                    let run = self.rest().bytes().skip(1).take_while(|byte| is_in_word(*byte)).count();
                    self.at += 1 + run; // To an ASCII character, so to a boundary.
                }
                None => return,
            }
        }
    }

    /// Reads what is neither object nor array; `None` when the text ends in it or there is nothing.
    fn scalar(&mut self) -> Option<Kind<'a>> {
        loop {
            let start = self.at;
            match self.peek()? {
                quote @ (b'"' | b'\'') => {
                    let holder = self.open.last().map(|holder| &self.nodes[*holder].kind);
                    let is_member = holder == Some(&Kind::Object);
                    return self.string(quote, Some(is_member)).map(Kind::Text);
                }
                b'{' | b'[' | b'}' | b']' | b',' => return None, // After a call's name.
                _ => {}
            }
            let word = self.word(|byte| !matches!(byte, b'(' | b')' | b';'));
            if self.at == self.text.len() {
                return None; // It may have been going on.
            }
            if self.peek() == Some(b'(') && !word.is_empty() {
                self.slips.add(Slip::Call, start);
                self.at += 1;
                self.skip_space();
                continue;
            }
            if word == "new" {
                self.skip_space();
                continue;
            }
            return match literal(word) {
                Some((kind, is_own)) => {
                    if !is_own {
                        self.slips.add(Slip::Literal, start);
                    }
                    Some(kind)
                }
                None if is_number(word) => Some(Kind::Number(word)),
                None if is_numeric(word) && self.is_value_over() => {
                    self.slips.add(Slip::Number, start);
                    Some(Kind::Number(word))
                }
                None => self.bare_text(start),
            };
        }
    }

    /// Reads a text without quotes: to the end of the line, or to what ends a value.
    fn bare_text(&mut self, start: usize) -> Option<Kind<'a>> {
        let is_end = |byte: u8| matches!(byte, b',' | b'{' | b'}' | b'[' | b']' | b'"' | b'\n' | b'\r');
        let len = self.text[start..].bytes().position(is_end);
        self.at = len.map_or(self.text.len(), |len| start + len);
        len?;
        let text = self.text[start..self.at].trim();
        if text.is_empty() {
            self.junk();
            return None;
        }
        let is_readable = text.contains(char::is_alphanumeric);
        self.slips.add(if is_readable { Slip::BareText } else { Slip::Junk }, start);
        is_readable.then_some(Kind::Text(Cow::Borrowed(text)))
    }

    /// Reads a closing bracket. One that does not fit closes what was left open inside, if that can be meant.
    fn close(&mut self, bracket: u8) {
        let kind = if bracket == b'}' { Kind::Object } else { Kind::Array };
        if self.last == Last::Comma {
            self.slips.add(Slip::ExtraComma, self.at);
        }
        let at = self.at;
        self.at += 1;
        let Some(depth) = self.open.iter().rposition(|open| self.nodes[*open].kind == kind) else {
            return self.slips.add(Slip::Bracket, at);
        };
        let is_innermost = depth + 1 == self.open.len();
        if !is_innermost && depth == 0 && self.rest().trim_start_matches(is_space).starts_with(',') {
            // Not the end of the document, for it goes on: one bracket too many.
            self.last = Last::Value;
            return self.slips.add(Slip::Bracket, at);
        }
        if !is_innermost {
            self.slips.add(Slip::LeftOpen, at);
        }
        while self.open.len() > depth {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some(open) = self.open.pop() {
            self.nodes[open].end = self.nodes.len();
            self.last = Last::Value;
        }
    }

    /// Whether the object that is open is an element of an array.
    fn is_in_array(&self) -> bool {
        self.open.len() > 1 && self.nodes[self.open[self.open.len() - 2]].kind == Kind::Array
    }

    /// Whether what follows ends a value.
    fn is_value_over(&self) -> bool {
        let rest = self.rest();
        let after = rest.trim_start_matches(is_space);
        after.starts_with([',', '}', ']', ')', '/', '#']) || rest[..rest.len() - after.len()].contains('\n')
    }

    /// Passes over one character that means nothing here.
    fn junk(&mut self) {
        if let Some(c) = self.rest().chars().next() {
            self.slips.add(Slip::Junk, self.at);
            self.at += c.len_utf8();
        }
    }

    /// Reads characters that belong together.
    fn word(&mut self, is_part: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.bytes().position(|byte| !is_in_word(byte) || !is_part(byte)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    /// Passes over space and comments.
    pub(super) fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.bytes().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
            let rest = &rest[blank..];
            self.at += blank;
            match rest.as_bytes().first() {
                Some(b'/' | b'#') => match comment_len(rest) {
                    Some(len) => {
                        self.slips.add(Slip::Comment, self.at);
                        self.at += len;
                    }
                    None => return,
                },
                Some(0..=0x20 | 0x7F..) => {
                    let other = rest.len() - rest.trim_start_matches(is_space).len();
                    self.at += other;
                    if other == 0 {
                        return;
                    }
                }
                _ => return,
            }
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}

/// Space in the widest sense: what no JSON text means anything by outside of its strings.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{FEFF}'
}

pub(super) fn is_comment(text: &str) -> bool {
    text.starts_with("/*") || text.starts_with("//") || text.starts_with('#')
}

/// The length of the comment that `text` begins with.
fn comment_len(text: &str) -> Option<usize> {
    if text.starts_with("/*") {
        return Some(memchr::memmem::find(&text.as_bytes()[2..], b"*/").map_or(text.len(), |at| at + 4));
    }
    is_comment(text).then(|| memchr::memchr2(b'\n', b'\r', text.as_bytes()).unwrap_or(text.len()))
}

fn is_in_word(byte: u8) -> bool {
    !matches!(byte, 0..=0x20 | b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"' | b'\'')
}

#[cfg(test)]
mod tests;
