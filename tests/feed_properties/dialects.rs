//! What a publisher means comes back, in whichever dialect it is written and with whatever liberties that the dialect
//! leaves: order, quotes, prefixes, CDATA or references, comments, forms of dates.

use chrono::{DateTime, FixedOffset, TimeZone as _};

use crate::random::Random;
use crate::read;

/// What a feed means.
#[derive(Debug)]
struct Meant {
    title: String,
    entries: Vec<MeantEntry>,
}

#[derive(Debug)]
struct MeantEntry {
    id: String,
    link: String,
    title: String,
    published: DateTime<FixedOffset>,
    /// Sanitised HTML; as it stands it is what the reader should give back.
    body: String,
    author: String,
    terms: Vec<String>,
}

fn words(random: &mut Random, most: usize) -> String {
    const WORDS: [&str; 14] = [
        "ferry",
        "Größe",
        "“quay”",
        "AT&T",
        "1 < 2",
        "3 > 2",
        "日本語",
        "Tom & Jerry",
        "it's",
        "\"so\"",
        "x]]>y",
        "🚢",
        "R&D",
        "naïve",
    ];
    let count = 1 + random.below(most);
    (0..count).map(|_| random.pick(&WORDS)).collect::<Vec<_>>().join(" ")
}

fn body(random: &mut Random) -> String {
    const BLOCKS: [&str; 6] = [
        "<p>one &amp; two &lt; three</p>",
        "<ul><li>a</li><li>b <em>c</em></li></ul>",
        "<p>see <a href=\"https://other.example/?a=1&amp;b=2\">there</a></p>",
        "<img src=\"https://news.example/i.png\" alt=\"a &quot;b&quot;\">",
        "<blockquote>größer<br>日本語 🚢</blockquote>",
        "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
    ];
    (0..=random.below(4)).map(|_| random.pick(&BLOCKS)).collect()
}

fn meant(random: &mut Random) -> Meant {
    let entries = 1 + random.below(5);
    let entry = |number: usize, random: &mut Random| {
        let offset = FixedOffset::east_opt(random.pick(&[0, 3600, -18_000, 34_200])).expect("less than a day");
        let seconds = 1_000_000_000 + i64::try_from(random.below(700_000_000)).expect("fits");
        MeantEntry {
            id: format!("tag:news.example,2015:{number}"),
            link: format!("https://news.example/{number}?a=1&b={}", random.below(10)),
            title: words(random, 5),
            published: offset.timestamp_opt(seconds, 0).single().expect("an instant"),
            body: body(random),
            author: random.pick(&["Ann Lee", "Søren O'Neill", "李", "A & B"]).to_owned(),
            terms: (0..random.below(4)).map(|n| format!("term {n} & more")).collect(),
        }
    };
    Meant { title: words(random, 4), entries: (0..entries).map(|number| entry(number, random)).collect() }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&apos;")
}

/// Characters of XML for `text`, one way or another.
fn written(random: &mut Random, text: &str) -> String {
    let reference = |c: char, hex: bool| if hex { format!("&#x{:X};", c as u32) } else { format!("&#{};", c as u32) };
    match random.below(4) {
        0 => format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")),
        1 => text.chars().map(|c| if c.is_ascii_alphanumeric() { c.into() } else { reference(c, true) }).collect(),
        2 => text.chars().map(|c| if c.is_alphanumeric() { c.into() } else { reference(c, false) }).collect(),
        _ => escape(text),
    }
}

fn attribute(random: &mut Random, name: &str, value: &str) -> String {
    let quote = random.pick(&['"', '\'']);
    let space = random.pick(&["", "", " ", "\n"]);
    format!(" {name}{space}={space}{quote}{}{quote}", escape(value))
}

/// An element, with the space and the comments around it that mean nothing.
fn element(random: &mut Random, name: &str, attributes: &str, inside: &str) -> String {
    let before = random.pick(&["", "\n  ", "<!-- a <b> -->", "<?x y?>\t"]);
    let margin = random.pick(&["", "", "\n", " "]);
    format!("{before}<{name}{attributes}>{margin}{inside}{margin}</{name}>")
}

fn rfc_822(random: &mut Random, date: &DateTime<FixedOffset>) -> String {
    let utc = date.to_utc();
    match random.below(4) {
        0 => date.format("%a, %d %b %Y %H:%M:%S %z").to_string(),
        1 => utc.format("%d %b %Y %H:%M:%S GMT").to_string(),
        2 => utc.format("%A, %-d %B %Y %H:%M:%S Z").to_string(),
        _ => utc.format("%a, %d %b %Y %H:%M:%S").to_string(),
    }
}

fn rfc_3339(random: &mut Random, date: &DateTime<FixedOffset>) -> String {
    match random.below(4) {
        0 => date.to_rfc3339(),
        1 => date.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        2 => date.format("%Y-%m-%dt%H:%M:%S.000%z").to_string(),
        _ => date.to_utc().format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

fn prologue(random: &mut Random) -> &'static str {
    random.pick(&[
        "",
        "\u{FEFF}",
        "<?xml version=\"1.0\"?>\n",
        "\n<?xml version='1.0' encoding='UTF-8' standalone='yes'?>",
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y \"z\"> <!-- ]> -->]>",
        "<?xml version=\"1.0\"?><!-- <rss> --><?xml-stylesheet href='a'?>",
    ])
}

/// RSS has no type for its texts: what is written is HTML, and characters that mean something in it are escaped.
fn rss_item(random: &mut Random, entry: &MeantEntry, is_rdf: bool) -> String {
    let title = written(random, &escape(&entry.title));
    let mut parts = vec![
        element(random, "title", "", &title),
        element(random, "link", "", &escape(&entry.link)),
        element(random, "dc:creator", "", &escape(&entry.author)),
    ];
    let body = written(random, &entry.body);
    let name = random.pick(&["description", "content:encoded"]);
    parts.push(element(random, name, "", &body));
    if is_rdf {
        let date = rfc_3339(random, &entry.published);
        parts.push(element(random, "dc:identifier", "", &entry.id));
        parts.push(element(random, "dc:date", "", &date));
    } else {
        let date = rfc_822(random, &entry.published);
        let is_permalink = attribute(random, "isPermaLink", "false");
        parts.push(element(random, "guid", &is_permalink, &entry.id));
        parts.push(element(random, "pubDate", "", &date));
    }
    random.shuffle(&mut parts);
    let name = if is_rdf { "dc:subject" } else { "category" };
    parts.extend(entry.terms.iter().map(|term| element(random, name, "", &escape(term))));
    let about = if is_rdf { attribute(random, "rdf:about", &entry.link) } else { String::new() };
    element(random, "item", &about, &parts.concat())
}

const MODULES: &str = "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
                       xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"";

fn rss(random: &mut Random, feed: &Meant) -> String {
    let title = written(random, &escape(&feed.title));
    let title = element(random, "title", "", &title);
    let items: String = feed.entries.iter().map(|entry| rss_item(random, entry, false)).collect();
    let version = random.pick(&["2.0", "0.92", "0.91"]);
    let prologue = prologue(random);
    format!("{prologue}<rss version=\"{version}\" {MODULES}><channel>{title}{items}</channel></rss>\n")
}

fn rdf(random: &mut Random, feed: &Meant) -> String {
    let title = written(random, &escape(&feed.title));
    let title = element(random, "title", "", &title);
    let items: String = feed.entries.iter().map(|entry| rss_item(random, entry, true)).collect();
    let prologue = prologue(random);
    format!(
        "{prologue}<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" {MODULES} \
         xmlns=\"http://purl.org/rss/1.0/\"><channel rdf:about=\"/\">{title}</channel>{items}</rdf:RDF>"
    )
}

/// The body as XHTML: HTML's void elements are closed.
fn xhtml(body: &str) -> String {
    let closed = body.replace("<br>", "<br/>").replace("alt=\"a &quot;b&quot;\">", "alt=\"a &quot;b&quot;\" />");
    format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{closed}</div>")
}

fn atom_text(random: &mut Random, name: &str, text: &str) -> String {
    let (kind, inside) = match random.below(4) {
        0 => (attribute(random, "type", "html"), written(random, &escape(text))),
        1 => (attribute(random, "type", "xhtml"), xhtml(&text.replace('&', "&amp;").replace('<', "&lt;"))),
        2 => (attribute(random, "type", "text"), written(random, text)),
        _ => (String::new(), written(random, text)),
    };
    element(random, name, &kind, &inside)
}

fn atom(random: &mut Random, feed: &Meant) -> String {
    let prefix = random.pick(&["", "", "a:", "atom:"]);
    let namespace =
        if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{}", &prefix[..prefix.len() - 1]) };
    let namespace = attribute(random, &namespace, "http://www.w3.org/2005/Atom");
    let name = |local: &str| format!("{prefix}{local}");
    let title = atom_text(random, &name("title"), &feed.title);
    let mut entries = String::new();
    for entry in &feed.entries {
        let (rel, href) = (attribute(random, "rel", "alternate"), attribute(random, "href", &entry.link));
        let person = element(random, &name("name"), "", &escape(&entry.author));
        let date = rfc_3339(random, &entry.published);
        let (kind, content) = match random.below(3) {
            0 => ("xhtml", xhtml(&entry.body)),
            1 => ("text/html", written(random, &entry.body)),
            _ => ("html", written(random, &entry.body)),
        };
        let kind = attribute(random, "type", kind);
        let mut parts = vec![
            atom_text(random, &name("title"), &entry.title),
            element(random, &name("id"), "", &entry.id),
            element(random, &name("published"), "", &date),
            element(random, &name("author"), "", &person),
            element(random, &name("content"), &kind, &content),
            format!("<{prefix}link{rel}{href}/>"),
        ];
        random.shuffle(&mut parts);
        parts.extend(entry.terms.iter().map(|term| {
            let term = attribute(random, "term", term);
            format!("<{prefix}category{term} />")
        }));
        entries += &element(random, &name("entry"), "", &parts.concat());
    }
    let prologue = prologue(random);
    format!("{prologue}<{prefix}feed{namespace}>{title}{entries}</{prefix}feed>")
}

fn json(random: &mut Random, feed: &Meant) -> String {
    let item = |entry: &MeantEntry, random: &mut Random| {
        serde_json::json!({
            "id": entry.id, "url": entry.link, "title": escape(&entry.title), "content_html": entry.body,
            "date_published": rfc_3339(random, &entry.published), "authors": [{"name": entry.author}],
            "tags": entry.terms,
        })
    };
    let items: Vec<_> = feed.entries.iter().map(|entry| item(entry, random)).collect();
    let version = random.pick(&["https://jsonfeed.org/version/1.1", "https://jsonfeed.org/version/1"]);
    let feed = serde_json::json!({ "version": version, "title": escape(&feed.title), "items": items });
    if random.once_in(2) { feed.to_string() } else { format!("\u{FEFF}\n{feed:#}") }
}

#[track_caller]
fn check_reads_back(seed: u64, write: fn(&mut Random, &Meant) -> String) {
    for round in 0..150 {
        let mut random = Random(seed * 1000 + round);
        let meant = meant(&mut random);
        let text = write(&mut random, &meant);
        let feed = read(text.as_bytes());
        assert_eq!(feed.title.as_deref(), Some(&*meant.title), "{text}");
        assert_eq!(feed.warnings, [""; 0], "{text}");
        assert_eq!(feed.entries.len(), meant.entries.len(), "{text}");
        for (entry, meant) in feed.entries.iter().zip(&meant.entries) {
            assert_eq!(entry.guid.as_deref(), Some(&*meant.id), "{text}");
            assert_eq!(entry.key, meant.id, "{text}");
            assert_eq!(entry.url.as_ref().map(url::Url::as_str), Some(&*meant.link), "{text}");
            assert_eq!(entry.title.as_deref(), Some(&*meant.title), "{text}");
            assert_eq!(entry.published.as_ref().map(|date| date.at), Some(meant.published.to_utc()), "{text}");
            let body = entry.content.as_deref().or(entry.summary.as_deref());
            assert_eq!(body.map(without_wrapper), Some(&*meant.body), "{text}");
            assert_eq!(entry.authors, [&*meant.author], "{text}");
            let terms: Vec<_> = entry.categories.iter().map(|category| &category.term).collect();
            assert_eq!(terms, meant.terms.iter().collect::<Vec<_>>(), "{text}");
        }
    }
}

/// RFC 4287 section 3.1.1.3: the `div` of XHTML content is no part of it; as a wrapper it does no harm.
fn without_wrapper(body: &str) -> &str {
    body.strip_prefix("<div>").and_then(|body| body.strip_suffix("</div>")).unwrap_or(body)
}

#[test]
fn rss_reads_back_as_it_was_meant() {
    check_reads_back(1, rss);
}

#[test]
fn rss_1_reads_back_as_it_was_meant() {
    check_reads_back(2, rdf);
}

#[test]
fn atom_reads_back_as_it_was_meant() {
    check_reads_back(3, atom);
}

#[test]
fn json_feed_reads_back_as_it_was_meant() {
    check_reads_back(4, json);
}
