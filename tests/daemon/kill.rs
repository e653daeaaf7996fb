//! SIGKILL at any moment: nothing lost, nothing double, nothing half.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::house::{House, page};
use crate::running::{OFTEN, Running};
use crate::stop::block_on;
use crate::support::Reply;

const KILLS: usize = 20;
const FEEDS: usize = 4;
const ARTICLES: usize = 8;

/// The address of an article that one of the feeds has from one of the kills on.
fn address(kill: usize, feed: usize, article: usize) -> String {
    format!("/{kill}/{feed}/{article}")
}

/// Gives each feed new articles beside those of before.
fn publish(house: &House, kill: usize) {
    for feed in 0..FEEDS {
        let mut items = String::new();
        for kill in 0..=kill {
            for article in 0..ARTICLES {
                let address = address(kill, feed, article);
                items += &format!("<item><title>{address}</title><link>{address}</link></item>");
                house.server.on(
                    &address,
                    [Reply::ok(page(&address).replace("The council", &format!("{address}, said the council,")))],
                );
            }
        }
        let document = format!("<rss version='2.0'><channel><title>{feed}</title>{items}</channel></rss>");
        house.server.on(&format!("/{feed}.xml"), [Reply::ok(document)]);
    }
}

fn count(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Everything that must hold of an archive at any time.
#[track_caller]
fn check_archive(house: &House) {
    let db = Connection::open(house.database()).unwrap();
    let integrity: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    assert_eq!(count(&db, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    db.execute_batch("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')").unwrap();
    assert_eq!(
        count(&db, "SELECT count(*) FROM articles_fts_docsize"),
        count(&db, "SELECT count(*) FROM articles WHERE content_text IS NOT NULL"),
        "what has a text is in the index, and nothing else"
    );
    for nothing in [
        "SELECT count(*) FROM entries WHERE article_id IS NULL",
        "SELECT count(*) FROM (SELECT url FROM articles GROUP BY url HAVING count(*) > 1)",
        "SELECT count(*) FROM articles WHERE (content_text IS NULL) <> (revision_count = 0)",
        "SELECT count(*) FROM articles a WHERE revision_count <> (SELECT count(*) FROM revisions WHERE article_id = a.id)",
        "SELECT count(*) FROM articles a WHERE content_text IS NOT NULL
             AND (SELECT count(*) FROM changes WHERE article_id = a.id AND kind = 'new') <> 1",
        "SELECT count(*) FROM article_status WHERE state = 'pending' AND next_check_at IS NULL",
    ] {
        assert_eq!(count(&db, nothing), 0, "{nothing}");
    }
}

#[test]
fn twenty_kills_in_the_middle_lose_and_double_nothing() {
    let house = House::new("");
    let feeds: String = (0..FEEDS).map(|n| format!("[feed.f{n}]\nurl = 'SERVER/{n}.xml'\nrobots = false\n")).collect();
    house.configure(&format!("{OFTEN}recheck = []\n{feeds}").replace("[defaults]", "[defaults]\ncontent = 'page'"));
    let mut in_the_middle = 0;
    let mut asked = 0;
    for kill in 0..KILLS {
        publish(&house, kill);
        let mut daemon = Running::start(&house);
        // From the first request on to the last one, in uneven steps.
        asked += 1 + (kill * 7) % (FEEDS + FEEDS * ARTICLES);
        block_on(house.server.reached(asked));
        daemon.signal("KILL");
        daemon.ends();
        asked = house.server.requests().len();
        let db = Connection::open(house.database()).unwrap();
        let new = format!("FROM articles WHERE url LIKE '%/{kill}/%/%'");
        let known = count(&db, &format!("SELECT count(*) {new}"));
        let read = count(&db, &format!("SELECT count(*) {new} AND content_text IS NOT NULL"));
        let all = i64::try_from(FEEDS * ARTICLES).unwrap();
        in_the_middle += usize::from(known < all || read < all);
        drop(db);
        check_archive(&house);
    }
    assert!(in_the_middle * 2 >= KILLS, "only {in_the_middle} of {KILLS} kills were in the middle of an ingest");

    // Left alone, it catches up: each article of each time is there once, with its own text.
    let mut daemon = Running::start(&house);
    let expected = i64::try_from(KILLS * FEEDS * ARTICLES).unwrap();
    let caught_up = |house: &House| {
        let db = Connection::open(house.database()).unwrap();
        count(&db, "SELECT count(*) FROM articles WHERE content_source = 'page'")
    };
    // A visit is logged after it was stored, so as long as one is missing there is a line to come.
    while caught_up(&house) < expected {
        daemon.says(&["visit"]);
    }
    daemon.stop();
    check_archive(&house);
    let db = Connection::open(house.database()).unwrap();
    let mut texts = db.prepare("SELECT url, content_text FROM articles ORDER BY id").unwrap();
    let texts: BTreeMap<String, String> =
        texts.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    assert_eq!(texts.len(), KILLS * FEEDS * ARTICLES);
    for (url, text) in texts {
        let address = url.strip_prefix(&house.address()).unwrap();
        assert!(text.starts_with(&format!("{address}, said the council,")), "{url}: {text}");
    }
}
