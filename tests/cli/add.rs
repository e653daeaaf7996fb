//! `add`: what is found at an address, and what is written into the config of it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::house::{House, feed, page};
use crate::support::Reply;

const HINT: &str = "a running daemon takes it up on SIGHUP: systemctl reload tearsheet\n";

/// A config with one feed; what a comment and white space look like in it is to stay.
fn house() -> House {
    let house = House::new("\n[feed.old]\nurl   =   'SERVER/old.xml' # mine");
    house.server.on("/feed.xml", [Reply::ok(feed("One", "/one"))]);
    house
}

fn config(house: &House) -> String {
    fs::read_to_string(house.folder.path().join("tearsheet.toml")).unwrap()
}

/// What the archive's config is after `add`, behind what it was.
#[track_caller]
fn added(house: &House, arguments: &[&str]) -> String {
    let before = config(house);
    let ran = house.run(&[&["add"], arguments].concat());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), HINT), "{}", ran.out);
    house.run(&["check"]).good();
    config(house).strip_prefix(&before).unwrap().replace(&house.address(), "SERVER")
}

/// Nothing is written.
#[track_caller]
fn refused(house: &House, arguments: &[&str], code: i32, parts: &[&str]) {
    let before = config(house);
    house.run(&[&["add"], arguments].concat()).refused(code, parts);
    assert_eq!(config(house), before);
}

#[test]
fn a_feed_is_added_and_then_polled() {
    let house = house();
    let url = format!("{}/feed.xml", house.address());
    let expected = "\n\n[feed.the-news]\nurl = \"SERVER/feed.xml\"\ntitle = \"The News\"\n";
    assert_eq!(added(&house, &[&url]), expected);
    house.server.on("/old.xml", [Reply::ok(feed("Old", "/two"))]).on("/one", [Reply::ok(page("One"))]);
    house.server.on("/two", [Reply::ok(page("Two"))]);
    house.run(&["once"]).good();
    assert!(house.run(&["status"]).good().contains("the-news"));
}

#[test]
fn what_is_asked_for_is_written() {
    let house = House::new("[group.fast]\nevery = '1h'\n");
    house.server.on("/feed.xml", [Reply::ok(feed("One", "/one"))]);
    let url = format!("{}/feed.xml", house.address());
    let arguments = [&url, "--slug", "n.1", "--title", "N \"1\"", "--tag", "a", "--tag", "b]", "--group", "fast"];
    let expected =
        "\n[feed.\"n.1\"]\nurl = \"SERVER/feed.xml\"\ntitle = 'N \"1\"'\ngroup = \"fast\"\ntags = [\"a\", \"b]\"]\n";
    assert_eq!(added(&house, &arguments), expected);
}

#[test]
fn a_page_leads_to_its_feed() {
    let house = house();
    house.server.on("/", [Reply::ok("<!doctype html><link rel=alternate type='application/rss+xml' href=/feed.xml>")]);
    assert!(added(&house, &[&house.address()]).contains("url = \"SERVER/feed.xml\""));
}

#[test]
fn a_page_that_names_none_leads_nowhere() {
    let house = house();
    house.server.on("/news/", [Reply::ok("<!doctype html><p>Hello")]);
    let page = format!("{}/news/", house.address());
    refused(&house, &[&page], 1, &["is not a feed but an HTML page, and names none", "`tearsheet test`"]);
}

#[test]
fn of_several_feeds_one_is_to_be_named() {
    let house = house();
    let link =
        |name: &str| format!("<link rel=alternate type='application/rss+xml' href=/{name} title='{name}\u{1b}[31m'>");
    house.server.on("/", [Reply::ok(format!("<!doctype html>{}{}", link("a"), link("b")))]);
    let ran = house.run(&["add", &house.address()]);
    assert_eq!(ran.code, Some(1));
    ran.says(&["2 feeds", "name one"]);
    assert!(ran.out.contains("/a\t") && ran.out.contains("/b\t"), "{}", ran.out);
}

#[test]
fn what_is_no_feed_is_not_added() {
    let house = House::new("");
    house.server.on("/", [Reply::ok("<!doctype html><p>Hello")]).on("/data", [Reply::ok("1,2,3")]);
    refused(&house, &[&house.address()], 1, &["is not a feed but an HTML page, and names none"]);
    refused(&house, &[&format!("{}/data", house.address())], 1, &["cannot read"]);
    refused(&house, &[&format!("{}/lost", house.address())], 1, &["404"]);
    for bad in ["ftp://e.org/f", "https://u:secret@e.org/", "https://e.org/?key=${env:HOME}"] {
        refused(&house, &[bad], 2, &["URL"]);
    }
}

#[test]
fn what_the_config_has_is_named() {
    let house = house();
    let place = "[feed.old] at tearsheet.toml:8";
    refused(&house, &[&format!("{}/old.xml?utm_source=x#top", house.address())], 1, &[place]);
    // Also when a page or a redirect leads there.
    house.server.on("/", [Reply::ok("<!doctype html><link rel=alternate type='application/rss+xml' href=/old.xml>")]);
    house.server.on("/old.xml", [Reply::ok(feed("Old", "/two"))]);
    refused(&house, &[&house.address()], 1, &[place]);
    let url = format!("{}/feed.xml", house.address());
    refused(&house, &[&url, "--slug", "old"], 1, &["a feed `old`"]);
    refused(&house, &[&url, "--group", "none"], 1, &["group", "tearsheet.toml:"]);
    refused(&house, &[&url, "--tag", "a\nb"], 1, &["tags"]);
}

#[test]
fn hostile_titles_stay_titles() {
    let house = house();
    let title = "]\n[feed.evil]\nurl = \"https://evil.example\"\n'''\"\"\" \\ ${env:HOME} \u{1b}[2J\u{202e}";
    let document = feed("One", "/one").replace("The News", &format!("<![CDATA[{title}]]>").replace('\u{1b}', "&#27;"));
    house.server.on("/feed.xml", [Reply::ok(document)]);
    let text = added(&house, &[&format!("{}/feed.xml", house.address()), "--slug", "x"]);
    assert_eq!(text.matches("\n[feed.").count(), 1, "{text}");
    assert!(text.lines().any(|line| line.starts_with("title = ") && line.contains("${env:HOME}")), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
}

#[test]
fn a_dry_run_prints_what_would_be_written() {
    let house = house();
    let before = config(&house);
    let out = house.run(&["add", "-n", &format!("{}/feed.xml", house.address())]).good();
    assert!(out.starts_with("[feed.the-news]\nurl = "), "{out}");
    assert_eq!(config(&house), before);
}

#[test]
fn links_modes_and_line_ends_stay() {
    let house = house();
    let (link, real) = (house.folder.path().join("tearsheet.toml"), house.folder.path().join("real.toml"));
    let text = config(&house).replace('\n', "\r\n");
    fs::write(&real, &text).unwrap();
    fs::set_permissions(&real, Permissions::from_mode(0o600)).unwrap();
    fs::remove_file(&link).unwrap();
    symlink("real.toml", &link).unwrap();
    let added = added(&house, &[&format!("{}/feed.xml", house.address())]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(added.matches('\n').count(), added.matches("\r\n").count());
    assert!(fs::read_to_string(&real).unwrap().starts_with(&text));
}

#[test]
fn another_file_is_one_that_the_config_includes() {
    let house = house();
    let included = format!("include = ['feeds.d/*.toml']\n{}", config(&house));
    house.file("tearsheet.toml", &included);
    fs::create_dir(house.folder.path().join("feeds.d")).unwrap();
    let url = format!("{}/feed.xml", house.address());
    refused(&house, &[&url, "--to", "other.toml"], 1, &["other.toml is no TOML file that tearsheet.toml includes"]);
    refused(&house, &[&url, "--to", "nowhere/x.toml"], 1, &["nowhere/x.toml"]);
    assert_eq!(added(&house, &[&url, "--to", "feeds.d/new.toml"]), "", "the config itself stays");
    assert!(fs::read_to_string(house.folder.path().join("feeds.d/new.toml")).unwrap().starts_with("[feed.the-news]\n"));
    refused(&house, &[&url, "--to", "feeds.d/new.toml"], 1, &["[feed.the-news] at feeds.d/new.toml:1"]);
}

#[test]
fn a_config_that_does_not_hold_is_left_alone() {
    let house = house();
    house.file("tearsheet.toml", "[feed.old]\nurl = 7\n");
    house.run(&["add", "https://e.org/"]).refused(78, &["tearsheet.toml:2:7"]);
}
