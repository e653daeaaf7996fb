//! Stopping: what is at work may end, nothing is waited for for ever, nothing is lost.

use std::time::Duration;

use crate::house::{House, page};
use crate::running::Running;
use crate::support::{Release, Reply};

#[test]
fn what_is_at_work_ends_and_is_stored() {
    for signal in ["TERM", "INT"] {
        let house = House::with_news();
        let release = Release::default();
        house.server.on("/one", [Reply::ok(page("One")).after(&release)]);
        let mut daemon = Running::start(&house);
        daemon.says(&["polled news"]);
        block_on(house.server.reached(3)); // robots.txt, the feed, the page
        daemon.signal(signal);
        daemon.says(&["stopping: at work 1 attempt"]);
        release.now();
        let (status, _) = daemon.ends();
        assert!(status.success(), "{status}");
        assert!(house.run(&["show", "1"]).good().contains("The council met"));
    }
}

#[test]
fn a_stuck_download_is_given_up_in_time_and_made_again_at_the_next_start() {
    let house = House::with_news();
    house.server.on("/one", [Reply::ok("<p>The beginning").stalled(), Reply::ok(page("One"))]);
    let mut daemon = Running::start(&house);
    daemon.says(&["polled news"]);
    block_on(house.server.reached(3));
    daemon.signal("TERM");
    let (status, took) = daemon.ends();
    assert!(status.success() && took < Duration::from_secs(10), "{status} after {took:?}: {:#?}", daemon.said());
    assert!(daemon.said().iter().any(|line| line.contains("not ended in time")), "{:#?}", daemon.said());
    let mut daemon = Running::start(&house);
    daemon.says(&["/one: new"]);
    daemon.stop();
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let house = House::with_news();
    house.server.on("/feed.xml", [Reply::ok("<rss>").stalled()]);
    let mut daemon = Running::start(&house);
    block_on(house.server.reached(1));
    daemon.signal("TERM");
    daemon.says(&["stopping"]);
    daemon.signal("TERM");
    let (status, took) = daemon.ends();
    assert!(status.success() && took < Duration::from_secs(4), "{status} after {took:?}");
}

#[test]
fn one_self_contained_file_is_left() {
    let house = House::with_news();
    let mut daemon = Running::start(&house);
    daemon.says(&["visited"]);
    daemon.stop();
    let wal = house.folder.path().join("tearsheet.db-wal");
    assert!(!wal.exists(), "the write-ahead log is left behind");
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
