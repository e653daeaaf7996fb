//! The fetcher against a server that lies, stalls and never ends.
#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

mod support;

use std::collections::HashMap;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_compression::tokio::write::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use chrono::TimeDelta;
use rustls::pki_types::PrivateKeyDer;
use tearsheet::clock::Clock;
use tearsheet::config::{BasicAuth, FetchSettings, HostRule, PrivateNetworks};
use tearsheet::fetch::{Answer, Attempt, Document, Fetcher, Purpose, Request, Resolver, robots_allow};
use tearsheet::model::failure::{ErrorClass, Failure};
use tearsheet::model::outcome::{RobotsTxt, Validators};
use tearsheet::model::secret::{SecretText, SecretUrl};
use tokio::io::AsyncWriteExt;
use url::Url;

use support::{Release, Reply, Server};

const FEED: &str = "<rss version=\"2.0\"><channel><title>News</title></channel></rss>";

/// A fetcher for loopback, without delays, and its clock.
struct World {
    server: Server,
    settings: FetchSettings,
    hosts: Vec<HostRule>,
    clock: Clock,
}

impl World {
    fn new() -> Self {
        let settings = FetchSettings {
            contact: "https://operator.example/".to_owned(),
            concurrency: 16,
            host_delay: Duration::ZERO,
            host_concurrency: 8,
            timeout: Duration::from_secs(20),
            max_body: 1 << 20,
            private_networks: PrivateNetworks::Allowed,
            proxy: None,
        };
        let clock = Clock::manual("2025-06-03T09:00:00Z".parse().unwrap());
        Self { server: Server::start(), settings, hosts: Vec::new(), clock }
    }

    fn fetcher(&self) -> Fetcher {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let mut names = HashMap::new();
        for name in ["site.test", "feeds.site.test", "www.site.test", "other.test", "nas"] {
            names.insert(name.to_owned(), vec![loopback]);
        }
        names.insert("inner.test".to_owned(), vec!["127.0.0.2".parse().unwrap()]);
        names.insert("metadata.test".to_owned(), vec!["169.254.169.254".parse().unwrap(), "::1".parse().unwrap()]);
        Fetcher::with_resolver(&self.settings, &self.hosts, self.clock.clone(), Resolver::fixed(names)).unwrap()
    }

    async fn fetch(&self, target: &str) -> Attempt {
        self.fetcher().fetch(&request(self.server.url(target))).await
    }

    /// One fetch of a reply to `/`.
    async fn fetch_reply(&self, reply: Reply) -> Attempt {
        self.server.on("/", [reply]);
        self.fetch("/").await
    }

    async fn fetch_url(&self, url: &str) -> Attempt {
        self.fetcher().fetch(&request(Url::parse(url).unwrap())).await
    }
}

fn request(url: Url) -> Request {
    Request {
        url: SecretUrl::plain(url),
        purpose: Purpose::Feed,
        validators: Validators::default(),
        headers: Vec::new(),
        basic_auth: None,
    }
}

fn validators(etag: &str, last_modified: &str) -> Validators {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Validators { etag: some(etag), last_modified: some(last_modified) }
}

#[track_caller]
fn document(attempt: Attempt) -> Document {
    match attempt.result {
        Ok(Answer::Document(document)) => document,
        other => panic!("no document: {other:?}"),
    }
}

#[track_caller]
fn failure(attempt: Attempt, class: ErrorClass) -> Failure {
    let failure = attempt.result.expect_err("there is an answer");
    assert_eq!(failure.class, class, "{}", failure.message);
    failure
}

// --- What is asked ---------------------------------------------------------------------------------------------------

#[tokio::test]
async fn one_plain_get_says_who_asks_and_nothing_else() {
    let world = World::new();
    world.server.on("/feed", [Reply::ok(FEED).header("Set-Cookie", "id=1")]);
    let fetcher = world.fetcher();
    for _ in 0..2 {
        document(fetcher.fetch(&request(world.server.url("/feed"))).await);
    }
    for asked in world.server.requests() {
        let agent = format!("tearsheet/{} (+https://operator.example/)", env!("CARGO_PKG_VERSION"));
        assert_eq!((asked.method.as_str(), asked.header("user-agent")), ("GET", Some(agent.as_str())));
        assert_eq!(asked.header("accept-encoding"), Some("gzip, br, zstd, deflate"));
        assert!(asked.header("accept").unwrap().starts_with("application/atom+xml, application/rss+xml"));
        let mut names: Vec<_> = asked.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"]);
    }
    assert_eq!(world.server.requests().len(), 2);
    assert_eq!(world.server.connections(), 1, "a kept connection is used again");
}

#[tokio::test]
async fn the_request_target_is_that_of_the_url() {
    let world = World::new();
    let fetcher = world.fetcher();
    for target in ["/a%20b/%7Ex?q=1&q=%2f+;=", "/?", "/a//b/;c=1", "/x|y?[a]={b}", "/%C3%BC?%FC", "/'()*!$"] {
        fetcher.fetch(&request(world.server.url(target))).await;
        assert_eq!(world.server.targets().last().map(String::as_str), Some(target));
    }
}

#[tokio::test]
async fn validators_go_out_as_they_came_in() {
    let world = World::new();
    let odd_date = "Tue, 3 Jun 2025 9:00:00 +0000";
    for etag in ["\"aB+/==\"", "W/\"x\"", "unquoted", "\"ü\""] {
        world.server.on("/", [Reply::ok(FEED).header("ETag", etag).header("Last-Modified", odd_date)]);
        let read = document(world.fetch("/").await).validators;
        assert_eq!(read, validators(etag, odd_date));
        let conditional = Request { validators: read, ..request(world.server.url("/")) };
        world.fetcher().fetch(&conditional).await;
        let asked = world.server.requests().pop().unwrap();
        assert_eq!(asked.header("if-none-match"), Some(etag));
        assert_eq!(asked.header("if-modified-since"), Some(odd_date));
    }
}

// --- 304 -------------------------------------------------------------------------------------------------------------

#[track_caller]
fn not_modified(attempt: Attempt) -> Validators {
    match attempt.result {
        Ok(Answer::NotModified { validators }) => validators,
        other => panic!("not a 304: {other:?}"),
    }
}

#[tokio::test]
async fn a_304_keeps_the_validators_and_replaces_those_it_brings() {
    let world = World::new();
    for (headers, expected) in [
        (vec![], validators("\"1\"", "then")),
        (vec![("ETag", "\"2\"")], validators("\"2\"", "then")),
        (vec![("Last-Modified", "now")], validators("\"1\"", "now")),
    ] {
        let reply = headers.iter().fold(Reply::status("304 Not Modified"), |reply, (k, v)| reply.header(k, v));
        world.server.on("/", [reply]);
        let conditional = Request { validators: validators("\"1\"", "then"), ..request(world.server.url("/")) };
        assert_eq!(not_modified(world.fetcher().fetch(&conditional).await), expected);
    }
    assert_eq!(world.server.requests().len(), 3, "one request an attempt");
}

#[tokio::test]
async fn a_304_to_an_unconditional_request_is_no_answer() {
    let world = World::new();
    failure(world.fetch_reply(Reply::status("304 Not Modified")).await, ErrorClass::Protocol);
}

#[tokio::test]
async fn a_200_has_the_validators_of_this_answer_only() {
    let world = World::new();
    world.server.on("/", [Reply::ok(FEED).header("Last-Modified", "now")]);
    let conditional = Request { validators: validators("\"1\"", "then"), ..request(world.server.url("/")) };
    assert_eq!(document(world.fetcher().fetch(&conditional).await).validators, validators("", "now"));
}

// --- Bodies ----------------------------------------------------------------------------------------------------------

macro_rules! compress {
    ($encoder:ident, $bytes:expr) => {{
        let mut encoder = $encoder::new(Vec::new());
        encoder.write_all($bytes).await.unwrap();
        encoder.shutdown().await.unwrap();
        encoder.into_inner()
    }};
}

#[tokio::test]
async fn every_encoding_that_is_offered_is_decoded() {
    let world = World::new();
    let text = FEED.repeat(5000);
    let text = text.as_bytes();
    for (encoding, body) in [
        ("gzip", compress!(GzipEncoder, text)),
        ("x-gzip", compress!(GzipEncoder, text)),
        ("br", compress!(BrotliEncoder, text)),
        ("zstd", compress!(ZstdEncoder, text)),
        ("deflate", compress!(ZlibEncoder, text)),
        ("deflate", compress!(DeflateEncoder, text)),
    ] {
        let wire_bytes = body.len() as u64;
        let whole = Reply::ok(body.clone()).header("Content-Encoding", encoding);
        for reply in [whole.clone(), whole.clone().chunked(1), whole.chunked(999)] {
            let attempt = world.fetch_reply(reply).await;
            assert_eq!(attempt.wire_bytes, wire_bytes, "{encoding}");
            assert!(*document(attempt).body == *text, "{encoding}");
        }
    }
}

#[tokio::test]
async fn gzip_may_have_members_and_padding() {
    let world = World::new();
    let member = compress!(GzipEncoder, b"<rss>");
    let gzip = |body: Vec<u8>| Reply::ok(body).header("Content-Encoding", "gzip");
    for (body, expected) in [
        ([member.clone(), compress!(GzipEncoder, b"</rss>")].concat(), "<rss></rss>"),
        ([member.clone(), b"\0\0garbage".to_vec()].concat(), "<rss>"),
    ] {
        assert_eq!(*document(world.fetch_reply(gzip(body)).await).body, *expected.as_bytes());
    }
    failure(world.fetch_reply(gzip(member[..member.len() - 9].to_vec())).await, ErrorClass::Truncated);
    failure(world.fetch_reply(gzip(b"not gzip".to_vec())).await, ErrorClass::Truncated);
    failure(world.fetch_reply(gzip(Vec::new())).await, ErrorClass::Empty);
    failure(world.fetch_reply(gzip(compress!(GzipEncoder, b""))).await, ErrorClass::Empty);
}

#[tokio::test]
async fn a_second_or_unknown_encoding_is_refused() {
    let world = World::new();
    let twice = compress!(GzipEncoder, &compress!(GzipEncoder, FEED.as_bytes()));
    for encoding in ["gzip, gzip", "gzip, br", "compress", "exi"] {
        let reply = Reply::ok(twice.clone()).header("Content-Encoding", encoding);
        failure(world.fetch_reply(reply).await, ErrorClass::Truncated);
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_given_up_at_the_limit() {
    let mut world = World::new();
    world.settings.max_body = 100_000;
    let fits = document(world.fetch_reply(Reply::ok(vec![b'x'; 100_000])).await);
    assert_eq!(fits.body.len(), 100_000);
    drop(fits);
    failure(world.fetch_reply(Reply::ok(vec![b'x'; 100_001])).await, ErrorClass::TooLarge);
    failure(world.fetch_reply(Reply::ok(vec![b'x'; 100_001]).chunked(5000)).await, ErrorClass::TooLarge);

    let announced = world.fetch_reply(Reply::ok(FEED).announced(u64::MAX / 2)).await;
    assert_eq!(announced.wire_bytes, 0, "refused before it is read");
    failure(announced, ErrorClass::TooLarge);

    let endless = world.fetch_reply(Reply::ok(vec![b'x'; 10_000]).endless(Duration::ZERO)).await;
    assert!(endless.wire_bytes <= 100_000 + (1 << 20), "{}", endless.wire_bytes);
    failure(endless, ErrorClass::TooLarge);
}

#[tokio::test]
async fn bombs_are_given_up_at_the_limit() {
    let world = World::new();
    let zeros = vec![0; 4 << 20];
    for (encoding, body) in [
        ("gzip", compress!(GzipEncoder, &zeros)),
        ("br", compress!(BrotliEncoder, &zeros)),
        ("zstd", compress!(ZstdEncoder, &zeros)),
        ("deflate", compress!(ZlibEncoder, &zeros)),
    ] {
        let reply = Reply::ok(body).header("Content-Encoding", encoding);
        failure(world.fetch_reply(reply).await, ErrorClass::TooLarge);
    }
}

/// A zstd frame of `hello` that asks the decoder for a window of 2^`window_log` bytes (RFC 8878 section 3.1.1).
fn zstd_frame(window_log: u8) -> Vec<u8> {
    let header = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (window_log - 10) << 3];
    let last_raw_block = [(5 << 3) | 1, 0, 0];
    [&header[..], &last_raw_block, b"hello"].concat()
}

#[tokio::test]
async fn a_zstd_window_larger_than_the_web_s_is_refused() {
    let world = World::new();
    let zstd = |window_log| Reply::ok(zstd_frame(window_log)).header("Content-Encoding", "zstd");
    assert_eq!(*document(world.fetch_reply(zstd(23)).await).body, *b"hello");
    failure(world.fetch_reply(zstd(24)).await, ErrorClass::Truncated);
    failure(world.fetch_reply(zstd(27)).await, ErrorClass::Truncated);
}

#[tokio::test]
async fn a_body_cut_short_is_no_body() {
    let world = World::new();
    failure(world.fetch_reply(Reply::ok(FEED).announced(1000)).await, ErrorClass::Truncated);
    let gzip = compress!(GzipEncoder, FEED.as_bytes());
    let short = Reply::ok(gzip).header("Content-Encoding", "gzip").announced(1000);
    failure(world.fetch_reply(short).await, ErrorClass::Truncated);
    let unended = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n";
    failure(world.fetch_reply(Reply::raw(unended)).await, ErrorClass::Truncated);
    let until_close = "HTTP/1.1 200 OK\r\n\r\n<rss/>";
    assert_eq!(*document(world.fetch_reply(Reply::raw(until_close)).await).body, *b"<rss/>");
}

#[tokio::test]
async fn an_empty_body_is_no_success() {
    let world = World::new();
    failure(world.fetch_reply(Reply::ok("")).await, ErrorClass::Empty);
    failure(world.fetch_reply(Reply::status("204 No Content")).await, ErrorClass::Empty);
}

#[tokio::test]
async fn a_connection_is_used_again_after_encoded_bodies_redirects_and_errors() {
    let world = World::new();
    let gzip = compress!(GzipEncoder, FEED.as_bytes());
    world.server.on("/gzip", [Reply::ok(gzip).header("Content-Encoding", "gzip").chunked(7)]);
    world.server.on("/moved", [Reply::redirect(302, "/gzip").body(vec![b'x'; 12_000]).chunked(100)]);
    world.server.on("/broken", [Reply::status("500 Oops").body("sorry")]);
    let fetcher = world.fetcher();
    for target in ["/gzip", "/moved", "/broken", "/gzip"] {
        fetcher.fetch(&request(world.server.url(target))).await;
    }
    assert_eq!((world.server.requests().len(), world.server.connections()), (5, 1));
}

// --- Time ------------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn stalls_and_trickles_end_in_time() {
    let mut world = World::new();
    world.settings.timeout = Duration::from_millis(400);
    let never = Release::default();
    for reply in [
        Reply::ok("<rss>").stalled(),
        Reply::ok("").stalled(),
        Reply::ok("x").endless(Duration::from_millis(20)),
        Reply::ok(FEED).after(&never),
    ] {
        let began = Instant::now();
        let attempt = world.fetch_reply(reply).await;
        assert!(attempt.duration >= Duration::from_millis(350) && began.elapsed() < Duration::from_secs(10));
        failure(attempt, ErrorClass::Timeout);
    }
    never.now();
}

#[tokio::test]
async fn the_time_of_all_hops_counts_together() {
    let mut world = World::new();
    world.settings.timeout = Duration::from_millis(400);
    for n in 0..10 {
        let trickle = Reply::redirect(302, &format!("/{}", n + 1)).body("x").endless(Duration::from_millis(20));
        world.server.on(&format!("/{n}"), [trickle]);
    }
    let began = Instant::now();
    failure(world.fetch("/0").await, ErrorClass::Timeout);
    assert!(began.elapsed() < Duration::from_secs(5));
}

// --- Statuses and wishes ---------------------------------------------------------------------------------------------

#[tokio::test]
async fn statuses_have_classes_and_wishes_are_read() {
    let world = World::new();
    for (status, class) in [
        ("401 Unauthorized", ErrorClass::Denied),
        ("403 Forbidden", ErrorClass::Denied),
        ("404 Not Found", ErrorClass::NotFound),
        ("410 Gone", ErrorClass::Gone),
        ("429 Too Many Requests", ErrorClass::RateLimited),
        ("500 Oops", ErrorClass::Server),
        ("418 Teapot", ErrorClass::Status),
        ("206 Partial Content", ErrorClass::Status),
    ] {
        let attempt = world.fetch_reply(Reply::status(status).body("no").header("Cache-Control", "max-age=60")).await;
        assert_eq!(attempt.http_status, status[..3].parse().ok());
        assert_eq!(attempt.wishes.fresh_for, Some(Duration::from_mins(1)));
        failure(attempt, class);
    }
    let challenge = Reply::status("403 Forbidden").header("cf-mitigated", "challenge");
    failure(world.fetch_reply(challenge).await, ErrorClass::CloudflareChallenge);
}

#[tokio::test]
async fn a_403_means_what_the_host_s_rule_says() {
    let mut world = World::new();
    let rule = HostRule { host: "127.0.0.1".to_owned(), treat_403_as_rate_limited: true, ..HostRule::default() };
    world.hosts = vec![rule];
    failure(world.fetch_reply(Reply::status("403 Forbidden")).await, ErrorClass::RateLimited);
}

// --- The gate --------------------------------------------------------------------------------------------------------

async fn fetch_at(world: &World, fetcher: &Fetcher, host: &str, target: &str) -> Attempt {
    fetcher.fetch(&request(world.server.url_at(host, target))).await
}

#[tokio::test]
async fn retry_after_silences_the_whole_registrable_domain() {
    let world = World::new();
    let limited = Reply::status("429 Too Many Requests").header("Retry-After", "3600");
    world.server.on("/a", [limited, Reply::ok(FEED)]).on("/b", [Reply::ok(FEED)]);
    let fetcher = world.fetcher();
    let attempt = fetch_at(&world, &fetcher, "feeds.site.test", "/a").await;
    assert_eq!(attempt.wishes.retry_after, Some(Duration::from_hours(1)));
    failure(attempt, ErrorClass::RateLimited);
    assert_eq!(fetcher.busy_sites(), ["site.test"]);
    assert_eq!(fetcher.next_free(), Some(world.clock.now() + TimeDelta::hours(1)));

    world.clock.advance(TimeDelta::minutes(20));
    let refused = fetch_at(&world, &fetcher, "www.site.test", "/b").await;
    assert_eq!((refused.http_status, refused.wishes.retry_after), (None, Some(Duration::from_mins(40))));
    assert!(failure(refused, ErrorClass::RateLimited).message.contains("2025-06-03T10:00:00Z"));
    assert_eq!(world.server.targets(), ["/a"], "nothing was asked");

    document(fetch_at(&world, &fetcher, "other.test", "/b").await);
    world.clock.advance(TimeDelta::minutes(40));
    document(fetch_at(&world, &fetcher, "www.site.test", "/b").await);
}

#[tokio::test]
async fn retry_after_of_a_private_machine_speaks_for_one_url() {
    let world = World::new();
    let unavailable = Reply::status("503 Later").header("Retry-After", "Tue, 03 Jun 2025 10:00:00 GMT");
    world.server.on("/a", [unavailable]).on("/b", [Reply::ok(FEED)]);
    let fetcher = world.fetcher();
    for host in ["127.0.0.1", "nas"] {
        let attempt = fetch_at(&world, &fetcher, host, "/a").await;
        assert_eq!(attempt.wishes.retry_after, Some(Duration::from_hours(1)));
        failure(attempt, ErrorClass::RateLimited);
        document(fetch_at(&world, &fetcher, host, "/b").await);
    }
}

#[tokio::test]
async fn a_hold_from_before_a_restart_is_kept() {
    let world = World::new();
    let fetcher = world.fetcher();
    fetcher.hold_site(&"http://feeds.site.test/".parse().unwrap(), world.clock.now() + TimeDelta::hours(1));
    failure(fetch_at(&world, &fetcher, "site.test", "/").await, ErrorClass::RateLimited);
    assert!(world.server.requests().is_empty());
}

#[tokio::test]
async fn ten_feeds_of_one_site_are_asked_one_by_one_a_delay_apart() {
    let mut world = World::new();
    world.settings.host_delay = Duration::from_secs(2);
    world.settings.host_concurrency = 1;
    let fetcher = world.fetcher();
    let mut fetches = tokio::task::JoinSet::new();
    for n in 0..10 {
        let target = format!("/{n}");
        world.server.on(&target, [Reply::ok(FEED)]);
        let host = if n % 2 == 0 { "feeds.site.test" } else { "www.site.test" };
        let (fetcher, url) = (fetcher.clone(), world.server.url_at(host, &target));
        fetches.spawn(async move { fetcher.fetch(&request(url)).await });
    }
    let mut starts = Vec::new();
    while let Some(attempt) = fetches.join_next().await {
        starts.push(attempt.unwrap().started_at - TimeDelta::seconds(2 * i64::try_from(starts.len()).unwrap()));
        world.clock.advance(TimeDelta::seconds(2));
    }
    assert_eq!(starts, [starts[0]; 10]);
    let requests = world.server.requests();
    let overlaps = requests.windows(2).filter(|pair| pair[0].answered.unwrap() > pair[1].started).count();
    assert_eq!((requests.len(), overlaps), (10, 0));
}

#[tokio::test]
async fn a_hanging_site_delays_no_other() {
    let mut world = World::new();
    world.settings.host_concurrency = 1;
    let release = Release::default();
    world.server.on("/slow", [Reply::ok(FEED).after(&release)]).on("/fast", [Reply::ok(FEED)]);
    let fetcher = world.fetcher();
    let slow = fetch_at(&world, &fetcher, "site.test", "/slow");
    let fast = async {
        world.server.reached(1).await;
        document(fetch_at(&world, &fetcher, "other.test", "/fast").await);
        assert_eq!(fetcher.busy_sites(), ["site.test"]);
        release.now();
    };
    document(tokio::join!(slow, fast).0);
}

#[tokio::test]
async fn never_more_than_the_configured_number_is_in_flight() {
    let mut world = World::new();
    world.settings.concurrency = 3;
    let release = Release::default();
    world.server.on("/", [Reply::ok(FEED).after(&release)]);
    let fetcher = world.fetcher();
    let mut fetches = tokio::task::JoinSet::new();
    for host in ["site.test", "other.test", "nas", "127.0.0.1", "127.0.0.9", "127.0.0.8"] {
        let (fetcher, url) = (fetcher.clone(), world.server.url_at(host, "/"));
        fetches.spawn(async move { fetcher.fetch(&request(url)).await });
    }
    world.server.reached(3).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.server.requests().len(), 3);
    release.now();
    while fetches.join_next().await.is_some() {}
}

// --- Redirects -------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn redirects_are_followed_and_judged() {
    let world = World::new();
    world.server.on("/feed", [Reply::ok(FEED)]);
    for (statuses, permanent) in
        [(vec![301], true), (vec![301, 308], true), (vec![302], false), (vec![307, 301], false), (vec![303], false)]
    {
        for (n, status) in statuses.iter().enumerate() {
            let next = if n + 1 == statuses.len() { "/feed".to_owned() } else { format!("/{}", n + 1) };
            world.server.on(&format!("/{n}"), [Reply::redirect(*status, &next)]);
        }
        let document = document(world.fetch("/0").await);
        let feed = world.server.url("/feed");
        assert_eq!(document.final_url, feed);
        assert_eq!(document.permanent_redirect, permanent.then_some(feed), "{statuses:?}");
    }
    let direct = document(world.fetch("/feed").await);
    assert_eq!(direct.permanent_redirect, None);
}

#[tokio::test]
async fn sites_that_redirect_to_each_other_do_not_hold_each_other_up() {
    let mut world = World::new();
    (world.settings.concurrency, world.settings.host_concurrency) = (1, 1);
    world.server.on("/feed", [Reply::ok(FEED)]);
    let sites = ["site.test", "other.test"];
    for (here, there) in [(sites[0], sites[1]), (sites[1], sites[0])] {
        let target = world.server.url_at(there, "/feed");
        world.server.on(&format!("/{here}"), [Reply::redirect(302, target.as_str())]);
    }
    let fetcher = world.fetcher();
    let mut fetches = tokio::task::JoinSet::new();
    for n in 0..20 {
        let host = sites[n % 2];
        let (fetcher, url) = (fetcher.clone(), world.server.url_at(host, &format!("/{host}")));
        fetches.spawn(async move { document(fetcher.fetch(&request(url)).await) });
    }
    while let Some(document) = fetches.join_next().await {
        document.unwrap();
    }
    assert!(fetcher.busy_sites().is_empty());
}

#[tokio::test]
async fn a_fetch_that_is_given_up_leaves_its_site_free() {
    let mut world = World::new();
    (world.settings.concurrency, world.settings.host_concurrency) = (1, 1);
    let never = Release::default();
    world.server.on("/", [Reply::ok(FEED).after(&never), Reply::ok(FEED)]);
    let fetcher = world.fetcher();
    let url = world.server.url("/");
    let asked = request(url.clone());
    tokio::select! {
        _ = fetcher.fetch(&asked) => panic!("the server does not answer"),
        () = world.server.reached(1) => {}
    }
    document(fetcher.fetch(&request(url)).await);
    never.now();
}

#[tokio::test]
async fn circles_and_long_ways_are_one_failure() {
    let world = World::new();
    world.server.on("/a", [Reply::redirect(301, "/b")]).on("/b", [Reply::redirect(301, "/a")]);
    failure(world.fetch("/a").await, ErrorClass::Redirect);
    assert_eq!(world.server.targets(), ["/a", "/b"]);

    let world = World::new();
    for n in 0..12 {
        world.server.on(&format!("/{n}"), [Reply::redirect(302, &format!("/{}", n + 1))]);
    }
    failure(world.fetch("/0").await, ErrorClass::Redirect);
    assert_eq!(world.server.requests().len(), 11);

    failure(world.fetch_reply(Reply::status("301 Elsewhere")).await, ErrorClass::Redirect);
    failure(world.fetch_reply(Reply::redirect(301, "http://[")).await, ErrorClass::Redirect);
}

fn with_credentials(url: Url) -> Request {
    Request {
        validators: validators("\"1\"", ""),
        headers: vec![("X-Token".to_owned(), SecretText::new("s3cret".to_owned(), "${env:TOKEN}".to_owned()))],
        basic_auth: Some(BasicAuth {
            username: SecretText::plain("me"),
            password: SecretText::new("pa:ss".to_owned(), "${env:PASSWORD}".to_owned()),
        }),
        ..request(url)
    }
}

#[tokio::test]
async fn credentials_stay_at_the_origin_they_are_for() {
    let world = World::new();
    let elsewhere = world.server.url_at("other.test", "/feed");
    world.server.on("/here", [Reply::redirect(302, "/there")]);
    world.server.on("/there", [Reply::redirect(302, elsewhere.as_str())]);
    world.server.on("/feed", [Reply::redirect(302, world.server.url_at("site.test", "/back").as_str())]);
    world.server.on("/back", [Reply::ok(FEED)]);
    document(world.fetcher().fetch(&with_credentials(world.server.url_at("site.test", "/here"))).await);
    let has = |name: &str| -> Vec<bool> {
        world.server.requests().iter().map(|asked| asked.header(name).is_some()).collect()
    };
    assert_eq!(world.server.targets(), ["/here", "/there", "/feed", "/back"]);
    assert_eq!(has("authorization"), [true, true, false, false]);
    assert_eq!(has("x-token"), [true, true, false, false]);
    assert_eq!(has("if-none-match"), [true; 4], "a feed that moved is asked conditionally too");
    assert_eq!((has("referer"), has("cookie")), (vec![false; 4], vec![false; 4]));
    assert_eq!(world.server.requests()[0].header("authorization"), Some("Basic bWU6cGE6c3M="));
}

#[tokio::test]
async fn a_user_in_the_url_is_basic_auth_and_the_config_wins() {
    let world = World::new();
    let mut url = world.server.url("/");
    url.set_username("a").unwrap();
    url.set_password(Some("b")).unwrap();
    world.server.on("/", [Reply::ok(FEED)]);
    let document = document(world.fetcher().fetch(&request(url.clone())).await);
    assert_eq!(document.final_url, world.server.url("/"));
    world.fetcher().fetch(&with_credentials(url)).await;
    let sent: Vec<_> = world.server.requests().iter().flat_map(|asked| asked.headers.clone()).collect();
    let sent: Vec<_> =
        sent.iter().filter(|(name, _)| name == "authorization").map(|(_, value)| value.as_str()).collect();
    assert_eq!(sent, ["Basic YTpi", "Basic bWU6cGE6c3M="]);
}

// --- The guard -------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn no_inner_address_is_reached_by_any_road() {
    let mut world = World::new();
    world.settings.private_networks = PrivateNetworks::Listed(vec!["127.0.0.1/32".parse().unwrap()]);
    let port = world.server.address().port();
    for host in [
        "127.0.0.2",
        "2130706434",
        "0x7f000002",
        "127.2",
        "0177.0.0.2",
        "[::1]",
        "[::ffff:127.0.0.2]",
        "[64:ff9b::7f00:2]",
        "[2002:7f00:2::]",
        "169.254.169.254",
        "0.0.0.0",
        "inner.test",
        "metadata.test",
    ] {
        let url = format!("http://{host}:{port}/");
        failure(world.fetch_url(&url).await, ErrorClass::Blocked);
        world.server.on("/to", [Reply::redirect(302, &url)]);
        failure(world.fetch("/to").await, ErrorClass::Blocked);
    }
    assert!(world.server.targets().iter().all(|target| target == "/to"), "{:?}", world.server.targets());
    world.server.on("/to", [Reply::redirect(302, "file:///etc/passwd")]);
    failure(world.fetch("/to").await, ErrorClass::Blocked);
    world.server.on("/ok", [Reply::ok(FEED)]);
    document(world.fetcher().fetch(&request(world.server.url_at("site.test", "/ok"))).await);
}

#[tokio::test]
async fn localhost_is_guarded_by_what_it_resolves_to() {
    let mut world = World::new();
    world.settings.private_networks = PrivateNetworks::Denied;
    let fetcher = Fetcher::new(&world.settings, &[], world.clock.clone()).unwrap();
    failure(fetcher.fetch(&request(world.server.url_at("localhost", "/"))).await, ErrorClass::Blocked);
    assert_eq!(world.server.connections(), 0);
}

// --- Errors ----------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn errors_of_the_network_have_classes() {
    let world = World::new();
    failure(world.fetch_url("http://nowhere.test/").await, ErrorClass::Dns);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = failure(world.fetch_url(&format!("http://{closed}/x")).await, ErrorClass::Connect);
    assert!(refused.message.starts_with(&format!("cannot fetch `http://{closed}/x`: ")), "{}", refused.message);
    failure(world.fetch_reply(Reply::raw("")).await, ErrorClass::Connect);
    failure(world.fetch_reply(Reply::raw("I am no HTTP\r\n\r\n")).await, ErrorClass::Connect);

    let no_tls = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = no_tls.local_addr().unwrap();
    let speaker = std::thread::spawn(move || no_tls.accept().unwrap().0.write_all(b"220 I am a mail server\r\n"));
    failure(world.fetch_url(&format!("https://{address}/")).await, ErrorClass::Tls);
    speaker.join().unwrap().unwrap();
}

/// The certificate names 127.0.0.1 and is signed by itself; both files are of `openssl req -x509 -newkey ec`.
#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_and_not_tried_around() {
    let certificate = include_bytes!("fixtures/tls/self-signed.der").as_slice().into();
    let key = PrivateKeyDer::try_from(include_bytes!("fixtures/tls/self-signed-key.der").as_slice()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let tries = Arc::new(AtomicUsize::new(0));
    std::thread::spawn({
        let tries = Arc::clone(&tries);
        move || {
            for stream in listener.incoming() {
                tries.fetch_add(1, Ordering::SeqCst);
                let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let _refused = tls.complete_io(&mut stream.unwrap()).is_err();
            }
        }
    });
    let message = failure(World::new().fetch_url(&format!("https://{address}/")).await, ErrorClass::Tls).message;
    assert!(message.contains("certificate"), "{message}");
    assert_eq!(tries.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn no_message_holds_a_secret() {
    let world = World::new();
    let expanded = world.server.url("/feed?key=s3cret");
    let shown = "http://127.0.0.1/feed?key=${env:KEY}";
    let secret = Request { url: SecretUrl::new(expanded, shown.to_owned()), ..with_credentials(world.server.url("/")) };
    let inner = "http://nowhere.test/s3cret";
    for reply in [
        Reply::status("404 Not Found"),
        Reply::ok(FEED).announced(1000),
        Reply::raw(""),
        Reply::redirect(301, "/feed?key=s3cret&more"),
        Reply::redirect(301, inner),
        Reply::redirect(301, "http://[s3cret"),
    ] {
        world.server.on("/feed?key=s3cret", [reply]);
        let attempt = world.fetcher().fetch(&secret).await;
        let message = attempt.result.unwrap_err().message;
        assert!(message.contains(shown) && !message.contains("s3cret") && !message.contains("pa:ss"), "{message}");
    }
    world.server.on("/feed?key=s3cret", [Reply::redirect(301, "/feed?key=s3cret&more")]);
    world.server.on("/feed?key=s3cret&more", [Reply::ok(FEED)]);
    assert_eq!(document(world.fetcher().fetch(&secret).await).permanent_redirect, None, "it would be stored");

    let unfit = SecretText::new("s3cret\n".to_owned(), "${file:token}".to_owned());
    let broken = Request { headers: vec![("X-Token".to_owned(), unfit)], ..request(world.server.url("/")) };
    let message = failure(world.fetcher().fetch(&broken).await, ErrorClass::Blocked).message;
    assert!(message.contains("`X-Token`") && !message.contains("s3cret"), "{message}");
}

#[tokio::test]
async fn a_proxy_that_is_none_is_told_without_its_secret() {
    let mut world = World::new();
    world.settings.proxy = Some(SecretText::new("::s3cret::".to_owned(), "${env:PROXY}".to_owned()));
    let error = Fetcher::new(&world.settings, &[], world.clock.clone()).unwrap_err();
    assert_eq!(error.to_string(), "`fetch.proxy` is not the URL of a proxy (got `${env:PROXY}`)");
}

#[tokio::test]
async fn requests_go_through_the_proxy_and_literals_are_still_guarded() {
    let mut world = World::new();
    world.settings.private_networks = PrivateNetworks::Denied;
    world.settings.proxy = Some(SecretText::plain(world.server.url("/").as_str()));
    world.server.on("http://public.example/feed", [Reply::ok(FEED)]);
    document(world.fetch_url("http://public.example/feed").await);
    failure(world.fetch_url("http://127.0.0.1/feed").await, ErrorClass::Blocked);
    assert_eq!(world.server.only_request().target, "http://public.example/feed");
}

// --- robots.txt ------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn robots_txt_means_what_rfc_9309_says() {
    let world = World::new();
    let page = world.server.url("/a/page?x");
    let robots = async |replies: &[Reply]| {
        world.server.on("/robots.txt", replies.iter().cloned());
        world.fetcher().robots(&page).await
    };
    let rules = "User-agent: tearsheet\nDisallow: /a/\n";
    let found = robots(&[Reply::ok(rules)]).await;
    assert_eq!(found, RobotsTxt::Rules(rules.to_owned()));
    assert!(!robots_allow(&found, &page) && robots_allow(&found, &world.server.url("/b")));
    assert_eq!(world.server.only_request().target, "/robots.txt");

    assert_eq!(robots(&[Reply::status("404 Not Found")]).await, RobotsTxt::Allowed);
    assert_eq!(robots(&[Reply::status("403 Forbidden")]).await, RobotsTxt::Allowed);
    assert_eq!(robots(&[Reply::status("500 Oops")]).await, RobotsTxt::Unavailable);
    assert_eq!(robots(&[Reply::status("429 Slowly")]).await, RobotsTxt::Unavailable);
    assert_eq!(robots(&[Reply::raw("")]).await, RobotsTxt::Unavailable);
    assert_eq!(robots(&[Reply::ok("")]).await, RobotsTxt::Rules(String::new()));
    assert_eq!(robots(&[Reply::ok(rules).announced(1000)]).await, RobotsTxt::Unavailable);

    let long = format!("{rules}{}", "# long\n".repeat(200_000));
    let RobotsTxt::Rules(cut) = robots(&[Reply::ok(long)]).await else { panic!("no rules") };
    assert_eq!(cut.len(), 500 * 1024);

    for (hops, expected) in [(5, RobotsTxt::Rules(rules.to_owned())), (6, RobotsTxt::Allowed)] {
        for n in 0..hops {
            let next = if n + 1 == hops { "/rules".to_owned() } else { format!("/{}", n + 1) };
            world.server.on(&format!("/{n}"), [Reply::redirect(302, &next)]);
        }
        world.server.on("/rules", [Reply::ok(rules)]);
        world.server.on("/robots.txt", [Reply::redirect(302, if hops == 5 { "/1" } else { "/0" })]);
        assert_eq!(world.fetcher().robots(&page).await, expected, "{hops} hops");
    }
}
