//! How right titles, authors and languages are, beside Readability (`dom_smoothie`) and any other reader:
//!
//!     cargo run --release --example metadata -- DIR…             the figures of each set and half
//!     cargo run --release --example metadata -- --wrong DIR…     and each title and line of authors that is not right
//!     cargo run --release --example metadata -- --sites DIR…     and where the readers do not agree on site and image
//!
//! A DIR holds `gold.json`, an object of pages by name (`{"url", "title", "author", "text"}`, what is unknown left out), and
//! `html/NAME.html`. `READER.jsonl` in it, one object a page with `id`, `title`, `author`, `site`, `image` and `lang`, is what
//! another reader says of the same pages, and is compared in the same way. None comes with the project.

#![expect(clippy::print_stdout, reason = "the figures are its result")]

mod compare;
#[path = "../halves/mod.rs"]
mod halves;
mod readers;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use self::compare::{Score, authors, language, title};
use self::halves::{Half, host};
use self::readers::{others, readability, tearsheet};

/// What is known of a page.
#[derive(Debug, Deserialize)]
struct Gold {
    url: Option<String>,
    title: Option<String>,
    author: Option<Names>,
    text: Option<String>,
    #[serde(default)]
    with: Vec<String>,
}

/// Names in a line, or one by one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Names {
    Line(String),
    Several(Vec<String>),
}

impl Names {
    fn line(&self) -> String {
        match self {
            Names::Line(line) => line.clone(),
            Names::Several(names) => names.join("; "),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (options, folders): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|word| word.starts_with("--"));
    let has = |name: &str| options.iter().any(|option| *option == name);
    if folders.is_empty() || options.iter().any(|option| !["--wrong", "--sites"].contains(&option.as_str())) {
        println!("usage: cargo run --release --example metadata -- [--wrong] [--sites] DIR…");
        return Ok(());
    }
    println!("{:44} gold stated right part  precision  recall   (without gold: stated)", "");
    for folder in folders {
        measure(Path::new(folder), has("--wrong"), has("--sites"))?;
    }
    Ok(())
}

fn measure(folder: &Path, lists_wrong: bool, lists_sites: bool) -> Result<(), Box<dyn Error>> {
    let set = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let gold: BTreeMap<String, Gold> = serde_json::from_slice(&fs::read(folder.join("gold.json"))?)?;
    let others = others(folder)?;
    let mut scores: BTreeMap<(&str, &str, &str), Score> = BTreeMap::new();
    for (id, gold) in &gold {
        let bytes = fs::read(folder.join("html").join(format!("{id}.html")))?;
        let url = gold.url.as_deref().unwrap_or("about:blank");
        let mut said = vec![("tearsheet", tearsheet(&bytes, url)?), ("dom_smoothie", readability(&bytes, url))];
        for (name, pages) in &others {
            said.push((name, pages.get(id).cloned().unwrap_or_default()));
        }
        let half = match Half::of(&host(gold.url.as_deref().unwrap_or(id))) {
            Half::A => "a",
            Half::B => "b",
        };
        let author = gold.author.as_ref().map(Names::line);
        let mut wrong: BTreeMap<&str, String> = BTreeMap::new();
        for (reader, said) in &said {
            let fields = [
                ("title", title(gold.title.as_deref(), said.title.as_deref(), said.site.as_deref(), url), &said.title),
                ("author", authors(author.as_deref(), said.author.as_deref()), &said.author),
                ("language", language(gold.text.as_deref(), &gold.with, said.lang.as_deref()), &said.lang),
            ];
            for (field, verdict, stated) in fields {
                for half in [half, "all"] {
                    scores.entry((field, reader, half)).or_default().add(verdict);
                }
                if verdict.is_not_right() && *reader == "tearsheet" {
                    wrong.insert(field, String::new());
                }
                if let Some(line) = wrong.get_mut(field) {
                    line.push_str(&format!(" {reader}: {verdict:?} {:?}", stated.as_deref().unwrap_or_default()));
                }
            }
        }
        for (field, line) in wrong.iter().filter(|_| lists_wrong) {
            let known = if *field == "title" { &gold.title } else { &author };
            println!("{set} {half} {id} {field}: {:?}{line}  {url}", known.as_deref().unwrap_or_default());
        }
        if lists_sites {
            disagreement(&set, id, "site", said.iter().map(|(reader, said)| (*reader, said.site.as_deref())));
            disagreement(&set, id, "image", said.iter().map(|(reader, said)| (*reader, said.image.as_deref())));
        }
    }
    for ((field, reader, half), score) in scores {
        println!("{:44} {score}", format!("{set:12} {field:10} {reader:14} {half}"));
    }
    Ok(())
}

/// Where the first reader says something else than one of the others, or nothing.
fn disagreement<'a>(set: &str, id: &str, field: &str, said: impl Iterator<Item = (&'a str, Option<&'a str>)>) {
    let said: Vec<_> = said.collect();
    if said.iter().any(|(_, value)| *value != said[0].1) {
        println!("{set} {id} {field}: {said:?}");
    }
}
