//! One look at a document, of either kind, before the next one is scheduled.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;

use super::panic_text;
use crate::clock::Clock;
use crate::model::failure::{ErrorClass, Failure};
use crate::model::outcome::ServerWishes;
use crate::store::error::StoreError;

/// What happened, and what came of it.
pub(super) struct Look<R> {
    pub(super) started_at: DateTime<Utc>,
    pub(super) duration: Duration,
    pub(super) http_status: Option<u16>,
    pub(super) body_bytes: u64,
    pub(super) wishes: ServerWishes,
    pub(super) result: R,
}

impl<R> Look<R> {
    /// The same look, with what came of it.
    pub(super) fn with<T>(self, result: T) -> Look<T> {
        let Self { started_at, duration, http_status, body_bytes, wishes, result: _ } = self;
        Look { started_at, duration, http_status, body_bytes, wishes, result }
    }

    /// A look that ended without an answer from the document's server.
    pub(super) fn without_answer(started_at: DateTime<Utc>, duration: Duration, result: R) -> Self {
        Self { started_at, duration, http_status: None, body_bytes: 0, wishes: ServerWishes::default(), result }
    }
}

/// Takes a look to its end. A panic on the way is one failed look, not a stopped loop.
pub(super) async fn take<R>(
    clock: &Clock,
    look: impl Future<Output = Result<Look<R>, StoreError>>,
    failed: impl FnOnce(Failure) -> R,
) -> Result<Look<R>, StoreError> {
    let started_at = clock.now();
    match AssertUnwindSafe(look).catch_unwind().await {
        Ok(look) => look,
        Err(panic) => {
            let failure = Failure { class: ErrorClass::Panic, message: panic_text(panic.as_ref()) };
            let duration = (clock.now() - started_at).to_std().unwrap_or_default();
            Ok(Look::without_answer(started_at, duration, failed(failure)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::take;
    use crate::clock::Clock;
    use crate::model::failure::ErrorClass;

    #[tokio::test]
    async fn a_panic_is_one_failed_look() {
        let clock = Clock::manual(chrono::DateTime::UNIX_EPOCH);
        let look = take(&clock, async { panic!("a bug") }, |failure| failure).await.unwrap();
        assert_eq!((look.result.class, look.started_at), (ErrorClass::Panic, clock.now()));
        assert!(look.result.message.contains("a bug"), "{}", look.result.message);
    }
}
