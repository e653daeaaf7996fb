//! `tearsheet parse` from outside: one object a document, in order, and an exit code.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const FEED: &str = "<rss version='2.0'><channel><title>News</title><item><title>One</title><link>/1</link>\
                    <pubDate>Thu, 05 Mar 2015 10:20:00 GMT</pubDate></item></channel></rss>";

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tearsheet"));
    command.arg("parse").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // The command may have ended already without reading; then the write fails, and that is fine.
    let _closed = stdin.write_all(input.as_bytes()).is_err();
    drop(stdin);
    child.wait_with_output().expect("the binary ends")
}

fn objects(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn standard_input_is_a_document() {
    let output = run(&["--url", "https://news.example/feed", "-"], FEED);
    assert!(output.status.success());
    let objects = objects(&output);
    let entry = &objects[0]["entries"][0];
    assert_eq!(
        (&objects[0]["file"], &objects[0]["ok"], &objects[0]["format"]),
        (&"-".into(), &true.into(), &"rss-2.0".into())
    );
    assert_eq!(entry["url"], "https://news.example/1");
    assert_eq!(entry["published"], "2015-03-05T10:20:00Z");
    assert_eq!(entry["updated"], Value::Null);
}

#[test]
fn without_a_base_relative_links_stay_as_they_are() {
    assert_eq!(objects(&run(&["-"], FEED))[0]["entries"][0]["url"], "/1");
}

#[test]
fn what_is_no_feed_is_a_result_and_what_is_no_file_a_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let (feed, page) = (file("feed.xml", FEED), file("page.html", "<html><title>Hi</title></html>"));
    let good = run(&[&page, &feed], "");
    assert!(good.status.success());
    assert_eq!(objects(&good)[0]["error"], "not a feed but an HTML page titled \"Hi\"");
    assert_eq!(objects(&good)[1]["ok"], true);

    let missing = folder.path().join("missing.xml").display().to_string();
    let list = file("list.tsv", &format!("{missing}\n{feed}\thttps://a.example/\ttext/xml\n"));
    let bad = run(&["--list", &list, "--jobs", "2"], "");
    assert_eq!(bad.status.code(), Some(1));
    let objects = objects(&bad);
    assert!(objects[0]["error"].as_str().is_some_and(|error| error.contains("missing.xml")), "{objects:?}");
    assert_eq!(objects[1]["entries"][0]["url"], "https://a.example/1");
}
