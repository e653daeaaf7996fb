//! By what a document is known: the canonical key of an address, and hashes of a text.

use sha2::{Digest, Sha256};
use url::Url;

/// The canonical key of an address.
pub fn url_key(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    format!("{host}{}{}", url.path().trim_end_matches('/'), url.query().map(|q| format!("?{q}")).unwrap_or_default())
}

/// A hash of the words of `text`; `None` under 20 words, where equal texts say little.
pub fn content_hash(text: &str) -> Option<String> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    (words.len() >= 20).then(|| hex(&words.join(" ")))
}

/// A hash of title and text, equal for equal versions.
pub fn text_hash(title: Option<&str>, text: &str) -> String {
    hex(&format!("{}\0{text}", title.unwrap_or_default()))
}

fn hex(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let digit = |half: u8| char::from_digit(u32::from(half), 16).expect("half a byte is a digit");
    digest.iter().take(16).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
