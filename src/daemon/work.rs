//! The steps at work: two lanes, polls and visits, side by side; what is claimed can start now.
//!
//! One owner: a loop alone claims, starts and joins steps through this. A step that waits for its site's turn would hold a
//! place for nothing, so sites that cannot be asked now are left out of the claim. A step that panics costs its attempt,
//! which is recorded as such, and nothing else.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use tokio::task::{JoinError, JoinSet};
use tracing::{Instrument, Span, error, info_span};
use url::Url;

use crate::ingest::{Attempted, Ingest, Polled, Visited, panic_text};
use crate::model::outcome::{DueArticle, DueFeed};
use crate::site::site_of;
use crate::store::error::StoreError;
use crate::store::values::Claim;

/// How long a claim holds: longer than any step takes (a request is bounded by `fetch.timeout`, an hour at most, and
/// what waits for its host's turn is not claimed). What a killed process had claimed falls due again after it.
pub(super) const LEASE: Duration = Duration::from_mins(90);

/// Steps at work in a lane for each request that may be in flight: while one waits for the network, another is parsed or
/// stored. Each lane has its own, so that a burst of articles never keeps feeds waiting, nor the other way round.
const STEPS_PER_REQUEST: usize = 2;

/// The two loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Polls.
    Feeds,
    /// Visits.
    Articles,
}

/// The steps of both lanes.
#[derive(Debug)]
pub(super) struct Work {
    ingest: Ingest,
    steps: JoinSet<Step>,
    /// Steps by lane.
    busy: [usize; 2],
    /// By site: what was claimed may not have reached the host's gate yet.
    by_site: HashMap<String, AtWork>,
    /// More feeds are due than there are places.
    feeds_wait: bool,
}

/// The steps at work on one site.
#[derive(Debug)]
struct AtWork {
    steps: usize,
    /// How many requests may be in flight there.
    limit: usize,
}

/// A step that ended.
#[derive(Debug)]
pub(super) struct Step {
    lane: Lane,
    site: String,
    done: Result<Done, StoreError>,
}

/// What came of a step.
#[derive(Debug)]
pub(super) enum Done {
    Polled(Box<Polled>),
    Visited(Box<Visited>),
    /// The feed left the config between claim and poll, or a bug ended the attempt, which was told where it happened.
    Nothing,
}

/// What is due, when, and for whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due {
    /// What fell due by then is started.
    pub(super) before: DateTime<Utc>,
    /// Articles that were looked at since then are left out.
    pub(super) not_checked_since: Option<DateTime<Utc>>,
}

impl Work {
    pub(super) fn new(ingest: Ingest) -> Self {
        Self { ingest, steps: JoinSet::new(), busy: [0; 2], by_site: HashMap::new(), feeds_wait: false }
    }

    /// What steps are started with.
    pub(super) fn ingest(&self) -> &Ingest {
        &self.ingest
    }

    /// Starts steps with another config from here on; those at work end as they began.
    pub(super) fn set_ingest(&mut self, ingest: Ingest) {
        self.ingest = ingest;
    }

    /// Claims and starts what is due in a lane and can start now, as far as there are places. Returns whether that was all.
    ///
    /// Places are filled a quarter at a time, since each claim costs the store a transaction.
    pub(super) async fn start_due(&mut self, lane: Lane, due: Due) -> Result<bool, StoreError> {
        let limit = self.free_places(lane);
        if limit < (self.places(lane) / 4).max(1) {
            return Ok(false);
        }
        let claim = Claim {
            now: self.ingest.clock().now(),
            due_before: due.before,
            limit,
            per_site: self.ingest.config().fetch.host_concurrency,
            lease: LEASE,
            busy_sites: self.sites_to_leave_out(),
        };
        let store = self.ingest.store().clone();
        let started = match lane {
            Lane::Feeds => {
                let feeds = store.claim_due_feeds(claim).await?;
                feeds.into_iter().map(|feed| self.start_poll(feed)).count()
            }
            Lane::Articles => {
                let articles = store.claim_due_articles(claim, due.not_checked_since).await?;
                articles.into_iter().map(|article| self.start_visit(article)).count()
            }
        };
        let is_all = started < limit;
        if lane == Lane::Feeds {
            self.feeds_wait = !is_all;
        }
        Ok(is_all)
    }

    /// Starts those of `feeds` that can start now, and leaves the others.
    pub(super) fn start_chosen(&mut self, feeds: &mut Vec<DueFeed>) {
        let held = self.sites_to_leave_out();
        let mut waiting = Vec::new();
        for feed in feeds.drain(..) {
            let config = self.ingest.config().feed(&feed.slug);
            let site = config.map(|feed| site_of(feed.url.expose())).unwrap_or_default();
            if self.free_places(Lane::Feeds) > 0 && !held.contains(&site) && !self.is_full(&site) {
                self.start_poll(feed);
            } else {
                waiting.push(feed);
            }
        }
        *feeds = waiting;
    }

    /// The next step that ends; `None` when none is at work.
    pub(super) async fn next(&mut self) -> Option<(Lane, Result<Done, StoreError>)> {
        loop {
            let joined = self.steps.join_next().await?;
            if let Some(step) = self.leave(joined) {
                return Some(step);
            }
        }
    }

    /// A step that has ended already.
    pub(super) fn try_next(&mut self) -> Option<(Lane, Result<Done, StoreError>)> {
        loop {
            let joined = self.steps.try_join_next()?;
            if let Some(step) = self.leave(joined) {
                return Some(step);
            }
        }
    }

    /// Stops all steps where they are. What they claimed falls due again.
    pub(super) fn abort(&mut self) {
        self.steps.abort_all();
    }

    /// How many steps are at work.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// How many more steps a lane can have.
    pub(super) fn free_places(&self, lane: Lane) -> usize {
        self.places(lane).saturating_sub(self.busy[lane as usize])
    }

    /// While feeds wait for places, articles make do with a quarter: a late poll may miss an entry, a late visit only an
    /// edit.
    fn places(&self, lane: Lane) -> usize {
        let places = self.ingest.config().fetch.concurrency * STEPS_PER_REQUEST;
        if lane == Lane::Articles && self.feeds_wait { (places / 4).max(1) } else { places }
    }

    fn sites_to_leave_out(&self) -> Vec<String> {
        let mut sites = self.ingest.fetcher().busy_sites();
        sites.extend(self.by_site.keys().filter(|site| self.is_full(site)).cloned());
        sites.sort_unstable();
        sites.dedup();
        sites
    }

    fn is_full(&self, site: &str) -> bool {
        self.by_site.get(site).is_some_and(|at_work| at_work.steps >= at_work.limit)
    }

    fn start_poll(&mut self, feed: DueFeed) {
        let ingest = self.ingest.clone();
        let Some(url) = ingest.config().feed(&feed.slug).map(|feed| feed.url.expose().clone()) else { return };
        let span = info_span!("poll", feed = %feed.slug);
        let attempted = Attempted::poll(&feed, ingest.clock().now());
        self.start(Lane::Feeds, &url, span, async move {
            let poll =
                async { Ok(ingest.poll(feed).await?.map_or(Done::Nothing, |polled| Done::Polled(Box::new(polled)))) };
            survive(&ingest, attempted, poll).await
        });
    }

    fn start_visit(&mut self, article: DueArticle) {
        let ingest = self.ingest.clone();
        let url = article.url.clone();
        let span =
            info_span!("visit", article = %article.id, feed = article.slug.as_ref().map(tracing::field::display));
        let attempted = Attempted::visit(&article, ingest.clock().now());
        self.start(Lane::Articles, &url, span, async move {
            let visit = async { Ok(Done::Visited(Box::new(ingest.visit(article).await?))) };
            survive(&ingest, attempted, Box::pin(visit)).await
        });
    }

    fn start(
        &mut self,
        lane: Lane,
        url: &Url,
        span: Span,
        step: impl Future<Output = Result<Done, StoreError>> + Send + 'static,
    ) {
        let site = site_of(url);
        let limit = self.ingest.fetcher().concurrency_at(url);
        self.by_site.entry(site.clone()).or_insert(AtWork { steps: 0, limit }).steps += 1;
        self.busy[lane as usize] += 1;
        self.steps.spawn(async move { Step { lane, site, done: step.await } }.instrument(span));
    }

    /// Gives back the place of a step; `None` for one that was stopped.
    fn leave(&mut self, joined: Result<Step, JoinError>) -> Option<(Lane, Result<Done, StoreError>)> {
        let Step { lane, site, done } = match joined {
            Ok(step) => step,
            Err(stopped) if stopped.is_cancelled() => return None,
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        };
        self.busy[lane as usize] -= 1;
        if let Some(at_work) = self.by_site.get_mut(&site) {
            at_work.steps -= 1;
            if at_work.steps == 0 {
                self.by_site.remove(&site);
            }
        }
        Some((lane, done))
    }
}

/// Takes an attempt to its end. When a bug ends it, here or in the store's verb, that is what is recorded of it.
async fn survive(
    ingest: &Ingest,
    attempted: Attempted,
    attempt: impl Future<Output = Result<Done, StoreError>>,
) -> Result<Done, StoreError> {
    let message = match AssertUnwindSafe(attempt).catch_unwind().await {
        Ok(Err(error @ (StoreError::Panicked { .. } | StoreError::Sql { .. }))) => chain(&error),
        Ok(done) => return done,
        Err(panic) => panic_text(panic.as_ref()),
    };
    error!("a bug ended an attempt, please report it: {message}");
    ingest.record_panic(attempted, message).await?;
    Ok(Done::Nothing)
}

/// An error with its causes, `a: b: c`.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Done, LEASE, survive};
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::ingest::{Attempted, Ingest};
    use crate::model::id::Slug;
    use crate::store::Store;
    use crate::store::error::StoreError;
    use crate::store::reader::Reader;
    use crate::store::values::{FeedClaim, FeedRow};

    #[tokio::test]
    async fn a_bug_costs_one_attempt_and_is_recorded_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tearsheet.db");
        let clock = Clock::manual("2026-03-01T12:00:00Z".parse().unwrap());
        let store = Store::open(&path, clock.clone()).unwrap();
        let slug = Slug::new("news").unwrap();
        let feed = FeedRow {
            slug: slug.clone(),
            url_shown: "https://news.example/feed.xml".to_owned(),
            url_key: "key".to_owned(),
            title: None,
            site: "news.example".to_owned(),
            tags: Vec::new(),
            enabled: true,
            longest: LEASE,
        };
        store.reconcile(vec![feed]).await.unwrap();
        let claimed = store.claim_feeds(vec![slug], clock.now(), LEASE, false).await.unwrap();
        let [FeedClaim::Due(due)] = &claimed[..] else { panic!("{claimed:?}") };
        let attempted = Attempted::poll(due, clock.now());
        let ingest = Ingest::new(Arc::new(Config::default()), store.clone(), clock.clone()).unwrap();
        let in_the_step = survive(&ingest, attempted.clone(), async { panic!("a bug in the step") }).await;
        assert!(matches!(in_the_step, Ok(Done::Nothing)), "{in_the_step:?}");
        let panicked = StoreError::Panicked { path: path.clone(), message: "a bug in the store".to_owned() };
        let in_the_store = survive(&ingest, attempted, async { Err(panicked) }).await;
        assert!(matches!(in_the_store, Ok(Done::Nothing)), "{in_the_store:?}");
        store.close().await.unwrap();
        let reader = Reader::open(&path).unwrap();
        let rows = |sql| reader.query(sql).unwrap().rows.into_iter().map(|row| row.join("|")).collect::<Vec<_>>();
        let [first, second] = &rows("SELECT error_class, error FROM polls ORDER BY id")[..] else { panic!() };
        assert_eq!(first, "panic|internal error: a bug in the step");
        assert!(second.starts_with("panic|") && second.ends_with("a bug in the store"), "{second}");
        // The lease is over, and the next attempt is an hour away.
        assert_eq!(rows("SELECT next_poll_at, lease_until FROM feeds"), ["2026-03-01T13:00:00Z|"]);
    }
}
