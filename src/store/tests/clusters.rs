use super::{Archive, LINKS, article, entry, page_of, story};
use crate::dedup::Verdict;
use crate::model::article::{AddressKind, PageAddress};
use crate::model::id::ArticleId;

/// Three articles, first seen in this order, an hour apart.
async fn three() -> Archive {
    let archive = Archive::new();
    let feed = archive.feeds(&["a"]).await;
    let mut entries = Vec::new();
    for link in LINKS {
        entries.push(entry(link, link));
        archive.polled(feed, entries.clone()).await;
        archive.pass(60);
    }
    archive
}

fn clusters(archive: &Archive) -> Vec<String> {
    archive.rows("SELECT id, duplicate_of, duplicate_kind FROM articles ORDER BY id")
}

#[tokio::test]
async fn copy_points_to_the_first_seen() {
    let archive = three().await;
    archive.read(LINKS[0], &story("Harbor")).await;
    let applied = archive.read(LINKS[1], &story("Harbor")).await;
    assert!(matches!(applied.verdict, Verdict::DuplicateOf { head: ArticleId(1), .. }), "{applied:?}");
    assert_eq!(clusters(&archive), ["1||", "2|1|exact", "3||"]);
    assert_eq!(archive.rows("SELECT kind, article_id FROM changes"), ["new|1", "new|2", "duplicate|2"]);
}

#[tokio::test]
async fn head_is_the_first_seen_in_whatever_order_they_are_read() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let archive = three().await;
        for index in order {
            archive.read(LINKS[index], &story("Harbor")).await;
        }
        assert_eq!(clusters(&archive), ["1||", "2|1|exact", "3|1|exact"], "{order:?}");
    }
}

#[tokio::test]
async fn copies_that_arrive_at_once_still_meet() {
    let archive = three().await;
    let visit = |index: usize| {
        let article = article("One", &story("Harbor"));
        let id = archive.article(LINKS[index]);
        archive.store.apply_visit(archive.visit(id, page_of(LINKS[index], article)))
    };
    let (third, first, second) = tokio::join!(visit(2), visit(0), visit(1));
    assert!(third.is_ok() && first.is_ok() && second.is_ok());
    assert_eq!(clusters(&archive), ["1||", "2|1|exact", "3|1|exact"]);
}

#[tokio::test]
async fn copies_of_a_head_follow_it_to_its_new_head() {
    let archive = three().await;
    archive.read(LINKS[1], &story("Harbor")).await;
    archive.read(LINKS[2], &story("Harbor")).await;
    assert_eq!(clusters(&archive), ["1||", "2||", "3|2|exact"]);
    archive.pass(60);
    archive.read(LINKS[0], &story("Harbor")).await;
    assert_eq!(clusters(&archive), ["1||", "2|1|exact", "3|1|exact"]);
    assert_eq!(
        archive.value(
            "SELECT count(*) FROM articles a JOIN articles h ON h.id = a.duplicate_of WHERE h.duplicate_of IS NOT NULL"
        ),
        "0"
    );
}

#[tokio::test]
async fn copy_with_a_text_of_its_own_is_released() {
    let archive = three().await;
    archive.read(LINKS[0], &story("Harbor")).await;
    archive.read(LINKS[1], &story("Harbor")).await;
    archive.pass(60);
    archive.read(LINKS[0], &story("Harbor, edited,")).await;
    archive.read(LINKS[1], &story("Harbor")).await;
    assert_eq!(clusters(&archive)[1], "2|1|exact", "an edit of its head does not part it");
    archive.pass(60);
    archive.read(LINKS[1], &story("Lighthouse")).await;
    assert_eq!(clusters(&archive)[1], "2||");
    assert_eq!(archive.value("SELECT kind FROM changes ORDER BY seq DESC LIMIT 1"), "released");
}

#[tokio::test]
async fn page_that_names_anothers_address_is_its_copy_if_the_text_agrees() {
    let read = |index: usize, text: String| {
        let mut article = article("One", &text);
        article.addresses = vec![PageAddress { kind: AddressKind::Canonical, url: super::url(LINKS[0]) }];
        page_of(LINKS[index], article)
    };
    let archive = three().await;
    archive.read(LINKS[0], &story("Harbor")).await;
    for (index, text) in [(1, story("Harbor, shortened,")), (2, "something else entirely".repeat(10))] {
        let id = archive.article(LINKS[index]);
        archive.store.apply_visit(archive.visit(id, read(index, text))).await.unwrap();
    }
    assert_eq!(clusters(&archive), ["1||", "2|1|url", "3||"], "a canonical address alone proves nothing");
}

#[tokio::test]
async fn unique_articles_shows_the_head_with_the_fullest_text() {
    let archive = three().await;
    let mut full = article("Copy", &format!("{} and more", story("Harbor")));
    full.addresses = vec![PageAddress { kind: AddressKind::Canonical, url: super::url(LINKS[0]) }];
    archive.read(LINKS[0], &story("Harbor")).await;
    let id = archive.article(LINKS[1]);
    archive.store.apply_visit(archive.visit(id, page_of(LINKS[1], full))).await.unwrap();
    assert_eq!(
        archive.rows(
            "SELECT id, title, copies, text_article_id, content_text LIKE '%and more' FROM unique_articles ORDER BY id"
        ),
        ["1|From the page|2|2|1", "3|https://c.example/3|1|3|"]
    );
    assert_eq!(archive.value("SELECT group_concat(id) FROM latest"), "3,2,1");
}
