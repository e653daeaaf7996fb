//! Trains the trees that weigh the evidence on each block of a page (`src/article/forest.txt`), and measures them:
//!
//!     cargo run --release --example train -- --check DIR…     what the trees of one half of the hosts give on the other
//!     cargo run --release --example train -- DIR…             trains on all and writes the file
//!
//! A DIR holds `gold.json`, an object of pages by name: `{"url", "text"}` with the whole text, or `{"url", "with": […],
//! "without": […]}` with strings that must and must not be in it; and `html/NAME.html`. None comes with the project: what is
//! learnt is cuts and weights, and the pages stay where they are.

#![expect(clippy::print_stdout, reason = "the figures are its result")]

mod gold;
mod grow;
#[path = "../halves/mod.rs"]
mod halves;
mod measure;

use std::error::Error;
use std::fs;
use std::path::Path;

use tearsheet::article::forest::Forest;

use self::gold::{Page, Set};
use self::halves::Half;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (options, folders): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|word| word.starts_with("--"));
    if folders.is_empty() || options.iter().any(|option| *option != "--check") {
        println!("usage: cargo run --release --example train -- [--check] DIR…");
        return Ok(());
    }
    let sets = folders.iter().map(|folder| Set::open(Path::new(folder))).collect::<Result<Vec<_>, _>>()?;
    if options.is_empty() {
        let text = grow::forest(&sets.iter().flat_map(Set::pages).collect::<Vec<_>>());
        Forest::parse(&text)?;
        fs::write("src/article/forest.txt", &text)?;
        println!("src/article/forest.txt: {} trees, {} KiB", text.lines().count() - 3, text.len() / 1024);
        return Ok(());
    }
    let of_half =
        |half: Half| -> Vec<&Page> { sets.iter().flat_map(Set::pages).filter(|page| page.half == half).collect() };
    let mut forests = Vec::new();
    for half in [Half::A, Half::B] {
        let other = if half == Half::A { Half::B } else { Half::A };
        forests.push((other, Forest::parse(&grow::forest(&of_half(half)))?));
    }
    println!("each half by the trees of the other:");
    for set in &sets {
        for (half, forest) in &forests {
            println!("{:12} {half:?} {}", set.name, measure::accuracy(set, &[(*half, forest)], false)?);
        }
        let both: Vec<_> = forests.iter().map(|(half, forest)| (*half, forest)).collect();
        println!("{:12} all {}", set.name, measure::accuracy(set, &both, false)?);
        println!("{:12} all {}  beside their siblings", set.name, measure::accuracy(set, &both, true)?);
    }
    Ok(())
}
