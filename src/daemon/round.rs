//! One round, for `once`: both loops until nothing is left of what was due when it began.

use chrono::{DateTime, TimeDelta, Utc};

use super::log;
use super::reconcile::restore_holds;
use super::work::{Done, Due, LEASE, Lane, Work};
use crate::ingest::{Ingest, Polled, Visited};
use crate::model::id::Slug;
use crate::model::outcome::DueFeed;
use crate::store::error::StoreError;
use crate::store::values::FeedClaim;

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
    let mut round = Round { work: Work::new(ingest.clone()), started_at };
    let mut leftover = Leftover::default();
    if !matches!(selection, Selection::Feeds { force: true, .. }) {
        restore_holds(ingest).await?;
    }
    let mut chosen = match selection {
        Selection::Due => None,
        Selection::Feeds { slugs, force } => Some(round.claim_chosen(slugs, force, &mut leftover).await?),
    };
    let due = ingest.store().counts(started_at).await?;
    let feeds = chosen.as_ref().map_or(due.feeds_due, std::vec::Vec::len);
    on_event(Event::Due { feeds, articles: due.articles_due });

    loop {
        match &mut chosen {
            Some(feeds) => round.work.start_chosen(feeds),
            None => {
                round.work.start_due(Lane::Feeds, Due { before: started_at, not_checked_since: None }).await?;
            }
        }
        let due = Due { before: ingest.clock().now(), not_checked_since: Some(started_at) };
        round.work.start_due(Lane::Articles, due).await?;
        if !round.wait(&mut on_event).await? {
            leftover.waiting = round.count_left(chosen.is_none()).await?;
            leftover.refused.extend(chosen.into_iter().flatten().map(|feed| Refused {
                slug: feed.slug,
                reason: "its site asked to be left alone (use --force to poll all the same)".to_owned(),
            }));
            return Ok(leftover);
        }
    }
}

struct Round {
    work: Work,
    started_at: DateTime<Utc>,
}

impl Round {
    async fn claim_chosen(
        &self,
        slugs: Vec<Slug>,
        force: bool,
        leftover: &mut Leftover,
    ) -> Result<Vec<DueFeed>, StoreError> {
        let claims = self.ingest().store().claim_feeds(slugs, self.started_at, LEASE, force).await?;
        let mut feeds = Vec::new();
        for claim in claims {
            match claim {
                FeedClaim::Due(feed) => feeds.push(*feed),
                refused => leftover.refused.push(refusal(refused)),
            }
        }
        Ok(feeds)
    }

    fn ingest(&self) -> &Ingest {
        self.work.ingest()
    }

    /// Waits until a step ends or a site becomes free; false when nothing is left that this round will do.
    async fn wait(&mut self, on_event: &mut impl FnMut(Event<'_>)) -> Result<bool, StoreError> {
        let clock = self.ingest().clock().clone();
        let free_at = self.ingest().fetcher().next_free().filter(|at| *at - clock.now() <= PATIENCE);
        let free_at = free_at.map(|at| at.max(clock.now() + WAKE_AT_MOST_EVERY));
        if self.work.len() == 0 {
            let Some(free_at) = free_at else { return Ok(false) };
            if self.count_left(true).await? == 0 {
                return Ok(false);
            }
            clock.sleep_until(free_at).await;
            return Ok(true);
        }
        // A site that becomes free matters only while there is a place for its next step.
        let wakes_up = free_at.filter(|_| self.has_free_place());
        let site_is_free = async {
            match wakes_up {
                Some(free_at) => clock.sleep_until(free_at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some((_, done)) = self.work.next() => tell(&done?, on_event),
            () = site_is_free => {}
        }
        while let Some((_, done)) = self.work.try_next() {
            tell(&done?, on_event);
        }
        Ok(true)
    }

    fn has_free_place(&self) -> bool {
        [Lane::Feeds, Lane::Articles].iter().any(|lane| self.work.free_places(*lane) > 0)
    }

    /// What is due and was not looked at in this round.
    async fn count_left(&self, feeds_too: bool) -> Result<usize, StoreError> {
        let now = self.ingest().clock().now();
        let left = self.ingest().store().left_of_round(self.started_at, now).await?;
        Ok(left.articles + if feeds_too { left.feeds } else { 0 })
    }
}

fn tell(done: &Done, on_event: &mut impl FnMut(Event<'_>)) {
    match done {
        Done::Polled(polled) => {
            log::poll(polled);
            on_event(Event::Due { feeds: 0, articles: polled.applied.articles_due });
            on_event(Event::Polled(polled));
        }
        Done::Visited(visited) => {
            log::visit(visited);
            on_event(Event::Visited(visited));
        }
        Done::Nothing => {}
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
