//! Atom with notes → feed-rs's model. The only file that names feed-rs besides its reader in `finish`.
//!
//! Nothing that feed-rs does on a document can end more than one entry: when the whole document fails, by an error or
//! a panic, each entry is tried alone.

use feed_rs::model::{Entry, Feed};
use feed_rs::parser::{Builder, Parser};

use super::FeedError;
use super::atom::{AtomWriter, NormalEntry};
use crate::panics;

/// What feed-rs made of a document.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) feed: Feed,
    /// One for each entry of the input, in its order; the error says why one is missing.
    pub(super) entries: Vec<Result<Entry, String>>,
}

pub(super) fn build(head: &AtomWriter, entries: &[NormalEntry]) -> Result<Built, FeedError> {
    let parser = Builder::new()
        .sanitize_content(false) // The last word on HTML is `html::sanitize`'s.
        .id_generator(|_, _, _| String::new()) // Identity is this room's own.
        .timestamp_parser(|_| None) // Dates are in the notes.
        .build();
    if let Ok(mut feed) = parse(&parser, head, entries)
        && feed.entries.len() == entries.len()
    {
        let entries = std::mem::take(&mut feed.entries).into_iter().map(Ok).collect();
        return Ok(Built { feed, entries });
    }
    let feed = parse(&parser, head, &[]).or_else(|_| parse(&parser, &AtomWriter::default(), &[]))?;
    let alone = |entry: &NormalEntry| {
        let one = parse(&parser, &AtomWriter::default(), std::slice::from_ref(entry));
        one.map_err(|error| error.to_string()).and_then(|mut feed| feed.entries.pop().ok_or("it vanished".to_owned()))
    };
    Ok(Built { feed, entries: entries.iter().map(alone).collect() })
}

fn parse(parser: &Parser, head: &AtomWriter, entries: &[NormalEntry]) -> Result<Feed, FeedError> {
    let size = entries.iter().map(|entry| entry.atom.xml.len() + 40).sum::<usize>();
    let mut document = String::with_capacity(head.xml.len() + size + 100);
    document.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>feed</id>");
    document.push_str(&head.xml);
    for entry in entries {
        document.push_str("<entry><id>entry</id>");
        document.push_str(&entry.atom.xml);
        document.push_str("</entry>");
    }
    document.push_str("</feed>");
    // The parser is not used again for a document in which it panicked.
    match panics::caught(|| parser.parse(document.as_bytes())) {
        Ok(Ok(feed)) => Ok(feed),
        Ok(Err(error)) => Err(FeedError::Broken { reason: error.to_string() }),
        Err(message) => Err(FeedError::Panicked { message }),
    }
}
