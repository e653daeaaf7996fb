//! The outcome of an attempt that a bug ended: also that is one row, and looked at again an hour later.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Ingest;
use crate::model::failure::{ErrorClass, Failure};
use crate::model::id::{ArticleId, FeedId};
use crate::model::outcome::{DueArticle, DueFeed, NextLook, PollOutcome, PollResult, VisitOutcome, VisitResult};
use crate::store::error::StoreError;

/// Soon enough for a bug that strikes by chance, seldom enough for one that strikes each time.
const RETRY_AFTER: Duration = Duration::from_hours(1);

/// What was attempted: enough of it to say so after the attempt itself is gone.
#[derive(Debug, Clone)]
pub struct Attempted {
    what: What,
    started_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
enum What {
    Poll { feed: FeedId, url_key: String },
    Visit { article: ArticleId },
}

impl Attempted {
    /// A poll that begins now.
    pub fn poll(due: &DueFeed, now: DateTime<Utc>) -> Self {
        Self { what: What::Poll { feed: due.id, url_key: due.url_key.clone() }, started_at: now }
    }

    /// A visit that begins now.
    pub fn visit(due: &DueArticle, now: DateTime<Utc>) -> Self {
        Self { what: What::Visit { article: due.id }, started_at: now }
    }
}

impl Ingest {
    /// Records that an attempt panicked, as `message` says. Nothing of what it found is stored.
    pub async fn record_panic(&self, attempted: Attempted, message: String) -> Result<(), StoreError> {
        let Attempted { what, started_at } = attempted;
        let now = self.clock().now();
        let duration = (now - started_at).to_std().unwrap_or_default();
        let failure = Failure { class: ErrorClass::Panic, message };
        let next = NextLook {
            at: TimeDelta::from_std(RETRY_AFTER).ok().and_then(|wait| now.checked_add_signed(wait)),
            interval: RETRY_AFTER,
            not_before: None,
            reason: "an internal error ended the last attempt".to_owned(),
        };
        let (http_status, body_bytes) = (None, 0);
        match what {
            What::Poll { feed, url_key } => {
                let (retry_after, result) = (None, PollResult::Failed(failure));
                let outcome = PollOutcome {
                    feed,
                    url_key,
                    started_at,
                    duration,
                    http_status,
                    body_bytes,
                    retry_after,
                    next,
                    result,
                };
                self.store().apply_poll(outcome).await.map(drop)
            }
            What::Visit { article } => {
                let result = VisitResult::Failed { failure, fallback: None };
                let outcome = VisitOutcome { article, started_at, duration, http_status, body_bytes, next, result };
                self.store().apply_visit(outcome).await.map(drop)
            }
        }
    }
}
