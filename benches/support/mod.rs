//! What a piece of work costs: CPU time of its thread, memory of its process.

use std::fs;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The CPU time of this thread that `work` takes.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default();
    let began = now();
    let result = work();
    (result, now().saturating_sub(began))
}

/// The memory that `work` needs at most beyond what there was, in MiB, from Linux's `/proc`; zero elsewhere. Where the peak cannot
/// be begun anew, it is that of everything so far.
pub(crate) fn peak<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = memory("VmRSS:");
    let _unsupported = fs::write("/proc/self/clear_refs", "5");
    let result = work();
    (result, memory("VmHWM:").saturating_sub(before))
}

fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
