//! Bytes → [`ParsedFeed`]: decoding, repair, feed-rs, identity, dates.
//!
//! Every dialect (RSS in all versions, Atom 0.3 and 1.0, JSON Feed, and what people make of them) is read without ever
//! failing, brought to well-formed Atom 1.0, and given to feed-rs, which builds the model; what Atom cannot carry goes
//! beside it. An error in a document costs the smallest part that has it: a reference, an element, at most an entry.
//!
//! The room is pure and bounded: no clock, no network, at most [`MAX_ENTRIES`] entries, time linear in the bytes.

mod error;

mod document;
mod entry;

mod allowance;
mod base;
mod construct;
mod date;
mod json;
mod media;

mod atom;
mod build;
mod finish;

mod compare;
mod identity;

mod instead;
mod xml;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;

use self::atom::NormalEntry;
pub use self::compare::compare;
pub use self::error::FeedError;
pub use self::identity::entry_hash;
use crate::charset;
use crate::config::Identity;
use crate::html;
use crate::model::feed::{ParsedEntry, ParsedFeed};
use crate::panics;
use crate::phrase;

/// At most so many entries of one document are read; the largest archive feeds have some thousands.
pub const MAX_ENTRIES: usize = 10_000;

/// A feed document as it came, and what is needed to understand it.
#[derive(Debug, Clone, Copy)]
pub struct FeedBytes<'a> {
    /// The decoded body; the caller bounds it.
    pub bytes: &'a [u8],
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// Where it was found, after redirects: what relative links refer to. Without it an entry's own link stays
    /// as it is, and all others that are relative are left out.
    pub url: Option<&'a Url>,
    /// What tells entries apart.
    pub identity: Identity,
    /// For dates without an offset; UTC when `None`.
    pub assume_timezone: Option<Tz>,
    /// Dates far after it are not believed.
    pub now: DateTime<Utc>,
}

/// Reads a feed document. The error says what it was instead of a feed.
///
/// Keys of entries are unique, but for entries that the document repeats exactly ([`compare()`] counts those once), and
/// for half an entry, which may lack what tells it apart ([`storable()`] leaves it out).
///
/// Never panics: a bug is the error [`FeedError::Panicked`], or the loss of one entry with a warning.
pub fn parse(input: &FeedBytes<'_>) -> Result<ParsedFeed, FeedError> {
    panics::caught(|| read(input)).unwrap_or_else(|message| Err(FeedError::Panicked { message }))
}

fn read(input: &FeedBytes<'_>) -> Result<ParsedFeed, FeedError> {
    let http = input.content_type.and_then(charset::of_content_type);
    let declared = declared_encoding(input.bytes);
    let decoded = charset::decode(input.bytes, http, declared);
    let encoding = decoded.encoding;
    let text = xml::entity::without_c1(decoded.text);

    let base = input.url.map(base::document_base);
    let mut normal = if let Some(normal) = json::read(&text, base.as_ref()) {
        normal
    } else {
        // A message may quote a feed.
        let markup = if instead::is_json(&text) { Cow::Borrowed("") } else { xml::entity::expand_declared(&text) };
        let forest = xml::tree::parse(&markup, MAX_ENTRIES);
        let normal = document::read(&forest, base.as_ref());
        let mut normal = normal.ok_or_else(|| instead::describe(input, &text, &forest))?;
        if let Some(at) = forest.repaired_at {
            let warning = format!("line {}: not well-formed XML, elements were closed by guess", line(&markup[..at]));
            normal.notes.warnings.push(warning);
        }
        normal
    };
    if normal.notes.breaks_off {
        let line = line(&text);
        let warning = format!("the document breaks off in line {line}: what may have come after it is missing");
        normal.notes.warnings.push(warning);
    }
    if decoded.had_errors {
        normal.notes.warnings.push(format!("some bytes are wrong in {encoding}"));
    }
    let is_guess = !input.bytes.is_ascii() && encoding != "UTF-8";
    for label in [http, declared].into_iter().flatten().filter(|label| is_guess && !charset::is_known(label)) {
        let warning = format!("the encoding `{}` is not known, so the text was read as {encoding}", clip(label, 40));
        normal.notes.warnings.push(warning);
    }

    let built = build::build(&normal.head, &normal.entries)?;
    let mut feed = finish::feed(&built.feed, normal.notes);
    let mut warnings = std::mem::take(&mut feed.warnings);
    let mut work = html::DOCUMENT_WORK;
    let language = feed.language.as_deref();
    let dates = phrase::Setting { language, assume: input.assume_timezone, now: input.now };
    for (index, (entry, NormalEntry { mut notes, .. })) in built.entries.into_iter().zip(normal.entries).enumerate() {
        let of_others = warnings.len();
        if notes.base_is_guess {
            let page = base::page_base(notes.link.as_deref(), [input.url, feed.site_url.as_ref()]);
            notes.base = page.or(notes.base);
        }
        // A bug in what reads one entry costs that entry.
        let finished = entry.and_then(|entry| {
            let finish = || finish::entry(&entry, notes, &built.feed, &dates, &mut work, &mut warnings);
            panics::caught(finish).map_err(|panic| format!("reading it panicked: {panic}"))
        });
        match finished {
            Ok(entry) => feed.entries.push(entry),
            Err(reason) => finish::warn(&mut warnings, || format!("it is left out: {reason}")),
        }
        for warning in &mut warnings[of_others..] {
            warning.insert_str(0, &format!("entry {}: ", index + 1));
        }
    }
    finish::enough(&mut warnings);
    feed.warnings = warnings;
    // Half an entry may lack its id: the keys of the whole ones must not depend on it.
    let whole = feed.entries.iter().take_while(|entry| !entry.is_half).count();
    let (whole, half) = feed.entries.split_at_mut(whole);
    identity::assign_keys(whole, input.identity);
    identity::assign_keys(half, input.identity);
    Ok(feed)
}

/// What of a document may be stored; the error says why nothing.
///
/// The entry that the document breaks off in waits for the whole one: half of it may lack its id, and its text would
/// count as edited later. A document without a title whose entries all say nothing is none: program code has `<Item>`
/// in it, and so have pages.
pub fn storable(mut feed: ParsedFeed) -> Result<ParsedFeed, FeedError> {
    feed.entries.retain(|entry| !entry.is_half);
    let count = feed.entries.len();
    feed.entries.retain(|entry| !says_nothing(entry));
    if feed.breaks_off && feed.entries.is_empty() {
        return Err(FeedError::Broken { reason: "the document breaks off before its first entry ends".to_owned() });
    }
    if feed.title.is_none() && feed.entries.is_empty() && count > 0 {
        let reason = format!("it has no title, and none of its {count} entries says anything");
        return Err(FeedError::Broken { reason });
    }
    match count - feed.entries.len() {
        0 => {}
        empty => finish::warn(&mut feed.warnings, || format!("{empty} entries are left out: they say nothing")),
    }
    Ok(feed)
}

fn says_nothing(entry: &ParsedEntry) -> bool {
    let texts = [&entry.guid, &entry.link_text, &entry.title, &entry.summary, &entry.content];
    texts.iter().all(|text| text.is_none()) && entry.enclosures.is_empty()
}

/// The number of the line in which `text` ends, from 1.
fn line(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.trim_end().as_bytes()).count() + 1
}

/// What the XML declaration says of the encoding; it may come late, after blank lines or garbage.
fn declared_encoding(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(1024)];
    let start = head.windows(5).position(|window| window == b"<?xml")?;
    let len = head[start..].iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&head[start..start + len]).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// The first `max` bytes of a text, or a little less where that would cut a character.
fn clip(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}
