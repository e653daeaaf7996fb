//! What a page says of its article in its head and in structured data: title, authors, site, description, image, addresses.

pub(super) mod authors;
mod bylines;
pub(super) mod head;
pub(super) mod image;
pub(super) mod names;
pub(super) mod publication;
pub(super) mod site;
pub(super) mod title;
mod words;

use serde_json::Value;

use self::head::Head;
use super::json_ld;
use crate::html::plain_text;

/// Characters of a name or a description.
const MAX_NAME_CHARS: usize = 120;
const MAX_DESCRIPTION_CHARS: usize = 2000;

/// The publisher's short description.
pub(super) fn description(head: &Head<'_>, article: Option<&Value>) -> Option<String> {
    head.first(&["og:description", "description", "twitter:description", "dc.description", "dcterms.description"])
        .or_else(|| article?.get("description").and_then(json_ld::text))
        .and_then(|text| clean(text, MAX_DESCRIPTION_CHARS))
}

/// Plain text of at most so many characters; `None` when nothing is left.
fn clean(text: &str, max_chars: usize) -> Option<String> {
    let text = plain_text(text);
    let text = match text.char_indices().nth(max_chars) {
        Some((end, _)) => text[..end].trim_end().to_owned(),
        None => text,
    };
    (!text.is_empty()).then_some(text)
}
