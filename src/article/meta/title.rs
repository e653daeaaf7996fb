//! The headline.

use serde_json::Value;

use super::clean;
use super::head::Head;
use super::publication::{Publication, letters};
use crate::article::hints::Hints;
use crate::article::json_ld;
use crate::article::outline::{Kind, Outline};

/// Characters of a title.
pub(super) const MAX_TITLE_CHARS: usize = 500;

/// The headline, without the site's name (also one that only the feed's title or the page tells from it), and the heading that shows it.
pub(in crate::article) fn find(
    page: &Outline<'_>,
    head: &Head<'_>,
    article: Option<&Value>,
    publication: &Publication,
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
    let heading = heading(page, &known, publication);
    let title = match heading {
        // What a reader sees is the title, where the head says the same or says it with the site's name.
        Some((at, true)) => Some(without_kicker(&page.blocks[at].text, &stated, publication)),
        Some((at, false)) if known.is_empty() => Some(page.blocks[at].text.clone()),
        _ => stated
            .first()
            .map(|title| without_site(title, publication))
            .or_else(|| document.as_deref().map(|title| without_site(title, publication)))
            .map(|title| shown_part(page, &title, in_feed).unwrap_or(title)),
    };
    (title.filter(|title| !title.is_empty()), heading.filter(|(_, agrees)| *agrees).map(|(at, _)| at))
}

/// The block of the heading whose words one of the titles is, else of the first whose words one of them holds, else of the
/// first `h1`; whether a title agrees. The site's name is no headline, though every title holds it.
fn heading(page: &Outline<'_>, titles: &[&str], publication: &Publication) -> Option<(usize, bool)> {
    let whole: Vec<String> = titles.iter().map(|title| letters(title)).collect();
    let parts: Vec<String> = titles.iter().map(|title| letters(&without_site(title, publication))).collect();
    // What stands after the last separator is the site's name where it is the shorter side.
    let last = titles.iter().zip(&whole).filter_map(|(title, whole)| Some((letters(last_part(title)?), whole)));
    let site: Vec<String> = last.filter(|(part, whole)| part.len() * 2 < whole.len()).map(|(part, _)| part).collect();
    let (mut first, mut agreeing) = (None, None);
    for (level, limit) in [(1, 8), (2, 6)] {
        let headings = page.blocks.iter().enumerate().filter(|(_, block)| {
            block.kind == Kind::Heading(level) && block.size >= 5 && block.text.chars().count() <= MAX_TITLE_CHARS
        });
        for (at, block) in headings.take(limit) {
            let words = letters(&block.text);
            let is_title = parts.contains(&words);
            if is_title && !publication.is_own_name(&block.text) {
                return Some((at, true));
            }
            if site.contains(&words) || publication.is_own_name(&block.text) {
                continue;
            }
            let agrees =
                whole.iter().any(|title| {
                    title.contains(&words) && words.len() * 5 > title.len() * 2
                        || words.contains(title.as_str()) && title.len() * 5 > words.len() * 3
                }) || parts.iter().any(|title| words.ends_with(title.as_str()) && title.len() * 5 > words.len() * 2);
            if agrees {
                agreeing = agreeing.or(Some((at, true)));
            }
            if level == 1 && !block.hints.any(Hints::MASTHEAD | Hints::NAVIGATION | Hints::HIDDEN) {
                first = first.or(Some((at, false)));
            }
        }
        if agreeing.is_some() {
            return agreeing;
        }
    }
    first
}

/// What follows the last separator of a title.
fn last_part(title: &str) -> Option<&str> {
    let last = SEPARATORS.iter().filter_map(|separator| title.rfind(separator).map(|at| at + separator.len())).max();
    last.map(|at| &title[at..])
}

/// A headline without the line above it that the same element holds, where the head has it without.
fn without_kicker(shown: &str, stated: &[String], publication: &Publication) -> String {
    let words = letters(shown);
    let inner = stated.iter().map(|title| without_site(title, publication)).find(|title| {
        let inner = letters(title);
        let kicker = words.strip_suffix(inner.as_str()).filter(|_| !inner.is_empty()).unwrap_or_default();
        // `The` and a year belong to the headline, and so does what a colon joins to it.
        let joined =
            || shown.match_indices(": ").any(|(at, _)| letters(&shown[..at]) == kicker && !shown[..at].ends_with(' '));
        kicker.chars().filter(|c| c.is_alphabetic()).count() > 3 && inner.len() * 5 > words.len() * 2 && !joined()
    });
    inner.unwrap_or_else(|| shown.to_owned())
}

pub(super) const SEPARATORS: [&str; 13] =
    [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " ‹ ", "｜", "_"];

/// A title without the site's name after (or before) its separator.
fn without_site(title: &str, publication: &Publication) -> String {
    let mut rest = title;
    // Section and site: `Title | Politics | The Paper`.
    for _ in 0..2 {
        let last = SEPARATORS.iter().filter_map(|separator| rest.rfind(separator).map(|at| (at, *separator))).max();
        let Some((at, separator)) = last else { break };
        if !publication.is_part(&rest[at + separator.len()..]) {
            break;
        }
        rest = rest[..at].trim_end();
    }
    let first = SEPARATORS.iter().filter_map(|separator| rest.find(separator).map(|at| (at, *separator))).min();
    if let Some((at, separator)) = first
        && publication.is_part(&rest[..at])
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

#[cfg(test)]
mod tests {
    use super::{Publication, without_site};

    #[track_caller]
    fn check_title(title: &str, expected: &str) {
        let publication = Publication::of_names(&["The Harbour Post"], Some("harbourpost.example"));
        assert_eq!(without_site(title, &publication), expected, "{title}");
    }

    #[test]
    fn the_site_leaves_the_title() {
        check_title("A new road | The Harbour Post", "A new road");
        check_title("Harbour Post - A new road is built", "A new road is built");
        check_title("Ferry - the slow way | Harbour Post", "Ferry - the slow way");
        check_title("Ferry - the slow way", "Ferry - the slow way");
        check_title("The Harbour Post", "The Harbour Post");
    }
}
