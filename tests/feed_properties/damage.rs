//! Documents that are cut, damaged, or nothing but bytes; and the seeds of the fuzz target, which are damaged by hand.

use std::fs;
use std::path::{Path, PathBuf};

use crate::random::Random;
use crate::{check, feed_invariants};

/// The seeds of the fuzz target and what it found worth keeping, as it reads them: with a header.
fn corpus() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus/feed");
    let files = fs::read_dir(folder).expect("the corpus is here").map(|file| file.expect("it can be read").path());
    let mut corpus: Vec<_> = files.map(|path| (path.clone(), fs::read(&path).expect("it can be read"))).collect();
    corpus.sort();
    corpus
}

/// Documents in every dialect.
fn samples() -> Vec<Vec<u8>> {
    let whole = ["rss-2.0", "rss-1.0", "atom-1.0", "atom-0.3", "json-1.1", "declared-entities", "media-itunes"];
    let is_whole = |path: &Path| whole.iter().any(|name| path.ends_with(name));
    let samples = corpus().into_iter().filter(|(path, _)| is_whole(path));
    let samples: Vec<_> = samples.map(|(_, case)| case[feed_invariants::HEADER..].to_vec()).collect();
    assert_eq!(samples.len(), whole.len());
    samples
}

#[test]
fn every_seed_keeps_the_invariants() {
    let corpus = corpus();
    assert!(corpus.len() >= 40, "{} seeds", corpus.len());
    for (path, case) in corpus {
        let held = std::panic::catch_unwind(|| feed_invariants::check_case(&case));
        assert!(held.is_ok(), "the panic above is about {}", path.display());
    }
}

#[test]
fn any_beginning_of_a_feed_keeps_the_invariants() {
    for sample in samples() {
        for end in (0..sample.len()).step_by(if cfg!(debug_assertions) { 3 } else { 1 }) {
            check(&sample[..end]);
        }
    }
}

#[test]
fn any_damage_keeps_the_invariants() {
    const PIECES: [&str; 20] = [
        "<",
        ">",
        "&",
        "\"",
        "'",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "</item>",
        "<item>",
        "\0",
        "\u{FFFD}",
        "<?xml ",
        "xmlns:a='",
        "<!x [",
        "xml:base='//",
        "&lt;",
        "\u{1b}[",
        "\\u0007",
    ];
    let samples = samples();
    let mut random = Random(7);
    for _ in 0..2000 {
        let mut bytes = samples[random.below(samples.len())].clone();
        for _ in 0..=random.below(8) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = random.byte(),
                1 => drop(bytes.drain(at..(at + random.below(40)).min(bytes.len()))),
                2 => drop(bytes.splice(at..at, random.pick(&PIECES).bytes())),
                _ => {
                    let copy = bytes[at..(at + random.below(60)).min(bytes.len())].to_vec();
                    let to = random.below(bytes.len());
                    drop(bytes.splice(to..to, copy));
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        check(&bytes);
    }
}

#[test]
fn any_bytes_keep_the_invariants() {
    const BEGINNINGS: [&str; 5] =
        ["", "<rss><item><title>", "<feed><entry><content type='html'>", "{\"items\":[{\"id\":\"", "\u{FEFF}<?xml "];
    let mut random = Random(11);
    for _ in 0..500 {
        let len = random.below(600);
        let mut bytes = random.pick(&BEGINNINGS).as_bytes().to_vec();
        bytes.extend((0..len).map(|_| random.byte()));
        check(&bytes);
    }
}
