//! What the demo promises: read back out of the database with SQL, as a user would read it.
//!
//! Each promise is one query with one value. The demo fails when a value is not what it has to be.

use crate::newspaper::{SEED, SEED_BY_SCRIPT};
use crate::table::Rows;

/// The article as it stands on the seed page: its title, then its paragraphs, with an empty line between.
const SEED_TEXT: &str = include_str!("pages/harbour-watch.txt");

/// What has to be true after both editions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Promise {
    what: &'static str,
    sql: String,
    value: String,
}

/// Runs every promise's query with `query` and says, a line each, which did not hold.
pub(crate) fn broken(base: &str, query: impl Fn(&str) -> Result<Rows, String>) -> Vec<String> {
    promises(base).iter().filter_map(|promise| promise.broken(&query)).collect()
}

/// How many promises there are.
pub(crate) fn count(base: &str) -> usize {
    promises(base).len()
}

impl Promise {
    fn broken(&self, query: impl Fn(&str) -> Result<Rows, String>) -> Option<String> {
        let found = match query(&self.sql) {
            Ok(rows) => match rows.cells.as_slice() {
                [row] if row.len() == 1 => row[0].clone(),
                cells => return Some(format!("{}: expected one value, found {} rows", self.what, cells.len())),
            },
            Err(error) => return Some(format!("{}: {error}", self.what)),
        };
        (found != self.value).then(|| format!("{}: expected `{}`, found `{found}`", self.what, self.value))
    }
}

fn promises(base: &str) -> Vec<Promise> {
    let mut promises = seed_page(base);
    promises.extend(script_page(base));
    promises.extend(second_edition(base));
    promises.extend(real_world(base));
    promises
}

/// `5 Mar, 2015 10:20 / Updated 10 years ago`, seen on 1 March 2026 at noon.
fn seed_page(base: &str) -> Vec<Promise> {
    let url = format!("{base}{SEED}");
    let (title, body) = SEED_TEXT.trim_end().split_once("\n\n").expect("a title stands before the text");
    let column = |what, name: &str, value: &str| column(what, &url, name, value);
    let more = |what, name: &str, value: &str| Promise {
        what,
        sql: format!(
            "SELECT r.{name} FROM related_links AS r JOIN articles AS a ON a.id = r.article_id
             WHERE a.url = '{url}' AND r.kind = 'inline'"
        ),
        value: value.to_owned(),
    };
    let target = format!("{base}/security/coastguard-cooperation");
    vec![
        column("seed page: title", "title", title),
        column("seed page: text, without date line and READ MORE line", "content_text", body),
        column("seed page: published", "published_at", "2015-03-05T10:20:00Z"),
        column("seed page: precision of published", "published_precision", "minute"),
        column("seed page: zone of published", "published_zone", "assumed"),
        column("seed page: source of published", "published_source", "visible"),
        column("seed page: updated about ten years before the visit", "updated_at", "2016-03-01T12:00:00Z"),
        column(
            "seed page: interval of updated",
            "updated_earliest BETWEEN '2015-03-01T12:00:00Z' AND '2015-03-05T10:20:59Z'
             AND updated_latest BETWEEN '2016-03-01T11:59:59Z' AND '2016-03-01T12:00:00Z'",
            "1",
        ),
        column("seed page: precision of updated", "updated_precision", "year"),
        column("seed page: source of updated", "updated_source", "visible"),
        column("seed page: raw words of updated", "updated_raw LIKE '%10 years ago%'", "1"),
        more("seed page: READ MORE label", "label", "READ MORE"),
        more(
            "seed page: READ MORE title",
            "title",
            "Coastguard wants to keep working with Saltby in spite of the fishing row",
        ),
        more("seed page: READ MORE URL", "url", &target),
        more(
            "seed page: READ MORE leads to the article",
            "target_article_id = (SELECT id FROM articles WHERE url LIKE '%/security/coastguard-cooperation') AS found",
            "1",
        ),
    ]
}

/// The same page, but "10 years ago" is written by a script from a Unix second.
fn script_page(base: &str) -> Vec<Promise> {
    let url = format!("{base}{SEED_BY_SCRIPT}");
    let (_, body) = SEED_TEXT.trim_end().split_once("\n\n").expect("a title stands before the text");
    let column = |what, name: &str, value: &str| column(what, &url, name, value);
    vec![
        column("script page: published", "published_at", "2015-03-05T10:20:00Z"),
        column("script page: exact second of updated", "updated_at", "2015-03-05T14:41:27Z"),
        column("script page: precision of updated", "updated_precision", "second"),
        column("script page: source of updated", "updated_source", "script"),
        column("script page: text", "content_text", body),
    ]
}

/// A story edited, a headline corrected, a story syndicated, a new story.
fn second_edition(base: &str) -> Vec<Promise> {
    let value =
        |what, sql: &str, value: &str| Promise { what, sql: sql.replace("{base}", base), value: value.to_owned() };
    vec![
        value(
            "edited story: a second revision, announced by the publisher",
            "SELECT group_concat(number || ' ' || kind || ' ' || silent, ', ' ORDER BY number) FROM revisions
             WHERE article_id = (SELECT id FROM articles WHERE url LIKE '{base}/news/water-tower%')",
            "1 first 0, 2 text 0",
        ),
        value(
            "edited story: words added and removed are counted",
            "SELECT words_added > 0 AND words_removed > 0 FROM revisions WHERE number = 2
             AND article_id = (SELECT id FROM articles WHERE url LIKE '{base}/news/water-tower%')",
            "1",
        ),
        value(
            "corrected headline: still one entry, with the new headline",
            "SELECT group_concat(title) FROM entries WHERE guid = 'ledger-2026-0117'",
            "Ferry to run every twenty minutes from May",
        ),
        value(
            "corrected headline: a revision of the title alone",
            "SELECT kind FROM revisions WHERE number = 2
             AND article_id = (SELECT article_id FROM entries WHERE guid = 'ledger-2026-0117')",
            "title",
        ),
        value(
            "syndicated story: an exact copy of the first seen",
            "SELECT c.duplicate_kind || ' ' || replace(h.url, '{base}', '') FROM articles AS c
             JOIN articles AS h ON h.id = c.duplicate_of WHERE c.url = '{base}/wire/20418-reed-organ'",
            "exact /culture/reed-organ",
        ),
        value(
            "new story: its inline link leads to the market hall",
            "SELECT replace(t.url, '{base}', '') LIKE '%/market-hall%' FROM related_links AS r
             JOIN articles AS t ON t.id = r.target_article_id JOIN articles AS a ON a.id = r.article_id
             WHERE a.title LIKE 'Tide gate%' AND r.kind = 'inline'",
            "1",
        ),
        value("one article for each address", "SELECT count(*) FROM articles", "17"),
    ]
}

/// The clutter of real pages and the habits of real servers.
fn real_world(base: &str) -> Vec<Promise> {
    let value =
        |what, sql: &str, value: &str| Promise { what, sql: sql.replace("{base}", base), value: value.to_owned() };
    vec![
        value(
            "no banner, share bar, newsletter box, comment or biography is in a text",
            "SELECT count(*) FROM articles WHERE content_text LIKE '%cookies%' OR content_text LIKE '%Facebook%'
             OR content_text LIKE '%newsletter%' OR content_text LIKE '%GrumpyGull%' OR content_text LIKE '%viola%'
             OR content_text LIKE '%Most read%' OR content_text LIKE '%Advertisement%' OR content_text LIKE '%READ MORE%'",
            "0",
        ),
        value(
            "page that robots.txt closes: the text comes from the feed",
            "SELECT a.content_source || ' ' || s.state FROM articles AS a JOIN article_status AS s ON s.article_id = a.id
             WHERE a.url LIKE '%/subscribers/cellar-concerts'",
            "feed robots",
        ),
        value(
            "page that is gone: the text comes from the feed",
            "SELECT a.content_source || ' ' || s.state FROM articles AS a JOIN article_status AS s ON s.article_id = a.id
             WHERE a.url LIKE '%/news/allotment-waiting-list'",
            "feed failed",
        ),
        value(
            "redirect and tracking parameters: the page's own address is known",
            "SELECT count(DISTINCT article_id) FROM article_urls WHERE url LIKE '{base}/news/market-hall%'
             OR url LIKE '{base}/go/market-hall%'",
            "1",
        ),
        value(
            "page of 1998: decoded, one paragraph for each double line break",
            "SELECT content_text LIKE '%the café on the quay%' AND content_text LIKE '%José Almeida%'
             AND length(content_text) - length(replace(content_text, char(10) || char(10), '')) >= 8
             FROM articles WHERE url LIKE '%/archive/1998/lamp-oil.htm'",
            "1",
        ),
        value(
            "page of 1998: the site's name is not in the title, although nothing but the title names the site",
            "SELECT title FROM articles WHERE url LIKE '%/archive/1998/lamp-oil.htm'",
            "When the lamp oil ran out",
        ),
        value(
            "languages",
            "SELECT group_concat(substr(language, 1, 2), ' ' ORDER BY url) FROM articles
             WHERE url LIKE '%/wire/2040%'",
            "de ja",
        ),
        value(
            "microdata: author and time of publication",
            "SELECT authors || ' ' || published_at FROM articles WHERE url LIKE '%/news/ferry-timetable%'",
            "[\"Jory Pascoe-Lind\"] 2026-02-28T07:30:00Z",
        ),
        value(
            "every feed was read twice without an error",
            "SELECT count(*) || ' ' || sum(outcome = 'error') FROM polls",
            "8 0",
        ),
    ]
}

fn column(what: &'static str, url: &str, name: &str, value: &str) -> Promise {
    Promise { what, sql: format!("SELECT {name} FROM articles WHERE url = '{url}'"), value: value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Promise, SEED_TEXT, broken, count};
    use crate::table::Rows;

    fn promise() -> Promise {
        Promise { what: "title", sql: "SELECT title".to_owned(), value: "Bees".to_owned() }
    }

    fn rows(cells: &[&[&str]]) -> Rows {
        let cells = cells.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        Rows { columns: vec!["title".to_owned()], cells }
    }

    #[track_caller]
    fn check(answer: &Result<Rows, String>, expected: Option<&str>) {
        assert_eq!(promise().broken(|_| answer.clone()).as_deref(), expected);
    }

    #[test]
    fn a_promise_holds_only_for_its_one_value() {
        check(&Ok(rows(&[&["Bees"]])), None);
        check(&Ok(rows(&[&["Wasps"]])), Some("title: expected `Bees`, found `Wasps`"));
        check(&Ok(rows(&[])), Some("title: expected one value, found 0 rows"));
        check(&Ok(rows(&[&["Bees"], &["Bees"]])), Some("title: expected one value, found 2 rows"));
        check(&Err("no such table: articles".to_owned()), Some("title: no such table: articles"));
    }

    #[test]
    fn an_empty_database_breaks_every_promise() {
        let base = "http://127.0.0.1:1";
        assert_eq!(broken(base, |_| Ok(rows(&[]))).len(), count(base));
    }

    #[test]
    fn both_seed_pages_hold_the_expected_text_in_order() {
        for page in [include_str!("pages/harbour-watch.html"), include_str!("pages/harbour-watch-script.html")] {
            let mut rest = page;
            for paragraph in SEED_TEXT.trim_end().split("\n\n") {
                let found = rest.find(paragraph).unwrap_or_else(|| panic!("not found, or out of order: {paragraph}"));
                rest = &rest[found + paragraph.len()..];
            }
        }
    }

    #[test]
    fn the_syndicated_story_is_word_for_word() {
        let paragraphs = |page: &'static str| -> Vec<&'static str> {
            page.split("<p>").skip(1).filter_map(|p| p.split("</p>").next()).collect()
        };
        let original = paragraphs(include_str!("pages/reed-organ.html"));
        assert_eq!(original, paragraphs(include_str!("pages/reed-organ-wire.html")));
        assert!(original.len() >= 5);
    }
}
