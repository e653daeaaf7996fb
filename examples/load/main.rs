//! `cargo run --release --example load`: what an article and a quiet feed cost.
//!
//! A child process serves a synthetic web of many sites on loopback, one address of 127.0.0.0/8 a site, so that the
//! politeness towards one site is not what is measured. The real binary runs `once` over it as another child, whose CPU
//! time and peak memory are read from `/proc` (Linux only). Two rounds: one in which every feed and every page is new,
//! and one in which every feed answers 304. Then the daemon, with 10,000 feeds that it has never seen.
#![expect(clippy::print_stdout, reason = "the figures are for its reader")]

mod daemon;
#[path = "../loopback/mod.rs"]
mod loopback;
mod measure;
mod report;
mod server;
mod web;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::measure::Cost;
use crate::report::Figure;
use crate::server::{Served, Server};
use crate::web::Web;

/// Measures what an article and a quiet feed cost.
#[derive(Debug, Parser)]
struct Options {
    /// Feeds in the round in which all is new.
    #[arg(long, default_value_t = 200)]
    feeds: u32,
    /// Articles a feed.
    #[arg(long, default_value_t = 10)]
    articles: u32,
    /// Size of a page in KiB; its text has about 4.8 KB.
    #[arg(long, default_value_t = 160)]
    page_kib: usize,
    /// Feeds in the round in which all answer 304; 0 leaves it out.
    #[arg(long, default_value_t = 2000)]
    quiet_feeds: u32,
    /// Feeds of the daemon; 0 leaves it out.
    #[arg(long, default_value_t = 10_000)]
    daemon_feeds: u32,
    /// How often each round is measured; the median counts.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// The binary to measure, in place of the one built here.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Exits with 1 when a goal is missed.
    #[arg(long)]
    goal_check: bool,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Role {
    /// The child that serves: prints its port, serves until its standard input ends.
    #[command(hide = true)]
    Serve { articles: u32, page_kib: usize },
}

fn main() -> ExitCode {
    let options = Options::parse();
    let result = match options.role {
        Some(Role::Serve { articles, page_kib }) => server::run(Web { articles, page_kib }).map(|()| true),
        None => measure_all(&options),
    };
    match result {
        Ok(goals_met) if goals_met || !options.goal_check => ExitCode::SUCCESS,
        Ok(_missed) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("load: {message}");
            ExitCode::FAILURE
        }
    }
}

fn measure_all(options: &Options) -> Result<bool, String> {
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => build()?,
    };
    let web = Web { articles: options.articles, page_kib: options.page_kib };
    let server = Server::start(web)?;
    let (mut fresh, mut quiet) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        if options.feeds > 0 {
            fresh.push(fresh_round(&binary, &server, options)?);
        }
        if options.quiet_feeds > 0 {
            quiet.push(quiet_round(&binary, &server, options.quiet_feeds)?);
        }
    }
    let mut figures = Vec::new();
    if let Some(cost) = measure::median(&mut fresh) {
        figures.extend(fresh_figures(cost, options.feeds * options.articles));
    }
    if let Some(cost) = measure::median(&mut quiet) {
        figures.extend(quiet_figures(cost, options.quiet_feeds));
    }
    if options.daemon_feeds > 0 {
        figures.extend(daemon_rounds(&binary, &server, options.daemon_feeds)?);
    }
    print!("{}", report::table(&figures));
    Ok(figures.iter().all(Figure::is_met))
}

fn fresh_figures(cost: Cost, articles: u32) -> [Figure; 3] {
    [
        Figure::with_goal("CPU an article, every article new", cost.cpu_ms_each(articles), "ms", 8.0),
        Figure::with_goal("peak memory, every article new", cost.peak_mb(), "MB", 150.0),
        Figure::plain("wall clock, every article new", cost.wall.as_secs_f64(), "s"),
    ]
}

fn quiet_figures(cost: Cost, feeds: u32) -> [Figure; 3] {
    [
        Figure::with_goal("CPU a feed, every feed 304", cost.cpu_ms_each(feeds), "ms", 0.6),
        Figure::with_goal("peak memory, every feed 304", cost.peak_mb(), "MB", 150.0),
        Figure::plain("wall clock, every feed 304", cost.wall.as_secs_f64(), "s"),
    ]
}

/// Every feed and every page is new.
fn fresh_round(binary: &Path, server: &Server, options: &Options) -> Result<Cost, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
    let config = write_config(folder.path(), server.port(), options.feeds, &Rhythm { every: "1s", content: "page" })?;
    let (cost, served) = watched(server, || measure::run(&once(binary, &config), folder.path()))?;
    let expected = Served { feeds: options.feeds, unchanged: 0, pages: options.feeds * options.articles };
    served.expect(expected)?;
    Ok(cost)
}

/// Every feed is known and answers 304; its articles were made from the feed, so that no page is due.
fn quiet_round(binary: &Path, server: &Server, feeds: u32) -> Result<Cost, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
    let config = write_config(folder.path(), server.port(), feeds, &Rhythm { every: "1s", content: "feed" })?;
    let (_, served) = watched(server, || measure::run(&once(binary, &config), folder.path()))?;
    served.expect(Served { feeds, unchanged: 0, pages: 0 })?;
    // Every feed falls due a second after its poll, jitter included a little later.
    std::thread::sleep(Duration::from_secs(3));
    let (cost, served) = watched(server, || measure::run(&once(binary, &config), folder.path()))?;
    served.expect(Served { feeds: 0, unchanged: feeds, pages: 0 })?;
    Ok(cost)
}

/// The daemon, each time from a config of feeds that it has never seen.
fn daemon_rounds(binary: &Path, server: &Server, feeds: u32) -> Result<Vec<Figure>, String> {
    let folder = || tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"));
    let run = |config: PathBuf| vec![binary.into(), "-c".into(), config.into(), "run".into()];
    let cold = folder()?;
    let config = write_config(cold.path(), server.port(), feeds, &Rhythm { every: "1h", content: "page" })?;
    let mut figures = daemon::cold(&run(config), cold.path(), server, feeds)?.to_vec();
    let whole = folder()?;
    let config = write_config(whole.path(), server.port(), feeds, &Rhythm { every: "1h", content: "feed" })?;
    figures.extend(daemon::whole(&run(config), whole.path(), server, feeds)?);
    Ok(figures)
}

/// What differs between the configs of the rounds.
struct Rhythm {
    every: &'static str,
    content: &'static str,
}

fn once(binary: &Path, config: &Path) -> Vec<std::ffi::OsString> {
    vec![binary.into(), "-c".into(), config.into(), "once".into()]
}

/// What `action` brings, and what was served meanwhile.
fn watched<T>(server: &Server, action: impl FnOnce() -> Result<T, String>) -> Result<(T, Served), String> {
    let before = server.served()?;
    let result = action()?;
    Ok((result, server.served()? - before))
}

fn write_config(folder: &Path, port: u16, feeds: u32, rhythm: &Rhythm) -> Result<PathBuf, String> {
    use std::fmt::Write;
    // A JSON string of a path is a TOML string too.
    let Rhythm { every, content } = rhythm;
    let database = serde_json::json!(folder.join("load.db").to_string_lossy());
    let mut text = format!(
        "[store]\npath = {database}\n\n\
         [fetch]\ncontact = \"load@example.org\"\nprivate_networks = [\"127.0.0.0/8\"]\nhost_delay = \"0s\"\n\n\
         [defaults]\nevery = \"{every}\"\nmin_every = \"1s\"\ncontent = \"{content}\"\nrecheck = []\n"
    );
    for number in 0..feeds {
        write!(text, "\n[feed.site-{number}]\nurl = \"http://{}:{port}/feed.xml\"\n", web::address(number))
            .expect("a string takes every character");
    }
    let path = folder.join("load.toml");
    std::fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(path)
}

/// Builds the binary that is measured, beside this example: cargo builds no binaries for `run --example`.
fn build() -> Result<PathBuf, String> {
    let here = std::env::current_exe().map_err(|error| format!("cannot tell where this program is: {error}"))?;
    let folder = here.parent().and_then(Path::parent).ok_or("this program stands in no target folder")?;
    if let Some(cargo) = std::env::var_os("CARGO") {
        let mut command = Command::new(cargo);
        command.args(["build", "--quiet", "--locked", "--bin", "tearsheet"]);
        if !cfg!(debug_assertions) {
            command.arg("--release");
        }
        let status = command.status().map_err(|error| format!("cannot run cargo: {error}"))?;
        if !status.success() {
            return Err(format!("cannot build the binary: cargo ended with {status}"));
        }
    }
    Ok(folder.join("tearsheet"))
}
