//! Opening and closing the file: the writer's lock, the checks before the first write, the pragmas, the way out.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::StoreError;
use super::migrate::{self, Found};

/// The first SQLite without the WAL-reset bug, which can corrupt a database that two processes use.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Of the database and the lock, before the umask: the group may read, others may not.
const FILE_MODE: u32 = 0o640;

/// The one writing connection, with the lock that makes it the one.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
    /// The schema that the file had; 0 for a new one.
    pub(super) found: u32,
    /// Held as long as this value lives; the system releases it even on a kill.
    lock: File,
    /// Device and inode of the database, to notice when another file takes its place.
    identity: (u64, u64),
}

impl Writer {
    /// Locks, checks, opens and migrates the archive at `path`; creates it where there is none.
    ///
    /// Nothing is written before it is clear that the file is an archive of a schema that this program knows.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(StoreError::SqliteTooOld { found: rusqlite::version() });
        }
        if path.exists() {
            inspect_read_only(path)?;
        }
        let lock = lock(path)?;
        create(path)?;
        let sql = |error| StoreError::sqlite(path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(path, flags).map_err(sql)?;
        // SQLite opens for reading what it may not write, and would fail later, somewhere.
        if db.is_readonly("main").map_err(sql)? {
            let read_only = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY);
            return Err(sql(rusqlite::Error::SqliteFailure(read_only, None)));
        }
        // Once more, under the lock: another writer may have migrated it meanwhile.
        let found = if let Found::Archive(version) = migrate::inspect(&db, path)? { version } else { 0 };
        configure(&db).map_err(sql)?;
        migrate::migrate(&mut db, found).map_err(sql)?;
        let identity = identity(path).map_err(|error| StoreError::io(path, error))?;
        Ok(Self { db, path: path.to_owned(), found, lock, identity })
    }

    /// Whether the names still lead to the files that are open.
    pub(super) fn is_in_place(&self) -> bool {
        let lock = self.lock.metadata().map(|lock| (lock.dev(), lock.ino()));
        identity(&self.path).is_ok_and(|found| found == self.identity)
            && identity(&lock_path(&self.path)).is_ok_and(|found| lock.is_ok_and(|lock| lock == found))
    }

    /// Leaves one self-contained file behind, which also those can open who may only read.
    ///
    /// A file in WAL mode opens for reading only where `-wal` and `-shm` lie beside it or can be created, and a member
    /// of the group may not create them. So the journal mode goes back to DELETE, which empties and removes both.
    /// While another program has the file open that is refused; then the emptied `-wal` and the `-shm` stay, which
    /// serves readers just as well (`NO_CKPT_ON_CLOSE` keeps SQLite from removing them).
    pub(super) fn close(self) -> Result<(), StoreError> {
        let sql = |error| StoreError::sqlite(&self.path, error);
        self.db.flush_prepared_statement_cache();
        // Statistics for the query planner; looks only at tables that changed much.
        self.db.execute_batch("PRAGMA optimize").map_err(sql)?;
        // Nobody waits for a reader at shutdown.
        self.db.pragma_update(None, "busy_timeout", 0).map_err(sql)?;
        let journal = |mode| self.db.pragma_update_and_check(None, "journal_mode", mode, |row| row.get::<_, String>(0));
        match journal("DELETE") {
            Ok(_) => {}
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(sql)?;
            }
            Err(error) => return Err(sql(error)),
        }
        self.db.close().map_err(|(_, error)| StoreError::sqlite(&self.path, error))
    }
}

/// Opens the archive at `path` for reading, beside a writer or without one.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    if !path.exists() {
        return Err(StoreError::Missing { path: path.to_owned() });
    }
    let db = inspect_read_only(path)?;
    match migrate::inspect(&db, path)? {
        Found::Archive(found) if found == migrate::newest() => Ok(db),
        Found::Archive(found) => {
            Err(StoreError::OlderSchema { path: path.to_owned(), found, known: migrate::newest() })
        }
        Found::Empty => Err(StoreError::Foreign { path: path.to_owned(), what: "an empty file" }),
    }
}

/// Looks at the file through a connection that cannot write.
fn inspect_read_only(path: &Path) -> Result<Connection, StoreError> {
    if path.is_dir() {
        return Err(StoreError::Foreign { path: path.to_owned(), what: "a folder" });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sql = |error| StoreError::sqlite(path, error);
    let db = Connection::open_with_flags(path, flags).map_err(|error| match File::open(path) {
        // SQLite does not say why it cannot open a file; the system does.
        Err(why) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => StoreError::io(path, why),
        _ => sql(error),
    })?;
    db.pragma_update(None, "busy_timeout", READER_BUSY_TIMEOUT_MS).map_err(sql)?;
    migrate::inspect(&db, path)?;
    Ok(db)
}

/// Readers never hold up the writer in WAL mode; this is for the moments when the mode changes, and for a `sqlite3`
/// in which somebody forgot a transaction. The writer thread tries again after it; short, so that it hears in between
/// that the store is to be closed.
const BUSY_TIMEOUT_MS: i32 = 1_000;

/// The same for readers, which do not try again.
const READER_BUSY_TIMEOUT_MS: i32 = 10_000;

fn configure(db: &Connection) -> rusqlite::Result<()> {
    // First of all, so that what follows waits rather than fails.
    db.pragma_update(None, "busy_timeout", BUSY_TIMEOUT_MS)?;
    // Readers never block and are never blocked.
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // In WAL mode a power cut costs the last commits but no consistency: what they did falls due again.
    db.pragma_update(None, "synchronous", "NORMAL")?;
    // Off by default in SQLite. A row never points to nothing.
    db.pragma_update(None, "foreign_keys", true)?;
    // 8 MiB: holds the upper pages of all indexes. The peak memory of the whole process has to stay small.
    db.pragma_update(None, "cache_size", -8_192)?;
    // Off: mapped pages count as the process's memory, and an I/O error on one is a SIGBUS.
    db.pragma_update(None, "mmap_size", 0)?;
    // Sorting stays in memory: the hardened unit may have no other place to write.
    db.pragma_update(None, "temp_store", "MEMORY")?;
    // A burst does not leave a large `-wal` behind for good.
    db.pragma_update(None, "journal_size_limit", 16 << 20)?;
    // See `Writer::close`.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // A schema from the file calls no function that could do harm.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // Plans depend on the statement alone: else the planner looks at the bound values too (STAT4) and prepares a statement
    // again whenever they change.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // More than the statements there are, so that none is prepared twice.
    db.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Creates the file, so that it has our mode and not SQLite's.
///
/// One that exists is left to SQLite: closing any other handle of it would drop the locks that SQLite holds on it in
/// this process, as POSIX has it.
fn create(path: &Path) -> Result<(), StoreError> {
    match OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(StoreError::io(path, error)),
        _ => Ok(()),
    }
}

/// Device and inode of the file that a path leads to.
fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Takes the writer's lock: `tearsheet.db.lock` beside the database, with the holder's process id as its text.
///
/// The file stays when the lock is released: removing it would let two writers lock two files of one name.
fn lock(database: &Path) -> Result<File, StoreError> {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| matches!(folder.try_exists(), Ok(false))) {
        return Err(StoreError::NoFolder { path: database.to_owned(), folder: folder.to_owned() });
    }
    let path = lock_path(database);
    let io = |error| StoreError::io(&path, error);
    let mut options = OpenOptions::new();
    let mut file =
        options.read(true).write(true).create(true).truncate(false).mode(FILE_MODE).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0).map_err(io)?;
            file.seek(SeekFrom::Start(0)).map_err(io)?;
            writeln!(file, "{}", std::process::id()).map_err(io)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            file.take(32).read_to_string(&mut text).map_err(io)?;
            Err(StoreError::Locked { path: database.to_owned(), pid: text.trim().parse().ok() })
        }
        Err(TryLockError::Error(error)) => Err(io(error)),
    }
}
