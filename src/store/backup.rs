//! A copy of the archive, made beside a running daemon or without one, and proven before it gets its name.
//!
//! Made with SQLite's backup API: pages are copied as they are, in constant memory and at the speed of the disk. `VACUUM INTO`
//! would give a smaller file, but builds every index anew, cannot be stopped in between, and stops at the first damaged
//! row instead of saving the rest.
//!
//! The one trap of that API is that it begins anew whenever somebody else writes between two steps, so that beside a busy
//! daemon it never ends. Here the source's connection holds one read transaction over all steps: they see one snapshot,
//! whatever is written meanwhile. In WAL mode that holds up no writer; all it costs is that the `-wal` file cannot be
//! emptied while the copy is made. Only a daemon that *starts* meanwhile on a file at rest waits for its end.
//!
//! The copy is written to `FILE.partial`, opened again and checked (`PRAGMA integrity_check`, which unlike `quick_check` also
//! compares every index with its table; foreign keys; schema; the number of rows), synced, and only then renamed. So what
//! is called FILE is whole, whenever the program or the machine stops. A `FILE.partial` of a killed run is replaced.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::ffi::{self, SQLITE_BUSY};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use thiserror::Error;

use super::error::StoreError;
use super::migrate::{self, Found};
use super::open::open_reader;
use super::values::{BackedUp, Rows};

/// As the archive's own, before the umask: the group may read, others may not.
const FILE_MODE: u32 = 0o640;

/// Pages a step: 4 MiB. Between two steps the copy can be called off.
const STEP: i32 = 1024;

/// Files that SQLite, or the writer's lock, puts beside a database.
const COMPANIONS: [&str; 4] = ["-wal", "-shm", "-journal", ".lock"];

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(StoreError),
    /// The copy cannot be written, or turns out to be unreadable.
    #[error("cannot write the copy")]
    Copy(#[source] StoreError),
    /// FILE must not be written: it exists, is the archive itself, or no place for a file.
    #[error("cannot write the copy: {} {why}", .file.display())]
    Refused {
        /// Where the copy was to be.
        file: PathBuf,
        /// What is in the way.
        why: String,
    },
    /// The system refuses.
    #[error("cannot write the copy {}", .file.display())]
    Io {
        /// What could not be opened, synced or renamed.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The copy was made and is not what it should be: the archive or the disk is damaged.
    #[error("the copy of {} does not hold: {what}", .archive.display())]
    Faulty {
        /// The archive.
        archive: PathBuf,
        /// What the check found.
        what: String,
    },
    /// It was called off.
    #[error("called off, there is no copy")]
    CalledOff,
}

/// Copies the archive to `file`; with `force` also over another file of that name.
///
/// `go_on` is asked between the steps with the share of pages copied, from 0 to 1. On any error, and when called off, nothing of the
/// copy stays behind and a file of that name is as it was.
pub fn backup(
    archive: &Path,
    file: &Path,
    force: bool,
    go_on: &mut dyn FnMut(f64) -> bool,
) -> Result<BackedUp, BackupError> {
    let source = open_reader(archive).map_err(BackupError::Archive)?;
    refuse(archive, file, force)?;
    let partial = Partial::create(file)?;
    let rows = copy(&source, archive, &partial.path, file, go_on)?;
    drop(source);
    verify(archive, &partial.path, file, rows)?;
    if !go_on(1.0) {
        return Err(BackupError::CalledOff);
    }
    // Once more: much time has passed.
    refuse(archive, file, force)?;
    let bytes = partial.rename(file)?;
    Ok(BackedUp { bytes, rows })
}

/// Copies one snapshot into the empty database at `partial`; returns the number of rows in it.
fn copy(
    source: &Connection,
    archive: &Path,
    partial: &Path,
    file: &Path,
    go_on: &mut dyn FnMut(f64) -> bool,
) -> Result<Rows, BackupError> {
    let from = |error| BackupError::Archive(StoreError::sqlite(archive, error));
    let into = |error| BackupError::Copy(StoreError::sqlite(file, error));
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(partial, flags).map_err(into)?;
    // Nobody else knows the file: no shared memory beside it, and no way back is needed. It is synced as a whole at the end.
    copy.execute_batch("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        .map_err(into)?;
    let snapshot = source.unchecked_transaction().map_err(from)?;
    let rows = count(&snapshot).map_err(from)?;
    let backup = Backup::new(&snapshot, &mut copy).map_err(into)?;
    loop {
        match backup.step(STEP) {
            Ok(StepResult::Done) => break,
            Ok(StepResult::More) => {}
            // Busy or locked: somebody holds the new file, of which nobody knows.
            Ok(_) => return Err(into(rusqlite::Error::SqliteFailure(ffi::Error::new(SQLITE_BUSY), None))),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => return Err(from(error)),
            Err(error) => return Err(into(error)),
        }
        let progress = backup.progress();
        let done = 1.0 - f64::from(progress.remaining) / f64::from(progress.pagecount.max(1));
        if !go_on(done) {
            return Err(BackupError::CalledOff);
        }
    }
    drop(backup);
    drop(snapshot);
    // Beside a running daemon the copy says of itself that it has a `-wal`; a file alone opens also for those who may only read.
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).map_err(into)?;
    copy.close().map_err(|(_, error)| into(error))?;
    Ok(rows)
}

/// Reads the copy from its first to its last page.
fn verify(archive: &Path, partial: &Path, file: &Path, expected: Rows) -> Result<(), BackupError> {
    let faulty = |what: String| BackupError::Faulty { archive: archive.to_owned(), what };
    let sql = |error| BackupError::Copy(StoreError::sqlite(file, error));
    let copy = open_reader(partial).map_err(|error| faulty(error.to_string()))?;
    let found = migrate::inspect(&copy, partial).map_err(|error| faulty(error.to_string()))?;
    if !matches!(found, Found::Archive(version) if version == migrate::newest()) {
        return Err(faulty("another schema".to_owned()));
    }
    let mode: String = copy.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(sql)?;
    if mode != "delete" {
        return Err(faulty(format!("journal mode {mode}")));
    }
    let check: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(sql)?;
    if check != "ok" {
        return Err(faulty(check));
    }
    let orphan = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(2)?));
    let mut orphans = copy.prepare("PRAGMA foreign_key_check").map_err(sql)?;
    if let Some(found) = orphans.query_map([], orphan).map_err(sql)?.next() {
        let (child, parent) = found.map_err(sql)?;
        return Err(faulty(format!("a row of {child} points to one of {parent} that is not there")));
    }
    let rows = count(&copy).map_err(sql)?;
    if rows != expected {
        return Err(faulty(format!("{rows:?} where the archive has {expected:?}")));
    }
    Ok(())
}

fn count(db: &Connection) -> rusqlite::Result<Rows> {
    db.query_row(
        "SELECT (SELECT count(*) FROM feeds), (SELECT count(*) FROM entries), (SELECT count(*) FROM articles),
         (SELECT count(*) FROM revisions), (SELECT count(*) FROM raw_pages)
         + (SELECT count(*) FROM article_parts WHERE zstd IS NOT NULL)",
        [],
        |row| {
            let (feeds, entries, articles) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Rows { feeds, entries, articles, revisions: row.get(3)?, raw_pages: row.get(4)? })
        },
    )
}

/// Refuses a name at which something would be lost.
fn refuse(archive: &Path, file: &Path, force: bool) -> Result<(), BackupError> {
    let refused = |why: &str| Err(BackupError::Refused { file: file.to_owned(), why: why.to_owned() });
    let Some(name) = file.file_name().filter(|_| !file.to_string_lossy().ends_with('/')) else {
        return refused("is no name of a file");
    };
    let folder = folder(file);
    match fs::metadata(folder) {
        Ok(found) if !found.is_dir() => return refused(&format!("cannot be: {} is no folder", folder.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return refused(&format!("cannot be: the folder {} does not exist", folder.display()));
        }
        _ => {}
    }
    // By the file behind the name, so that links are seen through.
    if is_same(fs::metadata(archive), fs::metadata(file)) {
        return refused("is the archive itself");
    }
    if is_same(fs::metadata(self::folder(archive)), fs::metadata(folder))
        && COMPANIONS.iter().any(|suffix| Some(name) == with_suffix(archive, suffix).file_name())
    {
        return refused("belongs to the archive");
    }
    // SQLite would take the one left of another database for the copy's own, and damage it.
    let companion = COMPANIONS[..3].iter().map(|suffix| with_suffix(file, suffix)).find(|path| exists(path));
    if let Some(companion) = companion {
        return refused(&format!("is a database in use: there is {}", companion.display()));
    }
    match fs::symlink_metadata(file) {
        Ok(found) if found.is_dir() => refused("is a folder"),
        Ok(_) if !force => refused("exists (--force replaces it)"),
        Ok(found) if !found.is_file() && !found.is_symlink() => refused("is no regular file"),
        _ => Ok(()),
    }
}

/// The copy until it is proven. Dropped before that, it is removed.
struct Partial {
    path: PathBuf,
    /// Held and locked to the end, so that two copies of one name do not mix.
    handle: File,
}

impl Partial {
    /// Creates `FILE.partial`, in the place of one that a killed run left behind.
    fn create(file: &Path) -> Result<Self, BackupError> {
        let path = with_suffix(file, ".partial");
        let io = |source| BackupError::Io { file: path.clone(), source };
        let refused = |why: &str| BackupError::Refused { file: path.clone(), why: why.to_owned() };
        loop {
            match OpenOptions::new().read(true).write(true).create_new(true).mode(FILE_MODE).open(&path) {
                Ok(handle) => {
                    handle.try_lock().map_err(|error| io(error.into()))?;
                    for suffix in COMPANIONS {
                        remove(&with_suffix(&path, suffix)).map_err(io)?;
                    }
                    return Ok(Self { path, handle });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(io(error)),
            }
            // Looked at before it is opened: opening a pipe would wait for ever.
            match fs::symlink_metadata(&path) {
                Ok(found) if !found.is_file() => return Err(refused("exists and is no partial copy")),
                _ => {}
            }
            let stale = match File::open(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                opened => opened.map_err(io)?,
            };
            match stale.try_lock() {
                // Else it got its name, or was removed, just now.
                Ok(()) if is_same(stale.metadata(), fs::symlink_metadata(&path)) => remove(&path).map_err(io)?,
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(refused("is being written by another backup")),
                Err(TryLockError::Error(error)) => return Err(io(error)),
            }
        }
    }

    /// Makes it last and gives it its name; returns its size.
    fn rename(self, file: &Path) -> Result<u64, BackupError> {
        let io = |source| BackupError::Io { file: file.to_owned(), source };
        self.handle.sync_all().map_err(io)?;
        let found = self.handle.metadata().map_err(io)?;
        if !is_same(Ok(found.clone()), fs::symlink_metadata(&self.path)) {
            let why = "was replaced while it was written".to_owned();
            return Err(BackupError::Refused { file: self.path.clone(), why });
        }
        fs::rename(&self.path, file).map_err(io)?;
        // The name lasts when its folder does.
        File::open(folder(file)).and_then(|folder| folder.sync_all()).map_err(io)?;
        Ok(found.len())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After the rename there is nothing of that name, or somebody else's next copy.
        if is_same(self.handle.metadata(), fs::symlink_metadata(&self.path)) {
            for suffix in ["", "-wal", "-shm", "-journal"] {
                // What cannot be removed is removed by the next run.
                let _left = remove(&with_suffix(&self.path, suffix)).is_err();
            }
        }
    }
}

/// Removes a file that may be there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Whether both are there and are one file.
fn is_same(one: io::Result<Metadata>, other: io::Result<Metadata>) -> bool {
    matches!((one, other), (Ok(one), Ok(other)) if (one.dev(), one.ino()) == (other.dev(), other.ino()))
}
