//! Archives that cannot be used: a message that names the file and what is wrong, exit 1, and nothing is changed.

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};

use crate::house::House;

/// Commands that write the archive, and commands that read it.
const COMMANDS: [&[&str]; 4] = [&["once"], &["migrate"], &["status"], &["show", "1"]];

/// An archive with an article.
fn house() -> House {
    let house = House::with_news();
    house.run(&["once"]).good();
    house
}

/// Every command refuses the file and leaves it as it is.
#[track_caller]
fn check(house: &House, message: &[&str]) {
    let before = fs::read(house.database()).unwrap();
    for command in COMMANDS {
        house.run(command).refused(1, message);
        assert!(fs::read(house.database()).unwrap() == before, "{command:?} changed the file");
    }
}

#[test]
fn not_sqlite() {
    let house = House::with_news();
    house.file("tearsheet.db", &"My dear diary, ".repeat(100));
    check(&house, &["tearsheet.db is not a tearsheet archive: not a SQLite database"]);
}

#[test]
fn of_another_program() {
    let house = house();
    // The application id.
    OpenOptions::new().write(true).open(house.database()).unwrap().write_all_at(&[0, 0, 0, 7], 68).unwrap();
    check(&house, &["tearsheet.db is not a tearsheet archive: a SQLite database of another program"]);
}

#[test]
fn of_a_newer_schema() {
    let house = house();
    // The user version.
    OpenOptions::new().write(true).open(house.database()).unwrap().write_all_at(&[0, 0, 0, 99], 60).unwrap();
    check(&house, &["tearsheet.db has schema 99, this program knows schemas up to ", "newer tearsheet"]);
}

#[test]
fn damaged() {
    let house = house();
    // The first page's tree, after the file's header.
    OpenOptions::new().write(true).open(house.database()).unwrap().write_all_at(&[0xff; 3000], 100).unwrap();
    check(&house, &["tearsheet.db is damaged"]);
}

#[test]
fn a_folder() {
    let house = House::with_news();
    fs::create_dir(house.database()).unwrap();
    for command in COMMANDS {
        house.run(command).refused(1, &["tearsheet.db is not a tearsheet archive: a folder"]);
    }
}

#[test]
fn in_a_folder_that_is_not_there() {
    let house = House::with_news();
    house.file("lost.toml", "[store]\npath = 'nowhere/tearsheet.db'\n");
    for command in ["once", "migrate"] {
        house.run_bare(&["-c", "lost.toml", command], "").refused(1, &["nowhere/tearsheet.db"]);
    }
}

#[test]
fn read_only() {
    let house = house();
    let mode = |mode| Permissions::from_mode(mode);
    fs::set_permissions(house.database(), mode(0o440)).unwrap();
    if OpenOptions::new().append(true).open(house.database()).is_ok() {
        return; // Root may write everything, so there is nothing to be seen.
    }
    fs::set_permissions(house.folder.path(), mode(0o550)).unwrap();
    let refused = ["once", "migrate"].map(|command| house.run(&[command]));
    let read = house.run(&["status"]);
    fs::set_permissions(house.folder.path(), mode(0o750)).unwrap();
    for ran in refused {
        ran.refused(1, &["tearsheet.db"]);
    }
    assert!(read.good().contains("news"), "reading needs no permission to write");
}

#[test]
fn one_that_is_not_there_yet() {
    let house = House::with_news();
    house.run(&["status"]).refused(1, &["tearsheet.db does not exist: `tearsheet run` or `once`"]);
    assert!(!house.database().exists());
}

#[test]
fn migrate_creates_an_archive_and_then_has_nothing_to_do() {
    let house = House::with_news();
    assert!(house.run(&["migrate"]).good().starts_with("created "));
    assert!(house.run(&["migrate"]).good().ends_with(" already\n"));
}
