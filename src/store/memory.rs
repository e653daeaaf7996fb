//! What is remembered of pages, a number a block, so that they can be read in the light of each other.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::sql::execute;
use super::values::SiteMemory;
use crate::model::article::PageBlocks;
use crate::model::id::ArticleId;

/// The newest pages of a site: what they have in common is the site's. Most of it shows on the second one; the others are for
/// pages of another section, and for appeals that come and go.
const SIBLINGS: usize = 12;

/// Rows looked at beyond the newest, whenever a page joins them: more than join at a time.
const TRIMMED: usize = 4;

/// What is remembered of `article` and of the newest other pages of `site`.
pub(super) fn load(db: &Connection, site: &str, article: ArticleId) -> rusqlite::Result<SiteMemory> {
    let mut own = db.prepare_cached("SELECT rules, blocks, shapes FROM page_blocks WHERE article_id = ?1")?;
    let before = own.query_row([article], blocks).optional()?;
    let mut others = db.prepare_cached(
        "SELECT article_id, rules, blocks, shapes FROM page_blocks WHERE site = ?1 AND article_id <> ?2 ORDER BY article_id DESC LIMIT ?3",
    )?;
    let siblings =
        others.query_map(params![site, article, SIBLINGS], |row| Ok((row.get("article_id")?, blocks(row)?)))?;
    Ok(SiteMemory { before, siblings: siblings.collect::<rusqlite::Result<_>>()? })
}

/// Whether the stored text was read by other rules of the config than `page`: what differs is then of our making.
pub(super) fn has_other_rules(db: &Connection, article: ArticleId, page: &PageBlocks) -> rusqlite::Result<bool> {
    let mut stored = db.prepare_cached("SELECT 1 FROM page_blocks WHERE article_id = ?1 AND rules <> ?2")?;
    stored.exists(params![article, page.rules])
}

/// Remembers a page, and forgets those that need not be known any more.
pub(super) fn store(db: &Connection, article: ArticleId, site: &str, blocks: &PageBlocks) -> rusqlite::Result<()> {
    execute(
        db,
        "INSERT INTO page_blocks (article_id, site, rules, blocks, shapes) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (article_id) DO UPDATE
             SET site = excluded.site, rules = excluded.rules, blocks = excluded.blocks, shapes = excluded.shapes
         WHERE (page_blocks.site, page_blocks.rules, page_blocks.blocks, page_blocks.shapes)
             IS NOT (excluded.site, excluded.rules, excluded.blocks, excluded.shapes)",
        params![article, site, blocks.rules, encode(&blocks.keys), encode(&blocks.shapes)],
    )?;
    execute(
        db,
        "DELETE FROM page_blocks WHERE article_id IN (SELECT article_id FROM page_blocks WHERE site = ?1
             ORDER BY article_id DESC LIMIT ?2 OFFSET ?3)
         AND (SELECT next_check_at FROM article_status s WHERE s.article_id = page_blocks.article_id) IS NULL",
        params![site, TRIMMED, SIBLINGS],
    )?;
    forget(db, article)
}

/// Forgets a page that is not looked at again and is none of its site's newest.
pub(super) fn forget(db: &Connection, article: ArticleId) -> rusqlite::Result<()> {
    execute(
        db,
        "DELETE FROM page_blocks WHERE article_id = ?1
         AND (SELECT next_check_at FROM article_status s WHERE s.article_id = ?1) IS NULL
         AND article_id NOT IN (SELECT b.article_id FROM page_blocks b WHERE b.site = page_blocks.site
             ORDER BY b.article_id DESC LIMIT ?2)",
        params![article, SIBLINGS],
    )
    .map(drop)
}

fn blocks(row: &Row<'_>) -> rusqlite::Result<PageBlocks> {
    let numbers = |column: &str| Ok::<_, rusqlite::Error>(decode(row.get_ref(column)?.as_blob()?));
    Ok(PageBlocks { keys: numbers("blocks")?, shapes: numbers("shapes")?, rules: row.get("rules")? })
}

fn encode(keys: &[u64]) -> Vec<u8> {
    keys.iter().flat_map(|key| key.to_le_bytes()).collect()
}

fn decode(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks().0.iter().map(|key| u64::from_le_bytes(*key)).collect()
}
