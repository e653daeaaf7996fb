use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;

use super::{Archive, document, entry, time};
use crate::clock::Clock;
use crate::store::error::StoreError;
use crate::store::migrate::{MIGRATIONS, newest};
use crate::store::reader::Reader;
use crate::store::{Store, migrate};

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(path, Clock::manual(time("2026-03-01T12:00:00Z")))
}

/// A closed archive.
async fn closed() -> Archive {
    let archive = Archive::new();
    archive.store.clone().close().await.unwrap();
    archive
}

#[tokio::test]
async fn second_writer_is_refused_with_the_process_id_of_the_first() {
    let archive = Archive::new();
    let error = open(&archive.path()).unwrap_err();
    assert!(matches!(error, StoreError::Locked { pid: Some(pid), .. } if pid == std::process::id()), "{error}");
    assert!(error.to_string().contains(&format!("(process {})", std::process::id())), "{error}");
    archive.store.clone().close().await.unwrap();
    open(&archive.path()).unwrap().close().await.unwrap();
}

#[tokio::test]
async fn newer_schema_is_refused_with_nothing_written() {
    let archive = closed().await;
    archive.db().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(archive.path()).unwrap();
    for error in [open(&archive.path()).unwrap_err(), Reader::open(&archive.path()).unwrap_err()] {
        assert!(matches!(error, StoreError::NewerSchema { found: 99, known, .. } if known == newest()), "{error}");
    }
    assert_eq!(fs::read(archive.path()).unwrap(), before);
}

#[tokio::test]
async fn older_schema_is_not_read_but_migrated() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("old.db");
    let db = Connection::open(&path).unwrap();
    // The archive as the first version made it, with a feed.
    db.execute_batch(MIGRATIONS[0].1).unwrap();
    db.execute_batch(
        "INSERT INTO feeds (slug, url, url_key, site, state, added_at) VALUES ('a', 'https://a.example/', 'k', 'a.example',
         'active', '2026-01-01T00:00:00Z')",
    )
    .unwrap();
    db.pragma_update(None, "application_id", 0x7465_6172).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    drop(db);
    let error = Reader::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::OlderSchema { found: 1, known, .. } if known == newest()), "{error}");
    assert_eq!(migrate(&path).unwrap(), (1, newest()));
    assert_eq!(migrate(&path).unwrap(), (newest(), newest()));
    assert_eq!(Reader::open(&path).unwrap().feeds(None).unwrap()[0].slug.as_str(), "a");
}

#[test]
fn files_of_others_are_refused_with_nothing_written() {
    let folder = TempDir::new().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "these are notes and no database\n".repeat(100)).unwrap();
    let foreign = folder.path().join("browser.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE moz_places (id INTEGER)").unwrap();
    for path in [text, foreign] {
        let before = fs::read(&path).unwrap();
        for error in [open(&path).unwrap_err(), Reader::open(&path).unwrap_err()] {
            assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
            assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        }
        assert_eq!(fs::read(&path).unwrap(), before);
        assert!(!path.with_extension("db.lock").exists());
    }
}

#[test]
fn missing_file_or_folder_is_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("nowhere/tearsheet.db");
    assert!(matches!(Reader::open(&path).unwrap_err(), StoreError::Missing { .. }));
    let error = open(&path).unwrap_err();
    assert!(matches!(error, StoreError::NoFolder { .. }), "{error}");
    assert!(error.to_string().contains("nowhere"), "{error}");
    let error = open(folder.path()).unwrap_err();
    assert!(error.to_string().contains(folder.path().to_str().unwrap()), "{error}");
}

#[tokio::test]
async fn file_is_for_owner_and_group_and_stands_alone_after_closing() {
    let archive = closed().await;
    let mode = fs::metadata(archive.path()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode & !0o640, 0, "{mode:o}");
    let mut left: Vec<_> = fs::read_dir(archive.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["tearsheet.db", "tearsheet.db.lock"]);
    assert_eq!(archive.value("PRAGMA journal_mode"), "delete");
    assert_eq!(Reader::open(&archive.path()).unwrap().feeds(None).unwrap(), []);
}

#[tokio::test]
async fn closing_beside_a_reader_leaves_the_files_that_readers_need() {
    let archive = Archive::new();
    archive.feeds(&["a"]).await;
    let reader = Reader::open(&archive.path()).unwrap();
    assert_eq!(reader.feeds(None).unwrap().len(), 1);
    archive.store.clone().close().await.unwrap();
    assert_eq!(fs::metadata(archive.path().with_extension("db-wal")).unwrap().len(), 0);
    assert!(archive.path().with_extension("db-shm").exists());
    assert_eq!(reader.feeds(None).unwrap().len(), 1);
}

#[tokio::test]
async fn after_a_kill_nothing_committed_is_lost_and_leases_fall_due() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    assert_eq!(archive.due_feeds().await.len(), 1);
    archive
        .store
        .apply_poll(archive.poll(feed, document(vec![entry("https://a.example/1", "One")], "\"v1\"")))
        .await
        .unwrap();
    assert_eq!(archive.due_articles().await.len(), 1);
    // What a killed process leaves: the files as they are now.
    let folder = TempDir::new().unwrap();
    let copy = folder.path().join("tearsheet.db");
    for end in ["db", "db-wal"] {
        fs::copy(archive.path().with_extension(end), copy.with_extension(end)).unwrap();
    }
    let store = Store::open(&copy, archive.clock.clone()).unwrap();
    assert_eq!(store.claim_due_articles(archive.claim(), None).await.unwrap().len(), 0, "the lease holds");
    archive.pass(10);
    assert_eq!(store.claim_due_articles(archive.claim(), None).await.unwrap().len(), 1);
    store.close().await.unwrap();
}
