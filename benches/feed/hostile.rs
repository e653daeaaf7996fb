//! Documents made to hold a reader up, each of them once the worst of its kind.

/// How large they are: the most that the daemon takes in.
pub(super) const BYTES: usize = 16 * 1024 * 1024;

/// Makes an input.
type Make = fn() -> Vec<u8>;

/// `document` as large as the daemon takes it in.
pub(super) fn fit(mut document: Vec<u8>) -> Vec<u8> {
    document.truncate(BYTES);
    document
}

/// What each consists of, and how it is made.
pub(super) const INPUTS: &[(&str, Make)] = &[
    ("paragraphs in 400 open <b> a body", || bodies(&(numbered("<b id=", 400) + &"<p>".repeat(2000)))),
    ("paragraphs that repeat 16 <b>", || bodies(&format!("<p>{}{}", numbered("<b id=", 16), "</p><p>x".repeat(3000)))),
    ("repeated elements with long attributes", || {
        bodies(&format!("<p><b lang={}>{}", "x".repeat(8000), "</p><p>x".repeat(3000)))
    }),
    ("nested <table> a body", || bodies(&"<table><tr><td>".repeat(3000))),
    ("nested <a> a body", || bodies(&"<a href=/x><div>".repeat(3000))),
    ("unclosed <font> a body", || bodies(&numbered("<font size=", 2000))),
    ("misnested <b> and <p> a body", || bodies(&"<b><p></b><i><div></i>".repeat(1000))),
    ("text in a table a body", || bodies(&format!("<table>{}", "<p>x".repeat(3000)))),
    ("stray end tags a body", || bodies(&"</p>".repeat(5000))),
    ("stray end tags in one body", || body("</p>")),
    ("ampersands in one body", || body("<p>&amp;&</p></p>")),
    ("attributes in one body", || body(&format!("<p {}></p></p>", "abcdefgh=\"1\" ".repeat(64)))),
    ("images in one body", || body("<img src=/a><br></b>")),
    ("images in bodies of 2 MB", || bodies(&"<img src='a/../b'>".repeat(100_000))),
    ("images on hosts of other letters", || bodies(&"<img src='//é.ê.ë'>".repeat(90_000))),
    ("links in bodies of a few kilobytes", || bodies(&"<a href='//é.ê.ë'>x</a>".repeat(200))),
    ("images with many sources", || {
        let sources = "data-src=é: data-original=é: data-lazy-src=é: src=é:";
        bodies(&format!("<img {sources}></b>").repeat(500))
    }),
    ("one body of 16 MiB of CDATA", || filled("<description><![CDATA[</p>", "x<b>y</b>", "]]></description>")),
    ("titles of 16 KiB with nested tags", || entries(&format!("<title><![CDATA[{}]]></title>", "<b>x".repeat(4000)))),
    ("titles of 400 bytes with nested tags", || {
        entries(&format!("<title><![CDATA[{}</b>]]></title>", "<b>x".repeat(400)))
    }),
    ("titles of related links with nested tags", || {
        let title = "&lt;b>x".repeat(40);
        entries(&format!("<atom:link rel='related' href='http://u.example/' title='{title}'/>").repeat(90))
    }),
    ("titles of sources with nested tags", || entries(&format!("<source>{}</source>", "&lt;b>x".repeat(8)).repeat(20))),
    ("titles of 1 MB", || entries(&format!("<title>{}</title>", "<b>x".repeat(250_000)))),
    ("ampersands in a title", || filled("<title>", "&", "</title>")),
    ("numeric references in a title", || filled("<title>", "&#65;", "</title>")),
    ("ends of CDATA in a title", || filled("<title>", "]]>", "</title>")),
    ("CDATA of one character in a title", || filled("<title>", "<![CDATA[x]]>", "</title>")),
    ("unclosed CDATA", || channel("<item><title><![CDATA[x</title></item>")),
    ("CDATA opened in CDATA", || channel("<item><title><![CDATA[<![CDATA[x]]></title></item>")),
    ("unclosed comments", || channel("<!-- x")),
    ("unclosed instructions", || channel("<?x >")),
    ("stray end tags", || channel("</p>")),
    ("items", || channel("<item/>")),
    ("items in items", || channel("<item>")),
    ("unclosed elements", || channel("<x>")),
    ("tags that never end", || channel("<x ")),
    ("nothing but <", || channel("<")),
    ("64 attributes a tag", || channel(&format!("<x {}/>", "abcdefgh=\"1\" ".repeat(64)))),
    ("attributes of one tag", || filled("<enclosure ", "abcdefgh=\"1\" ", "/>")),
    ("namespace declarations", || channel(&format!("<x {}>", "xmlns:abcdef=\"http://u.example/\" ".repeat(64)))),
    ("prefixes with 250 declarations in force", || {
        let declared: String = (0..250).map(|n| format!("xmlns:p{n}=\"http://u.example/\" ")).collect();
        channel(&format!("<x {declared}>{}</x>", "<q:y/>".repeat(100_000)))
    }),
    ("one large attribute", || filled("<enclosure url=\"http://u.example/", "y", "\"/>")),
    ("entity declarations", || b"<!DOCTYPE r [".iter().copied().chain(times("<!ENTITY a \"b\">")).collect()),
    ("entities that are declared", || {
        let declared: String = (0..32).map(|n| format!("<!ENTITY abcdefgh{n} \"{}\">", "y".repeat(1000))).collect();
        let head = format!("<!DOCTYPE r [{declared}]><rss><channel><item><title>");
        head.bytes()
            .chain(times("&abcdefgh31;"))
            .take(BYTES - TAIL.len() - 8)
            .chain("</title>".bytes())
            .chain(TAIL.bytes())
            .collect()
    }),
    ("entities in one another", || {
        let first = format!("<!ENTITY a0 \"{}\">", "y".repeat(1000));
        let declared: String = (1..32).map(|n| format!("<!ENTITY a{n} \"&a{};\">", n - 1)).collect();
        let head = format!("<!DOCTYPE r [{first}{declared}]><rss><channel><item><title>");
        head.bytes().chain(times("&a31;<![CDATA[")).take(BYTES).collect()
    }),
    ("document types", || channel("<!DOCTYPE x [")),
    ("XHTML nested in one entry", || filled("<content type='xhtml'>", "<div><p>x", "</content>")),
    ("XHTML flat in one entry", || filled("<content type='xhtml'>", "<b>x</b>", "</content>")),
    ("XHTML with bases in one another", || {
        let base = "x".repeat(400);
        let inside = "<b xml:base='y/'><a href='z'>z</a></b>".repeat(400);
        entries(&format!("<content type='xhtml'><div xml:base='http://u.example/{base}/'>{inside}</div></content>"))
    }),
    ("NULs", || vec![0; BYTES]),
    ("invalid UTF-8", || times("<item>").map(|byte| byte | 0x80).collect()),
    ("UTF-16", || channel("<item><title>e</title></item>").into_iter().flat_map(|byte| [byte, 0]).collect()),
    ("ISO-2022-JP", || {
        let head = b"<?xml version='1.0' encoding='iso-2022-jp'?><rss><channel><item><title>";
        head.iter().copied().chain(times("\x1b$B%F\x1b(B")).collect()
    }),
    ("the same guid", || {
        let body = "lorem ipsum ".repeat(130);
        let item = |n: usize| format!("<item><guid>a</guid><description>{n} {body}</description></item>");
        joined("<rss><channel>", item)
    }),
    ("authors of one entry", || one_entry(|n| format!("<dc:creator>{n}</dc:creator>"))),
    ("categories of one entry", || one_entry(|n| format!("<category>{n}</category>"))),
    ("enclosures of one entry", || one_entry(|n| format!("<enclosure url='http://u.example/{n}'/>"))),
    ("dates of 100 bytes", || entries(&format!("<pubDate>{}</pubDate>", "1 Jan-".repeat(17)))),
    ("dates in words", || {
        let date = |digit: &str| format!("<pubDate>{}</pubDate>", digit.repeat(39));
        entries(&(date("年") + &date("5 ") + &date("mar ").repeat(9)))
    }),
    ("drawings in short texts", || bodies(&"<svg><text>x</text><title>y</title></svg>".repeat(30))),
    ("players in short texts", || bodies(&"<video><a href='http://u.example/'>x</a>".repeat(30))),
    ("XHTML in short texts", || {
        entries(&format!("<content type='xhtml'><div>{}</div></content>", "<b><p>x".repeat(50)))
    }),
    ("entries of a JSON Feed", || {
        let item = |n: usize| format!("{}{{\"id\":{n},\"content_html\":\"<b><p></b>\"}}", if n > 0 { "," } else { "" });
        let mut text = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[".to_owned();
        let items: String = (0..300_000).map(item).collect();
        text.push_str(&items);
        text.push_str("]}");
        text.into_bytes()
    }),
    ("JSON arrays in one another", || times("[").collect()),
    ("sections of another case", || {
        let end = "<![CDATA[]]>";
        let mut document = channel("<a><![cdata[</a>");
        document.truncate(BYTES - end.len());
        document.extend_from_slice(end.as_bytes());
        document
    }),
    ("stray end tags under 126 elements", || {
        let head = format!("{HEAD}<item>{}", "<aaaaaaaaaab>".repeat(126));
        head.bytes().chain(times("</aaaaaaaaaac>")).collect()
    }),
    ("special characters in text", || body(&format!("<section>{}</p>", "\"<>&".repeat(250_000)))),
    ("special characters in short texts", || bodies(&format!("<section>{}</p>", "\"<>&".repeat(400)))),
    ("greater-than signs in one body", || body(&format!("</p>{}", ">".repeat(1_000_000)))),
    ("images from a long base", || {
        based(&format!("<description><![CDATA[{}]]></description>", "<img src=x>".repeat(49_000)))
    }),
    ("files from a long base", || based(&"<enclosure url='1'/>".repeat(84))),
    ("related links from a long base", || based(&"<atom:link rel='via' href='1'/>".repeat(84))),
    ("related links with references", || entries(&"<atom:link rel='via' href='/1' title='&amp;amp;'/>".repeat(99))),
    ("links of formatting tags in titles", || {
        let title = format!("{}{}", "&lt;b>".repeat(13), "&lt;p>".repeat(17));
        entries(&format!("<atom:link rel='via' href='/1' title='{title}'/>").repeat(99))
    }),
    ("ampersands in titles", || entries(&format!("<title><![CDATA[</b>{}]]></title>", "&".repeat(1550)))),
    ("unfinished references in titles", || entries(&format!("<title><![CDATA[</b>{}]]></title>", "&no".repeat(500)))),
    ("unfinished references in bodies", || body(&format!("</p>{}", "&CounterClockwiseContourIntegra ".repeat(60_000)))),
    ("attributes of repeated elements", || {
        let tag = format!("<b{}>", (0..64).map(|n| format!(" a{n}=''")).collect::<String>());
        entries(&format!("<title><![CDATA[{}{}]]></title>", tag.repeat(4), "<p>".repeat(4)))
    }),
    ("hidden elements in one body", || {
        body(&format!("<math></math>{}</p>", "x<i aria-hidden=true></i>".repeat(80_000)))
    }),
    ("ampersands beside declared entities", || {
        let declared: String = (0..32).map(|n| format!("<!ENTITY q{n} \"x\">")).collect();
        let head = format!("<!DOCTYPE rss [{declared}]><rss><channel><zzz>");
        head.bytes().chain(times("&")).take(BYTES).collect()
    }),
    ("declarations without end", || {
        let head = format!("{} x><rss><channel><item>", "<!ENTITY".repeat(8_000));
        head.bytes().chain(times("&x")).take(BYTES).collect()
    }),
    ("names with tags", || entries(&"<dc:creator>&lt;b>x&lt;/b></dc:creator>".repeat(99))),
    ("categories with tags", || entries(&"<category>&lt;b>x&lt;/b></category>".repeat(99))),
    ("256 prefixes in force", || {
        let declared: String = (0..256).map(|n| format!(" xmlns:p{n}='u'")).collect();
        format!("<rss{declared}><channel>").bytes().chain(times("<p999:b/>")).take(BYTES).collect()
    }),
];

/// Entries that hold this, their links relative to a base as long as one may be.
fn based(inside: &str) -> Vec<u8> {
    let head = format!("<rss xml:base='http://u.example/{}/'><channel>", "x".repeat(480));
    joined(&head, |n| format!("<item><guid>{n}</guid>{inside}</item>"))
}

const HEAD: &str = "<rss version=\"2.0\"><channel>";
const TAIL: &str = "</item></channel></rss>";

fn times(part: &str) -> impl Iterator<Item = u8> {
    part.as_bytes().iter().copied().cycle().take(BYTES)
}

/// A channel of this, broken off.
fn channel(part: &str) -> Vec<u8> {
    HEAD.bytes().chain(times(part)).collect()
}

/// One entry that holds `part` again and again between two tags.
fn filled(open: &str, part: &str, close: &str) -> Vec<u8> {
    let mut text = format!("{HEAD}<item>{open}");
    let count = (BYTES - text.len() - close.len() - TAIL.len()) / part.len();
    text.push_str(&part.repeat(count));
    text.push_str(close);
    text.push_str(TAIL);
    text.into_bytes()
}

/// Eight entries whose bodies hold as much of this as is read of one body.
fn body(html: &str) -> Vec<u8> {
    bodies(&html.repeat((BYTES / 8 - 100) / html.len()))
}

/// Entries with the same body.
fn bodies(html: &str) -> Vec<u8> {
    joined(HEAD, |n| format!("<item><guid>{n}</guid><description><![CDATA[{html}]]></description></item>"))
}

/// Entries that hold this.
fn entries(inside: &str) -> Vec<u8> {
    joined(HEAD, |n| format!("<item><guid>{n}</guid>{inside}</item>"))
}

fn one_entry(part: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = joined(&format!("{HEAD}<item>"), part);
    text.truncate(BYTES - 100);
    text.extend_from_slice(TAIL.as_bytes());
    text
}

fn joined(head: &str, part: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = head.to_owned();
    let mut number = 0;
    loop {
        let next = part(number);
        if text.len() + next.len() > BYTES && number > 0 {
            return text.into_bytes();
        }
        text.push_str(&next);
        number += 1;
    }
}

fn numbered(start: &str, count: usize) -> String {
    (0..count).map(|n| format!("{start}{n}>")).collect()
}
