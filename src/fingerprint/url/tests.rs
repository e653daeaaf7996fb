//! Which addresses are one document, and which are not. Hosts are invented.

use url::Url;

use super::url_key;

fn key(url: &str) -> String {
    url_key(&Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}")))
}

#[test]
fn key_looks_like_an_address() {
    for (url, expected) in [
        ("https://www.example.org/a/?utm_source=rss&id=3#top", "example.org/a?id=3"),
        ("http://EXAMPLE.org", "example.org/"),
        ("https://example.org/?p=5", "example.org/?p=5"),
        ("https://example.org:8443/a", "example.org:8443/a"),
        ("https://example.org/#!/story/7", "example.org/#!/story/7"),
        ("http://127.0.0.1:8080/a/", "127.0.0.1:8080/a"),
        ("http://[::1]/a", "[::1]/a"),
        ("https://bücher.example/ä", "xn--bcher-kva.example/%C3%A4"),
        ("ftp://example.org/a#b", "ftp://example.org/a"),
        ("mailto:me@example.org", "mailto:me@example.org"),
    ] {
        assert_eq!(key(url), expected, "{url}");
    }
}

#[test]
fn addresses_of_one_document_share_a_key() {
    let equal: &[(&str, &str)] = &[
        // Scheme, host, port, user.
        ("http://example.org/a", "https://example.org/a"),
        ("https://www.example.org/a", "https://example.org/a"),
        ("https://WWW.Example.ORG/a", "https://example.org/a"),
        ("https://m.example.org/a", "https://www.example.org/a"),
        ("https://mobile.example.org/a", "https://example.org/a"),
        ("https://amp.example.org/a", "https://example.org/a"),
        ("https://www.m.example.org/a", "https://example.org/a"),
        ("https://en.m.example.org/a", "https://en.example.org/a"),
        ("https://m.news.example.co.uk/a", "https://news.example.co.uk/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:80/a", "https://example.org/a"),
        ("http://example.org:8080/a", "https://example.org:8080/a"),
        ("https://reader:secret@example.org/a", "https://example.org/a"),
        ("https://BÜCHER.example/a", "https://xn--bcher-kva.example/a"),
        // Fragment.
        ("https://example.org/a#comments", "https://example.org/a"),
        ("https://example.org/a#", "https://example.org/a"),
        ("https://example.org/a#xtor=RSS-3208", "https://example.org/a"),
        ("https://example.org/a#:~:text=mill", "https://example.org/a"),
        ("https://example.org/a#!", "https://example.org/a"),
        // Path.
        ("https://example.org/a/", "https://example.org/a"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org//a///b", "https://example.org/a/b"),
        ("https://example.org/x/../a/./b", "https://example.org/a/b"),
        ("https://example.org/%7Ewexley/a", "https://example.org/~wexley/a"),
        ("https://example.org/caf%c3%a9", "https://example.org/café"),
        ("https://example.org/caf%c3%a9", "https://example.org/caf%C3%A9"),
        ("https://example.org/%61%62", "https://example.org/ab"),
        ("https://example.org/it%27s", "https://example.org/it's"),
        ("https://example.org/a%2Cb%3A1", "https://example.org/a,b:1"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/a/index.html", "https://example.org/a/"),
        ("https://example.org/a/index.htm", "https://example.org/a"),
        ("https://example.org/index.php?p=5", "https://example.org/?p=5"),
        ("https://example.org/a/Default.aspx", "https://example.org/a"),
        ("https://example.org/a;jsessionid=0F3A9", "https://example.org/a"),
        ("https://example.org/a;JSESSIONID=0F3A9/b?id=1", "https://example.org/a/b?id=1"),
        // AMP.
        ("https://example.org/2026/mill-saved/amp", "https://example.org/2026/mill-saved"),
        ("https://example.org/2026/mill-saved/amp/", "https://example.org/2026/mill-saved/"),
        ("https://example.org/mill-saved/amp/index.html", "https://example.org/mill-saved"),
        ("https://example.org/mill-saved.amp", "https://example.org/mill-saved"),
        ("https://example.org/mill-saved.amp.html", "https://example.org/mill-saved.html"),
        ("https://example.org/mill.html/amp", "https://example.org/mill.html"),
        ("https://example.org/mill?amp", "https://example.org/mill"),
        ("https://example.org/mill?amp=1", "https://example.org/mill"),
        ("https://example.org/mill?outputType=amp", "https://example.org/mill"),
        ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/mill-1/amp", "https://example.org/mill-1"),
        ("https://www-example-org.cdn.ampproject.org/v/s/example.org/mill?amp_js_v=0.1", "https://example.org/mill"),
        ("https://www.google.com/amp/s/www.example.org/mill-1/amp/", "https://example.org/mill-1"),
        ("https://www.google.co.uk/amp/example.org/mill", "https://example.org/mill"),
        // Tracking.
        ("https://example.org/a?utm_source=x&utm_medium=rss&utm_campaign=y", "https://example.org/a"),
        ("https://example.org/a?UTM_Source=x", "https://example.org/a"),
        ("https://example.org/a?fbclid=Iw", "https://example.org/a"),
        ("https://example.org/a?gclid=1&dclid=2&msclkid=3&yclid=4", "https://example.org/a"),
        ("https://example.org/a?mc_cid=1&mc_eid=2", "https://example.org/a"),
        ("https://example.org/a?igshid=1", "https://example.org/a"),
        ("https://example.org/a?_ga=1.2", "https://example.org/a"),
        ("https://example.org/a?at_medium=RSS&at_campaign=KARANGA", "https://example.org/a"),
        ("https://example.org/a?at_custom1=x&at_link_id=y", "https://example.org/a"),
        ("https://example.org/a?ns_mchannel=rss&ns_campaign=x", "https://example.org/a"),
        ("https://example.org/a?cmpid=rss", "https://example.org/a"),
        ("https://example.org/a?CMP=share_btn_url", "https://example.org/a"),
        ("https://example.org/a?ocid=socialflow", "https://example.org/a"),
        ("https://example.org/a?ito=1490", "https://example.org/a"),
        ("https://example.org/a?xtor=RSS-1", "https://example.org/a"),
        ("https://example.org/a?wt_mc=rss.x&wt_zmc=y", "https://example.org/a"),
        ("https://example.org/a?partner=rss&emc=rss", "https://example.org/a"),
        ("https://example.org/a?feedType=RSS&feedName=top", "https://example.org/a"),
        ("https://example.org/a?mkt_tok=x&_hsenc=y&_hsmi=z", "https://example.org/a"),
        ("https://example.org/a?utm%5Fsource=x", "https://example.org/a"),
        ("https://video.youtube.com/watch?v=1&si=abc", "https://video.youtube.com/watch?v=1"),
        // The rest of the query.
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/a?&&id=1&", "https://example.org/a?id=1"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a?q=old+mill", "https://example.org/a?q=old%20mill"),
        ("https://example.org/a?u=b%2fc", "https://example.org/a?u=b/c"),
        ("https://example.org/a?q=%e4%b8%ad", "https://example.org/a?q=中"),
        ("https://example.org/a?id=3&utm_source=x&page=2", "https://example.org/a?page=2&id=3"),
    ];
    assert!(equal.len() >= 60);
    for (a, b) in equal {
        assert_eq!(key(a), key(b), "{a} is {b}");
    }
}

#[test]
fn different_documents_have_different_keys() {
    let different: &[(&str, &str)] = &[
        // Parameters that are content somewhere.
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
        ("https://example.org/a?id=1", "https://example.org/a"),
        ("https://example.org/a?sid=1", "https://example.org/a?sid=2"),
        ("https://example.org/a?uid=1", "https://example.org/a?uid=2"),
        ("https://example.org/a?source=1", "https://example.org/a?source=2"),
        ("https://example.org/a?ref=1", "https://example.org/a?ref=2"),
        ("https://example.org/a?v=1", "https://example.org/a?v=2"),
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://example.org/a?page=1", "https://example.org/a?page=2"),
        ("https://example.org/a?cid=1", "https://example.org/a?cid=2"),
        ("https://example.org/a?cmp=1", "https://example.org/a?cmp=2"),
        ("https://example.org/a?s=1", "https://example.org/a?s=2"),
        ("https://example.org/a?t=1", "https://example.org/a?t=2"),
        ("https://example.org/a?from=1", "https://example.org/a?from=2"),
        ("https://example.org/a?partner=town", "https://example.org/a?partner=mill"),
        ("https://example.org/a?amp=20", "https://example.org/a?amp=30"),
        ("https://example.org/a?outputType=pdf", "https://example.org/a"),
        ("https://example.org/a?si=1", "https://example.org/a?si=2"),
        ("https://example.org/a?lang=de", "https://example.org/a?lang=en"),
        ("https://example.org/a?12345", "https://example.org/a?12346"),
        ("https://example.org/a?q=a%26b=c", "https://example.org/a?q=a&b=c"),
        ("https://example.org/a?q=1%2B1", "https://example.org/a?q=1+1"),
        ("https://example.org/a?x=1&x=2", "https://example.org/a?x=2&x=1"),
        ("https://example.org/a?utm=1", "https://example.org/a"),
        ("https://example.org/a?q=%3D", "https://example.org/a?q=%23"),
        // Path.
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/A", "https://example.org/a"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/a%3Fb", "https://example.org/a?b"),
        ("https://example.org/a%23b", "https://example.org/a#b"),
        ("https://example.org/a%253Fb", "https://example.org/a%3Fb"),
        ("https://example.org/a.html", "https://example.org/a"),
        ("https://example.org/amp", "https://example.org/"),
        ("https://example.org/tag/amp", "https://example.org/tag"),
        ("https://example.org/tag/amp/", "https://example.org/tag/"),
        ("https://example.org/amp/mill-saved", "https://example.org/tag/mill-saved"),
        ("https://example.org/guitar.amp", "https://example.org/guitar"),
        ("https://example.org/champ", "https://example.org/ch"),
        ("https://example.org/my-index.html", "https://example.org/"),
        ("https://example.org/index.php/a", "https://example.org/a"),
        ("https://example.org/a;version=2", "https://example.org/a;version=3"),
        ("https://example.org/a;id=2", "https://example.org/a"),
        ("https://example.org/2026/11/22/", "https://example.org/2026/11/23/"),
        // Host and port.
        ("https://a.example.org/x", "https://b.example.org/x"),
        ("https://example.org/x", "https://example.com/x"),
        ("https://example.org:8080/x", "https://example.org:8081/x"),
        ("https://example.org:8080/x", "https://example.org/x"),
        ("https://m.co.uk/x", "https://co.uk/x"),
        ("https://amp.dev/x", "https://dev/x"),
        ("https://www2.example.org/x", "https://example.org/x"),
        ("https://news.www.example.org/x", "https://news.example.org/x"),
        ("https://mail.example.org/x", "https://example.org/x"),
        ("https://mexample.org/x", "https://example.org/x"),
        ("https://m.someone.github.io/x", "https://other.github.io/x"),
        ("https://www.github.io/x", "https://github.io/x"),
        ("https://www.google.com/amp/s/example.org/a", "https://www.google.com/amp/s/example.org/b"),
        ("https://www-example-org.cdn.ampproject.org/i/s/example.org/a", "https://example.org/a"),
        // Fragment.
        ("https://example.org/#!/a", "https://example.org/#!/b"),
        ("https://example.org/#!/a", "https://example.org/"),
    ];
    assert!(different.len() >= 40);
    for (a, b) in different {
        assert_ne!(key(a), key(b), "{a} is not {b}");
    }
}

/// A key read as an address again is its own key: folding twice folds nothing more.
#[test]
fn folding_is_idempotent() {
    for url in [
        "https://www.example.org/a/?utm_source=rss&id=3#top",
        "https://m.www.example.org/x%2fy/amp/index.html/?b=%2b+&a=%zz%4",
        "https://example.org/mill-1.amp.amp",
        "https://example.org/%25%37%45?%3b=%26",
        "https://example.org/a;jsessionid=1;x/;jsessionid=2/b",
        "https://example.org/%E4%B8%AD?q=%F0%9F%98%80#!/%F0",
    ] {
        let once = key(url);
        assert_eq!(key(&format!("https://{once}")), once, "{url}");
    }
}
