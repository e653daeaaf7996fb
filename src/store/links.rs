//! The addresses by which documents are known, and the related links that lead to them.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

use super::sql::{execute, insert};
use crate::fingerprint::url_key;
use crate::model::article::{AddressKind, RelatedLink};
use crate::model::id::ArticleId;

/// The article that owns `key`.
pub(super) fn owner(db: &Connection, key: &str) -> rusqlite::Result<Option<ArticleId>> {
    let mut statement = db.prepare_cached("SELECT article_id FROM article_urls WHERE url_key = ?1")?;
    statement.query_row([key], |row| row.get(0)).optional()
}

/// Makes `url` an address of `article`; returns the other article that owns it already, if one does.
pub(super) fn add_address(
    db: &Connection,
    article: ArticleId,
    kind: AddressKind,
    url: &Url,
) -> rusqlite::Result<Option<ArticleId>> {
    let key = url_key(url);
    if let Some(owner) = owner(db, &key)? {
        return Ok((owner != article).then_some(owner));
    }
    let sql = "INSERT INTO article_urls (url_key, url, article_id, kind) VALUES (?1, ?2, ?3, ?4)";
    execute(db, sql, params![key, url.as_str(), article, kind.as_str()])?;
    // Links that were waiting for this address now know where they lead. A link to itself leads nowhere.
    execute(
        db,
        "UPDATE related_links SET target_article_id = ?2
         WHERE url_key = ?1 AND target_article_id IS NULL AND article_id <> ?2",
        params![key, article],
    )?;
    Ok(None)
}

/// Whether `links` are the article's related links as [`replace_related`] would store them.
pub(super) fn are_related<'a>(
    db: &Connection,
    article: ArticleId,
    links: impl Iterator<Item = &'a RelatedLink>,
) -> rusqlite::Result<bool> {
    let mut statement =
        db.prepare_cached("SELECT kind, label, title, url FROM related_links WHERE article_id = ?1 ORDER BY position")?;
    let mut rows = statement.query([article])?;
    let mut seen = HashSet::new();
    for link in links.filter(|link| seen.insert(&link.url)) {
        let Some(row) = rows.next()? else { return Ok(false) };
        let text = |column| row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from);
        let stored = (text("kind")?, text("label")?, text("title")?, text("url")?);
        if stored != (Some(link.kind.as_str()), link.label.as_deref(), link.title.as_deref(), Some(link.url.as_str())) {
            return Ok(false);
        }
    }
    Ok(rows.next()?.is_none())
}

/// Puts `links` in the place of the article's related links; each URL once.
pub(super) fn replace_related<'a>(
    db: &Connection,
    article: ArticleId,
    links: impl Iterator<Item = &'a RelatedLink>,
) -> rusqlite::Result<()> {
    execute(db, "DELETE FROM related_links WHERE article_id = ?1", [article])?;
    let mut seen = HashSet::new();
    for (position, link) in links.filter(|link| seen.insert(&link.url)).enumerate() {
        let key = url_key(&link.url);
        let target = owner(db, &key)?.filter(|target| *target != article);
        insert(
            db,
            "INSERT INTO related_links (article_id, position, kind, label, title, url, url_key, target_article_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![article, position, link.kind.as_str(), link.label, link.title, link.url.as_str(), key, target],
        )?;
    }
    Ok(())
}
