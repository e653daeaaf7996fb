//! What the daemon costs with many feeds: all of them new, then nothing to do, then started again.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::measure;
use crate::report::Figure;
use crate::server::{Served, Server};

/// Between two looks at what was served.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How long the idle daemon is watched, and the one that was started again.
const WATCH: Duration = Duration::from_secs(20);

/// Longer than anything here takes on a slow machine.
const PATIENCE: Duration = Duration::from_mins(10);

/// Polls all feeds from cold while the articles that they bring are visited.
pub(crate) fn cold(command: &[OsString], folder: &Path, server: &Server, feeds: u32) -> Result<[Figure; 3], String> {
    let mut daemon = Daemon::start(command, folder)?;
    let before = server.served()?;
    let took = daemon.wait_until(|| Ok((server.served()? - before).feeds >= feeds))?;
    let (peak, cpu) = (daemon.peak_mb()?, daemon.cpu()?);
    daemon.stop()?;
    Ok([
        Figure::with_goal("every feed new, articles visited", took.as_secs_f64(), "s", 60.0),
        Figure::plain("CPU time of that", cpu.as_secs_f64(), "s"),
        Figure::with_goal("peak memory of that", peak, "MB", 150.0),
    ])
}

/// Polls all feeds from cold, whose articles are made from what they carry; then idles; then starts again.
pub(crate) fn whole(command: &[OsString], folder: &Path, server: &Server, feeds: u32) -> Result<Vec<Figure>, String> {
    let mut daemon = Daemon::start(command, folder)?;
    let before = server.served()?;
    let took = daemon.wait_until(|| Ok((server.served()? - before).feeds >= feeds))?;
    // What was served last is being stored: idle is when nothing more is used up.
    daemon.wait_until_idle()?;
    let peak = daemon.peak_mb()?;
    let busy = daemon.cpu()?;
    thread::sleep(WATCH);
    let idle = daemon.cpu()?.saturating_sub(busy).as_secs_f64() / WATCH.as_secs_f64() * 100.0;
    daemon.stop()?;

    let before = server.served()?;
    let mut daemon = Daemon::start(command, folder)?;
    thread::sleep(WATCH);
    let Served { feeds: new, unchanged, pages } = server.served()? - before;
    let asked = f64::from(new + unchanged + pages);
    let peak_again = daemon.peak_mb()?;
    daemon.stop()?;
    Ok(vec![
        Figure::with_goal("every feed new, no page visited", took.as_secs_f64(), "s", 60.0),
        Figure::plain("CPU time of that", busy.as_secs_f64(), "s"),
        Figure::with_goal("peak memory of that", peak, "MB", 150.0),
        Figure::with_goal("idle afterwards, of one core", idle, "%", 1.0),
        Figure::with_goal("requests after a restart", asked, "", 0.0),
        Figure::with_goal("peak memory after a restart", peak_again, "MB", 150.0),
    ])
}

/// A running daemon; killed when dropped.
struct Daemon {
    child: Child,
    log: std::path::PathBuf,
}

impl Daemon {
    fn start(command: &[OsString], folder: &Path) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot run {}: {error}", command[0].display());
        let log = folder.join("daemon.log");
        let output = File::create(&log).map_err(failed)?;
        let child = Command::new(&command[0])
            .args(&command[1..])
            .stdin(Stdio::null())
            .stdout(output.try_clone().map_err(failed)?)
            .stderr(output)
            .spawn()
            .map_err(failed)?;
        Ok(Self { child, log })
    }

    fn wait_until(&mut self, mut is_so: impl FnMut() -> Result<bool, String>) -> Result<Duration, String> {
        let began = Instant::now();
        while !is_so()? {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                return Err(format!("the daemon ended with {status}: {}", self.last_words()));
            }
            if began.elapsed() > PATIENCE {
                return Err(format!("the daemon took longer than ten minutes: {}", self.last_words()));
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(began.elapsed())
    }

    fn wait_until_idle(&mut self) -> Result<(), String> {
        let mut before = Duration::ZERO;
        let pid = self.child.id();
        self.wait_until(|| {
            thread::sleep(Duration::from_secs(2));
            let now = measure::cpu_of(pid)?;
            let is_idle = now.saturating_sub(std::mem::replace(&mut before, now)) < Duration::from_millis(100);
            Ok(is_idle)
        })
        .map(drop)
    }

    fn cpu(&self) -> Result<Duration, String> {
        measure::cpu_of(self.child.id())
    }

    fn peak_mb(&self) -> Result<f64, String> {
        measure::peak_mb_of(self.child.id())
    }

    fn stop(&mut self) -> Result<(), String> {
        let kill = format!("kill -TERM {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().map_err(|error| error.to_string())?;
        let status = self.child.wait().map_err(|error| error.to_string())?;
        if sent.success() && status.success() {
            Ok(())
        } else {
            Err(format!("the daemon ended with {status}: {}", self.last_words()))
        }
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().rev().take(3).collect::<Vec<_>>().join(" / ")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _has_ended = self.child.kill().is_err();
        let _is_gone = self.child.wait().is_err();
    }
}
