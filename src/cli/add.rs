//! `tearsheet add`: looks at an address, and writes the feed that it finds there into the config.

use std::path::{Path, PathBuf};

use clap::Args;
use url::Url;

use super::discovery::{self, Astray, Choice, Discovery, Led};
use super::{CliError, configured, print, table};
use crate::article::rules::check_selector;
use crate::clock::Clock;
use crate::config::edit::{Edit, EditError, NewFeed};
use crate::config::{Config, FeedConfig};
use crate::fetch::{Document, Fetcher, Purpose, Request};
use crate::model::feed::ParsedFeed;
use crate::model::id::Slug;
use crate::model::outcome::Validators;
use crate::model::secret::SecretUrl;

/// The longest name that is made from a title: it is to be typed.
const MAX_NAME: usize = 40;

/// Looks for a feed at an address and adds it to the config.
#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// The address of a feed, or of a page that names one.
    #[arg(value_name = "URL", value_parser = address)]
    url: Url,
    /// What it is to be called [default: made from its title, else its address].
    #[arg(long, value_name = "NAME")]
    slug: Option<Slug>,
    /// Its title [default: its own].
    #[arg(long)]
    title: Option<String>,
    /// A tag; may be given more than once.
    #[arg(long)]
    tag: Vec<String>,
    /// A group of the config whose settings it takes.
    #[arg(long)]
    group: Option<String>,
    /// Adds it to this file, one that the config includes.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Writes nothing, and prints what would be added.
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// A feed that was found.
struct Found {
    url: Url,
    feed: ParsedFeed,
}

/// Adds the feed, unless the config has it. Nothing is written when the config would not hold.
pub(super) async fn run(args: AddArgs, config: Option<&Path>, verbose: u8, clock: Clock) -> Result<(), CliError> {
    let config = configured::load_to_read(config, verbose)?;
    refuse_known(&begin(&config, args.to.as_deref())?, &args.url)?;
    let found = find(&args.url, &config, &clock).await?;
    let edit = begin(&config, args.to.as_deref())?;
    refuse_known(&edit, &found.url)?;
    let slug = match args.slug {
        Some(slug) if edit.is_free(&slug) => slug,
        Some(slug) => return Err(CliError::Failed(format!("there is a feed `{slug}` in the config already"))),
        None => name(&found, &edit),
    };
    let title = args.title.or(found.feed.title);
    let feed = NewFeed { slug, url: found.url, title, tags: args.tag, group: args.group };
    let draft = edit.append(std::slice::from_ref(&feed)).map_err(refused)?;
    if args.dry_run {
        return print(draft.added());
    }
    let file = draft.path().display().to_string();
    let added = draft.added().to_owned();
    draft.write().map_err(refused)?;
    print(&format!("added to {file}:\n\n{added}"))?;
    tell_to_reload();
    Ok(())
}

/// Begins to edit the config, or the file `to` that it includes.
pub(super) fn begin(config: &Config, to: Option<&Path>) -> Result<Edit, CliError> {
    Edit::begin(&config.path, to, check_selector).map_err(refused)
}

/// Why a config was not written, with all that is wrong with it.
pub(super) fn refused(error: EditError) -> CliError {
    match error {
        EditError::Broken(errors) => CliError::Config(errors.to_string()),
        error => CliError::failed(&error),
    }
}

/// The daemon reads its config when it is told to.
pub(super) fn tell_to_reload() {
    eprintln!("a running daemon takes it up on SIGHUP: systemctl reload tearsheet");
}

/// Whether an address looks as if something were to be expanded in it. What is added is taken as it stands, and an
/// address in which `${…}` really means itself has not been seen.
pub(super) fn holds_expansion(url: &Url) -> bool {
    url.as_str().contains("${") || url.as_str().contains("$%7B")
}

/// `[feed.news] at tearsheet.toml:3`.
pub(super) fn place(feed: &FeedConfig) -> String {
    format!("[feed.{}] at {}", feed.slug, feed.location)
}

fn refuse_known(edit: &Edit, url: &Url) -> Result<(), CliError> {
    match edit.known(url) {
        Some(feed) => Err(CliError::Failed(format!("{url} is in the config already: {}", place(feed)))),
        None => Ok(()),
    }
}

/// The feed at `url`, or the one that the page there names; it is tested before it is written.
async fn find(url: &Url, config: &Config, clock: &Clock) -> Result<Found, CliError> {
    let fetcher = Fetcher::new(&config.fetch, &config.hosts, clock.clone()).map_err(|e| CliError::failed(&e))?;
    let request = Request {
        url: SecretUrl::plain(url.clone()),
        purpose: Purpose::Feed,
        validators: Validators::default(),
        headers: Vec::new(),
        basic_auth: None,
    };
    let discovery = Discovery { fetcher: &fetcher, settings: &config.defaults, clock, choice: Choice::Only };
    match discovery.follow(&request).await {
        Ok(Led::ToFeed(led)) => found(led.request.url.expose(), &led.document, led.feed),
        Ok(Led::ToPage(page)) => {
            let what = page.error.as_ref().map(ToString::to_string).unwrap_or_default();
            let hint = "`tearsheet test` looks at well-known places";
            Err(CliError::Failed(format!("`{url}` is {what}, and names none; {hint}")))
        }
        Err(Astray::Several(feeds)) => {
            let rows = feeds.iter().map(|feed| [feed.url.to_string(), feed.title.clone().unwrap_or_default()]);
            print(&table::render(["url", "title"], &rows.collect::<Vec<_>>()))?;
            Err(CliError::Failed(format!("`{url}` names {} feeds: name one of them", feeds.len())))
        }
        Err(Astray::Failed(message)) => Err(CliError::Failed(message)),
    }
}

/// A feed by the address that it has moved to for good, else by the one that it was asked for at.
fn found(url: &Url, document: &Document, feed: ParsedFeed) -> Result<Found, CliError> {
    let url = document.permanent_redirect.as_ref().unwrap_or(url);
    if !is_addable(url) {
        return Err(CliError::Failed(format!("the feed has an address that is not added to a config: `{url}`")));
    }
    Ok(Found { url: url.clone(), feed })
}

/// A name that is free: the title, where it is short and of plain letters, else the address.
fn name(found: &Found, edit: &Edit) -> Slug {
    let from_title = found.feed.title.as_deref().and_then(slug_of_title).filter(|slug| edit.is_free(slug));
    let from_address = || edit.slugs(&[&found.url]).into_iter().next().expect("a slug for each address");
    from_title.unwrap_or_else(from_address)
}

/// `BBC News – World` → `bbc-news-world`; `None` for a title that would lose letters.
fn slug_of_title(title: &str) -> Option<Slug> {
    if title.chars().any(|c| c.is_alphanumeric() && !c.is_ascii()) {
        return None;
    }
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    Slug::new(&slug).filter(|slug| slug.as_str().len() <= MAX_NAME)
}

/// An address as people write it, also without `https://`.
fn address(text: &str) -> Result<Url, String> {
    let text = text.trim();
    let url = match discovery::address(text) {
        Ok(url) if url.has_host() => url,
        _ if !text.contains("://") && !text.starts_with('/') => {
            Url::parse(&format!("https://{text}")).map_err(|error| error.to_string())?
        }
        Ok(_) => return Err("it names no host".to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    match () {
        () if !matches!(url.scheme(), "http" | "https") => Err("must begin with http:// or https://".to_owned()),
        () if holds_expansion(&url) => {
            Err("a feed with a secret in its address is written into the config by hand".to_owned())
        }
        () if !is_addable(&url) => {
            Err("a feed with a user name or password is written into the config by hand, with basic_auth".to_owned())
        }
        () => Ok(url),
    }
}

fn is_addable(url: &Url) -> bool {
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    is_anonymous && matches!(url.scheme(), "http" | "https") && !holds_expansion(url)
}

#[cfg(test)]
mod tests {
    use super::{Slug, address, slug_of_title};

    #[test]
    fn names_are_made_from_plain_titles() {
        let check = |title: &str, expected: Option<&str>| {
            assert_eq!(slug_of_title(title).as_ref().map(Slug::as_str), expected, "{title}");
        };
        check("BBC News \u{2013} World", Some("bbc-news-world"));
        check("  xkcd.com  ", Some("xkcd-com"));
        check("]\n[feed.x]\u{1b}[31m", Some("feed-x-31m"));
        check("Le Café", None);
        check("…", None);
        check(&"word ".repeat(20), None);
    }

    #[test]
    fn addresses_are_taken_as_people_write_them() {
        assert_eq!(address(" example.org/feed ").unwrap().as_str(), "https://example.org/feed");
        assert_eq!(address("feed:https://example.org/feed").unwrap().as_str(), "https://example.org/feed");
        assert_eq!(address("localhost:8000/f").unwrap().as_str(), "https://localhost:8000/f");
        for bad in [
            "",
            "ftp://e.org/f",
            "https://u:p@e.org/",
            "https://e.org/${env:HOME}",
            "https://e.org/?k=${env:K}",
            "/f",
            "mailto:a@b",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
