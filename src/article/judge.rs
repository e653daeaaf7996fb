//! Which blocks are the article: the evidence on each is weighed, and of all sets of blocks the one is taken whose expected
//! accuracy is highest.
//!
//! Views that fail fail differently; the trees learnt how much each one's word is worth, and where.

use super::candidates::smallest_holding;
use super::evidence::{Evidence, Row};
use super::forest::{FOREST, Forest};
use super::hints::Hints;
use super::outline::{Block, Kind, Outline};
use super::wholes;

/// What of a page is its article.
#[derive(Debug)]
pub(super) struct Reading {
    /// The blocks that are its text, in document order.
    pub(super) blocks: Vec<usize>,
    /// The smallest element that holds nearly all of them.
    pub(super) root: usize,
    /// The log-odds of each block; `None` where a block cannot be text.
    pub(super) odds: Vec<Option<f32>>,
}

/// Reads the article of a page. `selected` are the blocks of the elements that a rule names.
pub(super) fn judge(
    page: &Outline<'_>,
    evidence: &Evidence<'_, '_>,
    selected: Option<&[bool]>,
    forest: &Forest,
) -> Reading {
    let odds: Vec<Option<f32>> = (0..page.blocks.len())
        .map(|at| {
            let is_asked = may_be_text(page, evidence, at)
                && selected.map_or_else(|| evidence.is_eligible(at), |selected| selected[at]);
            is_asked.then(|| forest.weigh(&evidence.of(at)))
        })
        .collect();
    let odds = wholes::weigh(page, odds);
    // What a rule selects is the article, whatever it looks like.
    if selected.is_some() { Reading::from(page, odds, f32::NEG_INFINITY) } else { Reading::best(page, odds) }
}

impl Reading {
    /// Takes the set of blocks whose expected F1 is highest.
    pub(super) fn best(page: &Outline<'_>, odds: Vec<Option<f32>>) -> Self {
        let cut = best_cut(page, &odds);
        Self::from(page, odds, cut)
    }

    /// Takes the blocks whose log-odds are `least` or more.
    fn from(page: &Outline<'_>, odds: Vec<Option<f32>>, least: f32) -> Self {
        let mut blocks: Vec<usize> = (0..odds.len()).filter(|at| odds[*at].is_some_and(|odds| odds >= least)).collect();
        drop_last_headings(page, &mut blocks);
        add_images(page, &mut blocks);
        let mut is_text = vec![false; page.blocks.len()];
        for at in &blocks {
            is_text[*at] = true;
        }
        let size_of = |at: usize| if is_text[at] { page.blocks[at].size } else { 0 };
        let root = smallest_holding(page, size_of, (0..is_text.len()).map(size_of).sum());
        Self { blocks, root, odds }
    }

    /// The size of its text.
    pub(super) fn size(&self, page: &Outline<'_>) -> u32 {
        self.blocks.iter().map(|at| page.blocks[*at].size).sum()
    }
}

/// The evidence on a block, for those who ask.
pub(super) fn evidence_of(evidence: &Evidence<'_, '_>, at: usize) -> (Row, Row) {
    let row = evidence.of(at);
    (row, FOREST.reasons(&row))
}

/// Captions, the headline, lines of dates and pagers are none by decision (`docs/reading.md`).
fn may_be_text(page: &Outline<'_>, evidence: &Evidence<'_, '_>, at: usize) -> bool {
    let block = &page.blocks[at];
    let is_out = match block.kind {
        Kind::Caption => true,
        Kind::Heading(_) => evidence.is_title(at),
        Kind::Row(_) | Kind::Preformatted => evidence.is_date_line(at),
        _ => evidence.is_date_line(at) || evidence.is_byline(at) || evidence.is_title_line(at) || is_pager(block),
    };
    !is_out && !block.text.is_empty()
}

/// Whether a line is numbers, some of them linked: `1 2 3 ›`.
fn is_pager(block: &Block) -> bool {
    block.link_size > 0 && block.text.split_whitespace().count() > 1 && !block.text.contains(char::is_alphabetic)
}

/// The least log-odds of a block that is taken: taking blocks from the likeliest on, where the expected F1 is highest. On a page
/// where nothing is certain that is lower than even odds (Ye et al. 2012, Optimizing F-measures).
fn best_cut(page: &Outline<'_>, odds: &[Option<f32>]) -> f32 {
    let mut ranked: Vec<(f32, f32)> =
        odds.iter().zip(&page.blocks).filter_map(|(odds, block)| Some(((*odds)?, size(block.size)))).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let expected: f32 = ranked.iter().map(|(odds, size)| probability(*odds) * size).sum();
    let (mut right, mut taken) = (0.0, 0.0);
    let (mut best, mut cut) = (0.0, f32::INFINITY);
    for (odds, size) in ranked {
        right += probability(odds) * size;
        taken += size;
        let f1 = 2.0 * right / (taken + expected);
        if f1 > best {
            (best, cut) = (f1, odds);
        }
    }
    cut
}

/// The probability of log-odds.
pub(super) fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

#[expect(clippy::cast_precision_loss, reason = "a block's size is far below 2^24")]
pub(super) fn size(letters: u32) -> f32 {
    letters as f32 + 5.0
}

/// A heading with nothing under it.
fn drop_last_headings(page: &Outline<'_>, blocks: &mut Vec<usize>) {
    while blocks.last().is_some_and(|last| matches!(page.blocks[*last].kind, Kind::Heading(_))) {
        blocks.pop();
    }
}

/// The images between the blocks of the text.
fn add_images(page: &Outline<'_>, blocks: &mut Vec<usize>) {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { return };
    let images = (*first..*last).filter(|at| {
        let block = &page.blocks[*at];
        block.has_image && block.text.is_empty() && !block.hints.any(Hints::BOILERPLATE.without(Hints::CAPTION))
    });
    let images: Vec<usize> = images.collect();
    blocks.extend(images);
    blocks.sort_unstable();
    blocks.dedup();
}
