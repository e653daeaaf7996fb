//! What a config may ask of the machine that it is read on: environment variables and files. Handed in, so that the rest
//! of the config is pure.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The environment and the files around a config.
pub(super) trait World {
    /// An environment variable; `None` when it is not set or not UTF-8.
    fn variable(&self, name: &str) -> Option<String>;
    /// The first `limit` bytes of a file.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;
    /// The names of the files in a folder, in any order. Names that are not UTF-8 are left out.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// What stands for a secret that cannot be had, where nobody is going to use it.
    fn stand_in(&self, _name: &str) -> Option<String> {
        None
    }
}

/// The real one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Machine;

impl World for Machine {
    fn variable(&self, name: &str) -> Option<String> {
        env::var(name).ok()
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        // A pipe without a writer would be waited for for ever.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other(if path.is_dir() {
                "it is a folder"
            } else {
                "it is no file but a pipe or device"
            }));
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        // An empty path is the folder that the process runs in.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        Ok(names)
    }
}

/// The real one, for commands that only read the archive: a member of the group may do that without being trusted with the
/// secrets of the config.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading;

impl World for Reading {
    fn variable(&self, name: &str) -> Option<String> {
        Machine.variable(name)
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        Machine.read(path, limit)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        Machine.list(folder)
    }

    /// A URL, since it may be all of one, and another one for each name, since no two feeds have the same.
    fn stand_in(&self, name: &str) -> Option<String> {
        Some(format!("http://unknown.invalid/{}", name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")))
    }
}

/// A world of a test: what is not in it does not exist.
#[cfg(test)]
#[derive(Debug, Clone, Default)]
pub(super) struct TestWorld {
    variables: std::collections::BTreeMap<String, String>,
    files: std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>,
}

#[cfg(test)]
impl TestWorld {
    pub(super) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(super) fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.insert(path.into(), content.as_ref().to_owned());
        self
    }
}

#[cfg(test)]
impl World for TestWorld {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let content = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(content.iter().take(usize::try_from(limit).unwrap_or(usize::MAX)).copied().collect())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let names: Vec<String> = (self.files.keys())
            .filter(|path| path.parent() == Some(folder))
            .filter_map(|path| path.file_name()?.to_str().map(str::to_owned))
            .rev() // Any order.
            .collect();
        if names.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(names) }
    }
}
