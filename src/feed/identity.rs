//! What tells the entries of a feed apart: a key that is stable over polls, never random, and survives an edited headline.

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::{TimeDelta, Timelike as _};
use sha2::{Digest as _, Sha256};
use url::Position;

use super::clip;
use crate::config::Identity;
use crate::model::feed::{EntryDate, ParsedEntry};

/// A longer id is kept as its hash.
const MAX_KEY: usize = 500;
/// How much of a text stands for it: enough to tell entries apart, little enough to survive edits further down.
const TEXT_START: usize = 200;

/// From coarse to fine: the ways to know an entry, of which the first is taken that tells it from the others.
const STEPS: [fn(&ParsedEntry, Identity) -> String; 4] = [chosen_key, with_link, with_date_and_text, with_everything];

/// The keys that an entry can have, depending on what else is in its document, and those that it had before its publisher began
/// to write guids, or ended. The last step, which any edit changes, is left out.
pub(super) fn step_keys(entry: &ParsedEntry, identity: Identity) -> impl Iterator<Item = String> {
    let names = [&entry.link_text, &entry.guid].into_iter().filter(move |_| identity == Identity::Auto);
    names.flatten().map(|name| publishers_key(name)).chain(STEPS[..3].iter().map(move |step| step(entry, identity)))
}

/// Gives every entry its key. Entries that say exactly the same have the same key; no others have.
pub(super) fn assign_keys(entries: &mut [ParsedEntry], identity: Identity) {
    let mut open: Vec<usize> = (0..entries.len()).collect();
    for (number, step) in STEPS.iter().enumerate() {
        let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
        for index in open.drain(..) {
            groups.entry(step(&entries[index], identity)).or_default().push(index);
        }
        for (key, members) in groups {
            let hash = entry_hash(&entries[members[0]]);
            let are_repeats = members.len() == 1 || members.iter().all(|member| entry_hash(&entries[*member]) == hash);
            if are_repeats || number + 1 == STEPS.len() {
                for member in members {
                    entries[member].key.clone_from(&key);
                }
            } else {
                open.extend(members);
            }
        }
    }
}

/// What the feed says about an entry, as 52 hex characters: the first 20 stand for its words alone, without id and dates, the
/// others for everything. Left out are the key, and what is beside the entry: pictures, whose addresses often change with
/// every answer, and where its comments are.
pub fn entry_hash(entry: &ParsedEntry) -> String {
    let mut digest = Fields::default();
    digest.add(entry.guid.as_deref());
    digest.add(entry.link_text.as_deref());
    digest.add(entry.title.as_deref());
    digest.count(entry.authors.len());
    for author in &entry.authors {
        digest.add(Some(author));
    }
    for date in [&entry.published, &entry.updated] {
        digest.add(date.as_ref().map(|date| date.at.timestamp().to_string()).as_deref());
    }
    digest.add(entry.summary.as_deref());
    digest.add(entry.content.as_deref());
    digest.count(entry.categories.len());
    for category in &entry.categories {
        digest.add(Some(&category.term));
    }
    digest.count(entry.enclosures.len());
    for enclosure in &entry.enclosures {
        digest.add(Some(enclosure.url.as_str()));
    }
    digest.count(entry.related.len());
    for related in &entry.related {
        digest.add(Some(related.url.as_str()));
    }
    let words = own_words(entry).map(|words| clip(&words, WORDS).to_owned());
    words.unwrap_or_else(|| NO_WORDS.to_owned()) + &digest.finish()
}

/// The part of an [`entry_hash`] that says what an entry says, without id and dates; `None` when that is too little to know it by.
pub(super) fn words_of(hash: &str) -> Option<&str> {
    let words = clip(hash, WORDS);
    (words.len() == WORDS && words != NO_WORDS).then_some(words)
}

/// How much of an entry's hash stands for its words.
const WORDS: usize = 20;
/// In its place, where they are too few.
const NO_WORDS: &str = "00000000000000000000";
/// A text of fewer letters could be another entry's too, unless both lead to the same page.
const FEW_LETTERS: usize = 100;

fn own_words(entry: &ParsedEntry) -> Option<String> {
    let body = entry.content.as_deref().or(entry.summary.as_deref());
    let has_page = entry.url.as_ref().is_some_and(|url| url.path().len() > 1 || url.query().is_some());
    let is_telling = has_page || text_start(entry).chars().count() >= FEW_LETTERS;
    is_telling.then(|| hash_of(&[entry.link_text.as_deref(), entry.title.as_deref(), body]))
}

/// Fields, hashed so that no two lists of them run together.
#[derive(Default)]
struct Fields(Sha256);

impl Fields {
    fn add(&mut self, field: Option<&str>) {
        match field {
            Some(text) => {
                self.0.update((text.len() as u64).to_le_bytes());
                self.0.update(text);
            }
            None => self.0.update(u64::MAX.to_le_bytes()),
        }
    }

    /// How many fields of a list follow.
    fn count(&mut self, fields: usize) {
        self.0.update((fields as u64).to_le_bytes());
    }

    fn finish(self) -> String {
        self.0.finalize().iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
            let _infallible = write!(hex, "{byte:02x}");
            hex
        })
    }
}

fn hash_of(fields: &[Option<&str>]) -> String {
    let mut digest = Fields::default();
    for field in fields {
        digest.add(*field);
    }
    digest.finish()
}

/// What the publisher gave the entry to be known by; `None` when it is nothing.
fn chosen(entry: &ParsedEntry, identity: Identity) -> Option<String> {
    let guid = entry.guid.as_deref();
    let link = entry.link_text.as_deref();
    match identity {
        Identity::Auto | Identity::Guid => guid.or(link).map(str::to_owned),
        Identity::Link => link.or(guid).map(str::to_owned),
        Identity::LinkDate => link.map(|link| match &entry.published {
            Some(date) => format!("{link} {}", date.at.timestamp()),
            None => link.to_owned(),
        }),
        Identity::Title => entry.title.clone(),
    }
}

fn chosen_key(entry: &ParsedEntry, identity: Identity) -> String {
    match chosen(entry, identity) {
        Some(key) => publishers_key(&key),
        None => format!("hash:{}", traits_hash(entry)),
    }
}

/// What a publisher wrote as a key: keys that are made here begin with `hash:`, and no other does.
fn publishers_key(written: &str) -> String {
    if written.len() <= MAX_KEY && !written.starts_with("hash:") {
        written.to_owned()
    } else {
        format!("hash:{}", hash_of(&[Some(written)]))
    }
}

/// For ids that several entries share. A date that entries share is often that of the answer, another one at every poll.
fn with_link(entry: &ParsedEntry, identity: Identity) -> String {
    let hash = match chosen(entry, identity) {
        Some(_) => hash_of(&[Some("link"), Some(&chosen_key(entry, identity)), entry.link_text.as_deref()]),
        None => hash_of(&[Some("text"), Some(&words_hash(entry))]),
    };
    format!("hash:{hash}")
}

fn with_date_and_text(entry: &ParsedEntry, identity: Identity) -> String {
    let key = with_link(entry, identity);
    format!("hash:{}", hash_of(&[Some(&key), date(entry).as_deref(), Some(&words_hash(entry))]))
}

fn with_everything(entry: &ParsedEntry, identity: Identity) -> String {
    let key = with_date_and_text(entry, identity);
    format!("hash:{}", hash_of(&[Some(&key), Some(&entry_hash(entry))]))
}

/// What identifies an entry without id and link: its moment; else how its text begins, its file, its day; else its headline,
/// which is what publishers edit.
fn traits_hash(entry: &ParsedEntry) -> String {
    let start = text_start(entry);
    let (kind, value) = if entry.published.as_ref().is_some_and(is_exact) {
        ("moment", date(entry))
    } else if !start.is_empty() {
        ("text", Some(start))
    } else if let Some(file) = file(entry) {
        ("file", Some(file.to_owned()))
    } else if entry.published.is_some() {
        ("day", date(entry))
    } else {
        ("headline", entry.title.clone())
    };
    hash_of(&[Some(kind), value.as_deref()])
}

/// Whether a date is a moment, which two entries rarely share. Midnight is mostly a day.
fn is_exact(date: &EntryDate) -> bool {
    let local = date.at + TimeDelta::seconds(date.offset_seconds.unwrap_or_default().into());
    date.has_time && local.num_seconds_from_midnight() > 0
}

fn date(entry: &ParsedEntry) -> Option<String> {
    entry.published.as_ref().map(|date| date.at.timestamp().to_string())
}

/// How its text begins, and its file; the headline only when there is neither.
fn words_hash(entry: &ParsedEntry) -> String {
    let (start, file) = (text_start(entry), file(entry));
    let headline = entry.title.as_deref().filter(|_| start.is_empty() && file.is_none());
    hash_of(&[file, Some(&start), headline])
}

/// The address of its file without the query, which may be signed anew for every answer.
fn file(entry: &ParsedEntry) -> Option<&str> {
    entry.enclosures.first().map(|enclosure| &enclosure.url[..Position::AfterPath])
}

/// How the text of an entry begins: letters and digits alone, so that a changed tag or space does not count.
fn text_start(entry: &ParsedEntry) -> String {
    let body = entry.content.as_deref().or(entry.summary.as_deref()).unwrap_or_default();
    let mut inside_tag = false;
    let visible = body.chars().filter(move |c| match c {
        '<' => {
            inside_tag = true;
            false
        }
        '>' => {
            inside_tag = false;
            false
        }
        c => !inside_tag && c.is_alphanumeric(),
    });
    visible.take(TEXT_START).collect()
}
