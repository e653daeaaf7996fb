//! What holds of every feed document, shown on documents that chance writes: the same ones at every run.
//!
//! `tests/fuzz` looks for documents that break the same invariants, with coverage to guide it and for as long as one
//! wants; what it found is in `findings`.

mod damage;
mod dialects;
mod encodings;
mod findings;
mod identity;
mod random;
mod time;

#[path = "../fuzz/feed_invariants.rs"]
mod feed_invariants;

use tearsheet::config::Identity;
use tearsheet::feed::{FeedBytes, parse};
use tearsheet::model::feed::ParsedFeed;
use url::Url;

fn input<'a>(bytes: &'a [u8], url: &'a Url) -> FeedBytes<'a> {
    let now = feed_invariants::now();
    FeedBytes { bytes, content_type: None, url: Some(url), identity: Identity::Auto, assume_timezone: None, now }
}

fn address() -> Url {
    Url::parse("https://news.example/feeds/all.xml").expect("a constant")
}

#[track_caller]
fn read(bytes: &[u8]) -> ParsedFeed {
    parse(&input(bytes, &address())).expect("a feed")
}

/// Checks the invariants, and names the document where one does not hold.
#[track_caller]
fn check(bytes: &[u8]) {
    let held = std::panic::catch_unwind(|| feed_invariants::check(&input(bytes, &address())));
    assert!(held.is_ok(), "the panic above is about {:?}", String::from_utf8_lossy(bytes));
}
