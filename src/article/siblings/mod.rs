//! What is remembered of a site's pages, a number a block and one a shape: it tells what they have in common, and what was read of
//! a page before.
//!
//! What other pages of the site say in the same words is the site's, not the article's: appeals, notices, biographies, whatever
//! they are called and wherever they stand. Pages that share most of their text are one article under several addresses, and
//! say nothing of each other. What is called by the same names on other pages is likely the same thing (`shapes`).
//!
//! When a page is looked at again, what it said before in the same words is decided as before. The verdict on a block depends
//! on what is around it and on what is known of the site by then; without memory, a new teaser box or a new release of this
//! program could look like an edit.

mod shapes;

use super::judge::Reading;
use super::outline::{Kind, Outline};
use crate::config::PageRules;
use crate::model::article::PageBlocks;

/// Blocks of fewer letters are not remembered.
pub(super) const LEAST: u32 = 12;
/// Blocks of fewer letters are the same by chance now and then.
pub(super) const LONG: u32 = 40;
/// Log-odds from which a block is so surely text that it may be in several articles: the background that a paper repeats in each
/// story about one thing, the verse, the question of a series. Of 20 furniture blocks of 40 letters and more that pages of one
/// site share and the trees take, the most likely has 2.8.
const SURE: f32 = 3.0;
/// The same for short ones.
const SHORT_SURE: f32 = 1.0;
/// So many pages are needed to say what most pages of a site have.
const MANY: usize = 6;
/// Log-odds below which a block is not remembered: it will be no text on the next page either.
const UNLIKELY: f32 = -4.0;
/// Blocks remembered of a page.
const MOST: usize = 1000;
/// Text blocks that pages may share before they are taken for one article: this part of the shorter one's.
const SAME_ARTICLE: f64 = 0.5;

/// A key's lowest bit: the block was taken as text.
pub(super) const IS_TEXT: u64 = 1;
/// The next two: what shows it to be the site's.
const PROOF: u64 = 0b110;
/// It is on another page.
const ONE_PAGE: u64 = 0b000;
/// It is on two others.
const TWO_PAGES: u64 = 0b010;
/// It is on half of many others.
const MOST_PAGES: u64 = 0b100;
/// Nothing: short headings, which some papers have in each article, and preformatted text.
const NO_PROOF: u64 = 0b110;
/// The other bits are the letters.
pub(super) const LETTERS: u64 = !(IS_TEXT | PROOF);

/// What is remembered of a page.
pub(super) fn blocks_of(page: &Outline<'_>, reading: &Reading, rules: &PageRules) -> PageBlocks {
    let keys = (0..page.blocks.len()).filter(|at| page.blocks[*at].size >= LEAST).filter_map(|at| {
        let is_text = reading.blocks.binary_search(&at).is_ok();
        let is_worth = is_text || reading.odds[at].is_some_and(|odds| odds > UNLIKELY);
        // What a rule selects is the article, whatever other pages have.
        let proof = || if rules.select.is_some() { NO_PROOF } else { proof(page, reading, at) };
        is_worth.then(|| letters(page, at) | proof() | u64::from(is_text))
    });
    let mut keys: Vec<u64> = keys.take(MOST).collect();
    keys.sort_unstable();
    keys.dedup();
    let shapes = if rules.select.is_some() { Vec::new() } else { shapes::of(page, reading) };
    PageBlocks { keys, shapes, rules: rules.as_json() }
}

/// Adds what is remembered of a later part to what is of the article; what an earlier part said is decided by that.
pub(super) fn add_part(whole: &mut PageBlocks, part: &PageBlocks) {
    let new: Vec<u64> = part.keys.iter().copied().filter(|key| of_letters(whole, *key).is_empty()).collect();
    whole.keys.extend(new);
    whole.keys.sort_unstable();
}

/// Takes out of a reading what pages of other articles of the site show to be the site's.
pub(super) fn leave_out(page: &Outline<'_>, reading: &mut Reading, siblings: &[PageBlocks]) {
    if siblings.is_empty() {
        return;
    }
    let own = blocks_of(page, reading, &PageRules::default());
    let others: Vec<&PageBlocks> = siblings.iter().filter(|sibling| !is_same_article(&own, sibling)).collect();
    shapes::lower(page, reading, &others);
    let common = common(&blocks_of(page, reading, &PageRules::default()), &others);
    let is_common = |at: usize| common.binary_search(&(letters(page, at) | proof(page, reading, at))).is_ok();
    let own: Vec<usize> =
        reading.blocks.iter().copied().filter(|at| page.blocks[*at].size < LEAST || !is_common(*at)).collect();
    reading.blocks = own;
}

/// Decides on what the page said before as it was decided then, in words that stand on it once or were decided on alike.
pub(super) fn decide_as_before(page: &Outline<'_>, reading: &mut Reading, before: &PageBlocks) {
    let mut is_text = vec![false; page.blocks.len()];
    for at in &reading.blocks {
        is_text[*at] = true;
    }
    for (at, is_text) in is_text.iter_mut().enumerate() {
        if page.blocks[at].size < LEAST || reading.odds[at].is_none() {
            continue;
        }
        let same = of_letters(before, letters(page, at));
        let taken = same.iter().filter(|key| **key & IS_TEXT != 0).count();
        if !same.is_empty() && (taken == 0 || taken == same.len()) {
            *is_text = taken > 0;
        }
    }
    reading.blocks = (0..is_text.len()).filter(|at| is_text[*at]).collect();
}

/// Whether a reading took for text what a new page shows to be the site's, beside the `siblings` known before: it is worth another
/// one.
pub fn is_outdated<'a>(own: &PageBlocks, siblings: impl Iterator<Item = &'a PageBlocks>, new: &'a PageBlocks) -> bool {
    if is_same_article(own, new) {
        return false;
    }
    let before: Vec<&PageBlocks> = siblings.filter(|sibling| !is_same_article(own, sibling)).collect();
    let with_new: Vec<&PageBlocks> = before.iter().copied().chain([new]).collect();
    let says_text = || texts(own).any(|key| !of_letters(new, key).is_empty());
    says_text() && !common(own, &with_new).is_empty()
        || shapes::are_lowered(own, &with_new) && !shapes::are_lowered(own, &before)
}

/// The text blocks that pages of other articles have too, without [`IS_TEXT`], in ascending order.
fn common(own: &PageBlocks, others: &[&PageBlocks]) -> Vec<u64> {
    let is_common = |key: &u64| {
        let seen = || others.iter().filter(|other| !of_letters(other, *key).is_empty()).count();
        match key & PROOF {
            ONE_PAGE => seen() >= 1,
            TWO_PAGES => seen() >= 2,
            MOST_PAGES => others.len() >= MANY && seen() >= others.len().div_ceil(2),
            _ => false,
        }
    };
    texts(own).filter(is_common).map(|key| key & !IS_TEXT).collect()
}

fn texts(blocks: &PageBlocks) -> impl Iterator<Item = u64> {
    blocks.keys.iter().copied().filter(|key| key & IS_TEXT != 0)
}

/// The blocks with the letters of `key`: as text, not as text, or both.
fn of_letters(blocks: &PageBlocks, key: u64) -> &[u64] {
    let letters = key & LETTERS;
    let from = blocks.keys.partition_point(|other| other & LETTERS < letters);
    let to = blocks.keys[from..].partition_point(|other| other & LETTERS == letters);
    &blocks.keys[from..from + to]
}

fn is_same_article(own: &PageBlocks, other: &PageBlocks) -> bool {
    let shorter = texts(own).count().min(texts(other).count());
    let is_there = |key: &u64| of_letters(other, *key).iter().any(|other| other & IS_TEXT != 0);
    let shared = texts(own).filter(is_there).count();
    shared > 1 && part(shared, shorter) > SAME_ARTICLE
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn part(of: usize, whole: usize) -> f64 {
    of as f64 / whole as f64
}

/// How many pages it takes to show that a block is the site's.
fn proof(page: &Outline<'_>, reading: &Reading, at: usize) -> u64 {
    let (block, odds) = (&page.blocks[at], reading.odds[at].unwrap_or(0.0));
    let is_short = block.size < LONG;
    match block.kind {
        Kind::Preformatted => NO_PROOF,
        Kind::Heading(_) if is_short => NO_PROOF,
        _ if odds >= if is_short { SHORT_SURE } else { SURE } => MOST_PAGES,
        _ if is_short => TWO_PAGES,
        _ => ONE_PAGE,
    }
}

/// A block's letters as a number.
pub(super) fn letters(page: &Outline<'_>, at: usize) -> u64 {
    let hash = page.blocks[at].text.chars().fold(HASH_OF_NOTHING, |hash, c| match c {
        c if c.is_ascii_alphanumeric() => hashed(hash, c.to_ascii_lowercase()),
        c if c.is_ascii() || !c.is_alphanumeric() => hash,
        c => c.to_lowercase().fold(hash, hashed),
    });
    hash & LETTERS
}

/// Hashes that are the same in every version of the program: FNV-1a (Fowler, Noll, Vo; RFC 9923).
const HASH_OF_NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

fn hashed(hash: u64, next: impl Into<u64>) -> u64 {
    (hash ^ next.into()).wrapping_mul(0x0000_0100_0000_01b3)
}
