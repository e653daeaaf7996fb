//! What the names in markup say: which dates are claims, which elements are not the article.

use scraper::node::Element;

use crate::model::date::DateField;

/// Whether an element holds other things than the article: navigation, comments, teasers.
pub(super) fn is_foreign(name: &str, element: &Element) -> bool {
    if matches!(
        name,
        "nav" | "aside" | "form" | "select" | "figcaption" | "figure" | "article" | "iframe" | "blockquote"
    ) {
        return true;
    }
    if !matches!(name, "div" | "section" | "ul" | "ol" | "li" | "footer" | "header") {
        return false;
    }
    [element.attr("class"), element.attr("id")].into_iter().flatten().any(|names| {
        names.split(|char: char| !char.is_ascii_alphanumeric()).any(|word| {
            FOREIGN
                .iter()
                .any(|foreign| word.len() >= foreign.len() && word[..foreign.len()].eq_ignore_ascii_case(foreign))
        })
    })
}

/// Beginnings of the words in class names that mark what is not the article.
const FOREIGN: [&str; 20] = [
    "related",
    "teaser",
    "sidebar",
    "comment",
    "recommend",
    "promo",
    "trending",
    "popular",
    "newsletter",
    "weather",
    "menu",
    "cookie",
    "recirc",
    "mostread",
    "ticker",
    "advert",
    "breaking",
    "carousel",
    "latest",
    "disqus",
];

/// What the name of a meta element says that its date is. `Content-Last-Modified`, `article:published_time`, `DC.date.issued` …
pub(super) fn meta_field(key: &str) -> Option<DateField> {
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect();
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    if has(&[
        "expir",
        "revisit",
        "publisher",
        "event",
        "verif",
        "validate",
        "unpublish",
        "cover",
        "birth",
        "update_time_zone",
        "version",
    ]) {
        return None;
    }
    if has(&[
        "modif",
        "lastmod",
        "updatetime",
        "updatedtime",
        "dateupdate",
        "updateddate",
        "updatedate",
        "lastupdate",
        "revised",
        "revisiondate",
        "moddate",
    ]) || key == "updated"
    {
        return Some(DateField::Updated);
    }
    let published = has(&[
        "publishedtime",
        "publishtime",
        "publicationdate",
        "publicationtime",
        "publishdate",
        "publisheddate",
        "datepubli",
        "pubdate",
        "datecreated",
        "createdate",
        "createddate",
        "created",
        "issued",
        "uploaddate",
        "articlepublished",
        "firstpublished",
        "displaydate",
        "releasedate",
        "sailthrudate",
        "onlinedate",
        "originalpublication",
        "postdate",
        "dateposted",
    ]) || matches!(
        key.as_str(),
        "date"
            | "dcdate"
            | "dctermsdate"
            | "dcterms"
            | "citationdate"
            | "pdate"
            | "published"
            | "outbraindate"
            | "ogdate"
            | "articledate"
            | "newsdate"
            | "dateavailable"
            | "timestamp"
    );
    published.then_some(DateField::Published)
}

/// What a microdata or `RDFa` property says that its date is.
pub(super) fn property_field(key: &str) -> Option<DateField> {
    let name = key.rsplit([':', '/', '#', '.']).next().unwrap_or(key);
    if ["dateModified", "modified", "dateUpdated", "dateUpdate"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        Some(DateField::Updated)
    } else if ["datePublished", "dateCreated", "created", "issued", "uploadDate", "published_time"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
    {
        Some(DateField::Published)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{meta_field, property_field};
    use crate::model::date::DateField::{Published, Updated};

    #[test]
    fn names_of_meta_elements_tell_the_field() {
        for (key, field) in [
            ("article:published_time", Some(Published)),
            ("article:modified_time", Some(Updated)),
            ("og:updated_time", Some(Updated)),
            ("DC.date.issued", Some(Published)),
            ("DCTERMS.modified", Some(Updated)),
            ("citation_publication_date", Some(Published)),
            ("parsely-pub-date", Some(Published)),
            ("sailthru.date", Some(Published)),
            ("Last-Modified", Some(Updated)),
            ("date", Some(Published)),
            ("revisit-after", None),
            ("article:publisher", None),
            ("article:expiration_time", None),
            ("viewport", None),
        ] {
            assert_eq!(meta_field(key), field, "{key}");
        }
    }

    #[test]
    fn properties_of_any_vocabulary_tell_the_field() {
        for (key, field) in [
            ("datePublished", Some(Published)),
            ("dc:created", Some(Published)),
            ("schema:dateModified", Some(Updated)),
            ("name", None),
        ] {
            assert_eq!(property_field(key), field, "{key}");
        }
    }
}
