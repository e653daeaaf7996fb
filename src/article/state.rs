//! The text that a page carries in the state of a program (`__NEXT_DATA__` and its like) and writes by script.
//!
//! Nothing is standard in it but that it is JSON, so names decide little: the article is the longest prose that stands together,
//! in one string or in the items of one list. Lists of other articles have a title and an address to each item. It is asked only
//! where the page itself has next to no text.

use memchr::memmem;
use serde_json::Value;

use super::outline::weight;
use crate::html;

/// Bytes of all states: a value of the tree needs 16 times as much as its shortest text.
const MAX_BYTES: usize = 2 << 20;
/// States of a page.
const MAX_STATES: usize = 4;
/// Levels of an item in which its text is looked for: so often is a text gathered at most.
const MAX_DEPTH: usize = 6;
/// Letters of a text that is worth showing.
const LEAST: u32 = 400;
/// Letters of a string that is text, and not the name of something.
const LEAST_PROSE: u32 = 25;

/// What the strings of an item are called that are its text, in lower case.
const TEXTS: [&str; 14] = [
    "text",
    "html",
    "content",
    "body",
    "value",
    "children",
    "paragraph",
    "data",
    "markdown",
    "copy",
    "nodes",
    "model",
    "blocks",
    "items",
];

/// The longest text in the states of a page; `None` where none is worth it.
pub(super) fn text(markup: &str) -> Option<String> {
    let states = scripts(markup).filter_map(|body| serde_json::from_str::<Value>(body).ok());
    let found = states.map(|state| {
        let mut best = Best::default();
        best.look(&state);
        best
    });
    // Only what is chosen is parsed.
    let visible = |part: String| if part.contains('<') { html::visible_text(&part) } else { part.trim().to_owned() };
    let parts = found.max_by_key(|best| best.size)?.parts.into_iter().map(visible);
    let text = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    (size(&text) >= LEAST).then_some(text)
}

/// The bodies of the scripts that are JSON.
fn scripts(markup: &str) -> impl Iterator<Item = &str> {
    let tags = memmem::find_iter(markup.as_bytes(), b"<script");
    let bodies = tags.filter_map(|at| {
        let tag_end = at + memchr::memchr(b'>', &markup.as_bytes()[at..])? + 1;
        let tag = markup.get(at..tag_end)?;
        if !tag.contains("application/json") && !tag.contains("__NEXT_DATA__") {
            return None;
        }
        let body = &markup[tag_end..];
        let end = memmem::find(body.as_bytes(), b"</script")?;
        Some(&body[..end])
    });
    let mut left = MAX_BYTES;
    bodies.take(MAX_STATES).filter(move |body| {
        let fits = body.len() <= left;
        left -= if fits { body.len() } else { 0 };
        fits
    })
}

/// The largest text so far, in parts as they stand.
#[derive(Debug, Default)]
struct Best {
    parts: Vec<String>,
    size: u32,
}

impl Best {
    /// Looks at a value and all below it, as deep as `serde_json` goes.
    fn look(&mut self, value: &Value) {
        match value {
            Value::String(text) if is_prose(text) => self.offer(vec![text.clone()]),
            Value::Array(items) => {
                if !is_of_other_articles(items) {
                    self.offer(items.iter().map(item).filter(|part| is_prose(part)).collect());
                }
                for item in items {
                    self.look(item);
                }
            }
            Value::Object(object) => {
                for value in object.values() {
                    self.look(value);
                }
            }
            _ => {}
        }
    }

    fn offer(&mut self, parts: Vec<String>) {
        let size: u32 = parts.iter().map(|part| size(part)).sum();
        // Of a list in a list the inner one has the paragraphs, and hardly less text.
        let is_larger = size * 10 > self.size * 11;
        let is_finer = size * 11 > self.size * 10 && parts.len() > self.parts.len();
        if is_larger || is_finer {
            (self.parts, self.size) = (parts, size);
        }
    }
}

/// The text of one item of a list: a string, or the strings of an object that are called text.
fn item(value: &Value) -> String {
    let mut text = String::new();
    gather(value, 0, &mut text);
    text
}

fn gather(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Object(object) if depth < MAX_DEPTH => {
            let texts = object.iter().filter(|(name, _)| TEXTS.contains(&name.to_ascii_lowercase().as_str()));
            texts.for_each(|(_, value)| gather(value, depth + 1, out));
        }
        Value::Array(items) if (1..MAX_DEPTH).contains(&depth) => {
            for item in items {
                gather(item, depth + 1, out);
            }
        }
        _ => {}
    }
}

/// Whether a string is text and no address, name, program or state of its own.
fn is_prose(text: &str) -> bool {
    let is_spaced = text.contains(' ') || !text.is_ascii();
    is_spaced
        && !text.trim_start().starts_with(['{', '['])
        && !text.starts_with("http")
        && !text.contains("function(")
        && size(text) >= LEAST_PROSE
}

/// Whether a list is one of articles: each has a title and an address of its own.
fn is_of_other_articles(items: &[Value]) -> bool {
    let has =
        |item: &Value, names: &[&str]| names.iter().any(|name| item.get(name).is_some_and(|value| !value.is_null()));
    let is_article = |item: &&Value| {
        has(item, &["title", "headline", "name"]) && has(item, &["url", "href", "link", "slug", "path", "uri"])
    };
    items.iter().filter(is_article).count() * 2 > items.len()
}

fn size(text: &str) -> u32 {
    text.chars().map(weight).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::text;

    const FIRST: &str =
        "The council voted on Tuesday to keep the ferry, which the harbour needs in winter more than in summer. ";

    fn page(state: &serde_json::Value) -> String {
        format!("<div id=__next></div><script id=\"__NEXT_DATA__\" type=\"application/json\">{state}</script>")
    }

    fn paragraphs() -> Vec<String> {
        (1..8).map(|n| format!("{n}. {FIRST}")).collect()
    }

    #[track_caller]
    fn check(state: &serde_json::Value) {
        let expected: Vec<String> = paragraphs().iter().map(|text| text.trim().to_owned()).collect();
        assert_eq!(text(&page(state)).as_deref(), Some(expected.join("\n\n").as_str()));
    }

    #[test]
    fn a_text_is_found_whatever_it_is_called() {
        let html: String = paragraphs().iter().map(|text| format!("<p>{text}</p>")).collect();
        check(&json!({"props": {"pageProps": {"story": {"title": "The ferry stays", "bodyHtml": html}}}}));
        check(&json!({"props": {"pageProps": {"article": {"paragraphs": paragraphs()}}}}));
        let blocks: Vec<_> = paragraphs().iter().map(|text| json!({"type": "p", "text": text})).collect();
        check(&json!({"props": {"content": blocks, "id": 1}}));
        let spans: Vec<_> = paragraphs()
            .iter()
            .map(|text| json!({"_type": "block", "children": [{"text": &text[..20]}, {"text": &text[20..]}]}))
            .collect();
        check(&json!([{"body": spans}]));
    }

    #[test]
    fn teasers_names_and_programs_are_no_text() {
        let teasers: Vec<_> =
            paragraphs().iter().map(|text| json!({"title": "Another", "url": "/a", "text": text})).collect();
        assert_eq!(text(&page(&json!({"related": teasers}))), None);
        assert_eq!(text(&page(&json!({"code": format!("function(a) {{ {} }}", FIRST.repeat(9))}))), None);
        assert_eq!(text(&page(&json!({"urls": vec!["https://a.example/a-long-address-of-something"; 50]}))), None);
        assert_eq!(text("<script type=application/json>{\"a\":</script>"), None);
        assert_eq!(text(&format!("<script>{FIRST}</script>")), None);
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = format!("<script type='application/json'>{}</script>", "[".repeat(100_000));
        assert_eq!(text(&deep), None);
        let large = format!("<script type='application/json'>[\"{}\"]</script>", FIRST.repeat(30_000));
        assert_eq!(text(&large), None);
    }
}
