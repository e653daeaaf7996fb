//! Articles that run over several pages: where the next part of one is, and the parts as one article.
//!
//! The `next` rule of the config decides alone, where there is one. Else a page is another part only when its address is that of
//! the article's first page with a page number (`number`), and the page says so besides: by `rel=next` or in a pager (`next`).
//! Relations alone are not believed, since most sites use them for the next *post* or for the next page of a list.
//!
//! Of a later part the blocks that earlier ones have too are left out (`repeats`), and the rest is joined to what there is
//! (`join`). Which pages are fetched, and how many, is decided in `ingest`.

pub mod join;
pub(super) mod next;
mod number;
pub(super) mod repeats;

use url::Url;

use crate::model::article::PageBlocks;

/// What a later part of an article belongs to.
#[derive(Debug, Clone, Copy)]
pub struct PartOf<'a> {
    /// The article's first page.
    pub first: &'a Url,
    /// What is remembered of the parts before, the first one first.
    pub earlier: &'a [PageBlocks],
}

#[cfg(test)]
mod tests;
