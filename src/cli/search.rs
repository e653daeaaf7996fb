//! `tearsheet search`: full-text search over titles and texts.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use super::plain::plain;
use super::style::{is_styled, styled};
use super::time_bound::TimeBound;
use super::{CliError, configured, print, time};
use crate::clock::Clock;
use crate::config::Config;
use crate::fingerprint::is_unspaced;
use crate::model::id::Slug;
use crate::store::reader::{Hit, Marked, Reader, Search, SearchError, Words};

/// What the query means, under the list of options.
const HELP: &str = "\
The query:
  bells ring       both words, in any order, in title or text; case and accents do not matter
  '\"bells ring\"'   the phrase (in quotes for the shell too)
  bel*             words that begin so
  NOT ring         without this word; also -ring, inside quotes or after --
  tea OR coffee    one of them; binds closer than the space between words
Anything else stands for itself: C++, o'clock, a:b, me@example.org.

Japanese, Chinese, Thai and other scripts without spaces are indexed in whole runs, from one space or \
punctuation mark to the next. A word in such a script is therefore found where a run begins with it, \
and not in the middle of one: 東京 finds 東京で会議 and not 新東京. A Latin word that runs into such a \
script is found with a star: iPhone* finds iPhone発売.

--raw takes an FTS5 expression: title: bells, NEAR(bells ring, 5), (a OR b) AND c.";

/// Searches titles and texts, best match first, with snippets.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct SearchArgs {
    /// Words that must all be there.
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,
    /// At most so many hits.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Only articles that this feed brought.
    #[arg(long, value_name = "SLUG")]
    feed: Option<Slug>,
    /// Only articles that feeds with this tag brought.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Only articles published, else first seen, since then: 2015-03-05, 2015-03-05T10:20:00Z, or an age such as 14d.
    #[arg(long, value_name = "TIME|AGE")]
    since: Option<TimeBound>,
    /// Copies of one article are hits of their own; otherwise a cluster is one hit, shown by its first seen.
    #[arg(long)]
    all_copies: bool,
    /// The query is an FTS5 expression.
    #[arg(long)]
    raw: bool,
    /// Prints one JSON object a line. Matches are [start, end] in characters of the text; a smaller rank is better.
    #[arg(long)]
    json: bool,
}

/// Prints the hits. Works beside a running daemon.
pub(super) fn run(args: &SearchArgs, config: Option<&Path>, verbose: u8, clock: &Clock) -> Result<(), CliError> {
    let config = configured::load_to_read(config, verbose)?;
    let reader = Reader::open(&config.store.path).map_err(|error| CliError::failed(&error))?;
    check_filters(&reader, &config, args.feed.as_ref(), args.tag.as_deref())?;

    let query = args.query.join(" ");
    let search = Search {
        words: if args.raw { Words::Fts5(&query) } else { Words::Typed(&query) },
        limit: args.limit.into(),
        feed: args.feed.as_ref(),
        tag: args.tag.as_deref(),
        since: args.since.map(|bound| bound.at(clock.now())),
        all_copies: args.all_copies,
    };
    let hits = reader.search(&search).map_err(|error| match error {
        SearchError::Store(error) => CliError::failed(&error),
        wrong => CliError::Usage(wrong.to_string()),
    })?;
    if hits.is_empty() {
        let beginnings = ": in a script without spaces only the beginnings of runs are found, see --help";
        let hint = if query.contains(is_unspaced) { beginnings } else { "" };
        eprintln!("tearsheet: nothing found for `{}`{hint}", plain(&query));
    }
    let is_styled = is_styled();
    let shown = |hit: &Hit| if args.json { format!("{}\n", to_json(hit)) } else { to_text(hit, is_styled) };
    print(&hits.iter().map(shown).collect::<Vec<_>>().join(if args.json { "" } else { "\n" }))
}

/// A feed or tag that nobody has would find nothing, which reads as if there were nothing to be found.
fn check_filters(reader: &Reader, config: &Config, feed: Option<&Slug>, tag: Option<&str>) -> Result<(), CliError> {
    let database = config.store.path.display();
    let known = |slug| reader.feed_record(slug).map_err(|error| CliError::failed(&error));
    if let Some(slug) = feed
        && known(slug)?.is_none()
    {
        return Err(CliError::Failed(format!("no feed `{slug}` in {database}")));
    }
    match tag {
        Some(tag) if !reader.has_tag(tag).map_err(|error| CliError::failed(&error))? => {
            Err(CliError::Failed(format!("no feed with the tag `{tag}` in {database}")))
        }
        _ => Ok(()),
    }
}

/// The title, a line about it, and the snippet.
fn to_text(hit: &Hit, is_styled: bool) -> String {
    let title = hit.title.as_ref().map_or_else(|| "(no title)".to_owned(), |title| shown(title, is_styled));
    let copy = hit.duplicate_of.map(|head| format!("copy of article {head}"));
    let about = [
        Some(format!("article {}", hit.id)),
        copy,
        Some(time::stamp(hit.at)),
        Some(hit.feeds.join(", ")).filter(|feeds| !feeds.is_empty()),
        hit.url.clone(),
    ];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    format!("{title}\n  {}\n  {}\n", plain(&about), shown(&hit.snippet, is_styled))
}

/// The text in one line, harmless, with its matches in bold.
fn shown(marked: &Marked, is_styled: bool) -> String {
    // Between two paragraphs stand two line feeds, which are one space.
    let one_line = |text: &str| plain(&text.replace("\n\n", " ")).into_owned();
    if !is_styled {
        return one_line(&marked.text);
    }
    let mut text = String::with_capacity(marked.text.len() + 16);
    let mut at = 0;
    for found in &marked.matches {
        text += &one_line(&marked.text[at..found.start]);
        text += &styled(&one_line(&marked.text[found.clone()]), "1");
        at = found.end;
    }
    text + &one_line(&marked.text[at..])
}

fn to_json(hit: &Hit) -> Value {
    json!({
        "id": hit.id,
        "matched_id": hit.matched,
        "duplicate_of": hit.duplicate_of,
        "title": hit.title.as_ref().map(|title| &title.text),
        "title_matches": hit.title.as_ref().map(in_characters).unwrap_or_default(),
        "url": hit.url,
        "site": hit.site,
        "published_at": hit.published_at.map(time::stamp),
        "at": time::stamp(hit.at),
        "feeds": hit.feeds,
        "snippet": hit.snippet.text,
        "snippet_matches": in_characters(&hit.snippet),
        "rank": hit.rank,
    })
}

/// The places of the matches as Python and SQLite count. They are in order, so the text is counted through once.
fn in_characters(marked: &Marked) -> Vec<[usize; 2]> {
    let (mut byte, mut characters) = (0, 0);
    let mut count_to = |to: usize| {
        characters += marked.text[byte..to].chars().count();
        byte = to;
        characters
    };
    marked.matches.iter().map(|found| [count_to(found.start), count_to(found.end)]).collect()
}

#[cfg(test)]
mod tests {
    use super::{Marked, in_characters, shown};

    #[test]
    fn matches_are_bold_and_harmless() {
        let marked = Marked { text: "ä\u{1b} bell\n\nrings".to_owned(), matches: vec![4..8, 10..15] };
        assert_eq!(shown(&marked, false), "ä\\u{1b} bell rings");
        assert_eq!(shown(&marked, true), "ä\\u{1b} \u{1b}[1mbell\u{1b}[0m \u{1b}[1mrings\u{1b}[0m");
        assert_eq!(in_characters(&marked), [[3, 7], [9, 14]]);
    }
}
