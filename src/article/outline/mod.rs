//! A page laid out flat: its elements in document order with their hints, and its text as a sequence of blocks.
//!
//! Everything that reads the page works on this, so that no text is walked twice: the text under an element is a range
//! of blocks, and its size a difference of two sums.

mod blocks;
mod nodes;

use std::collections::HashSet;
use std::ops::Range;

use ego_tree::NodeId;
use scraper::Html;

use self::blocks::Blocks;
pub(super) use self::blocks::{Block, Kind, weight};
pub(super) use self::nodes::{Item, Tag};

/// A page laid out flat.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    /// Elements and texts in document order, without what is never text (scripts, controls).
    pub(super) nodes: Vec<Item<'a>>,
    /// Its text in document order.
    pub(super) blocks: Vec<Block>,
    /// `sums[i]` is the size of the text of all blocks before `i`.
    pub(super) sums: Vec<u32>,
    /// The same of the text inside links.
    link_sums: Vec<u32>,
    /// How many blocks begin before each node.
    begun: Vec<usize>,
}

/// Which names are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Those of elements, classes, ids, roles and properties.
    Names,
    /// Those of elements alone: for a page whose class names condemn its text.
    Elements,
}

impl<'a> Outline<'a> {
    /// Lays a page out. `dropped` are elements that a rule of the config leaves out.
    pub(super) fn new(html: &'a Html, dropped: &HashSet<NodeId>, trust: Trust) -> Self {
        let nodes = nodes::read(html, dropped, trust);
        let blocks = Blocks::read(&nodes);
        let mut sums = Vec::with_capacity(blocks.len() + 1);
        let mut link_sums = Vec::with_capacity(blocks.len() + 1);
        let (mut sum, mut link_sum) = (0_u32, 0_u32);
        sums.push(0);
        link_sums.push(0);
        for block in &blocks {
            sum += block.size;
            link_sum += block.link_size;
            sums.push(sum);
            link_sums.push(link_sum);
        }
        let mut begun = Vec::with_capacity(nodes.len() + 1);
        let mut next = 0;
        for node in 0..=nodes.len() {
            while blocks.get(next).is_some_and(|block| block.nodes.start < node) {
                next += 1;
            }
            begun.push(next);
        }
        Self { nodes, blocks, sums, link_sums, begun }
    }

    /// The blocks under a node.
    pub(super) fn blocks_of(&self, node: usize) -> Range<usize> {
        self.begun[node]..self.begun[self.nodes[node].end]
    }

    /// The size of the text of some blocks.
    pub(super) fn size_of(&self, blocks: &Range<usize>) -> u32 {
        self.sums[blocks.end] - self.sums[blocks.start]
    }

    /// The size of the text inside links of some blocks.
    pub(super) fn link_size_of(&self, blocks: &Range<usize>) -> u32 {
        self.link_sums[blocks.end] - self.link_sums[blocks.start]
    }

    /// A node and everything around it, innermost first.
    pub(super) fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let mut next = Some(node);
        std::iter::from_fn(move || {
            let here = next?;
            next = (here != 0).then(|| self.nodes[here].parent);
            Some(here)
        })
    }
}
