//! How a document is recognised: by its address ([`url_key`]) and by its words ([`content_hash`]).
//!
//! Keys and hashes are stored, so they must not change with the toolchain, the machine or the order of insertion. A
//! key is only a name: the URL is fetched as given, never as its key.

mod text;
mod tracking;
mod url;

pub use self::text::{content_hash, is_unspaced, letters, placed_words, text_hash, tokens, word_count, words};
pub use self::url::url_key;
