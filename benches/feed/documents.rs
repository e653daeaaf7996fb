//! Feeds as publishers write them: made up, or from a list of files.

use std::fs;
use std::path::Path;

use url::Url;

/// A feed document.
pub(super) struct Document {
    /// What it is a kind of, for the table.
    pub(super) kind: String,
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: Option<String>,
    pub(super) url: Option<Url>,
}

impl Document {
    pub(super) fn of(kind: &str, bytes: Vec<u8>) -> Self {
        Self { kind: kind.to_owned(), bytes, content_type: None, url: Url::parse("https://site.example/feed.xml").ok() }
    }
}

/// The documents of a list, each with the dialect that it begins with as its kind.
pub(super) fn listed(list: &str) -> Vec<Document> {
    let lines = fs::read_to_string(list).expect("the list can be read");
    let folder = Path::new(list).parent().unwrap_or(Path::new("."));
    let read = |line: &str| {
        let mut fields = line.split('\t').map(str::trim);
        let file = fields.next().unwrap_or_default();
        // Names are relative to where the list is, or to where the bench runs.
        let bytes = fs::read(folder.join(file)).or_else(|_| fs::read(file)).expect("the file can be read");
        let url = fields.next().and_then(|base| Url::parse(base).ok());
        let content_type = fields.next().filter(|text| !text.is_empty()).map(str::to_owned);
        Document { kind: kind_of(&bytes).to_owned(), bytes, content_type, url }
    };
    lines.lines().filter(|line| !line.is_empty()).map(read).collect()
}

fn kind_of(bytes: &[u8]) -> &'static str {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let kinds = [("<rss", "RSS"), ("<feed", "Atom"), ("<rdf", "RDF"), ("jsonfeed.org", "JSON Feed")];
    let head = head.to_ascii_lowercase();
    kinds.iter().find(|(mark, _)| head.contains(mark)).map_or("other", |(_, kind)| kind)
}

/// Makes an entry by its number.
type Entry = fn(&mut Words, usize) -> String;

/// The kinds that most feeds are of, in the sizes they have.
pub(super) fn generated() -> Vec<Document> {
    let kinds: [(&str, Entry); 5] = [
        ("teasers, RSS", |words, n| {
            let text = words.text(40);
            rss_item(words, n, &format!("<description>{text}</description>"))
        }),
        ("full text in CDATA, RSS", |words, n| {
            let (teaser, article) = (words.text(50), words.article(9));
            rss_item(
                words,
                n,
                &format!(
                    "<description><![CDATA[<p>{teaser}</p>]]></description>\n\
                     <content:encoded><![CDATA[{article}]]></content:encoded>"
                ),
            )
        }),
        ("full text escaped, RSS", |words, n| {
            let article = escaped(&words.article(7));
            rss_item(words, n, &format!("<description>{article}</description>"))
        }),
        ("full text in XHTML, Atom", |words, n| {
            let (title, article) = (words.text(7), words.article(8));
            format!(
                "<entry>\n<title>{title}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"/news/{n}\"/>\n\
                 <id>tag:site.example,2024:{n}</id>\n<updated>2024-10-{:02}T08:15:30+02:00</updated>\n\
                 <published>2024-10-01T08:15:30Z</published>\n<author><name>Jane Doe</name></author>\n\
                 <category term=\"news\"/>\n<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">{article}\
                 </div></content>\n</entry>\n",
                n % 28 + 1
            )
        }),
        ("podcast, RSS", |words, n| {
            let (notes, subtitle) = (words.article(2), words.text(15));
            rss_item(
                words,
                n,
                &format!(
                    "<enclosure url=\"https://media.example/{n}.mp3?source=feed&amp;v=2\" length=\"5381{n}\" type=\"audio/mpeg\"/>\n\
                     <itunes:duration>00:42:{:02}</itunes:duration>\n<itunes:subtitle>{subtitle}</itunes:subtitle>\n\
                     <itunes:summary><![CDATA[{notes}]]></itunes:summary>\n<itunes:explicit>no</itunes:explicit>\n\
                     <itunes:image href=\"https://media.example/{n}.jpg\"/>\n<description><![CDATA[{notes}]]></description>\n\
                     <media:content url=\"https://media.example/{n}.mp3\" type=\"audio/mpeg\"><media:title>{subtitle}\
                     </media:title></media:content>",
                    n % 60
                ),
            )
        }),
    ];
    let mut documents = Vec::new();
    for (kind, entry) in kinds {
        for size in [10, 10, 15, 20, 20, 30, 50, 100] {
            let mut words = Words(documents.len() as u64 + 1);
            let entries = (0..size).map(|n| entry(&mut words, n)).collect::<String>();
            let text = if kind.ends_with("Atom") { atom(&entries) } else { rss(&entries) };
            documents.push(Document::of(kind, text.into_bytes()));
        }
    }
    documents
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\" \
         xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" xmlns:media=\"http://search.yahoo.com/mrss/\">\n\
         <channel>\n<title>The Example</title>\n<atom:link href=\"https://site.example/feed/\" rel=\"self\" \
         type=\"application/rss+xml\"/>\n<link>https://site.example</link>\n<description>News</description>\n\
         <lastBuildDate>Fri, 04 Oct 2024 10:11:12 +0000</lastBuildDate>\n<language>en-GB</language>\n\
         <sy:updatePeriod>hourly</sy:updatePeriod>\n<generator>https://wordpress.org/?v=6.6</generator>\n{items}\
         </channel>\n</rss>\n"
    )
}

fn rss_item(words: &mut Words, n: usize, rest: &str) -> String {
    let title = words.text(8);
    format!(
        "<item>\n<title>{title} &#8211; AT&amp;T</title>\n<link>https://site.example/2024/10/{n}/story/</link>\n\
         <dc:creator><![CDATA[Jane Doe]]></dc:creator>\n<pubDate>Fri, 04 Oct 2024 10:{:02}:00 +0000</pubDate>\n\
         <category><![CDATA[News]]></category>\n<category><![CDATA[World]]></category>\n\
         <guid isPermaLink=\"false\">https://site.example/?p={n}</guid>\n{rest}\n</item>\n",
        n % 60
    )
}

fn atom(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n\
         <title>The Example</title>\n<link rel=\"self\" href=\"/feed.xml\"/>\n<link href=\"https://site.example/\"/>\n\
         <id>tag:site.example,2024:/</id>\n<updated>2024-10-04T08:15:30Z</updated>\n{entries}</feed>\n"
    )
}

fn escaped(html: &str) -> String {
    html.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Words of an invented language; the same seed gives the same ones.
struct Words(u64);

impl Words {
    fn text(&mut self, count: usize) -> String {
        let mut text = String::new();
        for number in 0..count {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(if number > 0 { " " } else { "" });
            let syllables = ["ba", "lé", "mo", "tri", "su", "ka", "en", "dor", "vi", "pal"];
            for digit in (self.0 >> 33).to_string().bytes().take(1 + (self.0 >> 60) as usize % 4) {
                text.push_str(syllables[usize::from(digit - b'0')]);
            }
        }
        text
    }

    /// An article as a blog's software writes it, well-formed.
    fn article(&mut self, paragraphs: usize) -> String {
        let mut html = String::new();
        for number in 0..paragraphs {
            let (before, link, after) = (self.text(45), self.text(4), self.text(20));
            let part = match number % 4 {
                0 => format!(
                    "<p>{before} <a href=\"https://site.example/tag/{number}?a=1&amp;b=2\" target=\"_blank\" \
                     rel=\"noopener\">{link}</a> {after}&nbsp;&#8212; <strong>{link}</strong>.</p>\n"
                ),
                1 => format!(
                    "<figure class=\"wp-block-image size-large\"><img decoding=\"async\" width=\"1024\" height=\"683\" \
                     src=\"https://site.example/i/{number}-1024x683.jpg\" alt=\"{link}\" class=\"wp-image-{number}\" \
                     srcset=\"https://site.example/i/{number}.jpg 1024w, https://site.example/i/{number}-300.jpg 300w\" \
                     sizes=\"(max-width: 1024px) 100vw, 1024px\" /><figcaption>{after}</figcaption></figure>\n"
                ),
                2 => format!(
                    "<h2 class=\"wp-block-heading\">{link}</h2>\n<p class=\"lead\" style=\"color:#333\">{before}<br />\
                     {after} <em>{link}</em></p>\n"
                ),
                _ => format!(
                    "<ul>\n<li>{link}</li>\n<li>{after}</li>\n</ul>\n<blockquote><p>{before}</p></blockquote>\n"
                ),
            };
            html.push_str(&part);
        }
        html
    }
}
