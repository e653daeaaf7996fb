//! What a page says of its article in its head and in structured data: title, authors, site, description, image, addresses.

use ego_tree::NodeRef;
use scraper::node::Element;
use scraper::{Html, Node};
use serde_json::Value;
use url::Url;

use super::hints::Hints;
use super::json_ld;
use super::outline::{Outline, Tag};
use crate::html::{absolute, plain_text};
use crate::model::article::{AddressKind, PageAddress};

/// Authors kept; papers name hundreds.
const MAX_AUTHORS: usize = 50;
/// Characters of a title, a name or a description.
const MAX_TITLE_CHARS: usize = 500;
const MAX_NAME_CHARS: usize = 120;
const MAX_DESCRIPTION_CHARS: usize = 2000;

/// The `<meta>` and `<link>` elements of a page.
#[derive(Debug)]
pub(super) struct Head<'a> {
    /// Key in lower case (`name`, `property`, `itemprop` or `http-equiv`) and content.
    metas: Vec<(String, &'a str)>,
    links: Vec<&'a Element>,
    html_language: Option<&'a str>,
    title: Option<String>,
    /// `<audio>` and `<video>`, wherever they stand.
    pub(super) players: Vec<NodeRef<'a, Node>>,
}

impl<'a> Head<'a> {
    pub(super) fn new(html: &'a Html) -> Self {
        let mut head =
            Head { metas: Vec::new(), links: Vec::new(), html_language: None, title: None, players: Vec::new() };
        for node in html.tree.nodes() {
            let Node::Element(element) = node.value() else { continue };
            match element.name() {
                "meta" => {
                    let Some(content) = element.attr("content").filter(|content| !content.trim().is_empty()) else {
                        continue;
                    };
                    for key in ["name", "property", "itemprop", "http-equiv"].iter().filter_map(|key| element.attr(key))
                    {
                        head.metas.push((key.trim().to_ascii_lowercase(), content));
                    }
                }
                "audio" | "video" => head.players.push(node),
                "link" => head.links.push(element),
                "html" => head.html_language = element.attr("lang").or_else(|| element.attr("xml:lang")),
                "title" if head.title.is_none() => {
                    head.title =
                        Some(node.children().filter_map(|child| child.value().as_text().map(|text| &**text)).collect());
                }
                _ => {}
            }
        }
        head
    }

    /// The content of the first of `keys` that the page has; the keys are in order of trust.
    pub(super) fn first(&self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().find_map(|key| self.all(key).next())
    }

    fn all(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.metas.iter().filter(move |(name, _)| name == key).map(|(_, content)| *content)
    }

    fn link(&self, rel: &str) -> Option<&'a str> {
        let is_rel = |element: &&&Element| {
            element
                .attr("rel")
                .is_some_and(|rels| rels.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(rel)))
        };
        self.links.iter().find(is_rel)?.attr("href")
    }

    /// The language that the page declares, as written.
    pub(super) fn language(&self, article: Option<&'a Value>) -> Option<&'a str> {
        self.html_language
            .filter(|language| !language.trim().is_empty())
            .or_else(|| self.first(&["content-language", "og:locale", "language", "dc.language", "dcterms.language"]))
            .or_else(|| article?.get("inLanguage").and_then(json_ld::text))
    }

    /// The addresses that the page gives itself.
    pub(super) fn addresses(&self, base: &Url) -> Vec<PageAddress> {
        [
            (AddressKind::Canonical, self.link("canonical")),
            (AddressKind::Og, self.first(&["og:url"])),
            (AddressKind::Amp, self.link("amphtml")),
        ]
        .into_iter()
        .filter_map(|(kind, reference)| Some(PageAddress { kind, url: absolute(reference?, Some(base))? }))
        .collect()
    }

    /// What `<link rel="next">` refers to.
    pub(super) fn next(&self) -> Vec<&'a str> {
        let is_next = |rel: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next"));
        let links = self.links.iter().filter(|element| element.attr("rel").is_some_and(is_next));
        links.filter_map(|element| element.attr("href")).collect()
    }

    /// `<link rel="related">`, which is rare, with its title.
    pub(super) fn related(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let is_related = |rel: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("related"));
        let links = self.links.iter().filter(move |element| element.attr("rel").is_some_and(is_related));
        links
            .filter_map(|element| Some((element.attr("href")?, element.attr("title"))))
            .chain(self.all("og:see_also").map(|url| (url, None)))
    }
}

/// The publication's name.
pub(super) fn site_name(head: &Head<'_>, nodes: &[Value], article: Option<&Value>) -> Option<String> {
    let publisher =
        article.and_then(|article| article.get("publisher")).map(|publisher| json_ld::resolve(nodes, publisher));
    let of_node = |node: &Value| node.get("name").and_then(json_ld::text).map(str::to_owned);
    head.first(&["og:site_name"])
        .map(str::to_owned)
        .or_else(|| publisher.and_then(of_node))
        .or_else(|| json_ld::of_type(nodes, "WebSite").and_then(of_node))
        .or_else(|| {
            head.first(&["application-name", "apple-mobile-web-app-title", "dc.publisher", "citation_journal_title"])
                .map(str::to_owned)
        })
        .and_then(|name| clean(&name, MAX_NAME_CHARS))
        .filter(|name| !name.contains("://"))
}

/// The headline, without the site's name (also one that only the feed's title or the page tells from it), and the heading that shows it.
pub(super) fn title(
    page: &Outline<'_>,
    head: &Head<'_>,
    article: Option<&Value>,
    site: Option<&str>,
    host: Option<&str>,
    in_feed: Option<&str>,
) -> (Option<String>, Option<usize>) {
    let stated = [
        article.and_then(|article| article.get("headline")).and_then(json_ld::text),
        head.first(&[
            "og:title",
            "twitter:title",
            "citation_title",
            "dc.title",
            "dcterms.title",
            "parsely-title",
            "sailthru.title",
        ]),
    ];
    let document = head.title.as_deref().and_then(|title| clean(title, MAX_TITLE_CHARS));
    let stated: Vec<String> = stated.into_iter().flatten().filter_map(|title| clean(title, MAX_TITLE_CHARS)).collect();
    let known: Vec<&str> = stated.iter().map(String::as_str).chain(document.as_deref()).collect();
    let heading = heading(page, &known);
    let title = match heading {
        // What a reader sees is the title, where the head says the same or says it with the site's name.
        Some((at, true)) => Some(page.blocks[at].text.clone()),
        Some((at, false)) if known.is_empty() => Some(page.blocks[at].text.clone()),
        _ => stated
            .first()
            .map(|title| without_site(title, site, host))
            .or_else(|| document.as_deref().map(|title| without_site(title, site, host)))
            .map(|title| shown_part(page, &title, in_feed).unwrap_or(title)),
    };
    (title.filter(|title| !title.is_empty()), heading.filter(|(_, agrees)| *agrees).map(|(at, _)| at))
}

/// The block of the first `h1` whose words one of the titles holds, else of the first `h1`; whether a title agrees.
fn heading(page: &Outline<'_>, titles: &[&str]) -> Option<(usize, bool)> {
    let titles: Vec<String> = titles.iter().map(|title| letters(title)).collect();
    let mut first = None;
    for (level, limit) in [(1, 8), (2, 4)] {
        let headings = page.blocks.iter().enumerate().filter(|(_, block)| {
            block.kind == super::outline::Kind::Heading(level)
                && block.size >= 5
                && block.text.chars().count() <= MAX_TITLE_CHARS
        });
        for (at, block) in headings.take(limit) {
            let words = letters(&block.text);
            if titles.iter().any(|title| {
                title.contains(&words) && words.len() * 5 > title.len() * 2
                    || words.contains(title.as_str()) && title.len() * 5 > words.len() * 3
            }) {
                return Some((at, true));
            }
            if level == 1 && !block.hints.any(Hints::MASTHEAD | Hints::NAVIGATION | Hints::HIDDEN) {
                first = first.or(Some((at, false)));
            }
        }
    }
    first
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const SEPARATORS: [&str; 13] =
    [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " ‹ ", "｜", "_"];

/// A title without the site's name after (or before) its separator.
fn without_site(title: &str, site: Option<&str>, host: Option<&str>) -> String {
    let host = host.map(|host| letters(host.trim_start_matches("www.").split('.').next().unwrap_or(host)));
    let site = site.map(letters).filter(|site| !site.is_empty());
    let is_site = |part: &str| {
        let part = letters(part);
        !part.is_empty()
            && (site.as_deref().is_some_and(|site| {
                part == *site || part.contains(site) && part.len() < site.len() * 2 || site.contains(&part)
            }) || host
                .as_deref()
                .is_some_and(|host| host.len() > 2 && (part.contains(host) || host.contains(&part) && part.len() > 3)))
    };
    let mut rest = title;
    // Section and site: `Title | Politics | The Paper`.
    for _ in 0..2 {
        let last = SEPARATORS.iter().filter_map(|separator| rest.rfind(separator).map(|at| (at, *separator))).max();
        let Some((at, separator)) = last else { break };
        if !is_site(&rest[at + separator.len()..]) {
            break;
        }
        rest = rest[..at].trim_end();
    }
    let first = SEPARATORS.iter().filter_map(|separator| rest.find(separator).map(|at| (at, *separator))).min();
    if let Some((at, separator)) = first
        && is_site(&rest[..at])
        && rest[at + separator.len()..].chars().count() > 10
    {
        rest = &rest[at + separator.len()..];
    }
    rest.trim().to_owned()
}

/// The longer side of a separator, where it is what the feed calls the article, or a line of its own on the page: the
/// other side is a site of whose name the page says nothing else.
fn shown_part(page: &Outline<'_>, title: &str, in_feed: Option<&str>) -> Option<String> {
    let cuts = SEPARATORS
        .iter()
        .flat_map(|separator| [title.find(separator), title.rfind(separator)].map(|at| (at, separator)));
    cuts.filter_map(|(at, separator)| Some((&title[..at?], &title[at? + separator.len()..])))
        .map(|(left, right)| if left.len() > right.len() { left.trim() } else { right.trim() })
        .find(|part| {
            let words = letters(part);
            words.len() > 10
                && (in_feed.is_some_and(|title| letters(title) == words)
                    || page.blocks.iter().take(60).any(|block| letters(&block.text) == words))
        })
        .map(str::to_owned)
}

/// Names of the authors, in the order given.
pub(super) fn authors(page: &Outline<'_>, head: &Head<'_>, nodes: &[Value], article: Option<&Value>) -> Vec<String> {
    let mut names = Names::default();
    if let Some(author) = article.and_then(|article| article.get("author").or_else(|| article.get("creator"))) {
        names.add_value(nodes, author, 0);
    }
    for key in [
        "citation_author",
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "twitter:data1",
    ] {
        if names.0.is_empty()
            && (key != "twitter:data1"
                || head.first(&["twitter:label1"]).is_some_and(|label| label.eq_ignore_ascii_case("written by")))
        {
            head.all(key).for_each(|name| names.add_line(name));
        }
    }
    if names.0.is_empty() {
        for (at, item) in page.nodes.iter().enumerate() {
            let says_author = item.element().is_some_and(|element| {
                element.attrs().any(|(name, value)| {
                    matches!(name, "rel" | "itemprop") && value.split_ascii_whitespace().any(|word| word == "author")
                })
            });
            if says_author && !item.inherited.any(Hints::COMMENTS | Hints::RELATED | Hints::RECIRCULATION) {
                names.add_line(&node_text(page, at));
                if names.0.len() >= 5 {
                    break;
                }
            }
        }
    }
    if names.0.is_empty() {
        let byline = page.blocks.iter().find(|block| {
            block.hints.any(Hints::BYLINE)
                && !block.hints.any(Hints::COMMENTS | Hints::RELATED | Hints::RECIRCULATION | Hints::FOOTER)
                && (4..80).contains(&block.size)
        });
        if let Some(name) = byline.and_then(|block| after_by(&block.text)) {
            names.add_line(name);
        }
    }
    if names.0.is_empty() {
        let elsewhere = Hints::COMMENTS | Hints::RELATED | Hints::RECIRCULATION | Hints::FOOTER;
        let mut blocks = page.blocks.iter().filter(|block| !block.hints.any(elsewhere));
        if let Some(name) = blocks.find_map(|block| plain_byline(&block.text)) {
            names.add_line(name);
        }
    }
    names.0
}

/// The name in a line that is nothing but `By` and a name, whatever its element is called.
fn plain_byline(line: &str) -> Option<&str> {
    let name = after_by(line).filter(|name| line.len() - name.len() <= 5)?;
    let words = name.split_whitespace();
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || "-.'’".contains(c))
    };
    ((2..=4).contains(&words.clone().count()) && !name.ends_with('.') && words.clone().all(is_name)).then_some(name)
}

/// The text under a node, short ones only.
fn node_text(page: &Outline<'_>, node: usize) -> String {
    let mut text = String::new();
    for item in &page.nodes[node..page.nodes[node].end] {
        if let (Tag::Text, Some(part)) = (item.tag, item.node.value().as_text()) {
            text.push_str(part);
            if text.len() > 400 {
                return String::new();
            }
        }
    }
    text
}

/// What follows `By` in a byline.
fn after_by(line: &str) -> Option<&str> {
    const BY: [&str; 12] =
        ["By ", "by ", "BY ", "Von ", "von ", "VON ", "Par ", "par ", "Por ", "por ", "Di ", "Door "];
    BY.iter().find_map(|by| {
        line.strip_prefix(by).or_else(|| line.find(&format!(" {by}")).map(|at| &line[at + 1 + by.len()..]))
    })
}

#[derive(Debug, Default)]
struct Names(Vec<String>);

impl Names {
    fn add_value(&mut self, nodes: &[Value], value: &Value, depth: usize) {
        match json_ld::resolve(nodes, value) {
            Value::String(line) => self.add_line(line),
            Value::Array(values) if depth < 3 => {
                for value in values {
                    self.add_value(nodes, value, depth + 1);
                }
            }
            Value::Object(object) => match object.get("name") {
                Some(Value::String(name)) => self.add_line(name),
                Some(value) if depth < 3 => self.add_value(nodes, value, depth + 1),
                _ => {}
            },
            _ => {}
        }
    }

    /// A line of one or several names: `By Jane Doe and John Roe, Agency`.
    fn add_line(&mut self, line: &str) {
        let Some(line) = clean(line, MAX_NAME_CHARS * 4) else { return };
        let line = after_by(&line).unwrap_or(&line);
        let several = line
            .replace(" and ", ";")
            .replace(" & ", ";")
            .replace(" und ", ";")
            .replace(" et ", ";")
            .replace(" y ", ";");
        // `Doe, Jane` is one name; `Jane Doe, John Roe` are two.
        let comma_divides = line.split(',').all(|part| part.split_whitespace().count() >= 2);
        let parts =
            several.split(|c: char| matches!(c, ';' | '|' | '、' | '，' | '·' | '•') || c == ',' && comma_divides);
        for part in parts {
            let name = part.trim().trim_matches(|c: char| matches!(c, ',' | ':' | '-' | '–' | '/' | '(' | ')')).trim();
            let is_name = name.chars().any(char::is_alphabetic)
                && !name.contains("://")
                && !name.contains('@')
                && name.chars().count() <= MAX_NAME_CHARS
                && name.split_whitespace().count() <= 8;
            if is_name && self.0.len() < MAX_AUTHORS && self.0.iter().all(|other| !other.eq_ignore_ascii_case(name)) {
                self.0.push(name.to_owned());
            }
        }
    }
}

/// The publisher's short description.
pub(super) fn description(head: &Head<'_>, article: Option<&Value>) -> Option<String> {
    head.first(&["og:description", "description", "twitter:description", "dc.description", "dcterms.description"])
        .or_else(|| article?.get("description").and_then(json_ld::text))
        .and_then(|text| clean(text, MAX_DESCRIPTION_CHARS))
}

/// The lead image.
pub(super) fn image(head: &Head<'_>, nodes: &[Value], article: Option<&Value>, base: &Url) -> Option<Url> {
    let of_article = || {
        let image = json_ld::resolve(nodes, article?.get("image").or_else(|| article?.get("thumbnailUrl"))?);
        json_ld::text(image)
    };
    head.first(&[
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
        "image",
        "thumbnail",
    ])
    .or_else(of_article)
    .or_else(|| head.link("image_src"))
    .and_then(|reference| absolute(reference, Some(base)))
}

/// Plain text of at most so many characters; `None` when nothing is left.
fn clean(text: &str, max_chars: usize) -> Option<String> {
    let text = plain_text(text);
    let text = match text.char_indices().nth(max_chars) {
        Some((end, _)) => text[..end].trim_end().to_owned(),
        None => text,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{Names, plain_byline, without_site};

    #[track_caller]
    fn check_title(title: &str, expected: &str) {
        assert_eq!(without_site(title, Some("The Harbour Post"), Some("www.harbourpost.example")), expected, "{title}");
    }

    #[test]
    fn the_site_leaves_the_title() {
        check_title("A new road | The Harbour Post", "A new road");
        check_title("Harbour Post - A new road is built", "A new road is built");
        check_title("Ferry - the slow way | Harbour Post", "Ferry - the slow way");
        check_title("Ferry - the slow way", "Ferry - the slow way");
        check_title("The Harbour Post", "The Harbour Post");
    }

    #[test]
    fn a_line_of_by_and_a_name_is_a_byline() {
        for (line, name) in [("By Anna Kim", Some("Anna Kim")), ("Von Jörg O’Hara-Weiß", Some("Jörg O’Hara-Weiß"))]
        {
            assert_eq!(plain_byline(line), name, "{line}");
        }
        for line in ["By the sea", "By Tuesday", "By Order Of The Very Last King", "Stand By Your Man", "By Anna Kim."]
        {
            assert_eq!(plain_byline(line), None, "{line}");
        }
    }

    #[track_caller]
    fn check_names(line: &str, expected: &[&str]) {
        let mut names = Names::default();
        names.add_line(line);
        assert_eq!(names.0, expected, "{line}");
    }

    #[test]
    fn lines_of_names_are_divided() {
        check_names("By Jane Doe and John Roe", &["Jane Doe", "John Roe"]);
        check_names("Jane Doe, John Roe", &["Jane Doe", "John Roe"]);
        check_names("Doe, Jane", &["Doe, Jane"]);
        check_names("https://example.org/jane", &[]);
        check_names("<b>Jane &amp; John</b>", &["Jane", "John"]);
    }
}
