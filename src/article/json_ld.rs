//! JSON-LD as pages really write it, and the node in it that is this page's article.

use scraper::Html;
use serde_json::{Map, Value};

/// Nodes kept of a page: some put a whole archive into theirs.
const MAX_NODES: usize = 500;

/// All objects of a page's JSON-LD, graphs and arrays laid out flat, in document order. What cannot be read even after the
/// usual repairs is left out.
pub(super) fn nodes(html: &Html) -> Vec<Value> {
    let mut nodes = Vec::new();
    for node in html.tree.nodes() {
        let Some(element) = node.value().as_element().filter(|element| element.name() == "script") else { continue };
        if !element.attr("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) {
            continue;
        }
        let text: String = node.children().filter_map(|child| child.value().as_text().map(|text| &**text)).collect();
        if let Some(value) = parse(&text) {
            flatten(value, &mut nodes, 0);
        }
    }
    nodes
}

/// The type of a node, as `NewsArticle` and not `https://schema.org/NewsArticle`.
pub(super) fn types(node: &Value) -> impl Iterator<Item = &str> {
    let value = node.get("@type").or_else(|| node.get("type"));
    let one = value.and_then(Value::as_str).into_iter();
    let many = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    one.chain(many).map(|name| name.rsplit(['/', '#', ':']).next().unwrap_or(name))
}

pub(super) fn is_article_type(name: &str) -> bool {
    name.ends_with("Article")
        || name.ends_with("BlogPosting")
        || matches!(
            name,
            "Blog" | "Report" | "Review" | "SocialMediaPosting" | "DiscussionForumPosting" | "Recipe" | "HowTo"
        )
}

/// The node that is the page's article: the first of an article's type, the one with a headline before those without.
pub(super) fn article(nodes: &[Value]) -> Option<&Value> {
    let is_article = |node: &&Value| types(node).any(is_article_type);
    let has_headline = |node: &&Value| node.get("headline").is_some() || node.get("articleBody").is_some();
    nodes.iter().filter(is_article).find(has_headline).or_else(|| nodes.iter().find(is_article))
}

/// The first node of a type.
pub(super) fn of_type<'a>(nodes: &'a [Value], name: &str) -> Option<&'a Value> {
    nodes.iter().find(|node| types(node).any(|other| other == name))
}

/// A node that `value` names by `@id`, or `value` itself.
pub(super) fn resolve<'a>(nodes: &'a [Value], value: &'a Value) -> &'a Value {
    match value.get("@id").and_then(Value::as_str) {
        Some(id) if value.as_object().is_some_and(|object| object.len() <= 2) => nodes
            .iter()
            .find(|node| {
                node.get("@id").and_then(Value::as_str) == Some(id) && node.as_object().is_some_and(|o| o.len() > 2)
            })
            .unwrap_or(value),
        _ => value,
    }
}

/// A string, the first of several, or the `@value`, `url` or `name` of an object.
pub(super) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(values) => values.iter().find_map(text),
        Value::Object(object) => {
            ["@value", "url", "contentUrl", "name", "@id"].iter().find_map(|key| object.get(*key).and_then(text))
        }
        _ => None,
    }
}

fn parse(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let text =
        text.trim_end_matches("-->").trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
    serde_json::from_str(text)
        .ok()
        .or_else(|| serde_json::Deserializer::from_str(&repaired(text)).into_iter().next()?.ok())
}

/// Without commas before a closing bracket and with control characters inside strings escaped.
fn repaired(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if in_string {
            match c {
                _ if escaped => {
                    escaped = false;
                    // JSON knows few escapes; `\'` is the one that scripts add.
                    if !matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') {
                        out.pop();
                    }
                    out.push(if c.is_control() { ' ' } else { c });
                }
                '\\' => {
                    escaped = true;
                    out.push(c);
                }
                '"' => {
                    in_string = false;
                    out.push(c);
                }
                c if c.is_control() => out.push(' '),
                c => out.push(c),
            }
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            ',' if text[at + 1..].trim_start().starts_with(['}', ']']) => {}
            c => out.push(c),
        }
    }
    out
}

fn flatten(value: Value, nodes: &mut Vec<Value>, depth: usize) {
    if nodes.len() >= MAX_NODES || depth > 8 {
        return;
    }
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| flatten(value, nodes, depth + 1)),
        Value::Object(mut object) => {
            let graph = object.remove("@graph");
            let main = object.get("mainEntity").filter(|main| types(main).any(is_article_type)).cloned();
            if !is_context_alone(&object) {
                nodes.push(Value::Object(object));
            }
            for inner in [graph, main].into_iter().flatten() {
                flatten(inner, nodes, depth + 1);
            }
        }
        _ => {}
    }
}

fn is_context_alone(object: &Map<String, Value>) -> bool {
    object.keys().all(|key| key == "@context")
}

#[cfg(test)]
mod tests {
    use super::{article, nodes, text};
    use crate::html::parse;

    #[track_caller]
    fn check(json: &str, headline: Option<&str>) {
        let tree = parse(&format!("<script type='application/ld+json'>{json}</script>"));
        let nodes = nodes(&tree.html);
        assert_eq!(article(&nodes).and_then(|node| text(node.get("headline")?)), headline, "{json}");
    }

    #[test]
    fn the_article_is_found_in_graphs_and_arrays() {
        check(r#"{"@type":"NewsArticle","headline":"a"}"#, Some("a"));
        check(r#"{"@graph":[{"@type":"WebSite","name":"s"},{"@type":["Article"],"headline":"a"}]}"#, Some("a"));
        check(r#"[{"@type":"https://schema.org/BlogPosting","headline":["a","b"]}]"#, Some("a"));
        check(r#"{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","headline":"a"}}"#, Some("a"));
        check(r#"{"@type":"WebSite","headline":"a"}"#, None);
    }

    #[test]
    fn what_pages_get_wrong_is_repaired() {
        check("{\"@type\":\"Article\",\"headline\":\"a\nb\",}", Some("a b"));
        check(r#"<!-- {"@type":"Article","headline":"it\'s",} -->"#, Some("it's"));
        check(r#"{"@type":"Article","headline":"a"};"#, Some("a"));
        check("{\"@type\":", None);
        check("", None);
    }
}
