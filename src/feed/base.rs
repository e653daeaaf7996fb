//! What relative links count from: `xml:base`, the document's address, an entry's page.

use url::Url;

use super::xml::namespace::Space;
use super::xml::tree::Element;

/// `raw`, made absolute where it is relative and a base is known. What is absolute already stays as written.
pub(super) fn absolute(raw: &str, base: Option<&Url>) -> String {
    let raw = raw.trim();
    match (base, Url::parse(raw)) {
        (Some(base), Err(url::ParseError::RelativeUrlWithoutBase)) => {
            base.join(raw).map_or_else(|_| raw.to_owned(), String::from)
        }
        _ => raw.to_owned(),
    }
}

/// Longest base in bytes. Every relative link becomes as long as its base, and every entry keeps its own.
const MAX_BASE: usize = 512;

/// What the relative links of a document count from: where it was found, or the root of that site when its address is
/// as long as no folder's is.
pub(super) fn document_base(url: &Url) -> Url {
    let is_short = |url: &Url| url.as_str().len() <= MAX_BASE;
    let mut base = url.clone();
    base.set_fragment(None);
    if !is_short(&base) {
        base.set_query(None);
    }
    if is_short(&base) { base } else { base.join("/").unwrap_or(base) }
}

/// What relative links in the bodies of an entry count from where nobody tells: its page, when that is on the host of the
/// feed or of the feed's site. Texts are mostly copied from there; an entry may also be about somebody else's page.
pub(super) fn page_base(link: Option<&str>, hosts: [Option<&Url>; 2]) -> Option<Url> {
    let page = Url::parse(link?).ok().filter(|page| is_http(page.as_str()))?;
    let is_own = hosts.into_iter().flatten().any(|url| url.host() == page.host());
    is_own.then(|| document_base(&page))
}

/// The base that holds inside an element: its `xml:base`, seen from the outer one. CDF calls it `base`. What can't be one, as
/// `mailto:` can't, changes nothing.
pub(super) fn base_of(element: &Element<'_>, outer: Option<&Url>) -> Option<Url> {
    let of_channel = || element.attribute("base").filter(|_| element.is(Space::Core, "channel"));
    let own = element.attribute("xml:base").or_else(of_channel);
    let own = own.filter(|base| !base.is_empty() && base.len() <= MAX_BASE);
    let own = own.and_then(|own| Url::options().base_url(outer).parse(&own).ok());
    let is_base = |own: &Url| !own.cannot_be_a_base() && own.as_str().len() <= MAX_BASE;
    own.filter(is_base).or_else(|| outer.cloned())
}

/// Whether a text is an address of the web.
pub(super) fn is_http(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}
