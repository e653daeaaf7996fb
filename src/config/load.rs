//! From a path to a [`Config`]: reads the file, then its includes, then puts them together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use toml::de::DeTable;

use super::expand::reason;
use super::finding::{ConfigErrors, Finding, Findings, Place, SourceFile, shown};
use super::include::{self, Kind};
use super::limits::{MAX_FILE, MAX_INCLUDES};
use super::opml;
use super::raw::{Include, RawConfig};
use super::resolve::{Resolved, resolve};
use super::table::Context;
use super::world::World;
use super::{Config, FeedSettings, SelectorCheck};

/// Reads a config from `world`.
pub(super) fn load(path: &Path, selectors: SelectorCheck, world: &dyn World) -> Result<Config, ConfigErrors> {
    let findings = Findings::default();
    let mut loader = Loader {
        findings: &findings,
        world,
        selectors,
        raw: RawConfig::default(),
        empty_includes: Vec::new(),
        read: 0,
        is_whole: true,
    };
    let main = loader.load(path);
    let Loader { raw, empty_includes, is_whole, .. } = loader;
    let resolved = resolve(&raw, is_whole, &findings);
    if resolved.feeds.is_empty() && !findings.has_errors() {
        findings.warn(&Place::whole(&main), "there is no feed in this config");
    }
    let warnings = findings.finish()?;
    Ok(put_together(path.to_owned(), raw, warnings, empty_includes, resolved))
}

/// The parts as one config.
pub(super) fn put_together(
    path: PathBuf,
    raw: RawConfig,
    warnings: Vec<Finding>,
    empty_includes: Vec<String>,
    resolved: Resolved,
) -> Config {
    let mut defaults = FeedSettings::default();
    raw.defaults.apply(&mut defaults);
    let RawConfig { store, fetch, log, .. } = raw;
    let Resolved { feeds, groups, hosts } = resolved;
    let by_slug = feeds.iter().enumerate().map(|(index, feed)| (feed.slug.clone(), index)).collect();
    Config { path, store, fetch, defaults, feeds, groups, hosts, log, warnings, empty_includes, by_slug }
}

struct Loader<'l> {
    findings: &'l Findings,
    world: &'l dyn World,
    selectors: SelectorCheck,
    raw: RawConfig,
    empty_includes: Vec<String>,
    /// Files so far.
    read: usize,
    /// Whether all of them could be read.
    is_whole: bool,
}

impl Loader<'_> {
    /// Reads the config and its includes.
    fn load(&mut self, path: &Path) -> Rc<SourceFile> {
        let file = match self.open(path, Kind::Toml) {
            Ok(file) => file,
            Err(problem) => {
                self.is_whole = false;
                let file = SourceFile::new(path.to_owned(), 0, String::new());
                self.findings.error(&Place::whole(&file), format!("cannot read the config: {problem}"));
                return file;
            }
        };
        let includes = self.toml(&file, RawConfig::read_main).unwrap_or_default();
        // With the config itself, which includes nothing twice either.
        let mut seen = BTreeSet::from([path.to_owned()]);
        for include in includes {
            for (kind, path) in self.files(&include, path.parent().unwrap_or(Path::new(""))) {
                // A pattern and a name may both name it; once is enough.
                if !seen.insert(path.clone()) {
                    continue;
                }
                if seen.len() > MAX_INCLUDES + 1 {
                    self.findings.error(&include.place, format!("include: more than {MAX_INCLUDES} files"));
                    return file;
                }
                self.include(kind, &path, &include.place);
            }
        }
        file
    }

    fn files(&mut self, include: &Include, folder: &Path) -> Vec<(Kind, PathBuf)> {
        match include::files(&include.pattern, folder, self.world) {
            Ok((kind, files)) => {
                if files.is_empty() {
                    self.empty_includes.push(include.pattern.clone());
                    self.findings
                        .warn(&include.place, format!("include: no file matches \"{}\"", shown(&include.pattern)));
                }
                files.into_iter().map(|file| (kind, file)).collect()
            }
            Err(problem) => {
                self.is_whole = false;
                self.findings.error(&include.place, format!("include: {problem}"));
                Vec::new()
            }
        }
    }

    fn include(&mut self, kind: Kind, path: &Path, place: &Place) {
        let file = match self.open(path, kind) {
            Ok(file) => file,
            Err(problem) => {
                self.is_whole = false;
                self.findings
                    .error(place, format!("include: cannot read {}: {problem}", shown(&path.display().to_string())));
                return;
            }
        };
        match kind {
            Kind::Toml => {
                self.toml(&file, RawConfig::read_included);
            }
            Kind::Opml => self.raw.outlines.extend(opml::read(&file, self.findings)),
        }
    }

    /// Parses TOML and hands its tables to `read`; `None` when it is no TOML.
    fn toml<T>(
        &mut self,
        file: &Rc<SourceFile>,
        read: impl FnOnce(&mut RawConfig, DeTable<'_>, &Context<'_>) -> T,
    ) -> Option<T> {
        match DeTable::parse(file.text()) {
            Ok(table) => {
                let context = Context { file, findings: self.findings, world: self.world, selectors: self.selectors };
                Some(read(&mut self.raw, table.into_inner(), &context))
            }
            Err(error) => {
                self.is_whole = false;
                let span = error.span().unwrap_or(0..0);
                self.findings.error(&Place::new(file, &span), format!("not TOML: {}", error.message()));
                None
            }
        }
    }

    /// Reads a file's text. A byte order mark is dropped, so that columns are those of an editor.
    fn open(&mut self, path: &Path, kind: Kind) -> Result<Rc<SourceFile>, String> {
        let bytes = self.world.read(path, MAX_FILE + 1).map_err(|error| reason(&error))?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(format!("it is larger than {} MiB", MAX_FILE >> 20));
        }
        let index = self.read;
        self.read += 1;
        let text = match kind {
            Kind::Opml => opml::decode(&bytes),
            Kind::Toml => match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => {
                    self.is_whole = false;
                    let valid = error.utf8_error().valid_up_to();
                    let text = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
                    let file = SourceFile::new(path.to_owned(), index, text);
                    self.findings.error(&Place::new(&file, &(valid..valid)), "not TOML: not UTF-8");
                    return Ok(SourceFile::new(path.to_owned(), index, String::new()));
                }
            },
        };
        let text = text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned);
        Ok(SourceFile::new(path.to_owned(), index, text))
    }
}
