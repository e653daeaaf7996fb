//! What a later part says that an earlier one said already: the headline, the standfirst, appeals, the author's biography.

use std::collections::HashSet;

use crate::article::judge::Reading;
use crate::article::outline::Outline;
use crate::article::siblings::{IS_TEXT, LEAST, LETTERS, LONG, letters};
use crate::model::article::PageBlocks;

/// Drops the blocks of `reading` that `earlier` parts have, unless the page is an earlier part once more or the whole article:
/// what to do with those is decided by their texts (`join`).
pub(in crate::article) fn drop_repeated(page: &Outline<'_>, reading: &mut Reading, earlier: &[PageBlocks]) {
    let Some(first) = earlier.first() else { return };
    let known: HashSet<u64> = earlier.iter().flat_map(|part| part.keys.iter().map(|key| key & LETTERS)).collect();
    let size_of = |at: usize| page.blocks[at].size;
    let is_known = |at: usize| size_of(at) >= LEAST && known.contains(&letters(page, at));

    let all: u32 = reading.blocks.iter().map(|at| size_of(*at)).sum();
    let repeated: u32 = reading.blocks.iter().filter(|at| is_known(**at)).map(|at| size_of(*at)).sum();
    let own: HashSet<u64> = reading.blocks.iter().map(|at| letters(page, *at)).collect();
    let of_first: HashSet<u64> = first.keys.iter().filter(|key| *key & IS_TEXT != 0).map(|key| key & LETTERS).collect();
    let found = of_first.intersection(&own).count();
    let is_earlier_part = repeated * 10 >= all * 9;
    let is_whole_article = !of_first.is_empty() && found * 10 >= of_first.len() * 9;
    if is_earlier_part || is_whole_article {
        return;
    }
    // A short block may be said twice, but not at the beginning and at the end, where furniture is.
    let new = |at: &&usize| !is_known(**at) && size_of(**at) >= LEAST;
    let (Some(begin), Some(end)) = (reading.blocks.iter().find(new), reading.blocks.iter().rfind(new)) else { return };
    let inner = *begin..=*end;
    reading.blocks.retain(|at| !is_known(*at) || inner.contains(at) && size_of(*at) < LONG);
}
