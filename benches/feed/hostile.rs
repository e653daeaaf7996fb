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
    ("stray end tags", || channel("</p>")),
    ("items", || channel("<item/>")),
    ("unclosed elements", || channel("<x>")),
    ("tags that never end", || channel("<x ")),
    ("64 attributes a tag", || channel(&format!("<x {}/>", "abcdefgh=\"1\" ".repeat(64)))),
    ("namespace declarations", || channel(&format!("<x {}>", "xmlns:abcdef=\"http://u.example/\" ".repeat(64)))),
    ("unclosed CDATA", || channel("<item><title><![CDATA[x")),
    ("unclosed comments", || channel("<!-- x")),
    ("ends of CDATA", || channel("]]>")),
    ("CDATA of one character", || channel("<![CDATA[x]]>")),
    ("ampersands", || title("&")),
    ("numeric references", || title("&#65;")),
    ("entity declarations", || b"<!DOCTYPE r [".iter().copied().chain(times("<!ENTITY a \"b\">")).collect()),
    ("nested <table> a body", || bodies(&"<table><tr><td>".repeat(3000))),
    ("nested <a> a body", || bodies(&"<a href=/x><div>".repeat(3000))),
    ("unclosed <font> a body", || bodies(&(numbered("<font size=", 2000)))),
    ("one large attribute", || channel(&format!("<x a=\"{}\"/>", "y".repeat(BYTES)))),
    ("NULs", || vec![0; BYTES]),
    ("invalid UTF-8", || times("<item>").map(|byte| byte | 0x80).collect()),
    ("UTF-16", || channel("<item><title>é</title></item>").into_iter().flat_map(|byte| [byte, 0]).collect()),
    ("ISO-2022-JP", || {
        let head = b"<?xml version='1.0' encoding='iso-2022-jp'?><rss><channel><title>";
        head.iter().copied().chain(times("\x1b$B%F\x1b(B")).collect()
    }),
    ("the same guid", || {
        let body = "lorem ipsum ".repeat(130);
        let item = |n: usize| format!("<item><guid>a</guid><description>{n} {body}</description></item>");
        joined("<rss><channel>", item)
    }),
    ("authors of one entry", || joined("<rss><item>", |n| format!("<dc:creator>{n}</dc:creator>"))),
    ("categories of one entry", || joined("<rss><item>", |n| format!("<category>{n}</category>"))),
    ("titles of 1 MB", || channel(&format!("<item><title>{}</title></item>", "<b>x".repeat(250_000)))),
    ("dates of 100 bytes", || channel(&format!("<item><pubDate>{}</pubDate></item>", "1 Jan-".repeat(17)))),
];

fn times(part: &str) -> impl Iterator<Item = u8> {
    part.as_bytes().iter().copied().cycle().take(BYTES)
}

fn channel(part: &str) -> Vec<u8> {
    b"<rss version=\"2.0\"><channel>".iter().copied().chain(times(part)).collect()
}

fn title(part: &str) -> Vec<u8> {
    b"<rss version=\"2.0\"><channel><item><title>".iter().copied().chain(times(part)).collect()
}

/// Entries with the same body.
fn bodies(html: &str) -> Vec<u8> {
    joined("<rss version=\"2.0\"><channel>", |n| {
        format!("<item><guid>{n}</guid><description><![CDATA[{html}]]></description></item>")
    })
}

fn joined(head: &str, part: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = head.to_owned();
    let mut number = 0;
    while text.len() < BYTES {
        text.push_str(&part(number));
        number += 1;
    }
    text.into_bytes()
}

fn numbered(start: &str, count: usize) -> String {
    (0..count).map(|n| format!("{start}{n}>")).collect()
}
