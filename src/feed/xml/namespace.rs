//! Which vocabulary a name belongs to, whatever prefix or URI the document gives it.

/// The vocabularies that say something about entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::feed) enum Space {
    /// RSS in all versions and Atom: their element names mean the same wherever they stand.
    Core,
    /// RDF Site Summary's `content:`.
    Content,
    /// Dublin Core elements and terms.
    DublinCore,
    /// Yahoo's Media RSS.
    Media,
    /// Apple's and Google's podcast tags.
    Itunes,
    /// The syndication module: `sy:`.
    Syndication,
    /// RDF's own elements.
    Rdf,
    /// RFC 5005, feed paging and archiving.
    History,
    /// The enclosure module of RSS 1.0.
    Enclosure,
    /// XHTML, and any markup in it.
    Html,
    /// Anything else.
    Other,
}

/// Namespace URIs, lower case, without a slash or hash at the end and without scheme.
const BY_URI: &[(&str, Space)] = &[
    ("www.w3.org/2005/atom", Space::Core),
    ("purl.org/atom/ns", Space::Core),
    ("purl.org/rss/1.0", Space::Core),
    ("purl.org/net/rss1.1", Space::Core),
    ("my.netscape.com/rdf/simple/0.9", Space::Core),
    ("channel.netscape.com/rdf/simple/0.9", Space::Core),
    ("backend.userland.com/rss", Space::Core),
    ("blogs.law.harvard.edu/tech/rss", Space::Core),
    ("example.com/necho", Space::Core),
    ("example.com/newformat", Space::Core),
    ("purl.org/rss/1.0/modules/content", Space::Content),
    ("purl.org/dc/elements/1.0", Space::DublinCore),
    ("purl.org/dc/elements/1.1", Space::DublinCore),
    ("purl.org/dc/terms", Space::DublinCore),
    ("search.yahoo.com/mrss", Space::Media),
    ("www.itunes.com/dtds/podcast-1.0.dtd", Space::Itunes),
    ("example.com/dtds/podcast-1.0.dtd", Space::Itunes),
    ("www.google.com/schemas/play-podcasts/1.0", Space::Itunes),
    ("purl.org/rss/1.0/modules/syndication", Space::Syndication),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", Space::Rdf),
    ("purl.org/syndication/history/1.0", Space::History),
    ("purl.oclc.org/net/rss_2.0/enc", Space::Enclosure),
    ("www.w3.org/1999/xhtml", Space::Html),
    ("www.w3.org/2000/svg", Space::Html),
    ("www.w3.org/1998/math/mathml", Space::Html),
];

/// Prefixes that mean these vocabularies although no declaration says so.
const BY_PREFIX: &[(&str, Space)] = &[
    ("atom", Space::Core),
    ("atom03", Space::Core),
    ("atom10", Space::Core),
    ("a10", Space::Core),
    ("rss", Space::Core),
    ("rss09", Space::Core),
    ("rss1", Space::Core),
    ("content", Space::Content),
    ("dc", Space::DublinCore),
    ("dcterms", Space::DublinCore),
    ("media", Space::Media),
    ("itunes", Space::Itunes),
    ("googleplay", Space::Itunes),
    ("sy", Space::Syndication),
    ("rdf", Space::Rdf),
    ("fh", Space::History),
    ("enc", Space::Enclosure),
    ("xhtml", Space::Html),
    ("html", Space::Html),
    ("svg", Space::Html),
];

/// The vocabulary of a namespace URI; `Other` when it is not one of the known.
pub(super) fn of_uri(uri: &str) -> Space {
    let uri = uri.trim().to_ascii_lowercase();
    let bare = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest).trim_end_matches(['/', '#']);
    let exact = BY_URI.iter().find(|(known, _)| *known == bare);
    let family = || bare.starts_with("backend.userland.com/rss").then_some(Space::Core);
    exact.map(|(_, space)| *space).or_else(family).unwrap_or(Space::Other)
}

/// The vocabulary that a prefix means by custom.
pub(super) fn of_prefix(prefix: &str) -> Space {
    let by_custom = BY_PREFIX.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix));
    by_custom.map_or(Space::Other, |(_, space)| *space)
}

#[cfg(test)]
mod tests {
    use super::{Space, of_uri};

    #[test]
    fn uris_are_known_with_slips_in_case_scheme_and_ending() {
        for uri in
            ["http://www.w3.org/2005/Atom", "https://www.w3.org/2005/atom/", " http://backend.userland.com/rss2 "]
        {
            assert_eq!(of_uri(uri), Space::Core, "{uri}");
        }
        assert_eq!(of_uri("http://search.yahoo.com/mrss"), Space::Media);
        assert_eq!(of_uri(""), Space::Other);
    }
}
