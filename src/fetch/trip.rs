//! One request on its way: gate → network → hops → body → answer.
//!
//! The clock of the request's timeout runs while it has the network, redirects and body included, and stands while it
//! waits for its turn: how busy a site is says nothing about the server's answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};
use reqwest::Response;
use tokio::sync::SemaphorePermit;
use tokio::time::{Instant, timeout};
use url::Url;

use super::body::{self, Limits, Overlong};
use super::client::prepare;
use super::failure::Trouble;
use super::gate::{Held, Turn};
use super::headers::{failure_of, updated_by, validators_of, wishes};
use super::redirect::{Chain, is_redirect};
use super::{Answer, Attempt, Document, Engine, Purpose, Request, has_owner, robots};
use crate::model::failure::{ErrorClass, Failure};
use crate::model::outcome::{ServerWishes, Validators};
use crate::site::site_of;

/// Browsers allow 20; servers that mean well need 3.
const MAX_REDIRECTS: usize = 10;
/// A site that asks for silence this long is waited for; for more the caller is told to come again.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a redirected request waits for its turn at another site; then the feed is asked again later.
const PATIENCE_ELSEWHERE: Duration = Duration::from_secs(10);
/// A server that sends nothing for so long in the middle of a body has forgotten it.
const STALL: Duration = Duration::from_secs(15);

pub(super) struct Trip<'a> {
    engine: &'a Engine,
    request: &'a Request,
    chain: Chain,
    started_at: Option<DateTime<Utc>>,
    spent: Duration,
    http_status: Option<u16>,
    wire_bytes: Arc<AtomicU64>,
    wishes: ServerWishes,
}

/// The right to use the network for a site, released before the next is taken.
struct Pass<'a> {
    turn: Turn,
    _network: SemaphorePermit<'a>,
}

impl<'a> Trip<'a> {
    pub(super) fn new(engine: &'a Engine, request: &'a Request) -> Self {
        let max_redirects = if request.purpose == Purpose::Robots { robots::MAX_REDIRECTS } else { MAX_REDIRECTS };
        Self {
            engine,
            request,
            chain: Chain::new(request.url.expose().clone(), max_redirects),
            started_at: None,
            spent: Duration::ZERO,
            http_status: None,
            wire_bytes: Arc::default(),
            wishes: ServerWishes::default(),
        }
    }

    pub(super) async fn run(mut self) -> Attempt {
        let result = self.travel().await.map_err(|trouble| self.tell(trouble));
        Attempt {
            started_at: self.started_at.unwrap_or_else(|| self.engine.clock.now()),
            duration: self.spent,
            http_status: self.http_status,
            wire_bytes: self.wire_bytes.load(Ordering::Relaxed),
            wishes: self.wishes,
            result,
        }
    }

    async fn travel(&mut self) -> Result<Answer, Trouble> {
        let mut pass = None;
        loop {
            self.engine.guard.check_url(self.chain.current())?;
            let site = site_of(self.chain.current());
            pass = Some(self.pass(&site, pass).await?);
            let began = Instant::now();
            let left = self.engine.timeout.saturating_sub(self.spent);
            let step = timeout(left, self.ask()).await;
            self.spent += began.elapsed();
            match step {
                Ok(Ok(Some(answer))) => return Ok(answer),
                Ok(Ok(None)) => {}
                Ok(Err(trouble)) => return Err(trouble),
                Err(_elapsed) => {
                    let limit = self.engine.timeout.as_secs_f64();
                    return Err(Trouble::new(ErrorClass::Timeout, format!("no complete answer within {limit} s")));
                }
            }
        }
    }

    /// Keeps the pass on a redirect within the site; gives it back and lines up anew for another site.
    async fn pass(&mut self, site: &str, held: Option<Pass<'a>>) -> Result<Pass<'a>, Trouble> {
        let mut pass = match held {
            Some(pass) if pass.turn.site() == site => pass,
            other => {
                drop(other);
                let manners = self.engine.rules.manners(self.chain.current());
                // The claim knew the first site to be free. Where a redirect leads may be the busiest of all, and whoever waits
                // there keeps a place that others need.
                let longest = self.chain.has_hops().then_some(PATIENCE_ELSEWHERE);
                let entering = self.engine.gate.enter(site, manners, self.request.purpose, PATIENCE, longest);
                let turn = entering.await.map_err(|held| self.refused(held))?;
                let network = self.engine.network.acquire().await.expect("the semaphore is never closed");
                Pass { turn, _network: network }
            }
        };
        pass.turn.start();
        self.started_at.get_or_insert_with(|| self.engine.clock.now());
        Ok(pass)
    }

    fn refused(&mut self, held: Held) -> Trouble {
        let left = (held.until - self.engine.clock.now()).to_std().unwrap_or_default();
        self.wishes = ServerWishes { retry_after: Some(left), fresh_for: None };
        let until = held.until.format("%Y-%m-%dT%H:%M:%SZ");
        Trouble::new(ErrorClass::RateLimited, format!("not asked: the site wants no requests until {until}"))
    }

    /// Asks the chain's current URL; `None` when that sends elsewhere.
    async fn ask(&mut self) -> Result<Option<Answer>, Trouble> {
        let stays = self.engine.kept.may_stay(self.chain.current());
        let response = prepare(&self.engine.client, self.request, &self.chain, stays)?.send().await?;
        let status = response.status();
        self.http_status = Some(status.as_u16());
        if is_redirect(status) {
            self.chain.follow(status, response.headers().get(LOCATION))?;
            read_out(response).await;
            return Ok(None);
        }
        self.wishes = wishes(response.headers(), self.engine.clock.now());
        let treat_403 = self.engine.rules.treats_403_as_rate_limited(self.chain.current());
        if let Some(class) = failure_of(status, response.headers(), treat_403) {
            if class == ErrorClass::RateLimited {
                self.hold_site();
            }
            read_out(response).await;
            return Err(Trouble::new(class, format!("the server answers {status}")));
        }
        let answer = if status == StatusCode::NOT_MODIFIED {
            self.not_modified(&response)?
        } else {
            Answer::Document(self.document(response).await?)
        };
        Ok(Some(answer))
    }

    /// What one URL was refused with counts for the whole site.
    fn hold_site(&self) {
        let url = self.chain.current();
        if let Some(wait) = self.wishes.retry_after
            && has_owner(url)
            && let Ok(wait) = chrono::TimeDelta::from_std(wait)
        {
            let site = site_of(url);
            let until = self.engine.gate.hold(&site, self.engine.clock.now() + wait);
            let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
            tracing::info!(
                site,
                until,
                asked_seconds = wait.num_seconds(),
                "leaving {site} alone until {until}, as it asks"
            );
        }
    }

    fn not_modified(&self, response: &Response) -> Result<Answer, Trouble> {
        let sent = &self.request.validators;
        if *sent == Validators::default() {
            return Err(Trouble::new(ErrorClass::Protocol, "the server answers 304 to a request without validators"));
        }
        Ok(Answer::NotModified { validators: updated_by(sent, response.headers()) })
    }

    async fn document(&self, response: Response) -> Result<Document, Trouble> {
        let is_robots = self.request.purpose == Purpose::Robots;
        let limits = Limits {
            max_bytes: if is_robots { robots::MAX_BYTES } else { self.engine.max_body },
            overlong: if is_robots { Overlong::Cut } else { Overlong::Refuse },
            stall: self.engine.timeout.min(STALL),
        };
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let validators = validators_of(response.headers());
        let body = body::read(response, limits, &self.engine.budget, &self.wire_bytes).await?;
        // A redirect may carry the secret of a URL along. What is permanent gets stored, so such a URL stays what it is.
        let moved_to = self.chain.moved_to().filter(|_| !self.request.url.is_secret());
        Ok(Document {
            body,
            content_type,
            final_url: without_userinfo(self.chain.current()),
            permanent_redirect: moved_to.cloned(),
            validators,
        })
    }

    fn tell(&self, trouble: Trouble) -> Failure {
        let asked = self.request.url.shown();
        if !self.chain.has_hops() {
            return trouble.at(&format!("`{asked}`"));
        }
        if self.request.url.is_secret() {
            return trouble.at(&format!("`{asked}` (redirected)"));
        }
        trouble.at(&format!("`{asked}` (redirected to `{}`)", self.chain.current()))
    }
}

fn without_userinfo(url: &Url) -> Url {
    let mut url = url.clone();
    let _always_has_host = url.set_username("").and_then(|()| url.set_password(None));
    url
}

/// Reads a body that nobody wants, so that its connection can be used again: as long as that is cheaper than a new one.
async fn read_out(mut response: Response) {
    const CHEAP_BYTES: usize = 16 * 1024;
    const CHEAP_TIME: Duration = Duration::from_secs(1);
    let reading = async {
        let mut read = 0;
        while read < CHEAP_BYTES
            && let Ok(Some(piece)) = response.chunk().await
        {
            read += piece.len();
        }
    };
    let _took_too_long = timeout(CHEAP_TIME, reading).await.is_err();
}
