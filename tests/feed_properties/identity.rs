//! Two polls of a feed between which headlines are edited, and entries leave, come and change places: what was known is known.

use std::collections::HashMap;
use std::fmt::Write as _;

use tearsheet::config::Identity;
use tearsheet::feed::{compare, entry_hash};
use tearsheet::model::outcome::{EntryChange, KnownEntry};

use super::random::Random;
use super::read;

/// What an entry has beside its headline: a guid of its own or one that all share, a link, a date of its own or one that
/// all share, a text.
const KINDS: [&str; 14] = ["g", "gl", "l", "lt", "d", "dt", "t", "sl", "slt", "sdt", "st", "mt", "gmt", "lmt"];

fn item(number: usize, kind: &str, title: &str) -> String {
    let mut item = format!("<item><title>{title} {number}</title>");
    for part in kind.chars() {
        let _infallible = match part {
            'g' => write!(item, "<guid isPermaLink='false'>id {number}</guid>"),
            's' => write!(item, "<guid isPermaLink='false'>same</guid>"),
            'l' => write!(item, "<link>http://a.example/{number}</link>"),
            'd' => write!(item, "<pubDate>Thu, 05 Mar 2015 10:{number:02}:30 GMT</pubDate>"),
            'm' => write!(item, "<pubDate>Thu, 05 Mar 2015 00:00:00 GMT</pubDate>"),
            _ => write!(item, "<description>What is told of {number}.</description>"),
        };
    }
    item + "</item>"
}

fn feed(items: &[String]) -> String {
    format!("<rss><channel>{}</channel></rss>", items.concat())
}

#[test]
fn entries_are_known_again() {
    let mut chance = Random(7);
    for round in 0..2_000 {
        let kind = KINDS[round % KINDS.len()];
        let count = 2 + chance.below(5);
        let first: Vec<_> = (0..count).map(|number| (number, item(number, kind, "Old"))).collect();
        let mut second = first.clone();
        for (number, item_text) in &mut second {
            if chance.below(2) == 0 {
                *item_text = item(*number, kind, "New");
            }
        }
        for _ in 0..chance.below(count) {
            second.remove(chance.below(second.len()));
        }
        if chance.below(2) == 0 {
            second.insert(chance.below(second.len() + 1), (50, item(50, kind, "Old")));
        }
        let turn = chance.below(second.len());
        second.rotate_left(turn);
        check(kind, &first, &second);
    }
}

/// Each entry that was there keeps its key, and no other has it.
fn check(kind: &str, first: &[(usize, String)], second: &[(usize, String)]) {
    let text = |items: &[(usize, String)]| feed(&items.iter().map(|(_, item)| item.clone()).collect::<Vec<_>>());
    let (before, after) = (text(first), text(second));
    let entries = read(before.as_bytes()).entries;
    let keys: HashMap<usize, String> =
        first.iter().zip(&entries).map(|((number, _), entry)| (*number, entry.key.clone())).collect();
    let known: Vec<_> =
        entries.iter().map(|entry| KnownEntry { key: entry.key.clone(), hash: entry_hash(entry) }).collect();
    let (compared, _) = compare(&known, read(after.as_bytes()).entries, Identity::Auto);
    assert_eq!(compared.len(), second.len(), "{kind}: {before} {after}");
    for ((number, _), (entry, _, change)) in second.iter().zip(&compared) {
        match keys.get(number) {
            Some(key) => assert_eq!(&entry.key, key, "{kind} {number}: {before} {after}"),
            None => assert_eq!(*change, EntryChange::New, "{kind} {number}: {before} {after}"),
        }
    }
}
