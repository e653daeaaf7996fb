//! Where the article may be: several views of one page that fail differently, each naming a set of elements.
//!
//! Views: what the markup says (schema.org, class names, `<article>`, `<main>`), where dense paragraphs gather (the family of
//! Readability), where the longest run of text without boilerplate is (the family of boilerplate detection by sequence),
//! and where the text is that the page's JSON-LD carries. What holds a block is evidence; `judge` weighs it.

use foldhash::HashSet;

use super::hints::Hints;
use super::outline::{Block, Kind, Outline, Tag};
use crate::fingerprint::letters;

/// One view's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Which view.
    pub(super) view: View,
    /// Outermost elements, in document order.
    pub(super) roots: Vec<usize>,
}

/// The views, most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum View {
    Embedded,
    Stated,
    Named,
    ArticleElement,
    MainElement,
    Density,
    Sequence,
    Page,
}

/// All candidates of a page; at least the whole page.
pub(super) fn candidates(page: &Outline<'_>, carried: Option<&Carried>) -> Vec<Candidate> {
    let worths: Vec<u32> = page.blocks.iter().map(worth).collect();
    let mut sums = Vec::with_capacity(worths.len() + 1);
    let mut sum = 0;
    sums.push(0);
    for worth in &worths {
        sum += worth;
        sums.push(sum);
    }
    let worth_of = |node: usize| {
        let blocks = page.blocks_of(node);
        sums[blocks.end] - sums[blocks.start]
    };
    let views = [
        (View::Embedded, carried.and_then(|carried| carried.place(page)).map(|node| vec![node])),
        (View::Stated, group(page, &worth_of, |item| item.hints.any(Hints::BODY_STATED))),
        (
            View::Named,
            group(page, &worth_of, |item| item.hints.any(Hints::BODY) && !item.hints.any(Hints::BODY_STATED)),
        ),
        (View::ArticleElement, best(page, &worth_of, |tag| tag == Tag::Article)),
        (View::MainElement, best(page, &worth_of, |tag| tag == Tag::Main)),
        (View::Density, densest(page, &worths)),
        (View::Sequence, sequence(page, &worths)),
        (View::Page, Some(vec![0])),
    ];
    views.into_iter().filter_map(|(view, roots)| Some(Candidate { view, roots: roots? })).collect()
}

/// How much a block looks like running text: its size where it is a sentence or more and no link list, else nothing.
pub(super) fn worth(block: &Block) -> u32 {
    if block.hints.any(Hints::BOILERPLATE) || block.size < 40 {
        return 0;
    }
    let share = block.link_share();
    let has_sentence = block.stops > 0;
    match block.kind {
        Kind::Preformatted => block.size,
        Kind::Paragraph if share < 0.4 && (has_sentence || block.size >= 80) => block.size,
        Kind::Item(_) | Kind::Row(_) if share < 0.3 && has_sentence && block.size >= 60 => block.size * 2 / 3,
        _ => 0,
    }
}

/// The elements that say of themselves that they hold the text: of those that share a parent, the group worth most.
fn group(
    page: &Outline<'_>,
    worth_of: &impl Fn(usize) -> u32,
    is_body: impl Fn(&super::outline::Item<'_>) -> bool,
) -> Option<Vec<usize>> {
    let mut groups: Vec<(usize, Vec<usize>, u32)> = Vec::new();
    let mut seen = 0;
    for (at, item) in page.nodes.iter().enumerate() {
        if seen >= 500 {
            break;
        }
        if item.tag == Tag::Text || !is_body(item) || item.inherited.any(Hints::BOILERPLATE.without(Hints::HIDDEN)) {
            continue;
        }
        seen += 1;
        let worth = worth_of(at);
        if worth == 0 {
            continue;
        }
        match groups.iter_mut().find(|(parent, ..)| *parent == item.parent) {
            Some((_, roots, sum)) => {
                roots.push(at);
                *sum += worth;
            }
            None => groups.push((item.parent, vec![at], worth)),
        }
    }
    let most = groups.iter().map(|(.., worth)| *worth).max()?;
    // The innermost that holds nearly all: a wrapper may be named as the text is.
    groups.into_iter().rev().find(|(.., worth)| *worth * 10 >= most * 9).map(|(_, roots, _)| roots)
}

/// The element of a kind that is worth most.
fn best(page: &Outline<'_>, worth_of: &impl Fn(usize) -> u32, is_kind: impl Fn(Tag) -> bool) -> Option<Vec<usize>> {
    let mut best = None;
    let mut most = 0;
    for (at, item) in page.nodes.iter().enumerate().filter(|(_, item)| is_kind(item.tag)) {
        if item.inherited.any(Hints::BOILERPLATE.without(Hints::HIDDEN)) {
            continue;
        }
        let worth = worth_of(at);
        // Nested ones that hold nearly as much are the article itself.
        if worth > most || worth > 0 && worth * 10 >= most * 9 {
            most = most.max(worth);
            best = Some(vec![at]);
        }
    }
    best
}

/// Where dense paragraphs gather: each gives its score to the elements around it, less with distance.
fn densest(page: &Outline<'_>, worths: &[u32]) -> Option<Vec<usize>> {
    let mut scores = vec![0.0_f64; page.nodes.len()];
    for (block, worth) in page.blocks.iter().zip(worths) {
        if *worth == 0 {
            continue;
        }
        let score = 1.0 + f64::from(block.stops.min(20)) + (f64::from(*worth) / 100.0).min(5.0);
        let container = block.container;
        let wraps_text = matches!(
            page.nodes[container].tag,
            Tag::Paragraph | Tag::Pre | Tag::Item | Tag::Row | Tag::Quote | Tag::Heading(_)
        );
        let from = if wraps_text { page.nodes[container].parent } else { container };
        for (distance, node) in page.ancestors(from).take(5).enumerate() {
            scores[node] += score / [1.0, 2.0, 6.0, 9.0, 12.0][distance];
        }
    }
    let top = (1..page.nodes.len()).filter(|at| scores[*at] > 0.0).map(|at| {
        let blocks = page.blocks_of(at);
        let size = f64::from(page.size_of(&blocks).max(1));
        let links = page.link_size_of(&blocks);
        let named = if page.nodes[at].hints.any(Hints::BODY) { 1.25 } else { 1.0 };
        (at, scores[at] * (1.0 - f64::from(links) / size) * named)
    });
    let (top, score) = top.max_by(|a, b| a.1.total_cmp(&b.1))?;
    // Siblings that have a score of their own, or paragraphs beside it, belong to it.
    let parent = page.nodes[top].parent;
    let mut roots = Vec::new();
    let mut at = parent + 1;
    while at < page.nodes[parent].end {
        let item = &page.nodes[at];
        let is_scored = scores[at] >= (score * 0.2).max(8.0) && item.hints == page.nodes[top].hints;
        let blocks = page.blocks_of(at);
        let is_paragraph = blocks.len() == 1 && worths[blocks.start] > 80 && item.tag == Tag::Paragraph;
        if at == top || is_scored || is_paragraph {
            roots.push(at);
        }
        at = item.end;
    }
    Some(roots)
}

/// The run of blocks with the largest sum of text less boilerplate, and the smallest element that holds most of it.
fn sequence(page: &Outline<'_>, worths: &[u32]) -> Option<Vec<usize>> {
    let gain = |at: usize| -> i64 {
        let block = &page.blocks[at];
        match worths[at] {
            0 if matches!(block.kind, Kind::Heading(_)) => -10,
            0 => -(30 + i64::from(block.size.min(300)) / 2),
            worth => i64::from(worth.min(700)),
        }
    };
    let (mut best, mut run) = ((0, 0..0), (0_i64, 0));
    for at in 0..page.blocks.len() {
        if run.0 <= 0 {
            run = (0, at);
        }
        run.0 += gain(at);
        if run.0 > best.0 {
            best = (run.0, run.1..at + 1);
        }
    }
    let run = best.1;
    let within: u32 = worths[run.clone()].iter().sum();
    (within > 0).then(|| vec![smallest_holding(page, |at| if run.contains(&at) { worths[at] } else { 0 }, within)])
}

/// The smallest element that holds nine tenths of a sum over blocks.
pub(super) fn smallest_holding(page: &Outline<'_>, value: impl Fn(usize) -> u32, total: u32) -> usize {
    let mut sums = Vec::with_capacity(page.blocks.len() + 1);
    sums.push(0_u32);
    for at in 0..page.blocks.len() {
        sums.push(sums[at] + value(at));
    }
    let need = total - total / 10;
    let mut here = 0;
    'down: loop {
        let mut at = here + 1;
        while at < page.nodes[here].end {
            let blocks = page.blocks_of(at);
            if page.nodes[at].tag != Tag::Text && sums[blocks.end] - sums[blocks.start] >= need {
                // A single paragraph is no place.
                if blocks.len() <= 1 && page.nodes[at].tag == Tag::Paragraph {
                    break 'down;
                }
                here = at;
                continue 'down;
            }
            at = page.nodes[at].end;
        }
        break;
    }
    here
}

/// How much of each block the text has that JSON-LD or the feed carries.
#[derive(Debug)]
pub(super) struct Carried {
    /// Of each block, the shingles that the text has too, where it has most of them.
    hits: Vec<u32>,
    /// Of each block, the share of its shingles that the text has.
    pub(super) shares: Vec<f32>,
    /// Shingles of the text.
    all: usize,
}

impl Carried {
    /// `None` for a text of a few words.
    pub(super) fn new(page: &Outline<'_>, text: &str) -> Option<Self> {
        let known: HashSet<u64> = shingles(text).collect();
        if known.len() < 30 {
            return None;
        }
        let mut carried = Self { hits: Vec::new(), shares: Vec::new(), all: known.len() };
        for block in &page.blocks {
            let shingles = shingles(&block.text).filter(|_| block.size >= 30);
            let (hits, all) = shingles.fold((0_u16, 0_u16), |(hits, all), shingle| {
                (hits.saturating_add(u16::from(known.contains(&shingle))), all.saturating_add(1))
            });
            carried.hits.push(if u32::from(hits) * 2 > u32::from(all) { u32::from(hits) } else { 0 });
            carried.shares.push(if all == 0 { 0.0 } else { f32::from(hits) / f32::from(all) });
        }
        Some(carried)
    }

    /// The smallest element that holds the text, when enough of that is on the page.
    fn place(&self, page: &Outline<'_>) -> Option<usize> {
        let total: u32 = self.hits.iter().sum();
        (u64::from(total) * 2 > self.all as u64).then(|| smallest_holding(page, |at| self.hits[at], total))
    }
}

/// Hashes of sixteen letters in a row, without what is between them, so that no script is at a disadvantage; a fourth of them,
/// sampled by value. Each is had from the one before (Karp and Rabin 1987).
fn shingles(text: &str) -> impl Iterator<Item = u64> + '_ {
    const LETTERS: usize = 16;
    const BASE: u64 = 0x0000_0100_0000_01b3;
    let base_of_oldest = (0..LETTERS).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let letters = letters(text).map(u64::from);
    let (mut window, mut at, mut hash) = ([0_u64; LETTERS], 0_usize, 0_u64);
    let hashes = letters.map(move |letter| {
        let oldest = std::mem::replace(&mut window[at % LETTERS], letter);
        at += 1;
        hash = hash.wrapping_mul(BASE).wrapping_add(letter).wrapping_sub(oldest.wrapping_mul(base_of_oldest));
        hash ^ (hash >> 29)
    });
    hashes.skip(LETTERS - 1).map(|hash| hash.wrapping_mul(0x9e37_79b9_7f4a_7c15)).filter(|hash| hash >> 62 == 0)
}
