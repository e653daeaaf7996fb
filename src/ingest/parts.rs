//! The later pages of an article that runs over several, fetched in turn and joined to the first.
//!
//! Each is a request like any other: robots.txt is asked, the gate of the site gives the turn, the limits hold. What cannot be had
//! ends the article there, with a warning. A 304 of the first page says that nothing changed, so the others are not looked at.

use std::time::Duration;

use url::Url;

use super::Ingest;
use super::robots::Permission;
use super::visit::{Reading, read_page};
use crate::article::parts::join::{Added, Joining};
use crate::fetch::{Answer, Purpose, Request};
use crate::fingerprint::url_key;
use crate::model::article::{Article, PageBlocks};
use crate::model::failure::{ErrorClass, Failure};
use crate::model::outcome::{ReadPage, ReadPart, ServerWishes, Validators};
use crate::model::secret::SecretUrl;
use crate::site::site_of;
use crate::store::error::StoreError;

/// Pages of one article. Publishers who cut their texts up make two to six pages of them; what goes on for longer is a list, a
/// gallery or a trap, and each page costs a turn at the site.
pub(super) const MAX_PAGES: usize = 10;

/// What became of the pages after the first.
#[derive(Debug)]
pub(super) struct Rest {
    /// The first page with the others joined to it.
    pub(super) page: ReadPage,
    /// Why there are no more of them, when there should be.
    pub(super) missing: Option<Missing>,
    /// Of all answers together.
    pub(super) duration: Duration,
    pub(super) wire_bytes: u64,
    /// Of the last answer; `None` when nothing was asked.
    pub(super) last: Option<(Option<u16>, ServerWishes)>,
}

/// Why a page could not be had.
#[derive(Debug, Clone)]
pub(super) enum Missing {
    /// robots.txt asks to stay away from it.
    Robots(Url),
    /// All else.
    Failed(Failure),
}

impl Missing {
    /// The failure of an article whose `number`-th page this is.
    pub(super) fn message(&self, number: usize) -> String {
        let why = match self {
            Self::Robots(url) => format!("robots.txt asks to stay away from `{url}`"),
            Self::Failed(failure) => failure.message.clone(),
        };
        format!("part {number} of the article could not be had: {why}")
    }
}

/// A later page as read.
struct Part {
    article: Article,
    row: ReadPart,
    size: u64,
}

/// What is known while the pages are fetched.
struct Tour<'a> {
    reading: &'a Reading,
    asks_robots: bool,
    first: Url,
    /// What is remembered of the pages before.
    earlier: Vec<PageBlocks>,
    /// Keys of the pages seen.
    seen: Vec<String>,
    /// Decoded bytes that the rest may have.
    left: u64,
}

impl Ingest {
    /// Fetches the pages that follow the first and joins them to it. `pages` were joined at the visit before: where a page
    /// repeats what there is and there were more, it is missing.
    pub(super) async fn rest_of(
        &self,
        mut page: ReadPage,
        first_size: u64,
        reading: &Reading,
        asks_robots: bool,
        pages: usize,
    ) -> Result<Rest, StoreError> {
        let mut next = page.article.next_part.take();
        let mut tour = Tour {
            reading,
            asks_robots,
            first: page.final_url.clone(),
            earlier: vec![page.article.blocks.clone()],
            seen: vec![url_key(&page.final_url)],
            // Together they may have what one page may: an article is no larger for being cut up.
            left: self.config.fetch.max_body.saturating_sub(first_size),
        };
        let mut rest = Rest { page, missing: None, duration: Duration::ZERO, wire_bytes: 0, last: None };
        let mut joining = Joining::new(std::mem::take(&mut rest.page.article));
        while let Some(url) = next.take() {
            let number = rest.page.parts.len() + 2;
            // Round in a circle: the last page was the one before.
            if tour.seen.contains(&url_key(&url)) {
                break;
            }
            if number > MAX_PAGES {
                joining.warn(format!("the article goes on at `{url}`: no more than {MAX_PAGES} pages are joined"));
                break;
            }
            let missing = match Box::pin(self.part(&url, &mut tour, &mut rest)).await? {
                Ok(Part { article, row, size }) => {
                    tour.left = tour.left.saturating_sub(size);
                    let (after, blocks) = (article.next_part.clone(), article.blocks.clone());
                    match joining.add(article) {
                        Added::Joined => {
                            tour.earlier.push(blocks);
                            rest.page.parts.push(row);
                            next = after;
                            continue;
                        }
                        Added::Whole => {
                            rest.page.parts.push(row);
                            break;
                        }
                        Added::Repeated if number <= pages => failed(format!("`{url}` repeats the parts before")),
                        Added::Repeated => break,
                    }
                }
                Err(missing) => missing,
            };
            joining.warn(missing.message(number));
            if let Missing::Failed(_) = missing {
                // Else a 304 would say of the incomplete text that it is the newest.
                rest.page.validators = Validators::default();
            }
            rest.page.missing_part = Some(url);
            rest.missing = Some(missing);
        }
        rest.page.article = joining.finish();
        rest.page.article.next_part = None;
        Ok(rest)
    }

    /// One later page.
    async fn part(&self, url: &Url, tour: &mut Tour<'_>, rest: &mut Rest) -> Result<Result<Part, Missing>, StoreError> {
        tour.seen.push(url_key(url));
        if tour.asks_robots {
            match self.robots_permission(url).await? {
                Permission::Allowed => {}
                Permission::Disallowed => return Ok(Err(Missing::Robots(url.clone()))),
                Permission::Unavailable => {
                    let origin = url.origin().ascii_serialization();
                    let message = format!("robots.txt of `{origin}` cannot be had for `{url}`");
                    return Ok(Err(Missing::Failed(Failure { class: ErrorClass::Server, message })));
                }
            }
        }
        let attempt = self
            .fetcher
            .fetch(&Request {
                url: SecretUrl::plain(url.clone()),
                purpose: Purpose::Article,
                validators: Validators::default(),
                headers: Vec::new(),
                basic_auth: None,
            })
            .await;
        rest.duration += attempt.duration;
        rest.wire_bytes += attempt.wire_bytes;
        rest.last = Some((attempt.http_status, attempt.wishes));
        let document = match attempt.result {
            Ok(Answer::Document(document)) => document,
            Ok(Answer::NotModified { .. }) => {
                return Ok(Err(failed(format!("`{url}` was not asked whether it changed"))));
            }
            Err(failure) => return Ok(Err(Missing::Failed(failure))),
        };
        let size = document.body.len() as u64;
        if size > tour.left {
            let message = format!("with `{url}` its parts are larger than {} bytes", self.config.fetch.max_body);
            return Ok(Err(Missing::Failed(Failure { class: ErrorClass::TooLarge, message })));
        }
        let end = &document.final_url;
        if site_of(end) != site_of(url) {
            return Ok(Err(failed(format!("`{url}` leads to another site: `{end}`"))));
        }
        if end != url && end.path() == "/" && end.query().is_none() {
            return Ok(Err(failed(format!("`{url}` leads to the home page"))));
        }
        tour.seen.push(url_key(end));
        let (reading, first, earlier) = (tour.reading.clone(), tour.first.clone(), tour.earlier.clone());
        let now = self.clock.now();
        let read = self.cpu.run(move || read_page(document, &reading, None, now, Some((&first, &earlier)))).await;
        Ok(match read.flatten() {
            Ok(page) if page.article.word_count == 0 => Err(failed(format!("`{url}` holds no text to read"))),
            Ok(ReadPage { article, final_url, raw, .. }) => {
                Ok(Part { article, row: ReadPart { final_url, fetched_at: now, raw }, size })
            }
            Err(failure) => Err(Missing::Failed(failure)),
        })
    }
}

fn failed(message: String) -> Missing {
    Missing::Failed(Failure { class: ErrorClass::NotAPage, message })
}
