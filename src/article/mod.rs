//! Pages as articles: content, metadata, dates and related links.
//!
//! Reading cannot fail, only be poor: it returns an article and warnings. One tree, laid out flat once; several views
//! of it name where the article may be, and a judge weighs the evidence on each block. The text
//! and the markup are written from the same blocks. `docs/reading.md` says what a text includes. Pure: `now` is passed in.

mod access;
mod candidates;
mod credits;
pub mod dates;
mod evidence;
pub mod forest;
mod hints;
mod instead;
mod json_ld;
mod judge;
mod kind;
mod known;
mod labels;
mod language;
pub mod markdown;
mod meta;
mod outline;
mod page;
pub mod parts;
mod reader;
pub mod reasons;
mod related;
mod render;
pub mod rules;
pub mod siblings;
mod state;
mod wholes;

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use url::Url;

use self::dates::PageView;
use self::forest::{FOREST, Forest};
use self::parts::PartOf;
use self::reasons::Reasons;
use crate::config::PageRules;
use crate::fingerprint::word_count;
use crate::html;
use crate::model::article::{Article, PageBlocks};
use crate::model::feed::ParsedEntry;

/// A page with what is known about it.
#[derive(Debug, Clone, Copy)]
pub struct PageInput<'a> {
    /// As received, decompressed.
    pub bytes: &'a [u8],
    /// As sent.
    pub content_type: Option<&'a str>,
    /// Where redirects ended.
    pub url: &'a Url,
    /// When it was fetched: what relative dates count from.
    pub now: DateTime<Utc>,
    /// For dates without an offset.
    pub assume_timezone: Option<Tz>,
    /// The config's word on this feed's pages.
    pub rules: &'a PageRules,
    /// What the feed says of the article.
    pub entry: Option<&'a ParsedEntry>,
    /// The HTTP header.
    pub last_modified: Option<&'a str>,
    /// What is remembered of other pages of the site ([`Article::blocks`]).
    pub siblings: &'a [PageBlocks],
    /// What is remembered of this page, when it is looked at again.
    pub before: Option<&'a PageBlocks>,
    /// The article that the page is a later part of; `None` for a first page.
    pub part_of: Option<PartOf<'a>>,
}

impl<'a> PageInput<'a> {
    /// A page of which nothing is known but where it is from and when it was fetched.
    pub fn new(bytes: &'a [u8], url: &'a Url, now: DateTime<Utc>) -> Self {
        static NO_RULES: LazyLock<PageRules> = LazyLock::new(PageRules::default);
        Self {
            bytes,
            content_type: None,
            url,
            now,
            assume_timezone: None,
            rules: &NO_RULES,
            entry: None,
            last_modified: None,
            siblings: &[],
            before: None,
            part_of: None,
        }
    }
}

/// Reads an article from its page. Whatever the bytes are, there is an article, if an empty one.
pub fn read(input: &PageInput<'_>) -> Article {
    read_by(input, &FOREST)
}

/// The same, by other trees: for the trainer.
pub fn read_by(input: &PageInput<'_>, forest: &Forest) -> Article {
    reader::read(input, forest, None)
}

/// The same, with the reasons for each block: slower.
pub fn read_with_reasons(input: &PageInput<'_>) -> (Article, Reasons) {
    let mut reasons = Reasons::default();
    let article = reader::read(input, &FOREST, Some(&mut reasons));
    (article, reasons)
}

/// The article as the feed alone carries it: its content, else its summary.
pub fn from_entry(entry: &ParsedEntry, base: Option<&Url>, now: DateTime<Utc>) -> Article {
    let markup = entry.content.as_deref().or(entry.summary.as_deref()).unwrap_or_default();
    let content_html = html::sanitize(markup, base);
    let content_text = html::visible_text(&content_html);
    let tree = html::parse_fragment("");
    let nowhere = Url::parse("about:blank").expect("the URL is a constant");
    let language = language::choose(entry.language.as_deref(), &content_text);
    let view = PageView {
        tree: &tree.html,
        json_ld: &[] as &[Value],
        url: entry.url.as_ref().or(base).unwrap_or(&nowhere),
        language: language.as_deref(),
        now,
        assume_timezone: None,
        entry: Some(entry),
        last_modified: None,
        title_node: None,
        content_node: None,
    };
    let mut date_claims = dates::collect(&view);
    let (published, updated) = dates::choose(&mut date_claims, now);
    let summary = entry.content.as_ref().and(entry.summary.as_deref()).map(html::plain_text);
    Article {
        title: entry.title.clone(),
        authors: entry.authors.clone(),
        description: summary.filter(|summary| !summary.is_empty()),
        language,
        published,
        updated,
        date_claims,
        word_count: word_count(&content_text),
        content_html,
        content_text,
        related: entry.related.clone(),
        image_url: entry.image_url.clone(),
        kind: kind::of_entry(entry),
        ..Article::default()
    }
}
