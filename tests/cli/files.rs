//! `extract`, `parse` and `dates`: from files to lines of JSON, without network or archive.

use serde_json::{Value, json};

use crate::house::{House, Ran, TEXT, feed, page};

/// The objects of a run that ended well.
#[track_caller]
fn objects(ran: &Ran) -> Vec<Value> {
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    ran.json()
}

#[test]
fn extract_prints_the_whole_object_of_the_interface() {
    let house = House::new("");
    let file = house.file("one.html", &page("One"));
    let ran = house.run_bare(&["extract", "--url", "https://news.example/one", &file], "");
    let [object] = &objects(&ran)[..] else { panic!("{ran:?}") };
    let keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "file",
        "url",
        "title",
        "authors",
        "site_name",
        "language",
        "description",
        "image_url",
        "published",
        "updated",
        "content_text",
        "content_html",
        "word_count",
        "kind",
        "access",
        "access_reason",
        "related",
        "next_part",
        "warnings",
    ];
    expected.sort_unstable();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!(
        (&object["title"], &object["content_text"], &object["language"]),
        (&json!("One"), &json!(TEXT), &json!("en"))
    );
    assert_eq!(
        object["published"],
        json!({
            "at": "2015-03-05T10:20:00Z", "earliest": "2015-03-05T10:20:00Z", "latest": "2015-03-05T10:20:00Z",
            "precision": "second", "zone": "stated", "source": "meta", "raw": "2015-03-05T10:20:00Z",
        })
    );
    let related = json!([{"kind": "inline", "label": "READ MORE", "title": "Two", "url": "https://news.example/two"}]);
    assert_eq!(object["related"], related);
}

#[test]
fn extract_reads_standard_input_and_writes_each_format() {
    let house = House::new("");
    let run = |format| house.run_bare(&["extract", "--format", format, "-"], &page("One")).good();
    assert_eq!(run("text"), format!("{TEXT}\n"));
    assert!(run("html").contains("<b>Monday</b>"));
    assert!(run("markdown").contains("**Monday**"));
    assert!(run("json").contains("\"file\":\"-\""));
}

#[test]
fn extract_takes_a_list_with_a_base_and_a_time_for_each_file() {
    let house = House::new("");
    let aged = page("One").replace("<p>READ", "<p class='date'>Updated 2 days ago</p><p>READ");
    let files = [house.file("a.html", &aged), house.file("b.html", &page("Two"))];
    let list = house
        .file("list.tsv", &format!("{}\thttps://a.example/x\t2015-03-09T12:00:00Z\n\n{}\t\t\n", files[0], files[1]));
    let ran = house.run_bare(&["extract", "--jobs", "2", "--list", &list], "");
    let found = objects(&ran);
    assert_eq!((&found[0]["title"], &found[1]["title"]), (&json!("One"), &json!("Two")));
    assert_eq!((&found[0]["url"], &found[1]["url"]), (&json!("https://a.example/x"), &Value::Null));
    assert_eq!(found[0]["related"][0]["url"], "https://a.example/two");
}

#[test]
fn extract_compares_the_files_of_a_host() {
    const APPEAL: &str = "Contact the editors: news@post.test | The Post, Quay 4, River Valley";
    let house = House::new("");
    let told = |matter: &str| {
        let paragraph = |n: u8| {
            format!("<p>{matter}, says the {n}th of the reports, is what all of the town speaks of, day and night.</p>")
        };
        format!(
            "<title>{matter}</title><article><h1>{matter}</h1>{}{}{}<p>{APPEAL}</p></article><footer>All rights reserved</footer>",
            paragraph(1),
            paragraph(2),
            paragraph(3)
        )
    };
    let files =
        ["The ferry", "A bridge", "The bells"].map(|matter| house.file(&format!("{matter}.html"), &told(matter)));
    let hosts = ["https://a.example/1", "https://www.a.example/2", "https://b.example/1"];
    let lines: Vec<String> = files.iter().zip(hosts).map(|(file, url)| format!("{file}\t{url}")).collect();
    let list = house.file("list.tsv", &lines.join("\n"));
    let appeals = |arguments: &[&str]| {
        let found = objects(&house.run_bare(arguments, ""));
        found.iter().map(|page| page["content_text"].as_str().unwrap().contains(APPEAL)).collect::<Vec<_>>()
    };
    assert_eq!(appeals(&["extract", "--list", &list]), [true, true, true]);
    assert_eq!(appeals(&["extract", "--siblings", "--list", &list]), [false, false, true]);
}

#[test]
fn extract_tells_its_reasons() {
    let house = House::new("");
    let found = objects(&house.run_bare(&["extract", "--reasons", &house.file("one.html", &page("One"))], ""));
    let blocks = found[0]["reasons"]["blocks"].as_array().unwrap();
    let text = blocks.iter().find(|block| block["is_text"] == true).unwrap();
    assert!(text["probability"].as_f64().unwrap() > 0.3, "{text}");
    assert!(text["because"].as_object().unwrap().values().all(|reason| reason["adds"].is_number()), "{text}");
    assert!(found[0]["reasons"]["views"]["Page"].is_array());
}

#[test]
fn a_file_that_is_missing_is_named_and_the_others_are_read() {
    let house = House::new("");
    let (page, feed) = (house.file("one.html", &page("One")), house.file("one.xml", &feed("One", "/one")));
    for (command, good) in [("extract", page), ("parse", feed)] {
        let ran = house.run_bare(&[command, "missing", &good], "");
        assert_eq!(ran.code, Some(1), "{ran:?}");
        ran.says(&["`missing`", "1 "]);
        let found = ran.json();
        assert_eq!(
            (found.len(), &found[0]["file"], &found[1]["title"].is_string()),
            (2, &json!("missing"), &true),
            "{command}"
        );
        assert!(found[0]["error"].as_str().unwrap().contains("missing"), "{command}: {found:?}");
    }
}

#[test]
fn a_list_that_is_missing_or_wrong_is_named_with_its_line() {
    let house = House::new("");
    for command in ["extract", "parse", "dates"] {
        house.run_bare(&[command, "--list", "nowhere.tsv"], "").refused(1, &["nowhere.tsv"]);
    }
    let page = house.file("one.html", &page("One"));
    let list = house.file("list.tsv", &format!("{page}\n{page}\tno url\n{page}\t\tyesterday\n"));
    let ran = house.run_bare(&["extract", "--list", &list], "");
    assert_eq!((ran.code, ran.json().len()), (Some(1), 3));
    ran.says(&["list.tsv:2: `no url` is no URL", "list.tsv:3: not an RFC 3339 time", "2 files could not be read"]);
    let dates = house.file("dates.tsv", "en\t\t5 March 2015\nen\tnever\t5 March 2015\nen\t\t6 March 2015\n");
    let ran = house.run_bare(&["dates", "--list", &dates], "");
    assert_eq!(ran.code, Some(1));
    let answers = ran.json();
    assert_eq!((answers.len(), answers[1].is_null(), answers[2].is_object()), (3, true, true), "{answers:?}");
    ran.says(&["dates.tsv:2: `never` is not an RFC 3339 time", "1 line could not be read"]);
}

#[test]
fn whatever_the_bytes_are_a_file_is_an_object() {
    let house = House::new("");
    let files = ["", "\0\0\0", "<", "<html", "<p>".repeat(5000).as_str(), "{\"a\": [1, 2", "<![CDATA[ <!-- <script>"]
        .iter()
        .enumerate()
        .map(|(number, text)| house.file(&format!("{number}.html"), text))
        .collect::<Vec<_>>();
    let names: Vec<&str> = files.iter().map(String::as_str).collect();
    for command in ["extract", "parse"] {
        let ran = house.run_bare(&[&[command], &names[..]].concat(), "");
        assert_eq!(objects(&ran).iter().map(|object| object["file"].clone()).collect::<Vec<_>>(), names, "{command}");
    }
}

#[test]
fn dates_answers_a_line_each_also_from_standard_input() {
    let house = House::new("");
    let lines = "en\t\t5 March 2015 10:20\nde\t2015-03-10T00:00:00Z\tvor 2 Tagen\n\t\tno date at all\n";
    let ran = house.run_bare(&["dates", "--at", "2025-06-03T09:00:00Z", "--list", "-"], lines);
    let found = objects(&ran);
    assert_eq!((&found[0]["at"], &found[0]["precision"]), (&json!("2015-03-05T10:20:00Z"), &json!("minute")));
    assert_eq!(found[1]["at"], "2015-03-08T00:00:00Z");
    assert_eq!((found.len(), &found[2]), (3, &Value::Null));
}
