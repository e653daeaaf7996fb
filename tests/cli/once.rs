//! `once`: what it prints and how it ends.

use serde_json::json;
use tearsheet::clock::Clock;
use tearsheet::store::Store;

use crate::house::{House, TEXT, feed, page};
use crate::support::{Release, Reply};

/// One feed that answers and one that does not.
fn house() -> House {
    let house = House::with_news();
    house.configure("[feed.news]\nurl = 'SERVER/feed.xml'\n[feed.broken]\nurl = 'SERVER/broken.xml'\n");
    house.server.on("/broken.xml", [Reply::status("500 Internal Server Error")]);
    house
}

/// Without the line that tells how long it took.
fn without_time(out: &str) -> String {
    out.split_inclusive('\n').filter(|line| !line.starts_with("took")).collect()
}

#[test]
fn a_failing_feed_is_in_the_summary_and_no_failure_of_the_command() {
    let house = house();
    let out = house.run(&["once"]).good();
    let (counts, failed) = out.split_once("failed").unwrap();
    assert_eq!(counts, "feeds       1 error, 1 new\nentries     1 new, 0 changed\narticles    1 new, 0 duplicates\n");
    assert!(failed.contains("broken: cannot fetch") && failed.contains("(server); failure 1 (server)"), "{failed}");
    assert_eq!(
        without_time(&house.run(&["once"]).good()),
        "feeds       none\nentries     0 new, 0 changed\narticles    none, 0 duplicates\n"
    );
}

#[test]
fn strict_makes_it_one() {
    let ran = house().run(&["once", "--strict"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), "tearsheet: 1 feed failed\n"));
    assert!(ran.out.starts_with("feeds       1 error, 1 new\n"));
}

#[test]
fn json_is_one_object() {
    let ran = house().run(&["once", "--json"]);
    let [summary] = &ran.json()[..] else { panic!("{ran:?}") };
    assert_eq!(summary["polls"], json!({"error": 1, "new": 1}));
    assert_eq!(summary["visits"], json!({"new": 1}));
    assert_eq!(
        (&summary["failed"][0]["feed"], &summary["failed"][0]["error_class"]),
        (&json!("broken"), &json!("server"))
    );
    assert_eq!(summary["refused"], json!([]));
}

#[test]
fn named_feeds_are_polled_due_or_not() {
    let house = house();
    house.run(&["once"]).good();
    let out = house.run(&["once", "news"]).good();
    assert!(out.starts_with("feeds       1 unchanged\n"), "{out}");
    assert_eq!(house.server.targets().iter().filter(|target| *target == "/broken.xml").count(), 1);
}

#[test]
fn an_unknown_name_is_refused_and_the_others_are_polled() {
    let ran = house().run(&["once", "nwes", "news"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), "tearsheet: 1 feed not polled\n"));
    assert!(ran.out.contains("feeds       1 new\n"), "{}", ran.out);
    assert!(ran.out.contains("refused     nwes: no such feed in the config\n"), "{}", ran.out);
}

#[test]
fn a_retry_after_window_is_kept_but_for_force() {
    let house = House::with_news();
    let busy = Reply::status("429 Too Many Requests").header("Retry-After", "7200");
    house.server.on("/feed.xml", [busy, Reply::ok(feed("One", "/one"))]);
    house.run(&["once"]).good();
    let until = house.run(&["status", "--json"]).json()[0]["retry_after_until"].as_str().unwrap().to_owned();
    let refused = house.run(&["once", "news"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.out.contains(&format!("refused     news: the server asked to be left alone until {until}")),
        "{refused:?}"
    );
    assert_eq!(house.server.requests().len(), 1);
    let out = house.run(&["once", "--force", "news"]).good();
    assert!(out.starts_with("feeds       1 new\n"), "{out}");
}

#[test]
fn a_second_writer_is_refused_and_told_who_the_first_is() {
    let house = house();
    let store = Store::open(&house.database(), Clock::system()).unwrap();
    let pid = format!("(process {})", std::process::id());
    for command in ["once", "migrate"] {
        house.run(&[command]).refused(1, &["tearsheet.db is being written by another tearsheet", &pid]);
    }
    assert!(house.server.requests().is_empty());
    drop(store);
}

/// Kills a run that waits for the answer to this path; the next one must do all of it, once.
async fn killed_while_waiting_for(path: &str, reply: Reply) {
    let house = House::with_news();
    let release = Release::default();
    house.server.on(path, [reply.clone().after(&release), reply]);
    let mut run = house.start(&["once"]);
    // robots.txt stands between the feed and its article.
    let requests = if path == "/feed.xml" { 1 } else { 3 };
    house.server.reached(requests).await;
    run.kill().unwrap();
    run.wait().unwrap();
    release.now();

    house.run(&["once"]).good();
    let status = house.run(&["status", "--json"]).json();
    assert_eq!((status.len(), &status[0]["entries"]), (1, &json!(1)));
    let article = house.run(&["show", "1", "--json"]).json();
    assert_eq!((&article[0]["content_text"], &article[0]["revision_count"]), (&json!(TEXT), &json!(1)));
    assert_eq!(house.run(&["show", "2"]).code, Some(1), "there is one article");
}

#[tokio::test]
async fn a_run_that_is_killed_while_it_polls_loses_nothing() {
    killed_while_waiting_for("/feed.xml", Reply::ok(feed("One", "/one"))).await;
}

#[tokio::test]
async fn a_run_that_is_killed_while_it_visits_loses_nothing() {
    killed_while_waiting_for("/one", Reply::ok(page("One"))).await;
}

#[test]
fn wrong_usage_is_exit_2() {
    let house = house();
    for arguments in [&["onec"][..], &["once", "--sticrt"], &["once", "--force"], &["once", "No Slug"], &[]] {
        house.run(arguments).refused(2, &["--help"]);
    }
}
