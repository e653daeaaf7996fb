//! The reading of a page from end to end: what is known beside the text, which blocks are the text, and what is read off them.

use scraper::ElementRef;
use serde_json::Value;
use url::Url;

use super::candidates::{self, Carried};
use super::dates::{self, PageView};
use super::evidence::Evidence;
use super::forest::Forest;
use super::judge::{self, Reading};
use super::known::Known;
use super::meta::head::Head;
use super::meta::publication::Publication;
use super::outline::{Outline, Trust};
use super::page::Page;
use super::reasons::Reasons;
use super::rules::{self, Named};
use super::{PageInput, access, instead, json_ld, kind, language, meta, parts, related, render, siblings, state};
use crate::fingerprint::word_count;
use crate::html::{self, Tree};
use crate::model::article::{Article, PageAddress};
use crate::site::site_of;

/// An article with less text than this is looked for once more.
const POOR_TEXT: u32 = 300;

/// Reads a page by some trees; `reasons` are filled where they are wanted.
pub(super) fn read(input: &PageInput<'_>, forest: &Forest, reasons: Option<&mut Reasons>) -> Article {
    let decoded = html::decode(input.bytes, input.content_type);
    let mut tree = html::parse(&decoded.text);
    let mut warnings = std::mem::take(&mut tree.warnings);
    if decoded.had_errors {
        warnings.push(format!("some bytes are wrong in {}", decoded.encoding));
    }
    let nodes = json_ld::nodes(&tree.html);
    let source = Source {
        markup: &decoded.text,
        tree: &tree,
        base: html::document_base(&tree.html, input.url),
        head: Head::new(&tree.html),
        nodes: &nodes,
        stated: json_ld::article(&nodes),
    };
    let rules = rules::apply(&tree.html, input.rules, &mut warnings);
    let outline = Outline::new(&tree.html, &rules.dropped, Trust::Names);
    let beside = Beside::find(&source, &outline, input);
    let known = beside.known(&source, input);
    let embedded = source.embedded(input);
    let (outline, mut reading) = choose_text(&source, outline, &known, embedded.as_deref(), &rules, forest);
    if rules.selected.is_empty() {
        learn_from_others(&outline, &mut reading, input);
    }
    let addresses = source.head.addresses(&source.base);
    let next_part = next_part(&source, &outline, &reading, &addresses, input, &mut warnings);
    if let Some(part) = &input.part_of {
        parts::repeats::drop_repeated(&outline, &mut reading, part.earlier);
    }
    if let Some(reasons) = reasons {
        *reasons = Reasons::new(&outline, &reading, &known, embedded.as_deref());
    }

    let related = related::find(&outline, &reading, source.head.related(), source.stated, &source.base, input);
    let of_text: Vec<usize> = reading.blocks.iter().copied().filter(|at| !related.lines.contains(at)).collect();
    let wall = access::lines_of_wall(&outline, &of_text);
    let words = Words::write(&source, &outline, &of_text[..of_text.len() - wall.len()]);
    let is_poor = rules.selected.is_empty() && reading.size(&outline) < POOR_TEXT;
    let words = words.or_carried(&source, embedded, is_poor);
    let page = Page {
        tree: &tree,
        markup: source.markup,
        url: input.url,
        outline: &outline,
        reading: &reading,
        head: &source.head,
        nodes: source.nodes,
        stated: source.stated,
        title: beside.title.as_deref(),
        own_title: beside.title.as_deref().filter(|_| beside.is_titled),
        text: &words.text,
        word_count: word_count(&words.text),
        is_carried: words.is_carried,
        entry: input.entry,
    };
    let language = language::choose(known.language, &words.text);
    let mut date_claims = dates::collect(&PageView {
        tree: &tree.html,
        json_ld: source.stated.map_or(source.nodes, std::slice::from_ref),
        url: input.url,
        language: language.as_deref(),
        now: input.now,
        assume_timezone: input.assume_timezone,
        entry: input.entry,
        last_modified: input.last_modified,
        title_node: beside.heading,
        content_node: ElementRef::wrap(outline.nodes[reading.root].node),
    });
    let (published, updated) = dates::choose(&mut date_claims, input.now);
    let instead = instead::of_page(&page);
    let image = meta::image::find(&source.head, source.nodes, source.stated, &words.html, &source.base);
    let article = Article {
        kind: kind::of_page(&page),
        access: access::of_page(&page),
        instead,
        image_url: image.or_else(|| input.entry?.image_url.clone()),
        addresses,
        word_count: page.word_count,
        related: related.links,
        language,
        published,
        updated,
        date_claims,
        next_part,
        blocks: siblings::blocks_of(&outline, &reading, input.rules),
        warnings,
        title: beside.title,
        authors: beside.authors,
        site_name: beside.site_name,
        description: beside.description,
        content_html: words.html,
        content_text: words.text,
    };
    if instead.is_some() { instead::without_text(article) } else { article }
}

/// A page as it was parsed, with what its head states.
struct Source<'a> {
    markup: &'a str,
    tree: &'a Tree,
    base: Url,
    head: Head<'a>,
    nodes: &'a [Value],
    stated: Option<&'a Value>,
}

impl Source<'_> {
    /// The text that the page carries as data, else the feed's.
    fn embedded(&self, input: &PageInput<'_>) -> Option<String> {
        let of_page = self.stated.and_then(|node| node.get("articleBody")).and_then(json_ld::text);
        let of_feed = || Some(html::visible_text(input.entry?.content.as_deref()?));
        of_page.map(html::visible_lines).filter(|text| !text.is_empty()).or_else(of_feed)
    }
}

/// What the page, and the feed where the page does not, says of the article beside its text.
struct Beside<'a> {
    title: Option<String>,
    /// Whether the page itself says it.
    is_titled: bool,
    heading: Option<ElementRef<'a>>,
    authors: Vec<String>,
    site_name: Option<String>,
    description: Option<String>,
}

impl<'a> Beside<'a> {
    fn find(source: &Source<'a>, outline: &Outline<'a>, input: &PageInput<'_>) -> Self {
        let Source { head, nodes, stated, .. } = source;
        let site_name = meta::site::name(head, nodes, *stated);
        let domain = input.url.domain().map(|_| site_of(input.url));
        let publication = Publication::new(head, nodes, *stated, site_name.as_deref(), domain.as_deref());
        let in_feed = input.entry.and_then(|entry| entry.title.as_deref());
        let (title, heading) = meta::title::find(outline, head, *stated, &publication, in_feed);
        let authors = meta::authors::find(outline, head, nodes, *stated, &publication, heading);
        let of_feed = || input.entry.map(|entry| entry.authors.clone()).unwrap_or_default();
        Self {
            site_name: site_name.or_else(|| meta::site::in_title(head, title.as_deref())),
            is_titled: title.is_some(),
            heading: heading.and_then(|at| ElementRef::wrap(outline.nodes[outline.blocks[at].container].node)),
            title: title.or_else(|| input.entry?.title.clone()),
            authors: if authors.is_empty() { of_feed() } else { authors },
            description: meta::description(head, *stated),
        }
    }

    fn known<'b>(&'b self, source: &Source<'b>, input: &PageInput<'_>) -> Known<'b> {
        Known {
            title: self.title.as_deref(),
            heading: self.heading.map(|node| node.id()),
            authors: &self.authors,
            description: self.description.as_deref(),
            language: source.head.language(source.stated),
            now: input.now,
        }
    }
}

/// Decides which blocks are the text.
fn choose_text<'a>(
    source: &Source<'a>,
    outline: Outline<'a>,
    known: &Known<'_>,
    embedded: Option<&str>,
    rules: &Named,
    forest: &Forest,
) -> (Outline<'a>, Reading) {
    let choose = |outline: &Outline<'_>| {
        let carried = embedded.and_then(|text| Carried::new(outline, text));
        let candidates = candidates::candidates(outline, carried.as_ref());
        let evidence = Evidence::new(outline, &candidates, known, carried.as_ref());
        judge::judge(outline, &evidence, rules::blocks(outline, &rules.selected).as_deref(), forest)
    };
    let reading = choose(&outline);
    let size = reading.size(&outline);
    if size < POOR_TEXT {
        // Class names may be anything; where they leave no text they are not believed.
        let second = Outline::new(&source.tree.html, &rules.dropped, Trust::Elements);
        let reading = choose(&second);
        if reading.size(&second) > 2 * size {
            return (second, reading);
        }
    }
    (outline, reading)
}

/// Corrects the choice by the other pages of the site, and by what was decided of this page before.
fn learn_from_others(outline: &Outline<'_>, reading: &mut Reading, input: &PageInput<'_>) {
    siblings::leave_out(outline, reading, input.siblings);
    // Other rules of the config decide otherwise.
    if let Some(before) = input.before.filter(|before| before.rules == input.rules.as_json()) {
        siblings::decide_as_before(outline, reading, before);
    }
}

fn next_part(
    source: &Source<'_>,
    outline: &Outline<'_>,
    reading: &Reading,
    addresses: &[PageAddress],
    input: &PageInput<'_>,
    warnings: &mut Vec<String>,
) -> Option<Url> {
    let (html, base, links) = (&source.tree.html, &source.base, source.head.next());
    parts::next::find(&parts::next::Place { html, outline, reading, base, addresses, links }, input, warnings)
}

/// The text, and the same as markup.
struct Words {
    text: String,
    html: String,
    /// Whether they are not the page's, but what it or the feed carries as data.
    is_carried: bool,
}

impl Words {
    fn write(source: &Source<'_>, outline: &Outline<'_>, blocks: &[usize]) -> Self {
        let html = render::markup(outline, blocks, &source.base);
        Self { text: render::text(outline, blocks), html, is_carried: false }
    }

    /// The same, or what is carried as data where that is far more: the page writes its text by script.
    fn or_carried(self, source: &Source<'_>, embedded: Option<String>, is_poor: bool) -> Self {
        let is_far_more = |text: &String| text.len() > 3 * self.text.len() + 200;
        let of_state = || is_poor.then(|| state::text(source.markup)).flatten().filter(is_far_more);
        match embedded.filter(is_far_more).or_else(of_state) {
            Some(text) => Self { html: paragraphs(&text), text, is_carried: true },
            None => self,
        }
    }
}

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
