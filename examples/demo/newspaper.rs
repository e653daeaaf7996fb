//! A small invented newspaper on loopback: four feeds in four formats, a dozen and more articles in the markup of
//! three decades, and two editions.
//!
//! It behaves as servers do: `ETag`, `Last-Modified` and 304, gzip, a redirect, tracking parameters in the feeds' links,
//! a page that is gone, a path that robots.txt closes, a page in ISO 8859-1. Its address is only known once it runs, so
//! the documents in `pages/` are templates.

use std::io;

use async_compression::tokio::write::GzipEncoder;
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::loopback::{self, Answer};
use crate::template::{Edition, fill};

/// The newspaper, served until it is dropped.
#[derive(Debug)]
pub(crate) struct Newspaper {
    base: String,
    edition: watch::Sender<Edition>,
    _server: JoinSet<()>,
}

impl Newspaper {
    /// Opens on a free port of 127.0.0.1, with the first edition.
    pub(crate) async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let edition = watch::Sender::new(Edition::First);
        let (served_base, served_edition) = (base.clone(), edition.subscribe());
        let mut server = JoinSet::new();
        server.spawn(loopback::serve(listener, move |request| {
            let (base, edition) = (served_base.clone(), *served_edition.borrow());
            async move { answer(request.uri().path(), request.headers(), &base, edition).await }
        }));
        Ok(Self { base, edition, _server: server })
    }

    /// Its address, without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Serves this edition from now on.
    pub(crate) fn publish(&self, edition: Edition) {
        self.edition.send_replace(edition);
    }
}

const HTML: &str = "text/html; charset=utf-8";

/// One address of the newspaper.
struct Document {
    path: &'static str,
    media_type: &'static str,
    /// As the HTTP header has it. None for the pages whose dates are only to be seen.
    last_modified: Option<&'static str>,
    template: &'static str,
}

const fn page(path: &'static str, template: &'static str) -> Document {
    Document { path, media_type: HTML, last_modified: None, template }
}

const fn feed(path: &'static str, media_type: &'static str, template: &'static str) -> Document {
    Document { path, media_type, last_modified: None, template }
}

const DOCUMENTS: &[Document] = &[
    feed("/feeds/news.xml", "application/rss+xml", include_str!("pages/news.xml")),
    feed("/feeds/culture.atom", "application/atom+xml", include_str!("pages/culture.atom")),
    feed("/feeds/harbour.rdf", "application/rdf+xml", include_str!("pages/harbour.rdf")),
    feed("/feeds/wire.json", "application/feed+json", include_str!("pages/wire.json")),
    page("/news/water-tower", include_str!("pages/water-tower.html")),
    page("/news/ferry-timetable", include_str!("pages/ferry-timetable.html")),
    page("/news/market-hall", include_str!("pages/market-hall.html")),
    page("/news/tide-gate", include_str!("pages/tide-gate.html")),
    Document {
        last_modified: Some("Thu, 26 Feb 2026 18:42:10 GMT"),
        ..page("/news/2026/02/school-kitchen.html", include_str!("pages/school-kitchen.html"))
    },
    page("/culture/reed-organ", include_str!("pages/reed-organ.html")),
    page("/sport/rowing", include_str!("pages/rowing.html")),
    page(SEED, include_str!("pages/harbour-watch.html")),
    page(SEED_BY_SCRIPT, include_str!("pages/harbour-watch-script.html")),
    page("/security/coastguard-cooperation", include_str!("pages/coastguard-cooperation.html")),
    Document {
        media_type: LATIN_1,
        last_modified: Some("Sun, 15 Nov 1998 09:00:00 GMT"),
        ..page("/archive/1998/lamp-oil.htm", include_str!("pages/lamp-oil.htm"))
    },
    page("/wire/20399-library-bees", include_str!("pages/library-bees.html")),
    page("/wire/20401-buecherbus", include_str!("pages/bibliothek.html")),
    page("/wire/20402-shiomihama", include_str!("pages/shiomihama.html")),
    page("/wire/20418-reed-organ", include_str!("pages/reed-organ-wire.html")),
    Document { media_type: "text/plain", ..page("/robots.txt", include_str!("pages/robots.txt")) },
];

/// The page with visible dates only: `5 Mar, 2015 10:20 / Updated 10 years ago`.
pub(crate) const SEED: &str = "/security/harbour-watch";

/// The same page, with the words after "Updated" written by script from a Unix second.
pub(crate) const SEED_BY_SCRIPT: &str = "/security/harbour-watch-live";

/// The charset is only in the page's own `<meta>`, as it was in 1998; the body is encoded when served.
const LATIN_1: &str = "text/html";

/// Moved for good, old address to new.
const REDIRECTS: &[(&str, &str)] = &[("/go/market-hall", "/news/market-hall")];

/// The one document that is compressed for who accepts it.
const COMPRESSED: &str = "/feeds/culture.atom";

async fn answer(path: &str, headers: &HeaderMap, base: &str, edition: Edition) -> Answer {
    if let Some((_, target)) = REDIRECTS.iter().find(|(from, _)| *from == path) {
        let mut moved = loopback::text(StatusCode::MOVED_PERMANENTLY, HTML, Bytes::new());
        let location = HeaderValue::from_str(&format!("{base}{target}")).expect("an address is a valid header");
        moved.headers_mut().insert(LOCATION, location);
        return moved;
    }
    let Some(document) = DOCUMENTS.iter().find(|document| document.path == path) else {
        return loopback::text(StatusCode::NOT_FOUND, HTML, Bytes::from_static(include_bytes!("pages/not-found.html")));
    };
    let text = fill(document.template, base, edition);
    let etag = HeaderValue::from_str(&etag_of(&text)).expect("hexadecimal digits are a valid header");
    let body = if document.media_type == LATIN_1 { latin_1(&text) } else { text.into_bytes() };
    let gzip = path == COMPRESSED
        && headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    let body = if gzip { gzipped(&body).await } else { body };
    let mut answer = loopback::document(headers, body.into(), document.media_type, Some(etag), document.last_modified);
    if gzip {
        answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer
}

fn etag_of(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text).into();
    format!("\"{:032x}\"", digest.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte)))
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
}

async fn gzipped(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzipEncoder::new(Vec::new());
    encoder.write_all(body).await.expect("a vector takes every byte");
    encoder.shutdown().await.expect("a vector takes every byte");
    encoder.into_inner()
}

#[cfg(test)]
mod tests {
    use http::header::{ACCEPT_ENCODING, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION};
    use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
    use http_body_util::BodyExt;

    use super::{COMPRESSED, DOCUMENTS, REDIRECTS, SEED, answer};
    use crate::template::Edition::{self, First, Second};

    const BASE: &str = "http://127.0.0.1:1";

    async fn get(
        path: &str,
        edition: Edition,
        headers: &[(HeaderName, &HeaderValue)],
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let headers = headers.iter().map(|(name, value)| (name.clone(), (*value).clone())).collect();
        let (parts, body) = answer(path, &headers, BASE, edition).await.into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
    }

    #[tokio::test]
    async fn every_document_is_served_in_both_editions_with_no_mark_left() {
        for document in DOCUMENTS {
            for edition in [First, Second] {
                let (status, _, body) = get(document.path, edition, &[]).await;
                assert_eq!(status, StatusCode::OK, "{}", document.path);
                assert!(!String::from_utf8_lossy(&body).contains("{{"), "{}", document.path);
            }
        }
    }

    #[tokio::test]
    async fn known_document_is_answered_304_until_the_edition_changes_it() {
        let (_, headers, _) = get("/news/water-tower", First, &[]).await;
        let sent = [(IF_NONE_MATCH, &headers[ETAG])];
        let (status, _, body) = get("/news/water-tower", First, &sent).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(get("/news/water-tower", Second, &sent).await.0, StatusCode::OK);
        let (_, headers, _) = get("/news/2026/02/school-kitchen.html", First, &[]).await;
        let sent = [(IF_MODIFIED_SINCE, &headers[LAST_MODIFIED])];
        assert_eq!(get("/news/2026/02/school-kitchen.html", First, &sent).await.0, StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn an_edition_changes_only_what_it_says_it_changes() {
        let mut changed = Vec::new();
        for document in DOCUMENTS {
            if get(document.path, First, &[]).await.2 != get(document.path, Second, &[]).await.2 {
                changed.push(document.path);
            }
        }
        assert_eq!(changed, ["/feeds/news.xml", "/feeds/wire.json", "/news/water-tower", "/news/ferry-timetable"]);
    }

    #[tokio::test]
    async fn json_is_well_formed_in_both_editions() {
        for edition in [First, Second] {
            let (_, _, feed) = get("/feeds/wire.json", edition, &[]).await;
            let feed: serde_json::Value = serde_json::from_slice(&feed).unwrap();
            assert_eq!(feed["items"].as_array().unwrap().len(), if edition == First { 3 } else { 4 });
            let (_, _, page) = get("/news/water-tower", edition, &[]).await;
            let page = String::from_utf8(page).unwrap();
            let (_, json_ld) = page.split_once("application/ld+json\">").unwrap();
            serde_json::from_str::<serde_json::Value>(json_ld.split("</script>").next().unwrap()).unwrap();
        }
    }

    #[tokio::test]
    async fn redirects_lead_to_documents_and_the_lost_page_is_lost() {
        for (from, to) in REDIRECTS {
            let (status, headers, _) = get(from, First, &[]).await;
            assert_eq!(
                (status, headers[LOCATION].to_str().unwrap()),
                (StatusCode::MOVED_PERMANENTLY, &*format!("{BASE}{to}"))
            );
            assert_eq!(get(to, First, &[]).await.0, StatusCode::OK);
        }
        assert_eq!(get("/news/allotment-waiting-list", First, &[]).await.0, StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn one_feed_is_compressed_for_who_accepts_it() {
        let gzip = HeaderValue::from_static("gzip, br");
        assert!(get(COMPRESSED, First, &[(ACCEPT_ENCODING, &gzip)]).await.2.starts_with(&[0x1f, 0x8b]));
        assert!(get(COMPRESSED, First, &[]).await.2.starts_with(b"<?xml"));
    }

    #[tokio::test]
    async fn seed_page_states_its_dates_to_the_eye_alone() {
        let (_, headers, body) = get(SEED, First, &[]).await;
        let body = String::from_utf8(body).unwrap();
        assert!(!headers.contains_key(LAST_MODIFIED));
        for structured in ["<time", "ld+json", "itemprop", "<meta property", "datetime"] {
            assert!(!body.contains(structured), "{structured}");
        }
    }

    #[tokio::test]
    async fn the_page_of_1998_is_not_utf_8() {
        let (_, _, body) = get("/archive/1998/lamp-oil.htm", First, &[]).await;
        assert!(body.windows(4).any(|bytes| bytes == b"caf\xe9"));
    }
}
