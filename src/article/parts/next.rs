//! Where the next part of an article is, read off one of its pages.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::number::{Form, Numbered, readings, stem};
use crate::article::PageInput;
use crate::article::hints::Hints;
use crate::article::judge::Reading;
use crate::article::outline::{Outline, Tag};
use crate::article::related::leads_to_no_article;
use crate::fingerprint::url_key;
use crate::html::absolute;
use crate::model::article::{AddressKind, PageAddress};
use crate::phrase::text::digit_value;
use crate::site::site_of;

/// Letters of an element that is a pager and nothing else, where its links are numbers, and where they are titles.
const MAX_PAGER: u32 = 120;
const MAX_TITLED_PAGER: u32 = 600;
/// Elements around a link that may be its pager.
const MAX_CLIMB: usize = 6;
/// Blocks between the text and its pager.
const NEAR: usize = 40;
/// Letters of comments before a pager: after these it is theirs.
const MIN_COMMENTS: u32 = 120;

/// What leads elsewhere than to the next part, whatever its address.
const NOT_THE_ARTICLE: [Hints; 5] = [Hints::COMMENTS, Hints::RELATED, Hints::RECIRCULATION, Hints::AD, Hints::ASIDE];

/// Names of things that are paged through, and of the addresses of pages that are nothing else: their pages are pictures.
const GALLERIES: [&str; 14] = [
    "gallery",
    "galleries",
    "galerie",
    "galeria",
    "galleria",
    "slideshow",
    "slider",
    "carousel",
    "carrousel",
    "lightbox",
    "swiper",
    "diaporama",
    "fotostrecke",
    "bilderstrecke",
];

/// A page in which the next part is looked for.
pub(in crate::article) struct Place<'p, 'a> {
    pub(in crate::article) html: &'a Html,
    pub(in crate::article) outline: &'p Outline<'a>,
    pub(in crate::article) reading: &'p Reading,
    /// What references count from.
    pub(in crate::article) base: &'p Url,
    /// Addresses that the page gives itself.
    pub(in crate::article) addresses: &'p [PageAddress],
    /// References of the head's `<link rel="next">`.
    pub(in crate::article) links: Vec<&'a str>,
}

/// Finds the next part. The rule of the config decides alone: a page where it matches nothing is the last one.
pub(in crate::article) fn find(page: &Place<'_, '_>, input: &PageInput<'_>, warnings: &mut Vec<String>) -> Option<Url> {
    if let Some(rule) = &input.rules.next {
        return by_rule(rule, page, input, warnings);
    }
    let finder = Finder { page, own: Own::of(page, input)? };
    finder.by_relation().or_else(|| finder.by_pager())
}

fn by_rule(rule: &str, page: &Place<'_, '_>, input: &PageInput<'_>, warnings: &mut Vec<String>) -> Option<Url> {
    let selector = match Selector::parse(rule) {
        Ok(selector) => selector,
        Err(error) => {
            warnings.push(format!("rule `next = {rule}` cannot be read: {error}"));
            return None;
        }
    };
    let found = page.html.select(&selector).next()?;
    let href = |element: ElementRef<'_>| element.value().attr("href").map(str::to_owned);
    let inner = || found.descendants().filter_map(ElementRef::wrap).find_map(href);
    let Some(url) = href(found).or_else(inner).and_then(|href| absolute(&href, Some(page.base))) else {
        warnings.push(format!("rule `next = {rule}` matches no link to a page"));
        return None;
    };
    if site_of(&url) != site_of(input.url) {
        warnings.push(format!("rule `next = {rule}` leads to another site: {url}"));
        return None;
    }
    (without_fragment(&url) != without_fragment(input.url)).then_some(url)
}

/// The page among those of its article.
struct Own {
    url: Url,
    site: String,
    /// Its stems, where its address has no number.
    stems: Vec<String>,
    /// Its address read as a numbered page.
    numbered: Vec<Numbered>,
    /// Whether it is a later part.
    is_later: bool,
    /// A word that the path of each address of a stem has; empty where there is none.
    marks: Vec<String>,
}

impl Own {
    /// `None` for a page that has no parts: of nowhere, a list, a gallery.
    fn of(page: &Place<'_, '_>, input: &PageInput<'_>) -> Option<Self> {
        let canonical = page.addresses.iter().find(|address| address.kind == AddressKind::Canonical);
        let canonical = canonical.map(|address| &address.url);
        let url = if input.url.has_host() { input.url } else { canonical? };
        let first = input.part_of.map_or(url, |part| part.first);
        if leads_to_no_article(first) || is_gallery(first.path()) || is_index(first) {
            return None;
        }
        let site = site_of(url);
        // An address with another name than the feed's link leads to, by which the page knows itself.
        let canonical = canonical.filter(|url| site_of(url) == site && !leads_to_no_article(url));
        let (mut stems, mut numbered) = (Vec::new(), Vec::new());
        match input.part_of {
            None => {
                for url in [Some(url), canonical].into_iter().flatten() {
                    stems.push(stem(url));
                    // An article begins with its first page: other numbers are of something else, such as episodes.
                    numbered.extend(readings(url).into_iter().filter(|reading| reading.number <= 1));
                }
            }
            // Which stem it is does not matter: the first page's own was found by leading here.
            Some(_) => numbered.extend(readings(url)),
        }
        let marks = [Some(url), canonical].into_iter().flatten().map(longest_word).collect();
        Some(Self { url: url.clone(), site, stems, numbered, is_later: input.part_of.is_some(), marks })
    }

    /// Whether a reference may be to an address of a stem, seen without reading it: most links of a page lead elsewhere.
    fn may_be_near(&self, reference: &str) -> bool {
        let is_whole = reference.starts_with('/') || reference.contains("://");
        !is_whole || self.marks.iter().any(|mark| reference.contains(mark.as_str()))
    }

    /// How an address stands to the page: both numbers and the form, when they are pages of one stem.
    fn step_to(&self, url: &Url) -> Option<Step> {
        if is_of_comments(url) {
            return None;
        }
        readings(url).into_iter().find_map(|other| {
            let is_own = |own: &&Numbered| own.stem == other.stem && own.form == other.form;
            let own = self.numbered.iter().find(is_own).map(|own| own.number);
            let is_step = own.is_some() || self.stems.contains(&other.stem);
            is_step.then_some(Step { own, number: other.number, form: other.form })
        })
    }

    /// The absolute address of a reference to the site, without its fragment.
    fn resolve(&self, reference: &str, base: &Url) -> Option<Url> {
        let url = absolute(reference, Some(base))?;
        let is_near = url.host() == self.url.host() && url.port() == self.url.port() || site_of(&url) == self.site;
        (is_near && !reference.trim_start().starts_with('#')).then(|| without_fragment(&url))
    }

    fn is(&self, url: &Url) -> bool {
        url_key(url) == url_key(&self.url)
    }
}

/// The longest run of Latin letters in a path, where it says anything: those of escaped letters are shorter.
fn longest_word(url: &Url) -> String {
    let words = url.path().split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 3);
    words.max_by_key(|word| word.len()).unwrap_or_default().to_owned()
}

/// From the page to another one of its stem.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    /// The page's own number; `None` where its address has none.
    own: Option<u32>,
    number: u32,
    form: Form,
}

impl Step {
    /// Whether it leads to the page after, in addresses that count from one or from zero.
    fn leads_on(&self) -> bool {
        match self.own {
            Some(own) => self.number == own + 1,
            None => self.number == 2 || self.number == 1 && matches!(self.form, Form::Parameter(_)),
        }
    }

    /// Whether the address alone says that it is a page of the article, so that a relation settles it.
    fn is_outright(&self, is_later: bool) -> bool {
        match self.form {
            Form::Parameter(_) | Form::Word => true,
            Form::Segment => self.own.is_none() || is_later,
            // WordPress: the next post of the same title.
            Form::Suffix => false,
        }
    }
}

/// A link to a page of the article.
struct Sibling {
    /// Its node.
    at: usize,
    url: Url,
    step: Step,
    /// The number that it begins with.
    label: Option<u32>,
    /// Whether it is a number and nothing else.
    is_number: bool,
}

impl Sibling {
    /// The number by which its pager would call the page that it is on.
    fn number_here(&self) -> u32 {
        match (self.step.own, self.label) {
            (None, _) => 1,
            // Addresses that count from zero are one behind.
            (Some(own), Some(label)) if label == own + 2 => own + 1,
            (Some(own), _) => own,
        }
    }
}

struct Finder<'p, 'a> {
    page: &'p Place<'p, 'a>,
    own: Own,
}

impl Finder<'_, '_> {
    fn by_relation(&self) -> Option<Url> {
        let settled = |reference: &str| {
            let url = self.own.resolve(reference, self.page.base)?;
            let step = self.own.step_to(&url)?;
            // Boxes of other articles are paged through by `?page=1` on the article's own address; numbers in a pager tell.
            let counts_from_zero = step.own.is_none() && step.number == 1;
            (step.leads_on() && step.is_outright(self.own.is_later) && !counts_from_zero).then_some(url)
        };
        let in_head = self.page.links.iter().find_map(|reference| settled(reference));
        in_head.or_else(|| {
            self.links().filter(|(at, _)| says_next(self.page.outline, *at)).find_map(|(at, href)| {
                let url = settled(href)?;
                self.is_of_the_text(at).then_some(url)
            })
        })
    }

    fn by_pager(&self) -> Option<Url> {
        let siblings: Vec<Sibling> = self.links().filter_map(|(at, href)| self.sibling(at, href)).collect();
        let nodes: HashSet<usize> = siblings.iter().map(|sibling| sibling.at).collect();
        let next = siblings.iter().filter(|sibling| sibling.step.leads_on());
        let mut next = next.filter(|sibling| self.is_in_pager(sibling, &nodes) && self.is_of_the_text(sibling.at));
        next.next().map(|sibling| sibling.url.clone())
    }

    /// The links of the page that may lead to a numbered page, in document order.
    fn links(&self) -> impl Iterator<Item = (usize, &str)> {
        let nodes = self.page.outline.nodes.iter().enumerate().filter(|(_, item)| item.tag == Tag::Link);
        nodes.filter_map(|(at, item)| {
            let href = item.element()?.attr("href")?;
            (href.bytes().any(|b| b.is_ascii_digit()) && self.own.may_be_near(href)).then_some((at, href))
        })
    }

    fn sibling(&self, at: usize, href: &str) -> Option<Sibling> {
        let url = self.own.resolve(href, self.page.base)?;
        let step = self.own.step_to(&url).filter(|_| !self.own.is(&url))?;
        let text = self.text_of(at);
        let numbers = numbers(&text);
        let is_number = numbers.len() == 1 && !text.chars().any(char::is_alphabetic);
        let begins_so = text.trim_start().chars().next().and_then(digit_value).is_some();
        let label = numbers.first().copied().filter(|_| begins_so || is_number);
        Some(Sibling { at, url, step, label, is_number })
    }

    /// Whether an element around the link pages through the article: it shows which page this is, and hardly anything besides.
    fn is_in_pager(&self, next: &Sibling, siblings: &HashSet<usize>) -> bool {
        let outline = self.page.outline;
        let here = next.number_here();
        let fits = match next.label {
            Some(label) => label == here + 1 && (next.is_number || next.step.form != Form::Suffix),
            // "Next", an arrow. A title without a number says nothing of where it stands.
            None => outline.nodes[next.at].end - next.at <= 12 && numbers(&self.text_of(next.at)).is_empty(),
        };
        if !fits {
            return false;
        }
        let most = if next.is_number || next.label.is_none() { MAX_PAGER } else { MAX_TITLED_PAGER };
        outline
            .ancestors(next.at)
            .skip(1)
            .take(MAX_CLIMB)
            .take_while(|around| outline.size_of(&outline.blocks_of(*around)) <= most)
            .any(|around| {
                let (own, linked) = self.numbers_in(around, siblings);
                let is_here = own.contains(&here);
                // "1 of 3", "1 2 3 ›": a lone number may be anything.
                is_here && (next.label.is_some() || own.iter().chain(&linked).any(|number| *number > here))
            })
    }

    /// The numbers in an element: those of texts and of links to this page, and those of links to its siblings. What other
    /// links say does not count.
    fn numbers_in(&self, around: usize, siblings: &HashSet<usize>) -> (Vec<u32>, Vec<u32>) {
        let outline = self.page.outline;
        let (mut own, mut linked) = (Vec::new(), Vec::new());
        let mut at = around;
        while at < outline.nodes[around].end {
            let item = &outline.nodes[at];
            if item.tag == Tag::Link {
                let found = numbers(&self.text_of(at));
                if siblings.contains(&at) {
                    linked.extend(found);
                } else if self.is_link_here(at) {
                    own.extend(found);
                }
                at = item.end;
                continue;
            }
            if let Some(text) = item.node.value().as_text() {
                own.extend(numbers(text));
            }
            at += 1;
        }
        (own, linked)
    }

    /// Whether a link leads nowhere else: it has no address, a fragment, or that of this page.
    fn is_link_here(&self, at: usize) -> bool {
        let Some(href) = self.page.outline.nodes[at].element().and_then(|element| element.attr("href")) else {
            return true;
        };
        let href = href.trim();
        if href.is_empty() || href.starts_with(['#', '?']) && href.len() == 1 || href.starts_with("javascript:") {
            return true;
        }
        let Some(url) = self.own.resolve(href, self.page.base) else { return href.starts_with('#') };
        self.own.is(&url) || self.own.step_to(&url).is_some_and(|step| step.own.unwrap_or(1) == step.number)
    }

    /// Whether what stands at a node is about the article: near its text, before its comments, in no box of something else.
    fn is_of_the_text(&self, at: usize) -> bool {
        let (outline, text) = (self.page.outline, &self.page.reading.blocks);
        let (Some(first), Some(last)) = (text.first(), text.last()) else { return false };
        let block = outline.blocks_of(at).start;
        let comments: u32 = (*first..block)
            .filter(|at| outline.blocks[*at].hints.any(Hints::COMMENTS))
            .map(|at| outline.blocks[at].size)
            .sum();
        let hints = outline.nodes[at].inherited;
        let half: u32 = text.iter().map(|at| outline.blocks[*at].size).sum::<u32>() / 2;
        let is_in_gallery = || {
            let around = outline.ancestors(at);
            let mut small = around.take_while(|node| outline.size_of(&outline.blocks_of(*node)) <= half.max(MAX_PAGER));
            small.any(|node| {
                let element = outline.nodes[node].element();
                element
                    .is_some_and(|element| ["class", "id"].iter().filter_map(|key| element.attr(key)).any(is_gallery))
            })
        };
        block + NEAR >= *first
            && block <= last + NEAR
            && comments < MIN_COMMENTS
            && !NOT_THE_ARTICLE.iter().any(|hint| hints.any(*hint))
            && !is_in_gallery()
    }

    /// The text of a node, parts of it separated by spaces.
    fn text_of(&self, at: usize) -> String {
        let outline = self.page.outline;
        let texts = outline.nodes[at..outline.nodes[at].end].iter().filter_map(|item| item.node.value().as_text());
        texts.map(|text| &**text).collect::<Vec<_>>().join(" ")
    }
}

/// Whether a link calls itself the next one, by its relation or the name of a control.
fn says_next(outline: &Outline<'_>, at: usize) -> bool {
    let Some(element) = outline.nodes[at].element() else { return false };
    let has = |key: &str, separators: &[char]| {
        let words = element.attr(key).unwrap_or_default();
        words
            .split(|c: char| c.is_ascii_whitespace() || separators.contains(&c))
            .any(|word| word.eq_ignore_ascii_case("next"))
    };
    has("rel", &[]) || has("class", &['-', '_'])
}

fn is_of_comments(url: &Url) -> bool {
    let text = url.as_str();
    ["comment-page", "cpage=", "comments/", "comments?", "/comments"].iter().any(|word| text.contains(word))
}

/// Whether an address is that of a list by its last word, as archives are called: its next page lists older articles.
fn is_index(url: &Url) -> bool {
    const INDEXES: [&str; 7] = ["blog", "blogs", "news", "latest", "archive", "archives", "archiv"];
    let last = url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    INDEXES.iter().any(|word| word.eq_ignore_ascii_case(last))
}

fn is_gallery(names: &str) -> bool {
    names
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| GALLERIES.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

/// The numbers of a text in any script, as far as they may be of pages.
fn numbers(text: &str) -> Vec<u32> {
    let mut found = Vec::new();
    let mut digits = String::new();
    for c in text.chars().chain([' ']) {
        match digit_value(c) {
            Some(digit) => digits.push(digit),
            None if digits.is_empty() => {}
            None => {
                found.extend(digits.parse::<u32>().ok().filter(|_| digits.len() <= 3));
                digits.clear();
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{is_gallery, numbers};

    #[test]
    fn numbers_are_read_in_any_script() {
        assert_eq!(numbers("Page 1 of 12"), [1, 12]);
        assert_eq!(numbers("١ ٢ ٣"), [1, 2, 3]);
        assert_eq!(numbers("第２页"), [2]);
        assert_eq!(numbers("20150305 next"), [0_u32; 0]);
    }

    #[test]
    fn galleries_are_known_by_whole_words() {
        assert!(is_gallery("/photo-gallery/storm") && is_gallery("swiper js_slider"));
        assert!(!is_gallery("/news/gallerygoers-complain"));
    }
}
