//! Related links: what the publisher marks as such is a link of the article and no text; what a machine chose is neither.

#![expect(clippy::unwrap_used, reason = "tests")]

use tearsheet::article::{PageInput, read};
use tearsheet::model::article::Article;
use url::Url;

const FIRST: &str =
    "The first paragraph is long enough to be one, since it says what happened, where, when and to whom it did.";
const SECOND: &str =
    "The second one goes on about it, with commas, as such paragraphs do, and it ends with a full stop at the end.";
const THIRD: &str =
    "A third one closes the matter, for now, and says that the paper will go on writing about it as things go on.";

fn read_page(body: &str) -> Article {
    let html = format!("<html><head><title>A title of the page</title></head><body>{body}</body></html>");
    let url = Url::parse("https://harbourpost.example/news/page-of-the-day").unwrap();
    read(&PageInput {
        content_type: Some("text/html; charset=utf-8"),
        ..PageInput::new(html.as_bytes(), &url, "2025-09-01T12:00:00Z".parse().unwrap())
    })
}

/// Each link as `kind label: title path`.
fn links(article: &Article) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    article
        .related
        .iter()
        .map(|link| format!("{} {}: {} {}", link.kind.as_str(), text(&link.label), text(&link.title), link.url.path()))
        .collect()
}

/// Reads `between` in an article, `inside` at its end and `behind` after it; compares the links, and the text with the three
/// paragraphs and nothing else.
#[track_caller]
fn check(between: &str, inside: &str, behind: &str, expected: &[&str]) {
    let article = read_page(&format!(
        "<main><article><h1>A title of the page</h1><p>{FIRST}</p>{between}<p>{SECOND}</p><p>{THIRD}</p>{inside}</article>{behind}</main>"
    ));
    assert_eq!(links(&article), expected, "{between} {inside} {behind}");
    assert_eq!(article.content_text, [FIRST, SECOND, THIRD].join("\n\n"), "{between} {inside} {behind}");
}

#[test]
fn a_labelled_line_in_the_text_is_a_link_in_any_language() {
    for label in [
        "READ MORE",
        "Mehr zum Thema",
        "Lire aussi",
        "Lea también",
        "Leia também",
        "Leggi anche",
        "Lees ook",
        "Läs också",
        "Les også",
        "Læs også",
        "Lue myös",
        "Czytaj też",
        "Čtěte také",
        "Prečítajte si aj",
        "Ezt is olvassa el",
        "Citește și",
        "Ayrıca okuyun",
        "Читайте также",
        "Читайте також",
        "Прочетете още",
        "Pročitajte još",
        "Preberite tudi",
        "Διαβάστε επίσης",
        "Taip pat skaitykite",
        "Lasi arī",
        "Loe ka",
        "関連記事",
        "延伸阅读",
        "관련기사",
        "Xem thêm",
        "Baca juga",
        "อ่านเพิ่มเติม",
        "यह भी पढ़ें",
        "আরও পড়ুন",
        "மேலும் படிக்க",
        "اقرأ أيضا",
        "بیشتر بخوانید",
        "קראו גם",
        "Soma pia",
        "Llegiu també",
        "ასევე წაიკითხეთ",
        "Կարդացեք նաև",
        "Lexo edhe",
    ] {
        let line = format!(
            "<p><strong>{label}: <a href=/news/second-pier-for-the-port>Second pier for the port</a></strong></p>"
        );
        check(&line, "", "", &[&format!("inline {label}: Second pier for the port /news/second-pier-for-the-port")]);
    }
}

#[test]
fn a_line_may_name_the_site_and_hold_several_links() {
    check(
        "<div class=read-more><a href=/news/second-pier-for-the-port><span>Also on harbourpost.example</span> \
         <strong>Second pier for the port</strong></a></div>",
        "",
        "",
        &["inline Also on harbourpost.example: Second pier for the port /news/second-pier-for-the-port"],
    );
    check(
        "<p>Read more: <a href=/news/second-pier>Second pier for the port</a> | <a href=/news/third-pier>A third pier?</a></p>",
        "",
        "",
        &[
            "inline Read more: Second pier for the port /news/second-pier",
            "inline Read more: A third pier? /news/third-pier",
        ],
    );
}

#[test]
fn the_sentence_around_a_label_stays_whole() {
    let sentence = "Read more than the timetable and <a href=/news/rules-of-the-board>the rules of the board</a> are plain, said the union.";
    let article =
        read_page(&format!("<article><p>{FIRST}</p><p>{sentence}</p><p>{SECOND}</p><p>{THIRD}</p></article>"));
    assert_eq!(links(&article), Vec::<String>::new());
    assert!(article.content_text.contains("Read more than the timetable and the rules of the board are plain"));
}

const LIST: &str = "<ul><li><a href=/news/second-pier-for-the-port>Second pier for the port</a></li>\
                    <li><a href=/news/what-the-storm-season-brings>What the storm season brings</a></li></ul>";

#[test]
fn a_box_that_the_publisher_calls_related_is_one_wherever_it_stands_about_the_text() {
    let expected = |label: &str| {
        [
            format!("block {label}: Second pier for the port /news/second-pier-for-the-port"),
            format!("block {label}: What the storm season brings /news/what-the-storm-season-brings"),
        ]
    };
    let related = format!("<div><h3>Related stories</h3>{LIST}</div>");
    let expected_of_it = expected("Related stories");
    let expected_of_it: Vec<&str> = expected_of_it.iter().map(String::as_str).collect();
    check(&related, "", "", &expected_of_it);
    check("", &related, "", &expected_of_it);
    check("", "", &related, &expected_of_it);
    let by_name = format!("<aside class='related-articles'><h3>The harbour and its piers</h3>{LIST}</aside>");
    let expected_of_it = expected("The harbour and its piers");
    let expected_of_it: Vec<&str> = expected_of_it.iter().map(String::as_str).collect();
    check("", "", &by_name, &expected_of_it);
}

#[test]
fn what_might_interest_is_related_in_the_article_and_nowhere_else() {
    let interest = format!("<div><h3>You may also like</h3>{LIST}</div>");
    let expected = [
        "block You may also like: Second pier for the port /news/second-pier-for-the-port",
        "block You may also like: What the storm season brings /news/what-the-storm-season-brings",
    ];
    check("", &interest, "", &expected);
    check("", "", &interest, &[]);
}

#[test]
fn what_a_machine_chose_is_no_related_link() {
    for label in
        ["Most read", "Recommended for you", "Trending now", "Meistgelesen", "Les plus lus", "Популярное", "人気記事"]
    {
        let list = format!("<div><h3>{label}</h3>{LIST}</div>");
        check("", &list, "", &[]);
        check("", "", &list, &[]);
    }
    for item in [
        "<a href=/tag/piers>Piers</a>",
        "<a href=/author/jane-doe>Jane Doe has more</a>",
        "<a href='https://ads.example/click?x=1' rel=sponsored>Win a boat today, here and now</a>",
    ] {
        check("", &format!("<div class=related><h3>Related stories</h3><ul><li>{item}</li></ul></div>"), "", &[]);
    }
}

#[test]
fn an_image_and_a_headline_with_one_address_are_one_link() {
    check(
        "",
        "",
        "<section><h2>Related articles</h2><div><a href=/news/second-pier><img src=/p.jpg alt=''></a><a href=/news/second-pier#comments>3</a>\
         <h3><a href=/news/second-pier>Second pier for the port</a></h3><span>2 hours ago</span></div></section>",
        &["block Related articles: Second pier for the port /news/second-pier"],
    );
}
