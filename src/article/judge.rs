//! Which candidate is the article: the one that the others agree with most.
//!
//! Views that fail fail differently, so what several of them share is likely right. Measured on pages with known text, the
//! candidate that agrees most with the rest beats the best single view.

use super::candidates::{Candidate, View, worth};
use super::outline::Outline;

/// A candidate after pruning.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) view: View,
    pub(super) roots: Vec<usize>,
    /// The blocks that are its text, in document order.
    pub(super) blocks: Vec<usize>,
}

/// Prunes each candidate and returns the best reading.
pub(super) fn judge(page: &Outline<'_>, candidates: Vec<Candidate>, prune: impl Fn(&[usize]) -> Vec<usize>) -> Reading {
    let mut readings: Vec<Reading> = Vec::with_capacity(candidates.len());
    for Candidate { view, roots } in candidates {
        // Views often name the same element: it is pruned once.
        let known = readings.iter().find(|reading| reading.roots == roots);
        let blocks = known.map_or_else(|| prune(&roots), |reading| reading.blocks.clone());
        readings.push(Reading { view, roots, blocks });
    }
    let sets: Vec<Vec<bool>> = readings
        .iter()
        .map(|reading| {
            let mut set = vec![false; page.blocks.len()];
            reading.blocks.iter().for_each(|block| set[*block] = true);
            set
        })
        .collect();
    let sizes: Vec<f64> = readings.iter().map(|reading| size(page, &reading.blocks)).collect();
    let most_text = readings.iter().map(|reading| running_text(page, &reading.blocks)).fold(0.0, f64::max);
    let score = |at: usize| -> f64 {
        let agreement: f64 = (0..readings.len())
            .filter(|other| *other != at)
            .map(|other| {
                let shared: f64 = readings[other]
                    .blocks
                    .iter()
                    .filter(|block| sets[at][**block])
                    .map(|block| f64::from(page.blocks[*block].size))
                    .sum();
                weight(readings[other].view) * 2.0 * shared / (sizes[at] + sizes[other]).max(1.0)
            })
            .sum();
        let text = running_text(page, &readings[at].blocks);
        // A view that holds a small part of the page's running text is a teaser or a quote, whoever agrees.
        let coverage = if most_text > 0.0 { (text / most_text).min(1.0) } else { 0.0 };
        agreement + weight(readings[at].view) + coverage
    };
    let scores: Vec<f64> = (0..readings.len()).map(score).collect();
    let best = (0..readings.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a))).unwrap_or(0);
    readings.into_iter().nth(best).expect("there is always the whole page")
}

/// How much a view's word counts.
fn weight(view: View) -> f64 {
    match view {
        View::Rule => 100.0,
        View::Stated => 1.2,
        View::Embedded | View::Named => 1.0,
        View::ArticleElement => 0.8,
        View::MainElement => 0.5,
        View::Density | View::Sequence => 0.9,
        View::Page => 0.3,
    }
}

fn size(page: &Outline<'_>, blocks: &[usize]) -> f64 {
    blocks.iter().map(|block| f64::from(page.blocks[*block].size)).sum()
}

fn running_text(page: &Outline<'_>, blocks: &[usize]) -> f64 {
    blocks.iter().map(|block| f64::from(worth(&page.blocks[*block]))).sum()
}
