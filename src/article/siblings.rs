//! What other pages of the site say in the same words is the site's, not the article's: appeals, notices, biographies, whatever
//! they are called and wherever they stand.
//!
//! Of each page no more is kept than a number a block ([`PageBlocks`]). Pages that share most of their text are one article under
//! several addresses, and say nothing of each other.

use std::collections::HashSet;

use super::judge::Reading;
use super::outline::{Kind, Outline};
use crate::model::article::PageBlocks;

/// Blocks of fewer letters are the same by chance, and need more than one other page to say so.
pub(super) const LONG: u32 = 40;
pub(super) const LEAST: u32 = 12;
/// Log-odds below which a block is not remembered: it will be no text on the next page either.
const UNLIKELY: f32 = -4.0;
/// Blocks remembered of a page.
const MOST: usize = 300;
/// Text blocks that pages may share before they are taken for one article: this part of the shorter one's.
const SAME_ARTICLE: f64 = 0.5;

/// What is remembered of a page.
pub(super) fn blocks_of(page: &Outline<'_>, reading: &Reading) -> PageBlocks {
    let is_worth = |at: &usize| page.blocks[*at].size >= LEAST && reading.odds[*at].is_some_and(|odds| odds > UNLIKELY);
    let mut keys: Vec<u64> = (0..page.blocks.len())
        .filter(is_worth)
        .map(|at| key(page, at, reading.blocks.binary_search(&at).is_ok()))
        .take(MOST)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    PageBlocks(keys)
}

/// Takes out of a reading what pages of other articles of the site have too.
pub(super) fn drop_common(page: &Outline<'_>, reading: &mut Reading, own: &PageBlocks, siblings: &[PageBlocks]) {
    let own_text = text_of(own);
    let others: Vec<HashSet<u64>> = siblings
        .iter()
        .filter(|sibling| !is_same_article(&own_text, &text_of(sibling)))
        .map(|sibling| sibling.0.iter().map(|key| key & !IS_TEXT).collect())
        .collect();
    if others.is_empty() {
        return;
    }
    reading.blocks.retain(|at| {
        let block = &page.blocks[*at];
        if block.size < LEAST || block.kind == Kind::Preformatted {
            return true;
        }
        let key = key(page, *at, false);
        let seen = others.iter().filter(|other| other.contains(&key)).count();
        seen < if block.size >= LONG { 1 } else { 2 }
    });
}

pub(super) fn text_of(blocks: &PageBlocks) -> HashSet<u64> {
    blocks.0.iter().filter(|key| **key & IS_TEXT != 0).copied().collect()
}

fn is_same_article(own: &HashSet<u64>, other: &HashSet<u64>) -> bool {
    let shorter = own.len().min(other.len());
    let shared = own.intersection(other).count();
    shared > 1 && part(shared, shorter) > SAME_ARTICLE
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn part(of: usize, whole: usize) -> f64 {
    of as f64 / whole as f64
}

/// The lowest bit of a key: whether the block was taken as text.
pub(super) const IS_TEXT: u64 = 1;

/// A block's letters, as a number that is the same in every version of the program: FNV-1a (Fowler, Noll, Vo; RFC 9923).
pub(super) fn key(page: &Outline<'_>, at: usize, is_text: bool) -> u64 {
    let letters = page.blocks[at].text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let hash = letters
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, letter| (hash ^ u64::from(letter)).wrapping_mul(0x0000_0100_0000_01b3));
    hash & !IS_TEXT | u64::from(is_text)
}
