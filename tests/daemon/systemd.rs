//! What systemd is told, and when.

use std::os::unix::fs::MetadataExt;

use crate::house::House;
use crate::running::Running;

#[test]
fn it_is_told_of_the_start_the_state_and_the_end() {
    let house = House::with_news();
    let mut daemon = Running::start(&house);
    assert!(daemon.told("READY=1").contains("STATUS="));
    daemon.told("STATUS=1 feed, 0 failing, 0 articles due");
    daemon.signal("HUP");
    assert!(daemon.told("RELOADING=1").contains("MONOTONIC_USEC="));
    daemon.told("READY=1");
    daemon.signal("TERM");
    daemon.told("STOPPING=1");
    assert!(daemon.ends().0.success());
}

#[test]
fn the_watchdog_is_fed_several_times_in_its_interval() {
    let house = House::with_news();
    let mut daemon = Running::start_with(&house, &[("WATCHDOG_USEC", "400000")]);
    for _ in 0..5 {
        daemon.told("WATCHDOG=1");
    }
    daemon.stop();
}

#[test]
fn in_the_journal_lines_have_priorities_and_no_times() {
    let house = House::with_news();
    let file = house.folder.path().join("stream");
    let stream = std::fs::File::create(&file).unwrap();
    let metadata = stream.metadata().unwrap();
    let journal = format!("{}:{}", metadata.dev(), metadata.ino());
    let mut command = house.command(&["-c", "tearsheet.toml", "run"]);
    let mut child = command.env("JOURNAL_STREAM", journal).stderr(stream).spawn().unwrap();
    // A visit is logged after it was stored: once the page is asked for, the stop waits for both.
    super::stop::block_on(house.server.reached(3));
    let kill = format!("kill -TERM {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    let log = std::fs::read_to_string(file).unwrap();
    assert!(log.lines().all(|line| line.starts_with('<')), "{log}");
    assert!(log.lines().any(|line| line.starts_with("<6>polled news: 1 new")), "{log}");
    // Everything about a feed is found by its name.
    assert_eq!(log.lines().filter(|line| line.contains("feed=news")).count(), 3, "{log}");
}
