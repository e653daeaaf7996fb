//! Markup that may be stored: from an allow-list, checked by ammonia last unless it is known to change nothing.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use ego_tree::NodeRef;
use html5ever::ns;
use scraper::Node;
use scraper::node::Element;
use url::Url;

use super::address::Resolver;
use super::direct;
use super::slim::{Origin, Piece, slim};
use super::tree::{Tree, parse_fragment, parse_fragment_within};
use super::walk::{Step, walk};
use super::write::{ALLOWED, Writer, is_dropped, is_void};

/// Sanitises markup: elements from the allow-list, no class, style, id or handler, URLs absolute http(s) or absent.
///
/// Images that wait for a script get their source. No word that a browser shows is lost: formulas and drawings stay as
/// their words, and what stands in for a player stays when it leads somewhere. The input is parsed under the bounds of
/// [`parse_fragment`] first, so that ammonia never sees markup that could hold it up.
pub fn sanitize(fragment: &str, base: Option<&Url>) -> String {
    direct::sanitize(fragment, &mut Resolver::new(base), usize::MAX).unwrap_or_else(|| by_parser(fragment, base))
}

/// The work that the bodies of one document may be for the parser together: a second at most, and many times what
/// documents are that nobody made to hold a reader up.
pub(crate) const DOCUMENT_WORK: usize = 4_000_000;

/// Bytes that are written and checked in the time of one unit of work.
const BYTES_OF_WORK: usize = 16;
/// Units that ammonia takes to escape a character again.
const WORK_OF_ESCAPE: usize = 4;
/// Units that resolving an address takes.
const WORK_OF_ADDRESS: usize = 8;

/// The same within a budget of work, which is taken off. `None` where it does not suffice, or where the markup grows many
/// times as long, by elements that the parser repeats or by what the addresses in it count from; the caller may take
/// the [`bare_text`].
pub(crate) fn sanitize_within(fragment: &str, base: Option<&Url>, work: &mut usize) -> Option<String> {
    // Only growth counts: what is as long as it was is as cheap as reading it.
    let max = fragment.len() + (fragment.len() * 7 + 64 * 1024).min(*work * BYTES_OF_WORK);
    let mut addresses = Resolver::new(base);
    let direct = direct::sanitize(fragment, &mut addresses, max);
    let growth = direct.as_ref().map_or(0, String::len).saturating_sub(fragment.len());
    let is_within = take(work, growth / BYTES_OF_WORK + addresses.resolved * WORK_OF_ADDRESS);
    if direct.is_some() || !is_within || *work == 0 {
        return direct.filter(|_| is_within);
    }
    let tree = parse_fragment_within(fragment, work)?;
    let (markup, resolved) = write(&tree, base, max);
    let bytes = markup.as_ref().map_or(max, String::len);
    let escapes = markup.as_ref().map_or(0, |markup| memchr::memchr_iter(b'&', markup.as_bytes()).count());
    // ammonia resolves them again.
    let of_addresses = 2 * resolved * WORK_OF_ADDRESS;
    let is_within = take(work, bytes / BYTES_OF_WORK + escapes * WORK_OF_ESCAPE + of_addresses);
    markup.filter(|_| is_within).map(|markup| check(&markup))
}

/// Takes `units` off the budget; `false` when there are not so many left, which are then gone too.
fn take(work: &mut usize, units: usize) -> bool {
    let suffices = units <= *work;
    *work = work.saturating_sub(units);
    suffices
}

/// The text of markup with its tags cut out, as markup: linear, and no more than that.
pub(crate) fn bare_text(fragment: &str) -> String {
    let text = without_tags(fragment);
    // Without tags there is nothing left to decide but references; where those are doubtful they stay as they are.
    direct::sanitize(&text, &mut Resolver::new(None), usize::MAX).unwrap_or_else(|| {
        let mut writer = Writer::new(None);
        writer.text(&text);
        writer.finish().replace("<span></span>", "")
    })
}

/// Markup with a space for each tag; references are still to be resolved.
pub(super) fn without_tags(fragment: &str) -> String {
    let mut text = String::with_capacity(fragment.len());
    let _cuts = slim(fragment, Origin::Fragment, &mut |piece| {
        if let Piece::Markup(piece) = piece {
            let mut rest = piece;
            while let Some(open) = rest.find('<') {
                text.push_str(&rest[..open]);
                text.push(' ');
                rest = rest[open..].find('>').map_or("", |close| &rest[open + close + 1..]);
            }
            text.push_str(rest);
        }
        true
    });
    text
}

/// The same for markup of any kind.
pub(super) fn by_parser(fragment: &str, base: Option<&Url>) -> String {
    let (markup, _) = write(&parse_fragment(fragment), base, usize::MAX);
    markup.map(|markup| check(&markup)).unwrap_or_default()
}

/// What is allowed of a tree, or `None` when it is longer than `max`; and how many addresses were resolved for it.
fn write(tree: &Tree, base: Option<&Url>, max: usize) -> (Option<String>, usize) {
    let mut writer = Writer::new(base);
    // Whether the tag of each element that was entered was written, and so has to be closed.
    let mut written = Vec::new();
    // Where the parser gave up on crossed links, one is in another: there the outer one leads on.
    let mut open_links = 0_usize;
    walk(tree.html.tree.root(), &mut |step| match step {
        Step::Enter(_) if writer.len() > max => false,
        Step::Enter(node) => match node.value() {
            Node::Text(text) => {
                writer.text(text);
                false
            }
            Node::Element(element) if is_left_out(node, element) => false,
            Node::Element(element) => {
                let is_link = element.name() == "a";
                let is_written = !(is_link && open_links > 0) && writer.start(element);
                open_links += usize::from(is_link && is_written);
                let goes_in = !is_void(element.name());
                if goes_in {
                    written.push(is_written);
                }
                goes_in
            }
            Node::Document | Node::Fragment => {
                written.push(false);
                true
            }
            _ => false,
        },
        Step::Leave(node) => {
            let Some(element) = node.value().as_element() else {
                written.pop();
                return false;
            };
            if written.pop() == Some(true) {
                open_links -= usize::from(element.name() == "a");
                writer.close(element.name());
            } else if matches!(element.name(), "text" | "title" | "desc") && element.name.ns == ns!(svg) {
                writer.text(" "); // Words of a drawing stand apart.
            }
            false
        }
    });
    let resolved = writer.resolved();
    let markup = writer.finish();
    ((markup.len() <= max).then_some(markup), resolved)
}

fn is_left_out(node: NodeRef<'_, Node>, element: &Element) -> bool {
    match element.name() {
        "math" | "svg" | "button" => false,
        // The source of a formula, in TeX mostly, and what a drawing does not show.
        "annotation" | "annotation-xml" | "metadata" | "defs" => true,
        // What stands in for a drawing.
        "title" if element.name.ns == ns!(svg) => false,
        "object" | "audio" | "video" => !holds_link(node),
        name => is_dropped(name) || element.attr("aria-hidden") == Some("true") && is_beside_formula(node),
    }
}

/// Whether what is hidden from screen readers is a formula drawn with letters, beside the formula itself, as `KaTeX` writes
/// it: the drawing has the lower half of a fraction first.
fn is_beside_formula(drawing: NodeRef<'_, Node>) -> bool {
    let before = drawing.prev_siblings().find(|node| node.value().is_element());
    let mut inside = before.into_iter().flat_map(|node| node.children());
    inside.any(|node| node.value().as_element().is_some_and(|element| element.name() == "math"))
}

/// Whether there is a link in what a browser without the player would show: the file itself, mostly.
fn holds_link(player: NodeRef<'_, Node>) -> bool {
    /// What stands in for a player is a line or two.
    const MAX_NODES: usize = 100;
    let mut inside = player.descendants().take(MAX_NODES).filter_map(|node| node.value().as_element());
    inside.any(|element| element.name() == "a" && element.attr("href").is_some())
}

/// The last step before markup is stored. `markup` was written by [`Writer`] and so is bounded.
pub(crate) fn check(markup: &str) -> String {
    if markup.is_empty() {
        return String::new();
    }
    ALLOW_LIST.clean(markup).to_string()
}

static ALLOW_LIST: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(ALLOWED.iter().copied().collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt", "width", "height"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
            ("th", HashSet::from(["colspan", "rowspan"])),
            ("ol", HashSet::from(["start"])),
            ("time", HashSet::from(["datetime"])),
        ]))
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None);
    builder
});

#[cfg(test)]
mod tests {
    use url::Url;

    use super::sanitize;

    #[track_caller]
    fn check(fragment: &str, expected: &str) {
        let base = Url::parse("https://example.org/news/").unwrap();
        assert_eq!(sanitize(fragment, Some(&base)), expected);
    }

    #[test]
    fn what_an_article_holds_stays() {
        let table = "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>";
        for same in
            ["<p>a <em>b</em> &amp; c</p>", "<h2>x</h2><ul><li>y</li></ul>", table, "<pre><code>a\n b</code></pre>"]
        {
            check(same, same);
        }
    }

    #[test]
    fn what_could_harm_or_identify_goes() {
        check("<p class=x style=y id=z onclick=a()>t</p>", "<p>t</p>");
        check("a<script>x</script><style>y</style><svg><a href='javascript:x'>z</a></svg>b", "ab");
        check("<form><p>t</p><input value=x><select><option>go</select></form>", "<p>t</p>");
        check("<a href='javascript:alert(1)'>t</a><a href='data:text/html,x'>u</a>", "tu");
        check("<iframe src='https://example.org'></iframe>x", "x");
        check(
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">y",
            "<img src=\"https://example.org/news/x\">\"&gt;y",
        );
    }

    #[test]
    fn formulas_are_their_characters() {
        check(
            "<math><semantics><mrow><mi>K</mi><mo>=</mo><mn>9</mn></mrow><annotation>K=9</annotation></semantics></math>.",
            "K=9.",
        );
        check("<span><math><mi>x</mi></math></span><span aria-hidden=true>y</span>", "x");
        check(
            "<math><mtext><img src=x onerror=a()><script>b</script></mtext></math>",
            "<img src=\"https://example.org/news/x\">",
        );
    }

    #[test]
    fn drawings_are_their_words() {
        let labels = "<text x=1>outer</text><text><tspan>inner</tspan></text>";
        check(&format!("<svg><style>a{{}}</style><path d=M1/>{labels}</svg>x"), "outer inner x");
        check("<svg><title>A sun</title><desc>It sets.</desc><path d=M1/></svg>x", "A sun It sets. x");
        check("<svg><metadata>d</metadata><text onclick=a()><a href='javascript:x'>y</a></text></svg>", "y ");
        check("<svg><path d=M1/></svg><button>Yes</button>", "Yes");
    }

    #[test]
    fn what_stands_in_for_a_script_stays_when_it_is_text() {
        check("<script src=/gist.js></script><noscript><pre>let x;</pre></noscript>", "<pre>let x;</pre>");
        check("<noscript><img src=/pixel.gif width=1></noscript>x", "x");
    }

    #[test]
    fn what_stands_in_for_a_player_stays_when_it_leads_somewhere() {
        check("<audio src=/a.mp3>Your browser cannot play this.</audio>x", "x");
        let link = "<a href=\"https://example.org/a.mp3\">Download</a>";
        check("<audio src=/a.mp3><a href=/a.mp3>Download</a></audio>", link);
        check("<iframe src=/a><a href='/a.mp3'>Download</a></iframe>", link);
        check("<iframe src=/a>Your browser has no frames.</iframe>x", "x");
    }

    #[test]
    fn preformatted_text_begins_with_its_first_line() {
        check("<pre>\n\n\na\n\n b\n</pre>", "<pre>a\n\n b\n</pre>");
        check("<pre><span>\n</span>\n<code>\nx</code></pre>", "<pre><code>\nx</code></pre>");
    }

    #[test]
    fn control_characters_go() {
        check("<p>a\u{1b}[31m&#27;b\u{9b}c\u{7f}\n\td</p>", "<p>a[31mbc\n\td</p>");
        check("<img src=/x alt='a\u{1b}]0;b\u{7}'>", "<img src=\"https://example.org/x\" alt=\"a]0;b\">");
    }

    #[test]
    fn urls_become_absolute_or_vanish() {
        check("<a href=../a?b=1&c=2>t</a>", "<a href=\"https://example.org/a?b=1&amp;c=2\">t</a>");
        check("<img src=x.png alt='a \"b\"'>", "<img src=\"https://example.org/news/x.png\" alt=\"a &quot;b&quot;\">");
        check("<a href='mailto:x@example.org'>t</a>", "t");
        assert_eq!(sanitize("<a href='/x'>t</a>", None), "t");
    }

    #[test]
    fn images_that_wait_for_a_script_get_their_source() {
        let expected = "<img src=\"https://example.org/a.jpg\">";
        check("<img src='data:image/gif;base64,R0' data-src='/a.jpg'>", expected);
        check("<img srcset='/b.jpg 100w, /a.jpg 900w'>", expected);
        check("<img src='blank.gif' data-original='/a.jpg'>", expected);
        check("<img src='data:image/gif;base64,R0'>", "");
    }

    #[test]
    fn long_text_keeps_every_character() {
        let text = "é&amp;".repeat(5000);
        assert_eq!(sanitize(&text, None), text);
    }
}
