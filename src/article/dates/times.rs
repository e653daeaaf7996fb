//! `<time>` elements in the article's head and foot.

use ego_tree::NodeId;
use scraper::{ElementRef, Node};

use super::lines::complete;
use super::page::{CLIMB, LONGEST_LINE, Notes, text_of};
use super::{Claims, structured};
use crate::model::date::{DateField, DateSource};
use crate::phrase::line;

impl Notes<'_> {
    pub(super) fn times(&self, claims: &mut Claims<'_>) {
        let own: Vec<_> = self.times.iter().filter(|(place, _)| self.ends.contains(*place)).collect();
        let mut unlabelled = false;
        for (_, element) in own.into_iter().take(12) {
            let (field, label) = time_field(*element, claims.page.language);
            let field = match field {
                Some(field) => field,
                None if !unlabelled => {
                    unlabelled = true;
                    DateField::Published
                }
                None => continue,
            };
            let value =
                element.value().attr("datetime").filter(|value| value.bytes().any(|byte| byte.is_ascii_digit()));
            match value {
                Some(value) => {
                    let when = structured::machine_value(value.trim(), &claims.page.setting());
                    claims.add(field, DateSource::Time, label.as_deref(), value.trim(), when);
                }
                None => {
                    if let Some(text) = text_of(*element, LONGEST_LINE)
                        && let Some(read) =
                            line::read(&text, claims.page.language, claims.page.now, claims.page.assume_timezone)
                        && let Some(mut date) = read.dates.into_iter().next()
                        && complete(&mut date, claims)
                    {
                        claims.add(field, DateSource::Visible, label.as_deref(), &date.raw, date.when);
                    }
                }
            }
        }
    }
}

/// What a `<time>` is, by its attributes, else by the words before it.
fn time_field(element: ElementRef<'_>, language: Option<&str>) -> (Option<DateField>, Option<String>) {
    for node in element.ancestors().take(2).filter_map(ElementRef::wrap).fold(vec![element], |mut all, node| {
        all.push(node);
        all
    }) {
        let value = node.value();
        if value.attr("pubdate").is_some() {
            return (Some(DateField::Published), Some("pubdate".to_owned()));
        }
        let names = value.attr("class").unwrap_or_default().to_ascii_lowercase();
        let is = |words: &[&str]| words.iter().any(|word| names.contains(word));
        // WordPress marks a post that was never changed as both.
        let published = is(&["publish", "pubdate", "dt-published", "created"]);
        let updated = is(&["updated", "modif", "lastmod"]);
        match (published, updated) {
            (true, _) => return (Some(DateField::Published), None),
            (false, true) if !is(&["entry-date"]) => {
                return (Some(DateField::Updated), Some(first_word(&names, &["updated", "modif", "lastmod"])));
            }
            _ => {}
        }
    }
    for ancestor in element.ancestors().take(CLIMB - 1).map_while(ElementRef::wrap) {
        let Some(before) = text_before(ancestor, element.id()) else { return (None, None) };
        if let Some((field, label)) = line::last_label(&before, language) {
            return (Some(field), Some(label));
        }
    }
    (None, None)
}

fn first_word(names: &str, words: &[&str]) -> String {
    names
        .split_ascii_whitespace()
        .find(|name| words.iter().any(|word| name.contains(word)))
        .unwrap_or_default()
        .to_owned()
}

/// The text of an element before one of its descendants; `None` when the element's text is too long for a date line.
fn text_before(element: ElementRef<'_>, stop: NodeId) -> Option<String> {
    text_of(element, LONGEST_LINE)?;
    let mut text = String::new();
    for node in element.descendants().take_while(|node| node.id() != stop) {
        if let Node::Text(part) = node.value() {
            text.push_str(part);
            text.push(' ');
        }
    }
    Some(text)
}
