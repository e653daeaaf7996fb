//! The schema: plain numbered SQL files, each applied once, in a transaction of its own.
//!
//! `PRAGMA user_version` is the number of the last one applied, `PRAGMA application_id` says whose file it is.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::StoreError;

/// Every migration in order: its file name and its text. A published one is never edited.
pub(super) const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_archive.sql", include_str!("../../migrations/0001_archive.sql")),
    ("0002_not_before.sql", include_str!("../../migrations/0002_not_before.sql")),
    ("0003_entry_media.sql", include_str!("../../migrations/0003_entry_media.sql")),
    ("0004_page_blocks.sql", include_str!("../../migrations/0004_page_blocks.sql")),
    ("0005_kind_access.sql", include_str!("../../migrations/0005_kind_access.sql")),
    ("0006_article_parts.sql", include_str!("../../migrations/0006_article_parts.sql")),
    ("0007_page_shapes.sql", include_str!("../../migrations/0007_page_shapes.sql")),
];

/// "tear" in ASCII, at offset 68 of the file: `file` and `PRAGMA application_id` tell a tearsheet archive by it.
const APPLICATION_ID: i32 = 0x7465_6172;

/// What a file is, found out without writing to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A new or empty file.
    Empty,
    /// An archive with this schema, which this program knows.
    Archive(u32),
}

/// The schema that this program writes and reads.
pub(super) fn newest() -> u32 {
    u32::try_from(MIGRATIONS.len()).expect("there are not that many files")
}

/// Tells what `db` is. Only reads; somebody else's file and a newer schema are errors.
pub(super) fn inspect(db: &Connection, path: &Path) -> Result<Found, StoreError> {
    let pragma = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let read = || {
        let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        Ok((pragma("application_id")?, pragma("user_version")?, tables))
    };
    let (application, version, tables) = read().map_err(|error| StoreError::sqlite(path, error))?;
    if application == 0 && version == 0 && tables == 0 {
        return Ok(Found::Empty);
    }
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign { path: path.to_owned(), what: "a SQLite database of another program" });
    }
    let found = u32::try_from(version).unwrap_or(0);
    if found > newest() {
        return Err(StoreError::NewerSchema { path: path.to_owned(), found, known: newest() });
    }
    Ok(Found::Archive(found))
}

/// Brings `db` from schema `from` to the newest one.
pub(super) fn migrate(db: &mut Connection, from: u32) -> rusqlite::Result<()> {
    for (index, (name, sql)) in MIGRATIONS.iter().enumerate().skip(from as usize) {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", u32::try_from(index + 1).expect("there are not that many files"))?;
        tx.commit()?;
        tracing::info!(migration = name, "applied migration {name}");
    }
    Ok(())
}
