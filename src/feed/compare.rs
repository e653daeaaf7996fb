//! The entries of a document against those that are known: what is new, what changed, and whether some were missed.

use std::collections::{HashMap, HashSet};

use super::identity::entry_hash;
use crate::model::feed::ParsedEntry;
use crate::model::outcome::{EntryChange, KnownEntry};

/// Compares a document's entries with the known ones. The `bool` is the gap: entries were known, the document has
/// some, and none of them is known, so that some may have come and gone unseen.
///
/// Exact repeats in the document count once. An entry whose id changed in nothing but scheme or host keeps its key, and
/// so does one that says exactly the same as before: its key may depend on others that have left the document.
pub fn compare(known: &[KnownEntry], parsed: Vec<ParsedEntry>) -> (Vec<(ParsedEntry, String, EntryChange)>, bool) {
    let hashes: HashMap<&str, &str> = known.iter().map(|entry| (entry.key.as_str(), entry.hash.as_str())).collect();
    let moved = moved_keys(&hashes, &parsed);
    let mut seen = HashSet::new();
    let mut compared = Vec::with_capacity(parsed.len());
    for mut entry in parsed {
        if let Some(known_key) = moved.get(&entry.key) {
            entry.key.clone_from(known_key);
        }
        if !seen.insert(entry.key.clone()) {
            continue;
        }
        let hash = entry_hash(&entry);
        let change = match hashes.get(entry.key.as_str()) {
            None => EntryChange::New,
            Some(known) if **known == hash => EntryChange::Unchanged,
            Some(_) => EntryChange::Changed,
        };
        compared.push((entry, hash, change));
    }
    let all_new = compared.iter().all(|(_, _, change)| *change == EntryChange::New);
    let gap = !known.is_empty() && !compared.is_empty() && all_new;
    (compared, gap)
}

/// The known keys of entries whose own key is unknown. A known key must be missing from the document.
fn moved_keys(known: &HashMap<&str, &str>, parsed: &[ParsedEntry]) -> HashMap<String, String> {
    let present: HashSet<&str> = parsed.iter().map(|entry| entry.key.as_str()).collect();
    let missing = known.iter().filter(|(key, _)| !present.contains(*key));
    if missing.clone().next().is_none() {
        return HashMap::new();
    }
    let by_hash = only_ones(missing.clone().map(|(key, hash)| (*hash, *key)));
    let mut moved = HashMap::new();
    let mut unknown = Vec::new();
    for entry in parsed {
        let hash = entry_hash(entry);
        let known_hash = known.get(entry.key.as_str());
        if known_hash == Some(&hash.as_str()) {
            continue;
        }
        match by_hash.get(hash.as_str()) {
            Some(Some(known)) => _ = moved.insert(entry.key.clone(), (*known).to_owned()),
            _ if known_hash.is_none() => unknown.push(entry),
            _ => {}
        }
    }

    let taken: HashSet<&str> = moved.values().map(String::as_str).collect();
    let missing = missing.map(|(key, _)| *key).filter(|key| !taken.contains(key));
    // A host that still has entries here has not moved, and one that had some before is not where it moved to.
    let is_used: HashSet<&str> = present.iter().filter_map(|key| origin_of(key)).collect();
    let was_used: HashSet<&str> = known.keys().filter_map(|key| origin_of(key)).collect();
    let missing = missing.filter(|key| origin_of(key).is_some_and(|origin| !is_used.contains(origin)));
    let missing = only_ones(missing.filter_map(|key| Some((path_of(key)?, key))));
    let unknown: HashSet<&str> = unknown.iter().map(|entry| entry.key.as_str()).collect();
    let unknown = unknown.into_iter().filter(|key| origin_of(key).is_some_and(|origin| !was_used.contains(origin)));
    let by_path = only_ones(unknown.filter_map(|key| Some((path_of(key)?, key)))).into_iter();
    let elsewhere = by_path.filter_map(|(path, new)| Some((new?.to_owned(), (*missing.get(path)?)?.to_owned())));
    let elsewhere: Vec<_> = elsewhere.collect();
    moved.extend(elsewhere);
    moved
}

/// Keys by what tells them; `None` where two keys share that.
fn only_ones<'a>(keys: impl Iterator<Item = (&'a str, &'a str)>) -> HashMap<&'a str, Option<&'a str>> {
    let mut by_trait = HashMap::new();
    for (its, key) in keys {
        by_trait.entry(its).and_modify(|known| *known = None).or_insert(Some(key));
    }
    by_trait
}

/// Scheme and host of a key that is a URL.
fn origin_of(key: &str) -> Option<&str> {
    let path = path_of(key)?;
    Some(&key[..key.len() - path.len()])
}

/// What follows the host in a key that is a URL; `None` for a bare host, which identifies nothing.
fn path_of(key: &str) -> Option<&str> {
    let rest = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://"))?;
    let path = &rest[rest.find('/')?..];
    (path.len() > 1).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::feed::identity::entry_hash;
    use crate::model::feed::ParsedEntry;
    use crate::model::outcome::{EntryChange, KnownEntry};

    fn entry(key: &str, title: &str) -> ParsedEntry {
        let guid = Some(key.to_owned());
        ParsedEntry { key: key.to_owned(), guid, title: Some(title.to_owned()), ..ParsedEntry::default() }
    }

    fn known(key: &str, title: &str) -> KnownEntry {
        KnownEntry { key: key.to_owned(), hash: entry_hash(&entry(key, title)) }
    }

    #[track_caller]
    fn check(known: &[KnownEntry], parsed: &[(&str, &str)], expected: &[(&str, EntryChange)], gap: bool) {
        let parsed = parsed.iter().map(|(key, title)| entry(key, title)).collect();
        let (compared, found_gap) = compare(known, parsed);
        let shown: Vec<_> = compared.iter().map(|(entry, _, change)| (entry.key.as_str(), *change)).collect();
        assert_eq!((shown.as_slice(), found_gap), (expected, gap));
    }

    #[test]
    fn entries_are_new_changed_or_unchanged() {
        use EntryChange::{Changed, New, Unchanged};
        let archive = [known("a", "1"), known("b", "2")];
        check(&archive, &[("a", "1"), ("b", "3"), ("c", "4")], &[("a", Unchanged), ("b", Changed), ("c", New)], false);
        check(&archive, &[("c", "4")], &[("c", New)], true);
        check(&archive, &[], &[], false);
        check(&[], &[("a", "1"), ("a", "1")], &[("a", New)], false);
    }

    #[test]
    fn a_moved_host_keeps_the_key() {
        use EntryChange::{Changed, New, Unchanged};
        let archive = [known("http://old.example/1", "1"), known("http://old.example/2", "2")];
        check(&archive, &[("https://new.example/1", "1")], &[("http://old.example/1", Changed)], false);
        check(
            &archive,
            &[("https://new.example/1", "1"), ("http://old.example/1", "1")],
            &[("https://new.example/1", New), ("http://old.example/1", Unchanged)],
            false,
        );
        check(
            &archive,
            &[("https://a.example/1", "1"), ("https://b.example/1", "1")],
            &[("https://a.example/1", New), ("https://b.example/1", New)],
            true,
        );
        check(
            &[known("http://old.example/", "1")],
            &[("http://new.example/", "1")],
            &[("http://new.example/", New)],
            true,
        );
    }

    #[test]
    fn who_says_the_same_is_the_same() {
        use EntryChange::{Changed, New, Unchanged};
        let same = |key: &str, title: &str| ParsedEntry { key: key.to_owned(), ..entry("guid", title) };
        let known = |key: &str, title: &str| KnownEntry { key: key.to_owned(), hash: entry_hash(&same(key, title)) };
        let keys = |known: &[KnownEntry], parsed: Vec<ParsedEntry>| {
            let (compared, _) = compare(known, parsed);
            compared.into_iter().map(|(entry, _, change)| (entry.key, change)).collect::<Vec<_>>()
        };
        let archive = [known("hash:1", "1"), known("hash:2", "2")];
        assert_eq!(keys(&archive, vec![same("guid", "2")]), [("hash:2".to_owned(), Unchanged)]);
        assert_eq!(keys(&archive, vec![same("guid", "3")]), [("guid".to_owned(), New)]);
        // What is still there under its key is not somebody else.
        let both = vec![same("guid", "1"), same("hash:1", "9")];
        assert_eq!(keys(&archive, both), [("guid".to_owned(), New), ("hash:1".to_owned(), Changed)]);
    }
}
