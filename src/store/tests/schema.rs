use std::collections::BTreeMap;
use std::fs;

use rusqlite::Connection;

use super::{Archive, rows};
use crate::store::migrate::MIGRATIONS;
use crate::store::schema::{markdown, relations};

#[test]
fn schema_document_equals_the_generated_text() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, markdown()).unwrap();
    }
    let stands = fs::read_to_string(path).unwrap_or_default();
    assert!(stands == markdown(), "docs/schema.md is out of date: BLESS=1 cargo test schema");
}

#[tokio::test]
async fn every_table_view_and_column_of_the_schema_has_a_comment() {
    let archive = Archive::new();
    let db = archive.db();
    let names = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'
                 AND name NOT LIKE 'articles_fts_%' ORDER BY name";
    let in_database: BTreeMap<String, Vec<String>> = rows(&db, names)
        .into_iter()
        .map(|name| {
            // 1 are the hidden columns of a virtual table; generated ones are 2.
            let columns = format!("SELECT name FROM pragma_table_xinfo('{name}') WHERE hidden <> 1");
            let columns = rows(&db, &columns);
            (name, columns)
        })
        .collect();
    let documented: BTreeMap<String, Vec<String>> = relations()
        .into_iter()
        .map(|relation| {
            assert!(!relation.about.is_empty(), "{} has no comment", relation.name);
            (relation.name, relation.columns.into_iter().map(|column| column.name).collect())
        })
        .collect();
    assert_eq!(in_database, documented);
}

#[test]
fn migrations_are_numbered_without_a_gap() {
    for (index, (name, _)) in MIGRATIONS.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", index + 1)), "{name}");
    }
}

#[tokio::test]
async fn migrating_from_scratch_gives_the_schema_of_the_files() {
    let archive = Archive::new();
    let plain = Connection::open_in_memory().unwrap();
    for (_, sql) in MIGRATIONS {
        plain.execute_batch(sql).unwrap();
    }
    let schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name";
    assert_eq!(archive.rows(schema), rows(&plain, schema));
    assert_eq!(archive.value("PRAGMA user_version"), MIGRATIONS.len().to_string());
    assert_eq!(archive.value("PRAGMA foreign_key_check"), "");
}
