//! Any bytes as the page of an article: no panic, and the same article twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tearsheet::article::{PageInput, read};
use url::Url;

fuzz_target!(|data: &[u8]| {
    let url = Url::parse("https://news.example/2015/03/05/a").expect("a constant");
    let now = "2026-11-22T12:00:00Z".parse().expect("a constant");
    let input = PageInput { content_type: Some("text/html"), ..PageInput::new(data, &url, now) };
    assert_eq!(read(&input), read(&input), "the same page reads differently");
});
