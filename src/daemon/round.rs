//! One round: claim what is due and can start now, run the steps side by side, stop when nothing is left.
//!
//! One owner: the loop alone claims, starts and joins steps. A step that waits for its host's turn would hold a place
//! for nothing, so a site that cannot be asked now is left out of the claim.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::{JoinError, JoinSet};
use url::Url;

use super::log;
use crate::ingest::{Ingest, Polled, Visited};
use crate::model::id::Slug;
use crate::model::outcome::{DueArticle, DueFeed};
use crate::site::site_of;
use crate::store::error::StoreError;
use crate::store::values::{Claim, FeedClaim};

/// How long a claim holds: longer than any step takes (a request is bounded by `fetch.timeout`, an hour at most, and
/// what waits for its host's turn is not claimed). What a killed process had claimed falls due again after it.
const LEASE: Duration = Duration::from_mins(90);

/// Steps at work for each request that may be in flight: while one waits for the network, another is parsed or stored.
const STEPS_PER_REQUEST: usize = 2;

/// How long a round waits for a site's turn. Delays between requests are shorter; a site that asked for longer is left
/// for the next round.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);

/// Sites become free one by one; waking for each would cost two claims a time.
const WAKE_AT_MOST_EVERY: TimeDelta = TimeDelta::milliseconds(20);

/// Which feeds a round polls.
#[derive(Debug, Clone)]
pub enum Selection {
    /// Those that are due.
    Due,
    /// These, due or not, but with `force` unset never inside a Retry-After window.
    Feeds {
        /// Their names.
        slugs: Vec<Slug>,
        /// Whether a Retry-After window is ignored.
        force: bool,
    },
}

/// What a round did, as it happens.
#[derive(Debug)]
pub enum Event<'a> {
    /// So many more feeds and articles wait to be looked at.
    Due {
        /// Feeds.
        feeds: usize,
        /// Articles.
        articles: usize,
    },
    /// A feed was polled.
    Polled(&'a Polled),
    /// An article was visited.
    Visited(&'a Visited),
}

/// What could not be polled although it was asked for by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which feed.
    pub slug: Slug,
    /// Why, for people.
    pub reason: String,
}

/// What is left after a round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leftover {
    /// Feeds that were asked for and not polled.
    pub refused: Vec<Refused>,
    /// Feeds and articles whose site asked to be left alone for longer than a round waits.
    pub waiting: usize,
}

/// Polls what the selection names and visits every article that is due or newly found, each at most once; returns when
/// all of it is done. Failures of feeds and pages are events; the error is the store's alone.
pub async fn round(
    ingest: &Ingest,
    selection: Selection,
    mut on_event: impl FnMut(Event<'_>),
) -> Result<Leftover, StoreError> {
    let started_at = ingest.clock().now();
    let mut round = Round { ingest, started_at, steps: JoinSet::new(), at_work: HashMap::new() };
    let mut leftover = Leftover::default();
    let mut chosen = match selection {
        Selection::Due => None,
        Selection::Feeds { slugs, force } => Some(round.claim_chosen(slugs, force, &mut leftover).await?),
    };
    let due = ingest.store().counts(started_at).await?;
    let feeds = chosen.as_ref().map_or(due.feeds_due, std::vec::Vec::len);
    on_event(Event::Due { feeds, articles: due.articles_due });

    loop {
        match &mut chosen {
            Some(feeds) => round.start_chosen(feeds),
            None => round.start_due_feeds().await?,
        }
        round.start_due_articles().await?;
        if !round.wait(&mut on_event).await? {
            let chosen_left = chosen.as_ref().map_or(0, Vec::len);
            leftover.waiting = round.count_left(chosen.is_none()).await? + chosen_left;
            return Ok(leftover);
        }
    }
}

struct Round<'a> {
    ingest: &'a Ingest,
    started_at: DateTime<Utc>,
    steps: JoinSet<Step>,
    /// By site: what was claimed may not have reached the host's gate yet.
    at_work: HashMap<String, AtWork>,
}

/// The steps at work on one site.
struct AtWork {
    steps: usize,
    /// How many requests may be in flight there.
    limit: usize,
}

/// A step that ended, with the site it was at work on.
struct Step {
    site: String,
    done: Result<Done, StoreError>,
}

enum Done {
    Polled(Box<Polled>),
    Visited(Box<Visited>),
    /// The feed left the config between claim and poll.
    Nothing,
}

impl Round<'_> {
    async fn claim_chosen(
        &self,
        slugs: Vec<Slug>,
        force: bool,
        leftover: &mut Leftover,
    ) -> Result<Vec<DueFeed>, StoreError> {
        let claims = self.ingest.store().claim_feeds(slugs, self.started_at, LEASE, force).await?;
        let mut feeds = Vec::new();
        for claim in claims {
            match claim {
                FeedClaim::Due(feed) => feeds.push(*feed),
                refused => leftover.refused.push(refusal(refused)),
            }
        }
        Ok(feeds)
    }

    fn start_chosen(&mut self, feeds: &mut Vec<DueFeed>) {
        let held = self.sites_to_leave_out();
        let mut waiting = Vec::new();
        for feed in feeds.drain(..) {
            let config = self.ingest.config().feed(&feed.slug);
            let site = config.map(|feed| site_of(feed.url.expose())).unwrap_or_default();
            if self.free_places() > 0 && !held.contains(&site) && !self.is_full(&site) {
                self.start_poll(feed);
            } else {
                waiting.push(feed);
            }
        }
        *feeds = waiting;
    }

    async fn start_due_feeds(&mut self) -> Result<(), StoreError> {
        let Some(claim) = self.claim() else { return Ok(()) };
        for feed in self.ingest.store().claim_due_feeds(claim).await? {
            self.start_poll(feed);
        }
        Ok(())
    }

    async fn start_due_articles(&mut self) -> Result<(), StoreError> {
        let Some(claim) = self.claim() else { return Ok(()) };
        let claim = Claim { due_before: claim.now, ..claim };
        for article in self.ingest.store().claim_due_articles(claim, Some(self.started_at)).await? {
            self.start_visit(article);
        }
        Ok(())
    }

    /// A claim for the free places; `None` when there are none to speak of.
    ///
    /// Places are filled a quarter at a time, since each claim costs the store a transaction.
    fn claim(&self) -> Option<Claim> {
        let free = self.free_places();
        let worthwhile = (self.places() / 4).max(1);
        (free >= worthwhile).then(|| Claim {
            now: self.ingest.clock().now(),
            due_before: self.started_at,
            limit: free,
            per_site: self.ingest.config().fetch.host_concurrency,
            lease: LEASE,
            busy_sites: self.sites_to_leave_out(),
        })
    }

    fn places(&self) -> usize {
        self.ingest.config().fetch.concurrency * STEPS_PER_REQUEST
    }

    fn free_places(&self) -> usize {
        self.places().saturating_sub(self.steps.len())
    }

    fn sites_to_leave_out(&self) -> Vec<String> {
        let mut sites = self.ingest.fetcher().busy_sites();
        sites.extend(self.at_work.keys().filter(|site| self.is_full(site)).cloned());
        sites.sort_unstable();
        sites.dedup();
        sites
    }

    fn is_full(&self, site: &str) -> bool {
        self.at_work.get(site).is_some_and(|at_work| at_work.steps >= at_work.limit)
    }

    fn start_poll(&mut self, feed: DueFeed) {
        let ingest = self.ingest.clone();
        let Some(url) = ingest.config().feed(&feed.slug).map(|feed| feed.url.expose().clone()) else { return };
        self.start(&url, async move {
            Ok(ingest.poll(feed).await?.map_or(Done::Nothing, |polled| Done::Polled(Box::new(polled))))
        });
    }

    fn start_visit(&mut self, article: DueArticle) {
        let ingest = self.ingest.clone();
        let url = article.url.clone();
        self.start(&url, async move { Ok(Done::Visited(Box::new(ingest.visit(article).await?))) });
    }

    fn start(&mut self, url: &Url, step: impl Future<Output = Result<Done, StoreError>> + Send + 'static) {
        let site = site_of(url);
        let limit = self.ingest.fetcher().concurrency_at(url);
        let at_work = self.at_work.entry(site.clone()).or_insert(AtWork { steps: 0, limit });
        at_work.steps += 1;
        self.steps.spawn(async move { Step { site, done: step.await } });
    }

    /// Waits until a step ends or a site becomes free; false when nothing is left that this round will do.
    async fn wait(&mut self, on_event: &mut impl FnMut(Event<'_>)) -> Result<bool, StoreError> {
        let clock = self.ingest.clock().clone();
        let free_at = self.ingest.fetcher().next_free().filter(|at| *at - clock.now() <= PATIENCE);
        let free_at = free_at.map(|at| at.max(clock.now() + WAKE_AT_MOST_EVERY));
        if self.steps.is_empty() {
            let Some(free_at) = free_at else { return Ok(false) };
            if self.count_left(true).await? == 0 {
                return Ok(false);
            }
            clock.sleep_until(free_at).await;
            return Ok(true);
        }
        // A site that becomes free matters only while there is a place for its next step.
        let wakes_up = free_at.filter(|_| self.free_places() > 0);
        let site_is_free = async {
            match wakes_up {
                Some(free_at) => clock.sleep_until(free_at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            step = self.steps.join_next() => self.finish(step, on_event)?,
            () = site_is_free => {}
        }
        while let step @ Some(_) = self.steps.try_join_next() {
            self.finish(step, on_event)?;
        }
        Ok(true)
    }

    fn finish(
        &mut self,
        step: Option<Result<Step, JoinError>>,
        on_event: &mut impl FnMut(Event<'_>),
    ) -> Result<(), StoreError> {
        let Some(step) = step else { return Ok(()) };
        let Step { site, done } = step.expect("a step catches its panics and is never aborted");
        if let Some(at_work) = self.at_work.get_mut(&site) {
            at_work.steps -= 1;
            if at_work.steps == 0 {
                self.at_work.remove(&site);
            }
        }
        match done? {
            Done::Polled(polled) => {
                log::poll(&polled);
                on_event(Event::Due { feeds: 0, articles: polled.applied.articles_due });
                on_event(Event::Polled(&polled));
            }
            Done::Visited(visited) => {
                log::visit(&visited);
                on_event(Event::Visited(&visited));
            }
            Done::Nothing => {}
        }
        Ok(())
    }

    /// What is due and was not looked at in this round.
    async fn count_left(&self, feeds_too: bool) -> Result<usize, StoreError> {
        let now = self.ingest.clock().now();
        let left = self.ingest.store().left_of_round(self.started_at, now).await?;
        Ok(left.articles + if feeds_too { left.feeds } else { 0 })
    }
}

fn refusal(claim: FeedClaim) -> Refused {
    let (slug, reason) = match claim {
        FeedClaim::Due(feed) => (feed.slug, "was claimed".to_owned()),
        FeedClaim::Waiting { slug, until } => (
            slug,
            format!("the server asked to be left alone until {} (use --force to poll all the same)", log::stamp(until)),
        ),
        FeedClaim::Unknown(slug) => (slug, "no such feed in the config".to_owned()),
        FeedClaim::Disabled(slug) => (slug, "the feed is disabled in the config".to_owned()),
    };
    Refused { slug, reason }
}
