//! `import`: another reader's feeds in the config.

use std::fs;

use crate::house::{House, Ran};

const EXPORT: &str = "<?xml version='1.0'?>\n<opml version='2.0'><body>\n\
    <outline text='News'><outline text='World'>\n\
    <outline type='rss' text='A &amp; &quot;b&quot;' xmlUrl='https://e.org/a.xml'/>\n\
    <outline type='rss' text='Old' xmlUrl='http://www.e.org/old.xml'/></outline></outline>\n\
    <outline text='nothing'/>\n\
    <outline text='bad' xmlUrl='ftp://e.org/b'/>\n\
    <outline text='${env:HOME}' xmlUrl='https://e.org/c?key=${env:HOME}'/>\n\
    <outline text=']&#10;[feed.x]&#27;' xmlUrl='https://e.org/d'/>\n\
    <outline text='twin' xmlUrl='http://e.org/d/'/>\n\
    </body></opml>\n";

fn house() -> House {
    let house = House::new("[feed.old]\nurl = 'https://e.org/old.xml'\n");
    house.file("export.opml", EXPORT);
    house
}

fn config(house: &House) -> String {
    fs::read_to_string(house.folder.path().join("tearsheet.toml")).unwrap()
}

/// Without its warnings.
#[track_caller]
fn done(ran: &Ran) -> &str {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    &ran.out
}

const ADDED: &str = "[feed.\"e.org-a\"]\nurl = \"https://e.org/a.xml\"\ntitle = 'A & \"b\"'\ntags = [\"News\", \"World\"]\n\n\
    [feed.\"e.org-d\"]\nurl = \"https://e.org/d\"\ntitle = \"] [feed.x]\"\n";

#[test]
fn what_is_new_is_added_and_what_is_skipped_is_said() {
    let house = house();
    let before = config(&house);
    let ran = house.run(&["import", "export.opml"]);
    assert_eq!(done(&ran), "added to tearsheet.toml: 2 feeds, 4 skipped\n");
    ran.says(&[
        "export.opml:5: outline: skipped, http://www.e.org/old.xml is in the config already: [feed.old] at tearsheet.toml:",
        "export.opml:7:1: outline: skipped, xmlUrl must begin with http",
        "export.opml:8: outline: skipped",
        "holds ${…}",
        "export.opml:10: outline: skipped, http://e.org/d/ is the same as at export.opml:9",
        "SIGHUP",
    ]);
    assert_eq!(config(&house), format!("{before}\n{ADDED}"));
    house.run(&["check"]).good();
    let again = house.run(&["import", "export.opml"]);
    assert_eq!(done(&again), "nothing to add: 0 feeds, 6 skipped\n");
    assert_eq!(config(&house), format!("{before}\n{ADDED}"));
}

#[test]
fn a_dry_run_prints_what_would_be_added() {
    let house = house();
    let before = config(&house);
    assert_eq!(done(&house.run(&["import", "-n", "export.opml"])), ADDED);
    assert_eq!(done(&house.run_bare(&["-c", "tearsheet.toml", "import", "-n", "-"], EXPORT)), ADDED);
    assert_eq!(config(&house), before);
}

#[test]
fn what_is_no_export_is_refused() {
    let house = house();
    let before = config(&house);
    let check = |content: &str, parts: &[&str]| {
        house.file("x.opml", content);
        house.run(&["import", "x.opml"]).refused(1, parts);
        assert_eq!(config(&house), before);
    };
    check("", &["x.opml:1:1: not OPML"]);
    check("<html/>", &["not OPML"]);
    check("<opml><body><outline xmlUrl='https://e.org/1'/><", &["x.opml:1:"]);
    check("<opml><body><outline xmlUrl='https://e.org/1'/>", &["x.opml:1:", "breaks off"]);
    check(&format!("<opml>{}", "<outline text='a'>".repeat(100_000)), &["nested deeper than 64"]);
    check(&"<opml>".repeat(3 << 20), &["larger than 16 MiB"]);
    house.run(&["import", "nowhere.opml"]).refused(1, &["nowhere.opml"]);
    house.run(&["import", "."]).refused(1, &["cannot read ."]);
}

#[test]
fn an_export_comes_back_as_the_same_feeds() {
    let feeds = "[feed.a]\nurl = 'https://e.org/a'\ntitle = 'A \"&\" <b>'\ntags = ['x', 'y & z']\n\
                 [feed.b]\nurl = 'https://e.org/b?x=1&y=2'\ntitle = 'B'\n[feed.c]\nurl = 'https://e.org/c'\ntitle = '日本'\ntags = ['x']\n";
    let house = House::new(feeds);
    let opml = house.run(&["export", "--format", "opml"]).good();
    house.file("all.opml", &opml);
    assert_eq!(done(&house.run(&["import", "all.opml"])), "nothing to add: 0 feeds, 3 skipped\n");
    // Into an empty config, and out again.
    house.configure("");
    house.run(&["import", "all.opml"]);
    assert_eq!(house.run(&["export", "--format", "opml"]).good(), opml);
    // And by `include`.
    house.configure("");
    house.file("tearsheet.toml", &format!("include = ['all.opml']\n{}", config(&house)));
    assert_eq!(house.run(&["export", "--format", "opml"]).good(), opml);
}

#[test]
fn ten_thousand_feeds_take_no_time() {
    let house = House::new("");
    let outlines: String =
        (0..10_000).map(|n| format!("<outline text='F {n}' xmlUrl='https://h{n}.example/f'/>\n")).collect();
    house.file("many.opml", &format!("<opml><body>{outlines}</body></opml>"));
    assert_eq!(done(&house.run(&["import", "many.opml"])), "added to tearsheet.toml: 10000 feeds, 0 skipped\n");
}
