//! Sanitised and plain text from HTML fragments.

use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};
use url::Url;

/// Sanitised HTML from an allow-list; URLs absolute http(s) or absent.
pub fn sanitize(fragment: &str, base: Option<&Url>) -> String {
    let mut builder = Builder::default();
    builder.url_schemes(HashSet::from(["http", "https"]));
    builder.url_relative(match base {
        Some(base) => UrlRelative::RewriteWithBase(base.clone()),
        None => UrlRelative::Deny,
    });
    builder.clean(fragment).to_string()
}

/// One line: tags dropped, entities resolved once, white space folded.
pub fn plain_text(text_or_html: &str) -> String {
    let html = scraper::Html::parse_fragment(text_or_html);
    let text: String = html.root_element().text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
