//! The harness: a folder with a config and an archive, a server, and the program.
#![allow(dead_code, reason = "each test crate uses its part")]

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Reply, Server};

/// Where the program runs.
pub(crate) struct House {
    pub(crate) server: Server,
    pub(crate) folder: TempDir,
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl House {
    /// With this text as `tearsheet.toml`, after settings for loopback. `SERVER` stands for the server's address.
    pub(crate) fn new(feeds: &str) -> Self {
        let house = Self { server: Server::start(), folder: tempfile::tempdir().unwrap() };
        house.configure(feeds);
        house
    }

    /// With a feed called `news` of one article.
    pub(crate) fn with_news() -> Self {
        let house = Self::new("[feed.news]\nurl = 'SERVER/feed.xml'\n");
        house.server.on("/feed.xml", [Reply::ok(feed("One", "/one"))]).on("/one", [Reply::ok(page("One"))]);
        house
    }

    pub(crate) fn configure(&self, feeds: &str) {
        let settings = "[store]\npath = 'tearsheet.db'\n[fetch]\ncontact = 'me@example.org'\nhost_delay = '0s'\n\
                        private_networks = true\n";
        self.file("tearsheet.toml", &format!("{settings}{}", feeds.replace("SERVER", &self.address())));
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Writes a file; its name.
    pub(crate) fn file(&self, name: &str, content: &str) -> String {
        fs::write(self.folder.path().join(name), content).unwrap();
        name.to_owned()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("tearsheet.db")
    }

    /// The program with the config.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_bare(&[&["-c", "tearsheet.toml"], arguments].concat(), "")
    }

    /// Starts the program with the config, and says nothing to it and hears nothing from it.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(&[&["-c", "tearsheet.toml"], arguments].concat());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The program in the folder, with these arguments alone and this standard input.
    pub(crate) fn run_bare(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that does not read it has perhaps ended already.
        let _closed = child.stdin.take().unwrap().write_all(input.as_bytes()).is_err();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The program with the config, writing to a reader that went away: how it ended, and standard error.
    pub(crate) fn run_into_closed_pipe(&self, arguments: &[&str]) -> (ExitStatus, String) {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = self.command(&[&["-c", "tearsheet.toml"], arguments].concat());
        let child = command.stdout(writer).stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }

    /// The program in the folder, with these arguments and no environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tearsheet"));
        command.args(arguments).env_clear().current_dir(self.folder.path());
        command
    }
}

impl Ran {
    /// Ended well, with nothing on standard error.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{}", self.out);
        self.out
    }

    /// Ended with this code, nothing on standard output, and all of `parts` on standard error.
    #[track_caller]
    pub(crate) fn refused(&self, code: i32, parts: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{}", self.err);
        self.says(parts);
    }

    /// All of `parts` are on standard error.
    #[track_caller]
    pub(crate) fn says(&self, parts: &[&str]) {
        for part in parts {
            assert!(self.err.contains(part), "`{part}` is not in: {}", self.err);
        }
    }

    /// Standard output as one JSON value a line.
    #[track_caller]
    pub(crate) fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A feed of one entry.
pub(crate) fn feed(title: &str, link: &str) -> String {
    format!(
        "<rss version='2.0'><channel><title>The News</title><item><title>{title}</title><link>{link}</link>\
         <description>{title} in short.</description></item></channel></rss>"
    )
}

/// An article's page.
pub(crate) fn page(title: &str) -> String {
    format!(
        "<!doctype html><html lang='en'><head><title>{title}</title>\
         <meta property='article:published_time' content='2015-03-05T10:20:00Z'></head><body><article><h1>{title}</h1>\
         <p>The council met on <b>Monday</b> to decide about the bells, which had kept the town busy since winter.</p>\
         <p>READ MORE: <a href='/two'>Two</a></p>\
         <p>A vote is expected before the end of the month, when the mayor will be back from her long journey.</p>\
         </article></body></html>"
    )
}

/// The text of [`page`].
pub(crate) const TEXT: &str = "The council met on Monday to decide about the bells, which had kept the town busy since winter.\n\n\
                               A vote is expected before the end of the month, when the mayor will be back from her long journey.";
