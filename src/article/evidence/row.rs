//! A row of evidence: what its values are called, and how it is written.

use super::super::labels::Label;
use super::super::outline::Tag;

/// The evidence on one block, in the order of [`NAMES`]; [`UNKNOWN`] where something does not apply.
pub(in crate::article) type Row = [f32; NAMES.len()];

/// The value of what does not apply: the letters' case where the script has none.
pub(in crate::article) const UNKNOWN: f32 = -1.0;

/// What each value is. Sizes count letters (an ideograph as three), shares are of one.
pub(in crate::article) const NAMES: [&str; 106] = [
    "kind",
    "heading level",
    "element",
    "element around",
    "depth",
    "size",
    "link share",
    "stops",
    "stops per letter",
    "capitals per letter",
    "capital words",
    "ends as a sentence",
    "ends with a colon",
    "digits per character",
    "at signs",
    "bars",
    "begins with a mark",
    "image",
    "label",
    "repeated",
    "title",
    "description",
    "byline",
    "date line",
    "carried",
    "words of writers",
    "words of appeals",
    "words of rights",
    "words of pointers",
    "words of pictures",
    "words of sharing",
    "named navigation",
    "named foot",
    "named aside",
    "named sharing",
    "named comments",
    "named advertisement",
    "named related",
    "named appeal",
    "named caption",
    "named byline",
    "named tags",
    "named biography",
    "named hidden",
    "named widget",
    "named body",
    "named article",
    "named standfirst",
    "named embed",
    "in embedded",
    "in stated",
    "in named",
    "in article element",
    "in main element",
    "in density",
    "in sequence",
    "views",
    "text before",
    "size before",
    "blocks since the core began",
    "blocks to the core's end",
    "text share",
    "alike",
    "alike size",
    "alike mean",
    "alike in core",
    "own size",
    "own links",
    "own blocks",
    "own text",
    "own names",
    "first around size",
    "first around links",
    "first around blocks",
    "first around text",
    "first around names",
    "second around size",
    "second around links",
    "second around blocks",
    "second around text",
    "second around names",
    "third around size",
    "third around links",
    "third around blocks",
    "third around text",
    "third around names",
    "fourth around size",
    "fourth around links",
    "fourth around blocks",
    "fourth around text",
    "fourth around names",
    "heading before",
    "heading's label",
    "heading in core",
    "label before",
    "blocks since a label",
    "blocks to the end around",
    "size of the one before",
    "links of the one before",
    "text of the one before",
    "element of the one before",
    "size of the next",
    "links of the next",
    "text of the next",
    "element of the next",
    "blocks",
];

/// A row that is being written.
pub(super) struct Filling {
    pub(super) row: Row,
    pub(super) at: usize,
}

impl Filling {
    pub(super) fn put(&mut self, value: f32) {
        self.row[self.at] = value;
        self.at += 1;
    }

    pub(super) fn flag(&mut self, is_so: bool) {
        self.put(f32::from(u8::from(is_so)));
    }
}

/// Elements as numbers, those of text first, so that one cut divides them.
pub(super) fn code(tag: Tag) -> f32 {
    match tag {
        Tag::Paragraph => 0.0,
        Tag::Quote => 1.0,
        Tag::Pre => 2.0,
        Tag::Heading(_) => 3.0,
        Tag::Item => 4.0,
        Tag::List => 5.0,
        Tag::Row => 6.0,
        Tag::Cell => 7.0,
        Tag::Table => 8.0,
        Tag::Article => 9.0,
        Tag::Main => 10.0,
        Tag::Section => 11.0,
        Tag::Body => 12.0,
        Tag::Block => 13.0,
        Tag::Text | Tag::Inline | Tag::Break | Tag::Image | Tag::Time | Tag::Strong => 14.0,
        Tag::Link => 15.0,
        Tag::Figure => 16.0,
        Tag::Caption => 17.0,
        Tag::Header => 18.0,
        Tag::Form => 19.0,
        Tag::Aside => 20.0,
        Tag::Footer => 21.0,
        Tag::Nav => 22.0,
    }
}

/// What a label announces, as a number; 0 for no label.
pub(super) fn label_code(label: Option<Label>) -> f32 {
    match label {
        None => 0.0,
        Some(Label::Related) => 1.0,
        Some(Label::Interest) => 1.5,
        Some(Label::Recirculation) => 2.0,
        Some(Label::Furniture) => 3.0,
    }
}

pub(super) fn share(part: u32, whole: u32) -> f32 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "a page's sizes are far below 2^24 where it matters")]
pub(super) fn float(count: u32) -> f32 {
    count as f32
}

pub(super) fn number(count: usize) -> f32 {
    float(u32::try_from(count).unwrap_or(u32::MAX))
}
