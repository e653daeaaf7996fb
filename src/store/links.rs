//! The addresses by which documents are known, and the related links that lead to them.

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

/// Puts `links` in the place of the article's related links; each URL once.
pub(super) fn replace_related<'a>(
    db: &Connection,
    article: ArticleId,
    links: impl Iterator<Item = &'a RelatedLink>,
) -> rusqlite::Result<()> {
    execute(db, "DELETE FROM related_links WHERE article_id = ?1", [article])?;
    let mut seen = std::collections::HashSet::new();
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
