//! `status`, `show` and `test`: what is stored, and what would be.

use serde_json::json;

use crate::house::{House, TEXT, feed, page};
use crate::support::Reply;

fn house() -> House {
    let house = House::with_news();
    house.run(&["once"]).good();
    house
}

#[test]
fn status_lists_the_feeds_tab_separated_where_it_is_no_terminal() {
    let out = house().run(&["status"]).good();
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines[0], ["FEED", "STATE", "LAST POLL", "NEXT POLL", "WHY THEN", "A DAY", "WARNINGS", "LAST ERROR"]);
    assert_eq!((lines.len(), &lines[1][..2]), (2, &["news", "active"][..]));
}

#[test]
fn status_of_one_feed_tells_all_of_it() {
    let house = house();
    let out = house.run(&["status", "news"]).good();
    assert!(out.contains("title       The News\n") && out.contains("entries     1\n"), "{out}");
    let json = house.run(&["status", "--json"]).json();
    assert_eq!((json.len(), &json[0]["slug"], &json[0]["entries"]), (1, &json!("news"), &json!(1)));
    house.run(&["status", "nwes"]).refused(1, &["no feed `nwes` in ", "tearsheet.db"]);
    house.run(&["status", "No Slug"]).refused(2, &["'No Slug'", "the name of a feed is"]);
}

#[test]
fn status_counts_the_warnings_of_the_last_poll_and_of_one_feed_tells_them() {
    let house = House::with_news();
    let whole = feed("One", "/one");
    house.server.on("/feed.xml", [Reply::ok(whole.replace("</channel></rss>", ""))]);
    house.run(&["once"]).good();
    let json = house.run(&["status", "--json"]).json();
    let warnings: Vec<&str> = json[0]["warnings"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert!(!warnings.is_empty());
    let out = house.run(&["status"]).good();
    let row: Vec<&str> = out.lines().nth(1).unwrap().split('\t').collect();
    assert_eq!(row[6], warnings.len().to_string(), "{out}");
    let out = house.run(&["status", "news"]).good();
    assert!(out.contains(&format!("warning     {}\n", warnings[0])), "{out}");
}

#[test]
fn show_prints_an_article_in_each_format() {
    let house = house();
    let text = house.run(&["show", "1"]).good();
    assert!(text.starts_with("One\n\n") && text.contains(&format!("\n{TEXT}\n")), "{text}");
    assert!(
        text.contains("published   2015-03-05T10:20:00Z (second, meta, zone stated: \"2015-03-05T10:20:00Z\")\n"),
        "{text}"
    );
    assert!(text.contains(&format!("READ MORE: Two <{}/two>", house.address())), "{text}");
    let markdown = house.run(&["show", "1", "--format", "markdown"]).good();
    assert!(markdown.starts_with("# One\n\n") && markdown.contains("**Monday**"), "{markdown}");
    let html = house.run(&["show", "1", "--format", "html"]).good();
    assert!(
        html.starts_with("<h1>One</h1>\n<p>") && html.contains("<b>Monday</b>") && !html.contains("READ MORE"),
        "{html}"
    );
    let ran = house.run(&["show", "1", "--json"]);
    let [article] = &ran.json()[..] else { panic!("{ran:?}") };
    assert_eq!((&article["title"], &article["content_text"]), (&json!("One"), &json!(TEXT)));
    assert_eq!((&article["published"]["at"], &article["feeds"]), (&json!("2015-03-05T10:20:00Z"), &json!(["news"])));
}

#[test]
fn no_listing_lets_a_publisher_write_to_the_terminal() {
    let house = House::with_news();
    // Reversed, and with a character that nobody sees.
    house
        .server
        .on("/feed.xml", [Reply::ok(feed("gpj.\u{202e}exe\u{200b}", "/one").replace("The News", "T\u{202e}N"))]);
    house.server.on("/one", [Reply::ok(page("gpj.\u{202e}exe\u{200b}"))]);
    house.run(&["once"]).good();
    let commands: [&[&str]; 8] = [
        &["status", "news"],
        &["show", "1"],
        &["show", "1", "--format", "markdown"],
        &["search", "bells"],
        &["changes"],
        &["explain", "news"],
        &["explain", "1"],
        &["status"],
    ];
    for command in commands {
        let out = house.run(command).good();
        assert!(!out.contains(['\u{202e}', '\u{200b}', '\u{1b}']), "{command:?} {out}");
        assert!(out.contains("\\u{202e}") || command == ["status"], "{command:?} {out}");
    }
}

#[test]
fn show_takes_any_address_of_the_article() {
    let house = house();
    let address = format!("{}/one?utm_source=x#y", house.address());
    assert_eq!(house.run(&["show", &address]).good(), house.run(&["show", "1"]).good());
    for unknown in ["2", "https://example.org/", "one"] {
        house.run(&["show", unknown]).refused(1, &[&format!("no article `{unknown}` in "), "tearsheet.db"]);
    }
}

#[test]
fn test_of_a_feed_stores_nothing() {
    let house = House::with_news();
    for target in ["news", &format!("{}/feed.xml", house.address())] {
        let out = house.run(&["test", target]).good();
        assert!(out.starts_with("The News\n\n") && out.contains("entries     1\n") && out.contains("\nOne\n"), "{out}");
    }
    assert!(!house.database().exists());
    assert_eq!(house.server.targets(), ["/feed.xml", "/feed.xml"]);
}

#[test]
fn test_of_a_page_shows_the_article_and_where_its_dates_are_from() {
    let house = House::with_news();
    let target = format!("{}/one", house.address());
    let out = house.run(&["test", "--page", &target]).good();
    assert!(out.starts_with("One\n\n") && out.contains(TEXT), "{out}");
    assert!(out.contains("2015-03-05T10:20:00Z (meta: \"2015-03-05T10:20:00Z\"; chosen)"), "{out}");
    let json = &house.run(&["test", "--json", "--page", &target]).json()[0];
    assert_eq!((&json["kind"], &json["article"]["content_text"]), (&json!("page"), &json!(TEXT)));
}

#[test]
fn test_of_a_page_that_names_a_feed_shows_the_feed() {
    let house = House::with_news();
    let link = "<head><link rel='alternate' type='application/rss+xml' href='/feed.xml'>";
    house.server.on("/", [Reply::ok(page("Home").replace("<head>", link)).header("Content-Type", "text/html")]);
    let ran = house.run(&["test", "--json", &house.address()]);
    let json = &ran.json()[0];
    assert_eq!((&json["kind"], &json["feed"]["title"]), (&json!("feed"), &json!("The News")));
    assert_eq!(json["named_by_page"], json!([format!("{}/feed.xml", house.address())]));
}

#[test]
fn test_of_a_page_that_names_none_looks_at_well_known_places_until_one_is_a_feed() {
    let house = House::with_news();
    house.server.on("/blog", [Reply::ok(page("Home"))]).on("/rss", [Reply::ok(page("Our feeds"))]);
    let at = |path: &str| format!("{}{path}", house.address());
    let json = &house.run(&["test", "--json", &at("/blog")]).json()[0];
    assert_eq!(
        (&json["kind"], &json["url"], &json["named_by_page"]),
        (&json!("feed"), &json!(at("/feed.xml")), &json!([]))
    );
    let places = ["feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json"];
    let asked: Vec<String> = places.iter().map(|place| format!("/blog/{place}")).collect();
    assert_eq!(
        house.server.targets()[1..],
        [asked.as_slice(), &["/feed", "/rss", "/feed.xml"].map(str::to_owned)].concat()
    );
    house.run(&["test", &at("/blog")]).good().contains("/rss (not-a-feed:html-page)");

    house.server.on("/feed.xml", [Reply::status("404 Not Found")]);
    let out = house.run(&["test", &at("/blog")]).good();
    assert!(out.contains("class       not-a-feed:html-page\n") && out.contains(TEXT), "{out}");
    assert!(out.contains("none named, and none at") && out.contains("/feed.json (not-found)"), "{out}");
}

#[test]
fn test_of_a_page_that_lets_nobody_in_does_not_go_on_asking() {
    let house = House::with_news();
    house.server.on("/", [Reply::ok("<!doctype html><title>Hello</title><input type=password>")]);
    assert!(house.run(&["test", &house.address()]).good().contains("class       not-a-feed:login-page\n"));
    house
        .server
        .on("/slow/", [Reply::ok("<!doctype html>")])
        .on("/slow/feed", [Reply::status("429 Too Many Requests")]);
    assert!(house.run(&["test", &format!("{}/slow/", house.address())]).good().contains("/slow/feed (rate-limited)\n"));
    assert_eq!(house.server.targets(), ["/", "/robots.txt", "/slow/", "/slow/feed", "/robots.txt"]);
}

#[test]
fn test_takes_the_first_of_the_named_that_is_a_feed_and_never_goes_in_circles() {
    let house = House::with_news();
    let link = |href: &str| format!("<link rel='alternate' type='application/rss+xml' href='{href}'>");
    let links = |hrefs: &[&str]| format!("<!doctype html>{}", hrefs.iter().map(|href| link(href)).collect::<String>());
    house
        .server
        .on("/a", [Reply::redirect(302, "/b")])
        .on("/b", [Reply::ok(links(&["/a", "/b", "/loop", "/feed.xml", "/c"]))]);
    house.server.on("/loop", [Reply::redirect(302, "/loop")]);
    let at = |path: &str| format!("{}{path}", house.address());
    let json = &house.run(&["test", "--json", &at("/a")]).json()[0];
    assert_eq!((&json["url"], &json["tried"]), (&json!(at("/feed.xml")), &json!([at("/loop")])));
    assert_eq!(house.server.targets(), ["/a", "/b", "/loop", "/feed.xml"]);
}

#[test]
fn the_address_guard_holds_for_what_a_page_names() {
    let house = House::with_news();
    let link = "<link rel='alternate' type='application/rss+xml' href='http://10.0.0.1:1/feed'>";
    house.server.on("/", [Reply::ok(format!("<!doctype html>{link}"))]);
    let config = std::fs::read_to_string(house.folder.path().join("tearsheet.toml")).unwrap();
    house.file("tearsheet.toml", &config.replace("= true", "= ['127.0.0.0/8']"));
    for command in ["test", "add"] {
        house.run(&[command, &house.address()]).refused(1, &["http://10.0.0.1:1/feed", "(blocked)"]);
    }
}

#[test]
fn a_page_that_answers_for_a_secret_address_leads_nowhere_and_is_not_quoted() {
    let house = House::new("[feed.news]\nurl = 'SERVER/${file:key}/feed'\n");
    house.file("key", "5ecr3t");
    let link = "<link rel=alternate type=application/rss+xml href=x>";
    house.server.on("/5ecr3t/feed", [Reply::ok(format!("<!doctype html>{link}")), Reply::ok("no 5ecr3t here")]);
    assert!(!house.run(&["test", "news"]).good().contains("5ecr3t"));
    let ran = house.run(&["test", "news"]);
    ran.refused(1, &["cannot read `", "not-a-feed:text"]);
    assert!(!ran.err.contains("5ecr3t"), "{}", ran.err);
    assert_eq!(house.server.targets(), ["/5ecr3t/feed", "/robots.txt", "/5ecr3t/feed"]);
}

#[test]
fn test_says_what_is_wrong() {
    let house = House::with_news();
    house.server.on("/cut.xml", [Reply::ok(&feed("One", "/one")[..60])]).on("/data", [Reply::ok("{\"a\":1}")]);
    let at = |path: &str| format!("{}{path}", house.address());
    house.run(&["test", &at("/nowhere")]).refused(1, &["404", "not-found", "/nowhere"]);
    house.run(&["test", &at("/data")]).refused(1, &["cannot read `", "/data`: not a feed"]);
    house.run(&["test", "nwes"]).refused(2, &["`nwes` is neither a feed of the config nor an address"]);
    house.run(&["test", "http://127.0.0.1:1/"]).refused(1, &["http://127.0.0.1:1/", "connect"]);
}

#[test]
fn output_into_a_closed_pipe_is_no_error() {
    let house = house();
    let page = house.file("page.html", &page("One"));
    let feed = house.file("feed.xml", &feed("One", "/one"));
    let dates = house.file("dates.tsv", "en\t\t5 March 2015\n");
    let commands: [&[&str]; 15] = [
        &["check"],
        &["check", "--json"],
        &["status"],
        &["show", "1"],
        &["search", "bells"],
        &["explain", "news"],
        &["explain", "1"],
        &["diff", "1", "1", "1"],
        &["once"],
        &["migrate"],
        &["test", "news"],
        &["extract", &page],
        &["parse", &feed],
        &["dates", "--list", &dates],
        &["--help"],
    ];
    for command in commands {
        let (status, err) = house.run_into_closed_pipe(command);
        assert_eq!((status.code(), err.as_str()), (Some(0), ""), "{command:?}");
    }
}

#[test]
fn no_command_prints_a_secret() {
    let house =
        House::new("[feed.news]\nurl = 'SERVER/feed.xml?key=${file:secret}'\nheaders = { X-Key = '${file:secret}' }\n");
    let secret = "s3cr3t-7f3a";
    house.file("secret", secret);
    let target = format!("/feed.xml?key={secret}");
    house.server.on(&target, [Reply::ok(feed("One", "/one"))]);
    let commands: [&[&str]; 10] = [
        &["check"],
        &["test", "news"],
        &["test", "news", "--json"],
        &["once", "news", "--json"],
        &["once", "news"],
        &["status", "--json"],
        &["status", "news"],
        &["explain", "news"],
        &["explain", "news", "--json"],
        &["-vv", "once", "news"],
    ];
    for reply in
        [Reply::ok(feed("One", "/one")), Reply::status("404 Not Found"), Reply::ok("no feed"), Reply::ok(page("Home"))]
    {
        house.server.on(&target, [reply]);
        for command in commands {
            let ran = house.run(command);
            assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{command:?}: {ran:?}");
        }
    }
    assert!(house.server.targets().contains(&target), "it is on the wire");
}
