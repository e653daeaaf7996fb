//! Whole configs in, errors and settings out.

use std::path::Path;
use std::time::Duration;

use super::finding::ConfigErrors;
use super::load::load;
use super::world::TestWorld;
use super::{ANY_SELECTOR, Config, ContentMode, Every, FeedConfig, Keep, LogFormat, PrivateNetworks};
use crate::model::id::Slug;

const PATH: &str = "/c/t.toml";
const SECRET: &str = "s3cr3t";

fn world() -> TestWorld {
    TestWorld::default().variable("SECRET", SECRET).variable("BAD_URL", "s3cr3t://x").file("/c/pw", "s3cr3t\n")
}

fn read(world: TestWorld, text: &str) -> Result<Config, ConfigErrors> {
    load(Path::new(PATH), ANY_SELECTOR, &world.file(PATH, text))
}

#[track_caller]
fn good(text: &str) -> Config {
    read(world(), text).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The one feed of a config that ends with `[feed.a]` and a URL; `text` goes on from there.
#[track_caller]
fn feed(before: &str, text: &str) -> FeedConfig {
    good(&format!("{before}\n[feed.a]\nurl = \"https://e.org/f\"\n{text}\n")).feeds.remove(0)
}

/// Checks the errors, without the folder of the config.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_in(world(), text, expected);
}

#[track_caller]
fn check_in(world: TestWorld, text: &str, expected: &[&str]) {
    let errors = read(world, text).map(drop).unwrap_err().to_string().replace("/c/", "");
    assert_eq!(errors.lines().collect::<Vec<_>>(), expected);
}

/// Checks the one error of a line in `[defaults]`; it stands in line 2.
#[track_caller]
fn check_default(line: &str, expected: &str) {
    check(&format!("[defaults]\n{line}\n"), &[&format!("t.toml:2:{expected}")]);
}

/// Checks the one error of a line in `[feed.a]`; it stands in line 3.
#[track_caller]
fn check_feed(line: &str, expected: &str) {
    check(&format!("[feed.a]\nurl = \"https://e.org/f\"\n{line}\n"), &[&format!("t.toml:3:{expected}")]);
}

/// Checks the one error of a URL; it stands in line 2.
#[track_caller]
fn check_url(url: &str, expected: &str) {
    check(&format!("[feed.a]\nurl = '{url}'\n"), &[&format!("t.toml:2:7: feed.a.url: {expected}")]);
}

#[test]
fn all_errors_come_at_once_in_order() {
    check(
        "[defaults]\nevry = \"30m\"\nmin_every = \"0s\"\n\n[feed.a]\ntags = \"x\"\nurl = \"ftp://e.org\"\n[zzz]\n",
        &[
            "t.toml:2:1: unknown key `evry` in [defaults], did you mean `every`?",
            "t.toml:3:13: defaults.min_every: must be 1s to 365d (got \"0s\")",
            "t.toml:6:8: feed.a.tags: must be a list (got a string)",
            "t.toml:7:7: feed.a.url: must begin with http:// or https:// (got \"ftp://e.org\")",
            "t.toml:8:2: unknown key `zzz` at the top level",
        ],
    );
}

#[test]
fn wrong_values_are_named_with_what_they_should_be() {
    check_default("robots = 1", "10: defaults.robots: must be true or false (got an integer)");
    check_default("every = 30", "9: defaults.every: must be a text with a unit, such as \"30s\" or \"15m\" (got 30)");
    check_default(
        "min_every = 30",
        "13: defaults.min_every: must be a text with a unit, such as \"30s\" or \"15m\" (got 30)",
    );
    check_default(
        "every = \"often\"",
        "9: defaults.every: must be \"adaptive\" or a duration, such as \"30m\" (got \"often\")",
    );
    check_default(
        "content = \"pages\"",
        "11: defaults.content: must be \"page\", \"feed\" or \"auto\" (got \"pages\")",
    );
    check_default(
        "recheck = [\"6h\", \"1h\"]",
        "18: defaults.recheck[1]: must be longer than the one before, which is 6h (got \"1h\")",
    );
    check_default("recheck = [\"6h\", \"0\"]", "18: defaults.recheck[1]: must be 1s to 3650d (got \"0\")");
    check_default("robots = \"no\"", "10: defaults.robots: must be true or false (got a string)");
    check_default(
        "block = [{}]",
        "10: defaults.block[0]: must have one or more of title, url, author, category, content",
    );
    check_default(
        "block = [{ title = \"(\" }]",
        "20: defaults.block[0].title: not a regular expression: unclosed group (got \"(\")",
    );
    check_default(
        "keep = [{ title = '(\\w{500}){500}' }]",
        "19: defaults.keep[0].title: not a regular expression: Compiled regex exceeds size limit of 1048576 bytes (got \"(\\w{500}){500}\")",
    );
    check_default(
        "assume_timezone = \"Europe/Belrin\"",
        "19: defaults.assume_timezone: not a time zone such as \"Europe/Berlin\", did you mean `Europe/Berlin`? (got \"Europe/Belrin\")",
    );
    check_default("url = \"x\"", "1: unknown key `url` in [defaults]; it belongs in [feed.<slug>] or block and keep");
    check_default("tags = [\"\"]", "9: defaults.tags[0]: must not be empty (got \"\")");
    check("defaults = 1", &["t.toml:1:12: defaults: must be a table (got an integer)"]);
    check(
        "[log]\nlevel = \"loud\"",
        &[
            "t.toml:2:9: log.level: not a level (error, warn, info, debug, trace) or a filter such as \"info,tearsheet=debug\" (got \"loud\")",
        ],
    );
    check("[fetch]\nconcurrency = 0", &["t.toml:2:15: fetch.concurrency: must be 1 to 1024 (got 0)"]);
    check("[fetch]\nmax_body = \"2GiB\"", &["t.toml:2:12: fetch.max_body: must be 1KiB to 1GiB (got \"2GiB\")"]);
    check("[fetch]\ntimeout = \"2h\"", &["t.toml:2:11: fetch.timeout: must be 1s to 1h (got \"2h\")"]);
    check(
        "[fetch]\nprivate_networks = [\"10.0.0.0/33\"]",
        &[
            "t.toml:2:21: fetch.private_networks[0]: not a network, such as \"10.0.0.0/8\" or \"fd00::/8\" (got \"10.0.0.0/33\")",
        ],
    );
    check(
        "[store]\nkeep_log = \"0\"\nkeep_raw = \"always\"\nkeep_revisions = 1",
        &[
            "t.toml:2:12: store.keep_log: must be 1d to 36500d (got \"0\")",
            "t.toml:3:12: store.keep_raw: must be a duration, such as \"90d\", \"0\" or \"forever\" (got \"always\")",
            "t.toml:4:18: store.keep_revisions: must be 2 to 1000000 (got 1)",
        ],
    );
    check("[log]\nformat = \"xml\"", &["t.toml:2:10: log.format: must be \"text\" or \"json\" (got \"xml\")"]);
    check(
        "[host.\"e.org:80\"]\ntreat_403_as = \"x\"",
        &[
            "t.toml:1:7: host: not a name of a host, such as \"example.com\" (got \"e.org:80\")",
            "t.toml:2:16: host.\"e.org:80\".treat_403_as: must be \"rate-limited\" (got \"x\")",
        ],
    );
}

#[test]
fn wrong_feeds_are_named() {
    check("[[feed]]", &["t.toml:1:1: feed: must be tables by name, such as [feed.example] (got a list)"]);
    check("[feed.a]", &["t.toml:1:7: feed.a: url is missing"]);
    check(
        "[feed.\"A b\"]\nurl = \"https://e.org/\"",
        &[
            "t.toml:1:7: feed: a slug is 1 to 64 characters of a-z 0-9 - _ . and begins with a letter or digit (got \"A b\")",
        ],
    );
    check_feed("headers = { host = \"x\" }", "20: feed.a.headers.host: is set by tearsheet itself");
    check_feed("headers = { \"a b\" = \"x\" }", "21: feed.a.headers.\"a b\": not a name of a header");
    check_feed(
        "headers = { X-A = \"x\", x-a = \"y\" }",
        "30: feed.a.headers.x-a: is set twice: case does not count in names of headers",
    );
    check_feed("basic_auth = \"me:s3cr3t\"", "14: feed.a.basic_auth: must be a table (got a string)");
    check_feed("basic_auth = { username = \"me\" }", "1: feed.a.basic_auth: password is missing");
    check_feed(
        "group = \"nw\"\n[group.new]",
        "9: feed.a.group: there is no group of this name, did you mean `new`? (got \"nw\")",
    );
    check_feed("page.select = 1", "15: feed.a.page.select: must be a text (got an integer)");
    check_feed("page.drop = [\"b\", 2]", "19: feed.a.page.drop[1]: must be a text (got an integer)");
}

#[test]
fn urls_are_checked_and_passwords_in_them_not_repeated() {
    check_url("e.org/feed", "not a URL: relative URL without a base (got \"e.org/feed\")");
    check_url("file:///etc/passwd", "must begin with http:// or https:// (got \"file:///etc/passwd\")");
    check_url("https://", "not a URL: empty host (got \"https://\")");
    let advice = "holds a user name or password: use basic_auth = { username = \"…\", password = \"${file:…}\" }";
    check_url("https://me:s3cr3t@e.org/", advice);
    check_url("https://me:s3cr3t@e.org:x/", "not a URL: invalid port number");
    check_url("${env:BAD_URL}", "must begin with http:// or https:// (got \"${env:BAD_URL}\")");
    check_url("https://e.org/${env:NO}", "the environment variable NO is not set as UTF-8");
}

#[test]
fn doubles_name_both_places() {
    check(
        "[feed.a]\nurl = \"https://e.org/f#x\"\n[feed.b]\nurl = \"https://E.org:443/f\"\n",
        &["t.toml:4:7: feed.b.url: is the URL of [feed.a] at t.toml:1 too"],
    );
    let world = world().file("/c/a.toml", "[feed.x]\nurl = \"https://e.org/1\"\n[group.g]\n[host.\"e.org\"]\n");
    check_in(
        world,
        "include = [\"a.toml\"]\n[feed.x]\nurl = \"https://e.org/2\"\n[group.g]\n[host.\"E.org.\"]\n",
        &[
            "a.toml:1:7: feed.x: is defined twice, first at t.toml:2",
            "a.toml:3:8: group.g: is defined twice, first at t.toml:4",
            "a.toml:4:7: host.\"e.org\": is defined twice, first at t.toml:5",
        ],
    );
}

#[test]
fn contradicting_intervals_are_errors_within_a_table() {
    check_default(
        "min_every = \"2d\"\nmax_every = \"1d\"",
        "13: defaults.min_every: must not be longer than max_every, which is 1d (got \"2d\")",
    );
    check_default(
        "every = \"5m\"\nmin_every = \"10m\"",
        "9: defaults.every: must not be shorter than min_every, which is 10m (got \"5m\")",
    );
}

#[test]
fn farther_intervals_give_way_to_nearer_ones() {
    let minutes = |feed: &FeedConfig| {
        let settings = &feed.settings;
        let every = if let Every::Fixed(every) = settings.every { Some(every.as_secs() / 60) } else { None };
        (every, settings.min_every.as_secs() / 60, settings.max_every.as_secs() / 60)
    };
    assert_eq!(minutes(&feed("", "")), (None, 15, 1440));
    assert_eq!(minutes(&feed("", "min_every = \"2d\"")), (None, 2880, 2880));
    assert_eq!(minutes(&feed("", "max_every = \"5m\"")), (None, 5, 5));
    assert_eq!(minutes(&feed("", "every = \"5m\"")), (Some(5), 5, 1440));
    assert_eq!(minutes(&feed("[defaults]\nmin_every = \"20m\"", "every = \"2d\"")), (Some(2880), 20, 2880));
    assert_eq!(minutes(&feed("[defaults]\nevery = \"5m\"", "min_every = \"1h\"")), (Some(60), 60, 1440));
}

#[test]
fn nearer_layers_win_and_tags_add_up() {
    let defaults = "[defaults]\ncontent = \"feed\"\nrobots = false\nrecheck = []\ntags = [\"d\", \"x\"]\n\
                    [group.g]\ncontent = \"auto\"\nrobots = true\ntags = [\"g\"]\n";
    let feed = feed(defaults, "group = \"g\"\ncontent = \"page\"\ntags = [\"f\", \"d\"]");
    assert_eq!(feed.settings.content, ContentMode::Page);
    assert!(feed.settings.robots);
    assert_eq!(feed.settings.recheck, []);
    assert_eq!(feed.tags, ["d", "x", "g", "f"]);
    assert_eq!(feed.location, "/c/t.toml:11");
}

#[test]
fn every_section_is_read() {
    let config = good(
        "[store]\npath = \"db/x.db\"\nkeep_raw = \"0\"\nkeep_log = \"forever\"\nretention = \"400d\"\nkeep_revisions = 5\n\
         [fetch]\ncontact = \"a@e.org\"\nconcurrency = 4\nhost_delay = \"0\"\nhost_concurrency = 2\ntimeout = \"1h\"\n\
         max_body = 2048\nprivate_networks = [\"10.1.2.3/8\", \"::1\"]\nproxy = \"http://u:s3cr3t@p:1\"\n\
         [log]\nlevel = \"info,tearsheet=debug\"\nformat = \"json\"\n\
         [host.\"E.org\"]\nhost_delay = \"65s\"\ntreat_403_as = \"rate-limited\"\n\
         [feed.a]\nurl = \"http://e.org\"\nenabled = false\ntitle = \"A\"\n",
    );
    assert_eq!(config.store.path, Path::new("/c/db/x.db"));
    assert_eq!((config.store.keep_raw, config.store.keep_log), (Keep::Off, Keep::Forever));
    assert_eq!(config.store.retention, Keep::For(Duration::from_hours(9600)));
    assert_eq!((config.fetch.max_body, config.fetch.host_delay), (2048, Duration::ZERO));
    let networks = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
    assert_eq!(config.fetch.private_networks, PrivateNetworks::Listed(networks.to_vec()));
    assert_eq!(config.fetch.proxy.as_ref().unwrap().expose(), "http://u:s3cr3t@p:1");
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!((config.hosts[0].host.as_str(), config.hosts[0].treat_403_as_rate_limited), ("e.org", true));
    assert!(!config.feed(&Slug::new("a").unwrap()).unwrap().enabled);
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    assert!(!format!("{config:?}").contains(SECRET));
}

#[test]
fn store_path_expands_variables_alone() {
    let config = read(world().variable("STATE", "/s"), "[store]\npath = \"${env:STATE}/x.db\"").unwrap();
    assert_eq!(config.store.path, Path::new("/s/x.db"));
    assert_eq!(good("").store.path, Path::new("/var/lib/tearsheet/tearsheet.db"));
    check(
        "[store]\npath = \"${file:pw}\"",
        &["t.toml:2:8: store.path: may hold ${env:…} alone, since a path is no secret (got \"${file:pw}\")"],
    );
}

#[test]
fn secrets_are_usable_and_never_shown() {
    let text = "[fetch]\nproxy = \"http://u:${env:SECRET}@p:1\"\n[feed.a]\nurl = \"https://e.org/${env:SECRET}\"\n\
                headers = { cookie = \"${file:pw}\", x-key = \"s3cr3t\" }\n\
                basic_auth = { username = \"me\", password = \"s3cr3t$${\" }\n";
    let config = good(text);
    let feed = &config.feeds[0];
    assert_eq!(feed.url.expose().as_str(), "https://e.org/s3cr3t");
    assert_eq!(feed.url.shown(), "https://e.org/${env:SECRET}");
    assert_eq!(feed.headers.iter().map(|(_, value)| value.expose()).collect::<Vec<_>>(), [SECRET, SECRET]);
    assert_eq!(feed.basic_auth.as_ref().unwrap().password.expose(), "s3cr3t${");
    let shown = format!("{config:?} {config:#?} {}", feed.url);
    assert!(!shown.contains(SECRET), "{shown}");
}

/// Each line is wrong after its expansion, or holds a secret that is written out in the wrong form.
#[test]
fn secrets_are_in_no_error() {
    let world = world().variable("LINES", "s3cr3t\ns3cr3t").variable("PORT", "https://e.org:s3cr3t/");
    for wrong in [
        "url = \"${env:SECRET}\"",
        "url = \"${env:PORT}\"",
        "url = \"https://${env:SECRET}:x@e.org\"",
        "url = \"https://e.org/${env:NO}${env:SECRET}\"",
        "headers = { a = \"${env:LINES}\" }",
        "headers = { a = [\"s3cr3t\"] }",
        "headers = \"s3cr3t\"",
        "basic_auth = { username = \"${env:LINES}:\", password = \"x\" }",
        "basic_auth = { username = \"me\", password = [\"s3cr3t\"] }",
        "basic_auth = [\"s3cr3t\"]",
        "[fetch]\nproxy = \"${env:SECRET}\"",
        "[fetch]\nproxy = \"ftp://x:s3cr3t@h\"",
        "[store]\npath = \"${env:SECRET}\\u0000\"",
    ] {
        let text = if wrong.starts_with('[') { wrong.to_owned() } else { format!("[feed.a]\n{wrong}\n") };
        let world = TestWorld::clone(&world);
        let errors = read(world, &text).map(drop).expect_err(wrong);
        assert!(!format!("{errors} {errors:?}").contains(SECRET), "{errors}");
    }
}

#[test]
fn includes_bring_feeds_groups_and_hosts() {
    let world = world()
        .file("/c/d/b.toml", "[feed.b]\nurl = \"https://e.org/b\"\ngroup = \"g\"\nheaders = { a = \"${file:pw}\" }")
        .file("/c/d/pw", "of d")
        .file("/c/d/a.toml", "[group.g]\ntags = [\"g\"]\n[host.\"e.org\"]\n[feed.a]\nurl = \"https://e.org/a\"")
        .file("/c/d/c.toml~", "broken");
    let config = read(world, "include = [\"d/*.toml\", \"d/a.toml\", \"none/*.opml\"]").unwrap();
    let slugs: Vec<&str> = config.feeds.iter().map(|feed| feed.slug.as_str()).collect();
    assert_eq!((slugs, config.groups.len(), config.hosts.len()), (vec!["a", "b"], 1, 1));
    assert_eq!(config.feeds[1].tags, ["g"]);
    assert_eq!(config.feeds[1].headers[0].1.expose(), "of d");
    let warnings: Vec<String> = config.warnings.iter().map(|warning| warning.to_string().replace("/c/", "")).collect();
    assert_eq!(
        warnings,
        [
            "t.toml:1:1: fetch.contact: is empty; write a URL or address at which publishers can reach you",
            "t.toml:1:36: include: no file matches \"none/*.opml\"",
        ]
    );
}

/// The table says how the feed is polled; the export adds its folders, and feeds of its own under the defaults.
#[test]
fn opml_adds_to_the_feeds_of_tables() {
    let opml = "<opml><outline text='F'><outline text='T' xmlUrl='https://e.org/a#x'/><outline text='B' \
                xmlUrl='https://e.org/b?${env:SECRET}'/><outline xmlUrl='https://e.org/c'/></outline></opml>";
    let text = "include = [\"x.opml\"]\n[defaults]\ncontent = \"feed\"\ntags = [\"d\"]\n\
                [feed.a]\nurl = \"https://e.org/a\"\ncontent = \"auto\"\n[feed.\"e.org-c\"]\nurl = \"https://e.org/\"\n";
    let config = read(world().file("/c/x.opml", opml), text).unwrap();
    let line = |feed: &FeedConfig| format!("{} {} {:?}", feed.slug, feed.tags.join(","), feed.settings.content);
    assert_eq!(
        config.feeds.iter().map(line).collect::<Vec<_>>(),
        ["a d,F Auto", "e.org-c d Feed", "e.org-b-df07fbac d,F Feed", "e.org-c-74981104 d,F Feed"]
    );
    assert_eq!((config.feeds[0].title.as_deref(), config.feeds[2].title.as_deref()), (None, Some("B")));
    assert!(!format!("{}", config.feeds[2].url.expose()).contains(SECRET));
    assert_eq!(config.feeds[2].location, "/c/x.opml:1");
}

#[test]
fn number_of_included_files_is_bounded() {
    let world = (0..10_001).fold(world(), |world, number| world.file(&format!("/c/d/{number}.toml"), ""));
    check_in(world, "include = [\"d/*.toml\"]", &["t.toml:1:12: include: more than 10000 files"]);
}

#[test]
fn wrong_includes_are_named() {
    let world = world()
        .file("/c/a.toml", "include = [\"b.toml\"]\n[store]\n[feeds]\n")
        .file("/c/b.toml", "[feed.b]\nurl = \n")
        .file("/c/c.toml", b"[feed.c]\nurl = \"\xff\"")
        .file("/c/x.opml", "<opml><body></body")
        .file("/c/y.opml", "<html/>");
    check_in(
        world,
        "include = [\"a.toml\", \"b.toml\", \"c.toml\", \"no.toml\", \"*/x.toml\", \"x.txt\", \"x.opml\", \"y.opml\"]\n\
         [feed.f]\nurl = \"https://e.org\"\ngroup = \"perhaps-in-b\"\n",
        &[
            "t.toml:1:42: include: cannot read no.toml: it does not exist",
            "t.toml:1:53: include: `*` may stand in the name of the file alone, not in that of a folder (got \"*/x.toml\")",
            "t.toml:1:65: include: must end in .toml, .opml or .xml (got \"x.txt\")",
            "a.toml:1:1: include: cannot stand in an included file: one file names all others",
            "a.toml:2:2: store: cannot stand in an included file, since it holds for all: move it to the file that includes this one",
            "a.toml:3:2: unknown key `feeds` at the top level, did you mean `feed`?",
            "b.toml:2:7: not TOML: string values must be quoted, expected literal string",
            "c.toml:2:8: not TOML: not UTF-8",
            "x.opml:1:13: not well-formed XML: syntax error: tag not closed: `>` not found before end of input",
            "y.opml:1:1: not OPML: it has no <opml> element",
        ],
    );
}

#[test]
fn a_config_that_is_not_there_is_one_error() {
    let errors = load(Path::new(PATH), ANY_SELECTOR, &world()).unwrap_err();
    assert_eq!(errors.to_string(), "/c/t.toml:1:1: cannot read the config: it does not exist");
    check("[feed.a\n", &["t.toml:1:8: not TOML: unclosed table, expected `]`"]);
}

#[test]
fn selectors_are_checked_by_what_is_handed_in() {
    let text = "[feed.a]\nurl = \"https://e.org\"\n[feed.a.page]\nselect = \"a\"\ndrop = [\"::\"]\n";
    let check = |selector: &str| if selector == "::" { Err("unexpected end".to_owned()) } else { Ok(()) };
    let errors = load(Path::new(PATH), check, &world().file(PATH, text)).unwrap_err();
    let expected = "/c/t.toml:5:9: feed.a.page.drop[0]: not a CSS selector: unexpected end (got \"::\")";
    assert_eq!(errors.to_string(), expected);
}

/// A key that is listed but not read would be silently ignored: each, given a date, must be reported.
#[test]
fn every_known_key_is_read() {
    use super::keys;
    for (before, section, after) in [
        ("", &keys::ROOT, ""),
        ("[store]\n", &keys::STORE, ""),
        ("[fetch]\n", &keys::FETCH, ""),
        ("[defaults]\n", &keys::LAYER, ""),
        ("[group.g]\n", &keys::LAYER, ""),
        ("[feed.a]\n", &keys::FEED, ""),
        ("[feed.a]\nurl = \"https://e.org\"\n[feed.a.page]\n", &keys::PAGE, ""),
        ("[feed.a]\nurl = \"https://e.org\"\n[feed.a.basic_auth]\n", &keys::BASIC_AUTH, ""),
        ("[[defaults.block]]\n", &keys::FILTER, ""),
        ("[host.h]\n", &keys::HOST, ""),
        ("[log]\n", &keys::LOG, "[fetch]\ncontact = \"x\""),
    ] {
        let lines = section.keys.iter().map(|key| format!("{key} = 2020-01-01\n")).collect::<Vec<_>>().concat();
        let errors = read(world(), &format!("{before}{lines}{after}")).unwrap_err();
        for key in section.keys {
            let named =
                |message: &str| message.split(':').next().is_some_and(|name| name.rsplit('.').next() == Some(*key));
            assert!(errors.errors.iter().any(|error| named(&error.message)), "{key} in {}: {errors}", section.name);
        }
    }
}

#[test]
fn marks_and_line_ends_of_any_system_are_taken() {
    assert_eq!(good("\u{feff}[feed.a]\r\nurl = \"https://e.org/\"\r\n").feeds.len(), 1);
    check(
        "\u{feff}x = 1\r\ny = 1\r\n",
        &["t.toml:1:1: unknown key `x` at the top level", "t.toml:2:1: unknown key `y` at the top level"],
    );
}

#[test]
fn hostile_input_is_an_error_and_not_a_crash() {
    let deep = [
        format!("x = {}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("x = {}", "{a=".repeat(100_000)),
        format!("[{}a]\n", "a.".repeat(100_000)),
        format!("{}a = 1\n", "\"a\".".repeat(100_000)),
        format!("{} = 1\n", "k".repeat(1 << 20)),
        format!("[feed.{}]\n", "k".repeat(1 << 20)),
        "\0".to_owned(),
        "[feed.a]\nurl = \"https://e.org/\0\"".to_owned(),
        "x = 1\n".repeat(100_000),
        (0..100_000).map(|number| format!("x{number} = 1, ")).collect::<Vec<_>>().concat(),
        format!("defaults = {{ {} }}", (0..50_000).map(|n| format!("x{n} = 1")).collect::<Vec<_>>().join(", ")),
        " ".repeat((16 << 20) + 1),
    ];
    for text in deep {
        let errors = read(world(), &text).map(drop).unwrap_err();
        assert!(errors.to_string().len() < 200_000, "{}", errors.to_string().len());
    }
}

/// The config that comes with tearsheet holds, and says nothing but that `contact` is empty.
#[test]
fn shipped_config_holds() {
    let config = good(include_str!("../../config/tearsheet.toml"));
    assert!((5..=7).contains(&config.feeds.len()));
    let warnings: Vec<&str> = config.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert!(warnings.len() == 1 && warnings[0].starts_with("fetch.contact"), "{warnings:?}");
}

/// What is commented out in it are the defaults.
#[test]
fn shipped_config_states_the_defaults() {
    let text = include_str!("../../config/tearsheet.toml");
    let uncommented = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(key)
                if key
                    .split_once(" = ")
                    .is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_')) =>
            {
                key
            }
            _ => line,
        })
        .take_while(|line| !line.starts_with("# A group"))
        .filter(|line| {
            !["include", "proxy", "block", "assume_timezone", "path"].iter().any(|key| line.starts_with(key))
        })
        .collect::<Vec<_>>()
        .join("\n");
    assert!(uncommented.contains("\nmax_every = ") && uncommented.contains("\nkeep_log = "), "{uncommented}");
    let (stated, default) = (good(&uncommented), good("[defaults]\n"));
    assert_eq!(format!("{:?} {:?}", stated.store, stated.fetch), format!("{:?} {:?}", default.store, default.fetch));
    let settings = |before: &str| format!("{:?}", feed(before, "").settings);
    assert_eq!(settings(&uncommented), settings(""));
}
