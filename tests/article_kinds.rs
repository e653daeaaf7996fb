//! What an article is and who may read it, on invented pages: every kind, every access, and what looks like them and is not.

#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::{DateTime, Utc};
use tearsheet::article::{PageInput, from_entry, read};
use tearsheet::model::article::{Access, Article, ArticleKind, InsteadOfArticle};
use tearsheet::model::feed::{Enclosure, ParsedEntry};
use url::Url;

const FIRST: &str =
    "The first paragraph is long enough to be one, since it says what happened, where, when and to whom it did.";

/// A page with furniture around `body`.
fn page(head: &str, body: &str) -> String {
    format!(
        "<html><head><title>Bells ring again over the harbour</title>{head}</head><body><nav><a href=/>Home</a> \
         <a href=/news>News</a></nav>{body}<footer>© Harbour Post</footer></body></html>"
    )
}

/// So many paragraphs of a text, no two the same.
fn text(paragraphs: usize) -> String {
    (0..paragraphs).map(|number| format!("<p>In the year {number} of the bells, {FIRST}</p>")).collect()
}

fn article(paragraphs: usize) -> String {
    format!("<article><h1>Bells ring again over the harbour</h1>{}</article>", text(paragraphs))
}

fn ld(json: &str) -> String {
    format!("<script type='application/ld+json'>{json}</script>")
}

fn read_at(url: &str, html: &str, entry: Option<&ParsedEntry>) -> Article {
    let now: DateTime<Utc> = "2025-09-01T12:00:00Z".parse().unwrap();
    let url = Url::parse(url).unwrap();
    let content_type = Some("text/html; charset=utf-8");
    read(&PageInput { content_type, entry, ..PageInput::new(html.as_bytes(), &url, now) })
}

fn read_page(html: &str) -> Article {
    read_at("https://harbourpost.example/news/bells", html, None)
}

#[track_caller]
fn check_kind(html: &str, expected: ArticleKind) {
    assert_eq!(read_page(html).kind, expected, "{html}");
}

#[track_caller]
fn check_access(html: &str, expected: Option<Access>) {
    let article = read_page(html);
    assert_eq!(article.access.as_ref().map(|found| found.access), expected, "{:?}\n{html}", article.access);
    assert!(article.access.is_none_or(|found| !found.reason.is_empty()));
}

fn posts(count: usize) -> String {
    (0..count)
        .map(|n| {
            format!("<div class=post><time datetime='2025-09-01T1{n}:00Z'>1{n}:05</time><p>Post {n}. {FIRST}</p></div>")
        })
        .collect()
}

fn figures(count: usize) -> String {
    (0..count)
        .map(|n| format!("<figure><img src=/{n}.jpg><figcaption>Bell number {n} is cast from bronze.</figcaption></figure><p>The bell {n}, cast in summer.</p>"))
        .collect()
}

#[test]
fn live_blogs_are_known_by_their_type_or_by_name_and_times_together() {
    let stated = ld(r#"{"@type":"LiveBlogPosting","headline":"Bells ring again over the harbour"}"#);
    check_kind(&page(&stated, &article(4)), ArticleKind::Live);
    let named =
        |class: &str, posts: &str| page("", &format!("<article class='{class}'><h1>Bells</h1>{posts}</article>"));
    check_kind(&named("story liveblog-body", &posts(9)), ArticleKind::Live);
    let titled = |title: &str| page("", &format!("<article><h1>{title}</h1>{}</article>", posts(9)));
    for title in [
        "Live updates: bells ring again over the harbour",
        "Liveticker: Die Glocken läuten wieder",
        "Les cloches sonnent, suivez notre journée en direct",
        "Las campanas, minuto a minuto",
    ] {
        let html = titled(title).replace("<title>Bells ring again over the harbour", &format!("<title>{title}"));
        check_kind(&html, ArticleKind::Live);
    }
    // An ordinary article with times, and one that is called live without posts.
    check_kind(&titled("Timetable of the bells"), ArticleKind::Article);
    check_kind(&named("liveblog-promo", &text(5)), ArticleKind::Article);
}

#[test]
fn galleries_have_pictures_and_few_words() {
    let stated = ld(r#"{"@type":"ImageGallery","name":"Bells"}"#);
    check_kind(&page(&stated, &format!("<article><h1>Bells</h1>{}</article>", figures(4))), ArticleKind::Gallery);
    check_kind(&page("", &format!("<article><h1>Bells</h1>{}</article>", figures(10))), ArticleKind::Gallery);
    let few = page("", &format!("<article><h1>Bells</h1>{}</article>", figures(6)));
    check_kind(&few, ArticleKind::Article);
    assert_eq!(read_at("https://post.example/fotostrecke/glocken", &few, None).kind, ArticleKind::Gallery);
    // A gallery inside an article.
    let mixed = format!("<article><h1>Bells</h1>{}{}</article>", text(30), figures(10));
    check_kind(&page("", &mixed), ArticleKind::Article);
    let both = ld(r#"[{"@type":"NewsArticle","headline":"Bells"},{"@type":"ImageGallery"}]"#);
    check_kind(&page(&both, &article(8)), ArticleKind::Article);
}

#[test]
fn recordings_are_known_by_type_or_by_a_player_beside_few_words() {
    let episode = ld(r#"{"@type":"PodcastEpisode","name":"The bells"}"#);
    check_kind(&page(&episode, &article(3)), ArticleKind::Podcast);
    let player = |name: &str| {
        page("", &format!("<main><h1>The bells</h1><{name} src=/x controls></{name}><p>{FIRST}</p></main>"))
    };
    check_kind(&player("audio"), ArticleKind::Podcast);
    check_kind(&player("video"), ArticleKind::Video);
    let film = ld(r#"{"@type":"VideoObject","name":"The bells"}"#);
    check_kind(&page(&film, &article(2)), ArticleKind::Video);
    check_kind(&page("<meta property=og:type content=video.other>", &article(1)), ArticleKind::Video);
    // A text with a film at its head, and one that is read aloud.
    let of_article =
        ld(r#"[{"@type":"NewsArticle","headline":"Bells"},{"@type":"VideoObject"},{"@type":"AudioObject"}]"#);
    check_kind(&page(&of_article, &article(6)), ArticleKind::Article);
    check_kind(&page("", &format!("<main><video src=/x></video>{}</main>", article(8))), ArticleKind::Article);
    // A player beside the article.
    check_kind(&page("", &format!("{}<aside><video src=/x></video></aside>", article(2))), ArticleKind::Article);
}

#[test]
fn threads_offers_and_lists_are_what_schema_says() {
    let typed = |name: &str| page(&ld(&format!(r#"{{"@type":"{name}","name":"Bells"}}"#)), &article(5));
    check_kind(&typed("DiscussionForumPosting"), ArticleKind::Forum);
    check_kind(&typed("QAPage"), ArticleKind::Forum);
    check_kind(&typed("Product"), ArticleKind::Product);
    check_kind(&typed("CollectionPage"), ArticleKind::List);
    check_kind(&typed("WebPage"), ArticleKind::Article);
    // A review is a text about a product.
    let review = ld(r#"[{"@type":"Product","name":"A bell"},{"@type":"Review","headline":"A bell"}]"#);
    check_kind(&page(&review, &article(5)), ArticleKind::Article);
    let microdata = format!("<div itemscope itemtype='https://schema.org/QAPage'>{}</div>", article(5));
    check_kind(&page("", &microdata), ArticleKind::Forum);
}

fn entry(media_type: &str, duration: Option<u64>) -> ParsedEntry {
    let url = Url::parse("https://post.example/bells.mp3").unwrap();
    let media_type = Some(media_type.to_owned());
    let enclosure = Enclosure { url, media_type, length_bytes: None, duration_seconds: duration };
    ParsedEntry {
        title: Some("Bells ring again over the harbour".to_owned()),
        summary: Some("<p>Bells.</p>".to_owned()),
        enclosures: vec![enclosure],
        ..ParsedEntry::default()
    }
}

#[test]
fn a_feed_tells_of_its_podcast() {
    let now: DateTime<Utc> = "2025-09-01T12:00:00Z".parse().unwrap();
    let kind = |entry: &ParsedEntry| from_entry(entry, None, now).kind;
    assert_eq!(kind(&entry("audio/mpeg", Some(1800))), ArticleKind::Podcast);
    assert_eq!(kind(&entry("audio/mpeg", None)), ArticleKind::Article);
    assert_eq!(kind(&entry("image/jpeg", Some(3))), ArticleKind::Article);
    let episode = ParsedEntry { episode: Some(3), ..entry("audio/mpeg", None) };
    assert_eq!(kind(&episode), ArticleKind::Podcast);
    let read = |html: &str| read_at("https://post.example/e", html, Some(&episode)).kind;
    assert_eq!(read(&page("", &article(2))), ArticleKind::Podcast);
    let stated = ld(r#"{"@type":"NewsArticle","headline":"Bells"}"#);
    assert_eq!(read(&page(&stated, &article(20))), ArticleKind::Article);
}

#[test]
fn nobody_says_is_null() {
    check_access(&page("", &article(8)), None);
    check_access(&page("", &article(1)), None);
    // An event may be free.
    check_access(&page(&ld(r#"{"@type":"Event","isAccessibleForFree":true}"#), &article(8)), None);
}

fn stated(rest: &str) -> String {
    ld(&format!(r#"{{"@type":"NewsArticle","headline":"Bells ring again over the harbour",{rest}}}"#))
}

#[test]
fn what_is_declared_is_believed_and_the_text_tells_whether_it_is_whole() {
    check_access(&page(&stated(r#""isAccessibleForFree":true"#), &article(8)), Some(Access::Free));
    check_access(&page(&stated(r#""isAccessibleForFree":"True""#), &article(2)), Some(Access::Free));
    for no in ["false", r#""False""#, r#""http://schema.org/False""#] {
        let head = stated(&format!(r#""isAccessibleForFree":{no}"#));
        check_access(&page(&head, &article(3)), Some(Access::Paywall));
        check_access(&page(&head, &article(25)), Some(Access::Metered));
    }
    let tier = |tier: &str| format!("<meta property='article:content_tier' content={tier}>");
    check_access(&page(&tier("free"), &article(8)), Some(Access::Free));
    check_access(&page(&tier("metered"), &article(12)), Some(Access::Metered));
    check_access(&page(&tier("locked"), &article(2)), Some(Access::Paywall));
    check_access(&page("<meta name=is_premium content=true>", &article(2)), Some(Access::Paywall));
    check_access(&page("<meta name=is_premium content=false>", &article(2)), None);
    check_access(&page("<meta itemprop=isAccessibleForFree content=false>", &article(2)), Some(Access::Paywall));
}

#[test]
fn the_part_that_is_paid_for_may_be_on_the_page() {
    let head = stated(r#""hasPart":{"@type":"WebPageElement","isAccessibleForFree":"False","cssSelector":".rest"}"#);
    let with = |inside: &str| {
        page(&head, &format!("<article><h1>Bells</h1>{}<div class=rest>{inside}</div></article>", text(3)))
    };
    check_access(&with(""), Some(Access::Paywall));
    check_access(&with(&text(9)), Some(Access::Metered));
}

#[test]
fn a_stated_length_tells_whether_the_text_is_whole() {
    check_access(&page(&stated(r#""isAccessibleForFree":false,"wordCount":90"#), &article(4)), Some(Access::Metered));
    check_access(
        &page(&stated(r#""isAccessibleForFree":false,"wordCount":1900"#), &article(20)),
        Some(Access::Paywall),
    );
}

#[test]
fn a_box_where_the_text_ends_is_a_wall() {
    for line in [
        "Subscribe to continue reading",
        "Jetzt weiterlesen mit einem Probeabo",
        "Cet article est réservé aux abonnés",
        "Suscríbete para seguir leyendo",
        "Om verder te lezen heb je een abonnement nodig",
        "Чтобы читать дальше, оформите подписку",
        "この記事は有料会員限定です",
    ] {
        let body = format!(
            "<article><h1>Bells</h1>{}</article><div class=box><p>{line}</p><a href=/abo>1 €</a></div>",
            text(3)
        );
        check_access(&page("", &body), Some(Access::Paywall));
    }
    // Before the very text that it stands before.
    let whole = format!("<article><h1>Bells</h1>{}<p>Subscribe to continue reading</p></article>", text(40));
    check_access(&page("", &whole), Some(Access::Metered));
    let named = "<article><h1>Bells</h1><p>In the end the council, which had met since the morning, decided that the bells would...</p></article>\
                 <div class=paywall><p>Unser Angebot für Sie</p></div>";
    check_access(&page("", named), Some(Access::Paywall));
}

#[test]
fn what_speaks_of_subscriptions_is_no_wall() {
    let about = "<p>Readers of the other paper are told to subscribe to continue reading, which many of them do not like at all.</p>";
    check_access(&page("", &format!("<article><h1>Bells</h1>{}{about}{}</article>", text(2), text(3))), None);
    check_access(&page("", &format!("<article><h1>Bells</h1>{}{about}</article>", text(3))), None);
    let newsletter =
        "<div class=newsletter><h3>Subscribe to our newsletter</h3><p>Get the best of the day in your inbox.</p></div>";
    check_access(&page("", &format!("{}{newsletter}", article(3))), None);
    // Labels of other articles.
    let teasers: String = (0..4)
        .map(|n| format!("<div><h3><a href=/{n}>The mayor {n}</a></h3><p>Réservé aux abonnés</p></div>"))
        .collect();
    check_access(&page("", &format!("{}{teasers}", article(3))), None);
    let hidden = "<div hidden><p>Subscribe to continue reading</p></div>";
    check_access(&page("", &format!("{}{hidden}", article(3))), None);
}

/// A page in place of an article's has no text.
#[track_caller]
fn check_instead(html: &str, expected: InsteadOfArticle) {
    let article = read_page(html);
    assert_eq!(article.instead, Some(expected), "{html}");
    assert_eq!((article.content_text.as_str(), article.content_html.as_str(), article.word_count), ("", "", 0));
    let is_consent = expected == InsteadOfArticle::ConsentWall;
    assert_eq!(article.access.is_some_and(|found| found.access == Access::Consent), is_consent);
}

const CONSENT: [&str; 4] = [
    "<h1>We value your privacy</h1><p>We and our partners store and access information on your device.</p><button>Accept all</button>",
    "<h2>Mit Werbung weiterlesen</h2><p>Wir und unsere Partner verarbeiten Daten für personalisierte Anzeigen, Sie können Ihre Einwilligung widerrufen.</p><p>Alle akzeptieren</p>",
    "<p>Avec votre accord, nous et nos partenaires utilisons des cookies pour des publicités personnalisées.</p><p>Tout accepter</p><p>Continuer sans accepter</p>",
    "<p>My i nasi zaufani partnerzy. Szanujemy Twoją prywatność i prosimy o zgodę na spersonalizowane reklamy.</p><p>Przejdź do serwisu</p>",
];

#[test]
fn consent_walls_have_no_article() {
    for form in CONSENT {
        check_instead(
            &format!("<html><head><title>Harbour Post</title></head><body><main>{form}</main></body></html>"),
            InsteadOfArticle::ConsentWall,
        );
    }
}

#[test]
fn an_article_with_a_consent_banner_stays_one() {
    for form in CONSENT {
        for paragraphs in [4, 12] {
            let html = page("", &format!("{}<div class=cookie-banner>{form}</div>", article(paragraphs)));
            let article = read_page(&html);
            assert_eq!((article.instead, article.access), (None, None), "{html}");
            assert!(article.content_text.contains("In the year 0"));
        }
        let short = page("<meta property=og:type content=article>", &format!("{}<div>{form}</div>", article(1)));
        assert_eq!(read_page(&short).instead, None, "{short}");
    }
}

#[test]
fn challenges_and_logins_have_no_article() {
    check_instead(
        "<title>Just a moment...</title><h1>Checking your browser before you go on</h1><p>This takes five seconds.</p>",
        InsteadOfArticle::ChallengePage,
    );
    check_instead(
        "<title>Sign in</title><h1>Sign in</h1><form action=/login><input name=user><input type=password></form>",
        InsteadOfArticle::LoginPage,
    );
    // A short article beside a login form and a captcha.
    let form = "<form action=/login><input type=password></form><div class=g-recaptcha></div>";
    assert_eq!(read_page(&page("", &format!("{}{form}", article(5)))).instead, None);
    // What the feed calls so is the article.
    let called = ParsedEntry { title: Some("Just a moment...".to_owned()), ..ParsedEntry::default() };
    let html =
        format!("<title>Just a moment... – Post</title><article><h1>Just a moment...</h1><p>{FIRST}</p></article>");
    assert_eq!(read_at("https://post.example/a", &html, Some(&called)).instead, None);
}
