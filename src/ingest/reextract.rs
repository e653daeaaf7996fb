//! One look at a page that is in the archive already.

use std::io::Read;

use super::Ingest;
use crate::article::parts::PartOf;
use crate::article::parts::join::Joining;
use crate::article::{self, PageInput};
use crate::config::PageRules;
use crate::model::article::{Article, PageBlocks};
use crate::model::id::ArticleId;
use crate::site::site_of;
use crate::store::error::StoreError;
use crate::store::values::{Reextracted, RereadPage, SiteMemory, StoredPage};

/// The largest window that a stored page may be compressed with, as a power of two: what is needed to decode it. A visit
/// compresses with less than this.
const WINDOW_LOG_MAX: u32 = 23;

impl Ingest {
    /// Reads the stored page of an article again and stores what is new; `dry_run` only tells.
    ///
    /// The inner error is what is wrong with this one page. The outer is the store's alone.
    pub async fn reextract(&self, id: ArticleId, dry_run: bool) -> Result<Result<Reextracted, String>, StoreError> {
        let Some(page) = self.store.raw_page(id).await? else { return Ok(Err("no page of it is kept".to_owned())) };
        if page.is_outdated {
            return Ok(Ok(Reextracted::Outdated));
        }
        let Some(final_url) = page.final_url.clone() else {
            return Ok(Err("the address of its page cannot be read".to_owned()));
        };
        let feed = page.slug.as_ref().and_then(|slug| self.config.feed(slug));
        let assume_timezone = feed.and_then(|feed| feed.settings.assume_timezone);
        let rules = feed.map(|feed| feed.page.clone()).unwrap_or_default();
        let (max_body, fetched_at, url) = (self.config.fetch.max_body, page.fetched_at, final_url.clone());
        let memory = self.store.site_memory(site_of(&final_url), id).await?;
        let read = self.cpu.run(move || read_again(&page, &url, assume_timezone, &rules, memory, max_body)).await;
        let reading = match read.map_err(|panic| panic.message).flatten() {
            Ok(reading) => reading,
            Err(why) => return Ok(Err(why)),
        };
        self.store.apply_reextract(RereadPage { article: id, final_url, fetched_at, reading }, dry_run).await.map(Ok)
    }
}

/// Compressed bytes → article. Pure.
fn read_again(
    page: &StoredPage,
    url: &url::Url,
    assume_timezone: Option<chrono_tz::Tz>,
    rules: &PageRules,
    memory: SiteMemory,
    max_body: u64,
) -> Result<Article, String> {
    let siblings: Vec<PageBlocks> = memory.siblings.into_iter().map(|(_, blocks)| blocks).collect();
    let bytes = decompress(&page.zstd, max_body)?;
    // To be read anew is what it is here for: as before (`PageInput::before`) is not asked.
    let first = PageInput {
        content_type: page.content_type.as_deref(),
        assume_timezone,
        rules,
        entry: page.entry.as_ref(),
        last_modified: page.last_modified.as_deref(),
        siblings: &siblings,
        ..PageInput::new(&bytes, url, page.fetched_at)
    };
    let article = article::read(&first);
    if let Some(instead) = article.instead {
        return Err(format!("its page {}, the stored text stays", instead.says()));
    }
    let mut earlier = vec![article.blocks.clone()];
    let mut joining = Joining::new(article);
    // Which pages belong together was decided when they were fetched.
    for part in &page.parts {
        let number = part.number;
        let zstd = part.zstd.as_ref().ok_or_else(|| format!("part {number} of it is not kept"))?;
        let url = part.final_url.as_ref().ok_or_else(|| format!("the address of its part {number} cannot be read"))?;
        let article = article::read(&PageInput {
            bytes: &decompress(zstd, max_body)?,
            content_type: part.content_type.as_deref(),
            url,
            now: part.fetched_at,
            entry: None,
            last_modified: None,
            part_of: Some(PartOf { first: first.url, earlier: &earlier }),
            ..first
        });
        earlier.push(article.blocks.clone());
        joining.add(article);
    }
    let article = joining.finish();
    if article.word_count == 0 && page.has_text {
        return Err("no text is found on its page, the stored one stays".to_owned());
    }
    Ok(article)
}

/// Never more than `max_body` bytes, whatever the frame promises.
fn decompress(zstd: &[u8], max_body: u64) -> Result<Vec<u8>, String> {
    let broken = |error| format!("its stored page is broken: {error}");
    let mut decoder = zstd::stream::read::Decoder::new(zstd).map_err(broken)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(broken)?;
    let mut bytes = Vec::new();
    decoder.take(max_body.saturating_add(1)).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > max_body {
        return Err(format!("its stored page is larger than {max_body} bytes (`max_body` in [fetch])"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::decompress;

    #[test]
    fn a_stored_page_is_decoded_up_to_the_limit() {
        let page = vec![b'x'; 1 << 20];
        let zstd = zstd::bulk::compress(&page, 1).unwrap();
        assert_eq!(decompress(&zstd, 1 << 20).unwrap(), page);
        assert!(decompress(&zstd, (1 << 20) - 1).unwrap_err().contains("larger than 1048575 bytes"));
        for broken in [&zstd[..zstd.len() / 2], &zstd[1..], b"<html>", b"\0"] {
            assert!(decompress(broken, 1 << 20).unwrap_err().contains("broken"));
        }
    }
}
