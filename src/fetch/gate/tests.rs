//! The gate on a clock that is moved by hand.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Gate, Held, Manners, Turn};
use crate::clock::Clock;
use crate::fetch::Purpose::{self, Article, Feed};

const MANNERS: Manners = Manners { delay: Duration::from_secs(2), concurrency: 1 };
const PATIENCE: Duration = Duration::from_mins(1);

fn gate() -> (Gate, Clock) {
    let clock = Clock::manual(DateTime::<Utc>::UNIX_EPOCH);
    (Gate::new(clock.clone()), clock)
}

/// A request on its way through the gate, moved by hand.
struct Visitor<'a> {
    way: Pin<Box<dyn Future<Output = Result<Turn, Held>> + 'a>>,
    came_out: Option<Result<Turn, Held>>,
}

impl<'a> Visitor<'a> {
    /// Takes its place in line.
    fn with(gate: &'a Gate, site: &'a str, purpose: Purpose, manners: Manners) -> Self {
        let mut visitor = Self { way: Box::pin(gate.enter(site, manners, purpose, PATIENCE, None)), came_out: None };
        visitor.has_turn();
        visitor
    }

    fn new(gate: &'a Gate, purpose: Purpose) -> Self {
        Self::with(gate, "a.example", purpose, MANNERS)
    }

    fn step(&mut self) -> Option<&Result<Turn, Held>> {
        if self.came_out.is_none()
            && let Poll::Ready(result) = self.way.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        {
            self.came_out = Some(result);
        }
        self.came_out.as_ref()
    }

    fn has_turn(&mut self) -> bool {
        matches!(self.step(), Some(Ok(_)))
    }

    fn held_until(&mut self) -> Option<DateTime<Utc>> {
        self.step()?.as_ref().err().map(|held| held.until)
    }

    fn start(mut self) -> Turn {
        assert!(self.has_turn(), "not its turn yet");
        let mut turn = self.came_out.take().unwrap().unwrap();
        turn.start();
        turn
    }
}

fn seconds(n: i64) -> TimeDelta {
    TimeDelta::seconds(n)
}

#[test]
fn one_request_at_a_time_and_starts_a_delay_apart() {
    let (gate, clock) = gate();
    let first = Visitor::new(&gate, Feed).start();
    let mut second = Visitor::new(&gate, Feed);
    clock.advance(seconds(5));
    assert!(!second.has_turn(), "the first is still in flight");
    drop(first);
    assert!(second.has_turn(), "the delay is over already");
    drop(second.start());
    let mut third = Visitor::new(&gate, Feed);
    assert!(!third.has_turn(), "nothing is in flight, and the delay is not over");
    clock.advance(seconds(1));
    assert!(!third.has_turn());
    clock.advance(seconds(1));
    assert!(third.has_turn());
}

#[test]
fn the_delay_counts_from_the_start_not_from_the_turn() {
    let (gate, clock) = gate();
    let two = Manners { concurrency: 2, ..MANNERS };
    let mut first = Visitor::with(&gate, "a.example", Feed, two);
    assert!(first.has_turn());
    clock.advance(seconds(10));
    let mut second = Visitor::with(&gate, "a.example", Feed, two);
    assert!(!second.has_turn(), "the first waits for the network and has not started");
    let _first = first.start();
    assert!(!second.has_turn());
    clock.advance(seconds(2));
    assert!(second.has_turn(), "two may be in flight");
    let _second = second.start();
    clock.advance(seconds(9));
    assert!(!Visitor::with(&gate, "a.example", Feed, two).has_turn(), "three may not");
}

#[test]
fn feeds_go_before_articles_and_else_in_order_of_coming() {
    let (gate, clock) = gate();
    let running = Visitor::new(&gate, Article).start();
    let mut article = Visitor::new(&gate, Article);
    let mut feed = Visitor::new(&gate, Feed);
    let mut later_feed = Visitor::new(&gate, Feed);
    drop(running);
    clock.advance(seconds(2));
    assert!(!article.has_turn() && !later_feed.has_turn() && feed.has_turn());
    drop(feed.start());
    clock.advance(seconds(2));
    assert!(!article.has_turn() && later_feed.has_turn());
    drop(later_feed.start());
    clock.advance(seconds(2));
    assert!(article.has_turn());
}

#[test]
fn sites_do_not_delay_each_other() {
    let (gate, _clock) = gate();
    let _hanging = Visitor::new(&gate, Feed).start();
    assert!(Visitor::with(&gate, "b.example", Feed, MANNERS).has_turn());
}

#[test]
fn a_caller_that_goes_away_lets_the_next_one_through() {
    let (gate, clock) = gate();
    drop(Visitor::new(&gate, Feed).start());
    let first = Visitor::new(&gate, Feed);
    let mut second = Visitor::new(&gate, Feed);
    clock.advance(seconds(2));
    drop(first);
    assert!(second.has_turn());
    drop(second); // With its turn, before it started.
    assert!(Visitor::new(&gate, Feed).has_turn());
}

#[tokio::test]
async fn sleepers_are_woken_by_the_clock_and_by_those_who_leave() {
    let (gate, clock) = gate();
    for _ in 0..3 {
        let entering = gate.enter("a.example", MANNERS, Feed, PATIENCE, None);
        let moving = async {
            tokio::task::yield_now().await;
            clock.advance(seconds(2));
        };
        let (turn, ()) = tokio::join!(entering, moving);
        turn.unwrap().start();
    }
}

#[test]
fn a_short_hold_is_waited_for_and_a_long_one_is_refused() {
    let (gate, clock) = gate();
    gate.hold("a.example", clock.now() + seconds(60));
    let mut patient = Visitor::new(&gate, Feed);
    assert_eq!((patient.has_turn(), patient.held_until()), (false, None));
    clock.advance(seconds(60));
    assert!(patient.has_turn());
    drop(patient);

    let until = clock.now() + seconds(3600);
    let mut waiting = {
        let _running = Visitor::new(&gate, Feed).start();
        let waiting = Visitor::new(&gate, Feed);
        gate.hold("a.example", until);
        waiting
    };
    assert_eq!(waiting.held_until(), Some(until), "those in line are told too");
    gate.hold("a.example", clock.now() + seconds(10));
    assert_eq!(Visitor::new(&gate, Feed).held_until(), Some(until), "the later end stands");
    assert!(Visitor::with(&gate, "b.example", Feed, MANNERS).has_turn());
    clock.advance(seconds(3600));
    assert!(Visitor::new(&gate, Feed).has_turn());
}

#[test]
fn an_absurd_hold_ends_after_a_week() {
    let (gate, clock) = gate();
    gate.hold("a.example", DateTime::<Utc>::MAX_UTC);
    assert_eq!(gate.next_free(), Some(clock.now() + super::LONGEST_HOLD));
}

#[test]
fn a_clock_that_is_set_back_does_not_close_the_gate() {
    let (gate, clock) = gate();
    drop(Visitor::new(&gate, Feed).start());
    gate.hold("b.example", clock.now() + seconds(30));
    clock.advance(TimeDelta::days(-1));
    assert!(!Visitor::new(&gate, Feed).has_turn());
    assert!(!Visitor::with(&gate, "b.example", Feed, MANNERS).has_turn());
    clock.advance(seconds(2));
    assert!(Visitor::new(&gate, Feed).has_turn());
    clock.advance(seconds(28));
    assert!(Visitor::with(&gate, "b.example", Feed, MANNERS).has_turn());
}

#[test]
fn busy_sites_are_those_where_nothing_may_start() {
    let (gate, clock) = gate();
    assert_eq!((gate.busy_sites(), gate.next_free()), (vec![], None));
    let running = Visitor::new(&gate, Feed).start();
    gate.hold("b.example", clock.now() + seconds(100));
    let mut busy = gate.busy_sites();
    busy.sort();
    assert_eq!(busy, ["a.example", "b.example"]);
    assert_eq!(gate.next_free(), Some(clock.now() + seconds(100)), "the request in flight ends at no known time");
    drop(running);
    assert_eq!(gate.next_free(), Some(clock.now() + seconds(2)));
    clock.advance(seconds(2));
    assert_eq!(gate.busy_sites(), ["b.example"]);
}

#[test]
fn idle_sites_are_forgotten() {
    let (gate, clock) = gate();
    for n in 0..10_000 {
        drop(Visitor::with(&gate, &format!("{n}.example"), Feed, MANNERS).start());
        clock.advance(seconds(1));
    }
    assert!(gate.lock().by_name.len() <= 300, "{}", gate.lock().by_name.len());
    clock.advance(seconds(2));
    assert!(gate.busy_sites().is_empty() && gate.lock().by_name.is_empty());
}

#[test]
fn who_comes_from_elsewhere_does_not_stand_in_a_long_line() {
    let (gate, _clock) = gate();
    let mut first = Visitor::new(&gate, Feed);
    first.has_turn();
    let second = Visitor::new(&gate, Feed);
    let redirected = |longest| {
        let mut way = Box::pin(gate.enter("a.example", MANNERS, Feed, PATIENCE, Some(longest)));
        way.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    };
    // One request is in flight and one is in line: the turn is two delays away.
    assert!(matches!(redirected(Duration::from_secs(1)), Poll::Ready(Err(_))));
    assert!(redirected(Duration::from_secs(10)).is_pending());
    drop(second);
}
