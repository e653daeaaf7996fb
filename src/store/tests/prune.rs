use std::time::Duration;

use chrono::TimeDelta;

use super::{Archive, LINKS, entry, entry_with_text, page_of, story};
use crate::config::{Keep, StoreSettings};
use crate::model::article::{LinkKind, RelatedLink};
use crate::model::outcome::{RawPage, ReadPart, RobotsTxt, VisitResult};
use crate::store::reader::Reader;
use crate::store::values::{PruneLimits, Pruned, Retention, StoredRobots};

const DAY: i64 = 24 * 60;

/// Everything that can be deleted by age is, after so many days.
fn keeping(days: u64) -> StoreSettings {
    let keep = Keep::For(Duration::from_hours(24 * days));
    StoreSettings { keep_raw: keep, keep_log: keep, retention: keep, ..StoreSettings::default() }
}

fn forever() -> StoreSettings {
    StoreSettings { keep_raw: Keep::Forever, keep_log: Keep::Forever, ..StoreSettings::default() }
}

/// A whole pass, counted beforehand too.
async fn prune(archive: &Archive, settings: &StoreSettings) -> Pruned {
    let limits = PruneLimits::new(settings, archive.now());
    let expected = Reader::open(&archive.path()).unwrap().prunable(&limits).unwrap();
    let mut all = Pruned { more: true, ..Pruned::default() };
    while all.more {
        all = all.and(archive.store.prune(limits.clone()).await.unwrap());
    }
    assert_eq!(all, expected, "what was announced is what was done");
    assert_eq!(archive.value("PRAGMA foreign_key_check"), "");
    assert_eq!(
        archive.value(
            "SELECT count(*) FROM articles c JOIN articles h ON h.id = c.duplicate_of WHERE h.duplicate_of IS NOT NULL"
        ),
        "0"
    );
    archive.db().execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)", []).unwrap();
    all
}

/// Three copies, first seen and read in this order, a day apart.
async fn cluster() -> Archive {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let mut entries = Vec::new();
    for link in LINKS {
        entries.push(entry(link, link));
        archive.polled(feed, entries.clone()).await;
        archive.read(link, &story("Harbor")).await;
        archive.pass(DAY);
    }
    archive
}

fn clusters(archive: &Archive) -> Vec<String> {
    archive.rows("SELECT id, duplicate_of, duplicate_kind FROM articles ORDER BY id")
}

#[tokio::test]
async fn nothing_goes_while_everything_is_kept() {
    let archive = cluster().await;
    archive.pass(10_000 * DAY);
    assert_eq!(prune(&archive, &forever()).await, Pruned::default());
    assert_eq!(clusters(&archive), ["1||", "2|1|exact", "3|1|exact"]);
}

#[tokio::test]
async fn a_deleted_head_hands_over_to_its_oldest_copy() {
    let archive = cluster().await;
    let seq = archive.value("SELECT max(seq) FROM changes");
    // The first one is three days old now.
    let pruned = prune(&archive, &StoreSettings { retention: Keep::For(Duration::from_hours(60)), ..forever() }).await;
    assert_eq!((pruned.articles, pruned.entries), (1, 0));
    assert_eq!(clusters(&archive), ["2||", "3|2|exact"]);
    assert_eq!(
        archive.rows(&format!("SELECT kind, article_id FROM changes WHERE seq > {seq} ORDER BY seq")),
        ["released|2", "duplicate|3", "deleted|1"]
    );
    assert_eq!(archive.rows("SELECT id, article_id IS NULL FROM entries ORDER BY id"), ["1|1", "2|0", "3|0"]);
    assert_eq!(archive.value("SELECT group_concat(rowid) FROM articles_fts WHERE articles_fts MATCH 'harbor'"), "2,3");
}

#[tokio::test]
async fn a_cluster_that_goes_as_a_whole_has_no_heads_in_between() {
    let archive = cluster().await;
    let seq = archive.value("SELECT max(seq) FROM changes");
    archive.pass(30 * DAY);
    assert_eq!(prune(&archive, &keeping(1)).await.articles, 3);
    assert_eq!(
        archive.rows(&format!("SELECT kind, article_id FROM changes WHERE seq > {seq} ORDER BY seq")),
        ["deleted|2", "deleted|3", "deleted|1"]
    );
    let own =
        ["articles", "article_urls", "article_status", "fingerprints", "revisions", "date_claims", "related_links"];
    for table in own.into_iter().chain(["visits", "raw_pages"]) {
        assert_eq!(archive.value(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
    assert_eq!(archive.value("SELECT count(*) FROM changes WHERE kind = 'new'"), "3", "`changes` is append-only");
}

#[tokio::test]
async fn many_more_copies_than_one_step_takes_go_too() {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let entries = (0..75).map(|n| entry_with_text(&format!("k{n}"), None, &story("Harbor"))).collect();
    archive.polled(feed, entries).await;
    assert_eq!(archive.value("SELECT count(*) FROM articles WHERE duplicate_of = 1"), "74");
    archive.pass(3 * DAY);
    assert_eq!(prune(&archive, &keeping(2)).await.articles, 75);
}

#[tokio::test]
async fn what_was_changed_lately_is_not_old() {
    let archive = cluster().await;
    archive.read(LINKS[0], &story("Lighthouse")).await;
    archive.pass(DAY);
    // Four, three and two days old; the first was changed a day ago.
    assert_eq!(prune(&archive, &keeping(2)).await.articles, 1);
    assert_eq!(archive.rows("SELECT id FROM articles"), ["1", "3"]);
}

#[tokio::test]
async fn an_article_under_a_visit_stays_until_that_is_over() {
    let archive = cluster().await;
    archive.pass(30 * DAY);
    assert_eq!(archive.due_articles().await.len(), 3);
    assert_eq!(prune(&archive, &keeping(1)).await.articles, 0);
    // Its lease ended, and it comes back all the same.
    archive.pass(20);
    let (article, text) = (archive.article(LINKS[0]), story("Harbor"));
    let late = archive.visit(article, page_of(LINKS[0], super::article("Late", &text)));
    assert_eq!(prune(&archive, &keeping(1)).await.articles, 3);
    archive.store.apply_visit(late).await.unwrap();
    assert_eq!(archive.value("SELECT count(*) FROM articles"), "0");
}

#[tokio::test]
async fn an_entry_still_in_its_feed_does_not_bring_its_article_back() {
    let archive = cluster().await;
    let feed = archive.feeds(&["a"]).await;
    archive.pass(30 * DAY);
    prune(&archive, &keeping(1)).await;
    let polled = |title: &str| LINKS.map(|link| entry(link, title)).to_vec();
    let unchanged = LINKS.map(|link| entry(link, link)).to_vec();
    archive.polled(feed, unchanged.clone()).await;
    assert_eq!(archive.value("SELECT count(*) FROM articles"), "0", "unchanged");
    archive.polled(feed, polled("17 comments")).await;
    assert_eq!(archive.value("SELECT count(*) FROM articles"), "0", "changed, but no newer");
    archive.polled(feed, Vec::new()).await;
    archive.pass(29 * DAY);
    prune(&archive, &keeping(1)).await;
    archive.polled(feed, polled("18 comments")).await;
    assert_eq!(archive.value("SELECT count(*) FROM articles"), "0", "gone for less than a month");
    assert!(archive.due_articles().await.is_empty());
    archive.polled(feed, Vec::new()).await;
    archive.pass(31 * DAY);
    assert_eq!(prune(&archive, &keeping(1)).await.entries, 3, "long absent");
    assert_eq!(archive.value("SELECT count(*) FROM entries"), "0");
}

#[tokio::test]
async fn an_entry_that_is_dated_anew_or_leads_elsewhere_brings_an_article() {
    let archive = cluster().await;
    let feed = archive.feeds(&["a"]).await;
    archive.pass(30 * DAY);
    prune(&archive, &keeping(1)).await;
    let mut entries = LINKS.map(|link| entry(link, "Again")).to_vec();
    entries[1].entry.url = Some(super::url("https://b.example/another"));
    archive.polled(feed, entries).await;
    assert_eq!(archive.rows("SELECT url FROM articles"), ["https://b.example/another"]);
}

#[tokio::test]
async fn links_to_a_deleted_article_wait_for_it_again() {
    let archive = cluster().await;
    let mut article = super::article("Links", &story("Mill"));
    let link = |url: &str| RelatedLink { kind: LinkKind::Block, label: None, title: None, url: super::url(url) };
    article.related = vec![link(LINKS[0])];
    archive.store.apply_visit(archive.visit(archive.article(LINKS[2]), page_of(LINKS[2], article))).await.unwrap();
    assert_eq!(archive.value("SELECT target_article_id FROM related_links"), "1");
    prune(&archive, &keeping(2)).await;
    assert_eq!(archive.rows("SELECT article_id, target_article_id FROM related_links"), ["3|"]);
}

#[tokio::test]
async fn raw_pages_and_logs_go_but_the_latest_of_each_log_stays() {
    let archive = cluster().await;
    let settings = StoreSettings { retention: Keep::Forever, ..keeping(7) };
    for (days, link) in [(0, LINKS[0]), (1, LINKS[0]), (1, LINKS[1])] {
        archive.pass(days * DAY);
        let mut visit = archive.visit(archive.article(link), page_of(link, super::article("One", &story("Harbor"))));
        if let VisitResult::Read(page) = &mut visit.result {
            page.raw = Some(RawPage { fetched_at: archive.now(), zstd: vec![0; 100_000], content_type: None });
        }
        archive.store.apply_visit(visit).await.unwrap();
    }
    archive.pass(100 * DAY);
    let pruned = prune(&archive, &settings).await;
    assert_eq!((pruned.raw_pages, pruned.polls, pruned.visits), (2, 2, 3));
    assert_eq!(archive.rows("SELECT article_id, count(*) FROM visits GROUP BY article_id"), ["1|1", "2|1", "3|1"]);
    assert_eq!(archive.value("SELECT max(started_at) FROM polls"), archive.value("SELECT last_polled_at FROM feeds"));
    assert_eq!(prune(&archive, &settings).await, Pruned::default());
    assert_eq!(archive.value("SELECT count(*) FROM articles"), "3");
}

#[tokio::test]
async fn bytes_of_later_pages_go_with_the_raw_pages_and_their_rows_with_the_article() {
    let archive = cluster().await;
    let mut visit = archive.visit(archive.article(LINKS[0]), page_of(LINKS[0], super::article("One", "one")));
    if let VisitResult::Read(page) = &mut visit.result {
        let raw = RawPage { fetched_at: archive.now(), zstd: vec![0; 10], content_type: None };
        page.raw = Some(raw.clone());
        let final_url = page.final_url.clone();
        page.parts = vec![ReadPart { final_url, fetched_at: archive.now(), raw: Some(raw) }; 60];
    }
    archive.store.apply_visit(visit).await.unwrap();
    archive.pass(30 * DAY);
    assert_eq!(prune(&archive, &StoreSettings { retention: Keep::Forever, ..keeping(7) }).await.raw_pages, 61);
    assert_eq!(archive.value("SELECT count(*), count(fetched_at), count(zstd) FROM article_parts"), "60|60|0");
    assert_eq!(prune(&archive, &keeping(7)).await.articles, 3);
    assert_eq!(archive.value("SELECT count(*) FROM article_parts"), "0");
}

#[tokio::test]
async fn keep_raw_off_deletes_what_was_kept_before() {
    let archive = cluster().await;
    archive
        .store
        .apply_visit({
            let mut visit = archive.visit(archive.article(LINKS[0]), page_of(LINKS[0], super::article("One", "one")));
            if let VisitResult::Read(page) = &mut visit.result {
                page.raw = Some(RawPage { fetched_at: archive.now(), zstd: vec![0; 10], content_type: None });
            }
            visit
        })
        .await
        .unwrap();
    archive.pass(1);
    assert_eq!(prune(&archive, &StoreSettings { keep_raw: Keep::Off, ..forever() }).await.raw_pages, 1);
}

#[tokio::test]
async fn a_smaller_number_of_revisions_takes_them_from_the_middle() {
    let archive = Archive::keeping(Retention { keep_revisions: 1000 });
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, vec![entry(LINKS[0], "One"), entry(LINKS[1], "Two")]).await;
    for version in 1..=450 {
        archive.read(LINKS[0], &story(&format!("Version {version}"))).await;
    }
    archive.read(LINKS[1], &story("Alone")).await;
    let settings = StoreSettings { keep_revisions: 3, ..forever() };
    assert_eq!(prune(&archive, &settings).await.revisions, 447);
    assert_eq!(archive.rows("SELECT article_id, number FROM revisions"), ["1|1", "1|449", "1|450", "2|1"]);
    assert_eq!(archive.value("SELECT revision_count FROM articles WHERE id = 1"), "450", "numbers keep their gaps");
    assert_eq!(prune(&archive, &StoreSettings { keep_revisions: 2, ..forever() }).await.revisions, 1);
}

#[tokio::test]
async fn old_robots_files_go() {
    let archive = Archive::new();
    for origin in ["https://old.example", "https://new.example"] {
        let robots = StoredRobots { fetched_at: archive.now(), robots: RobotsTxt::Allowed };
        archive.store.save_robots(origin.to_owned(), robots).await.unwrap();
        archive.pass(6 * DAY);
    }
    assert_eq!(prune(&archive, &forever()).await.robots, 1);
    assert_eq!(archive.value("SELECT origin FROM robots"), "https://new.example");
}

#[test]
fn limits_are_counted_back_from_now_and_a_time_before_all_calendars_keeps_everything() {
    let now = super::time("2026-03-01T12:00:00Z");
    let ages = Keep::For(Duration::MAX);
    let limits = PruneLimits::new(&StoreSettings { keep_raw: Keep::Off, keep_log: ages, ..keeping(3) }, now);
    assert_eq!((limits.raw_pages, limits.log, limits.articles), (Some(now), None, Some(now - TimeDelta::days(3))));
    assert_eq!(PruneLimits::new(&forever(), now).articles, None);
}

#[test]
fn every_row_that_is_deleted_is_found_by_an_index() {
    let archive = Archive::new();
    let db = archive.db();
    for (sql, table) in [
        ("SELECT article_id FROM raw_pages WHERE fetched_at < '2' ORDER BY fetched_at LIMIT 50", "raw_pages"),
        ("SELECT id FROM entries WHERE article_id IS NULL AND id > 7 ORDER BY id LIMIT 50", "entries"),
        ("SELECT id FROM articles WHERE duplicate_of = 7", "articles"),
        ("SELECT id FROM related_links WHERE target_article_id = 7", "related_links"),
    ] {
        let plan = super::rows(&db, &format!("EXPLAIN QUERY PLAN {sql}")).join("\n");
        assert!(plan.contains(&format!("SEARCH {table}")) && !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
    }
}
