//! `backup`: what the copy is, what it never overwrites, and what an interrupted one leaves.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::json;
use tearsheet::clock::Clock;
use tearsheet::store::Store;

use crate::house::{House, TEXT};

/// An archive with an article.
fn house() -> House {
    let house = House::with_news();
    house.run(&["once"]).good();
    house
}

/// The names in the folder that begin with this.
fn names(house: &House, prefix: &str) -> Vec<String> {
    let entries = fs::read_dir(house.folder.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(prefix)).collect();
    names.sort();
    names
}

/// The copy has the article, and is one file that others may not read.
#[track_caller]
fn check(house: &House) {
    assert_eq!(names(house, "copy"), ["copy.db"]);
    let mode = fs::metadata(house.folder.path().join("copy.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o137, 0, "{mode:o}");
    house.file("copy.toml", "[store]\npath = 'copy.db'\n");
    let shown = house.run_bare(&["-c", "copy.toml", "show", "1", "--json"], "").json();
    assert_eq!(shown[0]["content_text"], TEXT);
    assert_eq!(names(house, "copy.db"), ["copy.db"]);
}

#[test]
fn a_copy_of_an_archive_at_rest() {
    let house = house();
    let out = house.run(&["backup", "copy.db"]).good();
    assert!(out.starts_with("copy        copy.db\n") && out.contains("articles    1\n"), "{out}");
    check(&house);
}

#[test]
fn a_copy_beside_a_writer() {
    let house = house();
    let store = Store::open(&house.database(), Clock::system()).unwrap();
    let made = house.run(&["backup", "copy.db", "--json"]).json();
    let bytes = fs::metadata(house.folder.path().join("copy.db")).unwrap().len();
    assert_eq!(
        made,
        [json!({"file": "copy.db", "bytes": bytes, "feeds": 1, "entries": 1, "articles": 1, "revisions": 1,
                "raw_pages": 1})]
    );
    check(&house);
    drop(store);
}

#[test]
fn an_existing_file_is_replaced_with_force_alone() {
    let house = house();
    house.file("copy.db", "precious");
    house.run(&["backup", "copy.db"]).refused(1, &["copy.db exists (--force replaces it)"]);
    assert_eq!(fs::read(house.folder.path().join("copy.db")).unwrap(), b"precious");
    house.run(&["backup", "copy.db", "--force"]).good();
    check(&house);
}

#[test]
fn the_archive_and_what_belongs_to_it_are_never_overwritten() {
    let house = house();
    symlink("tearsheet.db", house.folder.path().join("soft")).unwrap();
    fs::hard_link(house.database(), house.folder.path().join("hard")).unwrap();
    symlink(".", house.folder.path().join("here")).unwrap();
    let before = fs::read(house.database()).unwrap();
    for name in ["tearsheet.db", "soft", "hard", "./here/tearsheet.db"] {
        house.run(&["backup", "--force", name]).refused(1, &["is the archive itself"]);
    }
    for name in ["tearsheet.db-wal", "tearsheet.db-shm", "here/tearsheet.db.lock"] {
        house.run(&["backup", "--force", name]).refused(1, &["belongs to the archive"]);
    }
    assert!(fs::read(house.database()).unwrap() == before);
}

#[test]
fn a_place_where_no_file_can_be_is_named() {
    let house = house();
    house.file("notes", "");
    house.file("used.db", "");
    house.file("used.db-wal", "");
    for (file, why) in [
        ("nowhere/copy.db", "the folder nowhere does not exist"),
        ("notes/copy.db", "notes is no folder"),
        (".", "is no name of a file"),
        ("here/", "is no name of a file"),
        ("/", "is no name of a file"),
        ("..", "is no name of a file"),
        ("/dev/null", "/dev/null is no regular file"),
        ("used.db", "is a database in use: there is used.db-wal"),
    ] {
        house.run(&["backup", "--force", file]).refused(1, &[file, why]);
    }
    let folder = house.folder.path().to_str().unwrap().to_owned();
    house.run(&["backup", "--force", &folder]).refused(1, &["is a folder"]);
}

#[test]
fn what_a_killed_run_left_is_replaced() {
    let house = house();
    for name in ["copy.db.partial", "copy.db.partial-wal", "copy.db.partial-journal"] {
        house.file(name, "half a copy");
    }
    house.run(&["backup", "copy.db"]).good();
    check(&house);
}

#[test]
fn a_second_copy_of_the_same_name_is_refused_while_the_first_is_made() {
    let house = house();
    house.file("copy.db.partial", "half a copy");
    let first = File::open(house.folder.path().join("copy.db.partial")).unwrap();
    first.lock().unwrap();
    house.run(&["backup", "copy.db"]).refused(1, &["copy.db.partial is being written by another backup"]);
    assert_eq!(fs::read(house.folder.path().join("copy.db.partial")).unwrap(), b"half a copy");
}

#[test]
fn a_link_in_the_place_of_the_partial_copy_is_not_followed() {
    let house = house();
    house.file("precious", "precious");
    symlink("precious", house.folder.path().join("copy.db.partial")).unwrap();
    house.run(&["backup", "copy.db"]).refused(1, &["copy.db.partial exists and is no partial copy"]);
    assert_eq!(fs::read(house.folder.path().join("precious")).unwrap(), b"precious");
}

#[test]
fn there_is_nothing_to_copy_yet() {
    let house = House::with_news();
    house.run(&["backup", "copy.db"]).refused(1, &["tearsheet.db does not exist"]);
    assert!(names(&house, "copy").is_empty());
}
