//! The entries of a document against those that are known: what is new, what changed, and whether some were missed.

use std::collections::{HashMap, HashSet};

use super::identity::{entry_hash, step_keys, words_of};
use crate::config::Identity;
use crate::model::feed::ParsedEntry;
use crate::model::outcome::{EntryChange, KnownEntry};

/// Compares a document's entries with the known ones. The `bool` is the gap: entries were known, the document has
/// some, and none of them is known, so that some may have come and gone unseen.
///
/// Exact repeats in the document count once. A key can depend on what else is in the document, so an entry whose key is
/// unknown takes that of a known entry which is missing and is most probably it: one that said exactly the same, one
/// whose key this entry would have had beside others, one whose id differs in nothing but scheme or host, or one that said the
/// same under another id or at another time.
pub fn compare(
    known: &[KnownEntry],
    parsed: Vec<ParsedEntry>,
    identity: Identity,
) -> (Vec<(ParsedEntry, String, EntryChange)>, bool) {
    let known: HashMap<&str, &str> = known.iter().map(|entry| (entry.key.as_str(), entry.hash.as_str())).collect();
    let parsed: Vec<_> = parsed.into_iter().map(|entry| (entry_hash(&entry), entry)).collect();
    let moved = moved_keys(&known, &parsed, identity);
    let mut seen = HashSet::new();
    let mut compared = Vec::with_capacity(parsed.len());
    for (hash, mut entry) in parsed {
        if let Some(known_key) = moved.get(&entry.key) {
            entry.key.clone_from(known_key);
        }
        if !seen.insert(entry.key.clone()) {
            continue;
        }
        let change = match known.get(entry.key.as_str()) {
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

/// The known keys of entries that have another one now, by that other one.
fn moved_keys(
    known: &HashMap<&str, &str>,
    parsed: &[(String, ParsedEntry)],
    identity: Identity,
) -> HashMap<String, String> {
    let mut search = Search::new(known, parsed);
    if !search.missing.is_empty() {
        search.settle(search.by_hash());
        search.settle(search.by_other_keys(identity));
        search.settle(search.by_scheme());
        search.settle(search.by_path());
        search.settle(search.by_words());
    }
    search.moved.into_iter().map(|(key, known)| (key.to_owned(), known.to_owned())).collect()
}

/// The search for entries whose key has changed, surest ways first.
struct Search<'a> {
    known: &'a HashMap<&'a str, &'a str>,
    parsed: &'a [(String, ParsedEntry)],
    /// Known keys that no entry of the document has: an entry that is still there is not another one.
    missing: HashMap<&'a str, &'a str>,
    /// The known key by the new one.
    moved: HashMap<&'a str, &'a str>,
}

impl<'a> Search<'a> {
    fn new(known: &'a HashMap<&str, &str>, parsed: &'a [(String, ParsedEntry)]) -> Self {
        let present: HashSet<&str> = parsed.iter().map(|(_, entry)| entry.key.as_str()).collect();
        let missing = known.iter().filter(|(key, _)| !present.contains(*key)).map(|(key, hash)| (*key, *hash));
        Self { known, parsed, missing: missing.collect(), moved: HashMap::new() }
    }

    /// Takes pairs of a new and a known key, where no other pair has one of the two.
    fn settle(&mut self, pairs: Vec<(&'a str, &'a str)>) {
        let by_known = only_ones(pairs.iter().map(|(new, known)| (*known, *new)));
        let by_new = only_ones(pairs.into_iter());
        for (known, new) in by_known {
            if let Some(new) = new.filter(|new| by_new.get(new) == Some(&Some(known))) {
                self.missing.remove(known);
                self.moved.insert(new, known);
            }
        }
    }

    /// Entries whose key is not known, nor found yet.
    fn unknown(&self) -> impl Iterator<Item = &'a ParsedEntry> {
        let entries = self.parsed.iter().map(|(_, entry)| entry);
        entries.filter(|entry| !self.known.contains_key(&*entry.key) && !self.moved.contains_key(&*entry.key))
    }

    /// Entries that say exactly what a missing one said.
    fn by_hash(&self) -> Vec<(&'a str, &'a str)> {
        let missing = only_ones(self.missing.iter().map(|(key, hash)| (*hash, *key)));
        let others = self.parsed.iter().filter(|(hash, entry)| self.known.get(&*entry.key) != Some(&hash.as_str()));
        others.filter_map(|(hash, entry)| Some((&*entry.key, (*missing.get(hash.as_str())?)?))).collect()
    }

    /// Entries that would have a missing key if there were others like them in the document, or none. An entry whose key is known
    /// may be another one than had it, which only a finer key shows.
    fn by_other_keys(&self, identity: Identity) -> Vec<(&'a str, &'a str)> {
        let mut pairs = Vec::new();
        for (hash, entry) in self.parsed {
            let own = entry.key.as_str();
            let is_known = match self.known.get(own) {
                Some(known) if known == hash => continue,
                known => known.is_some(),
            };
            if self.moved.contains_key(own) {
                continue;
            }
            let keys = step_keys(entry, identity).skip_while(|key| is_known && key != own);
            let missing = keys.filter_map(|key| self.missing.get_key_value(key.as_str())).last();
            pairs.extend(missing.map(|(known, _)| (own, *known)));
        }
        pairs
    }

    /// Entries whose URL for a key differs in the scheme alone.
    fn by_scheme(&self) -> Vec<(&'a str, &'a str)> {
        let other = |key: &str| match key.strip_prefix("https://") {
            Some(rest) => Some(format!("http://{rest}")),
            None => key.strip_prefix("http://").map(|rest| format!("https://{rest}")),
        };
        let pair = |entry: &'a ParsedEntry| {
            let (known, _) = self.missing.get_key_value(other(&entry.key)?.as_str())?;
            Some((&*entry.key, *known))
        };
        self.unknown().filter_map(pair).collect()
    }

    /// Entries that say what a missing one said, under another id or at another time: ids and dates that are made anew for every
    /// answer.
    fn by_words(&self) -> Vec<(&'a str, &'a str)> {
        let missing = only_ones(self.missing.iter().filter_map(|(key, hash)| Some((words_of(hash)?, *key))));
        let entries = self.parsed.iter().filter(|(_, entry)| !self.known.contains_key(&*entry.key));
        let unknown = entries.filter(|(_, entry)| !self.moved.contains_key(&*entry.key));
        unknown.filter_map(|(hash, entry)| Some((&*entry.key, (*missing.get(words_of(hash)?)?)?))).collect()
    }

    /// Entries whose URL for a key differs in scheme or host alone. A host that still has entries here has not moved, and one
    /// that had some before is not where it moved to.
    fn by_path(&self) -> Vec<(&'a str, &'a str)> {
        let is_used: HashSet<&str> = self.parsed.iter().filter_map(|(_, entry)| origin_of(&entry.key)).collect();
        let was_used: HashSet<&str> = self.known.keys().filter_map(|key| origin_of(key)).collect();
        let left = self.missing.keys().filter(|key| origin_of(key).is_some_and(|origin| !is_used.contains(origin)));
        let left = only_ones(left.filter_map(|key| Some((path_of(key)?, *key))));
        let unknown = self.unknown().map(|entry| &*entry.key);
        let arrived = unknown.filter(|key| origin_of(key).is_some_and(|origin| !was_used.contains(origin)));
        arrived.filter_map(|key| Some((key, (*left.get(path_of(key)?)?)?))).collect()
    }
}

/// Keys by what tells them; `None` where two keys share that.
fn only_ones<'a>(keys: impl Iterator<Item = (&'a str, &'a str)>) -> HashMap<&'a str, Option<&'a str>> {
    let mut by_trait: HashMap<&str, Option<&str>> = HashMap::new();
    for (its, key) in keys {
        by_trait.entry(its).and_modify(|known| *known = known.filter(|known| *known == key)).or_insert(Some(key));
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
    use crate::config::Identity;
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
        let (compared, found_gap) = compare(known, parsed, Identity::Auto);
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
            let (compared, _) = compare(known, parsed, Identity::Auto);
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
