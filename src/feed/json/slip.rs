//! What was repaired in a JSON text: each kind once, with the line of the first and how many there are.

/// A kind of slip that the reader reads on after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    Before,
    After,
    Comment,
    Call,
    Comma,
    ExtraComma,
    Colon,
    NoValue,
    Bracket,
    LeftOpen,
    Quote,
    LeftUnquoted,
    OtherQuotes,
    Control,
    Escape,
    Surrogate,
    BareKey,
    BareText,
    Literal,
    Number,
    Deep,
    Junk,
}

/// Every kind, in the order of their declaration, with what is said about it.
const KINDS: [(Slip, &str); 22] = [
    (Slip::Before, "text before the document is skipped"),
    (Slip::After, "text after the document is skipped"),
    (Slip::Comment, "a comment is skipped"),
    (Slip::Call, "a function call is skipped, its argument is read"),
    (Slip::Comma, "a comma is missing"),
    (Slip::ExtraComma, "a comma has nothing after it"),
    (Slip::Colon, "a colon is missing"),
    (Slip::NoValue, "a member has no value"),
    (Slip::Bracket, "a closing bracket fits no open one"),
    (Slip::LeftOpen, "an object or array is not closed"),
    (Slip::Quote, "a quote in a text is not escaped"),
    (Slip::LeftUnquoted, "a text is not closed"),
    (Slip::OtherQuotes, "a text is in single quotes"),
    (Slip::Control, "a line break or control character in a text is not escaped"),
    (Slip::Escape, "an escape is none that JSON has"),
    (Slip::Surrogate, "an escape is half a character"),
    (Slip::BareKey, "a key has no quotes"),
    (Slip::BareText, "a text has no quotes"),
    (Slip::Literal, "a literal is another language's"),
    (Slip::Number, "a number is not written as in JSON"),
    (Slip::Deep, "a value is nested too deep and left out"),
    (Slip::Junk, "characters that mean nothing are skipped"),
];

/// The slips of one document.
#[derive(Debug, Default)]
pub(super) struct Slips([Option<Found>; KINDS.len()]);

#[derive(Debug, Clone, Copy)]
struct Found {
    /// The byte at which the first one is.
    at: usize,
    count: usize,
}

impl Slips {
    pub(super) fn add(&mut self, slip: Slip, at: usize) {
        self.0[slip as usize].get_or_insert(Found { at, count: 0 }).count += 1;
    }

    pub(super) fn has(&self, slip: Slip) -> bool {
        self.0[slip as usize].is_some()
    }

    /// What was repaired in `text`, in the order of the lines.
    pub(super) fn warnings(&self, text: &str) -> Vec<String> {
        let mut found: Vec<_> =
            self.0.iter().zip(KINDS).filter_map(|(found, (_, says))| Some(((*found)?, says))).collect();
        found.sort_by_key(|(found, _)| found.at);
        let line = |at: usize| memchr::memchr_iter(b'\n', &text.as_bytes()[..at.min(text.len())]).count() + 1;
        let tell = |(Found { at, count }, says): (Found, &str)| match count {
            1 => format!("line {}: {says}", line(at)),
            _ => format!("line {}: {says} ({count} times in all)", line(at)),
        };
        found.into_iter().map(tell).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Slip, Slips};

    #[test]
    fn kinds_are_in_the_order_of_their_numbers() {
        assert!(KINDS.iter().enumerate().all(|(number, (slip, _))| *slip as usize == number));
    }

    #[test]
    fn a_kind_is_told_once_with_its_first_line() {
        let mut slips = Slips::default();
        slips.add(Slip::Number, 4);
        slips.add(Slip::Comma, 1);
        slips.add(Slip::Comma, 3);
        let expected = ["line 1: a comma is missing (2 times in all)", "line 3: a number is not written as in JSON"];
        assert_eq!(slips.warnings("a\nb\nc"), expected);
    }
}
