//! What is called by the same names on other pages of a site is the same thing there: where it is furniture on those, it is less
//! likely text on this one.
//!
//! A block's shape is the names and classes of the elements around it. Only less: on a page beside which the others are
//! galleries and lists, text would stand wherever those have captions and teasers (`docs/reading.md`, What was tried).

use std::iter::zip;

use foldhash::{HashMap, HashMapExt};
use scraper::node::Element;

use super::{HASH_OF_NOTHING, LEAST, hashed};
use crate::article::judge::{self, Reading};
use crate::article::outline::Outline;
use crate::model::article::PageBlocks;

/// Elements whose names make a shape, a block's own first.
const ELEMENTS: usize = 4;
/// How far log-odds are moved towards their mean on the other pages, of one.
const PART: f32 = 0.7;
/// But no further than this: what is surely text stays text on a site whose lists and articles are called the same.
const MOST_MOVED: f32 = 3.0;
/// Log-odds below which text is left out, as a rule.
const LEFT_OUT: f32 = -0.5;
/// Shapes remembered of a page, those that hold most.
const MOST: usize = 100;

/// A shape and what is known of its blocks, as a number: 40 bits of the names, then of eight bits each their mean log-odds, the
/// lowest of those that were taken, and how large they are.
#[derive(Debug, Clone, Copy)]
struct Shape(u64);

impl Shape {
    const NAMES: u64 = !0xff_ffff;

    fn new(names: u64, mean: f32, taken: Option<f32>, size: f32) -> Self {
        let taken = taken.map_or(0, |odds| u64::from(byte(odds)));
        Self(names & Self::NAMES | u64::from(byte(mean)) << 16 | taken << 8 | u64::from(scaled(size.log2(), 8.0)))
    }

    fn names(self) -> u64 {
        self.0 & Self::NAMES
    }

    fn mean(self) -> f32 {
        odds(self.byte_at(16))
    }

    fn lowest_taken(self) -> Option<f32> {
        Some(self.byte_at(8)).filter(|byte| *byte != 0).map(odds)
    }

    fn size(self) -> f32 {
        (f32::from(self.byte_at(0)) / 8.0).exp2()
    }

    fn byte_at(self, shift: u32) -> u8 {
        self.0.to_le_bytes()[shift as usize / 8]
    }
}

/// Log-odds in tenths, zero as 128.
fn byte(odds: f32) -> u8 {
    scaled(odds + 12.8, 10.0).max(1)
}

fn odds(byte: u8) -> f32 {
    f32::from(byte) / 10.0 - 12.8
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is out of range is its end")]
fn scaled(value: f32, by: f32) -> u8 {
    (value * by).round() as u8
}

/// What is remembered of a page.
pub(super) fn of(page: &Outline<'_>, reading: &Reading) -> Vec<u64> {
    let mut seen: HashMap<u64, (f32, f32, Option<f32>)> = HashMap::new();
    let mut names = Names::new(page);
    for (at, odds) in reading.odds.iter().enumerate() {
        let Some(odds) = *odds else { continue };
        let (sum, size, lowest) = seen.entry(names.around(at)).or_default();
        let own = judge::size(page.blocks[at].size);
        *sum += odds * own;
        *size += own;
        if reading.blocks.binary_search(&at).is_ok() {
            *lowest = Some(lowest.map_or(odds, |lowest| lowest.min(odds)));
        }
    }
    let mut shapes: Vec<(f32, Shape)> = seen
        .into_iter()
        .map(|(names, (sum, size, lowest))| (size, Shape::new(names, sum / size, lowest, size)))
        .collect();
    shapes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.0.cmp(&b.1.0)));
    shapes.truncate(MOST);
    let mut shapes: Vec<u64> = shapes.into_iter().map(|(_, shape)| shape.0).collect();
    shapes.sort_unstable();
    shapes
}

/// Reads a page once more with what others of its site tell, unless that leaves less than a fifth of its text.
pub(super) fn lower(page: &Outline<'_>, reading: &mut Reading, others: &[&PageBlocks]) {
    let (means, mut names) = (means(others), Names::new(page));
    let lowered = |(at, odds): (usize, &Option<f32>)| {
        let odds = (*odds)?;
        Some(means.get(&names.around(at)).map_or(odds, |mean| towards(*mean, odds)))
    };
    let odds: Vec<Option<f32>> = reading.odds.iter().enumerate().map(lowered).collect();
    if zip(&odds, &reading.odds).all(|(lowered, odds)| lowered == odds) {
        return;
    }
    let other = Reading::best(page, odds);
    if other.size(page) * 5 >= reading.size(page) {
        // What is not remembered of a page must not depend on what its siblings are at the time.
        let is_short = |at: &usize| page.blocks[*at].size < LEAST;
        let mut blocks: Vec<usize> = other.blocks.into_iter().filter(|at| !is_short(at)).collect();
        blocks.extend(reading.blocks.iter().copied().filter(is_short));
        blocks.sort_unstable();
        (reading.blocks, reading.root) = (blocks, other.root);
    }
}

/// Whether the text of a page holds what the others show to be none.
pub(super) fn are_lowered(own: &PageBlocks, others: &[&PageBlocks]) -> bool {
    let means = means(others);
    own.shapes.iter().map(|shape| Shape(*shape)).any(|shape| {
        let (Some(taken), Some(mean)) = (shape.lowest_taken(), means.get(&shape.names())) else { return false };
        towards(*mean, taken) < taken.min(LEFT_OUT)
    })
}

fn towards(mean: f32, odds: f32) -> f32 {
    odds + ((mean - odds) * PART).clamp(-MOST_MOVED, 0.0)
}

/// The mean log-odds of each shape on some pages.
fn means(pages: &[&PageBlocks]) -> HashMap<u64, f32> {
    let mut sums: HashMap<u64, (f32, f32)> = HashMap::new();
    for shape in pages.iter().flat_map(|page| &page.shapes).map(|shape| Shape(*shape)) {
        let (sum, sizes) = sums.entry(shape.names()).or_default();
        *sum += shape.mean() * shape.size();
        *sizes += shape.size();
    }
    sums.into_iter().map(|(names, (sum, sizes))| (names, sum / sizes)).collect()
}

/// What elements are called, as numbers.
struct Names<'p, 'a> {
    page: &'p Outline<'a>,
    /// Of each element that was asked for, its own.
    own: HashMap<usize, u64>,
}

impl<'p, 'a> Names<'p, 'a> {
    fn new(page: &'p Outline<'a>) -> Self {
        Self { page, own: HashMap::new() }
    }

    /// Of those around a block.
    fn around(&mut self, at: usize) -> u64 {
        let page = self.page;
        let elements = page.ancestors(page.blocks[at].container).take(ELEMENTS);
        let hash = elements.fold(HASH_OF_NOTHING, |hash, node| {
            hashed(hash, *self.own.entry(node).or_insert_with(|| own(page.nodes[node].element())))
        });
        // Multiplication mixes upwards: the highest bits are the best.
        hash & Shape::NAMES
    }
}

/// Name and classes, these without digits, which count things.
fn own(element: Option<&Element>) -> u64 {
    let Some(element) = element else { return 0 };
    let class = element.attr("class").unwrap_or_default();
    let letters = element.name().bytes().chain([b'.']).chain(class.bytes());
    letters.filter(|byte| !byte.is_ascii_digit()).fold(HASH_OF_NOTHING, hashed)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::slice;

    use super::*;
    use crate::article::outline::Trust;
    use crate::html;

    /// A page with these log-odds, and what is remembered of it.
    fn read<T>(markup: &str, odds: &[f32], look: impl FnOnce(&Outline<'_>, Reading) -> T) -> T {
        let tree = html::parse(markup);
        let page = Outline::new(&tree.html, &HashSet::new(), Trust::Names);
        assert_eq!(page.blocks.len(), odds.len());
        let reading = Reading::best(&page, odds.iter().copied().map(Some).collect());
        look(&page, reading)
    }

    fn remembered(markup: &str, odds: &[f32]) -> PageBlocks {
        let shapes = read(markup, odds, |page, reading| of(page, &reading));
        PageBlocks { shapes, ..PageBlocks::default() }
    }

    const TEXT: &str = "<div class='text'><p>Long as a paragraph is</p><p>and as long again</p></div>";

    fn page(strip: &str) -> String {
        format!("{TEXT}<div class='strip-17'>{strip}</div>")
    }

    #[test]
    fn what_is_furniture_elsewhere_is_less_likely_text() {
        let other = remembered(&page("<p>Read</p><p>Buy</p>").replace("17", "4"), &[4.0, 5.0, -5.0, -4.0]);
        let own = page("<p>Opens daily at nine</p>");
        let odds = [5.0, 4.0, 1.0];
        read(&own, &odds, |page, mut reading| {
            assert_eq!(reading.blocks, [0, 1, 2]);
            lower(page, &mut reading, &[&other]);
            assert_eq!(reading.blocks, [0, 1]);
            assert_eq!(reading.odds, odds.map(Some), "what it is of itself is what others learn");
        });
        let own = remembered(&own, &odds);
        assert!(are_lowered(&own, &[&other]));
        assert!(!are_lowered(&own, slice::from_ref(&&own)) && !are_lowered(&own, &[]));
    }

    #[test]
    fn what_is_text_elsewhere_is_no_likelier_text() {
        let other = remembered(&page("<p>Bells rang all night</p>"), &[4.0, 5.0, 5.0]);
        read(&page("<p>Buy</p>"), &[5.0, 4.0, -1.5], |page, mut reading| {
            lower(page, &mut reading, &[&other]);
            assert_eq!(reading.blocks, [0, 1]);
        });
    }

    #[test]
    fn what_is_surely_text_stays() {
        let other = remembered(&page("<p>Bells rang all night</p>"), &[-5.0, -5.0, 5.0]);
        let own = page("<p>Bells rang all night, and so did the telephone</p>");
        read(&own, &[3.8, 3.6, 3.7], |page, mut reading| {
            lower(page, &mut reading, &[&other]);
            assert_eq!(reading.blocks, [0, 1, 2]);
        });
    }

    #[test]
    fn a_page_beside_which_the_others_are_none_keeps_its_text() {
        let other = remembered(&page("<p>Bells rang all night</p>"), &[-7.0, -7.0, 5.0]);
        let own = page(&format!("<p>{}</p>", "Bells rang ".repeat(2)));
        let own = own.replace("and as long again", &"long ".repeat(40));
        read(&own, &[1.0, 1.0, 1.0], |page, mut reading| {
            lower(page, &mut reading, &[&other]);
            assert_eq!(reading.blocks, [0, 1, 2]);
        });
    }

    #[test]
    fn a_number_holds_what_is_known_of_a_shape() {
        let shape = Shape::new(u64::MAX, -2.34, Some(1.26), 1000.0);
        assert_eq!(shape.names(), 0xffff_ffff_ff00_0000);
        assert!((shape.mean() + 2.3).abs() < 0.001 && (shape.lowest_taken().unwrap() - 1.3).abs() < 0.001);
        assert!((shape.size() / 1000.0 - 1.0).abs() < 0.1);
        let ends = Shape::new(0, -99.0, None, 5.0);
        assert!(ends.mean() < -12.0 && ends.lowest_taken().is_none() && ends.names() == 0);
        assert!(Shape::new(0, 99.0, Some(99.0), 5.0).mean() > 12.0);
    }
}
