//! Prints rows as a table that fits the terminal: columns as wide as they need to be, the widest cut first.

use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a query answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Their names.
    pub(crate) columns: Vec<String>,
    /// As many cells a row as there are columns.
    pub(crate) cells: Vec<Vec<String>>,
}

/// Between two columns.
const GAP: &str = "  ";

/// No column is cut below this many terminal cells.
const NARROWEST: usize = 6;

/// The rows under their names, no line wider than `width` terminal cells unless there are too many columns for that.
pub(crate) fn render(rows: &Rows, width: usize) -> String {
    if rows.cells.is_empty() {
        return "(no rows)\n".to_owned();
    }
    let lines: Vec<Vec<String>> = std::iter::once(&rows.columns)
        .chain(&rows.cells)
        .map(|cells| cells.iter().map(|c| one_line(c)).collect())
        .collect();
    let widths = fit(natural_widths(&lines), width);
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    let mut table = String::new();
    for (number, cells) in lines.iter().enumerate() {
        push_line(&mut table, cells, &widths);
        if number == 0 {
            push_line(&mut table, &rule, &widths);
        }
    }
    table
}

fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn natural_widths(lines: &[Vec<String>]) -> Vec<usize> {
    let columns = lines.first().map_or(0, Vec::len);
    (0..columns)
        .map(|column| lines.iter().filter_map(|line| line.get(column)).map(|c| c.width()).max().unwrap_or(0))
        .collect()
}

/// Takes cells from the widest column until all fit.
fn fit(mut widths: Vec<usize>, width: usize) -> Vec<usize> {
    let gaps = GAP.len() * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > width {
        match widths.iter_mut().max() {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => break,
        }
    }
    widths
}

fn push_line(table: &mut String, cells: &[String], widths: &[usize]) {
    let start = table.len();
    for (number, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let gap = if number == 0 { "" } else { GAP };
        let cell = cut(cell, *width);
        let padding = width - cell.width();
        write!(table, "{gap}{cell}{:padding$}", "").expect("a string takes every character");
    }
    table.truncate(start + table[start..].trim_end().len());
    table.push('\n');
}

/// At most `width` terminal cells of `text`, the last one an ellipsis where something was cut.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::{Rows, cut, fit, render};

    fn rows(columns: &[&str], cells: &[&[&str]]) -> Rows {
        let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        Rows { columns: owned(columns), cells: cells.iter().map(|cells| owned(cells)).collect() }
    }

    #[test]
    fn columns_line_up_and_lines_end_without_spaces() {
        let table = render(&rows(&["id", "title"], &[&["1", "Bees"], &["12", "A\n tower "]]), 80);
        assert_eq!(table, "id  title\n──  ───────\n1   Bees\n12  A tower\n");
    }

    #[test]
    fn no_rows_are_said_so() {
        assert_eq!(render(&rows(&["id"], &[]), 80), "(no rows)\n");
    }

    #[test]
    fn wide_characters_count_as_two_cells() {
        let table = render(&rows(&["a", "b"], &[&["灯台", "x"], &["Turm", "y"]]), 80);
        assert_eq!(table, "a     b\n────  ─\n灯台  x\nTurm  y\n");
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let long = "潮見浜の灯台、百年ぶりに塗り替え, and then some more";
        let table = render(&rows(&["n", "title", "url"], &[&["1", long, &"u".repeat(90)]]), 60);
        assert!(table.lines().all(|line| line.width() <= 60), "{table}");
    }

    #[test]
    fn the_widest_columns_give_way_first() {
        assert_eq!(fit(vec![4, 50, 30], 44), [4, 18, 18]);
        assert_eq!(fit(vec![4, 5], 80), [4, 5]);
        assert_eq!(fit(vec![9; 9], 10), [6; 9]);
    }

    #[test]
    fn a_cut_ends_in_an_ellipsis_and_splits_no_character() {
        assert_eq!(cut("lighthouse", 6), "light…");
        assert_eq!(cut("light", 5), "light");
        assert_eq!(cut("灯台灯台", 6), "灯台…");
    }
}
