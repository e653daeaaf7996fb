use chrono::{DateTime, Utc};

use super::{Archive, article, entry, failure, page, page_of, story, time, url};
use crate::model::article::{AddressKind, LinkKind, PageAddress, RelatedLink};
use crate::model::date::{ChosenDate, DateClaim, DateField, DateSource, Precision, When, Zone};
use crate::model::failure::ErrorClass;
use crate::model::id::ArticleId;
use crate::model::outcome::RobotsTxt;
use crate::model::outcome::{RawPage, Validators, VisitResult};
use crate::store::reader::Reader;
use crate::store::values::{Retention, StoredRobots, VisitKind};

const ONE: &str = "https://a.example/1";
const CONTENT: &[&str] =
    &["articles", "article_urls", "revisions", "date_claims", "related_links", "changes", "fingerprints", "raw_pages"];

/// An archive with one article that waits for its first visit.
async fn pending() -> (Archive, ArticleId) {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, vec![entry(ONE, "One")]).await;
    let article = archive.article(ONE);
    (archive, article)
}

fn integrity(archive: &Archive) {
    archive.db().execute_batch("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)").unwrap();
}

fn found(archive: &Archive, words: &str) -> String {
    archive.value(&format!("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH '{words}'"))
}

#[tokio::test]
async fn first_text_is_a_first_revision_and_a_new_change() {
    let (archive, _) = pending().await;
    let applied = archive.read(ONE, &story("Harbor")).await;
    assert_eq!(applied.outcome, VisitKind::New);
    assert_eq!(
        archive.value("SELECT title, content_source, revision_count, changed_at FROM articles"),
        "From the page|page|1|"
    );
    assert_eq!(archive.rows("SELECT number, kind, title FROM revisions"), ["1|first|From the page"]);
    assert_eq!(archive.rows("SELECT kind, revision_id FROM changes"), ["new|1"]);
    assert_eq!(
        archive.value("SELECT state, etag, next_check_at FROM article_status"),
        "ok|\"p1\"|2026-03-01T13:00:00Z"
    );
    assert_eq!(archive.value("SELECT outcome FROM visits"), "new");
    integrity(&archive);
}

#[tokio::test]
async fn same_outcome_twice_adds_one_log_row_and_nothing_else() {
    let (archive, id) = pending().await;
    let robots = VisitResult::Robots { fallback: Some(Box::new(article("Fed", "from the feed"))) };
    let gone = VisitResult::Failed { failure: failure(ErrorClass::Gone), fallback: None };
    for result in [robots, page(ONE, &story("Harbor")), gone] {
        archive.pass(60);
        let outcome = archive.visit(id, result);
        archive.store.apply_visit(outcome.clone()).await.unwrap();
        let everything = [CONTENT, &["article_status"]].concat();
        let (before, visits) = (archive.dump(&everything), archive.dump(&["visits"]).len());
        archive.store.apply_visit(outcome).await.unwrap();
        assert_eq!(archive.dump(&everything), before);
        assert_eq!(archive.dump(&["visits"]).len(), visits + 1);
    }
    assert_eq!(archive.rows("SELECT kind FROM changes"), ["new", "reextracted", "gone"]);
}

#[tokio::test]
async fn unchanged_page_writes_only_status_and_log() {
    let (archive, _) = pending().await;
    archive.read(ONE, &story("Harbor")).await;
    let before = archive.dump(CONTENT);
    archive.pass(60);
    assert_eq!(archive.read(ONE, &story("Harbor")).await.outcome, VisitKind::Unchanged);
    assert_eq!(archive.dump(CONTENT), before);
    assert_eq!(archive.value("SELECT checked_at FROM article_status"), "2026-03-01T13:00:00Z");
    archive.pass(60);
    let validators = Validators { etag: Some("\"p2\"".to_owned()), last_modified: None };
    let applied = archive.store.apply_visit(archive.visit(archive.article(ONE), VisitResult::NotModified(validators)));
    assert_eq!(applied.await.unwrap().outcome, VisitKind::NotModified);
    assert_eq!(archive.dump(CONTENT), before);
    assert_eq!(archive.value("SELECT etag FROM article_status"), "\"p2\"");
}

#[tokio::test]
async fn edited_page_is_a_revision_and_found_by_its_new_words_only() {
    let (archive, _) = pending().await;
    archive.read(ONE, "the café burned").await;
    assert_eq!(found(&archive, "CAFE"), "1", "case and diacritics do not count");
    archive.pass(60);
    assert_eq!(archive.read(ONE, "the café was saved").await.outcome, VisitKind::Revised);
    assert_eq!(archive.value("SELECT revision_count, changed_at FROM articles"), "2|2026-03-01T13:00:00Z");
    assert_eq!(archive.rows("SELECT kind FROM changes"), ["new", "revised"]);
    assert_eq!((found(&archive, "burned"), found(&archive, "saved")), ("0".to_owned(), "1".to_owned()));
    integrity(&archive);
    archive.db().execute("DELETE FROM articles", []).unwrap();
    assert_eq!(found(&archive, "saved"), "0");
    integrity(&archive);
}

#[tokio::test]
async fn first_and_newest_revisions_outlive_the_middle() {
    let archive = Archive::keeping(Retention { keep_revisions: 3 });
    let feed = archive.feeds(&["a"]).await;
    archive.polled(feed, vec![entry(ONE, "One")]).await;
    for version in 1..=6 {
        archive.read(ONE, &format!("version {version}")).await;
        archive.pass(60);
    }
    assert_eq!(archive.rows("SELECT number FROM revisions ORDER BY number"), ["1", "5", "6"]);
    assert_eq!(archive.value("SELECT revision_count FROM articles"), "6");
}

#[tokio::test]
async fn failed_visit_stores_what_the_feed_carries_and_the_page_replaces_it_as_ours() {
    let (archive, id) = pending().await;
    let fallback = Some(Box::new(article("Fed", "from the feed")));
    let failed = VisitResult::Failed { failure: failure(ErrorClass::Timeout), fallback };
    archive.store.apply_visit(archive.visit(id, failed.clone())).await.unwrap();
    assert_eq!(archive.value("SELECT content_source, content_text FROM articles"), "feed|from the feed");
    assert_eq!(
        archive.value("SELECT state, consecutive_failures, last_error FROM article_status"),
        "failed|1|it failed: timeout"
    );
    assert_eq!(archive.value("SELECT outcome, error_class FROM visits"), "error|timeout");
    archive.pass(60);
    assert_eq!(archive.read(ONE, "from the page itself").await.outcome, VisitKind::New);
    assert_eq!(archive.rows("SELECT kind FROM revisions"), ["first", "reextracted"]);
    assert_eq!(archive.rows("SELECT kind FROM changes"), ["new", "reextracted"]);
    assert_eq!(archive.value("SELECT content_source, changed_at FROM articles"), "page|");
    archive.pass(60);
    archive.store.apply_visit(archive.visit(id, failed)).await.unwrap();
    assert_eq!(
        archive.value("SELECT content_text FROM articles"),
        "from the page itself",
        "an error takes no text away"
    );
}

#[tokio::test]
async fn robots_keeps_the_page_away_without_counting_as_a_failure() {
    let (archive, id) = pending().await;
    archive.store.apply_visit(archive.visit(id, VisitResult::Robots { fallback: None })).await.unwrap();
    assert_eq!(archive.value("SELECT state, consecutive_failures FROM article_status"), "robots|0");
    let stored = StoredRobots { fetched_at: archive.now(), robots: RobotsTxt::Rules("User-agent: *".to_owned()) };
    let origin = || "https://a.example".to_owned();
    assert_eq!(archive.store.robots(origin()).await.unwrap(), None);
    for robots in [RobotsTxt::Unavailable, RobotsTxt::Allowed, stored.robots.clone()] {
        let stored = StoredRobots { robots, ..stored.clone() };
        archive.store.save_robots(origin(), stored.clone()).await.unwrap();
        assert_eq!(archive.store.robots(origin()).await.unwrap(), Some(stored));
    }
}

fn updated(visit: DateTime<Utc>, earliest: &str) -> ChosenDate {
    let when = When {
        at: visit.fixed_offset(),
        earliest: time(earliest),
        latest: visit,
        precision: Precision::Year,
        zone: Zone::Assumed,
    };
    ChosenDate { when, source: DateSource::Visible, raw: "10 years ago".to_owned() }
}

#[tokio::test]
async fn relative_words_narrow_their_interval_and_make_no_revision() {
    let (archive, id) = pending().await;
    let read = |date| {
        let page = crate::model::article::Article { updated: Some(date), ..article("One", "text") };
        archive.store.apply_visit(archive.visit(id, page_of(ONE, page)))
    };
    read(updated(time("2016-03-01T12:00:07Z"), "2015-03-01T12:00:07Z")).await.unwrap();
    archive.pass(60);
    let later = read(updated(time("2016-06-01T12:00:07Z"), "2015-06-01T12:00:07Z")).await.unwrap();
    assert_eq!(later.outcome, VisitKind::Unchanged);
    let interval = "SELECT updated_earliest, updated_at, updated_latest, updated_precision FROM articles";
    let narrowed = "2015-06-01T12:00:07Z|2016-03-01T12:00:07Z|2016-03-01T12:00:07Z|year";
    assert_eq!(archive.value(interval), narrowed);
    archive.pass(60);
    read(updated(time("2030-06-01T12:00:07Z"), "2029-06-01T12:00:07Z")).await.unwrap();
    assert_eq!(archive.value(interval), narrowed, "words that contradict do not move it");
    assert_eq!(archive.value("SELECT count(*) FROM revisions"), "1");
}

#[tokio::test]
async fn everything_read_is_stored_and_comes_back() {
    let (archive, id) = pending().await;
    let link = RelatedLink {
        kind: LinkKind::Inline,
        label: Some("READ MORE".to_owned()),
        title: Some("Two".to_owned()),
        url: url("https://a.example/2"),
    };
    let date = updated(time("2016-03-01T12:00:07Z"), "2015-03-01T12:00:07Z");
    let claim = |when, chosen| DateClaim {
        field: DateField::Updated,
        source: DateSource::Visible,
        raw: "10 years ago".to_owned(),
        label: Some("Updated".to_owned()),
        when,
        chosen,
        reject_reason: (!chosen).then(|| "unreadable".to_owned()),
    };
    let mut read = article("One", "text of one");
    read.authors = vec!["Ann".to_owned(), "Bob".to_owned()];
    read.language = Some("en".to_owned());
    read.image_url = Some(url("https://a.example/1.jpg"));
    read.published = Some(ChosenDate { source: DateSource::JsonLd, ..date.clone() });
    read.updated = Some(date.clone());
    read.date_claims = vec![claim(Some(date.when), true), claim(None, false)];
    read.related = vec![link.clone(), link.clone()];
    read.addresses = vec![
        PageAddress { kind: AddressKind::Canonical, url: url("https://a.example/one") },
        PageAddress { kind: AddressKind::Og, url: url("https://a.example/") },
    ];
    let VisitResult::Read(mut page) = page_of("https://a.example/1?final", read.clone()) else { unreachable!() };
    page.raw = Some(RawPage { fetched_at: time("2026-03-01T12:00:09Z"), zstd: vec![1, 2, 3], content_type: None });
    archive.store.apply_visit(archive.visit(id, VisitResult::Read(page))).await.unwrap();

    let reader = Reader::open(&archive.path()).unwrap();
    let stored = reader.article(id).unwrap().unwrap();
    assert_eq!((stored.title, stored.authors, stored.language), (read.title, read.authors, read.language));
    assert_eq!((stored.image_url, stored.updated), (read.image_url, read.updated));
    assert_eq!(stored.published.map(|date| date.source), Some(DateSource::JsonLd));
    assert_eq!(stored.date_claims, read.date_claims);
    assert_eq!(stored.related.len(), 1, "each address once");
    assert_eq!((stored.related[0].label.clone(), stored.related[0].url.clone()), (link.label, link.url));
    assert_eq!(stored.feeds, [super::slug("a")]);
    let kinds: Vec<_> = stored.urls.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["canonical", "final", "link"], "the home page is nobody's address");
    assert_eq!(stored.revisions.len(), 1);
    assert_eq!(
        archive.value("SELECT fetched_at, url, zstd FROM raw_pages"),
        "2026-03-01T12:00:09Z|https://a.example/1?final|3 bytes",
        "the time that relative dates on it count from, not that of the request"
    );
    for text in ["1", ONE, "https://a.example/one"] {
        assert_eq!(reader.resolve(text).unwrap(), Some(id), "{text}");
    }
    for text in ["77", "https://a.example/unknown", "no address"] {
        assert_eq!(reader.resolve(text).unwrap(), None, "{text}");
    }
    assert_eq!(reader.article(ArticleId(77)).unwrap(), None);
}
