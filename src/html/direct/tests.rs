use url::Url;

use super::super::address::Resolver;
use super::super::sanitize::by_parser;
use super::sanitize;

fn base() -> Url {
    Url::parse("https://example.org/news/").unwrap()
}

#[track_caller]
fn check(fragment: &str, is_direct: bool) {
    let direct = sanitize(fragment, &mut Resolver::new(Some(&base())), usize::MAX);
    assert_eq!(direct.is_some(), is_direct, "{fragment}");
    if let Some(direct) = direct {
        assert_eq!(direct, by_parser(fragment, Some(&base())), "{fragment}");
    }
}

#[test]
fn well_formed_markup_needs_no_parser() {
    for fragment in [
        "<p class=x>a <em>b</em> &amp; \"c\" &#8212; &nbsp;d</p>\r\n<p>e<br/>f</p>",
        "<img height=1 alt='a > \"b\"' width=2 src=x.png?a=1&b=2 lang=de dir=ltr><a href=../x rel=y>z</a>",
        "<div><p>a<p>b</div><ul><li>a<li><p>b</ul><dl><dt>a<dd>b</dl>",
        "<table><tr><td colspan=2>a</td></tr></table><table><thead><tr><th>b</th></tr></thead></table>",
        "a<script>x<y</script><!-- z --><iframe src=x></iframe><video><source src=x>y</video>b",
        "<section><h2>a</h2><o:p></o:p></section><x-y>1 < 2</x-y>\u{b}\u{85}c",
    ] {
        check(fragment, true);
    }
}

#[test]
fn what_needs_repair_is_left_to_the_parser() {
    for fragment in [
        "<p><b>a</p><p>b</b></p>",
        "<a href=x><a href=y>",
        "</p>",
        "<p><span><div>",
        "<table>x</table>",
        "<li><section><li>",
        "<pre>\na</pre>",
        "<h1><span><h2>",
        "&copy",
        "<p a=\"x>",
        "a&am<!-- x -->p;",
        "<<!-- x -->b>",
        "<video><a href=x>y</a></video>",
        "<noscript>x</noscript>",
        "<svg><text>x</text></svg>",
        "<iframe><a href=x>y</a></iframe>",
        "<math><mi>x</mi></math>",
    ] {
        check(fragment, false);
    }
}

/// Pieces in any order: where this pass answers, it says what the parser and ammonia say.
#[test]
fn it_agrees_with_the_parser() {
    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href=x>",
        "</a>",
        "<a>",
        "<span>",
        "</span>",
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
        "<h2>",
        "</h2>",
        "<h3>",
        "</h3>",
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<tbody>",
        "</tbody>",
        "<section>",
        "</section>",
        "<pre>",
        "</pre>",
        "x",
        "\n",
        " ",
        "&amp;",
        "&copy",
        "&nbsp;",
        "\u{a0}",
        "<br>",
        "<hr>",
        "<img src=x>",
        "<!-- y -->",
        "<video>",
        "</video>",
        "<font>",
        "</font>",
        "<dl>",
        "</dl>",
        "<dt>",
        "<dd>",
        "</dd>",
        "<blockquote>",
        "</blockquote>",
        "<caption>",
        "</caption>",
        "<script>z</script>",
        "\u{feff}",
        "\u{1}",
        "<object>",
        "<noscript>",
        "</noscript>",
        "<svg>",
        "</svg>",
        "<text>",
        "<iframe>",
        "</iframe>",
        "<button>",
        "</button>",
        "<math>",
        "</math>",
        "<title>",
        "</title>",
        "</object>",
        "<code>",
        "</code>",
        "\"",
        "<",
        ">",
        "&",
        "#8217;",
        "amp;",
        "<!DOCTYPE x>",
        "\r",
    ];
    let mut state = 1_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut direct = 0;
    for _ in 0..10_000 {
        let length = 1 + draw(9);
        let mut fragment = String::new();
        for _ in 0..length {
            // An opening piece is closed at once half of the time, so that more than nonsense is compared.
            let at = draw(PIECES.len());
            fragment.push_str(PIECES[at]);
            let closes = PIECES.get(at + 1).filter(|next| next.starts_with("</"));
            if let Some(close) = closes.filter(|_| draw(2) == 0) {
                let inner = draw(PIECES.len());
                fragment.push_str(PIECES[inner]);
                fragment.push_str(close);
            }
        }
        if let Some(written) = sanitize(&fragment, &mut Resolver::new(Some(&base())), usize::MAX) {
            direct += 1;
            assert_eq!(written, by_parser(&fragment, Some(&base())), "{fragment:?}");
        }
    }
    assert!(direct > 500, "only {direct} were read directly");
}
