//! Gradient boosting of the logistic loss, by histograms: each tree is grown leaf by leaf where the loss falls most (Friedman
//! 2001; Ke et al. 2017, `LightGBM`), on some of the rows and some of the evidence, so that no tree leans on one clue.

use std::fmt::Write;

use tearsheet::article::reasons::evidence_names;

use super::gold::Page;

const TREES: usize = 160;
const LEAVES: usize = 28;
const RATE: f32 = 0.08;
/// Most values of a piece of evidence that are told apart.
const BINS: usize = 64;
/// Shares of the rows and of the evidence that a tree sees.
const ROWS: f32 = 0.7;
const EVIDENCE: f32 = 0.4;
/// The least weight of a leaf, and what is added to it.
const LEAST: f32 = 3.0;
const RIDGE: f32 = 5.0;
/// How much a string of a set without whole texts weighs, against a page of 100.
const STRING: f32 = 10.0;
/// Each so many pages once more as if its language were unknown: no case, no words of the tables, no sentence marks.
const FOREIGN: usize = 3;

/// The rows to learn from, column by column.
struct Rows {
    /// Upper bounds of the bins of each column.
    bounds: Vec<Vec<f32>>,
    columns: Vec<Vec<u8>>,
    is_text: Vec<bool>,
    weights: Vec<f32>,
}

/// The file of a forest that is trained on some pages.
pub(crate) fn forest(pages: &[&Page]) -> String {
    let rows = Rows::of(pages);
    let all: f32 = rows.weights.iter().sum();
    let texts: f32 =
        rows.weights.iter().zip(&rows.is_text).filter(|(_, is_text)| **is_text).map(|(weight, _)| weight).sum();
    let bias = (texts / (all - texts)).ln();
    let mut odds = vec![bias; rows.is_text.len()];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut text = format!(
        "# Written by `cargo run --release --example train`; src/article/forest.rs says how to read it.\n{}\n{bias:.4}\n",
        evidence_names().join("|")
    );
    for _ in 0..TREES {
        let tree = Tree::grow(&rows, &odds, &mut random);
        for (at, odds) in odds.iter_mut().enumerate() {
            *odds += tree.value(&rows, at);
        }
        tree.write(0, &rows, &mut text);
        text.pop();
        text.push('\n');
    }
    text
}

impl Rows {
    fn of(pages: &[&Page]) -> Self {
        let mut values: Vec<Vec<f32>> = vec![Vec::new(); evidence_names().len()];
        let (mut is_text, mut weights) = (Vec::new(), Vec::new());
        let speaks: Vec<bool> = evidence_names()
            .iter()
            .map(|name| {
                name.starts_with("words of")
                    || name.starts_with("capital")
                    || name.starts_with("stops")
                    || *name == "label"
                    || name.ends_with("a sentence")
            })
            .collect();
        for (number, page) in pages.iter().enumerate() {
            let known = || page.blocks.iter().filter_map(|(block, truth)| Some((block, (*truth)?)));
            let all: f32 = known().map(|(_, truth)| truth.share * truth.words).sum();
            for (block, truth) in known().filter(|(_, truth)| truth.words > 0.0) {
                let weight = if page.gold.text.is_some() {
                    truth.words / (truth.words + 2.0) * truth.words.min(200.0) / all.max(150.0) * 100.0
                } else {
                    STRING
                };
                for is_foreign in [false, true] {
                    if is_foreign && number % FOREIGN != 0 {
                        continue;
                    }
                    for (column, (value, speaks)) in values.iter_mut().zip(block.evidence.iter().zip(&speaks)) {
                        let unknown = if block.evidence[0] < 0.0 { -1.0 } else { 0.0 };
                        column.push(if is_foreign && *speaks { unknown } else { *value });
                    }
                    is_text.push(truth.share >= 0.5);
                    weights.push(weight);
                }
            }
        }
        let bounds: Vec<Vec<f32>> = values.iter().map(|column| bounds(column)).collect();
        let columns = values
            .iter()
            .zip(&bounds)
            .map(|(column, bounds)| {
                let bin = |value: &f32| bounds.partition_point(|bound| bound < value);
                column.iter().map(|value| u8::try_from(bin(value)).expect("there are fewer bins")).collect()
            })
            .collect();
        Self { bounds, columns, is_text, weights }
    }
}

/// Cuts between the values of a column: all where they are few, else so that about as many lie in each bin.
fn bounds(column: &[f32]) -> Vec<f32> {
    let mut sorted = column.to_vec();
    sorted.sort_by(f32::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    let edges: Vec<f32> = if distinct.len() <= BINS {
        distinct
    } else {
        let mut edges: Vec<f32> = (1..BINS).map(|bin| sorted[bin * (sorted.len() - 1) / BINS]).collect();
        edges.push(sorted[sorted.len() - 1]);
        edges.dedup();
        edges
    };
    // Halfway to the next, so that what lies between goes to the nearer side.
    edges.windows(2).map(|pair| f32::midpoint(pair[0], pair[1])).collect()
}

/// A cut of a column at a bin, and where its two sides are; or a leaf.
#[derive(Debug, Clone, Copy)]
struct Node {
    cut: Option<(usize, u8, usize)>,
    value: f32,
}

struct Tree(Vec<Node>);

/// A leaf that may be cut, with the best cut.
struct Leaf {
    node: usize,
    rows: Vec<u32>,
    gain: f32,
    column: usize,
    bin: u8,
}

/// Sums of the first and second derivative of the loss.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    gradient: f32,
    hessian: f32,
}

impl Sums {
    fn gain(self) -> f32 {
        self.gradient * self.gradient / (self.hessian + RIDGE)
    }

    fn value(self) -> f32 {
        -RATE * self.gradient / (self.hessian + RIDGE)
    }
}

impl Tree {
    fn grow(rows: &Rows, odds: &[f32], random: &mut Random) -> Self {
        let derivatives: Vec<Sums> = odds
            .iter()
            .zip(rows.is_text.iter().zip(&rows.weights))
            .map(|(odds, (is_text, weight))| {
                let probability = 1.0 / (1.0 + (-odds).exp());
                let gradient = weight * (probability - f32::from(u8::from(*is_text)));
                Sums { gradient, hessian: weight * probability * (1.0 - probability) }
            })
            .collect();
        let all: Vec<u32> =
            (0..u32::try_from(odds.len()).expect("there are fewer rows")).filter(|_| random.next() < ROWS).collect();
        let columns: Vec<usize> = (0..rows.columns.len()).filter(|_| random.next() < EVIDENCE).collect();
        let sums = total(&all, &derivatives);
        let mut tree = Tree(vec![Node { cut: None, value: sums.value() }]);
        let mut leaves = vec![best_cut(0, all, rows, &columns, &derivatives)];
        while leaves.len() < LEAVES {
            let Some(best) = (0..leaves.len()).max_by(|a, b| leaves[*a].gain.total_cmp(&leaves[*b].gain)) else {
                break;
            };
            if leaves[best].gain <= 0.0 {
                break;
            }
            let leaf = leaves.swap_remove(best);
            let column = &rows.columns[leaf.column];
            let (below, above): (Vec<u32>, Vec<u32>) =
                leaf.rows.iter().partition(|row| column[**row as usize] <= leaf.bin);
            tree.0[leaf.node].cut = Some((leaf.column, leaf.bin, tree.0.len()));
            for side in [below, above] {
                let node = tree.0.len();
                tree.0.push(Node { cut: None, value: total(&side, &derivatives).value() });
                leaves.push(best_cut(node, side, rows, &columns, &derivatives));
            }
        }
        tree
    }

    fn value(&self, rows: &Rows, row: usize) -> f32 {
        let mut at = 0;
        while let Some((column, bin, sides)) = self.0[at].cut {
            at = sides + usize::from(rows.columns[column][row] > bin);
        }
        self.0[at].value
    }

    fn write(&self, at: usize, rows: &Rows, text: &mut String) {
        let node = self.0[at];
        let wrote = match node.cut {
            None => write!(text, "{:.4} ", node.value),
            Some((column, bin, _)) => {
                write!(text, "{column}:{}:{:.4} ", rows.bounds[column][usize::from(bin)], node.value)
            }
        };
        wrote.expect("a string takes all");
        if let Some((_, _, sides)) = node.cut {
            self.write(sides, rows, text);
            self.write(sides + 1, rows, text);
        }
    }
}

fn total(of: &[u32], derivatives: &[Sums]) -> Sums {
    of.iter().fold(Sums::default(), |sums, row| {
        let Sums { gradient, hessian } = derivatives[*row as usize];
        Sums { gradient: sums.gradient + gradient, hessian: sums.hessian + hessian }
    })
}

fn best_cut(node: usize, of: Vec<u32>, rows: &Rows, columns: &[usize], derivatives: &[Sums]) -> Leaf {
    let all = total(&of, derivatives);
    let mut best = Leaf { node, rows: of, gain: 0.0, column: 0, bin: 0 };
    for column in columns {
        let bins = &rows.columns[*column];
        let mut histogram = [Sums::default(); BINS + 1];
        for row in &best.rows {
            let Sums { gradient, hessian } = derivatives[*row as usize];
            let bin = &mut histogram[usize::from(bins[*row as usize])];
            bin.gradient += gradient;
            bin.hessian += hessian;
        }
        let mut below = Sums::default();
        for (bin, sums) in histogram.iter().enumerate().take(rows.bounds[*column].len()) {
            below.gradient += sums.gradient;
            below.hessian += sums.hessian;
            let above = Sums { gradient: all.gradient - below.gradient, hessian: all.hessian - below.hessian };
            if below.hessian < LEAST || above.hessian < LEAST {
                continue;
            }
            let gain = below.gain() + above.gain() - all.gain();
            if gain > best.gain {
                (best.gain, best.column, best.bin) = (gain, *column, u8::try_from(bin).expect("there are fewer bins"));
            }
        }
    }
    best
}

/// Splitmix (Steele et al. 2014): the same trees each time.
struct Random(u64);

impl Random {
    /// From nought to one.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f32::from(u16::try_from((z ^ (z >> 31)) >> 48).expect("sixteen bits")) / 65536.0
    }
}
