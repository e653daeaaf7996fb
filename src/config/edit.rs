//! Feeds appended to a config file: all of them or none, and only when the config then still holds.
//!
//! Nothing that stands in the file is touched, so comments and layout stay. Apart from `world`, this is the only part of the
//! config that reads files, and the only one that writes them.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;
use toml::Value;
use url::Url;

use super::finding::ConfigErrors;
use super::limits::TITLE;
use super::opml::{self, one_line};
use super::world::{Machine, Reading, World};
use super::{Config, FeedConfig, SelectorCheck, load};
use crate::fingerprint::url_key;
use crate::model::id::Slug;
use crate::replace::Replacement;

/// A feed that is to be in the config. Its texts may come from anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeed {
    /// Its name.
    pub slug: Slug,
    /// Its address. `${…}` in it is no expansion.
    pub url: Url,
    /// Made one line without characters that steer a terminal.
    pub title: Option<String>,
    /// As `tags`.
    pub tags: Vec<String>,
    /// As `group`.
    pub group: Option<String>,
}

/// Why nothing was written.
#[derive(Debug, Error)]
pub enum EditError {
    /// The config does not hold as it is.
    #[error("the config does not hold as it is")]
    Broken(ConfigErrors),
    /// It would not hold with the new feeds.
    #[error("the config would not hold:\n{0}")]
    Refused(ConfigErrors),
    /// It would hold, but say something else than is wanted.
    #[error("{} cannot be added to: a feed would not be what was asked for", .path.display())]
    Misread {
        /// The file.
        path: PathBuf,
    },
    /// The config would not look into the file.
    #[error("{} is no TOML file that {} includes", .path.display(), .config.display())]
    NotIncluded {
        /// The file.
        path: PathBuf,
        /// The config.
        config: PathBuf,
    },
    /// Somebody else wrote to the file at the same time.
    #[error("{} was changed meanwhile: try again", .path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("cannot edit {}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// A config file that feeds are about to be added to. Other edits of files in its folder wait until it is dropped.
#[derive(Debug)]
pub struct Edit {
    /// As it was asked for.
    path: PathBuf,
    /// Behind symbolic links.
    target: PathBuf,
    /// What stands in it; `None` where there is no file yet.
    old: Option<Vec<u8>>,
    config: Config,
    /// The feeds of the config by the key of their address.
    by_key: HashMap<String, usize>,
    selectors: SelectorCheck,
    _lock: File,
}

/// An edit that holds, not written yet.
#[derive(Debug)]
pub struct Draft {
    edit: Edit,
    added: String,
    text: Vec<u8>,
}

impl Edit {
    /// Begins an edit of the config at `config`, or of the file `to` that it includes.
    pub fn begin(config: &Path, to: Option<&Path>, selectors: SelectorCheck) -> Result<Self, EditError> {
        if let Some(to) = to
            && to.extension().is_none_or(|end| !end.eq_ignore_ascii_case("toml"))
        {
            return Err(EditError::NotIncluded { path: to.to_owned(), config: config.to_owned() });
        }
        let path = to.unwrap_or(config).to_owned();
        let io = |source| EditError::Io { path: path.clone(), source };
        let target = real(&path).map_err(io)?;
        let lock = File::open(folder_of(&target)).and_then(|folder| folder.lock().map(|()| folder)).map_err(io)?;
        let old = content(&target).map_err(io)?;
        // Whoever edits the config need not hold its secrets.
        let config = Config::load_without_secrets(config, selectors).map_err(EditError::Broken)?;
        let keys = config.feeds.iter().enumerate().map(|(index, feed)| (url_key(feed.url.expose()), index));
        let by_key = keys.collect();
        Ok(Self { target, old, config, by_key, selectors, _lock: lock, path })
    }

    /// The feed of the config that has this address, however it is spelt.
    pub fn known(&self, url: &Url) -> Option<&FeedConfig> {
        self.by_key.get(&url_key(url)).and_then(|index| self.config.feeds.get(*index))
    }

    /// A name for each address that no feed of the config has.
    pub fn slugs(&self, urls: &[&Url]) -> Vec<Slug> {
        let taken: BTreeSet<&Slug> = self.config.feeds.iter().map(|feed| &feed.slug).collect();
        opml::slugs(urls, &taken)
    }

    /// Whether no feed of the config has this name.
    pub fn is_free(&self, slug: &Slug) -> bool {
        self.config.feed(slug).is_none()
    }

    /// Adds the feeds at the end of the file, and reads the config as it would then be.
    pub fn append(self, feeds: &[NewFeed]) -> Result<Draft, EditError> {
        let old = self.old.clone().unwrap_or_default();
        let newline = if old.windows(2).any(|pair| pair == b"\r\n") { "\r\n" } else { "\n" };
        let added = feeds.iter().map(table).collect::<Vec<_>>().join("\n").replace('\n', newline);
        let mut text = old;
        if !text.is_empty() {
            let separator = if text.ends_with(b"\n") { newline.to_owned() } else { newline.repeat(2) };
            text.extend_from_slice(separator.as_bytes());
        }
        text.extend_from_slice(added.as_bytes());
        let world = Edited { target: &self.target, text: &text, was_read: Cell::new(false) };
        let then = load::load(&self.config.path, self.selectors, &world).map_err(EditError::Refused)?;
        if !world.was_read.get() {
            return Err(EditError::NotIncluded { path: self.path, config: self.config.path });
        }
        let is_kept = |feed: &FeedConfig| then.feed(&feed.slug) == Some(feed);
        let is_added = |feed: &NewFeed| then.feed(&feed.slug).is_some_and(|found| *found.url.expose() == feed.url);
        let is_all = then.feeds.len() == self.config.feeds.len() + feeds.len();
        if !(is_all && self.config.feeds.iter().all(is_kept) && feeds.iter().all(is_added)) {
            return Err(EditError::Misread { path: self.path });
        }
        Ok(Draft { edit: self, added, text })
    }
}

impl Draft {
    /// What is added.
    pub fn added(&self) -> &str {
        &self.added
    }

    /// The file that is added to, as it was asked for.
    pub fn path(&self) -> &Path {
        &self.edit.path
    }

    /// Puts the new file in the place of the old one.
    pub fn write(self) -> Result<(), EditError> {
        let Edit { path, target, old, .. } = self.edit;
        let io = |source| EditError::Io { path: path.clone(), source };
        let mut new = Replacement::begin(&target).map_err(io)?;
        new.write_all(&self.text).map_err(io)?;
        // An editor knows nothing of the lock.
        if content(&target).map_err(io)? != old {
            return Err(EditError::Changed { path });
        }
        new.finish().map_err(io)
    }
}

/// This machine as it will be with the new text in its file.
struct Edited<'e> {
    target: &'e Path,
    text: &'e [u8],
    /// Whether the config looked into the file.
    was_read: Cell<bool>,
}

impl World for Edited<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        Machine.variable(name)
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        if real(path).is_ok_and(|path| path == self.target) {
            self.was_read.set(true);
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            return Ok(self.text[..self.text.len().min(limit)].to_owned());
        }
        Machine.read(path, limit)
    }

    fn stand_in(&self, name: &str) -> Option<String> {
        Reading.stand_in(name)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = Machine.list(folder)?;
        if real(folder).is_ok_and(|folder| folder == folder_of(self.target))
            && let Some(name) = self.target.file_name().and_then(|name| name.to_str())
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
        Ok(names)
    }
}

/// The path behind symbolic links, also of a file that does not exist yet.
fn real(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let Some(name) = path.file_name() else { return Err(error) };
            Ok(fs::canonicalize(folder_of(path))?.join(name))
        }
        real => real,
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn content(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        content => content.map(Some),
    }
}

/// The feed as a table of TOML.
fn table(feed: &NewFeed) -> String {
    let text = |text: &str| Value::String(text.to_owned()).to_string();
    let url = feed.url.as_str().replace("${", "$${");
    // Of all that a slug may hold, a dot alone means something in a name of TOML.
    let quote = if feed.slug.as_str().contains('.') { "\"" } else { "" };
    let mut table = format!("[feed.{quote}{}{quote}]\nurl = {}\n", feed.slug, text(&url));
    if let Some(title) = feed.title.as_deref().and_then(title) {
        table += &format!("title = {}\n", text(&title));
    }
    if let Some(group) = &feed.group {
        table += &format!("group = {}\n", text(group));
    }
    if !feed.tags.is_empty() {
        let tags: Vec<String> = feed.tags.iter().map(|tag| text(tag)).collect();
        table += &format!("tags = [{}]\n", tags.join(", "));
    }
    table
}

/// A title as the config may hold it; characters that turn the direction of text would let it pass for other keys.
fn title(text: &str) -> Option<String> {
    let turns =
        |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    one_line(&text.replace(turns, " "), TITLE)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use tempfile::TempDir;
    use url::Url;

    use super::super::{ANY_SELECTOR, Config};
    use super::{Edit, EditError, NewFeed};
    use crate::model::id::Slug;

    /// A folder with these files.
    fn folder(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    fn feed(url: &str, title: Option<&str>) -> NewFeed {
        let (slug, url) = (Slug::new("new.feed").unwrap(), Url::parse(url).unwrap());
        NewFeed { slug, url, title: title.map(str::to_owned), tags: Vec::new(), group: None }
    }

    fn append(folder: &TempDir, to: Option<&str>, feed: NewFeed) -> Result<PathBuf, EditError> {
        let config = folder.path().join("t.toml");
        let to = to.map(|name| folder.path().join(name));
        Edit::begin(&config, to.as_deref(), ANY_SELECTOR)?.append(&[feed])?.write()?;
        Ok(config)
    }

    #[track_caller]
    fn check(before: &str, after: &str) {
        let folder = folder(&[("t.toml", before)]);
        let config = append(&folder, None, feed("https://e.org/f", None)).unwrap();
        assert_eq!(fs::read_to_string(config).unwrap(), after);
    }

    #[test]
    fn what_stands_in_the_file_stays() {
        check("", "[feed.\"new.feed\"]\nurl = \"https://e.org/f\"\n");
        check("# x", "# x\n\n[feed.\"new.feed\"]\nurl = \"https://e.org/f\"\n");
        check("\u{feff}# x\r\n", "\u{feff}# x\r\n\r\n[feed.\"new.feed\"]\r\nurl = \"https://e.org/f\"\r\n");
    }

    /// The title and address that come out when these go in.
    #[track_caller]
    fn check_text(url: &str, title: &str, expected: Option<&str>) {
        let folder = folder(&[("t.toml", "")]);
        let path = append(&folder, None, feed(url, Some(title))).unwrap();
        let config = Config::load(&path, ANY_SELECTOR).unwrap();
        assert_eq!(config.feeds.len(), 1);
        assert_eq!(config.feeds[0].title.as_deref(), expected);
        assert_eq!(config.feeds[0].url.expose().as_str(), url);
    }

    #[test]
    fn hostile_texts_are_texts() {
        check_text("https://e.org/?a=${env:HOME}", "${env:HOME}", Some("${env:HOME}"));
        check_text("https://e.org/?a=$${file:/etc/passwd}$$${", "]\n[feed.x]\nurl='x'", Some("] [feed.x] url='x'"));
        check_text("https://e.org/'''", "\"'''\"\"\"\\u0041\\", Some("\"'''\"\"\"\\u0041\\"));
        check_text("https://e.org/", "a\u{1b}[31m\u{0}b\u{202e}c\u{85}\u{7f}", Some("a [31m b c"));
        check_text("https://e.org/", " \n\u{2029}", None);
        check_text("https://e.org/", &"x".repeat(5000), Some(&"x".repeat(1000)));
    }

    #[test]
    fn nothing_is_written_when_it_would_not_hold() {
        for before in ["feed = { a = { url = 'https://e.org/a' } }\n", "[feed.a]\nurl = 'https://e.org/f'\n"] {
            let folder = folder(&[("t.toml", before)]);
            let refused = append(&folder, None, feed("https://e.org/f", None));
            assert!(matches!(refused, Err(EditError::Refused(_))), "{refused:?}");
            assert_eq!(fs::read_to_string(folder.path().join("t.toml")).unwrap(), before);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn another_file_must_be_one_that_the_config_includes() {
        let folder = folder(&[("t.toml", "include = ['*.toml', 'x.opml']\n"), ("x.opml", "<opml/>"), ("y.conf", "")]);
        for name in ["x.opml", "y.conf", ".z.toml"] {
            let refused = append(&folder, Some(name), feed("https://e.org/f", None));
            assert!(matches!(refused, Err(EditError::NotIncluded { .. })), "{name} {refused:?}");
        }
        let config = append(&folder, Some("new.toml"), feed("https://e.org/f", None)).unwrap();
        let config = Config::load(&config, ANY_SELECTOR).unwrap();
        assert!(Path::new(&config.feeds[0].location).ends_with("new.toml:1"), "{}", config.feeds[0].location);
    }

    #[test]
    fn an_edit_beside_it_is_noticed() {
        let folder = folder(&[("t.toml", "")]);
        let config = folder.path().join("t.toml");
        let draft = Edit::begin(&config, None, ANY_SELECTOR).unwrap().append(&[feed("https://e.org/f", None)]).unwrap();
        fs::write(&config, "# mine").unwrap();
        assert!(matches!(draft.write(), Err(EditError::Changed { .. })));
        assert_eq!(fs::read_to_string(&config).unwrap(), "# mine");
    }

    #[test]
    fn addresses_are_known_however_they_are_spelt() {
        let folder = folder(&[("t.toml", "[feed.a]\nurl = 'https://www.e.org/f?utm_source=x'\n")]);
        let edit = Edit::begin(&folder.path().join("t.toml"), None, ANY_SELECTOR).unwrap();
        let known = edit.known(&Url::parse("http://e.org/f#top").unwrap()).unwrap();
        assert!(known.location.ends_with("t.toml:1"));
        assert!(edit.known(&Url::parse("http://e.org/g").unwrap()).is_none());
    }
}
