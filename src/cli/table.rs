//! Listings: aligned columns on a terminal, tab-separated values everywhere else.

use std::io::{self, IsTerminal};

/// Lays out rows under their headings.
pub(super) fn render<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    if io::stdout().is_terminal() { aligned(headings, rows) } else { separated(headings, rows) }
}

/// `name  value` lines; those without a value are left out.
pub(super) fn fields<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let known = fields.into_iter().filter(|(_, value)| !value.is_empty());
    known.fold(String::new(), |text, (name, value)| text + &format!("{name:10}  {value}\n"))
}

fn separated<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    // A tab or line break in a value would read as the next value.
    let line = |cells: Vec<String>| format!("{}\n", cells.join("\t"));
    let clean = |cell: &String| cell.replace(['\t', '\n', '\r'], " ");
    let head = line(headings.iter().map(ToString::to_string).collect());
    rows.iter().fold(head, |text, row| text + &line(row.iter().map(clean).collect()))
}

fn aligned<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = headings.map(|heading| heading.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: Vec<&str>| {
        let padded: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", padded.join("  ").trim_end())
    };
    let head = line(headings.to_vec());
    rows.iter().fold(head, |text, row| text + &line(row.iter().map(String::as_str).collect()))
}

#[cfg(test)]
mod tests {
    use super::{aligned, separated};

    #[test]
    fn columns_align_by_characters() {
        let rows = [["ü".to_owned(), "1".to_owned()], ["bbb".to_owned(), "22".to_owned()]];
        assert_eq!(aligned(["a", "b"], &rows), "a    b\nü    1\nbbb  22\n");
    }

    #[test]
    fn a_tab_in_a_value_stays_in_its_column() {
        assert_eq!(separated(["a", "b"], &[["x\ty".to_owned(), "z\n".to_owned()]]), "a\tb\nx y\tz \n");
    }
}
