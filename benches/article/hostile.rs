//! Pages made to hold the reader up, or to fill its memory.

/// How large they are: the most that the daemon takes in.
pub(super) const BYTES: usize = 16 * 1024 * 1024;

/// Makes a page.
type Make = fn() -> Vec<u8>;

/// What each consists of, and how it is made.
pub(super) const INPUTS: &[(&str, Make)] = &[
    ("nothing but <", || times("<")),
    ("words without markup", || times("word ")),
    ("one word", || times("x")),
    ("full stops", || times(". ")),
    ("unclosed <div>", || times("<div>")),
    ("unclosed <div class=content>", || times("<div class='content'>")),
    ("unclosed <b>", || times("<b>x")),
    ("misnested <b> and <p>", || times("<b><p></b><i><div></i>")),
    ("unclosed <a> and <div>", || times("<a href=/x><div>")),
    ("unclosed <font>", || times("<font size=1>x")),
    ("paragraphs of one word", || times("<p>x")),
    ("paragraphs in 400 open <b>", || page(&"<b>".repeat(400), "<p>x")),
    ("paragraphs", || times("<p>The council voted on Tuesday, as it does, to keep the ferry.</p>")),
    ("the same paragraph with links", || times("<p>It said <a href='/a'>this and that</a>, and more of it.</p>")),
    ("links", || times("<a href='/news/2024/05/06/a-story-of-some-length'>A story of some length</a>")),
    ("links on hosts of other letters", || times("<a href='//é.ê.ë/'>x</a> ")),
    ("links with paths upwards", || times("<a href='a/../../b/../c'>A story of some length</a>")),
    ("lists in lists", || times("<ul><li>x")),
    ("list items with links", || times("<li><a href=/a>A story</a>")),
    ("tables in tables", || times("<table><tr><td>x")),
    ("one table of many cells", || page("<table>", "<tr><td>1<td>2<td>3")),
    ("text in a table", || page("<table>", "<p>x")),
    ("headings", || times("<h2>A heading</h2>")),
    ("headings and paragraphs", || times("<h2>A heading</h2><p>A sentence of some length, with a comma.</p>")),
    ("titles", || times("<title>x</title>")),
    ("quotes", || times("<blockquote><p>x")),
    ("line breaks", || page("<p>", "A line of some length, which ends.<br>")),
    ("images", || times("<img src='/a.jpg' alt='x'>")),
    ("figures", || times("<figure><img src=/a.jpg><figcaption>What it shows</figcaption></figure>")),
    ("articles", || {
        times("<article><h2><a href=/a>x</a></h2><p>A sentence of some length, with a comma.</p></article>")
    }),
    ("articles in articles", || times("<article><p>A sentence of some length, with a comma.")),
    ("sections of one class", || {
        times("<div class='story-body content entry'><p>Some text, and more of it.</p></div>")
    }),
    ("64 attributes a tag", || times(&format!("<p {}>x", "abcdefgh='1' ".repeat(64)))),
    ("attributes of one tag", || page("<p ", "abcdefgh='1' ")),
    ("distinct attributes of one tag", || {
        let names: String = (0..1_000_000).map(|n| format!("a{n}=1 ")).collect();
        page("<p ", &names)
    }),
    ("classes of one element", || page("<div class='", "share related content ")),
    ("one large attribute", || page("<div class='", "content-")),
    ("ampersands", || times("&amp;&")),
    ("dates in words", || times("<p>Updated: 5 March 2015, 10:20 am. Published 10 years ago</p>")),
    ("dates in <time>", || times("<time datetime='2015-03-05T10:20:00Z'>5 March 2015</time> ")),
    ("dates in classes", || times("<span class='date published updated'>March 5, 2015</span> ")),
    ("microdata", || times("<div itemprop=articleBody><span itemprop=datePublished content=2015-03-05></span>x")),
    ("READ MORE", || times("<p>READ MORE: <a href='/a'>A story of some length</a></p>")),
    ("related boxes", || times("<div class='related'><h3>Related</h3><a href='/a'>A story of some length</a></div>")),
    ("meta elements", || times("<meta property='og:title' content='x'>")),
    ("meta elements of dates", || times("<meta property='article:modified_time' content='2015-03-05T10:20:00Z'>")),
    ("link elements", || times("<link rel='canonical next alternate' href='/a?page=2'>")),
    ("bylines", || times("<p class='byline author'>By Anna Berg, Carl Dahl and Eva Frisk</p>")),
    ("JSON-LD", || times("<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"x\"}</script>")),
    ("a selector of siblings in JSON-LD", || {
        let part = "{\"isAccessibleForFree\":false,\"cssSelector\":\"x ~ p, div:has(~ x)\"}";
        page(
            &format!("<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"hasPart\":[{part}]}}</script>"),
            "<p>The council voted on Tuesday.</p>",
        )
    }),
    ("a program's state", || {
        page("<script id=__NEXT_DATA__ type='application/json'>", "[\"A sentence of its own. \",")
    }),
    ("programs' states", || {
        let nested = "{\"children\":[".repeat(60) + "\"<p>A sentence. \"" + &"]}".repeat(60);
        let list = format!("[{}null]", format!("{nested},").repeat(1200));
        times(&format!("<script type='application/json'>{list}</script>"))
    }),
    ("one JSON-LD of many nodes", || json_ld("[", "{\"@type\":\"NewsArticle\",\"author\":{\"name\":\"x\"}},")),
    ("one JSON-LD, deep", || json_ld("", "[")),
    ("one JSON-LD with a long body", || json_ld("{\"@type\":\"NewsArticle\",\"articleBody\":\"", "<p>A sentence. ")),
    ("a long script", || page("<script>", "var a = {\"b\": \"c\"};")),
    ("scripts", || times("<script>x</script>")),
    ("styles", || times("<style>.a{color:red}</style>")),
    ("comments", || times("<!-- x -->")),
    ("unclosed comments", || times("<!-- x")),
    ("noscript", || times("<noscript><p>Some text, and more of it.</p></noscript>")),
    ("templates", || times("<template><p>x")),
    ("drawings", || times("<svg><path d='M0 0'/></svg>")),
    ("formulas", || times("<math><mi>x")),
    ("iframes", || times("<iframe src=/a></iframe>")),
    ("videos", || times("<video src=/a></video><audio src=/b></audio>")),
    ("pagers", || times("<a href='?page=2'>2</a> <a href='?page=3'>3</a> <a rel=next href='?page=2'>next</a> ")),
    ("phrases of walls", || times("<p>Subscribe to continue reading</p>")),
    ("preformatted", || page("<pre>", "fn main() {}\n")),
    ("Chinese", || times("<p>市议会周二投票决定保留渡轮，港口需要它。</p>")),
    ("Arabic", || times("<p>صوت المجلس يوم الثلاثاء على الإبقاء على العبارة.</p>")),
    ("bytes that are no UTF-8", || b"<p>\xff\xfe\x80 x".iter().copied().cycle().take(BYTES).collect()),
    ("NUL", || vec![0; BYTES]),
    ("UTF-16 without end", || [&b"\xff\xfe"[..], &[b'<', 0, b'p', 0, b'>', 0, b'x', 0].repeat(BYTES / 8)].concat()),
];

/// The same again and again.
fn times(text: &str) -> Vec<u8> {
    page("", text)
}

/// `head`, and `text` again and again.
fn page(head: &str, text: &str) -> Vec<u8> {
    let start = "<!doctype html><title>The ferry stays</title><body>";
    start.bytes().chain(head.bytes()).chain(text.bytes().cycle()).take(BYTES).collect()
}

/// One block of data.
fn json_ld(head: &str, text: &str) -> Vec<u8> {
    page(&format!("<script type='application/ld+json'>{head}"), text)
}
