//! The daemon from outside: the real binary under signals, reloads, locks, a full disk and kills.
#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

#[path = "../support/mod.rs"]
mod support;

#[path = "../cli/house.rs"]
mod house;
mod running;

mod disk;
mod group;
mod kill;
mod reload;
mod start;
mod stop;
mod systemd;
