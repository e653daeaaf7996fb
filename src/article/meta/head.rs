//! The `<meta>`, `<link>` and `<title>` elements of a page.

use ego_tree::NodeRef;
use scraper::node::Element;
use scraper::{Html, Node};
use serde_json::Value;
use url::Url;

use crate::article::json_ld;
use crate::html::absolute;
use crate::model::article::{AddressKind, PageAddress};

/// The `<meta>` and `<link>` elements of a page.
#[derive(Debug)]
pub(in crate::article) struct Head<'a> {
    /// Key in lower case (`name`, `property`, `itemprop` or `http-equiv`) and content.
    metas: Vec<(String, &'a str)>,
    links: Vec<&'a Element>,
    html_language: Option<&'a str>,
    pub(super) title: Option<String>,
    /// `<audio>` and `<video>`, wherever they stand.
    pub(in crate::article) players: Vec<NodeRef<'a, Node>>,
}

impl<'a> Head<'a> {
    pub(in crate::article) fn new(html: &'a Html) -> Self {
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
    pub(in crate::article) fn first(&self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().find_map(|key| self.all(key).next())
    }

    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.metas.iter().filter(move |(name, _)| name == key).map(|(_, content)| *content)
    }

    pub(super) fn link(&self, rel: &str) -> Option<&'a str> {
        let is_rel = |element: &&&Element| {
            element
                .attr("rel")
                .is_some_and(|rels| rels.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(rel)))
        };
        self.links.iter().find(is_rel)?.attr("href")
    }

    /// The language that the page declares, as written.
    pub(in crate::article) fn language(&self, article: Option<&'a Value>) -> Option<&'a str> {
        self.html_language
            .filter(|language| !language.trim().is_empty())
            .or_else(|| self.first(&["content-language", "og:locale", "language", "dc.language", "dcterms.language"]))
            .or_else(|| article?.get("inLanguage").and_then(json_ld::text))
    }

    /// The addresses that the page gives itself.
    pub(in crate::article) fn addresses(&self, base: &Url) -> Vec<PageAddress> {
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
    pub(in crate::article) fn next(&self) -> Vec<&'a str> {
        let is_next = |rel: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next"));
        let links = self.links.iter().filter(|element| element.attr("rel").is_some_and(is_next));
        links.filter_map(|element| element.attr("href")).collect()
    }

    /// `<link rel="related">`, which is rare, with its title.
    pub(in crate::article) fn related(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let is_related = |rel: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("related"));
        let links = self.links.iter().filter(move |element| element.attr("rel").is_some_and(is_related));
        links
            .filter_map(|element| Some((element.attr("href")?, element.attr("title"))))
            .chain(self.all("og:see_also").map(|url| (url, None)))
    }
}
