//! One look at a feed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use url::Url;

use super::Ingest;
use super::look::{self, Look};
use crate::article;
use crate::config::{ContentMode, EntryFilter, FeedConfig, FeedSettings};
use crate::feed::{self, FeedBytes};
use crate::fetch::{Answer, Document, Purpose, Request};
use crate::fingerprint;
use crate::html;
use crate::model::failure::{ErrorClass, Failure};
use crate::model::feed::ParsedEntry;
use crate::model::id::Slug;
use crate::model::outcome::{
    ArticleFrom, DueFeed, EntryChange, KnownEntry, NextLook, PollOutcome, PollResult, PolledDocument, PolledEntry,
    Validators,
};
use crate::model::secret::SecretUrl;
use crate::schedule::{self, PollAttempt};
use crate::store::error::StoreError;
use crate::store::values::PollApplied;

/// What `content = "auto"` takes for a whole article: teasers stay below this many words.
const WHOLE_ARTICLE_WORDS: u32 = 250;

/// What came of a poll, for logs and summaries.
#[derive(Debug)]
pub struct Polled {
    /// Which feed.
    pub slug: Slug,
    /// What came of it: the word of `polls.outcome`.
    pub outcome: &'static str,
    /// What was stored.
    pub applied: PollApplied,
    /// The failure, if it was one.
    pub failure: Option<Failure>,
    /// What was wrong with a document that could be read all the same.
    pub warnings: Vec<String>,
    /// When the feed is looked at again.
    pub next: NextLook,
}

impl Ingest {
    /// Polls a claimed feed and applies the outcome; `None` when the config no longer has the feed.
    ///
    /// Everything that can go wrong with the feed is an outcome; the error is the store's alone.
    pub async fn poll(&self, due: DueFeed) -> Result<Option<Polled>, StoreError> {
        let Some(feed) = self.config.feed(&due.slug) else { return Ok(None) };
        let look = look::take(&self.clock, self.look_at_feed(feed, &due), PollResult::Failed).await?;
        let next = next_poll(feed, &due, &look, self.clock.now());
        let (without_news, failure) = match &look.result {
            PollResult::Document(_) => ("unchanged", None),
            PollResult::NotModified(_) => ("not_modified", None),
            PollResult::Failed(failure) => ("error", Some(failure.clone())),
        };
        let warnings = match &look.result {
            PollResult::Document(document) => document.feed.warnings.clone(),
            _ => Vec::new(),
        };
        let applied = self
            .store
            .apply_poll(PollOutcome {
                feed: due.id,
                url_key: due.url_key,
                started_at: look.started_at,
                duration: look.duration,
                http_status: look.http_status,
                body_bytes: look.body_bytes,
                retry_after: look.wishes.retry_after,
                next: next.clone(),
                result: look.result,
            })
            .await?;
        let outcome = if applied.entries_new + applied.entries_changed > 0 { "new" } else { without_news };
        Ok(Some(Polled { slug: due.slug, outcome, applied, failure, warnings, next }))
    }

    async fn look_at_feed(&self, feed: &FeedConfig, due: &DueFeed) -> Result<Look<PollResult>, StoreError> {
        let request = Request {
            url: feed.url.clone(),
            purpose: Purpose::Feed,
            validators: due.validators.clone(),
            headers: feed.headers.clone(),
            basic_auth: feed.basic_auth.clone(),
        };
        let attempt = self.fetcher.fetch(&request).await;
        let result = match attempt.result {
            Ok(Answer::NotModified { validators }) => PollResult::NotModified(validators),
            Ok(Answer::Document(document)) => {
                let known = self.store.known_entries(due.id).await?;
                match self.understand_feed(feed, document, known).await {
                    Ok(polled) => PollResult::Document(Box::new(without_own_addresses(&feed.url, polled))),
                    Err(failure) => PollResult::Failed(without_echo(&feed.url, failure)),
                }
            }
            Err(failure) => PollResult::Failed(failure),
        };
        Ok(Look {
            started_at: attempt.started_at,
            duration: attempt.duration,
            http_status: attempt.http_status,
            body_bytes: attempt.wire_bytes,
            wishes: attempt.wishes,
            result,
        })
    }

    async fn understand_feed(
        &self,
        feed: &FeedConfig,
        document: Document,
        known: Vec<KnownEntry>,
    ) -> Result<PolledDocument, Failure> {
        let settings = feed.settings.clone();
        let base = base_of(&feed.url, &document.final_url);
        let now = self.clock.now();
        self.cpu.run(move || understand(&settings, &document, &base, &known, now)).await?
    }
}

/// A failure that quotes what the server sent, often a page that repeats the address that was asked, secret and all.
fn without_echo(asked: &SecretUrl, failure: Failure) -> Failure {
    if !asked.is_secret() || failure.class == ErrorClass::Panic {
        return failure;
    }
    let message =
        format!("`{}` is no feed ({}); what it sent may repeat the secret in it", asked.shown(), failure.class);
    Failure { class: failure.class, message }
}

/// A document that names its own address names the secret in it, and its next page mostly does.
fn without_own_addresses(asked: &SecretUrl, mut polled: PolledDocument) -> PolledDocument {
    if asked.is_secret() {
        (polled.feed.self_url, polled.feed.next_page) = (None, None);
    }
    polled
}

/// What relative links of a feed refer to. Resolved links are stored, and a path or query may hold a secret: then they
/// refer to the root of the site, as nearly all of them mean it anyway.
fn base_of(asked: &SecretUrl, found_at: &Url) -> Url {
    if asked.is_secret() { found_at.join("/").unwrap_or_else(|_| found_at.clone()) } else { found_at.clone() }
}

fn next_poll(feed: &FeedConfig, due: &DueFeed, look: &Look<PollResult>, now: DateTime<Utc>) -> NextLook {
    let attempt = match &look.result {
        PollResult::Document(document) => PollAttempt::Document {
            new: document.entries.iter().filter(|entry| entry.change == EntryChange::New).count(),
            gap: document.gap,
            hints: &document.feed.hints,
            published: &publication_times(document, now),
        },
        PollResult::NotModified(_) => PollAttempt::NotModified,
        PollResult::Failed(failure) => PollAttempt::Failed(failure.class),
    };
    schedule::next_poll(&due.history, &attempt, look.wishes, &feed.settings, due.id, now)
}

/// When the document's entries were published, as far as it says so.
fn publication_times(document: &PolledDocument, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let stated = document.entries.iter().filter_map(|polled| polled.entry.published.as_ref());
    stated.map(|date| date.at).filter(|at| *at <= now).collect()
}

/// Bytes → entries compared with the known ones, each with the road to its article. Pure.
fn understand(
    settings: &FeedSettings,
    document: &Document,
    base: &Url,
    known: &[KnownEntry],
    now: DateTime<Utc>,
) -> Result<PolledDocument, Failure> {
    let mut parsed = feed::parse(&FeedBytes {
        bytes: &document.body,
        content_type: document.content_type.as_deref(),
        url: Some(base),
        identity: settings.identity,
        assume_timezone: settings.assume_timezone,
        now,
    })
    .and_then(feed::storable)
    .map_err(|error| Failure { class: error.class(), message: error.to_string() })?;
    parsed.entries.retain(|entry| is_let_in(entry, settings));
    let shared = shared_links(&parsed.entries);
    let (compared, gap) = feed::compare(known, std::mem::take(&mut parsed.entries), settings.identity);
    let entries = compared
        .into_iter()
        .map(|(entry, hash, change)| {
            let key = entry.url.as_ref().map(fingerprint::url_key);
            let is_shared = key.is_some_and(|key| shared.get(&key).is_some_and(|count| *count > 1));
            let article = article_of(&entry, change, is_shared, settings, base, now);
            PolledEntry { entry, hash, change, article }
        })
        .collect();
    // Validators of half a document would make the server withhold the other half.
    let validators = if parsed.breaks_off { Validators::default() } else { document.validators.clone() };
    Ok(PolledDocument { validators, feed: parsed, entries, gap })
}

/// How many entries lead to one address. A changelog page whose items all link to it is not one article.
fn shared_links(entries: &[ParsedEntry]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for url in entries.iter().filter_map(|entry| entry.url.as_ref()) {
        *counts.entry(fingerprint::url_key(url)).or_default() += 1;
    }
    counts
}

fn article_of(
    entry: &ParsedEntry,
    change: EntryChange,
    link_is_shared: bool,
    settings: &FeedSettings,
    base: &Url,
    now: DateTime<Utc>,
) -> ArticleFrom {
    let must_be_feed = entry.url.is_none() || link_is_shared || settings.content == ContentMode::Feed;
    // What did not change is not stored again, so nothing is made of it.
    if change == EntryChange::Unchanged || (!must_be_feed && settings.content == ContentMode::Page) {
        return ArticleFrom::Page;
    }
    let carried = article::from_entry(entry, Some(base), now);
    if must_be_feed || carried.word_count >= WHOLE_ARTICLE_WORDS {
        ArticleFrom::Feed(Box::new(carried))
    } else {
        ArticleFrom::Page
    }
}

fn is_let_in(entry: &ParsedEntry, settings: &FeedSettings) -> bool {
    let matches_any = |filters: &[EntryFilter]| filters.iter().any(|filter| matches(entry, filter));
    !matches_any(&settings.block) && (settings.keep.is_empty() || matches_any(&settings.keep))
}

/// Whether all patterns of a filter match; a filter without patterns matches nothing.
fn matches(entry: &ParsedEntry, filter: &EntryFilter) -> bool {
    let title = filter.title.as_ref().map(|r| entry.title.as_deref().is_some_and(|title| r.is_match(title)));
    let url = filter.url.as_ref().map(|r| entry.url.as_ref().is_some_and(|url| r.is_match(url.as_str())));
    let author = filter.author.as_ref().map(|r| entry.authors.iter().any(|author| r.is_match(author)));
    let category = filter.category.as_ref().map(|r| {
        entry.categories.iter().any(|c| r.is_match(&c.term) || c.label.as_deref().is_some_and(|l| r.is_match(l)))
    });
    let content = filter.content.as_ref().map(|r| {
        let body = entry.content.as_deref().or(entry.summary.as_deref());
        body.is_some_and(|body| r.is_match(&html::visible_text(body)))
    });
    let mut verdicts = [title, url, author, category, content].into_iter().flatten().peekable();
    verdicts.peek().is_some() && verdicts.all(|matched| matched)
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::{EntryFilter, FeedSettings, ParsedEntry, is_let_in};

    #[track_caller]
    fn check(block: &[EntryFilter], keep: &[EntryFilter], expected: bool) {
        let entry = ParsedEntry {
            title: Some("Advert: buy now".to_owned()),
            authors: vec!["Ann".to_owned()],
            content: Some("<p>Only <b>today</b></p>".to_owned()),
            ..ParsedEntry::default()
        };
        let settings = FeedSettings { block: block.to_vec(), keep: keep.to_vec(), ..FeedSettings::default() };
        assert_eq!(is_let_in(&entry, &settings), expected);
    }

    fn title(pattern: &str) -> EntryFilter {
        EntryFilter { title: Some(Regex::new(pattern).unwrap()), ..EntryFilter::default() }
    }

    #[test]
    fn block_wins_over_keep_and_an_empty_keep_lets_all_in() {
        check(&[], &[], true);
        check(&[title("(?i)^advert")], &[], false);
        check(&[], &[title("buy")], true);
        check(&[], &[title("sell")], false);
        check(&[title("Advert")], &[title("buy")], false);
    }

    #[test]
    fn all_patterns_of_a_filter_must_match_and_none_is_no_match() {
        let both = EntryFilter { author: Some(Regex::new("Bob").unwrap()), ..title("Advert") };
        check(&[both], &[], true);
        check(&[EntryFilter::default()], &[], true);
        let content = EntryFilter { content: Some(Regex::new("Only today").unwrap()), ..EntryFilter::default() };
        check(&[content], &[], false);
    }
}
