//! What the characters of a block tell, and what it shares with another text.

use super::row::{UNKNOWN, share};
use crate::fingerprint::letters;

/// What the characters of a text are.
#[derive(Debug)]
pub(super) struct Letters {
    /// Capitals among letters that have a case.
    pub(super) capitals: f32,
    /// Words that begin with one, among words that begin with a letter that has a case.
    pub(super) capital_words: f32,
    pub(super) digits: f32,
    pub(super) at_signs: u32,
    pub(super) bars: u32,
    pub(super) ends_sentence: bool,
}

impl Letters {
    pub(super) fn of(text: &str) -> Self {
        let (mut capitals, mut cased, mut words, mut capital_words, mut digits, mut all) = (0, 0, 0, 0, 0, 0);
        let (mut at_signs, mut bars) = (0, 0);
        let mut is_inside = false;
        for c in text.chars().take(1000) {
            all += 1;
            let (is_upper, is_lower) = (c.is_uppercase(), c.is_lowercase());
            if is_upper || is_lower {
                cased += 1;
                capitals += u32::from(is_upper);
                if !is_inside {
                    words += 1;
                    capital_words += u32::from(is_upper);
                }
            }
            digits += u32::from(c.is_numeric());
            at_signs += u32::from(c == '@');
            bars += u32::from(c == '|' || c == '·' || c == '•');
            is_inside = c.is_alphanumeric() || c == '\'' || c == '’';
        }
        let of_cased = |part: u32, whole: u32| if whole < 2 { UNKNOWN } else { share(part, whole) };
        Self {
            capitals: of_cased(capitals, cased),
            capital_words: of_cased(capital_words, words),
            digits: share(digits, all),
            at_signs,
            bars,
            ends_sentence: text
                .trim_end_matches(['"', '”', '’', '\'', ')', '»', '」', '』', '）'])
                .ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '॥', '؟', '۔', '።']),
        }
    }
}

/// How much of a text and another are the same letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    All,
    /// As many as tell, up to the end of the shorter.
    Beginning,
    Little,
}

/// Compares a text's letters with those of another, which are bare.
pub(super) fn shared(text: &str, other: &str) -> Shared {
    const TELLING: usize = 60;
    let (mut ours, mut theirs) = (letters(text), other.chars());
    for seen in 0.. {
        match (ours.next(), theirs.next()) {
            (Some(a), Some(b)) if a == b => {}
            (None, None) if seen > 0 => return Shared::All,
            (None, Some(_)) if seen >= 5 => return Shared::Beginning,
            _ if seen >= TELLING => return Shared::Beginning,
            _ => break,
        }
    }
    Shared::Little
}
