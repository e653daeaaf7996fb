//! The tokens of a phrase, and what stands at one place among them.

use super::text::{Kind, Token};
use super::words::Locale;

/// The tokens of a phrase with what their reading depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrase<'a> {
    /// The tokens.
    pub(super) tokens: &'a [Token],
    /// The language and region.
    pub(super) locale: Locale,
    /// This year: decides the century of two-digit years.
    pub(super) this_year: i32,
}

impl Phrase<'_> {
    pub(super) fn number(&self, at: usize) -> Option<u64> {
        self.tokens.get(at)?.number()
    }

    /// A number of at most `digits` digits within bounds.
    pub(super) fn small(&self, at: usize, digits: usize, low: u64, high: u64) -> Option<u32> {
        let token = self.tokens.get(at)?;
        let value = token.number().filter(|value| token.text.len() <= digits && (low..=high).contains(value))?;
        u32::try_from(value).ok()
    }

    pub(super) fn mark(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_mark(mark))
    }

    pub(super) fn word(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Word && words.contains(&token.text.as_str()))
    }

    pub(super) fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| !token.spaced)
    }
}
