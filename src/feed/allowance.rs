//! How much of a document is read of what costs many times the bytes that it is written in.

use std::cell::Cell;

use super::MAX_ENTRIES;

/// More authors, categories, links or attachments than this are not one entry's.
pub(super) const MAX_PARTS: usize = 100;

/// How many people, categories, links and files may still be taken from a document: each costs many times the bytes that
/// it is written in.
#[derive(Debug)]
pub(super) struct Allowance(Cell<usize>);

impl Allowance {
    /// Ten for each of the entries that a document can have.
    const OF_DOCUMENT: usize = 10 * MAX_ENTRIES;

    pub(super) fn new() -> Self {
        Self(Cell::new(Self::OF_DOCUMENT))
    }

    /// Takes one; `false` when there is none left.
    pub(super) fn take(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }

    /// Whether all was taken, and more may have been there.
    pub(super) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
