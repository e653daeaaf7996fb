use std::sync::mpsc;

use super::{Archive, slug};
use crate::clock::Clock;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::values::{Patience, Retention};

#[tokio::test]
async fn failing_and_panicking_jobs_of_a_batch_cost_only_themselves() {
    let archive = Archive::new();
    let queue = archive.store.queue.clone();
    // Holds the thread until all the others have queued up, so that they are one transaction.
    let (open_gate, gate) = mpsc::channel::<()>();
    let holding = queue.run(move |_| Ok(gate.recv().is_err()));
    let insert = |tag: &'static str| {
        queue.run(move |db| db.execute("INSERT INTO robots VALUES (?1, '', 'allowed', NULL)", [tag]))
    };
    let failing = queue.run(|db| {
        db.execute("INSERT INTO robots VALUES ('half done', '', 'allowed', NULL)", [])?;
        db.execute("INSERT INTO robots VALUES ('wrong state', '', '?', NULL)", [])
    });
    let panicking = queue.run(|db| -> rusqlite::Result<()> {
        db.execute("INSERT INTO robots VALUES ('half done too', '', 'allowed', NULL)", [])?;
        panic!("a bug")
    });
    let release = async { drop(open_gate) };
    let (_, first, failed, panicked, last, ()) =
        tokio::join!(holding, insert("first"), failing, panicking, insert("last"), release);
    assert!(first.is_ok() && last.is_ok());
    assert!(matches!(failed, Err(StoreError::Sql { .. })), "{failed:?}");
    assert!(matches!(&panicked, Err(StoreError::Panicked { message, .. }) if message == "a bug"), "{panicked:?}");
    assert_eq!(archive.rows("SELECT origin FROM robots ORDER BY origin"), ["first", "last"]);
}

#[tokio::test]
async fn failing_commit_is_the_failure_of_the_whole_batch() {
    let archive = Archive::new();
    let queue = &archive.store.queue;
    let (open_gate, gate) = mpsc::channel::<()>();
    let holding = queue.run(move |_| Ok(gate.recv().is_err()));
    let good = queue.run(|db| db.execute("INSERT INTO robots VALUES ('good', '', 'allowed', NULL)", []));
    // A foreign key that is checked at the commit only.
    let bad = queue.run(|db| {
        db.pragma_update(None, "defer_foreign_keys", true)?;
        db.execute("INSERT INTO feed_tags VALUES (77, 'no such feed')", [])
    });
    let release = async { drop(open_gate) };
    let (_, good, bad, ()) = tokio::join!(holding, good, bad, release);
    assert!(good.is_err() && bad.is_err(), "{good:?} {bad:?}");
    assert_eq!(archive.value("SELECT count(*) FROM robots"), "0");
    archive.feeds(&["a"]).await;
    assert_eq!(archive.value("SELECT slug FROM feeds"), slug("a").as_str(), "the next batch is stored");
}

#[tokio::test]
async fn closing_does_what_is_queued_and_refuses_what_comes_later() {
    let archive = Archive::new();
    let queue = &archive.store.queue;
    let insert = queue.run(|db| db.execute("INSERT INTO robots VALUES ('queued', '', 'allowed', NULL)", []));
    let (stored, closed) = tokio::join!(insert, archive.store.clone().close());
    assert!(stored.is_ok() && closed.is_ok());
    assert_eq!(archive.value("SELECT origin FROM robots"), "queued");
    let late = archive.store.counts(archive.now()).await;
    assert!(matches!(late, Err(StoreError::Closed { .. })), "{late:?}");
}

#[tokio::test]
async fn full_disk_stores_nothing_half_and_passes() {
    let archive = Archive::new();
    let queue = &archive.store.queue;
    let limit = |pages: i64| queue.run(move |db| db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())));
    limit(1).await.unwrap(); // SQLite takes no less than what there is.
    let large = "x".repeat(1 << 20);
    let write = |origin: &'static str| {
        let body = large.clone();
        queue.run(move |db| db.execute("INSERT INTO robots VALUES (?1, '', 'rules', ?2)", [origin, &body]))
    };
    let (one, two) = tokio::join!(write("one"), write("two"));
    for result in [one, two] {
        assert!(matches!(result, Err(StoreError::DiskFull { .. })), "{result:?}");
    }
    limit(1 << 30).await.unwrap();
    write("three").await.unwrap();
    assert_eq!(archive.value("SELECT origin FROM robots"), "three");
}

/// A store that waits, and a way to let its disk be full.
fn patient(archive: &tempfile::TempDir) -> Store {
    let path = archive.path().join("patient.db");
    Store::open_with(&path, Clock::system(), Retention::default(), Patience::Endless).unwrap()
}

async fn limit_pages(store: &Store, pages: i64) {
    let limit = store.queue.run(move |db| db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())));
    limit.await.unwrap();
}

/// Writes a row of a megabyte; it takes more pages than there are left after [`limit_pages`].
async fn write_large(store: &Store) -> Result<usize, StoreError> {
    let large = "x".repeat(1 << 20);
    let write = move |db: &rusqlite::Connection| {
        db.execute("INSERT OR REPLACE INTO robots VALUES ('large', '', 'rules', ?1)", [&large])
    };
    store.queue.run(write).await
}

#[tokio::test]
async fn patient_store_waits_for_a_full_disk_until_it_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = patient(&folder);
    limit_pages(&store, 1).await; // SQLite takes no less than what there is.
    let closing = async {
        while store.trouble().is_none() {
            tokio::task::yield_now().await;
        }
        let trouble = store.trouble();
        (trouble, store.clone().close().await)
    };
    let (written, (trouble, closed)) = tokio::join!(write_large(&store), closing);
    assert!(matches!(written, Err(StoreError::DiskFull { .. })), "{written:?}");
    assert!(trouble.is_some_and(|what| what.contains("is full")));
    // Nor can it be closed cleanly; nothing waits for that either.
    assert!(matches!(closed, Err(StoreError::DiskFull { .. })), "{closed:?}");
}

#[tokio::test]
async fn patient_store_writes_what_a_lock_held_up() {
    let folder = tempfile::tempdir().unwrap();
    let store = patient(&folder);
    let other = rusqlite::Connection::open(folder.path().join("patient.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let letting_go = async {
        while store.trouble().is_none() {
            tokio::task::yield_now().await;
        }
        other.execute_batch("ROLLBACK").unwrap();
    };
    let (written, ()) = tokio::join!(write_large(&store), letting_go);
    assert_eq!(written.unwrap(), 1);
    assert_eq!(store.trouble(), None);
}
