//! What keeps the database from being written passes, and so does the waiting.

use std::process::Command;

use rusqlite::Connection;

use crate::house::{House, feed, page};
use crate::running::{OFTEN, Running};
use crate::support::{Release, Reply};

#[test]
fn a_lock_is_waited_for_said_once_and_passes() {
    let house = House::with_news();
    let release = Release::default();
    house.server.on("/one", [Reply::ok(page("One")).after(&release)]);
    let mut daemon = Running::start(&house);
    daemon.says(&["polled news"]);
    let db = Connection::open(house.database()).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    release.now();
    daemon.says(&["held by another program", "waiting"]);
    daemon.told("held by another program");
    db.execute_batch("COMMIT").unwrap();
    daemon.says(&["can be written again"]);
    daemon.says(&["/one: new"]);
    let said = daemon.stop();
    assert_eq!(said.iter().filter(|line| line.contains("held by another program")).count(), 1, "{said:#?}");
}

#[test]
fn a_stop_does_not_wait_for_a_lock() {
    let house = House::with_news();
    let mut daemon = Running::start(&house);
    daemon.says(&["visited"]);
    let db = Connection::open(house.database()).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    daemon.signal("TERM");
    let (status, took) = daemon.ends();
    assert!(status.success() && took.as_secs() < 10, "{status} after {took:?}");
}

#[test]
fn a_start_waits_for_a_database_that_somebody_holds() {
    let house = House::with_news();
    house.run(&["once"]).good();
    let db = Connection::open(house.database()).unwrap();
    db.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let mut daemon = Running::start(&house);
    daemon.says(&["held by another program", "waiting until it can be opened"]);
    db.execute_batch("COMMIT").unwrap();
    drop(db);
    daemon.told("READY=1");
    daemon.stop();
}

/// A file system of its own for the database, in a mount namespace of the daemon's alone. Where none may be made (without
/// privileges, in most containers) there is nothing to test with; the store's own tests fill a database otherwise.
#[test]
fn a_full_disk_is_waited_for_said_once_and_passes() {
    let house = House::with_news();
    let disk = house.folder.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mount = format!("mount -t tmpfs -o size=10m none '{}'", disk.display());
    let can_mount = Command::new("unshare").args(["-m", "sh", "-c", &mount]).status();
    if !can_mount.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no file system can be mounted here");
        return;
    }
    let config = std::fs::read_to_string(house.folder.path().join("tearsheet.toml")).unwrap();
    house.file("tearsheet.toml", &format!("{}{OFTEN}", config.replace("tearsheet.db", "disk/tearsheet.db")));
    // Pages that do not compress, in more articles than the disk has room for once the ballast is there.
    let release = Release::default();
    let one = page("One").replace("</article>", &format!("<p>{}</p></article>", noise(400_000)));
    house.server.on("/one", [Reply::ok(one).after(&release)]);
    let script = format!(
        "{mount} && head -c 9500000 /dev/zero > disk/ballast; tearsheet=$1; \
         ( read free; rm disk/ballast ) < fifo & exec \"$tearsheet\" -c tearsheet.toml run"
    );
    assert!(Command::new("mkfifo").arg(house.folder.path().join("fifo")).status().unwrap().success());
    let mut daemon = Running::start_in_shell(&house, &script);
    daemon.says(&["polled news: 1 new"]);
    release.now();
    daemon.says(&["is full", "waiting"]);
    daemon.told("is full");
    std::fs::write(house.folder.path().join("fifo"), "free\n").unwrap();
    daemon.says(&["can be written again"]);
    daemon.says(&["/one: new"]);
    let said = daemon.stop();
    assert_eq!(said.iter().filter(|line| line.contains("is full")).count(), 1, "{said:#?}");
    assert!(feed("One", "/one").contains("One"));
}

/// Words that no compression makes much shorter.
fn noise(length: usize) -> String {
    let mut state = 1_u64;
    let letter = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"abcdefghijklmnopqrstuvwxyz012345"[(*state >> 59) as usize])
    };
    (0..length).map(|index| if index % 9 == 8 { ' ' } else { letter(&mut state) }).collect()
}
