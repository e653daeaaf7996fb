//! When to look at an article's page again: on the recheck schedule while it answers, with back-off while it does not.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::backoff::{DENIED_FLOOR, RATE_LIMIT_CEILING};
use super::reason::{Reason, join};
use super::spread::{after, beyond, jittered, scale, seed};
use super::wishes::granted;
use crate::model::failure::ErrorClass;
use crate::model::id::ArticleId;
use crate::model::outcome::{NextLook, ServerWishes};

const DAY: Duration = Duration::from_hours(24);
const WEEK: Duration = DAY.saturating_mul(7);
/// The wait after the first failure; each further one takes four times as long, up to a day.
const FIRST_WAIT: Duration = Duration::from_mins(5);
/// After so many failures, or a week after first sight, once a week is enough.
const SLOW_AFTER: u32 = 10;
/// Then some weeks more; an archive must not knock at dead pages for ever.
const GIVE_UP_AFTER: u32 = 16;
/// A page that is missing, or is no page, may be a slip of the publisher's; it is not one for long.
const MISSING_TRIES: u32 = 4;
/// robots.txt may be a mistake that is mended the next day.
const ROBOTS_TRIES: u32 = 3;

/// What came of a visit, as far as the schedule cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitAttempt {
    /// The page was read.
    Read,
    /// 304: nothing changed.
    NotModified,
    /// The page was not to be had.
    Failed(ErrorClass),
    /// robots.txt asks to stay away.
    Robots,
}

/// When to visit `article` again. `consecutive_failures` are those before this attempt, and `recheck` counts from
/// first sight, in any order.
///
/// Of the wishes only `Retry-After` counts: the `max-age` of a page is made for browsers, and is often a year.
pub fn next_visit(
    article: ArticleId,
    first_seen_at: DateTime<Utc>,
    consecutive_failures: u32,
    attempt: VisitAttempt,
    wishes: ServerWishes,
    recheck: &[Duration],
    now: DateTime<Utc>,
) -> NextLook {
    let age = (now - first_seen_at).to_std().unwrap_or_default();
    let failures = consecutive_failures.saturating_add(1);
    let (wait, reason) = match attempt {
        VisitAttempt::Read | VisitAttempt::NotModified => match recheck.iter().filter(|&&offset| offset > age).min() {
            Some(&offset) => (Some(offset.saturating_sub(age)), Reason::Recheck { offset }),
            None => (None, Reason::RecheckDone),
        },
        VisitAttempt::Robots => {
            let again = failures < ROBOTS_TRIES && age < DAY * ROBOTS_TRIES;
            (again.then_some(DAY), Reason::Robots { again })
        }
        VisitAttempt::Failed(class) => match back_off(class, failures, age, wishes) {
            Some(wait) => (Some(wait), Reason::Failure { count: failures, class, wait }),
            None if class == ErrorClass::Gone => (None, Reason::Gone),
            None => (None, Reason::GivenUp { count: failures, class }),
        },
    };
    let Some(wait) = wait else {
        return NextLook { at: None, interval: Duration::ZERO, not_before: None, reason: reason.to_string() };
    };

    let seed = seed(article.0, now);
    // Never before the offset: an article first seen at noon is looked at an hour later, not 54 minutes.
    let mut at = after(now, jittered(wait, wait, wait.saturating_add(scale(wait, 0.05).min(FIRST_WAIT)), false, seed));
    let mut reasons = vec![reason];
    let mut not_before = None;
    if let Some(asked) = wishes.retry_after {
        let wish = granted("retry-after", asked, WEEK);
        not_before = Some(after(now, wish.wait));
        if wish.wait > wait || wish.clamped {
            at = at.max(after(now, beyond(wish.wait, seed)));
            reasons.push(Reason::Wish(wish));
        }
    }
    NextLook { at: Some(at), interval: wait, not_before, reason: join(&reasons) }
}

/// How long to wait after the `failures`-th failure in a row; `None` is never again.
fn back_off(class: ErrorClass, failures: u32, age: Duration, wishes: ServerWishes) -> Option<Duration> {
    let wait = FIRST_WAIT.saturating_mul(4_u32.saturating_pow((failures - 1).min(8))).min(DAY);
    match class {
        ErrorClass::Gone => None,
        ErrorClass::NotFound | ErrorClass::NotAPage | ErrorClass::Blocked if failures >= MISSING_TRIES => None,
        _ if failures >= GIVE_UP_AFTER => None,
        _ if failures >= SLOW_AFTER || age >= WEEK => Some(WEEK),
        ErrorClass::RateLimited if wishes.retry_after.is_some() => Some(FIRST_WAIT),
        ErrorClass::RateLimited => Some((wait * 3).min(RATE_LIMIT_CEILING)),
        // A wall is what 403 says in words, and stands there tomorrow as well.
        ErrorClass::Denied | ErrorClass::CloudflareChallenge | ErrorClass::NotAnArticle(_) => {
            Some(wait.max(DENIED_FLOOR))
        }
        _ => Some(wait),
    }
}
