//! Work over many inputs on several threads, with the results in the order of the inputs and a bounded number waiting.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::thread;

/// How many threads to use when the command line says nothing: all cores.
pub(super) fn default_jobs() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Calls `work` for each input on `jobs` threads and writes the lines to `out`, in the order of the inputs.
pub(super) fn write_lines<I: Send>(
    inputs: impl Iterator<Item = I> + Send,
    jobs: usize,
    out: &mut impl Write,
    work: impl Fn(I) -> String + Sync,
) -> io::Result<()> {
    let jobs = jobs.max(1);
    let inputs = Mutex::new(inputs.enumerate());
    let (sender, receiver) = sync_channel(jobs * 4);
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (inputs, work, sender) = (&inputs, &work, sender.clone());
            scope.spawn(move || {
                loop {
                    let next = inputs.lock().expect("the iterator does not panic").next();
                    let Some((index, input)) = next else { return };
                    if sender.send((index, work(input))).is_err() {
                        return; // The writer failed and went away.
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut expected = 0;
        for (index, line) in receiver {
            early.insert(index, line);
            while let Some(line) = early.remove(&expected) {
                writeln!(out, "{line}")?;
                expected += 1;
            }
        }
        out.flush()
    })
}

#[cfg(test)]
mod tests {
    use super::write_lines;

    #[test]
    fn lines_come_in_the_order_of_the_inputs() {
        let mut out = Vec::new();
        write_lines(0..100, 4, &mut out, |n| n.to_string()).unwrap();
        let expected: Vec<String> = (0..100).map(|n: i32| n.to_string()).collect();
        assert_eq!(String::from_utf8(out).unwrap().lines().collect::<Vec<_>>(), expected);
    }
}
