//! Why the archive could not be opened, read or written, sorted by what the caller should do.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use thiserror::Error;

/// Why the store did not do what was asked. Cheap to clone: every caller of a failed batch gets the same one.
#[derive(Debug, Clone, Error)]
pub enum StoreError {
    /// Another process writes to this archive: stop it, or wait for it.
    #[error("{} is being written by another tearsheet{}", .path.display(), holder(*.pid))]
    Locked {
        /// The database.
        path: PathBuf,
        /// The process that holds the lock, where it left its id.
        pid: Option<u32>,
    },
    /// Written by a newer program: upgrade this one.
    #[error("{} has schema {found}, this program knows schemas up to {known}: use the newer tearsheet that wrote it", .path.display())]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// The schema of the file.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// Written by an older program and opened for reading only: `tearsheet migrate` upgrades it.
    #[error("{} has schema {found}, this program reads schema {known}: run `tearsheet migrate` first", .path.display())]
    OlderSchema {
        /// The database.
        path: PathBuf,
        /// The schema of the file.
        found: u32,
        /// The schema that this program reads.
        known: u32,
    },
    /// There is nothing to read yet.
    #[error("{} does not exist: `tearsheet run` or `once` creates it", .path.display())]
    Missing {
        /// The database.
        path: PathBuf,
    },
    /// There is no folder to make the database in: create it, or name another in the config.
    #[error("{} cannot be created: the folder {} does not exist (`path` in [store] names the database)", .path.display(), .folder.display())]
    NoFolder {
        /// The database.
        path: PathBuf,
        /// Where it would be.
        folder: PathBuf,
    },
    /// The file is somebody else's: the config names the wrong one.
    #[error("{} is not a tearsheet archive: {what}", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        what: &'static str,
    },
    /// The SQLite that was compiled in has the WAL-reset bug.
    #[error("SQLite {found} can corrupt a database in WAL mode, at least 3.51.3 is needed")]
    SqliteTooOld {
        /// Its version.
        found: &'static str,
    },
    /// The file is damaged: restore a backup, or salvage it with `sqlite3 FILE .dump`.
    #[error("{} is damaged", .path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        source: Arc<rusqlite::Error>,
    },
    /// The file or its folder may not be written.
    #[error("{} cannot be written: the file, its folder or the file system is read-only for this user", .path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        source: Arc<rusqlite::Error>,
    },
    /// Another program holds the database; later it may go.
    #[error("{} is held by another program", .path.display())]
    Busy {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        source: Arc<rusqlite::Error>,
    },
    /// No space is left where the database lives.
    #[error("the disk that holds {} is full", .path.display())]
    DiskFull {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        source: Arc<rusqlite::Error>,
    },
    /// The file, its folder or the lock beside it could not be opened or created.
    #[error("cannot open {}", .path.display())]
    Open {
        /// The file that could not be opened.
        path: PathBuf,
        /// What the system says.
        source: Arc<io::Error>,
    },
    /// The file or its lock was deleted or replaced under the program: what is written goes nowhere.
    #[error("{} is no longer the file that was opened: it, or the lock beside it, was deleted or replaced", .path.display())]
    Displaced {
        /// The database.
        path: PathBuf,
    },
    /// The disk fails to read or write: look at the system's log.
    #[error("{} cannot be read or written", .path.display())]
    Io {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        source: Arc<rusqlite::Error>,
    },
    /// Any other refusal of SQLite: a bug.
    #[error("{} refuses a statement", .path.display())]
    Sql {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        source: Arc<rusqlite::Error>,
    },
    /// A bug: the verb panicked. Nothing of it was stored, and the others went on.
    #[error("a write to {} panicked: {message}", .path.display())]
    Panicked {
        /// The database.
        path: PathBuf,
        /// What the panic said.
        message: String,
    },
    /// The store was closed before the verb was done.
    #[error("the store of {} is closed", .path.display())]
    Closed {
        /// The database.
        path: PathBuf,
    },
}

impl StoreError {
    /// Sorts an error of SQLite by what can be done about it.
    pub(super) fn sqlite(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        // Where the shared memory beside the database cannot grow: the disk is full.
        let no_room = error.sqlite_error().is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE);
        let code = if no_room { Some(ErrorCode::DiskFull) } else { error.sqlite_error_code() };
        let source = Arc::new(error);
        match code {
            Some(ErrorCode::NotADatabase) => Self::Foreign { path, what: "not a SQLite database" },
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt { path, source },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path, source },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path, source },
            Some(ErrorCode::CannotOpen) => Self::Open { path, source: Arc::new(io::Error::other(source)) },
            Some(ErrorCode::DiskFull) => Self::DiskFull { path, source },
            Some(ErrorCode::SystemIoFailure) => Self::Io { path, source },
            _ => Self::Sql { path, source },
        }
    }

    /// Whether the same write may succeed later without anybody touching the program: the cause is outside, and passes or
    /// is mended there.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::DiskFull { .. } | Self::ReadOnly { .. } | Self::Io { .. })
    }

    /// An error of the file system about `path`.
    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            let full = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
            let source = Arc::new(rusqlite::Error::SqliteFailure(full, Some(error.to_string())));
            return Self::DiskFull { path: path.to_owned(), source };
        }
        Self::Open { path: path.to_owned(), source: Arc::new(error) }
    }
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}
