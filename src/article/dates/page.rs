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

use super::lines::{bracketed, complete};
use super::names::{is_foreign, meta_field, property_field};
use super::{Claims, structured};
use crate::model::date::{DateField, DateSource, When};
use crate::phrase::line;

/// A date line above the title is this close to it, in bytes of visible text.
const BEFORE_TITLE: usize = 160;
/// The head ends this far behind the title where the text's beginning is not known.
const AFTER_TITLE: usize = 900;
/// A date line may be the text's own first or last one.
pub(super) const INSIDE_CONTENT: usize = 250;
/// The foot ends this far behind the text.
const AFTER_CONTENT: usize = 400;
/// A date line with its markup's neighbours is no longer than this.
pub(super) const LONGEST_LINE: usize = 160;
/// A column beside the article with more text than this is of other things.
const LONGEST_ASIDE: usize = 250;
/// How far up the markup the words around a date are looked for.
pub(super) const CLIMB: usize = 4;
/// Bytes of inline scripts searched for seconds, in all.
const SCRIPT_BYTES: usize = 100_000;

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
    seconds: Vec<(DateField, Option<String>, String, When)>,
    pub(super) ends: Ends,
    /// What the title and the text lie in: never a date line.
    pub(super) around: HashSet<NodeId>,
}

/// The places that bound the article's head and foot.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Ends {
    title: Option<(Place, Place)>,
    pub(super) content: Option<(Place, Place)>,
    /// The nearest `<article>` or `<main>` around the title, or else its parent's parent.
    container: Option<(Place, Place)>,
}

impl Ends {
    pub(super) fn contains(&self, place: Place) -> bool {
        let Some((title, title_end)) = self.title else {
            return self.content.is_none_or(|(from, to)| near(place, from, to));
        };
        let head_end = match self.content {
            Some((from, _)) if from >= title_end => (from + INSIDE_CONTENT).min(title_end + 2 * AFTER_TITLE),
            _ => title_end + AFTER_TITLE,
        };
        let own = |place| self.container.is_some_and(|(from, to)| (from..=to).contains(&place));
        let head = (title.saturating_sub(BEFORE_TITLE)..=head_end).contains(&place) && (place >= title || own(place));
        let foot = match (self.content, self.container) {
            (Some((from, to)), _) => {
                place + INSIDE_CONTENT >= to.max(from + INSIDE_CONTENT)
                    && place <= to + AFTER_CONTENT
                    && place > title_end
            }
            (None, Some((_, to))) => place + AFTER_CONTENT >= to && place <= to && place > title_end,
            (None, None) => false,
        };
        head || foot
    }
}

fn near(place: Place, from: Place, to: Place) -> bool {
    (from.saturating_sub(AFTER_CONTENT)..from + AFTER_CONTENT).contains(&place)
        || (to.saturating_sub(INSIDE_CONTENT)..to + AFTER_CONTENT).contains(&place)
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

    /// Seconds that a script turns into words: `dayjs.unix(1425550800).fromNow()`, `new Date(1425550800 * 1000)`.
    fn script(&mut self, script: &'a str, last_text: Option<&'a str>, claims: &Claims<'_>) {
        for opening in ["unix(", "new Date("] {
            for (at, _) in script.match_indices(opening).take(4) {
                let argument = script[at + opening.len()..].trim_start();
                let digits = argument.bytes().take_while(u8::is_ascii_digit).count();
                let after: String = argument[digits..].chars().take(8).filter(|char| !char.is_whitespace()).collect();
                let in_milliseconds = digits == 13 && after.starts_with(')');
                let in_seconds =
                    digits == 10 && (after.starts_with("*1000") || opening == "unix(" && after.starts_with(')'));
                if !in_milliseconds && !in_seconds {
                    continue;
                }
                let Some(when) = argument[..digits].parse().ok().and_then(structured::epoch) else { continue };
                let label = last_text.and_then(|text| line::last_label(text, claims.page.language));
                let field = label.as_ref().map(|(field, _)| *field).or_else(|| script_field(script, at));
                if let Some(field) = field {
                    let raw = format!("{opening}{}", &argument[..digits]);
                    self.seconds.push((field, label.map(|(_, label)| label), raw, when));
                }
            }
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

    fn times(&self, claims: &mut Claims<'_>) {
        let own: Vec<_> = self.times.iter().filter(|(place, _)| self.ends.contains(*place)).collect();
        let mut unlabelled = false;
        for (_, element) in own.into_iter().take(12) {
            let (field, label) = time_field(*element, claims.page.language);
            let field = match field {
                Some(field) => field,
                None if !unlabelled => {
                    unlabelled = true;
                    DateField::Published
                }
                None => continue,
            };
            let value =
                element.value().attr("datetime").filter(|value| value.bytes().any(|byte| byte.is_ascii_digit()));
            match value {
                Some(value) => {
                    let when = structured::machine_value(value.trim(), &claims.setting());
                    claims.add(field, DateSource::Time, label.as_deref(), value.trim(), when);
                }
                None => {
                    if let Some(text) = text_of(*element, LONGEST_LINE)
                        && let Some(read) =
                            line::read(&text, claims.page.language, claims.page.now, claims.page.assume_timezone)
                        && let Some(mut date) = read.dates.into_iter().next()
                        && complete(&mut date, claims)
                    {
                        claims.add(field, DateSource::Visible, label.as_deref(), &date.raw, date.when);
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

/// What a `<time>` is, by its attributes, else by the words before it.
fn time_field(element: ElementRef<'_>, language: Option<&str>) -> (Option<DateField>, Option<String>) {
    for node in element.ancestors().take(2).filter_map(ElementRef::wrap).fold(vec![element], |mut all, node| {
        all.push(node);
        all
    }) {
        let value = node.value();
        if value.attr("pubdate").is_some() {
            return (Some(DateField::Published), Some("pubdate".to_owned()));
        }
        let names = value.attr("class").unwrap_or_default().to_ascii_lowercase();
        let is = |words: &[&str]| words.iter().any(|word| names.contains(word));
        // WordPress marks a post that was never changed as both.
        let published = is(&["publish", "pubdate", "dt-published", "created"]);
        let updated = is(&["updated", "modif", "lastmod"]);
        match (published, updated) {
            (true, _) => return (Some(DateField::Published), None),
            (false, true) if !is(&["entry-date"]) => {
                return (Some(DateField::Updated), Some(first_word(&names, &["updated", "modif", "lastmod"])));
            }
            _ => {}
        }
    }
    for ancestor in element.ancestors().take(CLIMB - 1).map_while(ElementRef::wrap) {
        let Some(before) = text_before(ancestor, element.id()) else { return (None, None) };
        if let Some((field, label)) = line::last_label(&before, language) {
            return (Some(field), Some(label));
        }
    }
    (None, None)
}

fn first_word(names: &str, words: &[&str]) -> String {
    names
        .split_ascii_whitespace()
        .find(|name| words.iter().any(|word| name.contains(word)))
        .unwrap_or_default()
        .to_owned()
}

/// The text of an element before one of its descendants; `None` when the element's text is too long for a date line.
fn text_before(element: ElementRef<'_>, stop: NodeId) -> Option<String> {
    text_of(element, LONGEST_LINE)?;
    let mut text = String::new();
    for node in element.descendants().take_while(|node| node.id() != stop) {
        if let Node::Text(part) = node.value() {
            text.push_str(part);
            text.push(' ');
        }
    }
    Some(text)
}

fn inline_script<'a>(node: NodeRef<'a, Node>, budget: &mut usize) -> Option<&'a str> {
    let text: &'a str = match node.first_child()?.value() {
        Node::Text(text) => text,
        _ => return None,
    };
    if text.len() > *budget {
        return None;
    }
    *budget -= text.len();
    Some(text)
}

/// What the words just around a place in a script say that the date there is.
fn script_field(script: &str, at: usize) -> Option<DateField> {
    let mut from = at.saturating_sub(120);
    while !script.is_char_boundary(from) {
        from -= 1;
    }
    let around = script[from..].chars().take(240).collect::<String>().to_ascii_lowercase();
    if ["updat", "modif", "edited"].iter().any(|word| around.contains(word)) {
        Some(DateField::Updated)
    } else if around.contains("publi") {
        Some(DateField::Published)
    } else {
        None
    }
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
