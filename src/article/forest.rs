//! Boosted trees: many small decisions that add up to the log-odds that a block is text.
//!
//! Gradient boosting (Friedman 2001) of the logistic loss. The trees are data, in `forest.txt`, written by `cargo run --release
//! --example train` from pages whose text is known; nothing of those pages is in them but cuts and weights.

use std::sync::LazyLock;

use super::evidence::{NAMES, Row};

/// The trees that come with the program.
pub(super) static FOREST: LazyLock<Forest> =
    LazyLock::new(|| Forest::parse(include_str!("forest.txt")).expect("forest.txt is as the trainer wrote it"));

/// After each so many trees a block that is clearly text, or clearly none, is let go: most blocks of a page are.
const GLANCE: usize = 20;
/// How clear is clear, in log-odds.
const CLEARLY_NONE: f32 = -3.0;
const CLEARLY_TEXT: f32 = 4.0;

/// Trees, each a range of nodes with the root first.
#[derive(Debug)]
pub struct Forest {
    bias: f32,
    nodes: Vec<Node>,
    roots: Vec<usize>,
    /// Of each node, what the blocks that came there add on average.
    values: Vec<f32>,
}

/// A cut or a leaf, small so that a tree stays near the processor. The node after a cut is where smaller values go.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Where the cut is; of a leaf, what it adds.
    at: f32,
    /// Index in a row, or [`LEAF`].
    feature: u16,
    /// How many nodes on larger values go.
    above: u16,
}

const LEAF: u16 = u16::MAX;

impl Forest {
    /// Reads the trainer's file: a line of names, a line with the bias, and a line a tree: its nodes, root first, each
    /// followed by what is below the cut and then by what is above; `feature:cut:value` for a cut, `value` for a leaf.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let names: Vec<&str> = lines.next().unwrap_or_default().split('|').collect();
        if names != NAMES {
            return Err("the names are not those of the evidence: train again".to_owned());
        }
        let number = |text: &str| text.parse::<f32>().map_err(|error| format!("`{text}`: {error}"));
        let mut forest = Self {
            bias: number(lines.next().unwrap_or_default())?,
            nodes: Vec::new(),
            roots: Vec::new(),
            values: Vec::new(),
        };
        for line in lines {
            forest.roots.push(forest.nodes.len());
            let mut open: Vec<usize> = Vec::new();
            let mut tokens = line.split(' ');
            loop {
                let token = tokens.next().ok_or("a tree breaks off")?;
                let at = forest.nodes.len();
                let mut parts = token.split(':');
                let first = parts.next().unwrap_or_default();
                if let (Some(cut), Some(value)) = (parts.next(), parts.next()) {
                    let feature = first.parse().map_err(|error| format!("`{first}`: {error}"))?;
                    if usize::from(feature) >= NAMES.len() {
                        return Err(format!("there is no evidence {feature}"));
                    }
                    forest.nodes.push(Node { at: number(cut)?, feature, above: 0 });
                    forest.values.push(number(value)?);
                    open.push(at);
                    continue;
                }
                forest.nodes.push(Node { at: number(first)?, feature: LEAF, above: 0 });
                forest.values.push(number(first)?);
                // A cut whose lower side is done goes on with its upper one.
                let Some(done) = open.pop() else { break };
                forest.nodes[done].above = u16::try_from(at + 1 - done).map_err(|error| error.to_string())?;
            }
        }
        Ok(forest)
    }

    /// The log-odds that a block is text.
    pub(super) fn weigh(&self, row: &Row) -> f32 {
        let mut sum = self.bias;
        for trees in self.roots.chunks(GLANCE) {
            for root in trees {
                let mut at = *root;
                sum += loop {
                    let node = self.nodes[at];
                    if node.feature == LEAF {
                        break node.at;
                    }
                    at += if row[usize::from(node.feature)] <= node.at { 1 } else { usize::from(node.above) };
                };
            }
            if !(CLEARLY_NONE..CLEARLY_TEXT).contains(&sum) {
                break;
            }
        }
        sum
    }

    /// What each piece of evidence adds to the log-odds of a block: along each tree, the change of the average at a cut is the
    /// word of what it asks (Saabas 2014). In the order of `NAMES`.
    pub(super) fn reasons(&self, row: &Row) -> [f32; NAMES.len()] {
        let mut said = [0.0; NAMES.len()];
        for root in &self.roots {
            let mut at = *root;
            while self.nodes[at].feature != LEAF {
                let node = self.nodes[at];
                let asked = usize::from(node.feature);
                let before = self.values[at];
                at += if row[asked] <= node.at { 1 } else { usize::from(node.above) };
                said[asked] += self.values[at] - before;
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::{FOREST, Forest, Row};
    use crate::article::evidence::NAMES;

    fn forest(trees: &str) -> Result<Forest, String> {
        Forest::parse(&format!("# a comment\n{}\n0.5\n{trees}", NAMES.join("|")))
    }

    #[test]
    fn the_trees_that_come_with_the_program_are_read() {
        assert!(FOREST.roots.len() > 20);
    }

    #[test]
    fn smaller_values_go_down_first() {
        let forest = forest("1:2.5:0 5:0.5:-1 -2 0.25 1\n-0.5").unwrap();
        let check = |row: &Row, expected: f32| assert!((forest.weigh(row) - expected).abs() < 1e-6, "{expected}");
        let mut row = [0.0; NAMES.len()];
        check(&row, 0.5 - 2.0 - 0.5);
        row[5] = 0.6;
        check(&row, 0.5 + 0.25 - 0.5);
        row[1] = 3.0;
        check(&row, 0.5 + 1.0 - 0.5);
        assert!((forest.reasons(&row)[1] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_broken_file_is_an_error() {
        assert!(forest("1:2.5:0 1").is_err());
        assert!(forest("999:2.5:0 1 2").is_err());
        assert!(forest("x").is_err());
        assert!(Forest::parse("other|names\n0\n1").is_err());
    }
}
