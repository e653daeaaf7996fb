//! `docs/schema.md`, generated from the comments of the migrations.
//!
//! Reads our own SQL files, not SQL: a block of `-- ` lines right above a `CREATE TABLE` or `CREATE VIEW` is about
//! that, `-- ` behind a column is about the column, and `--# ` begins a part.

use std::fmt::Write;

use super::migrate::MIGRATIONS;

/// A table or view as the migrations describe it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relation {
    /// The part that it stands in.
    pub part: String,
    /// Its name.
    pub name: String,
    /// Whether it is a view.
    pub view: bool,
    /// What it is.
    pub about: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// A column of a [`Relation`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// `TEXT`, `INTEGER NOT NULL` …; empty in a view.
    pub kind: String,
    /// What it holds.
    pub about: String,
}

/// All tables and views, in the order of the migrations.
pub fn relations() -> Vec<Relation> {
    let mut relations = Vec::new();
    for (_, sql) in MIGRATIONS {
        read(sql, &mut relations);
    }
    relations
}

/// The text of `docs/schema.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# The schema\n\n\
         Generated from the comments in `migrations/`; `BLESS=1 cargo test schema` writes it anew.\n\n\
         Times are RFC 3339 UTC text to the second, `2015-03-05T10:20:00Z`, and sort as text. Lists are JSON arrays. \
         Ids are never reused.\n",
    );
    let mut part = String::new();
    for relation in relations() {
        if relation.part != part {
            part.clone_from(&relation.part);
            write!(text, "\n## {part}\n").expect("a String takes all");
        }
        let view = if relation.view { " (view)" } else { "" };
        write!(text, "\n### {}{view}\n\n{}\n\n| column | type | |\n|---|---|---|\n", relation.name, relation.about)
            .expect("a String takes all");
        for Column { name, kind, about } in &relation.columns {
            writeln!(text, "| `{name}` | {kind} | {about} |").expect("a String takes all");
        }
    }
    text
}

fn read(sql: &str, relations: &mut Vec<Relation>) {
    let (mut part, mut comment) = (String::new(), String::new());
    let mut open: Option<Relation> = None;
    for line in sql.lines() {
        if let Some(relation) = &mut open {
            relation.columns.extend(column(line, relation.view));
            // A table ends with its bracket, a view with its semicolon.
            if (line.starts_with(')') || line.ends_with(';'))
                && let Some(relation) = open.take()
            {
                place(relation, relations);
            }
        } else if let Some(title) = line.strip_prefix("--# ") {
            title.clone_into(&mut part);
        } else if let Some(words) = line.strip_prefix("-- ") {
            let space = if comment.is_empty() { "" } else { " " };
            comment = format!("{comment}{space}{words}");
        } else {
            let about = std::mem::take(&mut comment);
            if let Some((name, view)) = created(line) {
                open = Some(Relation { part: part.clone(), name, view, about, columns: Vec::new() });
            } else if let Some((table, definition)) = added(line) {
                let table = relations.iter_mut().find(|relation| relation.name == table);
                if let Some((table, column)) = table.zip(column(definition, false)) {
                    table.columns.push(column);
                }
            }
        }
    }
}

/// A view that is made anew keeps its place and its part.
fn place(relation: Relation, relations: &mut Vec<Relation>) {
    match relations.iter_mut().find(|older| older.name == relation.name) {
        Some(older) => *older = Relation { part: older.part.clone(), ..relation },
        None => relations.push(relation),
    }
}

/// The name in `CREATE TABLE name (`, `CREATE VIRTUAL TABLE name USING …` or `CREATE VIEW name AS`, and whether it is a view.
fn created(line: &str) -> Option<(String, bool)> {
    let (rest, view) = ["CREATE TABLE ", "CREATE VIRTUAL TABLE ", "CREATE VIEW "]
        .iter()
        .find_map(|start| line.strip_prefix(start).map(|rest| (rest, start.ends_with("VIEW "))))?;
    rest.split_whitespace().next().map(|name| (name.to_owned(), view))
}

/// The table and the column definition in `ALTER TABLE name ADD COLUMN …`.
fn added(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("ALTER TABLE ")?.split_once(" ADD COLUMN ")
}

/// The column that a line defines: one with a comment behind it.
fn column(line: &str, view: bool) -> Option<Column> {
    let (definition, about) = line.split_once(" -- ")?;
    let definition = definition.trim().trim_end_matches([',', ';']);
    let (name, kind) = if view {
        (definition.rsplit_once(" AS ")?.1, String::new())
    } else {
        let (name, rest) = definition.split_once(' ').unwrap_or((definition, ""));
        let words = rest.split_whitespace().take_while(|word| {
            matches!(*word, "TEXT" | "INTEGER" | "REAL" | "BLOB" | "NOT" | "NULL" | "PRIMARY" | "KEY")
        });
        (name, words.collect::<Vec<_>>().join(" "))
    };
    Some(Column { name: name.to_owned(), kind, about: about.trim().to_owned() })
}
