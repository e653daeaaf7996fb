//! Tables and lists are decided on as wholes: a row says little of itself.

use std::iter::zip;

use foldhash::{HashMap, HashMapExt};

use super::judge::size;
use super::outline::{Block, Kind, Outline, Tag};

/// How much of a block's log-odds is the mean of what it is part of. Rows of a table are in or out together; an item may be
/// another thing than its list (`docs/reading.md`, What was tried).
const OF_TABLE: f32 = 1.0;
const OF_LIST: f32 = 0.7;
/// Elements between a row and its table, an item and its list.
const STEPS: usize = 4;

/// The log-odds of blocks in the light of the table or the list that they are part of.
pub(super) fn weigh(page: &Outline<'_>, odds: Vec<Option<f32>>) -> Vec<Option<f32>> {
    let wholes: Vec<Option<(usize, f32)>> =
        zip(&page.blocks, &odds).map(|(block, odds)| odds.and_then(|_| whole(page, block))).collect();
    let mut sums: HashMap<usize, (f32, f32)> = HashMap::new();
    for (at, odds) in odds.iter().enumerate() {
        if let (Some(odds), Some((whole, _))) = (odds, wholes[at]) {
            let (sum, weights) = sums.entry(whole).or_default();
            let weight = size(page.blocks[at].size);
            *sum += odds * weight;
            *weights += weight;
        }
    }
    let together = |(own, whole): (Option<f32>, Option<(usize, f32)>)| {
        let (own, Some((whole, part))) = (own?, whole) else { return own };
        let (sum, weights) = sums[&whole];
        Some(own * (1.0 - part) + sum / weights * part)
    };
    zip(odds, wholes).map(together).collect()
}

/// The table or the list that a block is part of, and how much of it the block is.
fn whole(page: &Outline<'_>, block: &Block) -> Option<(usize, f32)> {
    let (from, tag, part) = match block.kind {
        Kind::Row(row) => (row, Tag::Table, OF_TABLE),
        Kind::Item(item) => (item, Tag::List, OF_LIST),
        _ => return None,
    };
    let whole = page.ancestors(from).skip(1).take(STEPS).find(|node| page.nodes[*node].tag == tag)?;
    Some((whole, part))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::article::outline::Trust;
    use crate::html;

    fn weighed(markup: &str, odds: &[f32]) -> Vec<f32> {
        let tree = html::parse(markup);
        let page = Outline::new(&tree.html, &HashSet::new(), Trust::Names);
        let odds = odds.iter().copied().map(Some).collect();
        weigh(&page, odds).into_iter().flatten().collect()
    }

    #[test]
    fn rows_of_a_table_are_decided_on_together_and_by_their_size() {
        let table = "<table><tr><td>Bridge</td><td>Opens at</td></tr><tr><td>A</td><td>8</td></tr></table>";
        let markup = format!("<p>Before</p>{table}<p>After</p>");
        let odds = weighed(&markup, &[2.0, 1.0, -2.0, 3.0]);
        assert_eq!([odds[0], odds[3]].map(f32::to_bits), [2.0_f32, 3.0].map(f32::to_bits), "what is no row stays");
        assert_eq!(odds[1].to_bits(), odds[2].to_bits());
        assert!(odds[1] > 0.0, "the larger row weighs more: {odds:?}");
    }

    #[test]
    fn an_item_may_be_another_thing_than_its_list() {
        let odds = weighed("<ul><li>aaaaa<li>bbbbb<li>ccccc</ul><ul><li>ddddd</ul>", &[1.0, 1.0, -4.0, 5.0]);
        assert!(odds[2] < odds[0] && odds[0] < 1.0 && odds[2] > -4.0, "{odds:?}");
        assert!((odds[3] - 5.0).abs() < 1e-3, "another list is another whole: {odds:?}");
    }
}
