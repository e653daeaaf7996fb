//! SIGHUP: all or nothing, said, and without loss.

use crate::house::{House, feed, page};
use crate::running::{OFTEN, Running};
use crate::support::Reply;

/// Two feeds, with everything of the first one done.
fn house() -> (House, Running) {
    let house = House::with_news();
    house.server.on("/other.xml", [Reply::ok(feed("Two", "/two"))]).on("/two", [Reply::ok(page("Two"))]);
    let mut daemon = Running::start(&house);
    daemon.says(&["/one: new"]);
    (house, daemon)
}

/// The slugs with their states.
fn feeds(house: &House) -> Vec<String> {
    let feeds = house.run(&["status", "--json"]).json();
    feeds.iter().map(|feed| format!("{} {}", feed["slug"].as_str().unwrap(), feed["state"].as_str().unwrap())).collect()
}

#[test]
fn a_new_feed_is_polled_at_once_and_the_old_one_not_again() {
    let (house, mut daemon) = house();
    house.configure("[feed.news]\nurl = 'SERVER/feed.xml'\n[feed.other]\nurl = 'SERVER/other.xml'\n");
    daemon.signal("HUP");
    daemon.says(&["feed other is new", "feed=other"]);
    daemon.says(&["reloaded"]);
    daemon.says(&["/two: new"]);
    daemon.stop();
    assert_eq!(house.server.targets().iter().filter(|target| *target == "/feed.xml").count(), 1);
}

#[test]
fn a_removed_feed_keeps_its_articles_and_comes_back_with_them() {
    let (house, mut daemon) = house();
    house.configure("[feed.other]\nurl = 'SERVER/other.xml'\n");
    daemon.signal("HUP");
    daemon.says(&["feed news left the config"]);
    daemon.says(&["/two: new"]);
    assert_eq!(feeds(&house), ["other active"]);
    assert!(house.run(&["show", "1"]).good().contains("The council met"));
    house.configure("[feed.news]\nurl = 'SERVER/feed.xml'\n[feed.other]\nurl = 'SERVER/other.xml'\n");
    daemon.signal("HUP");
    daemon.says(&["feed news is active again"]);
    daemon.says(&["reloaded"]);
    assert_eq!(feeds(&house), ["news active", "other active"]);
    daemon.stop();
}

#[test]
fn a_renamed_feed_keeps_its_history() {
    let (house, mut daemon) = house();
    house.configure("[feed.paper]\nurl = 'SERVER/feed.xml'\n");
    daemon.signal("HUP");
    daemon.says(&["feed news is now called paper"]);
    daemon.says(&["reloaded"]);
    assert_eq!(feeds(&house), ["paper active"]);
    assert_eq!(house.run(&["status", "paper", "--json"]).json()[0]["entries"], 1);
    daemon.stop();
}

#[test]
fn a_moved_feed_is_polled_at_its_new_address_without_the_validators_of_the_old() {
    let house = House::with_news();
    house.server.on("/feed.xml", [Reply::ok(feed("One", "/one")).header("ETag", "\"a\"")]);
    house.server.on("/other.xml", [Reply::ok(feed("One", "/one"))]);
    let mut daemon = Running::start(&house);
    daemon.says(&["/one: new"]);
    house.configure("[feed.news]\nurl = 'SERVER/other.xml'\n");
    daemon.signal("HUP");
    daemon.says(&["feed news has a new address"]);
    daemon.says(&["polled news: 0 new"]);
    daemon.stop();
    let requests = house.server.requests();
    let moved = requests.iter().find(|request| request.target == "/other.xml").unwrap();
    assert_eq!(moved.header("If-None-Match"), None);
}

#[test]
fn changed_settings_are_named_and_in_force() {
    let (house, mut daemon) = house();
    house.configure(&format!("{OFTEN}[feed.news]\nurl = 'SERVER/feed.xml'\n"));
    daemon.signal("HUP");
    daemon.says(&["feed news is polled sooner", "feed=news"]);
    daemon.says(&["feed news has other settings", "feed=news"]);
    daemon.says(&["reloaded"]);
    daemon.says(&["polled news: 0 new"]);
    daemon.stop();
}

#[test]
fn a_broken_config_changes_nothing_and_says_why_in_the_log_and_in_the_status() {
    let (house, mut daemon) = house();
    for (config, reason) in [
        ("[feed.news]\nurl = 'SERVER/feed.xml'\nevry = '1h'\n[feed.other]\nurl = 'SERVER/other.xml'\n", "evry"),
        ("include = 'nothing.toml'\n", "include"),
        ("[feed.news]\nurl = 'SERVER/feed.xml?key=${credential:nosuch}'\n", "nosuch"),
        ("[feed.news\n", "not TOML"),
    ] {
        house.configure(config);
        daemon.signal("HUP");
        daemon.says(&["is refused, the config from before stays in force"]);
        daemon.says(&["ERROR", "tearsheet.toml:", reason]);
        daemon.told("RELOADING=1");
        let status = daemon.told("READY=1");
        assert!(status.contains("STATUS=config refused: ") && status.contains("tearsheet.toml:"), "{status}");
        let status = daemon.told("1 feed, 0 failing");
        assert!(status.contains("config refused"), "it stays there: {status}");
    }
    assert_eq!(feeds_of_the_archive(&house), ["news active"]);
    // A good one ends it.
    house.configure("[feed.news]\nurl = 'SERVER/feed.xml'\n");
    daemon.signal("HUP");
    daemon.says(&["reloaded"]);
    assert!(daemon.told("STATUS=1 feed").starts_with("STATUS=1 feed, 0 failing"));
    daemon.stop();
}

/// As [`feeds`], while the config cannot be read.
fn feeds_of_the_archive(house: &House) -> Vec<String> {
    let db = rusqlite::Connection::open(house.database()).unwrap();
    let mut statement = db.prepare("SELECT slug || ' ' || state FROM feeds ORDER BY slug").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn another_database_takes_a_restart() {
    let (house, mut daemon) = house();
    let config = std::fs::read_to_string(house.folder.path().join("tearsheet.toml")).unwrap();
    house.file("tearsheet.toml", &config.replace("tearsheet.db", "elsewhere.db"));
    daemon.signal("HUP");
    daemon.says(&["`store.path` cannot change while the daemon runs"]);
    daemon.stop();
    assert!(!house.folder.path().join("elsewhere.db").exists());
}

#[test]
fn a_storm_of_reloads_is_harmless() {
    let house = House::with_news();
    house.configure(&format!("{OFTEN}[feed.news]\nurl = 'SERVER/feed.xml'\n"));
    let mut daemon = Running::start(&house);
    daemon.says(&["/one: new"]);
    for _ in 0..50 {
        daemon.signal("HUP");
    }
    let last = "[feed.news]\nurl = 'SERVER/feed.xml'\n[feed.last]\nurl = 'SERVER/feed.xml?last'\n";
    house.configure(&format!("{OFTEN}{last}"));
    daemon.signal("HUP");
    daemon.says(&["feed last is new"]);
    daemon.says(&["polled news"]);
    let said = daemon.stop();
    let reloads = said.iter().filter(|line| line.contains("reloaded")).count();
    assert!(reloads < 15, "{reloads} reloads");
}

#[test]
fn a_vanished_include_keeps_its_feeds() {
    let house = House::with_news();
    house.file("more.toml", &format!("[feed.news]\nurl = '{}/feed.xml'\n", house.address()));
    let config = std::fs::read_to_string(house.folder.path().join("tearsheet.toml")).unwrap();
    let config = format!("include = ['more.toml']\n{}", config.split("[feed.news]").next().unwrap());
    house.file("tearsheet.toml", &config);
    let mut daemon = Running::start(&house);
    daemon.says(&["/one: new"]);
    std::fs::remove_file(house.folder.path().join("more.toml")).unwrap();
    daemon.signal("HUP");
    daemon.says(&["is refused"]);
    daemon.says(&["more.toml"]);
    daemon.stop();
    assert_eq!(feeds_of_the_archive(&house), ["news active"]);
}

#[test]
fn a_config_that_lost_its_feeds_is_refused() {
    let (house, mut daemon) = house();
    house.configure("");
    daemon.signal("HUP");
    daemon.says(&["has no feed any more"]);
    assert_eq!(feeds_of_the_archive(&house), ["news active"]);
    daemon.stop();
}

#[test]
fn a_pipe_in_place_of_a_file_is_refused_and_not_waited_for() {
    let (house, mut daemon) = house();
    let fifo = house.folder.path().join("more.toml");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let config = std::fs::read_to_string(house.folder.path().join("tearsheet.toml")).unwrap();
    house.file("tearsheet.toml", &format!("include = ['more.toml']\n{config}"));
    daemon.signal("HUP");
    daemon.says(&["more.toml", "pipe"]);
    daemon.stop();
}

#[test]
fn an_include_whose_files_vanished_with_their_feeds_is_refused() {
    let house = House::with_news();
    let folder = house.folder.path().join("feeds.d");
    std::fs::create_dir(&folder).unwrap();
    house.file("feeds.d/other.toml", &format!("[feed.other]\nurl = '{}/other.xml'\n", house.address()));
    let config = std::fs::read_to_string(house.folder.path().join("tearsheet.toml")).unwrap();
    house.file("tearsheet.toml", &format!("include = ['feeds.d/*.toml']\n{config}"));
    let mut daemon = Running::start(&house);
    daemon.says(&["/one: new"]);
    std::fs::rename(&folder, house.folder.path().join("away")).unwrap();
    daemon.signal("HUP");
    daemon.says(&["no file matches", "feeds.d/*.toml", "any more"]);
    daemon.stop();
    assert_eq!(feeds_of_the_archive(&house), ["news active", "other active"]);
}
