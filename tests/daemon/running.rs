//! A daemon at work: what it logs, what it tells systemd, and the signals that it gets.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::house::House;

/// Longer than anything that a test waits for takes on the slowest machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Short intervals, so that a test sees the second poll.
pub(crate) const OFTEN: &str = "[defaults]\nmin_every = '1s'\nevery = '1s'\n";

/// A running `tearsheet run`; killed when dropped.
pub(crate) struct Running {
    child: Child,
    log: Receiver<String>,
    socket: UnixDatagram,
    said: Vec<String>,
}

impl Running {
    /// Starts it with the house's config.
    pub(crate) fn start(house: &House) -> Self {
        Self::start_with(house, &[])
    }

    /// The same, with these variables in its environment.
    pub(crate) fn start_with(house: &House, variables: &[(&str, &str)]) -> Self {
        let mut command = house.command(&["-c", "tearsheet.toml", "run"]);
        command.envs(variables.iter().copied());
        Self::spawn(house, command)
    }

    /// Starts it by a script in a mount namespace of its own; `$1` is the program.
    pub(crate) fn start_in_shell(house: &House, script: &str) -> Self {
        let mut command = Command::new("unshare");
        command.args(["-m", "sh", "-c", script, "sh", env!("CARGO_BIN_EXE_tearsheet")]);
        command.current_dir(house.folder.path());
        Self::spawn(house, command)
    }

    fn spawn(house: &House, mut command: Command) -> Self {
        let address = house.folder.path().join("notify");
        let _none_from_before = std::fs::remove_file(&address).is_err();
        let socket = UnixDatagram::bind(&address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        command.env("NOTIFY_SOCKET", &address);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, log) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, log, socket, said: Vec::new() }
    }

    /// The same, once both loops run.
    pub(crate) fn ready(house: &House) -> Self {
        let running = Self::start(house);
        running.told("READY=1");
        running
    }

    /// Waits for a line of the log that has all of `parts`.
    #[track_caller]
    pub(crate) fn says(&mut self, parts: &[&str]) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(line) = self.log.recv_timeout(left) else { panic!("no line with {parts:?}: {:#?}", self.said) };
            self.said.push(line.clone());
            if parts.iter().all(|part| line.contains(part)) {
                return line;
            }
        }
    }

    /// Waits until systemd is told something that has `part`.
    #[track_caller]
    pub(crate) fn told(&self, part: &str) -> String {
        let mut buffer = [0; 8192];
        let until = Instant::now() + PATIENCE;
        loop {
            assert!(Instant::now() < until, "systemd was not told {part}");
            let Ok(length) = self.socket.recv(&mut buffer) else { panic!("systemd was not told {part}") };
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if text.contains(part) {
                return text;
            }
        }
    }

    /// `TERM`, `INT`, `HUP`, `KILL`.
    pub(crate) fn signal(&self, name: &str) {
        // The shell's own, since not every machine has the program.
        let kill = format!("kill -{name} {}", self.pid());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success(), "{kill}");
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end: how it ended, and how long that took.
    pub(crate) fn ends(&mut self) -> (ExitStatus, Duration) {
        let began = Instant::now();
        let status = self.child.wait().unwrap();
        self.said.extend(self.log.iter());
        (status, began.elapsed())
    }

    /// Stops it; it has to end well.
    #[track_caller]
    pub(crate) fn stop(&mut self) -> &[String] {
        self.signal("TERM");
        let (status, _) = self.ends();
        assert!(status.success(), "{status}: {:#?}", self.said);
        &self.said
    }

    /// Everything that it has said, as far as it was waited for.
    pub(crate) fn said(&self) -> &[String] {
        &self.said
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _has_ended = self.child.kill().is_err();
        let _is_gone = self.child.wait().is_err();
    }
}
