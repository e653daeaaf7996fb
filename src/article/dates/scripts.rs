//! Dates that scripts print: seconds in inline scripts.

use ego_tree::NodeRef;
use scraper::Node;

use super::page::Notes;
use super::{Claims, structured};
use crate::model::date::DateField;
use crate::phrase::line;

/// Bytes of inline scripts searched for seconds, in all.
pub(super) const SCRIPT_BYTES: usize = 100_000;

impl<'a> Notes<'a> {
    /// Seconds that a script turns into words: `dayjs.unix(1425550800).fromNow()`, `new Date(1425550800 * 1000)`.
    pub(super) fn script(&mut self, script: &'a str, last_text: Option<&'a str>, claims: &Claims<'_>) {
        for opening in ["unix(", "new Date("] {
            for (at, _) in script.match_indices(opening).take(4) {
                let argument = script[at + opening.len()..].trim_start();
                let digits = argument.bytes().take_while(u8::is_ascii_digit).count();
                let after: String = argument[digits..].chars().take(8).filter(|char| !char.is_whitespace()).collect();
                let in_milliseconds = digits == 13 && after.starts_with(')');
                let in_seconds =
                    digits == 10 && (after.starts_with("*1000") || opening == "unix(" && after.starts_with(')'));
                if !in_milliseconds && !in_seconds {
                    continue;
                }
                let Some(when) = argument[..digits].parse().ok().and_then(structured::epoch) else { continue };
                let label = last_text.and_then(|text| line::last_label(text, claims.page.language));
                let field = label.as_ref().map(|(field, _)| *field).or_else(|| script_field(script, at));
                if let Some(field) = field {
                    let raw = format!("{opening}{}", &argument[..digits]);
                    self.seconds.push((field, label.map(|(_, label)| label), raw, when));
                }
            }
        }
    }
}

pub(super) fn inline_script<'a>(node: NodeRef<'a, Node>, budget: &mut usize) -> Option<&'a str> {
    let text: &'a str = match node.first_child()?.value() {
        Node::Text(text) => text,
        _ => return None,
    };
    if text.len() > *budget {
        return None;
    }
    *budget -= text.len();
    Some(text)
}

/// What the words just around a place in a script say that the date there is.
fn script_field(script: &str, at: usize) -> Option<DateField> {
    let mut from = at.saturating_sub(120);
    while !script.is_char_boundary(from) {
        from -= 1;
    }
    let around = script[from..].chars().take(240).collect::<String>().to_ascii_lowercase();
    if ["updat", "modif", "edited"].iter().any(|word| around.contains(word)) {
        Some(DateField::Updated)
    } else if around.contains("publi") {
        Some(DateField::Published)
    } else {
        None
    }
}
