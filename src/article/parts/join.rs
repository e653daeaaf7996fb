//! Parts → one article: text and markup in order, under the metadata and the dates of the first.

use std::collections::HashSet;

use crate::article::siblings;
use crate::fingerprint::{letters, word_count};
use crate::model::article::Article;

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// Its text follows what there was.
    Joined,
    /// It says all that there was and more (a page with the whole article), and took its place.
    Whole,
    /// It says nothing new: sites answer with the first page where there is no such part. Left out.
    Repeated,
}

/// An article in the making.
#[derive(Debug)]
pub struct Joining {
    article: Article,
    pages: usize,
}

impl Joining {
    /// Begins with the first page.
    pub fn new(first: Article) -> Self {
        Self { article: first, pages: 1 }
    }

    /// Adds what the next page says, read as a part of the article ([`PageInput::part_of`](crate::article::PageInput)).
    pub fn add(&mut self, part: Article) -> Added {
        let (known, own) = (Paragraphs::of(&self.article), Paragraphs::of(&part));
        if own.mostly_in(&known) {
            return Added::Repeated;
        }
        let whole = &mut self.article;
        self.pages += 1;
        whole.next_part.clone_from(&part.next_part);
        for warning in part.warnings.iter().filter(|warning| !whole.warnings.contains(warning)).collect::<Vec<_>>() {
            whole.warnings.push(format!("part {}: {warning}", self.pages));
        }
        for link in part.related {
            if !whole.related.iter().any(|known| known.url == link.url) {
                whole.related.push(link);
            }
        }
        if known.mostly_in(&own) {
            (whole.content_text, whole.content_html) = (part.content_text, part.content_html);
            whole.blocks = part.blocks;
            return Added::Whole;
        }
        if !whole.content_text.is_empty() && !part.content_text.is_empty() {
            whole.content_text.push_str("\n\n");
        }
        whole.content_text.push_str(&part.content_text);
        whole.content_html.push_str(&part.content_html);
        siblings::add_part(&mut whole.blocks, &part.blocks);
        Added::Joined
    }

    /// Adds a warning about a part.
    pub fn warn(&mut self, warning: String) {
        self.article.warnings.push(warning);
    }

    /// The article as far as it was joined. `next_part` is where it goes on.
    pub fn finish(mut self) -> Article {
        self.article.word_count = word_count(&self.article.content_text);
        self.article
    }
}

/// The paragraphs of a text by their letters.
struct Paragraphs {
    texts: HashSet<String>,
    size: usize,
}

impl Paragraphs {
    fn of(article: &Article) -> Self {
        let texts: HashSet<String> = article.content_text.split("\n\n").map(|text| letters(text).collect()).collect();
        Self { size: texts.iter().map(String::len).sum(), texts }
    }

    /// Whether nine tenths of them are among the others: an advertisement or a counter may differ from page to page.
    fn mostly_in(&self, other: &Self) -> bool {
        let found: usize = self.texts.intersection(&other.texts).map(String::len).sum();
        found * 10 >= self.size * 9
    }
}
