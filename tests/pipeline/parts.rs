//! Articles that run over several pages: joined, bounded, politely, and never shorter for what passes.

use chrono::TimeDelta;

use crate::support::Reply;
use crate::world::{NEWS, World, item, page, story};

const ABOUT: [&str; 3] = ["bells", "wells", "shells"];
const PATHS: [&str; 3] = ["/bells", "/bells/2", "/bells/3"];

/// A page about something of an article of so many pages.
fn part(about: &'static str, number: usize, of: usize) -> String {
    part_with(about, number, of, "")
}

fn part_with(about: &'static str, number: usize, of: usize, more: &str) -> String {
    let pager = (1..=of).map(|n| match n {
        n if n == number => format!("<span>{n}</span> "),
        1 => "<a href='/bells'>1</a> ".to_owned(),
        n => format!("<a href='/bells/{n}'>{n}</a> "),
    });
    let page = if more.is_empty() { page("Bells", about) } else { page("Bells", about).more(more) };
    page.more(&pager.collect::<String>()).html()
}

/// A feed of one article of three pages.
fn world(config: &str) -> World {
    let world = World::new(config);
    world.feed(&[item("Bells", "/bells")]);
    for (at, path) in PATHS.into_iter().enumerate() {
        world.answer(path, part(ABOUT[at], at + 1, 3));
    }
    world
}

fn text(world: &World) -> String {
    world.row("SELECT content_text FROM articles")
}

/// The text of an article joined from pages about these.
fn text_about(about: &[&str]) -> String {
    about.iter().flat_map(|about| story(about)).collect::<Vec<_>>().join("\n\n")
}

fn parts(world: &World) -> Vec<String> {
    world.rows("SELECT number, url, fetched_at IS NOT NULL, zstd IS NOT NULL FROM article_parts ORDER BY number")
}

fn warnings(world: &World) -> String {
    world.row("SELECT warnings FROM visits ORDER BY id DESC LIMIT 1")
}

const ALL: [&str; 2] = ["2|http://news.test/bells/2|1|1", "3|http://news.test/bells/3|1|1"];

#[tokio::test]
async fn the_pages_are_one_article() {
    let world = world(NEWS);
    let round = world.round().await;
    assert_eq!(round.visits, ["http://news.test/bells new"]);
    assert_eq!(text(&world), text_about(&ABOUT));
    assert_eq!(parts(&world), ALL);
    let words = text(&world).split_whitespace().count();
    assert_eq!(world.row("SELECT word_count FROM articles"), words.to_string());
    assert_eq!(world.row("SELECT content_html LIKE '%bells%wells%shells%' FROM articles"), "1");
    assert_eq!(world.row("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'shells'"), "1");
    assert_eq!(warnings(&world), "[]");
    let urls = world.rows("SELECT url FROM article_urls");
    assert_eq!(urls, ["http://news.test/bells"], "the parts' addresses are not the article's");
    assert!(world.rows("SELECT url FROM related_links").is_empty());
}

#[tokio::test]
async fn a_second_visit_makes_no_revision_and_an_edit_in_a_part_makes_one() {
    let world = world(NEWS);
    world.round().await;
    let content = world.content();
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells unchanged"]);
    assert_eq!(world.content(), content);
    world.answer("/bells/2", part_with("wells", 2, 3, "The mayor has left the town."));
    let round = world.round_after_hours(8).await;
    assert_eq!(round.visits, ["http://news.test/bells revised"]);
    let revision = "SELECT number, kind, words_added, words_removed FROM revisions WHERE number > 1";
    assert_eq!(world.row(revision), "2|text|6|0");
}

#[tokio::test]
async fn robots_txt_is_asked_for_each_part() {
    let world = world(NEWS);
    world.server.on("/robots.txt", [Reply::ok("User-agent: *\nDisallow: /bells/2\n")]);
    let round = world.round().await;
    assert_eq!(round.visits, ["http://news.test/bells new"]);
    assert_eq!(text(&world), text_about(&ABOUT[..1]));
    assert!(world.asked("/bells/2").is_empty() && world.asked("/bells/3").is_empty());
    let warning =
        "part 2 of the article could not be had: robots.txt asks to stay away from `http://news.test/bells/2`";
    assert_eq!(warnings(&world), format!("[\"{warning}\"]"));
    assert_eq!(parts(&world), ["2|http://news.test/bells/2|0|0"]);
}

#[tokio::test]
async fn a_part_that_cannot_be_had_ends_the_text_and_is_joined_when_it_is_there() {
    let world = world(NEWS);
    let first = || world.ok(part("bells", 1, 3)).header("ETag", "\"1\"");
    world.server.on("/bells", [first()]);
    world.server.on("/bells/3", [Reply::status("502 Bad Gateway"), world.ok(part("shells", 3, 3))]);
    world.round().await;
    assert_eq!(text(&world), text_about(&ABOUT[..2]));
    assert!(
        warnings(&world).contains("part 3 of the article could not be had: ") && warnings(&world).contains("/bells/3")
    );
    assert_eq!(parts(&world), [ALL[0], "3|http://news.test/bells/3|0|0"]);
    assert_eq!(
        world.row("SELECT state, etag IS NULL FROM article_status"),
        "ok|1",
        "a 304 would vouch for half a text"
    );
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells new"]);
    assert_eq!(text(&world), text_about(&ABOUT));
    assert_eq!(parts(&world), ALL);
    assert_eq!(world.rows("SELECT kind FROM revisions"), ["first", "reextracted"], "the publisher edited nothing");
    assert_eq!(world.row("SELECT changed_at IS NULL FROM articles"), "1");
    assert_eq!(world.row("SELECT etag FROM article_status"), "\"1\"");
}

#[tokio::test]
async fn no_text_gets_shorter_by_what_passes() {
    for (reply, class) in [
        (Reply::status("502 Bad Gateway"), "server"),
        (Reply::status("410 Gone"), "not-found"),
        (Reply::ok("<html><script>run()</script></html>"), "not-a-page"),
        (Reply::redirect(302, "/bells"), "not-a-page"),
        (Reply::ok(part("bells", 1, 3)), "not-a-page"),
        (Reply::redirect(302, "/"), "not-a-page"),
        (Reply::ok(vec![b' '; 200 << 10]), "not-a-page"),
    ] {
        let world = world(NEWS);
        world.round().await;
        let content = world.rows("SELECT * FROM articles");
        world.server.on("/bells/2", [reply]);
        world.server.on("/", [Reply::ok("<p>Welcome</p>")]);
        let round = world.round_after_hours(2).await;
        assert_eq!(round.visits, [format!("http://news.test/bells {class}")]);
        assert_eq!(world.rows("SELECT * FROM articles"), content, "{class}");
        assert_eq!(parts(&world), ALL);
        let status = world.row("SELECT state, consecutive_failures, last_error LIKE 'part 2 of the article could not be had: %/bells%' FROM article_status");
        assert_eq!(status, "failed|1|1", "{class}: {}", world.row("SELECT last_error FROM article_status"));
        world.answer("/bells/2", part("wells", 2, 3));
        let round = world.round_after_hours(2).await;
        assert_eq!(round.visits, ["http://news.test/bells unchanged"]);
    }
}

#[tokio::test]
async fn robots_txt_takes_no_text_away_either() {
    let world = world(NEWS);
    world.round().await;
    world.server.on("/robots.txt", [Reply::ok("User-agent: *\nDisallow: /bells/3\n")]);
    world.round_after_hours(30).await;
    assert_eq!(text(&world), text_about(&ABOUT));
    assert_eq!(world.row("SELECT state, consecutive_failures FROM article_status"), "robots|0");
}

#[tokio::test]
async fn an_article_that_the_publisher_makes_shorter_is_shorter() {
    let world = world(NEWS);
    world.round().await;
    world.answer("/bells/2", part("wells", 2, 2));
    let round = world.round_after_hours(2).await;
    assert_eq!(round.visits, ["http://news.test/bells revised"]);
    assert_eq!(text(&world), text_about(&ABOUT[..2]));
    assert_eq!(parts(&world), ALL[..1]);
}

#[tokio::test]
async fn parts_that_repeat_are_left_out_without_a_word() {
    let world = world(NEWS);
    world.answer("/bells/2", part("bells", 1, 3));
    world.round().await;
    assert_eq!((text(&world), warnings(&world)), (text_about(&ABOUT[..1]), "[]".to_owned()));
    assert!(parts(&world).is_empty());
}

#[tokio::test]
async fn a_rule_that_leads_in_a_circle_ends_where_it_began() {
    let world = World::new(&format!("{NEWS}page = {{ next = 'a.on' }}\n"));
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", page("Bells", "bells").more("<a class=on href='/wells'>On</a>").html());
    world.answer("/wells", page("Bells", "wells").more("<a class=on href='/bells'>On</a>").html());
    world.round().await;
    assert_eq!(world.row("SELECT count(*) FROM article_parts"), "1");
    assert_eq!((world.asked("/bells").len(), world.asked("/wells").len()), (1, 1));
    assert_eq!(warnings(&world), "[]");
}

#[tokio::test]
async fn the_rule_of_the_config_finds_parts_of_any_address_and_ends_where_it_matches_nothing() {
    let world = World::new(&format!("{NEWS}page = {{ next = 'a.on' }}\n"));
    world.feed(&[item("Bells", "/bells")]);
    world.answer("/bells", page("Bells", "bells").more("<a class=on href='/wells'>On</a>").html());
    world.answer("/wells", page("Bells", "wells").html());
    world.round().await;
    assert_eq!(parts(&world), ["2|http://news.test/wells|1|1"]);
    assert!(text(&world).contains(&story("bells")[2]) && text(&world).ends_with(&story("wells")[2]));
    assert_eq!(warnings(&world), "[]");
}

#[tokio::test]
async fn no_more_than_ten_pages_are_joined() {
    const MANY: [&str; 11] =
        ["apples", "boats", "coats", "doors", "eggs", "figs", "goats", "hats", "inns", "jars", "kites"];
    let world = world(NEWS);
    for (at, about) in MANY.into_iter().enumerate() {
        let path = if at == 0 { "/bells".to_owned() } else { format!("/bells/{}", at + 1) };
        world.answer(&path, part(about, at + 1, 11));
    }
    world.round().await;
    assert_eq!(text(&world), text_about(&MANY[..10]));
    assert_eq!(parts(&world).len(), 9);
    assert!(world.asked("/bells/11").is_empty());
    let warning = "the article goes on at `http://news.test/bells/11`: no more than 10 pages are joined";
    assert_eq!(warnings(&world), format!("[\"{warning}\"]"));
}

#[tokio::test]
async fn the_parts_together_are_no_larger_than_a_page_may_be() {
    let world = world(NEWS);
    let padding = format!("<!--{}-->", "x".repeat(150 << 10));
    world.answer("/bells/2", part_with("wells", 2, 3, &padding));
    world.answer("/bells/3", part_with("shells", 3, 3, &padding));
    world.round().await;
    assert_eq!(text(&world), text_about(&ABOUT[..2]));
    assert!(warnings(&world).contains("its parts are larger than 262144 bytes"), "{}", warnings(&world));
}

#[tokio::test]
async fn the_delay_of_the_site_lies_between_the_parts() {
    let world = world(&format!("{NEWS}[host.'news.test']\nhost_delay = '20s'\n"));
    let turns = async {
        // Feed, robots.txt, three pages.
        for count in 1..=4 {
            world.server.reached(count).await;
            world.clock.advance(TimeDelta::seconds(20));
        }
    };
    let (round, ()) = tokio::join!(world.round(), turns);
    assert_eq!(round.visits, ["http://news.test/bells new"]);
    assert_eq!(world.server.targets(), ["/feed.xml", "/robots.txt", "/bells", "/bells/2", "/bells/3"]);
    let apart = "SELECT unixepoch(p.fetched_at) - unixepoch(v.started_at) FROM article_parts p JOIN visits v USING (article_id) ORDER BY 1";
    let apart: Vec<i64> = world.rows(apart).iter().map(|seconds| seconds.parse().unwrap()).collect();
    assert!(apart[0] >= 20 && apart[1] >= 40, "{apart:?}");
}
