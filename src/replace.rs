//! A file replaced as a whole: whoever reads it sees the old one or the new one, also after a crash.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::process;

/// A new file beside the one whose place it takes. Dropped before [`Replacement::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Replacement {
    target: PathBuf,
    beside: PathBuf,
    file: File,
    is_finished: bool,
}

impl Replacement {
    /// Begins a file for the place of `path`, with the owner and the mode of the one that is there. Where `path` is a
    /// symbolic link, what it leads to is replaced, and the link stays.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let target = match fs::canonicalize(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            target => target?,
        };
        let beside = beside(&target)?;
        let old = match fs::metadata(&target) {
            Ok(old) if !old.is_file() => return Err(io::Error::other("it is not a regular file")),
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        // Until it has the old one's owner, nobody else may read it.
        let mode = if old.is_some() { 0o600 } else { 0o666 };
        let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside)?;
        let replacement = Self { target, beside, file, is_finished: false };
        if let Some(old) = old {
            let own = replacement.file.metadata()?;
            if (own.uid(), own.gid()) != (old.uid(), old.gid()) {
                fchown(&replacement.file, Some(old.uid()), Some(old.gid()))?;
            }
            replacement.file.set_permissions(old.permissions())?;
        }
        Ok(replacement)
    }

    /// Puts the new file in the old one's place, once its bytes are on the disk.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.beside, &self.target)?;
        self.is_finished = true;
        // The new name is in the folder; that it survives a crash of the machine, not all file systems can promise.
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.is_finished {
            // It may be gone already, and there is nobody to tell.
            drop(fs::remove_file(&self.beside));
        }
    }
}

/// `.NAME.PID.new` in the folder of `target`: hidden, so that no pattern of an `include` finds it.
fn beside(target: &Path) -> io::Result<PathBuf> {
    let Some(name) = target.file_name() else { return Err(io::Error::other("it has no name of a file")) };
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.new", process::id()));
    Ok(target.with_file_name(hidden))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::io::Write;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::Replacement;

    #[test]
    fn replaces_what_a_link_leads_to_and_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, Permissions::from_mode(0o640)).unwrap();
        symlink("real", &link).unwrap();
        let mut new = Replacement::begin(&link).unwrap();
        new.write_all(b"new").unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"old");
        new.finish().unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn unfinished_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut new = Replacement::begin(&folder.path().join("file")).unwrap();
        new.write_all(b"half").unwrap();
        drop(new);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Replacement::begin(folder.path()).is_err());
    }
}
