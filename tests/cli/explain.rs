//! `explain`: the reasons behind a feed and an article.

use serde_json::{Value, json};

use crate::house::{House, page};
use crate::support::Reply;
use crate::texts::{self, feed};

#[test]
fn a_feed_tells_its_schedule_and_why() {
    let house = House::with_news();
    let document = crate::house::feed("One", "/one").replace("<item>", "<ttl>90</ttl><item>");
    house.server.on("/feed.xml", [Reply::ok(document)]);
    house.run(&["once"]).good();
    let out = house.run(&["explain", "news"]).good();
    for part in [
        "state       active: polled when it is due\n",
        "why then    ",
        "Settings in force\n",
        "min_every   15m\n",
        "max_every   1d\n",
        "host_delay  0\n",
        "tearsheet.toml:7",
        "ttl         1h 30m\n",
        "Last polls\nSTARTED\tOUTCOME\tHTTP\tTOOK\tNEW\tCHANGED\tNOTES\n",
        "\tnew\t200\t",
    ] {
        assert!(out.contains(part), "{part} is not in {out}");
    }
    let ran = house.run(&["explain", "--json", "news"]);
    let [json] = &ran.json()[..] else { panic!("{ran:?}") };
    assert_eq!(
        (&json["what"], &json["hints"]["ttl_minutes"], &json["advice"]),
        (&json!("feed"), &json!(90), &Value::Null)
    );
    assert_eq!((&json["settings"]["every"], &json["polls"][0]["entries_new"]), (&json!("adaptive"), &json!(1)));
}

#[test]
fn a_failing_feed_tells_what_its_error_means() {
    let house = House::new("[feed.lost]\nurl = 'SERVER/nowhere'\n");
    house.run(&["once"]).good();
    let out = house.run(&["explain", "lost"]).good();
    assert!(out.contains("means       nothing is at the address any more: ") && out.contains("(not-found)"), "{out}");
    assert!(out.contains("failures    1 in a row\n"), "{out}");
    house.configure("");
    house.run(&["once"]).good();
    let out = house.run(&["explain", "lost"]).good();
    assert!(out.contains("state       removed: ") && out.contains("none: the config has no such feed"), "{out}");
}

#[test]
fn an_article_tells_where_all_of_it_comes_from() {
    let house = House::with_news();
    house.run(&["once"]).good();
    let out = house.run(&["explain", "1"]).good();
    for part in [
        "state       ok: the last look brought it\n",
        "text from   its page, ",
        "published   2015-03-05T10:20:00Z (second, meta, zone stated: \"2015-03-05T10:20:00Z\")\n",
        "updated     nobody says\n",
        "published\tmeta\tarticle:published_time\t2015-03-05T10:20:00Z\t2015-03-05T10:20:00Z\tsecond, zone stated\tchosen\n",
        "Addresses\nBY\tURL\n",
        "Revisions\nNUMBER\tSEEN\tKIND\tHOW\tADDED\tREMOVED\n1\t",
        "why then    recheck 1h after first sight\n",
        "Last visits\nSTARTED\tOUTCOME\tHTTP\tTOOK\tNOTES\n",
    ] {
        assert!(out.contains(part), "{part} is not in {out}");
    }
    let address = format!("{}/one", house.address());
    assert_eq!(house.run(&["explain", &address]).good(), out);
    let ran = house.run(&["explain", "--json", "1"]);
    let [json] = &ran.json()[..] else { panic!("{ran:?}") };
    assert_eq!((&json["what"], &json["visits"][0]["outcome"]), (&json!("article"), &json!("new")));
    assert_eq!(json.get("content_text"), None);
}

#[test]
fn a_teaser_is_called_one() {
    let house = House::with_news();
    let teaser = page("One").replace("</article>", "</article><p>Subscribe to continue reading</p>");
    house.server.on("/one", [Reply::ok(teaser)]);
    house.run(&["once"]).good();
    let out = house.run(&["explain", "1"]).good();
    let access = "access      paywall: the text is only a teaser: behind a paywall (`subscribe to continue` where the text ends)\n";
    assert!(out.contains(access), "{out}");
    assert!(house.run(&["show", "1"]).good().contains(access));
    let ran = house.run(&["export"]);
    assert_eq!((&ran.json()[0]["article_kind"], &ran.json()[0]["access"]), (&json!("article"), &json!("paywall")));
}

#[test]
fn a_copy_names_its_head_and_the_head_its_copies() {
    let text = "The council voted on Tuesday to keep the old wheel turning, after residents collected thousands of \
                signatures in a single week of rain and wind.";
    let house = texts::house(&[feed(&[("a", "A", text), ("b", "B", text)])]);
    let out = house.run(&["explain", "2"]).good();
    assert!(out.contains("copy of     article 1: the same text (100 % of the smaller text)\n"), "{out}");
    let out = house.run(&["explain", "1"]).good();
    assert!(out.contains("Other copies\nARTICLE\tKIND\tSHARE\tURL\n2\texact\t1.00\t"), "{out}");
    assert!(!out.contains("copy of"), "{out}");
}

#[test]
fn a_feed_wins_over_an_article_of_the_same_name() {
    let house = House::new("[feed.1]\nurl = 'SERVER/feed.xml'\ncontent = 'feed'\n[feed.2]\nurl = 'SERVER/none'\n");
    house.server.on("/feed.xml", [Reply::ok(feed(&[("a", "A", "The wheel turns.")]))]);
    house.run(&["once"]).good();
    let ran = house.run(&["explain", "1"]);
    assert!(ran.code == Some(0) && ran.out.starts_with("feed        1\n"), "{ran:?}");
    ran.says(&["`1` is a feed; there is an article 1 too"]);
    assert!(house.run(&["explain", "2"]).good().starts_with("feed        2\n"));
    house.run(&["explain", "nobody"]).refused(1, &["neither a feed nor an article `nobody` in ", "tearsheet.db"]);
    house.run(&["explain", "No Slug"]).refused(1, &["neither a feed nor an article `No Slug`"]);
}
