//! Secrets are on the wire and nowhere else.

use std::fs;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;

use crate::support::Reply;
use crate::world::{World, item, page};

const SECRETS: [&str; 4] = ["in-the-path-7f3a", "in-the-query-91bc", "in-the-header-c04d", "the-password-55ee"];

/// Collects what is logged.
#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_secret_is_on_the_wire_and_not_in_the_archive_or_a_log() {
    let lines = Lines::default();
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(lines.clone()).finish();
    // For all threads: one for this thread alone may miss what another test's thread has logged first.
    tracing::subscriber::set_global_default(log).unwrap();

    let world = World::new("");
    let folder = tempfile::tempdir().unwrap();
    let files = SECRETS.map(|secret| {
        let file = folder.path().join(&secret[..12]);
        fs::write(&file, format!("{secret}\n")).unwrap();
        format!("${{file:{}}}", file.display())
    });
    let [path, query, header, password] = &files;
    world.configure(&format!(
        "[feed.news]\nurl = 'http://news.test/{path}/feed.xml?key={query}'\nheaders = {{ X-Key = '{header}' }}\n\
         basic_auth = {{ username = 'reader', password = '{password}' }}\n"
    ));
    let target = format!("/{}/feed.xml?key={}", SECRETS[0], SECRETS[1]);
    let feed = crate::world::rss(&[
        item("Bells", "/bells"),
        item("Wells", ""),
        item("Belfry", "belfry"),
        item("Tower", "#tower"),
    ]);
    let own = format!("http://news.test{}", target.replace('&', "&amp;"));
    let links = format!("<channel><atom:link rel='self' href='{own}'/><atom:link rel='next' href='{own}&amp;page=2'/>");
    let feed = feed.replacen("<channel>", &links, 1);
    assert!(feed.contains(&own));
    let replies = [
        world.ok(feed),
        Reply::status("500 Internal Server Error"),
        Reply::redirect(302, &format!("{target}&again=1")),
        Reply::ok("no feed"),
        Reply::raw(""),
    ];
    let rounds = replies.len();
    world.server.on(&target, replies);
    world.answer("/bells", page("Bells", "bells").html());
    for _ in 0..rounds {
        world.round_after_hours(100).await;
    }
    let outcomes = world.rows("SELECT coalesce(error_class, outcome) FROM polls ORDER BY id");
    assert_eq!(outcomes, ["new", "server", "not-found", "not-a-feed:text", "connect"]);

    let asked = world.asked(&target);
    assert_eq!(asked[0].header("x-key"), Some(SECRETS[2]));
    assert_eq!(asked[0].header("authorization"), Some("Basic cmVhZGVyOnRoZS1wYXNzd29yZC01NWVl"));
    let page_request = &world.asked("/bells")[0];
    assert_eq!((page_request.header("x-key"), page_request.header("authorization")), (None, None));

    let archive = fs::read(world.database()).unwrap();
    let logged = lines.0.lock().unwrap().clone();
    assert!(logged.windows(11).any(|bytes| bytes == b"cannot poll"), "failures are logged");
    for secret in SECRETS.into_iter().chain(["cmVhZGVyOnRoZS1wYXNzd29yZC01NWVl"]) {
        let is_in = |bytes: &[u8]| bytes.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
        assert!(!is_in(&archive), "{secret} is in the archive");
        assert!(!is_in(&logged), "{secret} is in the log");
    }
}
