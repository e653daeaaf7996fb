//! The publication's name.

use serde_json::Value;

use super::head::Head;
use super::title::{MAX_TITLE_CHARS, SEPARATORS};
use super::{MAX_NAME_CHARS, clean};
use crate::article::json_ld;

/// The publication's name: as the page gives it, else what its title adds to the headline.
pub(in crate::article) fn name(head: &Head<'_>, nodes: &[Value], article: Option<&Value>) -> Option<String> {
    let publisher =
        article.and_then(|article| article.get("publisher")).map(|publisher| json_ld::resolve(nodes, publisher));
    let of_node = |node: &Value| node.get("name").and_then(json_ld::text).and_then(usable);
    head.first(&["og:site_name"])
        .and_then(usable)
        .or_else(|| publisher.and_then(of_node))
        .or_else(|| json_ld::of_type(nodes, "WebSite").and_then(of_node))
        .or_else(|| {
            head.first(&["application-name", "apple-mobile-web-app-title", "dc.publisher", "citation_journal_title"])
                .and_then(usable)
        })
}

/// What follows (or goes before) the headline in the page's title, where that is one short part: `Headline | The Paper`.
pub(in crate::article) fn in_title(head: &Head<'_>, headline: Option<&str>) -> Option<String> {
    let (title, headline) = (clean(head.title.as_deref()?, MAX_TITLE_CHARS)?, headline?);
    let rest = title.strip_prefix(headline).or_else(|| title.strip_suffix(headline))?;
    let is_mark = |c: char| {
        c.is_whitespace() || matches!(c, '|' | '-' | '–' | '—' | '·' | '•' | '»' | '«' | ':' | '｜' | '_' | '‹')
    };
    let name = rest.trim_matches(is_mark);
    // A headline that goes on is no name: there is a mark between, and what follows is no sentence.
    let has_mark = rest.trim().len() > name.len();
    let is_apart = has_mark && (!name.contains([',', '.', '?', '!']) || name.contains('.') && !name.contains(' '));
    let is_one = !SEPARATORS.iter().any(|separator| name.contains(separator));
    (is_apart && is_one && name.split_whitespace().count() <= 5).then(|| usable(name))?
}

/// A name of moderate length that is no address and no handle, without what a slogan adds.
fn usable(name: &str) -> Option<String> {
    let name = clean(name, MAX_NAME_CHARS)?;
    let name = name.split(" | ").next().unwrap_or(&name).trim().trim_start_matches('@');
    (!name.contains("://") && name.chars().any(char::is_alphanumeric)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Head, in_title, name};
    use crate::html::parse;

    #[track_caller]
    fn check(head: &str, headline: &str, expected: Option<&str>) {
        let tree = parse(head);
        let head_of = Head::new(&tree.html);
        let found = name(&head_of, &[], None).or_else(|| in_title(&head_of, Some(headline)));
        assert_eq!(found.as_deref(), expected, "{head}");
    }

    #[test]
    fn the_site_is_named_in_the_head_or_in_the_title() {
        check("<meta property=og:site_name content='The Post | News from the harbour'>", "", Some("The Post"));
        check("<meta property=og:site_name content='https://post.example'>", "", None);
        check("<title>A new road | The Harbour Post</title>", "A new road", Some("The Harbour Post"));
        check("<title>Harbourpost.com: A new road</title>", "A new road", Some("Harbourpost.com"));
        check("<title>A new road for the island</title>", "A new road", None);
        check("<title>A new road | Roads | The Post</title>", "A new road", None);
        check("<title>A new road</title>", "A new road", None);
    }
}
