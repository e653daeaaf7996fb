//! The web of [`web`](crate::web) in a process of its own, so that its CPU time is nobody else's.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::ops::Sub;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use http::header::HOST;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::loopback::{self, Answer};
use crate::web::{self, Web};

/// How many answers of each kind were given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Served {
    /// Feed documents.
    pub(crate) feeds: u32,
    /// 304 in place of a feed document.
    pub(crate) unchanged: u32,
    /// Article pages.
    pub(crate) pages: u32,
}

impl Served {
    /// A run that did not ask for everything once measured something else.
    pub(crate) fn expect(self, expected: Self) -> Result<(), String> {
        if self == expected { Ok(()) } else { Err(format!("the run asked for {self:?}, expected {expected:?}")) }
    }
}

impl Sub for Served {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            feeds: self.feeds - before.feeds,
            unchanged: self.unchanged - before.unchanged,
            pages: self.pages - before.pages,
        }
    }
}

/// The serving child, as its parent sees it. It ends when this is dropped, or when the parent dies.
#[derive(Debug)]
pub(crate) struct Server {
    port: u16,
    child: Child,
    /// Its end is the child's sign to leave.
    stdin: Option<ChildStdin>,
}

impl Server {
    /// Starts this program once more, as the server.
    pub(crate) fn start(web: Web) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot start the server: {error}");
        let mut child = Command::new(std::env::current_exe().map_err(failed)?)
            .args(["serve", &web.articles.to_string(), &web.page_kib.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let stdin = child.stdin.take();
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it was asked for two lines above");
        BufReader::new(stdout).read_line(&mut line).map_err(failed)?;
        let port = line.trim().parse().map_err(|error| format!("the server's port is `{line}`: {error}"))?;
        Ok(Self { port, child, stdin })
    }

    /// On every address of 127.0.0.0/8.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What it has served so far.
    pub(crate) fn served(&self) -> Result<Served, String> {
        let failed = |error: std::io::Error| format!("cannot ask the server what it served: {error}");
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).map_err(failed)?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).map_err(failed)?;
        stream.write_all(b"GET /served HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").map_err(failed)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map_err(failed)?;
        let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        serde_json::from_str(body).map_err(|error| format!("the server answered `{answer}`: {error}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ended = self.child.wait().is_ok();
    }
}

/// Serves `web` on a free port, prints the port, and ends with its standard input.
pub(crate) fn run(web: Web) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot serve: {error}");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        // All of 127.0.0.0/8 is this machine; other machines are turned away by the accept loop.
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.map_err(failed)?;
        println!("{}", listener.local_addr().map_err(failed)?.port());
        let counters = Arc::new(Counters::default());
        let server = loopback::serve(listener, move |request| {
            let counters = Arc::clone(&counters);
            async move { answer(&web, &counters, request.uri().path(), request.headers()) }
        });
        tokio::select! {
            () = server => {}
            () = parent_gone() => {}
        }
        Ok(())
    })
}

async fn parent_gone() {
    let (send, gone) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _end_or_error = std::io::stdin().read_to_end(&mut Vec::new()).is_ok();
        drop(send);
    });
    let _dropped = gone.await.is_err();
}

#[derive(Debug, Default)]
struct Counters {
    feeds: AtomicU32,
    unchanged: AtomicU32,
    pages: AtomicU32,
}

fn answer(web: &Web, counters: &Counters, path: &str, headers: &HeaderMap) -> Answer {
    if path == "/served" {
        let served = Served {
            feeds: counters.feeds.load(Relaxed),
            unchanged: counters.unchanged.load(Relaxed),
            pages: counters.pages.load(Relaxed),
        };
        let json = serde_json::to_vec(&served).expect("numbers are JSON");
        return loopback::text(StatusCode::OK, "application/json", json.into());
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let Some(site) = web::site_of(host) else {
        return loopback::text(StatusCode::NOT_FOUND, "text/plain", "no such site".into());
    };
    if path == "/feed.xml" {
        let etag = Some(HeaderValue::from_static("\"one-edition\""));
        let answer = loopback::document(headers, web.feed(site, host).into(), "application/rss+xml", etag, None);
        let counter = if answer.status() == StatusCode::NOT_MODIFIED { &counters.unchanged } else { &counters.feeds };
        counter.fetch_add(1, Relaxed);
        return answer;
    }
    match path.strip_prefix("/story/").and_then(|number| number.parse().ok()) {
        Some(number) if number < web.articles => {
            counters.pages.fetch_add(1, Relaxed);
            let page = web.page(site, host, number);
            loopback::text(StatusCode::OK, "text/html; charset=utf-8", page.into())
        }
        _ => loopback::text(StatusCode::NOT_FOUND, "text/plain", "not found".into()),
    }
}

#[cfg(test)]
mod tests {
    use http::header::{HOST, IF_NONE_MATCH};
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::{Counters, Served, answer};
    use crate::web::Web;

    #[test]
    fn every_kind_of_answer_is_counted_as_what_it_is() {
        let (web, counters) = (Web { articles: 2, page_kib: 20 }, Counters::default());
        let mut headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static("127.10.0.7:80"))]);
        let status = |path: &str, headers: &HeaderMap| answer(&web, &counters, path, headers).status();
        assert_eq!(status("/feed.xml", &headers), StatusCode::OK);
        assert_eq!(status("/story/1", &headers), StatusCode::OK);
        assert_eq!(status("/story/2", &headers), StatusCode::NOT_FOUND);
        assert_eq!(status("/robots.txt", &headers), StatusCode::NOT_FOUND);
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"one-edition\""));
        assert_eq!(status("/feed.xml", &headers), StatusCode::NOT_MODIFIED);
        let load = |counter: &std::sync::atomic::AtomicU32| counter.load(std::sync::atomic::Ordering::Relaxed);
        assert_eq!((load(&counters.feeds), load(&counters.unchanged), load(&counters.pages)), (1, 1, 1));
    }

    #[test]
    fn a_run_that_asked_for_something_else_is_no_measurement() {
        let served = Served { feeds: 2, unchanged: 0, pages: 3 };
        assert!(served.expect(served).is_ok());
        assert!(served.expect(Served { pages: 4, ..served }).is_err());
    }
}
