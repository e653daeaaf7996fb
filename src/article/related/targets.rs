//! What a link's address says of its target: an article, or a list of them, a person, a tool.

use std::collections::HashSet;
use std::sync::LazyLock;

use scraper::node::Element;
use url::Url;

use crate::model::article::{LinkKind, RelatedLink};

/// Takes out the sections that teasers name above their titles: what a link beside it, or the page, is inside of; and a name of a
/// word or two with an address of words alone.
pub(super) fn drop_sections(links: &mut Vec<RelatedLink>, page: &Url) {
    let paths: Vec<Vec<String>> = links.iter().map(|link| &link.url).chain([page]).map(segments).collect();
    links.retain(|link| {
        let path = segments(&link.url);
        let is_around = || paths.iter().any(|other| other.len() > path.len() && other.starts_with(&path));
        let is_named = || {
            let words = link.title.as_deref().map_or(9, |title| title.split_whitespace().count());
            words <= 2 && is_name(&path[1..], 2)
        };
        // `?id=12` is an article whatever the path; what counts visitors says nothing.
        let is_by_number = || {
            link.url
                .query_pairs()
                .any(|(name, value)| !name.starts_with("utm_") && value.contains(|c: char| c.is_ascii_digit()))
        };
        is_by_number() || link.kind == LinkKind::Inline || !is_around() && !is_named()
    });
}

/// The host and the parts of the path.
fn segments(url: &Url) -> Vec<String> {
    let parts = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
    std::iter::once(url.host_str().unwrap_or_default()).chain(parts).map(str::to_lowercase).collect()
}

/// Whether a path has no figures and ends in a few words, as a section's or a person's has and an article's seldom.
fn is_name(path: &[String], most_words: usize) -> bool {
    let words = path.last().map_or(0, |last| last.split(['-', '_', '+']).count());
    words <= most_words && !path.iter().any(|part| part.contains(|c: char| c.is_ascii_digit()))
}

/// Whether a link's `rel` says that it leads to something else than another article on the matter (HTML Living Standard, 4.6.7).
pub(super) fn is_other_by_rel(link: &Element) -> bool {
    const OTHER: &[&str] =
        &["sponsored", "tag", "author", "license", "search", "help", "prev", "previous", "next", "category"];
    let rel = link.attr("rel").unwrap_or_default();
    rel.split_ascii_whitespace().any(|word| OTHER.iter().any(|other| other.eq_ignore_ascii_case(word)))
}

/// Home pages, lists of articles, people and tools, by the words of their paths.
pub(in crate::article) fn leads_to_no_article(url: &Url) -> bool {
    static LISTS: LazyLock<HashSet<&str>> = LazyLock::new(|| LIST_NAMES.split_ascii_whitespace().collect());
    static TOPICS: LazyLock<HashSet<&str>> = LazyLock::new(|| TOPIC_NAMES.split_ascii_whitespace().collect());
    static SECTIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| SECTION_NAMES.split_ascii_whitespace().collect());
    let path = segments(url);
    let path = &path[1..];
    let is_home = path.is_empty() && url.query().is_none();
    let is_listed = || path.iter().any(|part| LISTS.contains(part.as_str()));
    // Behind the name of a section stands a name, or the section's articles.
    let behind =
        |names: &HashSet<&str>| path.iter().position(|part| names.contains(part.as_str())).map(|at| &path[at + 1..]);
    let is_of_section = || behind(&SECTIONS).is_some_and(|behind| behind.len() <= 2 && is_name(behind, 3));
    let is_topic = || behind(&TOPICS).is_some_and(|behind| behind.len() <= 1 && is_name(behind, 7));
    is_home || is_listed() || is_of_section() || is_topic() || is_document(path)
}

/// What the addresses of lists of articles, of people and of tools are called, and those of no article, in the languages of the
/// labels.
const LIST_NAMES: &str = "tag tags tagged author authors autor autoren autore autori autores auteur auteurs auteure autorzy autori-clanku \
    kirjoittaja kirjoittajat skribent skribenter forfatter forfattere yazar yazarlar penulis redakteur redakteure journaliste \
    journalistes contributor contributors correspondents columnist columnists profiles etiqueta etiquetas etiquette schlagwort \
    schlagworte stichwort category categories kategorie kategorien categorie categoria categorias kategoria kategori sharer \
    sharer.php login signin";

/// What they are called where an article can have the same in its address, as its section: `/people/2024/long-title`.
const SECTION_NAMES: &str = "journalist journalists reporter reporters profile profil user users member members staff people person \
    topic topics thema themen tema temas temat tematy sujet sujets search suche recherche buscar label share submit intent register \
    subscribe newsletter newsletters abo";

/// Of these, the names of subjects: what follows at once is one, however long its name.
const TOPIC_NAMES: &str = "topic topics thema themen tema temas temat tematy sujet sujets";

/// Whether an address is that of a document or a recording, not of a page.
fn is_document(path: &[String]) -> bool {
    const ENDS: [&str; 14] =
        ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "zip", "jpg", "jpeg", "png", "gif", "webp", "mp3", "mp4"];
    path.last().and_then(|last| last.rsplit_once('.')).is_some_and(|(_, end)| ENDS.contains(&end))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{drop_sections, leads_to_no_article};
    use crate::model::article::{LinkKind, RelatedLink};

    #[test]
    fn lists_people_and_tools_are_no_articles_and_what_stands_in_a_section_of_their_name_is_one() {
        for (path, expected) in [
            ("", true),
            ("?p=12", false),
            ("tag/elections", true),
            ("news/tags/elections-2024", true),
            ("author/jane-doe", true),
            ("de/autor/erika-mustermann/123", true),
            ("people/jane-doe", true),
            ("people/how-the-mayor-lost-his-house", false),
            ("people/2024/05/mayor-resigns", false),
            ("people/mayor-resigns-4711.html", false),
            ("thema/klimawandel", true),
            ("thema/klimawandel/was-die-konferenz-bisher-gebracht-hat", false),
            ("topics", true),
            ("topic/first-judges-of-the-supreme-court", true),
            ("press/mayor-resigns.pdf", true),
            ("search?q=mayor", true),
            ("search-for-survivors-goes-on", false),
            ("newsletter", true),
            ("newsletters/the-morning-what-we-know-so-far", false),
            ("share?url=x", true),
            ("news/mayor-resigns", false),
        ] {
            let url: Url = format!("https://example.org/{path}").parse().unwrap();
            assert_eq!(leads_to_no_article(&url), expected, "{url}");
        }
    }

    #[test]
    fn sections_named_beside_the_links_go_and_articles_with_short_titles_stay() {
        let link = |kind, title: &str, path: &str| RelatedLink {
            kind,
            label: None,
            title: Some(title.to_owned()),
            url: format!("https://example.org/{path}").parse().unwrap(),
        };
        let mut links = vec![
            link(LinkKind::Block, "Politics of the day", "politics"),
            link(LinkKind::Block, "The mayor resigns", "politics/mayor-resigns"),
            link(LinkKind::Block, "Local News", "local-news"),
            link(LinkKind::Block, "Storm ahead", "weather/storm-ahead-of-us-all"),
            link(LinkKind::Block, "Storm", "weather/storm-4711"),
            link(LinkKind::Inline, "Politics", "world/europe"),
        ];
        drop_sections(&mut links, &"https://example.org/world/europe/page-title".parse().unwrap());
        let titles: Vec<_> = links.iter().filter_map(|link| link.title.as_deref()).collect();
        assert_eq!(titles, ["The mayor resigns", "Storm ahead", "Storm", "Politics"]);
    }
}
