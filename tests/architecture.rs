//! The walls between the rooms (`ARCHITECTURE.md`, invariants 5 and 10), read off the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms that take values and return values.
const PURE: [&str; 12] = [
    "article",
    "charset.rs",
    "dedup.rs",
    "feed",
    "fingerprint",
    "html",
    "model",
    "revision",
    "schedule",
    "site.rs",
    "timezone.rs",
    "config/resolve.rs",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the sources are here");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// Lines of code, without comments and the tests at a file's end, that hold one of `names`, outside the `rooms`.
fn trespassers(names: &[&str], is_allowed: impl Fn(&Path) -> bool) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in sources(&root) {
        let room = path.strip_prefix(&root).expect("it was found there").to_owned();
        if is_allowed(&room) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source is text");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if names.iter().any(|name| code.contains(name)) {
                found.push(format!("{}:{}: {}", room.display(), number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn each_foreign_library_is_named_in_its_room_alone() {
    for (name, rooms) in [
        ("rusqlite::", &["store"][..]),
        ("scraper::", &["html", "article"]),
        ("ammonia::", &["html"]),
        ("reqwest::", &["fetch"]),
        ("feed_rs::", &["feed"]),
    ] {
        let found = trespassers(&[name], |path| rooms.iter().any(|room| path.starts_with(room)));
        assert!(found.is_empty(), "{name} outside {rooms:?}:\n{}", found.join("\n"));
    }
}

#[test]
fn pure_rooms_read_no_clock_no_file_no_network_and_no_database() {
    let effects =
        ["clock::Clock", "Utc::now", "SystemTime", "Instant::now", "std::fs", "tokio::", "std::net", "std::env"];
    let is_impure = |path: &Path| !PURE.iter().any(|room| path.starts_with(room));
    let found = trespassers(&effects, |path| is_impure(path) || path.to_string_lossy().contains("tests"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_the_commands_print() {
    let found = trespassers(&["println!", "print!("], |path| path.starts_with("cli"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}
