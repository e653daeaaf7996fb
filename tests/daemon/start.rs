//! Starting: what is due is done, what is not is left alone, and nobody else is at work.

use rusqlite::Connection;

use crate::house::{House, feed, page};
use crate::running::{OFTEN, Running};
use crate::support::Reply;

#[test]
fn feeds_are_polled_and_pages_visited_and_again_when_they_fall_due() {
    let house = House::with_news();
    house.configure(&format!("{OFTEN}[feed.news]\nurl = 'SERVER/feed.xml'\n"));
    house.server.on("/feed.xml", [Reply::ok(feed("One", "/one")), Reply::ok(feed("Two", "/two"))]);
    house.server.on("/two", [Reply::ok(page("Two"))]);
    let mut daemon = Running::start(&house);
    daemon.says(&["polled news: 1 new", "feed=news"]);
    daemon.says(&["/one: new", "feed=news", "article=1"]);
    daemon.says(&["polled news: 1 new"]);
    daemon.says(&["/two: new"]);
    daemon.says(&["polled news: 0 new"]);
    daemon.stop();
    let titles = house.run(&["search", "--json", "bells"]).json();
    assert_eq!(titles.len(), 1, "the two pages have one text: {titles:?}");
}

#[test]
fn a_restart_asks_for_nothing_that_is_not_due() {
    let house = House::with_news();
    let mut daemon = Running::start(&house);
    daemon.says(&["visited"]);
    daemon.stop();
    let requests = house.server.targets();
    let mut daemon = Running::ready(&house);
    daemon.told("STATUS=1 feed, 0 failing, 0 articles due");
    daemon.stop();
    assert_eq!(house.server.targets(), requests);
}

#[test]
fn a_second_daemon_is_refused_with_the_process_of_the_first() {
    let house = House::with_news();
    let mut daemon = Running::ready(&house);
    for command in ["run", "once", "migrate", "prune", "reextract"] {
        house.run(&[command]).refused(1, &["is being written by another tearsheet", &format!("{}", daemon.pid())]);
    }
    daemon.stop();
}

#[test]
fn reading_commands_and_check_work_beside_it() {
    let house = House::with_news();
    let mut daemon = Running::start(&house);
    daemon.says(&["visited"]);
    for arguments in [&["status"][..], &["check"], &["show", "1"], &["changes"], &["explain", "news"], &["export"]] {
        assert!(!house.run(arguments).good().is_empty(), "{arguments:?}");
    }
    house.run(&["backup", "copy.db"]).good();
    daemon.stop();
}

#[test]
fn a_database_from_the_future_is_named_and_left_as_it_is() {
    let house = House::with_news();
    house.run(&["once"]).good();
    let db = Connection::open(house.database()).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    let before = std::fs::read(house.database()).unwrap();
    let mut daemon = Running::start(&house);
    let (status, _) = daemon.ends();
    assert_eq!(status.code(), Some(1));
    assert!(daemon.said().iter().any(|line| line.contains("schema 999")), "{:#?}", daemon.said());
    assert_eq!(std::fs::read(house.database()).unwrap(), before);
}

#[test]
fn a_wrong_config_is_exit_78_and_no_start() {
    let house = House::with_news();
    house.configure("[feed.news]\nurl = 'SERVER/feed.xml'\nevry = '1h'\n");
    let mut daemon = Running::start(&house);
    assert_eq!(daemon.ends().0.code(), Some(78));
    assert!(daemon.said().iter().any(|line| line.contains("evry")), "{:#?}", daemon.said());
    assert!(!house.database().exists());
}

#[test]
fn logs_are_json_on_demand() {
    let house = House::with_news();
    house.configure("[log]\nformat = 'json'\n[feed.news]\nurl = 'SERVER/feed.xml'\n");
    let mut daemon = Running::start(&house);
    daemon.says(&["visited"]);
    for line in daemon.stop() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string() && line["message"].is_string(), "{line}");
    }
}

#[test]
fn a_database_that_is_taken_away_ends_the_daemon_with_the_reason() {
    for taken in ["tearsheet.db", "tearsheet.db.lock"] {
        let house = House::with_news();
        house.configure(&format!("{OFTEN}[feed.news]\nurl = 'SERVER/feed.xml'\n"));
        let mut daemon = Running::start(&house);
        daemon.says(&["visited"]);
        std::fs::remove_file(house.folder.path().join(taken)).unwrap();
        let (status, _) = daemon.ends();
        assert_eq!(status.code(), Some(1), "{taken}");
        let said = daemon.said();
        assert!(said.iter().any(|line| line.contains("is no longer the file that was opened")), "{taken}: {said:#?}");
    }
}
