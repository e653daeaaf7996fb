//! Markup → text as a reader sees it.

use scraper::Node;

use super::reference::resolve_where_clear;
use super::sanitize::without_tags;
use super::tree::parse_fragment;
use super::walk::{Step, walk};
use super::write::is_dropped;

/// The text of what may be markup or plain text: without an element that ends lines, each line is a paragraph.
pub fn visible_lines(text: &str) -> String {
    let has_blocks = ["<p", "<br", "<div", "<li", "<h"].iter().any(|tag| text.contains(tag));
    if has_blocks || !text.contains(['\n', '\r']) {
        return visible_text(text);
    }
    let lines = text.split(['\n', '\r']).map(visible_text).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n\n")
}

/// The text of markup: one paragraph, heading, list item or table row a line, with an empty line between; cells
/// separated by tabs. Preformatted text keeps its lines.
pub fn visible_text(fragment_html: &str) -> String {
    let tree = parse_fragment(fragment_html);
    let mut lines = Lines::default();
    let mut preformatted = 0_usize;
    walk(tree.html.tree.root(), &mut |step| match step {
        Step::Enter(node) => match node.value() {
            Node::Text(text) if preformatted > 0 => {
                lines.preformatted(text);
                false
            }
            Node::Text(text) => {
                lines.text(text);
                false
            }
            Node::Element(element) if is_dropped(element.name()) => false,
            Node::Element(element) => {
                preformatted += usize::from(element.name() == "pre");
                match element.name() {
                    "td" | "th" => lines.cell(),
                    "br" => lines.space(),
                    name if is_block(name) => lines.end(),
                    _ => {}
                }
                true
            }
            Node::Document | Node::Fragment => true,
            _ => false,
        },
        Step::Leave(node) => {
            if let Some(element) = node.value().as_element() {
                preformatted -= usize::from(element.name() == "pre");
                if is_block(element.name()) {
                    lines.end();
                }
            }
            false
        }
    });
    lines.finish()
}

/// Tags in a title are few, and what is more than these is read without a parser, which would be held up.
const MAX_TITLE_TAGS: usize = 8;
/// The same of references.
const MAX_TITLE_REFERENCES: usize = 40;

/// One line of plain text from a text that may hold markup: tags dropped, entities resolved once, white space folded.
pub fn plain_text(text_or_html: &str) -> String {
    if !text_or_html.contains(['<', '&']) {
        let mut lines = Lines::default();
        lines.text(text_or_html);
        return lines.finish();
    }
    let has_more = |byte, max| memchr::memchr_iter(byte, text_or_html.as_bytes()).nth(max).is_some();
    let visible = if has_more(b'<', MAX_TITLE_TAGS) || has_more(b'&', MAX_TITLE_REFERENCES) {
        let mut lines = Lines::default();
        lines.text(&resolve_where_clear(&without_tags(text_or_html)));
        lines.finish()
    } else {
        visible_text(text_or_html)
    };
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Elements that begin and end a line. Cells are no lines: they share their row's.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "li"
            | "legend"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Collects lines of text: folds white space, drops what is invisible, and keeps no empty line.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    done: String,
    line: String,
    space: bool,
    cells: u32,
}

impl Lines {
    /// Running text. White space is folded, hard spaces with it; soft hyphens and zero-width spaces are dropped.
    pub(crate) fn text(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.space = true;
            } else if !is_invisible(c) {
                self.separate();
                self.line.push(c);
            }
        }
    }

    /// Text with its lines and spaces.
    pub(crate) fn preformatted(&mut self, text: &str) {
        self.separate();
        self.line.extend(text.chars().filter(|c| !is_invisible(*c) && *c != '\r'));
    }

    /// White space.
    pub(crate) fn space(&mut self) {
        self.space = true;
    }

    /// A cell of a table begins: a tab, unless the line is empty.
    pub(crate) fn cell(&mut self) {
        self.cells += 1;
        self.space = true;
    }

    /// The line ends.
    pub(crate) fn end(&mut self) {
        let line = self.line.trim_end();
        if !line.trim_start_matches(['\n', '\t']).is_empty() {
            if !self.done.is_empty() {
                self.done.push_str("\n\n");
            }
            self.done.push_str(line.trim_start_matches(['\n', '\t']));
        }
        self.line.clear();
        self.space = false;
        self.cells = 0;
    }

    /// All lines, with an empty line between.
    pub(crate) fn finish(mut self) -> String {
        self.end();
        self.done
    }

    fn separate(&mut self) {
        if self.space && !self.line.is_empty() {
            self.line.push(if self.cells > 0 { '\t' } else { ' ' });
        }
        self.space = false;
        self.cells = 0;
    }
}

/// Characters that show nothing and would break words in two for whoever searches. Joiners stay: scripts need them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}') || c.is_control() && !matches!(c, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use super::{plain_text, visible_lines, visible_text};

    #[test]
    fn blocks_become_lines() {
        for (html, text) in [
            ("<p>a  b\nc</p><p>d<br>e</p>", "a b c\n\nd e"),
            ("x<div>y<span>z</span></div>w", "x\n\nyz\n\nw"),
            ("<h2>t</h2><ul><li>a<li><b>b</b></ul>", "t\n\na\n\nb"),
            ("<table><tr><th>a<th>b<tr><td>c<td><p>d</p></table>", "a\tb\n\nc\n\nd"),
            ("<pre>\na\n  b\n</pre>c", "a\n  b\n\nc"),
            ("a&nbsp;b&shy;c&amp;lt;", "a bc&lt;"),
            ("<script>x</script><style>y</style>z", "z"),
            ("", ""),
        ] {
            assert_eq!(visible_text(html), text, "{html}");
        }
    }

    #[test]
    fn lines_without_markup_are_paragraphs() {
        for (text, lines) in [
            ("a & b\n\nc\r\nd <b>e</b>", "a & b\n\nc\n\nd e"),
            ("<p>a\nb</p>\n<p>c</p>", "a b\n\nc"),
            ("a&nbsp;b", "a b"),
            ("\n\n", ""),
        ] {
            assert_eq!(visible_lines(text), lines, "{text}");
        }
    }

    #[test]
    fn plain_text_is_one_line() {
        for (html, text) in [
            ("AT&amp;T &amp;amp; <b>co</b>", "AT&T &amp; co"),
            ("a < b\n and  c", "a < b and c"),
            ("<p>a</p><p>b</p>", "a b"),
            ("\u{feff} plain ", "plain"),
        ] {
            assert_eq!(plain_text(html), text, "{html}");
        }
    }
}
