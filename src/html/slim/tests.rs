use super::{MAX_ATTRIBUTES, MAX_VALUE_BYTES, Origin, Piece, slim};

fn kept(text: &str) -> String {
    let mut kept = String::new();
    slim(text, Origin::Page, &mut |piece| {
        let (Piece::Markup(text) | Piece::Script(text)) = piece;
        kept.push_str(text);
        true
    });
    kept
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(kept(text), expected);
}

#[test]
fn what_a_reader_sees_is_kept_as_it_is() {
    for same in [
        "<!DOCTYPE html><p class='a>b'>x < y</p>",
        "<a href=x>y</a",
        "<title><b></title>",
        "<p a=\"1\" b = '2' c=3 d>x",
        "a <",
        "</",
        "<p",
        "<textarea><!-- x --></textarea>z",
        "日本<b>語</b>",
    ] {
        check(same, same);
    }
}

#[test]
fn what_no_reader_sees_is_dropped() {
    check("a<!-- <p> -->b<!-->c<!--->d<!-- x --!>e", "abcde");
    check("a<?php x ?>b<![CDATA[x>c</!x>d", "abcd");
    check("a<style>p{}</style>b<STYLE>x</sTyLe >c", "abc");
    check("a<svg><title>x</title></svg>b<script src=x></script>c", "abc");
    check("a<script>var x = '</p>'</script >b", "ab");
    check("<a onclick='x()' style='color:red' href=y>b", "<a   href=y>b");
    check("<frameset><frame src=x><noframes>text</noframes></frameset>", "text");
}

#[test]
fn scripts_with_dates_are_kept() {
    let dated = "<script>el.textContent = dayjs.unix(1425550800)</script>";
    check(dated, dated);
    let linked = "<script type='application/LD+json'>{\"a\": \"<!-- \"}</script>";
    check(linked, linked);
}

#[test]
fn unclosed_elements_take_little_with_them() {
    check("a<iframe src=x>b", "ab");
    check("a<noscript>b<noscript>c", "abc");
    check("a<style>b", "a");
    check("a<!-- b <p>", "a");
}

#[test]
fn attributes_beyond_the_bound_are_cut_and_the_tag_ends() {
    let many = (0..MAX_ATTRIBUTES + 50).map(|n| format!(" a{n}='>'")).collect::<Vec<_>>().concat();
    let slimmed = kept(&format!("<p{many}>text</p>"));
    assert!(slimmed.ends_with("a255='>' >text</p>"), "{slimmed}");
    let long = format!("<img alt='x' src='{}'>y", "é".repeat(MAX_VALUE_BYTES));
    let slimmed = kept(&long);
    assert!(slimmed.len() < MAX_VALUE_BYTES + 30 && slimmed.ends_with("é'>y"));
}

#[test]
fn a_forgotten_quote_ends_with_its_tag() {
    check("<a href=\"x>\"Words of it</a>", "<a href=\"x\">\"Words of it</a>");
    check("<a title='a > b'href=x>c</a>", "<a title='a > b'href=x>c</a>");
    check("<a title='a > b' href=x>c</a>", "<a title='a > b' href=x>c</a>");
}

#[test]
fn any_text_is_read_without_panic() {
    let parts = ["<", "!", "--", ">", "script", "/", "a", "=", "\"", "'", " ", "é", "<svg", "</svg", "\0"];
    let mut seed = 7_usize;
    for _ in 0..3000 {
        let mut text = String::new();
        for _ in 0..24 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(parts[(seed >> 33) % parts.len()]);
        }
        assert!(kept(&text).len() <= text.len() * 2);
    }
}
