//! Pages as articles: content, metadata, dates and related links.
//!
//! Reading cannot fail, only be poor: it returns an article and warnings. One tree, laid out flat once; several views
//! of it name where the article may be, and a judge weighs the evidence on each block. The text
//! and the markup are written from the same blocks. `docs/reading.md` says what a text includes. Pure: `now` is passed in.

mod access;
mod candidates;
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
use ego_tree::NodeId;
use scraper::ElementRef;
use serde_json::Value;
use url::Url;

use self::candidates::Carried;
use self::dates::PageView;
use self::evidence::Evidence;
use self::forest::{FOREST, Forest};
use self::judge::Reading;
use self::known::Known;
use self::meta::head::Head;
use self::meta::publication::Publication;
use self::outline::{Outline, Trust};
use self::page::Page;
use self::parts::PartOf;
use self::reasons::Reasons;
use crate::config::PageRules;
use crate::fingerprint::word_count;
use crate::html;
use crate::model::article::{Article, PageBlocks};
use crate::model::feed::ParsedEntry;
use crate::site::site_of;

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
    read_page(input, forest, None)
}

/// The same, with the reasons for each block: slower.
pub fn read_with_reasons(input: &PageInput<'_>) -> (Article, Reasons) {
    let mut reasons = Reasons::default();
    let article = read_page(input, &FOREST, Some(&mut reasons));
    (article, reasons)
}

fn read_page(input: &PageInput<'_>, forest: &Forest, reasons: Option<&mut Reasons>) -> Article {
    let decoded = html::decode(input.bytes, input.content_type);
    let mut tree = html::parse(&decoded.text);
    let mut warnings = std::mem::take(&mut tree.warnings);
    if decoded.had_errors {
        warnings.push(format!("some bytes are wrong in {}", decoded.encoding));
    }
    let base = html::document_base(&tree.html, input.url);
    let nodes = json_ld::nodes(&tree.html);
    let stated = json_ld::article(&nodes);
    let head = Head::new(&tree.html);

    let rules = rules::apply(&tree.html, input.rules, &mut warnings);
    let mut page = Outline::new(&tree.html, &rules.dropped, Trust::Names);
    let site_name = meta::site::name(&head, &nodes, stated);
    let domain = input.url.domain().map(|_| site_of(input.url));
    let publication = Publication::new(&head, &nodes, stated, site_name.as_deref(), domain.as_deref());
    let (title, heading) = {
        let in_feed = input.entry.and_then(|entry| entry.title.as_deref());
        meta::title::find(&page, &head, stated, &publication, in_feed)
    };
    let site_name = site_name.or_else(|| meta::site::in_title(&head, title.as_deref()));
    let title_node = heading.and_then(|at| ElementRef::wrap(page.nodes[page.blocks[at].container].node));
    let has_title = title.is_some();
    let title = title.or_else(|| input.entry?.title.clone());
    let mut authors = meta::authors::find(&page, &head, &nodes, stated, &publication, heading);
    if authors.is_empty() {
        authors = input.entry.map(|entry| entry.authors.clone()).unwrap_or_default();
    }
    let declared = head.language(stated);

    let description = meta::description(&head, stated);
    let known = Known {
        title: title.as_deref(),
        heading: title_node.map(|node| node.id()),
        authors: &authors,
        description: description.as_deref(),
        language: declared,
        now: input.now,
    };
    let embedded = stated.and_then(|node| node.get("articleBody")).and_then(json_ld::text).map(html::visible_text);
    let of_feed = || Some(html::visible_text(input.entry?.content.as_deref()?));
    let embedded = embedded.filter(|text| !text.is_empty()).or_else(of_feed);
    let mut choice = choose(&page, &known, embedded.as_deref(), &rules.selected, forest);
    if choice.size(&page) < POOR_TEXT {
        // Class names may be anything; where they leave no text they are not believed.
        let second_page = Outline::new(&tree.html, &rules.dropped, Trust::Elements);
        let second = choose(&second_page, &known, embedded.as_deref(), &rules.selected, forest);
        if second.size(&second_page) > 2 * choice.size(&page) {
            (page, choice) = (second_page, second);
        }
    }
    let mut reading = choice;
    if rules.selected.is_empty() {
        siblings::leave_out(&page, &mut reading, input.siblings);
        // Other rules of the config decide otherwise.
        if let Some(before) = input.before.filter(|before| before.rules == input.rules.as_json()) {
            siblings::decide_as_before(&page, &mut reading, before);
        }
    }
    let addresses = head.addresses(&base);
    let place = parts::next::Place {
        html: &tree.html,
        outline: &page,
        reading: &reading,
        base: &base,
        addresses: &addresses,
        links: head.next(),
    };
    let next_part = parts::next::find(&place, input, &mut warnings);
    if let Some(part) = &input.part_of {
        parts::repeats::drop_repeated(&page, &mut reading, part.earlier);
    }
    if let Some(reasons) = reasons {
        *reasons = Reasons::new(&page, &reading, &known, embedded.as_deref());
    }
    let related = related::find(&page, &reading, head.related(), stated, &base, input);
    let of_text: Vec<usize> = reading.blocks.iter().copied().filter(|at| !related.lines.contains(at)).collect();

    let mut content_text = render::text(&page, &of_text);
    let mut content_html = render::markup(&page, &of_text, &base);
    let mut is_carried = false;
    let carried = embedded.filter(|text| text.len() > 3 * content_text.len() + 200).or_else(|| {
        let is_poor = rules.selected.is_empty() && reading.size(&page) < POOR_TEXT;
        let text = is_poor.then(|| state::text(&decoded.text)).flatten()?;
        (text.len() > 3 * content_text.len() + 200).then_some(text)
    });
    if let Some(text) = carried {
        // The page writes its text by script; what it carries as data is all there is.
        content_html = paragraphs(&text);
        content_text = text;
        is_carried = true;
    }
    let as_read = Page {
        tree: &tree,
        markup: &decoded.text,
        url: input.url,
        outline: &page,
        reading: &reading,
        head: &head,
        nodes: &nodes,
        stated,
        title: title.as_deref(),
        own_title: title.as_deref().filter(|_| has_title),
        text: &content_text,
        word_count: word_count(&content_text),
        is_carried,
        entry: input.entry,
    };
    let (kind, access) = (kind::of_page(&as_read), access::of_page(&as_read));
    let instead = instead::of_page(&as_read);
    let language = language::choose(declared, &content_text);
    let view = PageView {
        tree: &tree.html,
        json_ld: stated.map_or(&nodes, std::slice::from_ref),
        url: input.url,
        language: language.as_deref(),
        now: input.now,
        assume_timezone: input.assume_timezone,
        entry: input.entry,
        last_modified: input.last_modified,
        title_node,
        content_node: ElementRef::wrap(page.nodes[reading.root].node),
    };
    let mut date_claims = dates::collect(&view);
    let (published, updated) = dates::choose(&mut date_claims, input.now);
    let article = Article {
        kind,
        access,
        instead,
        description,
        image_url: meta::image::find(&head, &nodes, stated, &content_html, &base)
            .or_else(|| input.entry?.image_url.clone()),
        addresses,
        word_count: as_read.word_count,
        related: related.links,
        title,
        authors,
        site_name,
        language,
        published,
        updated,
        date_claims,
        content_html,
        content_text,
        next_part,
        blocks: siblings::blocks_of(&page, &reading, input.rules),
        warnings,
    };
    if instead.is_some() { instead::without_text(article) } else { article }
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

fn choose(
    page: &Outline<'_>,
    known: &Known<'_>,
    embedded: Option<&str>,
    selected: &[NodeId],
    forest: &Forest,
) -> Reading {
    let carried = embedded.and_then(|text| Carried::new(page, text));
    let candidates = candidates::candidates(page, carried.as_ref());
    let evidence = Evidence::new(page, &candidates, known, carried.as_ref());
    judge::judge(page, &evidence, rules::blocks(page, selected).as_deref(), forest)
}

/// An article with less text than this is looked for once more.
const POOR_TEXT: u32 = 300;

/// Plain text as markup: a paragraph a line.
fn paragraphs(text: &str) -> String {
    let mut writer = html::Writer::new(None);
    for line in text.split("\n\n") {
        writer.open("p");
        writer.text(line);
        writer.close("p");
    }
    html::check(&writer.finish())
}
