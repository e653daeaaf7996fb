//! What the operator tells a running daemon by signals: to stop, to stop at once, to read the config again.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Counts of what was heard. A storm of signals is a large number, and no queue.
#[derive(Debug, Clone, Copy, Default)]
struct Heard {
    stops: u32,
    reloads: u64,
}

/// Hears signals from its making on. Clones hear the same.
#[derive(Debug, Clone)]
pub(super) struct Signals(watch::Receiver<Heard>);

impl Signals {
    /// Takes over SIGTERM, SIGINT and SIGHUP; `tasks` does the listening.
    pub(super) fn listen(tasks: &mut JoinSet<()>) -> io::Result<Self> {
        let (sender, receiver) = watch::channel(Heard::default());
        let stop = |heard: &mut Heard| heard.stops = heard.stops.saturating_add(1);
        let reload = |heard: &mut Heard| heard.reloads += 1;
        tasks.spawn(count(signal(SignalKind::terminate())?, sender.clone(), stop));
        tasks.spawn(count(signal(SignalKind::interrupt())?, sender.clone(), stop));
        tasks.spawn(count(signal(SignalKind::hangup())?, sender, reload));
        Ok(Self(receiver))
    }

    /// Waits until the daemon is told to stop: for the first time, or once more after that.
    pub(super) async fn stop(&self, time: Stop) {
        let times = match time {
            Stop::Drain => 1,
            Stop::AtOnce => 2,
        };
        // The listeners live as long as the daemon.
        let _listeners_are_gone = self.0.clone().wait_for(|heard| heard.stops >= times).await.is_err();
    }

    /// How often a reload was asked for.
    pub(super) fn reloads(&self) -> u64 {
        self.0.borrow().reloads
    }

    /// Waits until a reload was asked for more often than that.
    pub(super) async fn reload_after(&self, reloads: u64) {
        let _listeners_are_gone = self.0.clone().wait_for(|heard| heard.reloads > reloads).await.is_err();
    }
}

/// The two ways to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The first signal: what is at work may end.
    Drain,
    /// The second: nothing may.
    AtOnce,
}

async fn count(mut signal: Signal, heard: watch::Sender<Heard>, add: impl Fn(&mut Heard)) {
    while signal.recv().await.is_some() {
        heard.send_modify(&add);
    }
}
