//! References and control characters in the text of a document.

use std::borrow::Cow;

use html5ever::data::NAMED_ENTITIES;

use crate::feed::clip;

/// Resolves the references in `text` once and drops the characters that XML does not have.
///
/// HTML's names are known whether declared or not; entities that a document type declares are replaced before (see
/// [`expand_declared`]). What is no reference stays as it is: `AT&T`, `a & b`, `&unknown;`.
pub(in crate::feed) fn resolve(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte == b'&' || is_forbidden_byte(byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        push_clean(&mut out, &rest[..at]);
        rest = &rest[at..];
        if let Some((len, replacement)) = reference(rest) {
            out.push_str(&replacement);
            rest = &rest[len..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    push_clean(&mut out, rest);
    Cow::Owned(out)
}

/// The same without references: for the inside of CDATA sections.
pub(in crate::feed) fn clean(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(is_forbidden_byte) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    push_clean(&mut out, text);
    Cow::Owned(out)
}

/// The reference that `text` begins with: its length and what it stands for.
fn reference(text: &str) -> Option<(usize, Cow<'_, str>)> {
    // The longest name in HTML has 31 characters.
    let end = text.as_bytes()[1..].iter().take(40).position(|byte| !is_name_byte(*byte))? + 1;
    let name = &text[1..end];
    if text.as_bytes()[end] != b';' || name.is_empty() {
        return None;
    }
    let len = end + 1;
    if let Some(digits) = name.strip_prefix('#') {
        let code = numeric(digits)?;
        if let Some((c, low_len)) = surrogate_pair(code, &text[len..]) {
            return Some((len + low_len, Cow::Owned(c.to_string())));
        }
        return Some((len, character(code).map_or(Cow::Borrowed(""), |c| Cow::Owned(c.to_string()))));
    }
    if let Some(character) = basic(name) {
        return Some((len, Cow::Borrowed(character)));
    }
    let (first, second) = NAMED_ENTITIES.get(&text[1..len])?;
    let chars = [*first, *second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32);
    Some((len, Cow::Owned(chars.collect())))
}

/// What XML's own five names stand for.
fn basic(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    })
}

/// The number in a numeric reference; `None` when it is no reference.
fn numeric(digits: &str) -> Option<u32> {
    let (digits, radix) = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16),
        None => (digits, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    // Digits alone fail only by being too many: no character has that number.
    Some(u32::from_str_radix(digits, radix).unwrap_or(u32::MAX))
}

/// The character that a number is meant as; `None` where XML has none. As in HTML, 128 to 159 are windows-1252, and what is
/// no number of a character is shown to be wrong.
fn character(code: u32) -> Option<char> {
    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    let c = if is_c1(c) { windows_1252(c) } else { c };
    Some(c).filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))
}

/// The character that was written as the two halves which UTF-16 has for it, and how long the second reference is.
fn surrogate_pair(high: u32, rest: &str) -> Option<(char, usize)> {
    if !(0xD800..0xDC00).contains(&high) {
        return None;
    }
    let digits = rest.strip_prefix("&#")?;
    let digits = &digits[..digits.bytes().take(8).position(|byte| byte == b';')?];
    let low = numeric(digits).filter(|low| (0xDC00..0xE000).contains(low))?;
    let c = char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))?;
    Some((c, digits.len() + "&#;".len()))
}

/// Reads C1 control characters as windows-1252: they come from text that was taken for ISO 8859-1 on its way, and
/// stand where quotes and dashes were meant.
pub(in crate::feed) fn without_c1(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(is_c1) {
        return text;
    }
    let meant = |c: char| if is_c1(c) { windows_1252(c) } else { c };
    Cow::Owned(text.chars().map(meant).collect())
}

fn is_c1(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}')
}

/// The character that windows-1252 has at the code of `c`; `c` itself above one byte.
fn windows_1252(c: char) -> char {
    let Ok(byte) = u8::try_from(c) else { return c };
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(c)
}

/// Replaces the internal entities that a document type declares, outside of CDATA sections. An entity may stand in those that
/// are declared after it.
///
/// At most 32 entities of at most 1 KiB, and at most 1 MiB more text in all, so that no text can blow up.
pub(in crate::feed) fn expand_declared(text: &str) -> Cow<'_, str> {
    let mut declared = Declared::default();
    for (name, value) in declarations(text).take(32) {
        declared.add(name, value);
    }
    if declared.entities.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(declared.expand(text, 1024 * 1024)) }
}

/// Entities by name, the first declaration of each (XML 1.0 section 4.2).
struct Declared<'a> {
    entities: Vec<(&'a str, String)>,
    /// With which bytes their names begin.
    begins: [bool; 256],
}

impl Default for Declared<'_> {
    fn default() -> Self {
        Self { entities: Vec::new(), begins: [false; 256] }
    }
}

impl<'a> Declared<'a> {
    fn add(&mut self, name: &'a str, value: &str) {
        if !self.entities.iter().any(|(known, _)| *known == name) {
            let value = self.expand(value, MAX_VALUE - value.len());
            self.entities.push((name, with_characters(&value)));
            self.begins[usize::from(name.as_bytes()[0])] = true;
        }
    }

    /// `text` with their references replaced, as long as it grows by no more than `budget` bytes.
    fn expand(&self, text: &str, mut budget: usize) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut sections_end = true;
        while let Some(at) = memchr::memchr2(b'&', b'<', rest.as_bytes()) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let (replacement, len) =
                if let Some((name, value)) = self.at(rest).filter(|(_, value)| value.len() <= budget) {
                    budget -= value.len();
                    (value.as_str(), name.len() + 2)
                } else {
                    let section = Some(rest).filter(|rest| sections_end && rest.starts_with("<![CDATA["));
                    let end = section.map(|section| section.find("]]>"));
                    sections_end &= end != Some(None); // Where one does not end, no later one does.
                    let len = end.flatten().unwrap_or(1);
                    (&rest[..len], len)
                };
            out.push_str(replacement);
            rest = &rest[len..];
        }
        out.push_str(rest);
        out
    }

    /// The entity whose reference `text` begins with.
    fn at(&self, text: &str) -> Option<&(&'a str, String)> {
        let name = text.strip_prefix('&');
        let name = name.filter(|name| name.bytes().next().is_some_and(|byte| self.begins[usize::from(byte)]))?;
        let is_it = |(known, _): &&(&str, String)| name.strip_prefix(known).is_some_and(|after| after.starts_with(';'));
        self.entities.iter().find(is_it)
    }
}

/// A value with its numbers of characters resolved, as they are where it is declared (XML 1.0 section 4.4.5).
fn with_characters(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find("&#") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (len, replacement) = reference(rest).unwrap_or((1, Cow::Borrowed("&")));
        out.push_str(&replacement);
        rest = &rest[len..];
    }
    out.push_str(rest);
    out
}

/// Longest value of an entity in bytes.
const MAX_VALUE: usize = 1024;

/// `<!ENTITY name "value">` in the first 64 KiB; parameter and external entities are left out, and so are the five of XML's
/// own, which can be declared only as what they are (XML 1.0 section 4.6).
fn declarations(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let head = clip(text, 64 * 1024);
    head.match_indices("<!ENTITY").filter_map(move |(at, mark)| {
        let rest = clip(&head[at + mark.len()..], 1200).trim_start();
        let (name, rest) = rest.split_once(|c: char| c.is_ascii_whitespace())?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, _) = rest[1..].split_once(quote)?;
        let is_name = name.bytes().all(|byte| is_name_byte(byte) || byte >= 0x80);
        let is_own = is_name && !name.is_empty() && basic(name).is_none();
        (is_own && value.len() <= MAX_VALUE).then_some((name, value))
    })
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'_' | b'-' | b'.')
}

/// C0 controls bar tab, newline and carriage return, and DEL; what XML 1.0 does not have.
fn is_forbidden_byte(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7F
}

fn push_clean(out: &mut String, text: &str) {
    for piece in text.split(|c: char| c.is_ascii() && is_forbidden_byte(c as u8)) {
        out.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::{expand_declared, resolve, without_c1};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(resolve(text), expected);
    }

    #[test]
    fn references_are_resolved_once() {
        check("a &amp;amp; b", "a &amp; b");
        check("&lt;b&gt; &#x41;&#66;", "<b> AB");
        check("it&rsquo;s &nbsp;", "it’s \u{A0}");
        check("&#146;&#x80;", "’€");
        check("&#55357;&#56832; &#xD83D;&#xDE00;", "😀 😀");
        check("&#55357; &#56832;&#55357;x", "\u{FFFD} \u{FFFD}\u{FFFD}x");
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in ["AT&T", "a & b", "&unknown;", "&", "&;", "&#;", "&#x;", "x?a=1&copy=2", "&#-5;"] {
            check(text, text);
        }
    }

    #[test]
    fn characters_that_xml_lacks_are_dropped() {
        check("a\0b\u{1D}c\u{7F}d\te", "abcd\te");
        check("&#0;&#29;x&#99999999999;", "x\u{FFFD}");
    }

    #[test]
    fn declared_entities_are_replaced_once_and_within_bounds() {
        let text = "<!DOCTYPE r [<!ENTITY a \"x &a;\"><!ENTITY % p SYSTEM 'u'>]><r>&a;&b;</r>";
        assert!(expand_declared(text).ends_with("<r>x &a;&b;</r>"));
        let nested = "<!ENTITY a \"x\"><!ENTITY b \"&a;y\"><!ENTITY a \"z\"><r>&b;<![CDATA[&b;]]>&b;<![CDATA[&b;";
        assert!(expand_declared(nested).ends_with("<r>xy<![CDATA[&b;]]>xy<![CDATA[xy"));
        let characters = "<!ENTITY amper '&#38;#38;'><!ENTITY café '&#67;&#x61;'><r>&amper;&café;";
        assert!(expand_declared(characters).ends_with("<r>&#38;Ca"));
        let basic = "<!ENTITY lt \"&#38;#60;\"><!ENTITY amp \"&#38;#38;\">&lt; &amp;";
        assert_eq!(expand_declared(basic), basic);
        let bomb = format!("<!ENTITY a \"{}\">{}", "y".repeat(1000), "&a;".repeat(10_000));
        assert!(expand_declared(&bomb).len() < bomb.len() + 1024 * 1024);
        let laughs = (1..32).map(|n| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)));
        let laughs = format!("<!ENTITY a0 \"ha\">{}&a31;", laughs.collect::<String>());
        assert!(expand_declared(&laughs).len() < laughs.len() + 1024 * 1024);
    }

    #[test]
    fn c1_controls_are_windows_1252() {
        assert_eq!(without_c1("don\u{92}t – é".into()), "don’t – é");
    }
}
