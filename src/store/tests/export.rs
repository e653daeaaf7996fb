use std::ops::ControlFlow;

use super::{Archive, entry, slug, story};
use crate::model::id::FeedId;
use crate::store::export::{ExportedArticle, Selection};
use crate::store::reader::Reader;

const LINKS: [&str; 3] = ["https://a.example/1", "https://b.example/2", "https://c.example/3"];

/// Feed `a` brought all three articles, `b` the second alone, which is a copy of the first.
async fn archive() -> Archive {
    let archive = Archive::new();
    let a = archive.feeds(&["a", "b"]).await;
    archive.polled(a, LINKS.map(|link| entry(link, link)).to_vec()).await;
    let b = FeedId(archive.value("SELECT id FROM feeds WHERE slug = 'b'").parse().unwrap());
    archive.polled(b, vec![entry(LINKS[1], LINKS[1])]).await;
    for (link, name) in LINKS.into_iter().zip(["Harbor", "Harbor", "Mountain"]) {
        archive.read(link, &story(name)).await;
    }
    archive
}

/// The ids with the feeds.
fn exported(archive: &Archive, selection: &Selection) -> Vec<String> {
    let mut rows = Vec::new();
    let reader = Reader::open(&archive.path()).unwrap();
    let each = |article: ExportedArticle| {
        rows.push(format!("{} {}", article.value("id"), article.texts("feeds").collect::<Vec<_>>().join(",")));
        ControlFlow::Continue(())
    };
    reader.export(selection, each).unwrap();
    rows
}

#[tokio::test]
async fn a_cluster_counts_with_all_its_copies() {
    let archive = archive().await;
    let unique = Selection { unique: true, ..Selection::default() };
    assert_eq!(exported(&archive, &Selection::default()), ["3 a", "2 a,b", "1 a"]);
    assert_eq!(exported(&archive, &unique), ["3 a", "1 a,b"]);
    let of_b = Selection { feeds: vec![slug("b")], ..Selection::default() };
    assert_eq!(exported(&archive, &of_b), ["2 a,b"]);
    assert_eq!(exported(&archive, &Selection { unique: true, ..of_b }), ["1 a,b"]);
}

#[tokio::test]
async fn an_export_sees_one_moment_while_others_write() {
    let archive = archive().await;
    let reader = Reader::open(&archive.path()).unwrap();
    let mut titles = Vec::new();
    let each = |article: ExportedArticle| {
        archive.db().execute_batch("UPDATE articles SET title = 'changed'; DELETE FROM articles WHERE id = 1").unwrap();
        titles.push(article.text("title").unwrap().to_owned());
        ControlFlow::Continue(())
    };
    reader.export(&Selection::default(), each).unwrap();
    assert_eq!(titles, ["From the page"; 3]);
}

#[tokio::test]
async fn an_export_ends_when_nobody_wants_more() {
    let archive = archive().await;
    let mut seen = 0;
    let each = |_| {
        seen += 1;
        ControlFlow::Break(())
    };
    Reader::open(&archive.path()).unwrap().export(&Selection::default(), each).unwrap();
    assert_eq!(seen, 1);
}
