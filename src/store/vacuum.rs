//! Giving back to the file system what deleting has left free in the file.
//!
//! SQLite uses free pages again, so an archive that keeps growing needs none of this. The whole file is written anew, into
//! a temporary file beside the archive and from there through the journal: that takes twice the size of what is stored, and
//! it is looked at first whether there is as much. Whatever happens meanwhile, the archive stays whole.

use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::disk::{folder_of, free_bytes};
use super::error::StoreError;
use super::open::Writer;
use crate::model::size::Bytes;

/// How large the file was and is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vacuumed {
    /// Bytes before.
    pub before: u64,
    /// Bytes now.
    pub after: u64,
}

/// Why the file was not written anew. It is as it was.
#[derive(Debug, Error)]
pub enum VacuumError {
    /// As with any other writing.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file system has too little room for the copy: make some, or do without.
    #[error("not enough room in {} to write the archive anew: {needed} needed, {free} free", .folder.display())]
    NoRoom {
        /// Where it would be written.
        folder: PathBuf,
        /// How much is needed.
        needed: Bytes,
        /// How much there is.
        free: Bytes,
    },
}

/// Writes the archive at `path` anew, without free pages. Refused when another process writes to it.
pub fn vacuum(path: &Path) -> Result<Vacuumed, VacuumError> {
    let writer = Writer::open(path)?;
    let rewritten = rewrite(&writer);
    // Also when it was refused: what is left behind is one file.
    let closed = writer.close();
    let before = rewritten?;
    closed?;
    let after = fs::metadata(path).map_err(|error| StoreError::io(path, error))?.len();
    Ok(Vacuumed { before, after })
}

/// Does it, and returns how large the file was.
fn rewrite(writer: &Writer) -> Result<u64, VacuumError> {
    let (db, path) = (&writer.db, writer.path.as_path());
    let sql = |error| StoreError::sqlite(path, error);
    let pragma = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, u64>(0)).map_err(sql);
    let (page_size, pages, free_pages) = (pragma("page_size")?, pragma("page_count")?, pragma("freelist_count")?);
    let folder = folder_of(path);
    let needed = pages.saturating_sub(free_pages).saturating_mul(page_size).saturating_mul(2);
    let free = free_bytes(folder).map_err(|error| StoreError::io(folder, error))?;
    if free < needed {
        return Err(VacuumError::NoRoom { folder: folder.to_owned(), needed: Bytes(needed), free: Bytes(free) });
    }
    // In memory, where temporary tables usually are, it would be all of the archive; and the system's folder for temporary
    // files often is memory too.
    db.pragma_update(None, "temp_store", "FILE").map_err(sql)?;
    if let Some(folder) = folder.to_str() {
        db.pragma_update(None, "temp_store_directory", folder).map_err(sql)?;
    }
    db.execute_batch("VACUUM").map_err(sql)?;
    Ok(pages.saturating_mul(page_size))
}
