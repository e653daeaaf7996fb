//! The loops around the steps: what is claimed when, what runs side by side, and when it is over.
//!
//! [`round`] is one pass over what is due, for `once`. [`reconcile`] brings the store in line with the config.

mod log;
pub mod reconcile;
pub mod round;
