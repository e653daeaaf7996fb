//! `changes`: the change feed, at once and followed.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::house::House;
use crate::texts::{feed, house};

fn versions() -> [String; 2] {
    let version = |text| feed(&[("a", "A", text), ("b", "B", "Something else entirely.")]);
    [version("The wheel turns."), version("The wheel stands.")]
}

fn kinds(changes: &[Value]) -> Vec<(i64, &str, i64, i64)> {
    let number = |change: &Value, key: &str| change[key].as_i64().unwrap();
    let kind = |change: &Value| (number(change, "seq"), number(change, "article_id"), number(change, "revision"));
    changes
        .iter()
        .map(|change| {
            let (seq, article, revision) = kind(change);
            (seq, change["kind"].as_str().unwrap(), article, revision)
        })
        .collect()
}

#[test]
fn changes_come_in_the_order_of_seq() {
    let house = house(&versions());
    let all = house.run(&["changes", "--json"]);
    assert_eq!(kinds(&all.json()), [(1, "new", 1, 1), (2, "new", 2, 1), (3, "revised", 1, 2)]);
    assert_eq!(all.json()[2]["title"], json!("A"));
    assert_eq!(all.json()[2]["duplicate_of"], Value::Null);
    assert_eq!(house.run(&["changes", "--json", "--since", "2"]).json(), all.json()[2..]);
    assert_eq!(house.run(&["changes", "--json", "--since", "1", "--limit", "1"]).json(), all.json()[1..2]);
    let out = house.run(&["changes", "--since", "2"]).good();
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines[0], ["SEQ", "AT", "KIND", "ARTICLE", "REVISION", "COPY OF", "TITLE", "URL"]);
    assert_eq!((lines.len(), lines[1][0], &lines[1][2..7]), (2, "3", &["revised", "1", "2", "", "A"][..]));
}

#[test]
fn a_copy_names_its_head() {
    let text = "The council voted on Tuesday to keep the old wheel turning, after residents collected thousands of \
                signatures in a single week of rain and wind.";
    let house = house(&[feed(&[("a", "A", text), ("b", "B", text)])]);
    let changes = house.run(&["changes", "--json"]).json();
    let copy = changes.iter().find(|change| change["kind"] == "duplicate").unwrap();
    assert_eq!((&copy["article_id"], &copy["duplicate_of"]), (&json!(2), &json!(1)));
}

#[test]
fn beyond_the_newest_is_empty_and_said() {
    let house = house(&versions()[..1]);
    assert_eq!(house.run(&["changes", "--since", "2"]).good(), "");
    let ran = house.run(&["changes", "--since", "99"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    ran.says(&["the newest change is 2, 99 is beyond it"]);
    house.run(&["changes", "--since", "-1"]).refused(2, &["--since"]);
    house.run(&["changes", "--since", "x"]).refused(2, &["--since"]);
}

#[test]
fn output_into_a_closed_pipe_is_no_error() {
    let house = house(&versions());
    for arguments in [&["changes"][..], &["changes", "--follow"], &["changes", "--follow", "--since", "3"]] {
        let (status, err) = house.run_into_closed_pipe(arguments);
        assert!(status.success() && err.is_empty(), "{arguments:?} {status} {err}");
    }
}

#[test]
fn a_follower_sees_what_another_process_writes_and_stops_with_its_reader() {
    let [first, second] = &versions();
    let house = house(std::slice::from_ref(first));
    house.server.on("/feed.xml", [crate::support::Reply::ok(second.clone())]);
    let mut follower = follow(&house);
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    let seen = [next(), next()];
    assert_eq!(kinds(&seen), [(1, "new", 1, 1), (2, "new", 2, 1)]);
    house.run(&["once", "news"]).good();
    assert_eq!(kinds(&[next()]), [(3, "revised", 1, 2)]);
    drop(lines);
    assert!(follower.wait().unwrap().success());
}

fn follow(house: &House) -> std::process::Child {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tearsheet"));
    command.args(["-c", "tearsheet.toml", "changes", "--follow", "--json"]).env_clear();
    command.current_dir(house.folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}
