//! What stands in quotes in a JSON text: where it ends when quotes in it are not escaped, and what its escapes mean.

use std::borrow::Cow;

use super::reader::{Reader, is_comment, is_space};
use super::slip::Slip;
use crate::feed::clip;

impl<'a> Reader<'a> {
    /// Reads a text in quotes; `None` when the document ends in it. `is_member` says whether it is the value of a
    /// member or an element; without, it is a key, which ends at the first quote.
    pub(super) fn string(&mut self, quote: u8, is_member: Option<bool>) -> Option<Cow<'a, str>> {
        if quote == b'\'' {
            self.slips.add(Slip::OtherQuotes, self.at);
        }
        let bytes = self.text.as_bytes();
        self.at += 1;
        let mut out = String::new();
        let mut from = self.at; // What lies between here and the reader is not yet in `out`.
        let end = loop {
            let Some(run) = bytes[self.at..].iter().position(|byte| *byte == quote || matches!(byte, b'\\' | 0..=0x1F))
            else {
                self.at = bytes.len();
                return None;
            };
            self.at += run;
            if bytes[self.at] == b'\\' {
                out.push_str(&self.text[from..self.at]);
                self.escape(&mut out);
                from = self.at;
            } else if bytes[self.at] != quote {
                self.slips.add(Slip::Control, self.at);
                self.at += 1;
            } else if is_member.is_none_or(|is_member| self.ends_before(self.at + 1, is_member)) {
                self.at += 1;
                break self.at - 1;
            } else if let Some(end) = self.lost_end(from) {
                self.slips.add(Slip::LeftUnquoted, end);
                self.at = end;
                break end;
            } else {
                self.slips.add(Slip::Quote, self.at);
                self.at += 1;
            }
        };
        let tail = &self.text[from..end];
        Some(if out.is_empty() { Cow::Borrowed(tail) } else { Cow::Owned(out + tail) })
    }

    /// Whether a quote is the end of a text: what comes at `at`, after it, is what can come after a value. In JSON it
    /// always is; in a text whose quotes are not escaped hardly ever.
    fn ends_before(&self, at: usize, is_member: bool) -> bool {
        let rest = self.text[at..].trim_start_matches(|c| is_space(c) || c == ')');
        let start = self.text.len() - rest.len();
        match rest.as_bytes().first() {
            None | Some(b'}' | b']') => true,
            Some(b',') => !is_member || self.is_member_ahead(start + 1),
            // Not in `href="//example.org"`.
            Some(b'/' | b'#') => start > at && is_comment(rest),
            Some(b'"' | b'\'') if is_member => self.is_key_ahead(start),
            Some(b'"' | b'\'') => start > at,
            _ => false,
        }
    }

    /// Whether what comes after a comma at the end of a member can: another one, the end, or the next object where
    /// this one was left open.
    fn is_member_ahead(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        let next = rest.trim_start_matches(is_space);
        let is_line_end = rest.starts_with(['\n', '\r']);
        let is_end = is_line_end || next.is_empty() || next.starts_with(['}', ']', ',']) || is_comment(next);
        let start = self.text.len() - next.len();
        is_end || self.is_key_ahead(start) || (next.starts_with('{') && self.is_key_ahead(start + 1))
    }

    /// Where a text ended that has lost its quote: at the line break before a line that begins with a key, and at the
    /// comma before that. The reader is at the key's quote, and what was not yet unescaped begins at `from`.
    fn lost_end(&self, from: usize) -> Option<usize> {
        let text = self.text[from..self.at].trim_end_matches([' ', '\t']);
        let line = text.strip_suffix('\n').filter(|_| self.is_key_ahead(self.at))?.trim_end();
        Some(from + line.strip_suffix(',').unwrap_or(line).len())
    }

    /// Whether a key and its colon come next after `at`.
    pub(super) fn is_key_ahead(&self, at: usize) -> bool {
        let rest = self.text[at..].trim_start_matches(is_space);
        let bytes = rest.as_bytes();
        let len = match bytes.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let mut end = 1;
                loop {
                    match bytes.get(end) {
                        Some(b'\\') => end += 2,
                        Some(byte) if byte == quote => break end + 1,
                        Some(_) => end += 1,
                        None => return false,
                    }
                }
            }
            _ => bytes.iter().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count(),
        };
        let after = rest.get(len..).unwrap_or_default().trim_start_matches(is_space);
        len > 0 && after.starts_with(':')
    }

    /// Reads the escape that begins here and adds what it means to `out`.
    fn escape(&mut self, out: &mut String) {
        let start = self.at;
        let Some(c) = self.text[start + 1..].chars().next() else {
            self.at += 1;
            return;
        };
        self.at += 1 + c.len_utf8();
        let meant = match c {
            '"' | '\\' | '/' => Some(c),
            'b' | 'f' => Some(' '),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => self.unicode(start),
            _ => {
                self.slips.add(Slip::Escape, start);
                match c {
                    'x' => self.hex(2).and_then(char::from_u32),
                    'U' => self.hex(8).and_then(char::from_u32),
                    'v' | '\n' | '\r' => Some(' '),
                    // JavaScript's `\'`, and the needless `\-`; but the backslash in `\d` and `C:\Users` is meant.
                    _ => Some(c).filter(|c| !c.is_alphanumeric()),
                }
            }
        };
        match meant {
            Some(c) => out.push(c),
            None => out.push_str(&self.text[start..self.at]),
        }
    }

    /// The character of `\u1234`, of a pair of them, or of `\u{1234}`; half a pair is U+FFFD.
    fn unicode(&mut self, start: usize) -> Option<char> {
        if let Some(braced) = self.rest().strip_prefix('{') {
            self.slips.add(Slip::Escape, start);
            let (digits, _) = clip(braced, 9).split_once('}')?;
            let c = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
            self.at += digits.len() + 2;
            return Some(c);
        }
        let Some(first) = self.hex(4) else {
            self.slips.add(Slip::Escape, start);
            return None;
        };
        if !(0xD800..0xE000).contains(&first) {
            return char::from_u32(first);
        }
        let after_first = self.at;
        if first < 0xDC00 && self.rest().starts_with("\\u") {
            self.at += 2;
            if let Some(second) = self.hex(4).filter(|second| (0xDC00..0xE000).contains(second)) {
                return char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00));
            }
            self.at = after_first;
        }
        self.slips.add(Slip::Surrogate, start);
        Some('\u{FFFD}')
    }

    /// Reads exactly `len` hexadecimal digits.
    fn hex(&mut self, len: usize) -> Option<u32> {
        let digits = self.rest().get(..len).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.at += len;
        u32::from_str_radix(digits, 16).ok()
    }
}
