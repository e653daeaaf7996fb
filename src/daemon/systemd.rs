//! What systemd is told (`sd_notify(3)`). Without a `NOTIFY_SOCKET` nothing is, and nothing else changes.

use std::time::Duration;

use sd_notify::NotifyState;

/// Both loops run. With `None` the line of `systemctl status` stays as it is.
pub(super) fn ready(status: Option<&str>) {
    match status {
        Some(status) => tell(&[NotifyState::Ready, NotifyState::Status(&one_line(status))]),
        None => tell(&[NotifyState::Ready]),
    }
}

/// The config is being read again; [`ready`] ends it.
pub(super) fn reloading() {
    // The time is asked for by `Type=notify-reload` of later versions, and is harmless before.
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_no_such_clock) => tell(&[NotifyState::Reloading]),
    }
}

/// The daemon is on its way out.
pub(super) fn stopping(status: &str) {
    tell(&[NotifyState::Stopping, NotifyState::Status(&one_line(status))]);
}

/// The line of `systemctl status`.
pub(super) fn status(status: &str) {
    tell(&[NotifyState::Status(&one_line(status))]);
}

/// The start takes longer, and is still at work.
pub(super) fn still_starting(status: &str, at_most: Duration) {
    let micros = u32::try_from(at_most.as_micros()).unwrap_or(u32::MAX);
    tell(&[NotifyState::ExtendTimeoutUsec(micros), NotifyState::Status(&one_line(status))]);
}

/// A sign of life.
pub(super) fn watchdog() {
    tell(&[NotifyState::Watchdog]);
}

/// How often systemd wants a sign of life; `None` when it does not watch.
pub(super) fn watchdog_interval() -> Option<Duration> {
    sd_notify::watchdog_enabled()
}

/// A line of its own each is how states are told apart, so a status is one line.
fn one_line(status: &str) -> String {
    status.replace(char::is_control, " ")
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!("cannot tell systemd: {error}");
    }
}
