//! The gate: when a request to a site may start.
//!
//! A site is a registrable domain ([`crate::site`]), so that `feeds.` and `www.` of one publisher share one gate. At a site at
//! most so many requests are in flight, their starts are a delay apart, feeds go before articles, and while the site
//! has asked for silence (`Retry-After`) nothing starts. One site never delays another.
//!
//! Order of taking: the gate's turn, then the permit of the network. A turn is *starting* until its request really
//! starts, and meanwhile no other turn is given: two that wait for the network cannot start side by side.
//!
//! Wake-ups: only the first in line can move, so every change wakes the first, and a first that leaves wakes the next.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;

use super::Purpose;
use crate::clock::Clock;

/// Gives turns at sites. Clones share the sites.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    clock: Clock,
    sites: Arc<Mutex<Sites>>,
}

/// How a request behaves at its site: `fetch.*`, or the `[host."…"]` that covers its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manners {
    /// Between request starts.
    pub(super) delay: Duration,
    /// Requests in flight.
    pub(super) concurrency: usize,
}

/// The site asks for silence until then, and that is longer than the request would wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) until: DateTime<Utc>,
}

/// The right to have one request in flight at a site; ends when dropped.
#[derive(Debug)]
pub(super) struct Turn {
    gate: Gate,
    site: String,
    delay: TimeDelta,
    starting: bool,
}

#[derive(Debug, Default)]
struct Sites {
    by_name: HashMap<String, Site>,
    next_number: u64,
    /// Idle sites are forgotten when there are this many.
    sweep_at: usize,
}

#[derive(Debug, Default)]
struct Site {
    in_flight: usize,
    /// Of the last request that came.
    concurrency: usize,
    /// One turn is given whose request has not started yet.
    starting: bool,
    pause: Option<Window>,
    hold: Option<Window>,
    queue: BTreeMap<Number, Arc<Notify>>,
}

/// The place in line: by rank, then in order of coming.
type Number = (u8, u64);

/// A stretch of time with nothing in it. Knowing where it began shows a clock that was set back: without that, a step of
/// one day would close the gate for a day.
#[derive(Debug, Clone, Copy)]
struct Window {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Gate {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, sites: Arc::default() }
    }

    /// Waits for a turn at `site`. Gives up at once when the site asks for silence for longer than `patience`, or when its
    /// line and its delay make the turn come later than after `longest`.
    pub(super) async fn enter(
        &self,
        site: &str,
        manners: Manners,
        purpose: Purpose,
        patience: Duration,
        longest: Option<Duration>,
    ) -> Result<Turn, Held> {
        let place = self.line_up(site, manners, purpose);
        loop {
            match place.look(manners, patience) {
                Look::Go(turn) => return Ok(turn),
                Look::Held(held) => return Err(held),
                Look::Behind if place.is_too_far_back(manners, longest) => return Err(place.busy(manners)),
                Look::Until(at) if is_longer(at - self.clock.now(), longest) => return Err(Held { until: at }),
                Look::Behind => place.woken.notified().await,
                Look::Until(at) => tokio::select! {
                    () = self.clock.sleep_until(at) => {}
                    () = place.woken.notified() => {}
                },
            }
        }
    }

    /// Nothing starts at `site` until then, or for [`LONGEST_HOLD`]. A later end stands. Returns the end.
    pub(super) fn hold(&self, site: &str, until: DateTime<Utc>) -> DateTime<Utc> {
        let now = self.clock.now();
        let until = until.min(now + LONGEST_HOLD);
        let mut sites = self.lock();
        let site = sites.of(site, now);
        let later = site.hold.map_or(until, |mut hold| hold.end(now).max(until));
        site.hold = Some(Window { from: now, until: later });
        // All of them: those behind may now have to wait for longer than they care to.
        site.queue.values().for_each(|woken| woken.notify_one());
        later
    }

    /// Sites at which no request may start now.
    pub(super) fn busy_sites(&self) -> Vec<String> {
        let now = self.clock.now();
        let mut sites = self.lock();
        sites.forget_idle(now);
        let busy = sites.by_name.iter_mut().filter_map(|(name, site)| site.is_busy(now).then_some(name));
        busy.cloned().collect()
    }

    /// When the first of those that wait on time alone becomes free.
    pub(super) fn next_free(&self) -> Option<DateTime<Utc>> {
        let now = self.clock.now();
        let mut sites = self.lock();
        let waiting_on_time = sites.by_name.values_mut().filter(|site| site.has_room() && site.queue.is_empty());
        waiting_on_time.map(|site| site.opens_at(now)).filter(|at| *at > now).min()
    }

    fn line_up(&self, name: &str, manners: Manners, purpose: Purpose) -> Place<'_> {
        let rank = match purpose {
            Purpose::Feed => 0,
            Purpose::Robots | Purpose::Article => 1,
        };
        let woken = Arc::new(Notify::new());
        let now = self.clock.now();
        let mut sites = self.lock();
        let number = (rank, sites.next_number);
        sites.next_number += 1;
        let site = sites.of(name, now);
        site.concurrency = manners.concurrency.max(1);
        site.queue.insert(number, Arc::clone(&woken));
        Place { gate: self, site: name.to_owned(), number, woken }
    }

    fn lock(&self) -> MutexGuard<'_, Sites> {
        self.sites.lock().expect("no code panics while it holds the gate's lock")
    }
}

impl Turn {
    /// The request starts now; the next one may start a delay later. Called again for a redirect to the same site.
    pub(super) fn start(&mut self) {
        let now = self.gate.clock.now();
        let mut sites = self.gate.lock();
        let site = sites.of(&self.site, now);
        let until = now + self.delay;
        let later = site.pause.map_or(until, |mut pause| pause.end(now).max(until));
        site.pause = Some(Window { from: now, until: later });
        if std::mem::take(&mut self.starting) {
            site.starting = false;
        }
        site.wake_first();
    }

    pub(super) fn site(&self) -> &str {
        &self.site
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let now = self.gate.clock.now();
        let mut sites = self.gate.lock();
        let site = sites.of(&self.site, now);
        site.in_flight = site.in_flight.saturating_sub(1);
        if self.starting {
            site.starting = false;
        }
        site.wake_first();
    }
}

/// A place in a site's line; left when dropped, whether the turn came or the caller went away.
struct Place<'a> {
    gate: &'a Gate,
    site: String,
    number: Number,
    woken: Arc<Notify>,
}

fn is_longer(wait: TimeDelta, longest: Option<Duration>) -> bool {
    longest.is_some_and(|longest| wait.to_std().is_ok_and(|wait| wait > longest))
}

enum Look {
    Go(Turn),
    Held(Held),
    Behind,
    Until(DateTime<Utc>),
}

impl Place<'_> {
    /// Whether those before it in line, a delay apart, take longer than that.
    fn is_too_far_back(&self, manners: Manners, longest: Option<Duration>) -> bool {
        longest.is_some() && is_longer(self.busy(manners).until - self.gate.clock.now(), longest)
    }

    /// When its turn comes at the earliest.
    fn busy(&self, manners: Manners) -> Held {
        let now = self.gate.clock.now();
        let mut sites = self.gate.lock();
        let site = sites.of(&self.site, now);
        let before = site.queue.range(..self.number).count();
        let delay = manners.delay.saturating_mul(u32::try_from(before).unwrap_or(u32::MAX));
        let delay = TimeDelta::from_std(delay).unwrap_or(LONGEST_HOLD).min(LONGEST_HOLD);
        Held { until: site.opens_at(now) + delay }
    }

    fn look(&self, manners: Manners, patience: Duration) -> Look {
        let now = self.gate.clock.now();
        let mut sites = self.gate.lock();
        let site = sites.of(&self.site, now);
        if let Some(hold) = &mut site.hold {
            let until = hold.end(now);
            if (until - now).to_std().is_ok_and(|left| left > patience) {
                return Look::Held(Held { until });
            }
        }
        let is_first = site.queue.first_key_value().is_some_and(|(number, _)| *number == self.number);
        if !is_first || site.starting || site.in_flight >= manners.concurrency.max(1) {
            return Look::Behind;
        }
        let opens_at = site.opens_at(now);
        if opens_at > now {
            return Look::Until(opens_at);
        }
        site.in_flight += 1;
        site.starting = true;
        let delay = TimeDelta::from_std(manners.delay).unwrap_or(LONGEST_HOLD).min(LONGEST_HOLD);
        Look::Go(Turn { gate: self.gate.clone(), site: self.site.clone(), delay, starting: true })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let now = self.gate.clock.now();
        let mut sites = self.gate.lock();
        let site = sites.of(&self.site, now);
        site.queue.remove(&self.number);
        site.wake_first();
    }
}

/// No site is kept silent for longer, whatever it asked for: one absurd header must not end a feed.
pub(super) const LONGEST_HOLD: TimeDelta = TimeDelta::days(7);

impl Sites {
    fn of(&mut self, name: &str, now: DateTime<Utc>) -> &mut Site {
        if !self.by_name.contains_key(name) {
            if self.by_name.len() >= self.sweep_at {
                self.forget_idle(now);
            }
            self.by_name.insert(name.to_owned(), Site::default());
        }
        self.by_name.get_mut(name).expect("it was inserted above")
    }

    /// Each sweep drops at least half of what it looks at or doubles the time to the next, so a request's share is constant.
    fn forget_idle(&mut self, now: DateTime<Utc>) {
        self.by_name.retain(|_, site| !site.is_idle(now));
        self.sweep_at = (self.by_name.len() * 2).max(256);
    }
}

impl Site {
    fn has_room(&self) -> bool {
        !self.starting && self.in_flight < self.concurrency.max(1)
    }

    fn is_busy(&mut self, now: DateTime<Utc>) -> bool {
        !self.has_room() || !self.queue.is_empty() || self.opens_at(now) > now
    }

    fn is_idle(&mut self, now: DateTime<Utc>) -> bool {
        self.in_flight == 0 && self.queue.is_empty() && self.opens_at(now) <= now
    }

    fn opens_at(&mut self, now: DateTime<Utc>) -> DateTime<Utc> {
        [&mut self.pause, &mut self.hold].into_iter().flatten().map(|window| window.end(now)).max().unwrap_or(now)
    }

    fn wake_first(&self) {
        if let Some((_, woken)) = self.queue.first_key_value() {
            woken.notify_one();
        }
    }
}

impl Window {
    /// Its end, counted again from now where the clock was set back before its beginning.
    fn end(&mut self, now: DateTime<Utc>) -> DateTime<Utc> {
        if now < self.from {
            *self = Self { from: now, until: now + (self.until - self.from) };
        }
        self.until
    }
}

#[cfg(test)]
mod tests;
