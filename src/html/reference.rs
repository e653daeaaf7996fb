//! Character references outside of the parser: those that leave no doubt about what they mean.

use html5ever::data::NAMED_ENTITIES;

/// What an `&` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference {
    /// Nothing: it means itself.
    Ampersand,
    /// A reference of so many bytes to one character or two.
    To(usize, char, Option<char>),
}

/// Where a reference stands: in an attribute, an unfinished one is a part of a URL's query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Text,
    Attribute,
}

/// The longest name that HTML knows without its semicolon.
const LONGEST_BARE: usize = 6;

/// Reads the reference that `text` begins with. `None` where only the parser knows what it means: an unfinished one,
/// one at the end of the text, one to a character that HTML replaces.
pub(super) fn reference(text: &str, place: Place) -> Option<Reference> {
    let bytes = text.as_bytes();
    let numeric = *bytes.get(1)? == b'#';
    let from = 1 + usize::from(numeric);
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric();
    let end = from + bytes.get(from..)?.iter().take(32).take_while(is_name).count();
    let (name, after) = (&text[from..end], *bytes.get(end)?);
    if numeric {
        let c = if after == b';' { character(name) } else { None };
        return c.map(|c| Reference::To(end + 1, c, None));
    }
    if name.is_empty() {
        return Some(Reference::Ampersand);
    }
    if after == b';'
        && let Some((first, second)) = named(&text[1..=end])
    {
        return Some(Reference::To(end + 1, first, second));
    }
    let is_doubtful = match place {
        Place::Text => (2..=name.len().min(LONGEST_BARE)).any(|len| named(&name[..len]).is_some()),
        Place::Attribute => after != b'=' && named(name).is_some(),
    };
    (!is_doubtful && end - from < 32).then_some(Reference::Ampersand)
}

fn named(name: &str) -> Option<(char, Option<char>)> {
    // The table has the beginnings of names too, with a zero.
    let (first, second) = match name {
        "amp;" => return Some(('&', None)),
        "nbsp;" => return Some(('\u{A0}', None)),
        name => NAMED_ENTITIES.get(name)?,
    };
    let first = char::from_u32(*first).filter(|c| *c != '\0')?;
    Some((first, char::from_u32(*second).filter(|c| *c != '\0')))
}

/// The character of a number that HTML takes as it is.
fn character(digits: &str) -> Option<char> {
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    let is_plain = |c: &char| (!c.is_control() || matches!(c, '\n' | '\t')) && u32::from(*c) & 0xFFFE != 0xFFFE;
    code.ok().and_then(char::from_u32).filter(is_plain).filter(|c| !('\u{FDD0}'..='\u{FDEF}').contains(c))
}

/// `text` with its references resolved; where only the parser knows how, they stay as they are.
pub(super) fn resolve_where_clear(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let _always = resolve_by(text, |rest| Some(reference(rest, Place::Text).unwrap_or(Reference::Ampersand)), &mut out);
    out
}

/// Appends `text` with its references resolved; `None` where only the parser knows how.
pub(super) fn resolve(text: &str, place: Place, out: &mut String) -> Option<()> {
    let ends_plainly = |rest: &str| (place == Place::Attribute && ends_plainly(rest)).then_some(Reference::Ampersand);
    resolve_by(text, |rest| reference(rest, place).or_else(|| ends_plainly(rest)), out)
}

fn resolve_by(text: &str, reference: impl Fn(&str) -> Option<Reference>, out: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let len = match reference(rest)? {
            Reference::To(len, first, second) => {
                out.push(first);
                out.extend(second);
                len
            }
            Reference::Ampersand => {
                out.push('&');
                1
            }
        };
        rest = &rest[len..];
    }
    out.push_str(rest);
    Some(())
}

/// Whether an attribute's value ends with an `&` and a name that is none of HTML's.
fn ends_plainly(rest: &str) -> bool {
    rest[1..].bytes().all(|byte| byte.is_ascii_alphanumeric()) && rest.len() < 32 && named(&rest[1..]).is_none()
}

#[cfg(test)]
mod tests {
    use super::{Place, resolve};

    #[track_caller]
    fn check(text: &str, in_text: Option<&str>, in_attribute: Option<&str>) {
        for (place, expected) in [(Place::Text, in_text), (Place::Attribute, in_attribute)] {
            let mut out = String::new();
            assert_eq!(resolve(text, place, &mut out).map(|()| out.as_str()), expected, "{text} in {place:?}");
        }
    }

    #[test]
    fn what_leaves_no_doubt_is_resolved() {
        check("a&amp;b &eacute;&#8217;&#x41;.", Some("a&b é’A."), Some("a&b é’A."));
        check("a & b && c.", Some("a & b && c."), Some("a & b && c."));
        check("?a=1&b=2&copy=3", None, Some("?a=1&b=2&copy=3"));
        check("&unknown; AT&T.", Some("&unknown; AT&T."), Some("&unknown; AT&T."));
    }

    #[test]
    fn what_the_parser_replaces_or_completes_is_left_to_it() {
        for text in ["&copy.", "&#0;", "&#150;", "&#x110000;", "&#12", "&#12 ", "&#1;"] {
            check(text, None, None);
        }
        check("&notit;", None, Some("&notit;"));
        check("x&b", None, Some("x&b"));
    }
}
