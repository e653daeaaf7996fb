//! The loops around the steps: what is claimed when, what runs side by side, and when it is over.
//!
//! [`run`] is the daemon: both loops until a signal. [`round`] is one pass over what is due, for `once`. Both claim and
//! start steps through `work`. [`reconcile`] brings the store in line with the config.

pub mod reconcile;
pub mod round;
pub mod run;

mod drain;
mod reload;
mod work;

mod health;
mod signals;
mod systemd;
mod tend;

mod log;
