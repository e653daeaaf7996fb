//! The publication's name.

use serde_json::Value;

use super::head::Head;
use super::{MAX_NAME_CHARS, clean};
use crate::article::json_ld;

/// The publication's name.
pub(in crate::article) fn name(head: &Head<'_>, nodes: &[Value], article: Option<&Value>) -> Option<String> {
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
