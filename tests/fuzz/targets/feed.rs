//! Any bytes as a feed document. What must hold of the result is in `feed_invariants.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../feed_invariants.rs"]
mod feed_invariants;

fuzz_target!(|data: &[u8]| feed_invariants::check_case(data));
