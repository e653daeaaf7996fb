//! How fast pages are read, beside the bare parse and `dom_smoothie` (Readability) on the same pages:
//! `cargo bench --bench article -- DIR` with a folder of HTML files, or without one over pages that it makes up.
//!
//! The three see each page in turn, several rounds long; what counts is the least CPU time that each needed for it.
//!
//! `-- --hostile [WORD]` reads pages of 16 MiB that are made to hold the reader up, those whose name has WORD in it.

#![expect(clippy::print_stdout, reason = "the figures are its result")]

mod hostile;
#[path = "../support/mod.rs"]
mod support;

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use chrono::{DateTime, TimeDelta};
use tearsheet::article::{self, PageInput};
use url::Url;

use crate::support::{peak, timed};

/// Rounds over all pages.
const ROUNDS: usize = 5;

/// What no page may take, whatever it holds.
const MOST_TIME: Duration = Duration::from_secs(2);
const MOST_MEMORY: u64 = 200;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let pages = match arguments.as_slice() {
        [flag] if flag == "--hostile" => return attack(""),
        [flag, word] if flag == "--hostile" => return attack(word),
        [] => made_up(),
        [folder] => files(Path::new(folder))?,
        _ => {
            println!("usage: cargo bench --bench article [-- DIR | --hostile [WORD]]");
            return Ok(());
        }
    };
    compare(&pages);
    Ok(())
}

/// Reads each page that is made to hold the reader up, whose name has `word` in it. The error is that one is above a limit.
fn attack(word: &str) -> io::Result<()> {
    println!("{:40} {:>8} {:>9}", "16 MiB of", "CPU", "peak");
    let mut above = Vec::new();
    for (name, make) in hostile::INPUTS.iter().filter(|(name, _)| name.contains(word)) {
        let page = make();
        assert!(page.len() <= hostile::BYTES + 2, "{name}: {} bytes", page.len());
        let (((), took), peak) = peak(|| timed(|| read(&page)));
        println!("{name:40} {:6.2} s {peak:5} MiB", took.as_secs_f64());
        if took > MOST_TIME || peak > MOST_MEMORY {
            above.push(*name);
        }
    }
    if above.is_empty() { Ok(()) } else { Err(io::Error::other(format!("above the limits: {}", above.join(", ")))) }
}

/// The HTML files of a folder.
fn files(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    paths.sort();
    paths.iter().map(fs::read).collect()
}

/// Pages of 20 to 200 KB: an article between the furniture of a news site.
fn made_up() -> Vec<Vec<u8>> {
    let page = |number: usize| {
        let menu: String = (0..40 * number)
            .map(|n| format!("<li class=\"menu-item\"><a href=\"/{n}\">Section {n}</a></li>"))
            .collect();
        let text = "The council voted on Tuesday to keep the ferry, which the harbour needs. ".repeat(6);
        let paragraphs = format!("<p>{text}<a href=\"/ferry\">More</a>, it said.</p>").repeat(12 + number);
        let teasers: String = (0..30)
            .map(|n| {
                format!("<div class=\"teaser\"><h3><a href=\"/t{n}\">Story {n}</a></h3><p>One line of it.</p></div>")
            })
            .collect();
        format!(
            "<!doctype html><html lang=en><head><title>Ferry {number} stays</title><style>{}</style></head><body><nav><ul>{menu}</ul></nav>\
             <main><article><h1>Ferry {number} stays</h1><div class=\"body\">{paragraphs}</div></article><aside>{teasers}</aside></main>\
             <footer>About us</footer></body></html>",
            ".a{color:red}".repeat(500),
        )
        .into_bytes()
    };
    (1..=40).map(page).collect()
}

/// What reads a page.
type Reader = fn(&[u8]);

fn compare(pages: &[Vec<u8>]) {
    let readers: [(&str, Reader); 3] =
        [("bare parse", parse_alone), ("dom_smoothie", read_by_readability), ("tearsheet", read)];
    let mut least = vec![[Duration::MAX; 3]; pages.len()];
    for _ in 0..ROUNDS {
        for (page, least) in pages.iter().zip(&mut least) {
            for ((_, reader), least) in readers.iter().zip(least) {
                *least = timed(|| reader(page)).1.min(*least);
            }
        }
    }
    let bytes: usize = pages.iter().map(Vec::len).sum();
    println!("{} pages, {:.1} MiB", pages.len(), number(bytes) / 1_048_576.0);
    let took = |reader: usize| least.iter().map(|least| least[reader].as_secs_f64()).sum::<f64>();
    println!("{:14} {:>14} {:>16}", "", "pages a CPU s", "of dom_smoothie's");
    for (reader, (name, _)) in readers.iter().enumerate() {
        println!("{name:14} {:14.0} {:16.2}", number(pages.len()) / took(reader), took(1) / took(reader));
    }
    let slowest = least.iter().map(|least| least[2]).max().unwrap_or_default();
    println!("slowest page {:.3} s", slowest.as_secs_f64());
}

fn parse_alone(page: &[u8]) {
    black_box(scraper::Html::parse_document(&String::from_utf8_lossy(page)));
}

fn read_by_readability(page: &[u8]) {
    let text = String::from_utf8_lossy(page).into_owned();
    if let Ok(mut readability) = dom_smoothie::Readability::new(text, None, None) {
        let _article = black_box(readability.parse());
    }
}

fn read(page: &[u8]) {
    let url = Url::parse("https://site.example/2015/a").expect("a constant");
    black_box(article::read(&PageInput::new(page, &url, DateTime::UNIX_EPOCH + TimeDelta::days(20_000))));
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn number(count: usize) -> f64 {
    count as f64
}
