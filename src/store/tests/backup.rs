use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use rusqlite::Connection;

use super::{Archive, rows};
use crate::store::backup::{BackupError, backup};

/// An archive of several steps' size, and where its copy goes.
fn archive() -> (Archive, PathBuf) {
    let archive = Archive::new();
    // As large as many pages, without the work of reading them.
    archive
        .db()
        .execute_batch(
            "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 300)
             INSERT INTO articles (id, url, first_seen_at) SELECT id, 'https://paper.example/' || id, 'then' FROM n;
             INSERT INTO raw_pages SELECT id, 'then', url, NULL, randomblob(50000) FROM articles",
        )
        .unwrap();
    let copy = archive.folder.path().join("copy.db");
    (archive, copy)
}

/// Nothing of a copy is there.
#[track_caller]
fn nothing_is_left(archive: &Archive) {
    let names = fs::read_dir(archive.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with("copy")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_writer_that_never_rests_neither_waits_nor_gets_into_the_copy() {
    let (archive, copy) = archive();
    let writer = archive.db();
    writer.pragma_update(None, "busy_timeout", 0).unwrap();
    let mut steps = 0;
    let made = backup(&archive.path(), &copy, false, &mut |_| {
        steps += 1;
        assert!(steps < 100, "it begins anew with each write");
        // A row, and a change on the first pages, which are copied already.
        let sql = "INSERT INTO articles (first_seen_at) VALUES ('now'); UPDATE articles SET title = 'new' WHERE id = 1";
        writer.execute_batch(sql).unwrap();
        true
    });
    let made = made.unwrap();
    assert!(steps > 3, "{steps}");
    assert_eq!((made.rows.articles, made.rows.raw_pages), (300, 300));
    let copy = Connection::open(copy).unwrap();
    assert_eq!(rows(&copy, "SELECT count(*), count(title) FROM articles"), ["300|0"]);
    assert_eq!(rows(&copy, "PRAGMA journal_mode"), ["delete"]);
}

#[test]
fn called_off_at_any_step_it_leaves_nothing() {
    let (archive, copy) = archive();
    for last in 0..4 {
        let mut steps = 0;
        let result = backup(&archive.path(), &copy, false, &mut |_| {
            steps += 1;
            steps <= last
        });
        assert!(matches!(result, Err(BackupError::CalledOff)), "{result:?}");
        nothing_is_left(&archive);
    }
}

#[test]
fn a_damaged_archive_is_told_and_its_last_good_copy_stays() {
    let (archive, copy) = archive();
    archive.db().pragma_update(None, "journal_mode", "DELETE").unwrap_err();
    archive.db().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    // Pages in the middle, of which the first ones say nothing.
    let file = OpenOptions::new().write(true).open(archive.path()).unwrap();
    for page in 300..320 {
        file.write_all_at(&[0xff; 512], page * 4096).unwrap();
    }
    fs::write(&copy, "the last good copy").unwrap();
    let error = backup(&archive.path(), &copy, true, &mut |_| true).unwrap_err();
    assert!(matches!(error, BackupError::Faulty { .. } | BackupError::Copy(_) | BackupError::Archive(_)), "{error}");
    assert_eq!(fs::read(&copy).unwrap(), b"the last good copy");
    fs::remove_file(&copy).unwrap();
    nothing_is_left(&archive);
}

#[test]
fn a_row_that_points_to_nothing_is_told() {
    let (archive, copy) = archive();
    archive.db().execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM articles WHERE id = 7").unwrap();
    let error = backup(&archive.path(), &copy, false, &mut |_| true).unwrap_err();
    assert!(error.to_string().contains("a row of raw_pages points to one of articles"), "{error}");
    nothing_is_left(&archive);
}
