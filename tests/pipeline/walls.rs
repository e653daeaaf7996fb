//! Pages that stand before an article: what they say is no text and no edit.

use crate::support::Reply;
use crate::world::{NEWS, World, item, page, story};

const TEXT: &str = "SELECT content_source, content_text, access, revision_count FROM articles";

const CONSENT: &str = "<html><head><title>Harbour Post</title></head><body><main><h1>We value your privacy</h1><p>We and our partners \
                       store and access information on your device for personalised ads.</p><button>Accept all</button></main></body></html>";
const CHALLENGE: &str =
    "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>";
const LOGIN: &str = "<html><head><title>Sign in</title></head><body><h1>Sign in</h1><form action=/login><input name=user>\
                     <input type=password></form></body></html>";
const MAINTENANCE: &str = "<html><head><title>Down for maintenance</title></head><body><h1>Harbour Post</h1><p>We are working on it and \
                           will be back in an hour or two.</p></body></html>";
const MISSING: &str = "<html><head><title>404 Not found | Harbour Post</title></head><body><h1>Oh no</h1><p>There is nothing here, \
                       try the search.</p></body></html>";

/// A first visit that ends before a wall: the feed's words stand in.
async fn check(body: &str, class: &str, access: &str) {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells").content("<p>Bells ring.</p>")]);
    world.answer("/bells", body);
    let round = world.round().await;
    assert_eq!(round.visits, [format!("http://news.test/bells {class}")]);
    assert_eq!(world.row(TEXT), format!("feed|Bells ring.|{access}|1"));
    assert_eq!(world.row("SELECT outcome, http_status, error_class FROM visits"), format!("error|200|{class}"));
    assert_eq!(world.row("SELECT state, consecutive_failures FROM article_status"), "failed|1");

    // And it is tried again.
    world.answer("/bells", page("Bells", "bells").html());
    world.round_after_hours(6).await;
    assert_eq!(world.row(TEXT), format!("page|{}||2", story("bells").join("\n\n")));
}

#[tokio::test]
async fn what_a_wall_says_is_no_text() {
    check(CONSENT, "consent-wall", "consent").await;
    check(CHALLENGE, "challenge-page", "").await;
    check(LOGIN, "login-page", "").await;
    check(MAINTENANCE, "maintenance-page", "").await;
    check(MISSING, "missing-page", "").await;
}

#[tokio::test]
async fn what_a_wall_says_is_no_edit() {
    for wall in [CONSENT, CHALLENGE, LOGIN, MAINTENANCE, MISSING] {
        let world = World::new(NEWS);
        world.feed(&[item("Bells", "/bells")]);
        world.answer("/bells", page("Bells", "bells").html());
        world.round().await;
        // All but the state of the page, which is the failure's.
        let content =
            || world.content().into_iter().filter(|row| row != "1|ok||" && row != "1|failed||").collect::<Vec<_>>();
        let before = content();
        world.answer("/bells", wall);
        world.round_after_hours(2).await;
        assert_eq!(content(), before);
        assert_eq!(world.row("SELECT state FROM article_status"), "failed");
    }
}

/// The page with only its first paragraph and what stands in place of the rest.
fn teaser() -> String {
    let first = &story("bells")[0];
    format!(
        "<html><head><title>Bells</title></head><body><article><h1>Bells</h1><p>{first}</p></article>\
         <div class=box><p>Subscribe to continue reading</p></div></body></html>"
    )
}

#[tokio::test]
async fn a_text_that_a_wall_cuts_later_stays_whole() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", page("Bells", "bells").html());
    world.round().await;
    let whole = story("bells").join("\n\n");
    world.answer("/bells", teaser());
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells unchanged"]);
    assert_eq!(world.row(TEXT), format!("page|{whole}|metered|1"));
    assert_eq!(
        world.row("SELECT warnings FROM visits ORDER BY id DESC LIMIT 1"),
        "[\"the page shows only the beginning now, behind a wall\"]"
    );
    assert_eq!(world.rows("SELECT kind FROM changes"), ["new"]);

    // The publisher's own edit is one, as soon as the page is whole again.
    world.answer("/bells", page("Bells", "bells").more("The mayor has left the town.").html());
    world.round_after_hours(30).await;
    assert_eq!(world.row("SELECT access, revision_count FROM articles"), "|2");
}

#[tokio::test]
async fn a_teaser_does_not_take_the_place_of_the_feed_s_whole_text() {
    let world = World::new(NEWS);
    let whole = story("bells");
    world.feed(&[item("Bells", "/bells").content(format!("<p>{}</p>", whole.join("</p><p>")))]);
    world.server.on("/bells", [Reply::status("502 Bad Gateway"), world.ok(teaser())]);
    world.round().await;
    world.round_after_hours(2).await;
    assert_eq!(world.row(TEXT), format!("feed|{}|metered|1", whole.join("\n\n")));
}

#[tokio::test]
async fn a_teaser_that_nothing_stood_before_is_the_text() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", teaser());
    world.round().await;
    assert_eq!(world.row(TEXT), format!("page|{}|paywall|1", story("bells")[0]));
    assert_eq!(world.row("SELECT access_reason FROM articles"), "`subscribe to continue` where the text ends");
    assert_eq!(world.row("SELECT article_kind, access FROM latest"), "article|paywall");
    assert_eq!(world.row("SELECT article_kind, access FROM unique_articles"), "article|paywall");
}

#[tokio::test]
async fn another_kind_or_access_alone_is_no_revision() {
    let world = World::new(NEWS);
    world.feed(&[item("Bells", "/bells")]);
    let html = page("Bells", "bells").html();
    world.answer("/bells", html.clone());
    world.round().await;
    world.answer("/bells", html.replace("<head>", "<head><meta property='article:content_tier' content='free'>"));
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells unchanged"]);
    assert_eq!(world.row("SELECT access, revision_count, changed_at FROM articles"), "free|1|");
    assert_eq!(world.rows("SELECT kind FROM changes"), ["new"]);
}
