//! Claims in the page's markup: meta elements, microdata and `RDFa`, `<time>`, scripts, and the text around the article.
//!
//! One pass over the tree notes everything that might be a date, with its place in the running text; only what lies in the
//! article's own head or foot is then read. Dates in teasers, comments, navigation and the page's own header are not the
//! article's.

use std::cell::OnceCell;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use foldhash::{HashSet, HashSetExt};
use scraper::node::Element;
use scraper::{ElementRef, Node};

use super::Claims;
use super::ends::Ends;
use super::lines::bracketed;
use super::names::{is_foreign, meta_field, property_field};
use super::scripts::{SCRIPT_BYTES, inline_script};
use crate::model::date::{DateField, DateSource, When};

/// A date line with its markup's neighbours is no longer than this.
pub(super) const LONGEST_LINE: usize = 160;
/// A column beside the article with more text than this is of other things.
const LONGEST_ASIDE: usize = 250;
/// How far up the markup the words around a date are looked for.
pub(super) const CLIMB: usize = 4;
/// Collects the markup's claims: meta, microdata, scripts, `<time>`, visible.
pub(super) fn collect(claims: &mut Claims<'_>) {
    let notes = Notes::take(claims);
    for (key, field, content) in &notes.metas {
        claims.add_text(*field, DateSource::Meta, key, content);
    }
    notes.properties(claims);
    for (field, label, raw, when) in &notes.seconds {
        claims.add(*field, DateSource::Script, label.as_deref(), raw, Ok(*when));
    }
    notes.times(claims);
    notes.lines(claims);
    if claims.list.iter().all(|claim| claim.field != DateField::Published || claim.when.is_none()) {
        notes.dateline(claims);
    }
    if claims.list.iter().all(|claim| claim.when.is_none()) {
        notes.elsewhere(claims);
    }
}

/// Where something stands in the running text, in bytes.
pub(super) type Place = usize;

pub(super) struct Notes<'a> {
    metas: Vec<(&'a str, DateField, &'a str)>,
    properties: Vec<(Place, DateField, &'a str, ElementRef<'a>)>,
    pub(super) times: Vec<(Place, ElementRef<'a>)>,
    pub(super) texts: Vec<(Place, NodeRef<'a, Node>)>,
    /// What stands in brackets where a text begins.
    pub(super) openings: Vec<(Place, &'a str)>,
    pub(super) seconds: Vec<(DateField, Option<String>, String, When)>,
    pub(super) ends: Ends,
    /// What the title and the text lie in: never a date line.
    pub(super) around: HashSet<NodeId>,
}

impl<'a> Notes<'a> {
    fn take(claims: &Claims<'a>) -> Self {
        let page = claims.page;
        let root = page.tree.tree.root();
        let title = page.title_node.or_else(|| heading_before(root, page.content_node));
        let mut around: HashSet<NodeId> = HashSet::new();
        for node in [title, page.content_node].into_iter().flatten() {
            around.extend(node.ancestors().map(|ancestor| ancestor.id()));
            around.insert(node.id());
        }
        // Without an element for the article, what lies around the title's own parent is its head.
        let container = title.and_then(|title| {
            let named = |names: &'static [&str]| {
                move |node: &NodeRef<'a, Node>| {
                    node.value().as_element().is_some_and(|element| names.contains(&element.name()))
                }
            };
            let near = || title.ancestors().take(2).take_while(|node| !named(&["body", "html"])(node)).last();
            title.ancestors().find(named(&["article", "main"])).or_else(near)
        });
        let (title, content, container) =
            (title.map(|node| node.id()), page.content_node.map(|node| node.id()), container.map(|node| node.id()));
        let mut notes = Self {
            metas: Vec::new(),
            properties: Vec::new(),
            times: Vec::new(),
            texts: Vec::new(),
            openings: Vec::new(),
            seconds: Vec::new(),
            ends: Ends::default(),
            around,
        };
        let mut place = 0;
        let mut foreign: Option<NodeId> = None; // The outermost open element whose dates are not the article's.
        let mut last_text: Option<&'a str> = None;
        let mut script_budget = SCRIPT_BYTES;
        let is_article = |node: &NodeRef<'_, Node>| node.value().as_element().is_some_and(|it| it.name() == "article");
        let is_only_article = OnceCell::new();
        let is_only_article =
            || *is_only_article.get_or_init(|| root.descendants().filter(is_article).take(2).count() == 1);
        for edge in root.traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => {
                        if node
                            .parent()
                            .and_then(ElementRef::wrap)
                            .is_some_and(|parent| is_invisible(parent.value().name()))
                        {
                            continue;
                        }
                        let trimmed = text.trim();
                        if trimmed.is_empty() {
                            continue;
                        }
                        if foreign.is_none() {
                            last_text = Some(trimmed);
                            if trimmed.len() <= LONGEST_LINE && may_be_date(trimmed) {
                                notes.texts.push((place, node));
                            }
                            notes.openings.extend(bracketed(trimmed).map(|inside| (place, inside)));
                        }
                        place += trimmed.len();
                    }
                    Node::Element(element) => {
                        let id = node.id();
                        for (end, wanted) in [
                            (&mut notes.ends.title, title),
                            (&mut notes.ends.content, content),
                            (&mut notes.ends.container, container),
                        ] {
                            if wanted == Some(id) {
                                *end = Some((place, place));
                            }
                        }
                        match element.name() {
                            "meta" => notes.meta(element),
                            "script" => {
                                if let Some(script) = inline_script(node, &mut script_budget) {
                                    notes.script(script, last_text, claims);
                                }
                            }
                            name => {
                                let is_foreign = || match name {
                                    // What an article says of itself may stand beside it.
                                    "aside" => text_of_node(node, LONGEST_ASIDE).is_none(),
                                    "article" => !is_only_article(),
                                    name => is_foreign(name, element),
                                };
                                if foreign.is_none() && !notes.around.contains(&id) && is_foreign() {
                                    foreign = Some(id);
                                }
                                if foreign.is_none() {
                                    notes.element(place, name, element, node);
                                }
                            }
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    let id = node.id();
                    if foreign == Some(id) {
                        foreign = None;
                    }
                    for (end, wanted) in [
                        (&mut notes.ends.title, title),
                        (&mut notes.ends.content, content),
                        (&mut notes.ends.container, container),
                    ] {
                        if let (true, Some((_, end))) = (wanted == Some(id), end.as_mut()) {
                            *end = place;
                        }
                    }
                }
            }
        }
        notes
    }

    fn meta(&mut self, element: &'a Element) {
        let Some(content) = element.attr("content").filter(|content| content.bytes().any(|byte| byte.is_ascii_digit()))
        else {
            return;
        };
        if content.len() > 100 {
            return;
        }
        for name in ["property", "name", "itemprop", "http-equiv"] {
            if let Some((key, field)) = element.attr(name).and_then(|key| meta_field(key).map(|field| (key, field))) {
                self.metas.push((key, field, content));
                return;
            }
        }
    }

    fn element(&mut self, place: Place, name: &str, element: &'a Element, node: NodeRef<'a, Node>) {
        let Some(element_ref) = ElementRef::wrap(node) else { return };
        for attribute in ["itemprop", "property"] {
            for key in element.attr(attribute).unwrap_or_default().split_ascii_whitespace() {
                if let Some(field) = property_field(key) {
                    self.properties.push((place, field, key, element_ref));
                    return;
                }
            }
        }
        if name == "time" {
            self.times.push((place, element_ref));
        } else if let Some((field, key)) = microformat_field(element) {
            self.properties.push((place, field, key, element_ref));
        }
    }

    fn properties(&self, claims: &mut Claims<'_>) {
        // Those in the article's head first; a page of teasers repeats the property for each.
        let (own, other): (Vec<_>, Vec<_>) =
            self.properties.iter().copied().partition(|(place, ..)| self.ends.contains(*place));
        for (_, field, key, element) in own.into_iter().chain(other).take(8) {
            let value = element.value();
            let attribute = ["content", "datetime", "title", "data-utime"]
                .iter()
                .find_map(|name| value.attr(name).filter(|text| text.bytes().any(|byte| byte.is_ascii_digit())));
            match attribute {
                Some(text) => claims.add_text(field, DateSource::Microdata, key, text),
                None => {
                    if let Some(text) = text_of(element, LONGEST_LINE) {
                        claims.add_text(field, DateSource::Microdata, key, &text);
                    }
                }
            }
        }
    }
}

/// What a class of hAtom, or an attribute with seconds, says that an element's date is.
fn microformat_field(element: &Element) -> Option<(DateField, &'static str)> {
    if element.attr("data-utime").is_some() {
        return Some((DateField::Published, "data-utime"));
    }
    let is_stamp = element
        .attr("title")
        .is_some_and(|title| title.len() >= 10 && title.as_bytes()[..4].iter().all(u8::is_ascii_digit));
    let classes = || element.attr("class").unwrap_or_default().split_ascii_whitespace();
    let is = |name: &str| is_stamp && classes().any(|class| class.eq_ignore_ascii_case(name));
    // What was never changed bears both.
    if is("published") {
        Some((DateField::Published, "published"))
    } else {
        is("updated").then_some((DateField::Updated, "updated"))
    }
}

/// The visible text of an element with a space between its parts; `None` when it is longer than `limit` bytes.
pub(super) fn text_of(element: ElementRef<'_>, limit: usize) -> Option<String> {
    text_of_node(*element, limit)
}

fn text_of_node(node: NodeRef<'_, Node>, limit: usize) -> Option<String> {
    let mut text = String::new();
    for node in node.descendants() {
        if let Node::Text(part) = node.value() {
            if node.parent().and_then(ElementRef::wrap).is_some_and(|parent| is_invisible(parent.value().name())) {
                continue;
            }
            for word in part.split_whitespace() {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(word);
                if text.len() > limit {
                    return None;
                }
            }
        }
    }
    Some(text)
}

/// The last `h1` before the text with more than a site's name in it, else the page's first.
fn heading_before<'a>(root: NodeRef<'a, Node>, content: Option<ElementRef<'a>>) -> Option<ElementRef<'a>> {
    let ends = |element: &ElementRef<'_>| content.is_some_and(|content| content.id() == element.id());
    let mut headings: Vec<ElementRef<'a>> = Vec::new();
    for element in root.descendants().filter_map(ElementRef::wrap) {
        // Where the text's element holds the heading as well, its first one is the article's.
        if element.value().name() == "h1" {
            headings.push(element);
            if content.is_none() || headings.len() > 5 {
                break;
            }
        } else if ends(&element) {
            headings
                .extend(element.descendants().filter_map(ElementRef::wrap).find(|inner| inner.value().name() == "h1"));
            break;
        }
    }
    let is_long = |heading: &&ElementRef<'a>| heading.text().map(str::len).sum::<usize>() > 20;
    headings.iter().rfind(is_long).or(headings.first()).copied()
}

/// Cheap: a digit, or a text short enough for "Yesterday" and "Updated just now".
fn may_be_date(text: &str) -> bool {
    text.len() <= 30
        || text.bytes().any(|byte| byte.is_ascii_digit())
        || text.chars().any(|char| !char.is_ascii() && char.is_numeric())
}

fn is_invisible(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "template" | "title" | "option" | "textarea" | "svg")
}
