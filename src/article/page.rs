//! A page as it was read: what its kind, its access and what came in its place are told by.

use serde_json::Value;
use url::Url;

use super::judge::Reading;
use super::meta::head::Head;
use super::outline::Outline;
use crate::html::Tree;
use crate::model::feed::ParsedEntry;

/// A page after its text was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) tree: &'a Tree,
    /// Before parsing.
    pub(super) markup: &'a str,
    pub(super) url: &'a Url,
    pub(super) outline: &'a Outline<'a>,
    pub(super) reading: &'a Reading,
    pub(super) head: &'a Head<'a>,
    /// All of its structured data, and what of it is the article.
    pub(super) nodes: &'a [Value],
    pub(super) stated: Option<&'a Value>,
    /// What the page calls it, and the feed where the page does not.
    pub(super) title: Option<&'a str>,
    pub(super) own_title: Option<&'a str>,
    pub(super) text: &'a str,
    pub(super) word_count: u32,
    /// Whether the text is not the page's: what it or the feed carries as data is the whole one.
    pub(super) is_carried: bool,
    pub(super) entry: Option<&'a ParsedEntry>,
}
