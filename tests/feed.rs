//! The feed room from outside: dialects, identity over polls, damage. `feed_properties` has what holds of any bytes.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tearsheet::config::Identity;
use tearsheet::feed::{FeedBytes, FeedError, MAX_ENTRIES, compare, entry_hash, parse, storable};
use tearsheet::model::failure::{ErrorClass, InsteadOfFeed};
use tearsheet::model::feed::{ParsedEntry, ParsedFeed};
use tearsheet::model::outcome::{EntryChange, KnownEntry};
use url::Url;

fn try_read(bytes: &[u8], identity: Identity) -> Result<ParsedFeed, FeedError> {
    let url = Url::parse("https://news.example/feeds/all.xml").expect("a constant");
    let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().expect("a constant");
    parse(&FeedBytes { bytes, content_type: None, url: Some(&url), identity, assume_timezone: None, now })
}

#[track_caller]
fn read(text: &str) -> ParsedFeed {
    try_read(text.as_bytes(), Identity::Auto).expect("a feed")
}

fn rss(items: &str) -> String {
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>")
}

fn only_entry(text: &str) -> ParsedEntry {
    let mut feed = read(text);
    assert_eq!(feed.entries.len(), 1, "{:?}", feed.entries);
    feed.entries.remove(0)
}

/// What an archive would know after it stored these entries.
fn known(entries: &[ParsedEntry]) -> Vec<KnownEntry> {
    entries.iter().map(|entry| KnownEntry { key: entry.key.clone(), hash: entry_hash(entry) }).collect()
}

#[track_caller]
fn check_second_poll(first: &str, second: &str, expected: &[EntryChange]) {
    let known = known(&read(first).entries);
    let (compared, _) = compare(&known, read(second).entries, Identity::Auto);
    let changes: Vec<_> = compared.iter().map(|(_, _, change)| *change).collect();
    assert_eq!(changes, expected);
}

#[test]
fn every_dialect_is_read() {
    let dialects = [
        ("rss-2.0", rss("<item><title>One</title><link>/1</link></item>")),
        (
            "rss-0.91",
            "<rss version='0.91'><channel><item><title>One</title><link>/1</link></item></channel></rss>".into(),
        ),
        (
            "rss-1.0",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>\
             <channel/><item rdf:about='/1'><title>One</title><link>/1</link></item></rdf:RDF>"
                .into(),
        ),
        (
            "atom-1.0",
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>One</title><link href='/1'/></entry></feed>"
                .into(),
        ),
        (
            "atom-0.3",
            "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>One</title>\
             <link rel='alternate' type='text/html' href='/1'/></entry></feed>"
                .into(),
        ),
        (
            "json-feed-1.1",
            r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":7,"url":"/1","title":"One"}]}"#.into(),
        ),
    ];
    for (format, text) in dialects {
        let feed = read(&text);
        assert_eq!(feed.format, format);
        assert_eq!(feed.entries[0].title.as_deref(), Some("One"), "{format}");
        assert_eq!(feed.entries[0].url.as_ref().map(Url::as_str), Some("https://news.example/1"), "{format}");
    }
}

#[test]
fn what_feed_rs_drops_is_kept() {
    let entry =
        only_entry(&rss("<item xmlns:atom='http://www.w3.org/2005/Atom' xmlns:dc='http://purl.org/dc/elements/1.1/'>\
         <guid>https://news.example/a</guid><pubDate>Thu, 05 Mar 2015 10:20:00 CET</pubDate>\
         <atom:updated>2015-03-06 08:00</atom:updated><dc:subject>Arts</dc:subject>\
         <atom:link rel='related' href='/b' title='More'/><media:content url='/v.mp4' type='video/mp4' fileSize='9'/>\
         <itunes:author>Jane</itunes:author></item>"));
    let published = entry.published.expect("a date");
    assert_eq!(
        (published.at.to_rfc3339().as_str(), published.offset_seconds),
        ("2015-03-05T09:20:00+00:00", Some(3600))
    );
    let updated = entry.updated.expect("a date");
    assert_eq!((updated.at.to_rfc3339().as_str(), updated.offset_seconds), ("2015-03-06T08:00:00+00:00", None));
    assert_eq!(entry.url.as_ref().map(Url::as_str), Some("https://news.example/a"));
    assert_eq!(entry.categories[0].term, "Arts");
    assert_eq!(entry.authors, ["Jane"]);
    assert_eq!(entry.related[0].url.as_str(), "https://news.example/b");
    assert_eq!(entry.related[0].title.as_deref(), Some("More"));
    let enclosure = &entry.enclosures[0];
    assert_eq!((enclosure.url.as_str(), enclosure.length_bytes), ("https://news.example/v.mp4", Some(9)));
}

#[test]
fn what_stands_beside_the_text_is_read() {
    let entry =
        only_entry(&rss("<item xml:lang='de'><comments>/1#talk</comments><itunes:duration>1:00</itunes:duration>\
         <enclosure url='/1.mp3' type='audio/mpeg'/><media:thumbnail url='/1.jpg'/><itunes:season>2</itunes:season>\
         <itunes:episode>7</itunes:episode><source url='https://other.example/feed'>The Other</source></item>"));
    let source = entry.source.expect("a source");
    assert_eq!(entry.comments_url.as_ref().map(Url::as_str), Some("https://news.example/1#talk"));
    assert_eq!(entry.image_url.as_ref().map(Url::as_str), Some("https://news.example/1.jpg"));
    assert_eq!(entry.enclosures[0].duration_seconds, Some(60));
    assert_eq!((entry.season, entry.episode, entry.language.as_deref()), (Some(2), Some(7), Some("de")));
    assert_eq!(source.title.as_deref(), Some("The Other"));
    assert_eq!(source.url.as_ref().map(Url::as_str), Some("https://other.example/feed"));
}

#[test]
fn an_entry_without_author_has_its_sources() {
    let entry = only_entry(
        "<feed xmlns='http://www.w3.org/2005/Atom'><author><name>Planet</name></author><entry><source><title>Ann's</title>\
         <link href='/ann'/><author><name>Ann</name></author></source><link rel='replies' type='text/html' href='/1/talk'/>\
         </entry></feed>",
    );
    assert_eq!(entry.authors, ["Ann"]);
    assert_eq!(entry.source.and_then(|source| source.url).as_ref().map(Url::as_str), Some("https://news.example/ann"));
    assert_eq!(entry.comments_url.as_ref().map(Url::as_str), Some("https://news.example/1/talk"));
}

#[test]
fn what_a_feed_says_of_itself_is_read() {
    let feed = read(&rss("<description>All &amp; more</description><language>en-GB</language>\
         <image><url>/logo.png</url><title>no title</title></image>\
         <cloud domain='rpc.example' port='80' path='/RPC2' registerProcedure='ping' protocol='http-post'/>"));
    assert_eq!((feed.title.as_deref(), feed.description.as_deref()), (Some("News"), Some("All & more")));
    assert_eq!(feed.language.as_deref(), Some("en-GB"));
    assert_eq!(feed.image_url.as_ref().map(Url::as_str), Some("https://news.example/logo.png"));
    let cloud = feed.hints.cloud.expect("a cloud");
    assert_eq!((cloud.domain.as_str(), cloud.port, cloud.protocol.as_str()), ("rpc.example", 80, "http-post"));
}

#[test]
fn half_an_entry_is_shown_but_not_stored() {
    let feed = read("<rss><channel>\n<item><guid>1</guid></item>\n<item><link>/2</link><title>b<");
    assert!(feed.breaks_off);
    assert_eq!(feed.entries.iter().map(|entry| entry.is_half).collect::<Vec<_>>(), [false, true]);
    assert!(feed.warnings.iter().any(|warning| warning.contains("breaks off in line 3")), "{:?}", feed.warnings);
    assert_eq!(feed.entries[1].title, None, "half a title is another title");
    let stored = storable(feed).expect("one is whole");
    assert_eq!(stored.entries.len(), 1);

    let nothing = storable(read("<rss><channel><item><title>b")).expect_err("none is whole");
    assert_eq!(nothing.class(), ErrorClass::BrokenFeed);
}

#[test]
fn a_document_that_says_nothing_is_not_stored() {
    let code = "fun read(): List<Item> {\n  val items = mutableListOf<Item>()\n}</Item></Item>";
    assert_eq!(storable(read(code)).expect_err("no feed").class(), ErrorClass::BrokenFeed);
    assert!(storable(read("<rss><channel><item/><item><guid>1</guid></item></channel></rss>")).is_ok());
    assert!(storable(read("<rss><channel><title>New</title><item/></channel></rss>")).is_ok());
    assert!(storable(read("<rss><channel/></rss>")).is_ok());
}

#[test]
fn the_content_is_what_is_given_as_that_wherever_it_stands() {
    let item = |order: [usize; 3]| {
        let parts = [
            "<itunes:summary>short</itunes:summary>",
            "<description>teaser</description>",
            "<content:encoded>&lt;p>whole&lt;/p></content:encoded>",
        ];
        only_entry(&rss(&format!("<item>{}</item>", order.map(|part| parts[part]).concat()))).content
    };
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1]] {
        assert_eq!(item(order).as_deref(), Some("<p>whole</p>"), "{order:?}");
    }
}

#[test]
fn links_count_from_the_innermost_base() {
    let entry = only_entry(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://base.example/d/'><entry xml:base='sub/'>\
         <summary type='html' xml:base='http://other.example/'>&lt;a href='s'>s&lt;/a></summary>\
         <content type='xhtml' xml:base='deep/'><div xml:base='er/'><a href='q'>q</a></div></content></entry></feed>",
    );
    assert_eq!(entry.summary.as_deref(), Some("<a href=\"http://other.example/s\">s</a>"));
    let content = entry.content.expect("a content");
    assert!(content.contains("\"http://base.example/d/sub/deep/er/q\""), "{content}");
    let entry = only_entry(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml' xml:base='a/'><div><p xml:base='b/'><a href='q'>q</a>\
         <img xml:base='/c/' src='i'/></p><a href='r'>r</a></div></content></entry></feed>",
    );
    let content = entry.content.expect("a content");
    for path in ["/feeds/a/b/q", "/c/i", "/feeds/a/r"] {
        assert!(content.contains(&format!("\"https://news.example{path}\"")), "{path}: {content}");
    }
}

#[test]
fn a_base_counts_on_every_element() {
    let entry = only_entry(
        "<rss xml:base='http://a.example/f/'><channel><item><enclosure xml:base='http://b.example/' url='1.mp3'/>\
         <comments xml:base='c/'>c</comments><source xml:base='s/' url='s'>S</source></item></channel></rss>",
    );
    assert_eq!(entry.enclosures[0].url.as_str(), "http://b.example/1.mp3");
    assert_eq!(entry.comments_url.unwrap().as_str(), "http://a.example/f/c/c");
    assert_eq!(entry.source.unwrap().url.unwrap().as_str(), "http://a.example/f/s/s");
}

#[test]
fn a_relative_base_counts_once() {
    let link = "<link href='c'/>";
    for (document, expected) in [
        (
            format!("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='sub/'><entry>{link}</entry></feed>"),
            "/feeds/sub/c",
        ),
        (format!("<entry xmlns='http://www.w3.org/2005/Atom' xml:base='sub/'>{link}</entry>"), "/feeds/sub/c"),
        (
            "<rss xml:base='a/'><channel xml:base='b/'><item xml:base='c/'><link>d</link></item></channel></rss>"
                .into(),
            "/feeds/a/b/c/d",
        ),
        ("<rdf xml:base='a/'><channel xml:base='b/'/><item><link>d</link></item></rdf>".into(), "/feeds/a/d"),
        (
            format!("<feed xml:base='mailto:a@b.example'><entry xml:base='javascript:a()'>{link}</entry></feed>"),
            "/feeds/c",
        ),
    ] {
        let url = only_entry(&document).url.unwrap();
        assert_eq!(url.path(), expected, "{document}");
    }
}

#[test]
fn a_channel_of_cdf_is_its_document() {
    let feed = read(
        "<CHANNEL HREF='http://c.example/index.html' BASE='http://c.example/b/'><TITLE>Outer</TITLE><LOGO HREF='l.gif' STYLE='IMAGE'/>\
         <ITEM HREF='1.html'><TITLE>I1</TITLE></ITEM><CHANNEL HREF='s.html'><TITLE>Inner</TITLE><ITEM HREF='2.html'/></CHANNEL></CHANNEL>",
    );
    assert_eq!((feed.format.as_str(), feed.title.as_deref()), ("cdf", Some("Outer")));
    assert_eq!(feed.site_url.unwrap().as_str(), "http://c.example/index.html");
    assert_eq!(feed.image_url.unwrap().as_str(), "http://c.example/b/l.gif");
    let links: Vec<_> = feed.entries.iter().map(|entry| entry.url.as_ref().unwrap().path()).collect();
    assert_eq!(links, ["/b/1.html", "/b/2.html"]);
}

#[test]
fn what_is_left_out_for_its_length_is_told() {
    let long = format!(
        "<item><link>http://e.example/{}</link><description>{}</description></item>",
        "a".repeat(5000),
        "word ".repeat(500_000)
    );
    let feed = read(&rss(&long));
    assert_eq!((&feed.entries[0].link_text, feed.warnings.len()), (&None, 2), "{:?}", feed.warnings);
}

#[test]
fn a_link_that_a_browser_would_run_is_none() {
    for link in ["javascript:alert(1)", " JavaScript:a()", "data:text/html,x", "java&#10;script:alert(1)"] {
        let feed = read(&rss(&format!("<item><link>{link}</link><guid isPermaLink='false'>a</guid></item>")));
        assert_eq!((&feed.entries[0].link_text, &feed.entries[0].url), (&None, &None), "{link}");
        assert_eq!(feed.warnings.len(), 1, "{link}: {:?}", feed.warnings);
    }
    let entry = only_entry(&rss("<item><link>urn:a:b</link></item>"));
    assert_eq!((entry.link_text.as_deref(), entry.url), (Some("urn:a:b"), None));
}

#[test]
fn links_of_rss_count_from_the_page_where_it_is_the_feed_s_own() {
    let image = |channel: &str, item: &str| {
        let text = rss(&format!("{channel}<item>{item}<description>&lt;img src='i.png'></description></item>"));
        only_entry(&text).summary.expect("a summary")
    };
    for (channel, item, expected) in [
        ("", "", "https://news.example/feeds/i.png"),
        ("", "<link>https://news.example/2015/a</link>", "https://news.example/2015/i.png"),
        ("", "<link>https://other.example/2015/a</link>", "https://news.example/feeds/i.png"),
        (
            "<link>http://other.example/</link>",
            "<link>https://other.example/a/</link>",
            "https://other.example/a/i.png",
        ),
    ] {
        assert_eq!(image(channel, item), format!("<img src=\"{expected}\">"), "{channel}{item}");
    }
    let told = "<rss xml:base='http://base.example/b/'><channel><item><link>https://news.example/2015/a</link>\
                <description>&lt;img src='i.png'></description></item></channel></rss>";
    assert_eq!(only_entry(told).summary.as_deref(), Some("<img src=\"http://base.example/b/i.png\">"));
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","items":[
        {"id":"1","url":"https://news.example/2015/a","content_html":"<img src=i.png>"}]}"#;
    assert_eq!(only_entry(json).content.as_deref(), Some("<img src=\"https://news.example/2015/i.png\">"));
}

#[test]
fn names_are_plain_text_with_entities_resolved_once() {
    for (name, expected) in [
        ("<![CDATA[Ann &amp; Bob]]>", "Ann & Bob"),
        ("O&amp;#8217;Brien", "O’Brien"),
        ("<![CDATA[<b>Ann</b>]]>", "Ann"),
        ("Jane &lt;jane@example.org&gt;", "Jane"),
        ("A&amp;B", "A&B"),
    ] {
        let text = rss(&format!("<item><dc:creator>{name}</dc:creator><category>{name}</category></item>"));
        assert_eq!(only_entry(&text).authors, [expected], "{name}");
    }
    let category = "<item><category><![CDATA[Arts &amp; Culture]]></category></item>";
    assert_eq!(only_entry(&rss(category)).categories[0].term, "Arts & Culture");
}

#[test]
fn an_rss_1_item_is_known_by_what_it_is_about() {
    let with = |title: &str, query: &str| {
        format!(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>\
             <item rdf:about='http://h.example/1'><title>{title}</title><link>http://h.example/1?{query}</link></item>"
        )
    };
    check_second_poll(&with("a", "s=1"), &with("b", "s=2"), &[EntryChange::Changed]);
}

#[test]
fn plain_text_keeps_its_paragraphs() {
    let json = r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","content_text":"a < b\nc\n\nd"}]}"#;
    assert_eq!(only_entry(json).content.as_deref(), Some("<p>a &lt; b\nc</p><p>d</p>"));
}

#[test]
fn an_atom_body_without_a_type_is_html_only_when_it_shows_it() {
    let content = |text: &str| {
        let text = format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry><content>{text}</content></entry></feed>");
        only_entry(&text).content
    };
    assert_eq!(
        content("the &lt;title> and &lt;p> elements").as_deref(),
        Some("the &lt;title&gt; and &lt;p&gt; elements")
    );
    assert_eq!(content("&lt;p>a&lt;/p>").as_deref(), Some("<p>a</p>"));
}

#[test]
fn half_an_entry_changes_no_key() {
    let item = "<item><guid isPermaLink='false'>g</guid><title>a</title></item>";
    let half = "<item><guid isPermaLink='false'>g</guid><title>b</title>";
    let whole = read(&rss(item)).entries[0].key.clone();
    assert_eq!(read(&format!("<rss><channel>{item}{half}")).entries[0].key, whole);
}

#[test]
fn repairs_are_told_with_their_line() {
    let feed = read("<rss>\n<channel>\n<item><title>a</titel></item></channel></rss>");
    assert!(feed.warnings.iter().any(|warning| warning.starts_with("line 3:")), "{:?}", feed.warnings);
}

#[test]
fn hints_are_read() {
    let feed = read(&rss("<ttl> 60 </ttl><skipHours><hour>0</hour><hour>24</hour><hour>x</hour></skipHours>\
         <skipDays><day>Saturday</day><day>Sunday</day></skipDays><sy:updatePeriod>hourly</sy:updatePeriod>\
         <sy:updateFrequency>2</sy:updateFrequency><atom:link rel='hub' href='https://hub.example/'/>\
         <atom:link rel='next' href='?page=2'/>"));
    assert_eq!(feed.hints.ttl_minutes, Some(60));
    assert_eq!(feed.hints.skip_hours, [0, 0]);
    assert_eq!(feed.hints.skip_days, [5, 6]);
    assert_eq!(feed.hints.update_period_seconds, Some(1800));
    assert_eq!(feed.hub.as_ref().map(Url::as_str), Some("https://hub.example/"));
    assert_eq!(feed.next_page.as_ref().map(Url::as_str), Some("https://news.example/feeds/all.xml?page=2"));
}

#[test]
fn updated_is_never_a_copy_of_published() {
    let entry = only_entry(&rss("<item><pubDate>Thu, 05 Mar 2015 10:20:00 GMT</pubDate></item>"));
    assert!(entry.published.is_some());
    assert_eq!(entry.updated, None);
}

#[test]
fn titles_are_plain_text_with_entities_resolved_once() {
    for (title, expected) in [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("<![CDATA[Tom &amp; Jerry]]>", "Tom & Jerry"),
        ("The &lt;b&gt;bold&lt;/b&gt; one", "The bold one"),
        ("How &lt;br&gt; works", "How <br> works"),
        ("It&rsquo;s R&D", "It’s R&D"),
        ("  a\n b ", "a b"),
    ] {
        assert_eq!(only_entry(&rss(&format!("<item><title>{title}</title></item>"))).title.as_deref(), Some(expected));
    }
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Write &amp;amp; for &amp;</title>\
         <link rel='via' href='/v' title='Via &amp;amp;'/><source><title type='text'>Of &amp;amp;</title></source></entry></feed>";
    let entry = only_entry(atom);
    assert_eq!(entry.title.as_deref(), Some("Write &amp; for &"));
    assert_eq!(entry.related[0].title.as_deref(), Some("Via &amp;"));
    assert_eq!(entry.source.unwrap().title.as_deref(), Some("Of &amp;"));
    let rss = rss("<item><source url='http://s.example/'>&lt;b>S&lt;/b> &amp;amp; T</source></item>");
    assert_eq!(only_entry(&rss).source.unwrap().title.as_deref(), Some("S & T"));
}

#[test]
fn titles_of_a_publisher_who_escapes_once_are_not_resolved_twice() {
    let titles = |items: &str| {
        let entries = read(&rss(items)).entries;
        entries.into_iter().filter_map(|entry| entry.title).collect::<Vec<_>>()
    };
    let about_escaping = "<item><title>Write AT&amp;amp;T</title></item>";
    assert_eq!(titles(about_escaping), ["Write AT&T"]);
    assert_eq!(
        titles(&format!(
            "{about_escaping}<item><title>Q&amp;A</title></item><item><title>&lt;b>x&lt;/b></title></item>"
        )),
        ["Write AT&amp;T", "Q&A", "x"]
    );
    assert_eq!(
        titles("<item><title>It&amp;#8217;s</title></item><item><title>Q&amp;A</title></item>"),
        ["It’s", "Q&A"]
    );
}

#[test]
fn an_edited_headline_keeps_the_key() {
    let with = |title: &str, rest: &str| rss(&format!("<item><title>{title}</title>{rest}</item>"));
    for rest in [
        "<guid>g1</guid>",
        "<link>https://news.example/1</link>",
        "<pubDate>Thu, 05 Mar 2015 10:20:00 GMT</pubDate>",
        "<enclosure url='https://news.example/1.mp3'/>",
        "<description>The text of it.</description>",
    ] {
        assert_eq!(only_entry(&with("Old", rest)).key, only_entry(&with("New", rest)).key, "{rest}");
        check_second_poll(&with("Old", rest), &with("New", rest), &[EntryChange::Changed]);
    }
}

#[test]
fn entries_without_id_are_told_apart_by_what_they_keep() {
    let item = |title: &str, text: &str, date: &str| {
        format!("<item><title>{title}</title><description>{text}</description><pubDate>{date}</pubDate></item>")
    };
    let noon = "Thu, 05 Mar 2015 12:00:00 GMT";
    let (a, b) = (item("a", "Of apples.", noon), item("b", "Of bees.", noon));
    // Two of one date, of which one stays, with another headline or another text.
    let pair = rss(&format!("{a}{b}"));
    check_second_poll(&pair, &rss(&item("A", "Of apples.", noon)), &[EntryChange::Changed]);
    check_second_poll(
        &pair,
        &rss(&format!("{}{b}", item("A", "Of apples.", noon))),
        &[EntryChange::Changed, EntryChange::Unchanged],
    );
    check_second_poll(&rss(&a), &rss(&item("A", "Of pears.", noon)), &[EntryChange::Changed]);
    // A midnight is a day, which many entries share.
    let midnight = "Thu, 05 Mar 2015 00:00:00 +0100";
    check_second_poll(
        &rss(&item("a", "Of apples.", midnight)),
        &rss(&item("b", "Of bees.", midnight)),
        &[EntryChange::New],
    );
}

#[test]
fn a_file_or_a_guid_that_is_added_makes_no_new_entry() {
    let (date, text) = ("<pubDate>Thu, 05 Mar 2015 12:00:00 GMT</pubDate>", "<description>What is told.</description>");
    let file = |token: u8| format!("<enclosure url='http://e.example/a.mp3?token={token}'/>");
    let (guid, link) = ("<guid isPermaLink='false'>1</guid>", "<link>http://e.example/1</link>");
    for (old, new) in [
        (format!("{date}{text}"), format!("{date}{text}{}", file(1))),
        (format!("{date}{}", file(1)), format!("{date}{}", file(2))),
        (format!("{text}{}", file(1)), format!("{text}{}", file(2))),
        (file(1), file(2)),
        ("<pubDate>Thu, 05 Mar 2015 00:00:00 GMT</pubDate>".to_owned(), "<pubDate>5 Mar 2015</pubDate>".to_owned()),
        (link.to_owned(), format!("{guid}{link}")),
        (guid.to_owned(), format!("{guid}{link}")),
    ] {
        let with = |title: &str, rest: &str| rss(&format!("<item><title>{title}</title>{rest}</item>"));
        check_second_poll(&with("Old", &old), &with("New", &new), &[EntryChange::Changed]);
    }
}

#[test]
fn the_time_of_the_answer_identifies_nothing() {
    let at = |time: &str| {
        rss(&["a", "b", "c"].map(|word| format!(
            "<item><title>{word} {time}</title><description>The {word}.</description><pubDate>{time}</pubDate></item>"
        )).concat())
    };
    let (first, second) = (at("Thu, 05 Mar 2015 10:20:00 GMT"), at("Thu, 05 Mar 2015 10:35:00 GMT"));
    check_second_poll(&first, &second, &[EntryChange::Changed; 3]);
}

#[test]
fn ids_and_dates_that_are_made_anew_make_no_new_entry() {
    let text = format!("<description>{}</description>", "The ferry left the harbour at dawn. ".repeat(5));
    let link = "<link>http://e.example/1</link>";
    let guid = |number: u8| format!("<guid isPermaLink='false'>r{number}</guid>");
    let date = |hour: u8| format!("<pubDate>Mon, 02 Mar 2026 {hour}:00:01 GMT</pubDate>");
    for (old, new) in [
        (format!("{text}{}", date(10)), format!("{text}{}", date(11))),
        (format!("{text}{}", guid(1)), format!("{text}{}", guid(2))),
        (format!("{link}{}", guid(1)), format!("{link}{}", guid(2))),
    ] {
        let with = |rest: &str| rss(&format!("<item><title>t</title>{rest}</item><item><guid>other</guid></item>"));
        check_second_poll(&with(&old), &with(&new), &[EntryChange::Changed, EntryChange::Unchanged]);
    }
    // Two that say as little as this may be two.
    let little = |number| rss(&format!("<item><title>Photo of the day</title>{}</item>", guid(number)));
    check_second_poll(&little(1), &little(2), &[EntryChange::New]);
}

#[test]
fn a_changed_scheme_is_the_same_entry_beside_others() {
    let item = |guid: &str| format!("<item><guid isPermaLink='false'>{guid}</guid></item>");
    check_second_poll(
        &rss(&(item("http://h.example/1") + &item("http://h.example/2"))),
        &rss(&(item("https://h.example/1") + &item("http://h.example/2"))),
        &[EntryChange::Changed, EntryChange::Unchanged],
    );
}

#[test]
fn warnings_end_and_say_so() {
    let warnings = read(&rss(&"<item><title>t</title><pubDate>soon</pubDate></item>".repeat(50))).warnings;
    assert_eq!(warnings.len(), 21);
    assert!(warnings[19].starts_with("entry 20: "), "{warnings:?}");
    assert!(warnings[20].contains("more to warn of"), "{warnings:?}");
}

#[test]
fn the_same_document_twice_changes_nothing() {
    let text = rss("<item/><item><title>a</title></item><item><title>b</title></item>");
    check_second_poll(&text, &text, &[EntryChange::Unchanged; 3]);
}

#[test]
fn a_moved_guid_is_the_same_entry() {
    let with = |guid: &str| rss(&format!("<item><title>t</title><guid isPermaLink='false'>{guid}</guid></item>"));
    check_second_poll(&with("http://a.example/1"), &with("https://a.example/1"), &[EntryChange::Changed]);
    check_second_poll(&with("http://a.example/1"), &with("http://b.example/1"), &[EntryChange::Changed]);
    check_second_poll(&with("http://a.example/1"), &with("http://a.example/2"), &[EntryChange::New]);
    // Two blogs in one feed, and both count their posts.
    let two = |first: &str, second: &str| {
        rss(&[first, second]
            .map(|guid| format!("<item><title>{guid}</title><guid isPermaLink='false'>{guid}</guid></item>"))
            .concat())
    };
    check_second_poll(
        &two("http://a.example/?p=1", "http://a.example/?p=2"),
        &two("http://a.example/?p=2", "http://b.example/?p=1"),
        &[EntryChange::Unchanged, EntryChange::New],
    );
}

#[test]
fn entries_that_share_a_guid_are_told_apart() {
    let items = [1, 2, 3]
        .map(|n| format!("<item><guid isPermaLink='false'>same</guid><link>/{n}</link><title>{n}</title></item>"))
        .concat();
    check_second_poll("<rss/>", &rss(&items), &[EntryChange::New; 3]);
    check_second_poll(&rss(&items), &rss(&items), &[EntryChange::Unchanged; 3]);
    // The other way round: what came alone keeps its guid, and what comes beside it is not taken for it later.
    let (a, b) = (&items[..items.len() / 3], &items[items.len() / 3..items.len() / 3 * 2]);
    let mut archive = known(&read(&rss(a)).entries);
    let (compared, _) = compare(&archive, read(&rss(&format!("{a}{b}"))).entries, Identity::Auto);
    archive
        .extend(compared[1..].iter().map(|(entry, hash, _)| KnownEntry { key: entry.key.clone(), hash: hash.clone() }));
    let changes = |text: &str| {
        compare(&archive, read(text).entries, Identity::Auto)
            .0
            .into_iter()
            .map(|(.., change)| change)
            .collect::<Vec<_>>()
    };
    assert_eq!(changes(&rss(b)), [EntryChange::Unchanged]);
    // Alone, an entry would be known by its guid.
    let last = "<item><guid isPermaLink='false'>same</guid><link>/3</link><title>3</title></item>";
    check_second_poll(&rss(&items), &rss(last), &[EntryChange::Unchanged]);
    let edited = last.replace(">3</title>", ">Three</title>");
    check_second_poll(&rss(&items), &rss(&edited), &[EntryChange::Changed]);
    assert_eq!(changes(&rss(&b.replace(">2</title>", ">Two</title>"))), [EntryChange::Changed]);
    let (compared, _) = compare(&archive, read(&rss(&b.replace(">2</", ">Two</"))).entries, Identity::Auto);
    assert_eq!(compared[0].0.key, archive[1].key, "it is not taken for the one that came alone");
    let without_links = [1, 2, 3].map(|n| format!("<item><guid>same</guid><title>{n}</title></item>")).concat();
    check_second_poll(&rss(&without_links), &rss(&without_links), &[EntryChange::Unchanged; 3]);
}

#[test]
fn no_id_that_a_publisher_writes_is_the_key_of_another_entry() {
    let feed = read(&rss("<item><guid>x</guid><link>http://a.example/1</link></item>\
         <item><guid>x</guid><link>http://a.example/2</link></item>\
         <item><guid isPermaLink='false'>x http://a.example/1</guid></item>"));
    let made = feed.entries[0].key.clone();
    let copied = format!(
        "<item><guid>x</guid><link>http://a.example/1</link></item>\
         <item><guid>x</guid><link>http://a.example/2</link></item><item><guid isPermaLink='false'>{made}</guid></item>"
    );
    for feed in [feed, read(&rss(&copied))] {
        let keys: std::collections::HashSet<_> = feed.entries.iter().map(|entry| &entry.key).collect();
        assert_eq!(keys.len(), 3, "{keys:?}");
    }
}

#[test]
fn entries_that_say_different_things_are_no_repeats() {
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","items":[
        {"id":"1","tags":["B"],"attachments":[{"url":"http://a.example/"}]},{"id":"1","tags":["B","http://a.example/"]}]}"#;
    let entries = read(json).entries;
    assert_ne!(entry_hash(&entries[0]), entry_hash(&entries[1]));
    assert_ne!(entries[0].key, entries[1].key);
}

#[test]
fn the_config_chooses_what_tells_entries_apart() {
    let text = rss("<item><guid isPermaLink='false'>g</guid><link>/1</link><title>t</title>\
         <pubDate>Thu, 05 Mar 2015 10:20:00 GMT</pubDate></item>");
    for (identity, key) in [
        (Identity::Auto, "g"),
        (Identity::Guid, "g"),
        (Identity::Link, "https://news.example/1"),
        (Identity::LinkDate, "https://news.example/1 1425550800"),
        (Identity::Title, "t"),
    ] {
        assert_eq!(try_read(text.as_bytes(), identity).expect("a feed").entries[0].key, key);
    }
}

#[test]
fn entries_that_a_text_speaks_of_cost_no_other_entry() {
    let others = "<item><title>b</title></item>".repeat(4);
    let feed = read(&rss(&format!("<item><title>a</title><content>Use <item> here</content></item>{others}")));
    assert_eq!(feed.entries.len(), 5);
    let entry = |n| format!("<entry><id>{n}</id><title>e{n}</title></entry>");
    let first = "<entry><id>0</id><content type='html'><p>Each <entry> has an id</p></content></entry>";
    let atom = format!("<feed>{first}{}</feed>", [1, 2, 3].map(entry).concat());
    assert_eq!(read(&atom).entries.len(), 4);
}

#[test]
fn a_list_in_an_entry_is_none_of_entries() {
    let feed = read(&rss(
        "<item><title>A</title><keywords><item>k1</item><item>k2</item></keywords><guid>g1</guid></item>\
         <item><title>B</title><content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><pre><item>x</item></pre>\
         tail</content:encoded><description>see <item>x</item> ok</description><guid>g2</guid></item>",
    ));
    let guids: Vec<_> = feed.entries.iter().map(|entry| entry.guid.as_deref()).collect();
    assert_eq!(guids, [Some("g1"), Some("g2")]);
    assert!(feed.entries[1].content.as_deref().is_some_and(|content| content.contains("tail")), "{feed:?}");
    assert!(feed.warnings.is_empty(), "{:?}", feed.warnings);
}

#[test]
fn odd_namespaces_cost_nothing() {
    let titles = |text: &str| -> Vec<_> { read(text).entries.into_iter().map(|entry| entry.title).collect() };
    for text in [
        "<rss><channel><item xmlns=''><title>A</title></item><item><title>B</title></item></channel></rss>",
        "<rss><channel><item xmlns='http://u.example/'><title>A</title></item><item><title>B</title></item></channel></rss>",
        "<rss><channel><item><title xmlns=''>A</title></item><item><title>B</title></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry xmlns=''><title>A</title></entry><entry><title xmlns=''>B</title></entry></feed>",
        "<rss xmlns='http://search.yahoo.com/mrss/'><channel><item><title>A</title></item><item><title>B</title></item></channel></rss>",
        "<rss><channel xmlns='http://www.w3.org/1999/xhtml'><item><title>A</title></item><item><title>B</title></item></channel></rss>",
    ] {
        assert_eq!(titles(text), [Some("A".to_owned()), Some("B".to_owned())], "{text}");
    }
    let other = "<item><title>A</title><x xmlns='http://u.example/'><title>no</title></x></item>";
    assert_eq!(titles(&rss(other)), [Some("A".to_owned())]);
}

#[test]
fn elements_that_stay_open_cost_no_entry() {
    let open = |n: usize| format!("<item><title>i{n}</title><guid>{n}</guid></item><x>");
    let items: String = (0..300).map(open).collect();
    assert_eq!(read(&rss(&items)).entries.len(), 300);
    let before = "<sy:thing>".repeat(7);
    assert_eq!(read(&rss(&format!("{before}<item/><item><title>a</title></item>"))).entries.len(), 2);
}

#[test]
fn damage_costs_at_most_its_entry() {
    let whole = "<item><title>a</title></item>";
    for broken in [
        "<item><title>b & c</title><link>/b</item>",
        "<item><title><![CDATA[b</title></item>",
        "<item><title>b</titel></item>",
        "<item><title>b\0\u{1D}&nope; <3</title></item>",
        "<item><author>me@e.xx—Jane</author><title>b</title></item>",
        "<item><media:content/><enclosure length='x'/><title>b</title></item>",
        "<item><title>b</title><description><p>one<p>two</description></item>",
        "<item title=\"b><title>b</title></item>",
    ] {
        let feed = read(&rss(&[whole, broken, whole].concat()));
        let titles: Vec<_> = feed.entries.iter().filter_map(|entry| entry.title.as_deref()).collect();
        assert_eq!(feed.entries.len(), 3, "{broken}");
        assert_eq!((titles[0], titles[titles.len() - 1]), ("a", "a"), "{broken}");
    }
}

#[test]
fn documents_that_make_feed_rs_panic_are_read() {
    let late = format!("\n\n<!-- late -->{}", rss("<item><title>a</title></item>"));
    assert_eq!(read(&late).entries.len(), 1);
    let utf16: Vec<u8> = rss("<item><title>ä</title></item>").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let feed = try_read(&utf16, Identity::Auto).expect("a feed");
    assert_eq!(feed.entries[0].title.as_deref(), Some("ä"));
}

#[test]
fn an_unknown_encoding_is_told() {
    let text =
        b"<?xml version='1.0' encoding='x-own'?><rss><channel><item><title>Caf\xE9</title></item></channel></rss>";
    let feed = try_read(text, Identity::Auto).expect("a feed");
    assert_eq!(feed.entries[0].title.as_deref(), Some("Café"));
    assert_eq!(feed.warnings, ["the encoding `x-own` is not known, so the text was read as windows-1252"]);
}

#[test]
fn an_impossible_date_is_a_warning() {
    for date in ["Thu, 32 Mar 2015 10:20:00 GMT", "soon", "2099-01-01", "0001-01-01T00:00:00Z"] {
        let feed = read(&rss(&format!("<item><pubDate>{date}</pubDate></item>")));
        assert_eq!(feed.entries[0].published, None, "{date}");
        let names_it = |warning: &String| warning.starts_with("entry 1:") && warning.contains(date);
        assert!(feed.warnings.iter().any(names_it), "{:?}", feed.warnings);
    }
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    for (text, class, says) in [
        ("", ErrorClass::Empty, "empty"),
        (
            "<!DOCTYPE html><html><head><title>Log in</title>",
            ErrorClass::NotAFeed(InsteadOfFeed::HtmlPage),
            "HTML page titled \"Log in\"",
        ),
        ("{\"message\":\"gone\"}", ErrorClass::NotAFeed(InsteadOfFeed::JsonError), "gone"),
        ("<opml></opml>", ErrorClass::NotAFeed(InsteadOfFeed::Xml), "<opml>"),
        ("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[", ErrorClass::BrokenFeed, "breaks off"),
    ] {
        let error = try_read(text.as_bytes(), Identity::Auto).and_then(storable).expect_err(text);
        assert_eq!(error.class(), class, "{text}");
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[test]
fn json_feeds_are_read_with_their_slips() {
    let feed = read(
        r#"{"version":"https://jsonfeed.org/version/1","title":"T","home_page_url":"/","feed_url":"/f.json",
            "author":{"name":"Ann"},"items":[{"id":12,"content_text":"1 < 2","tags":["x",3],"date_published":"2015-03-05"},
            null,{"id":"b","author":"Bo","content_html":"<p>hi</p>","attachments":{"url":"/a.mp3","size_in_bytes":1}}]}"#,
    );
    assert_eq!(feed.format, "json-feed-1.0");
    assert_eq!(feed.site_url.as_ref().map(Url::as_str), Some("https://news.example/"));
    assert_eq!(feed.entries.len(), 2);
    let [first, second] = feed.entries.as_slice() else { panic!("two entries") };
    assert_eq!((first.guid.as_deref(), first.content.as_deref()), (Some("12"), Some("1 &lt; 2")));
    assert_eq!((first.authors.as_slice(), first.categories.len()), (["Ann".to_owned()].as_slice(), 2));
    assert_eq!((second.authors.as_slice(), second.enclosures.len()), (["Bo".to_owned()].as_slice(), 1));
}

#[test]
fn entries_are_bounded() {
    let feed = read(&rss(&"<item><title>a</title></item>".repeat(MAX_ENTRIES + 5)));
    assert_eq!(feed.entries.len(), MAX_ENTRIES);
    assert!(feed.warnings.iter().any(|warning| warning.contains("too large")));
}

#[test]
fn control_characters_are_not_in_what_is_read() {
    let text = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "F\u001b]0;x\u0007", "items": [{"id": "1",
        "title": "T\u001b[31m", "authors": [{"name": "A\u001b[31m"}], "content_text": "C\u001b[2J\u009b"}]}"#;
    let feed = try_read(text.as_bytes(), Identity::Auto).expect("a feed");
    let shown = format!("{feed:?}");
    assert!(!shown.contains("\\u{1b}") && !shown.contains("\\u{9b}") && !shown.contains("\\u{7}"), "{shown}");
}

/// Bodies that make the parser look through, or repeat, hundreds of open elements at each tag.
#[test]
fn bodies_that_hold_the_parser_up_are_kept_as_text() {
    let open = |name: &str| (0..400).map(|n| format!("<{name} id={n}>")).collect::<String>();
    for body in [
        open("b") + &"<p>x".repeat(2000),
        open("font") + "x",
        format!("<p>{}{}", open("i"), "</p><p>x".repeat(500)),
        format!("<p><b lang={}>{}", "y".repeat(5000), "</p><p>x".repeat(500)),
        format!("<table>{}", "<p>x".repeat(3000)),
    ] {
        let item = |n| format!("<item><guid>{n}</guid><description><![CDATA[{body}]]></description></item>");
        let text = rss(&(0..1_000_000 / body.len()).map(item).collect::<String>());
        let started = Instant::now();
        let feed = read(&text);
        let took = started.elapsed();
        // An optimised build takes a tenth of a second or two.
        assert!(took < Duration::from_secs(30), "{took:?} for {}", &body[..20]);
        assert!(feed.entries.iter().all(|entry| entry.summary.as_ref().is_some_and(|text| text.contains('x'))));
        let size: usize = feed.entries.iter().filter_map(|entry| entry.summary.as_ref()).map(String::len).sum();
        assert!(size < text.len() * 4, "{size} bytes of {}", text.len());
    }
}
