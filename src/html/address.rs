//! Addresses in markup: references made absolute, and where an image really is.

use url::Url;

/// Longest address as it is written, which no reader of markup here may cut.
const MAX_ADDRESS: usize = super::slim::MAX_VALUE_BYTES;

/// What the references of some markup count from, and how many of them were resolved: each takes a microsecond.
#[derive(Debug)]
pub(super) struct Resolver<'a> {
    base: Option<&'a Url>,
    pub(super) resolved: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(base: Option<&'a Url>) -> Self {
        Self { base, resolved: 0 }
    }

    /// As [`absolute`].
    pub(super) fn absolute(&mut self, reference: &str) -> Option<Url> {
        self.resolved += 1;
        absolute(reference, self.base)
    }

    /// Where an image really is: lazy attributes before `src`, which then holds a placeholder; the largest of a set.
    pub(super) fn image_source<'v>(&mut self, attribute: &impl Fn(&str) -> Option<&'v str>) -> Option<Url> {
        let lazy = LAZY_SOURCES.iter().find_map(|name| self.absolute(attribute(name)?));
        let plain = |this: &mut Self| this.absolute(attribute("src").filter(|src| !is_placeholder(src))?);
        let largest =
            |this: &mut Self| LAZY_SETS.iter().find_map(|name| this.absolute(largest_of_set(attribute(name)?)?));
        lazy.or_else(|| plain(self)).or_else(|| largest(self))
    }
}

/// The URL that a reference means, absolute and http(s); `None` too for one that is longer than any is.
pub(crate) fn absolute(reference: &str, base: Option<&Url>) -> Option<Url> {
    let reference = reference.trim();
    if reference.is_empty() {
        return None;
    }
    let url = match base {
        Some(base) => base.join(reference),
        None => Url::parse(reference),
    };
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.host().is_some();
    let escaped_len = |url: &str| url.len() + memchr::memchr_iter(b'&', url.as_bytes()).count() * "amp;".len();
    url.ok().filter(|url| is_web(url) && escaped_len(url.as_str()) <= MAX_ADDRESS)
}

/// Attributes in which images wait for a script to load them.
const LAZY_SOURCES: &[&str] =
    &["data-src", "data-original", "data-lazy-src", "data-hi-res-src", "data-url", "data-image"];
const LAZY_SETS: &[&str] = &["data-srcset", "data-lazy-srcset", "srcset"];

fn is_placeholder(src: &str) -> bool {
    let name = src.rsplit('/').next().unwrap_or(src);
    ["blank.", "placeholder", "spacer.", "1x1.", "pixel.", "transparent.", "lazy."]
        .iter()
        .any(|word| name.starts_with(word))
}

/// The source with the largest width or density of a `srcset`.
fn largest_of_set(set: &str) -> Option<&str> {
    set.split(", ")
        .filter_map(|candidate| {
            let mut words = candidate.split_ascii_whitespace();
            let source = words.next()?.trim_matches(',');
            let size = words.next().map_or(1.0, |size| size.trim_end_matches(['w', 'x', ',']).parse().unwrap_or(0.0));
            Some((source, size))
        })
        .max_by(|a: &(&str, f64), b| a.1.total_cmp(&b.1))
        .map(|(source, _)| source)
}

#[cfg(test)]
mod tests {
    use super::largest_of_set;

    #[test]
    fn the_largest_of_a_set_is_taken() {
        assert_eq!(largest_of_set("a.jpg 320w, b.jpg 1200w, c.jpg 640w"), Some("b.jpg"));
        assert_eq!(largest_of_set("a.jpg, b.jpg 2x"), Some("b.jpg"));
        assert_eq!(largest_of_set("a,b.jpg 2x"), Some("a,b.jpg"));
    }
}
