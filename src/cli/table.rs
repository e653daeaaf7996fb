//! Listings: aligned columns on a terminal, tab-separated values everywhere else. Harmless to print, whatever is in them.

use std::io::{self, IsTerminal};

use super::plain::plain;

/// Lays out rows under their headings.
pub(super) fn render<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    if io::stdout().is_terminal() { aligned(headings, rows) } else { separated(headings, rows) }
}

/// `name  value` lines; those without a value are left out. A line break in a value would read as the next name.
pub(super) fn fields<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let known = fields.into_iter().filter(|(_, value)| !value.is_empty());
    known.fold(String::new(), |text, (name, value)| text + &format!("{name:10}  {}\n", plain(&value)))
}

/// A listing that is printed as it comes, so that no column can be as wide as its widest cell.
#[derive(Debug)]
pub(super) struct Stream<const N: usize> {
    /// `None` where it is no terminal.
    widths: Option<[usize; N]>,
}

impl<const N: usize> Stream<N> {
    /// Columns at least so wide on a terminal. The last ones had better be those of which nobody knows.
    pub(super) fn new(widths: [usize; N]) -> Self {
        Self { widths: io::stdout().is_terminal().then_some(widths) }
    }

    /// The line of a row, or of the headings.
    pub(super) fn line(&self, cells: &[String; N]) -> String {
        let cells = cells.each_ref().map(|cell| plain(cell));
        match self.widths {
            Some(widths) => padded(cells.each_ref().map(AsRef::as_ref), widths),
            None => format!("{}\n", cells.join("\t")),
        }
    }
}

fn separated<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    // A tab or line break in a value would read as the next value: `plain` leaves none.
    let head = format!("{}\n", headings.join("\t"));
    rows.iter().fold(head, |text, row| text + &row.each_ref().map(|cell| plain(cell)).join("\t") + "\n")
}

fn aligned<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    let rows: Vec<_> = rows.iter().map(|row| row.each_ref().map(|cell| plain(cell))).collect();
    let mut widths = headings.map(|heading| heading.chars().count());
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let head = padded(headings, widths);
    rows.iter().fold(head, |text, row| text + &padded(row.each_ref().map(AsRef::as_ref), widths))
}

fn padded<const N: usize>(cells: [&str; N], widths: [usize; N]) -> String {
    let padded: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
    format!("{}\n", padded.join("  ").trim_end())
}

#[cfg(test)]
mod tests {
    use super::{aligned, fields, separated};

    #[test]
    fn columns_align_by_characters() {
        let rows = [["ü".to_owned(), "1".to_owned()], ["bbb".to_owned(), "22".to_owned()]];
        assert_eq!(aligned(["a", "b"], &rows), "a    b\nü    1\nbbb  22\n");
    }

    #[test]
    fn a_tab_in_a_value_stays_in_its_column() {
        assert_eq!(separated(["a", "b"], &[["x\ty".to_owned(), "z\n".to_owned()]]), "a\tb\nx y\tz \n");
    }

    #[test]
    fn no_value_speaks_to_the_terminal_or_makes_a_line() {
        let evil = || "x\u{1b}[2J\nstate".to_owned();
        assert_eq!(fields([("title", evil())]), "title       x\\u{1b}[2J state\n");
        assert_eq!(aligned(["a"], &[[evil()]]), "a\nx\\u{1b}[2J state\n");
        assert_eq!(separated(["a"], &[[evil()]]), "a\nx\\u{1b}[2J state\n");
    }
}
