//! How right the texts are.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::Path;

use tearsheet::article::forest::Forest;
use tearsheet::article::read_by;
use tearsheet::model::article::PageBlocks;

use super::gold::{Page, Set, bytes, input, shingles, squashed};
use super::halves::Half;

/// Precision, recall and their harmonic mean: of four words in a row, averaged over pages, where the whole text is known;
/// of all strings together where strings are.
pub(crate) struct Accuracy {
    pages: usize,
    precision: f64,
    recall: f64,
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pages, precision, recall } = self;
        let f1 = 2.0 * precision * recall / (precision + recall);
        write!(f, "{pages:4} pages  F1 {f1:.4}  precision {precision:.4}  recall {recall:.4}")
    }
}

/// Reads the pages of each half with its forest; `with_siblings` beside the others of their hosts.
pub(crate) fn accuracy(set: &Set, forests: &[(Half, &Forest)], with_siblings: bool) -> io::Result<Accuracy> {
    let forest_of = |page: &Page| forests.iter().find(|(half, _)| *half == page.half).map(|(_, forest)| *forest);
    let mut remembered: HashMap<&str, Vec<(&Path, PageBlocks)>> = HashMap::new();
    for page in set.pages().iter().filter(|_| with_siblings) {
        let Some(forest) = forest_of(page) else { continue };
        let blocks = read_by(&input(&bytes(&page.file)?, &[]), forest).blocks;
        remembered.entry(&page.host).or_default().push((&page.file, blocks));
    }
    let (mut precisions, mut recalls) = (Vec::new(), Vec::new());
    let (mut right, mut wrong, mut missed) = (0.0, 0.0, 0.0);
    let mut pages = 0;
    for page in set.pages() {
        let Some(forest) = forest_of(page) else { continue };
        let others = remembered.get(page.host.as_str()).into_iter().flatten().filter(|(file, _)| *file != page.file);
        let siblings: Vec<PageBlocks> = others.map(|(_, blocks)| blocks.clone()).collect();
        let text = read_by(&input(&bytes(&page.file)?, &siblings), forest).content_text;
        pages += 1;
        let Some(gold) = &page.gold.text else {
            let text = squashed(&text);
            let found = |strings: &[String]| strings.iter().filter(|string| text.contains(&squashed(string))).count();
            let hits = found(&page.gold.with);
            right += number(hits);
            missed += number(page.gold.with.len() - hits);
            wrong += number(found(&page.gold.without));
            continue;
        };
        let (gold, text) = (shingles(gold), shingles(&text));
        let sum = |counts: &mut dyn Iterator<Item = u32>| f64::from(counts.sum::<u32>());
        let hits = sum(&mut gold.iter().map(|(shingle, count)| text.get(shingle).copied().unwrap_or(0).min(*count)));
        let (all, got) = (sum(&mut gold.values().copied()), sum(&mut text.values().copied()));
        if got > 0.0 {
            precisions.push(hits / got);
        }
        if all > 0.0 {
            recalls.push(hits / all);
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / number(values.len().max(1));
    Ok(if precisions.is_empty() {
        Accuracy { pages, precision: right / (right + wrong), recall: right / (right + missed) }
    } else {
        Accuracy { pages, precision: mean(&precisions), recall: mean(&recalls) }
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn number(count: usize) -> f64 {
    count as f64
}
