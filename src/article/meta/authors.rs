//! Where a page names its authors: in its data, in its head, and before its readers' eyes.

use serde_json::Value;

use super::bylines;
use super::head::Head;
use super::names::{Names, holds_words};
use super::publication::Publication;
use crate::article::json_ld;
use crate::article::outline::Outline;

/// Names of the authors, in the order given.
///
/// What the data says is taken, but a name that the page shows nowhere (the owner of the template, the account that
/// published) gives way to a byline, and a first name to the whole one.
pub(in crate::article) fn find(
    page: &Outline<'_>,
    head: &Head<'_>,
    nodes: &[Value],
    article: Option<&Value>,
    publication: &Publication,
    heading: Option<usize>,
) -> Vec<String> {
    let (stated, offices) = stated(head, nodes, article, publication);
    let shown = bylines::shown(page, publication, heading);
    let Some(shown) = shown else {
        return if stated.is_empty() { offices } else { stated };
    };
    let is_shown = |name: &String| page.blocks.iter().any(|block| holds(&block.text, name));
    if stated.is_empty() {
        // `By Our Editors` is a byline too; the publication's name stands on every page of it.
        let is_byline = |office: &String| {
            !publication.is_own_name(office) && is_shown(office)
                || shown.names.iter().any(|name| holds_words(office, name))
        };
        if !offices.is_empty() && (shown.is_named || shown.names.is_empty() || offices.iter().any(is_byline)) {
            return offices;
        }
        return if shown.names.is_empty() { shown.office.into_iter().collect() } else { shown.names };
    }
    let is_completed = match &stated[..] {
        [first_name] => {
            !first_name.contains(' ')
                && shown.names.iter().any(|name| name.contains(' ') && holds_words(name, first_name))
        }
        _ => false,
    };
    if shown.is_sure && (is_completed || !stated.iter().any(is_shown)) { shown.names } else { stated }
}

/// Whether a text holds a name, whatever the case of its letters.
fn holds(text: &str, name: &str) -> bool {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    let Some(first) = name.first() else { return false };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(lower, upper, text)
        .any(|at| text.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)))
}

/// The persons that JSON-LD names, else the head, and what is named in their place.
fn stated(
    head: &Head<'_>,
    nodes: &[Value],
    article: Option<&Value>,
    publication: &Publication,
) -> (Vec<String>, Vec<String>) {
    let mut names = Names::new(publication);
    for key in ["author", "creator"] {
        if names.is_empty()
            && let Some(author) = article.and_then(|article| article.get(key))
        {
            add_value(&mut names, nodes, author, 0);
        }
    }
    for key in HEAD_KEYS {
        if !names.is_empty() {
            break;
        }
        head.all(key).for_each(|line| names.add_line(line));
    }
    for (label, data) in [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")] {
        if names.is_empty()
            && head.first(&[label]).is_some_and(|label| WRITTEN_BY.contains(&label.trim().to_lowercase().as_str()))
        {
            head.all(data).for_each(|line| names.add_line(line));
        }
    }
    let mut offices = names.take_offices();
    offices.truncate(1);
    (names.into_list(), offices)
}

/// The names of the `<meta>` elements that name authors, in order of trust.
const HEAD_KEYS: [&str; 10] = [
    "citation_author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "dc.creator.personalname",
    "article.author",
];

/// How the label of a card says who wrote, in lower case.
const WRITTEN_BY: &[&str] = &[
    "written by",
    "verfasst von",
    "geschrieben von",
    "écrit par",
    "escrito por",
    "scritto da",
    "geschreven door",
    "skrevet af",
    "skrevet av",
    "skriven av",
    "napisane przez",
    "napisal(a)",
    "kirjoittanut",
    "yazan",
    "автор",
    "написано",
    "ditulis oleh",
    "作者",
    "執筆者",
    "作成者",
    "글쓴이",
    "author",
    "by",
];

fn add_value(names: &mut Names<'_>, nodes: &[Value], value: &Value, depth: usize) {
    match json_ld::resolve(nodes, value) {
        Value::String(line) => names.add_line(line),
        Value::Array(values) if depth < 3 => {
            for value in values {
                add_value(names, nodes, value, depth + 1);
            }
        }
        Value::Object(object) => match object.get("name") {
            Some(Value::String(name)) => names.add_line(name),
            Some(value) if depth < 3 => add_value(names, nodes, value, depth + 1),
            _ => {}
        },
        _ => {}
    }
}
