//! Sanitised markup → Markdown: `CommonMark` with tables.

use scraper::Node;

use crate::html::{self, Step};

/// Digits of a list's number (`CommonMark` 0.31, section 5.2).
const LIST_DIGITS: usize = 9;

/// Writes sanitised markup as Markdown.
pub fn write(content_html: &str) -> String {
    let tree = html::parse_fragment(content_html);
    let mut markdown = Markdown::default();
    html::walk(tree.html.tree.root(), &mut |step| {
        match step {
            Step::Enter(node) => match node.value() {
                Node::Text(text) => markdown.text(text),
                Node::Element(element) => markdown.open(element),
                _ => {}
            },
            Step::Leave(node) => {
                if let Node::Element(element) = node.value() {
                    markdown.close(element);
                }
            }
        }
        true
    });
    markdown.end_block();
    markdown.out.trim().to_owned() + "\n"
}

/// Writes plain text so that nothing in it is read as markup.
pub fn escape(text: &str) -> String {
    let mut markdown = Markdown::default();
    markdown.text(text);
    markdown.line
}

#[derive(Debug, Default)]
struct Markdown {
    out: String,
    /// The block that is being written, and where its last line begins.
    line: String,
    begun: usize,
    space: bool,
    /// Marks that begin with the next letter: there is none without text, and none before a space.
    pending: Vec<&'static str>,
    /// Where the code span begins that is open, and how many elements opened one.
    code: Option<usize>,
    codes: usize,
    /// What begins each line here: quotes and the indent of lists.
    prefixes: Vec<String>,
    /// What begins the next block in place of the innermost indent: the mark of an item.
    mark: Option<String>,
    /// For each open list the number of its next item; `None` for bullets.
    lists: Vec<Option<u32>>,
    preformatted: usize,
    cells: usize,
    rows: usize,
}

impl Markdown {
    fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            self.line.push_str(text);
            return;
        }
        for c in text.chars() {
            if c.is_whitespace() {
                self.space = true;
                continue;
            }
            self.separate();
            // What would be read as a mark is none; at the start of a line also those of lists, headings and rules.
            let line = &self.line.as_bytes()[self.begun..];
            let is_mark = is_mark(c)
                || line.is_empty() && matches!(c, '#' | '>' | '+' | '-' | '=')
                || matches!(c, '.' | ')')
                    && (1..=LIST_DIGITS).contains(&line.len())
                    && line.iter().all(u8::is_ascii_digit);
            if is_mark && self.code.is_none() || c == '|' && self.rows > 0 {
                self.line.push('\\');
            }
            self.line.push(c);
        }
    }

    fn separate(&mut self) {
        if self.space && self.line.len() > self.begun {
            self.line.push(' ');
        }
        self.space = false;
        for mark in std::mem::take(&mut self.pending) {
            self.line.push_str(mark);
        }
    }

    fn open(&mut self, element: &scraper::node::Element) {
        match element.name() {
            "strong" | "b" => self.mark_start("**"),
            "em" | "i" | "cite" => self.mark_start("*"),
            "code" | "kbd" | "samp" if self.preformatted == 0 => {
                self.separate();
                self.codes += 1;
                self.code.get_or_insert(self.line.len());
            }
            "a" => self.mark_start("["),
            // A row is one line, and so is code.
            "br" if self.rows > 0 || self.code.is_some() => self.space = true,
            "br" => {
                self.line.push_str("\\\n");
                self.begun = self.line.len();
                self.space = false;
            }
            "img" => {
                self.separate();
                let alt = escape(element.attr("alt").unwrap_or_default());
                self.line.push_str(&format!("![{alt}]({})", destination(element.attr("src"))));
            }
            "hr" => {
                self.end_block();
                self.line.push_str("---");
                self.end_block();
            }
            "blockquote" => {
                self.end_block();
                self.prefixes.push("> ".to_owned());
            }
            "ul" | "ol" => {
                self.end_block();
                let first = element.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                self.lists.push((element.name() == "ol").then_some(first));
            }
            "li" => {
                self.end_block();
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.prefixes.push(" ".repeat(mark.len()));
                self.mark = Some(mark);
            }
            "pre" => {
                self.end_block();
                self.preformatted += 1;
            }
            "table" => {
                self.end_block();
                self.rows = 0;
            }
            "tr" => {
                self.end_block();
                self.rows += 1;
                self.cells = 0;
                self.line.push('|');
            }
            "td" | "th" => {
                self.cells += 1;
                self.line.push(' ');
                self.space = false;
            }
            name => {
                if let Some(level) = heading_level(name) {
                    self.end_block();
                    self.line.push_str(&"#".repeat(level));
                    self.space = true;
                } else if html::is_block(name) && self.cells == 0 {
                    self.end_block();
                } else if html::is_block(name) {
                    self.space = true;
                }
            }
        }
    }

    fn close(&mut self, element: &scraper::node::Element) {
        match element.name() {
            "strong" | "b" => self.mark_end("**", "**"),
            "em" | "i" | "cite" => self.mark_end("*", "*"),
            "code" | "kbd" | "samp" if self.preformatted == 0 => {
                self.codes = self.codes.saturating_sub(1);
                if self.codes == 0 {
                    self.end_code();
                }
            }
            "a" => self.mark_end("[", &format!("]({})", destination(element.attr("href")))),
            "blockquote" => {
                self.end_block();
                self.prefixes.pop();
            }
            "ul" | "ol" => {
                self.end_block();
                self.lists.pop();
            }
            "li" => {
                self.end_block();
                self.prefixes.pop();
                self.mark = None;
            }
            "pre" => {
                self.preformatted -= 1;
                // A fence longer than any inside.
                let fence = "`".repeat(3.max(longest_run(&self.line, '`') + 1));
                self.line = format!("{fence}\n{}\n{fence}", self.line.trim_matches('\n'));
                self.end_block();
            }
            "td" | "th" => {
                self.line.push_str(" |");
                self.space = false;
            }
            "tr" => {
                if self.rows == 1 {
                    let rule = format!("\n|{}", " --- |".repeat(self.cells));
                    self.line.push_str(&rule);
                }
                self.cells = 0;
                self.end_block();
            }
            "table" => {
                self.end_block();
                self.rows = 0;
            }
            name if html::is_block(name) && self.cells == 0 => self.end_block(),
            name if html::is_block(name) => self.space = true,
            _ => {}
        }
    }

    fn mark_start(&mut self, mark: &'static str) {
        if self.code.is_none() && self.preformatted == 0 {
            self.pending.push(mark);
        }
    }

    fn mark_end(&mut self, start: &str, end: &str) {
        if self.code.is_some() || self.preformatted > 0 {
            return;
        }
        if self.pending.last() == Some(&start) {
            self.pending.pop();
        } else {
            self.line.push_str(end);
        }
    }

    /// Puts what was written since the code span began between marks longer than any inside: nothing is escaped in it.
    fn end_code(&mut self) {
        let Some(begin) = self.code.take().filter(|begin| *begin < self.line.len()) else { return };
        let code = self.line.split_off(begin);
        let fence = "`".repeat(longest_run(&code, '`') + 1);
        let pad = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        self.line.push_str(&format!("{fence}{pad}{code}{pad}{fence}"));
    }

    fn end_block(&mut self) {
        self.end_code();
        let block = std::mem::take(&mut self.line);
        self.begun = 0;
        self.space = false;
        if block.trim().is_empty() || block.trim() == "|" {
            return;
        }
        // Rows of one table stand together.
        let separator = if self.rows > 1 && block.starts_with('|') { "\n" } else { "\n\n" };
        if !self.out.is_empty() {
            self.out.push_str(separator);
        }
        for (at, line) in block.lines().enumerate() {
            if at > 0 {
                self.out.push('\n');
            }
            let (outer, innermost) = match (at, self.mark.take()) {
                (0, Some(mark)) => (&self.prefixes[..self.prefixes.len().saturating_sub(1)], mark),
                _ => (&self.prefixes[..], String::new()),
            };
            for prefix in outer {
                self.out.push_str(prefix);
            }
            self.out.push_str(&innermost);
            self.out.push_str(line);
        }
    }
}

/// Whether a character may be read as markup wherever it stands.
fn is_mark(c: char) -> bool {
    matches!(c, '*' | '_' | '`' | '[' | ']' | '\\' | '<' | '&' | '~')
}

/// An address that no bracket or space of its own ends (`CommonMark` 0.31, section 6.3).
fn destination(url: Option<&str>) -> String {
    let mut destination = String::new();
    for c in url.unwrap_or_default().chars() {
        match c {
            '(' => destination.push_str("%28"),
            ')' => destination.push_str("%29"),
            '<' => destination.push_str("%3C"),
            '>' => destination.push_str("%3E"),
            '\\' => destination.push_str("%5C"),
            c if c.is_whitespace() => destination.push_str("%20"),
            c => destination.push(c),
        }
    }
    destination
}

fn heading_level(name: &str) -> Option<usize> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

fn longest_run(text: &str, c: char) -> usize {
    text.split(|other| other != c).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::write;

    #[track_caller]
    fn check(html: &str, markdown: &str) {
        assert_eq!(write(html), format!("{markdown}\n"), "{html}");
    }

    #[test]
    fn markup_becomes_markdown() {
        check("<h2>a</h2><p>b <strong>c</strong> <em>d</em></p>", "## a\n\nb **c** *d*");
        check("<p><a href=\"https://example.org/\">x</a></p>", "[x](https://example.org/)");
        check("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "- a\n\n- b\n\n  1. c");
        check("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n\n> b");
        check("<pre>a\n *b*</pre>", "```\na\n *b*\n```");
        check(
            "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d|e</td></tr></table>",
            "| a | b |\n| --- | --- |\n| c | d\\|e |",
        );
        check("<figure><img src=\"https://example.org/a.png\" alt=\"x\"></figure>", "![x](https://example.org/a.png)");
    }

    #[test]
    fn characters_that_mean_something_are_escaped() {
        check("<p>1. *a* [b] # c</p>", "1\\. \\*a\\* \\[b\\] # c");
        check("<p># a</p>", "\\# a");
        check("<p>a<br># b<br>- c<br>1) d<br>~~~</p>", "a\\\n\\# b\\\n\\- c\\\n1\\) d\\\n\\~\\~\\~");
        check("<p>&amp;lt; &amp;copy;</p>", "\\&lt; \\&copy;");
        assert_eq!(super::escape("<img src=x> [x](y)"), "\\<img src=x> \\[x\\](y)");
    }

    #[test]
    fn an_address_does_not_end_before_its_end() {
        check(
            "<p><a href=\"https://a.example/)[x](javascript:1\">q</a></p>",
            "[q](https://a.example/%29[x]%28javascript:1)",
        );
        let image = "<p><img src=\"https://a.example/i.png)[y](z\" alt=\"a](b)\"></p>";
        check(image, "![a\\](b)](https://a.example/i.png%29[y]%28z)");
    }

    #[test]
    fn marks_hold_text_and_code_holds_anything() {
        check("<p>a<b> b </b>c<i></i><a href=\"https://a.example/\"></a></p>", "a **b** c");
        check("<p><code>a``b`</code> <code>*c* &lt;</code></p>", "``` a``b` ``` `*c* <`");
        check("<table><tr><td>a<br>b</td></tr></table>", "| a b |\n| --- |");
    }
}
