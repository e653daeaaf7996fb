//! Runs a program and says what it cost, from `/proc`.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What a run of a program cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    /// User and system time of all its threads.
    pub(crate) cpu: Duration,
    /// The most memory it had resident.
    pub(crate) peak_bytes: u64,
    /// From start to end.
    pub(crate) wall: Duration,
}

impl Cost {
    /// Milliseconds of CPU for each of `count` things.
    pub(crate) fn cpu_ms_each(&self, count: u32) -> f64 {
        self.cpu.as_secs_f64() * 1000.0 / f64::from(count.max(1))
    }

    /// The peak in millions of bytes.
    pub(crate) fn peak_mb(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "memory sizes are far below 2^53 bytes")]
        let bytes = self.peak_bytes as f64;
        bytes / 1e6
    }
}

/// The run in the middle by CPU time; of two, the dearer one.
pub(crate) fn median(costs: &mut [Cost]) -> Option<Cost> {
    costs.sort_by_key(|cost| cost.cpu);
    costs.get(costs.len() / 2).copied()
}

/// How often the peak is looked at. The kernel keeps the peak itself, so only the last moments can be missed.
const SAMPLE_EVERY: Duration = Duration::from_millis(20);

/// A run that takes longer has hung.
const LONGEST: Duration = Duration::from_mins(10);

/// Runs `command` to its end with its output in a file of `folder`; a failure says what it printed last.
pub(crate) fn run(command: &[OsString], folder: &Path) -> Result<Cost, String> {
    let name = command[0].display().to_string();
    let log = folder.join("output.log");
    let output = File::create(&log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    let both = |error: io::Error| format!("cannot run {name}: {error}");
    // The CPU time of children is added to the parent's account when they are waited for.
    let before = children_cpu().map_err(both)?;
    let started = Instant::now();
    let mut child = Command::new(&command[0])
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(output.try_clone().map_err(both)?)
        .stderr(output)
        .spawn()
        .map_err(both)?;
    let (status, peak_bytes) = watch(&mut child, started).map_err(both)?;
    let wall = started.elapsed();
    if !status.success() {
        let printed = fs::read_to_string(&log).unwrap_or_default();
        let last: Vec<&str> = printed.lines().rev().take(10).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        return Err(format!("{name} ended with {status}:\n{}", last.join("\n")));
    }
    let cpu = children_cpu().map_err(both)?.saturating_sub(before);
    Ok(Cost { cpu, peak_bytes, wall })
}

fn watch(child: &mut Child, started: Instant) -> io::Result<(ExitStatus, u64)> {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        // The file is empty of memory once the process has ended but is not waited for.
        let now = fs::read_to_string(&path).ok().and_then(|status| peak_of(&status)).unwrap_or(0);
        peak = peak.max(now);
        if let Some(status) = child.try_wait()? {
            return Ok((status, peak));
        }
        if started.elapsed() > LONGEST {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::new(io::ErrorKind::TimedOut, "it did not end in ten minutes"));
        }
        std::thread::sleep(SAMPLE_EVERY);
    }
}

/// The CPU time of a running process so far.
pub(crate) fn cpu_of(pid: u32) -> Result<Duration, String> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path).map_err(|error| format!("cannot read {path}: {error}"))?;
    times_of(&stat, 14).ok_or_else(|| format!("{path} cannot be understood"))
}

/// The peak memory of a running process, in millions of bytes.
pub(crate) fn peak_mb_of(pid: u32) -> Result<f64, String> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let peak_bytes = peak_of(&status).ok_or_else(|| format!("{path} cannot be understood"))?;
    Ok(Cost { cpu: Duration::ZERO, peak_bytes, wall: Duration::ZERO }.peak_mb())
}

fn children_cpu() -> io::Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    times_of(&stat, 16).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "/proc/self/stat cannot be read"))
}

/// `VmHWM` of `/proc/PID/status`, in bytes.
fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

/// The field and the one after it of `/proc/PID/stat` (proc(5)): 14 and 15 are `utime` and `stime`, 16 and 17 the same of
/// children that were waited for. In hundredths of a second: `USER_HZ` is 100 on every architecture that tearsheet is
/// built for.
fn times_of(stat: &str, field: usize) -> Option<Duration> {
    // The program's name, field 2, stands in parentheses and may hold spaces and parentheses of its own.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(field - 3);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Duration::from_millis((user + system) * 10))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Cost, median, peak_of, run, times_of};

    #[test]
    fn proc_files_are_read_as_proc_5_describes_them() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194304 100 200 0 0 7 8 150 25 20 0 1 0 12345 1000 200";
        assert_eq!(times_of(stat, 16), Some(Duration::from_millis(1750)));
        assert_eq!(times_of(stat, 14), Some(Duration::from_millis(150)));
        assert_eq!(times_of("42 (a) S 1", 14), None);
        assert_eq!(peak_of("Name:\ta\nVmPeak:\t  900 kB\nVmHWM:\t  512 kB\nVmRSS:\t 1 kB\n"), Some(512 * 1024));
        assert_eq!(peak_of("Name:\ta\n"), None);
    }

    #[test]
    fn the_median_is_by_cpu_time() {
        let cost = |ms| Cost { cpu: Duration::from_millis(ms), peak_bytes: ms, wall: Duration::ZERO };
        assert_eq!(median(&mut [cost(3), cost(1), cost(2)]), Some(cost(2)));
        assert_eq!(median(&mut [cost(2), cost(1)]), Some(cost(2)));
        assert_eq!(median(&mut []), None);
    }

    #[test]
    fn cost_is_shared_out_among_what_was_done() {
        let cost = Cost { cpu: Duration::from_secs(1), peak_bytes: 2_500_000, wall: Duration::ZERO };
        assert!((cost.cpu_ms_each(200) - 5.0).abs() < 1e-9);
        assert!((cost.peak_mb() - 2.5).abs() < 1e-9);
    }

    #[test]
    fn a_run_is_measured_and_a_failed_one_says_what_it_printed() {
        let folder = tempfile::tempdir().unwrap();
        let sh = |script: &str| run(&["sh".into(), "-c".into(), script.into()], folder.path());
        let busy = sh("i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; sleep 0.1").unwrap();
        assert!(
            busy.cpu > Duration::ZERO && busy.peak_bytes > 0 && busy.wall >= Duration::from_millis(100),
            "{busy:?}"
        );
        let error = sh("echo on stdout; echo on stderr >&2; exit 3").unwrap_err();
        assert!(error.contains("on stdout\non stderr") && error.contains('3'), "{error}");
        assert!(run(&["/nonexistent/tearsheet".into()], folder.path()).unwrap_err().contains("/nonexistent/tearsheet"));
    }
}
