//! `tearsheet import`: the feeds of another reader's export, written into the config. Asks no server.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use url::Url;

use super::add::{begin, holds_expansion, place, refused, tell_to_reload};
use super::configured::count;
use super::{CliError, configured, print};
use crate::config::edit::{Edit, NewFeed};
use crate::config::opml::{self, ListedFeed};
use crate::fingerprint::url_key;

/// Adds the feeds of an OPML file, such as another reader exports, to the config; folders become tags.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// The OPML file; `-` is standard input.
    #[arg(value_name = "FILE")]
    opml: PathBuf,
    /// Adds them to this file, one that the config includes.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Writes nothing, and prints what would be added.
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Adds the feeds that the config does not have, all of them or none, and says which were skipped.
pub(super) fn run(args: &ImportArgs, config: Option<&Path>, verbose: u8) -> Result<(), CliError> {
    let config = configured::load_to_read(config, verbose)?;
    let bytes =
        read(&args.opml).map_err(|error| CliError::Failed(format!("cannot read {}: {error}", args.opml.display())))?;
    let (listed, unusable) = opml::listed(&args.opml, &bytes).map_err(|errors| CliError::failed(&errors))?;
    for finding in &unusable {
        eprintln!("{finding}");
    }
    let edit = begin(&config, args.to.as_deref())?;
    let total = listed.len() + unusable.len();
    let new = new_feeds(listed, &edit);
    let summary = format!("{}, {} skipped", count(new.len(), "feed"), total - new.len());
    if new.is_empty() {
        return if args.dry_run { Ok(()) } else { print(&format!("nothing to add: {summary}\n")) };
    }
    let draft = edit.append(&new).map_err(refused)?;
    if args.dry_run {
        return print(draft.added());
    }
    let file = draft.path().display().to_string();
    draft.write().map_err(refused)?;
    print(&format!("added to {file}: {summary}\n"))?;
    tell_to_reload();
    Ok(())
}

/// The feeds that the config does not have; says of each other one why it is skipped.
fn new_feeds(listed: Vec<ListedFeed>, edit: &Edit) -> Vec<NewFeed> {
    let mut first: HashMap<String, String> = HashMap::new();
    let new: Vec<ListedFeed> = listed
        .into_iter()
        .filter(|feed| {
            let key = url_key(&feed.url);
            let reason = if let Some(known) = edit.known(&feed.url) {
                format!("is in the config already: {}", place(known))
            } else if holds_expansion(&feed.url) {
                "holds ${…}: a feed with a secret in its address is written into the config by hand".to_owned()
            } else if let Some(place) = first.get(&key) {
                format!("is the same as at {place}")
            } else {
                first.insert(key, feed.location.clone());
                return true;
            };
            eprintln!("{}: outline: skipped, {} {reason}", feed.location, feed.url);
            false
        })
        .collect();
    let urls: Vec<&Url> = new.iter().map(|feed| &feed.url).collect();
    let slugs = edit.slugs(&urls);
    let feed = |(slug, ListedFeed { url, title, tags, .. })| NewFeed { slug, url, title, tags, group: None };
    slugs.into_iter().zip(new).map(feed).collect()
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(opml::MAX_BYTES).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(opml::MAX_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
