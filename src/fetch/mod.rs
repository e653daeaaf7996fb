//! The only way to the network: one conditional GET at a time, polite and bounded.
//!
//! [`Fetcher::fetch`] takes a [`Request`] through the gate of its site, asks, follows redirects by hand, and reads the
//! body within limits. It never retries and decides nothing about the next time: an [`Attempt`] says what happened, and
//! `schedule` decides. There is no second road to a socket, so there is none without the address guard.
//!
//! In reading order: `trip` is the way of one request; `gate` and `manners` say when it may start, `guard` and `resolve`
//! where it may connect, `client` how it asks, `kept` over which connection, `redirect` and `headers` what the answer means, `body` and `budget` what
//! it may cost, `failure` what is told. `robots` is robots.txt.

mod body;
mod budget;
mod client;
mod failure;
mod gate;
mod guard;
mod headers;
mod kept;
mod manners;
mod redirect;
mod resolve;
mod robots;
mod trip;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use url::Url;

pub use self::budget::Body;
pub use self::client::FetchSetupError;
pub use self::resolve::Resolver;
pub use self::robots::robots_allow;
use crate::clock::Clock;
use crate::config::{BasicAuth, FetchSettings, HostRule};
use crate::model::failure::Failure;
use crate::model::outcome::{RobotsTxt, ServerWishes, Validators};
use crate::model::secret::{SecretText, SecretUrl};
use crate::site::site_of;

/// Makes requests. Clones share the client, the gate and the limits.
#[derive(Clone)]
pub struct Fetcher(Arc<Engine>);

struct Engine {
    client: reqwest::Client,
    kept: kept::Kept,
    guard: guard::Guard,
    gate: gate::Gate,
    rules: manners::Rules,
    network: Arc<Semaphore>,
    budget: budget::Budget,
    resolver: Resolver,
    clock: Clock,
    concurrency: usize,
    timeout: Duration,
    max_body: u64,
}

/// What to ask for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The address. Sent byte for byte as `Url` writes it.
    pub url: SecretUrl,
    /// What it is for.
    pub purpose: Purpose,
    /// Makes the request conditional, where there are any.
    pub validators: Validators,
    /// The feed's own headers; for the URL's origin alone.
    pub headers: Vec<(String, SecretText)>,
    /// Credentials; for the URL's origin alone.
    pub basic_auth: Option<BasicAuth>,
}

/// What a request is for: sets `Accept`, and feeds go first at the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A feed document.
    Feed,
    /// An article's page.
    Article,
    /// A robots.txt: [`Fetcher::robots`] asks for it.
    Robots,
}

/// What became of a request.
#[derive(Debug)]
pub struct Attempt {
    /// When it began, after waiting for the site's turn.
    pub started_at: DateTime<Utc>,
    /// How long it took, waiting for turns left out.
    pub duration: Duration,
    /// The status of the last answer.
    pub http_status: Option<u16>,
    /// Bytes of the last body on the wire, as far as it was read.
    pub wire_bytes: u64,
    /// What the last answer asks for. When the site is to be left alone and nothing was asked, how long that still is.
    pub wishes: ServerWishes,
    /// The answer, or why there is none.
    pub result: Result<Answer, Failure>,
}

/// A good answer.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is moved twice in its life, and a box would be one more allocation")]
pub enum Answer {
    /// The document.
    Document(Document),
    /// 304: nothing has changed.
    NotModified {
        /// To send next time: those that were sent, with what the answer brought in their place.
        validators: Validators,
    },
}

/// A document as the server has it now.
#[derive(Debug)]
pub struct Document {
    /// Decoded, never empty.
    pub body: Body,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
    /// Where redirects ended: the base of relative links. May hold the secret of the request's URL.
    pub final_url: Url,
    /// Where it has moved for good: set when there were redirects and all of them say so. Never of a URL with a secret.
    pub permanent_redirect: Option<Url>,
    /// Those of this answer alone.
    pub validators: Validators,
}

impl Fetcher {
    /// Sets up the client. `settings` and `hosts` stay as they are for its life.
    pub fn new(settings: &FetchSettings, hosts: &[HostRule], clock: Clock) -> Result<Self, FetchSetupError> {
        Self::with_resolver(settings, hosts, clock, Resolver::system())
    }

    /// The same, with names from `resolver`.
    pub fn with_resolver(
        settings: &FetchSettings,
        hosts: &[HostRule],
        clock: Clock,
        resolver: Resolver,
    ) -> Result<Self, FetchSetupError> {
        let gate = gate::Gate::new(clock.clone());
        let network = Arc::new(Semaphore::new(permits(settings.concurrency)));
        let budget = budget::Budget::new(settings.max_body);
        Engine::new(settings, hosts, Shared { gate, network, budget, resolver, clock })
    }

    /// A client for other settings that knows what this one knows of the sites: no delay is cut short, and nobody who
    /// asked for silence is asked. Requests in flight end as they began, and count against the same limits unless these
    /// are what changed.
    pub fn with_settings(&self, settings: &FetchSettings, hosts: &[HostRule]) -> Result<Self, FetchSetupError> {
        let old = &self.0;
        let network = if settings.concurrency == old.concurrency {
            Arc::clone(&old.network)
        } else {
            Arc::new(Semaphore::new(permits(settings.concurrency)))
        };
        let budget =
            if settings.max_body == old.max_body { old.budget.clone() } else { budget::Budget::new(settings.max_body) };
        let (resolver, clock) = (old.resolver.clone(), old.clock.clone());
        Engine::new(settings, hosts, Shared { gate: old.gate.clone(), network, budget, resolver, clock })
    }

    /// Makes one conditional GET. Waits for the site's turn first; never fails otherwise than in [`Attempt::result`].
    ///
    /// At a site that wants no requests for more than a minute nothing is asked, and the attempt fails as rate-limited.
    pub async fn fetch(&self, request: &Request) -> Attempt {
        trip::Trip::new(&self.0, request).run().await
    }

    /// Fetches the robots.txt that speaks for a page, through the same gate and guard.
    pub async fn robots(&self, url_of_page: &Url) -> RobotsTxt {
        let request = Request {
            url: SecretUrl::plain(robots::address(url_of_page)),
            purpose: Purpose::Robots,
            validators: Validators::default(),
            headers: Vec::new(),
            basic_auth: None,
        };
        robots::verdict(self.fetch(&request).await)
    }

    /// Sites at which no request may start now: enough in flight or in line, inside the delay, or told to wait.
    pub fn busy_sites(&self) -> Vec<String> {
        self.0.gate.busy_sites()
    }

    /// When the first of them becomes free; `None` when none waits on time alone.
    pub fn next_free(&self) -> Option<DateTime<Utc>> {
        self.0.gate.next_free()
    }

    /// How many requests may be in flight at the site of `url`.
    pub fn concurrency_at(&self, url: &Url) -> usize {
        self.0.rules.manners(url).concurrency
    }

    /// Leaves the site of `url` alone until then, at most for a week, as an answer with `Retry-After` does: for wishes from
    /// before a restart. Hosts without a registrable domain are left out, as they are then.
    pub fn hold_site(&self, url: &Url, until: DateTime<Utc>) {
        if has_owner(url) {
            self.0.gate.hold(&site_of(url), until);
        }
    }
}

/// What outlives a change of settings.
struct Shared {
    gate: gate::Gate,
    network: Arc<Semaphore>,
    budget: budget::Budget,
    resolver: Resolver,
    clock: Clock,
}

impl Engine {
    #[expect(clippy::new_ret_no_self, reason = "an engine is always behind its fetcher")]
    fn new(settings: &FetchSettings, hosts: &[HostRule], shared: Shared) -> Result<Fetcher, FetchSetupError> {
        let Shared { gate, network, budget, resolver, clock } = shared;
        let guard = guard::Guard::new(settings.private_networks.clone());
        Ok(Fetcher(Arc::new(Self {
            client: client::build(settings, &guard, resolver.clone())?,
            kept: kept::Kept::default(),
            guard,
            gate,
            rules: manners::Rules::new(settings, hosts),
            network,
            budget,
            resolver,
            clock,
            concurrency: settings.concurrency,
            timeout: settings.timeout,
            max_body: settings.max_body,
        })))
    }
}

/// Whether a host is under somebody's registrable domain. Those that are not are machines of a private network, where
/// services on one address have nothing to do with each other: what one of them asks for counts for it alone.
fn has_owner(url: &Url) -> bool {
    psl::domain_str(url.domain().unwrap_or_default()).is_some()
}

/// Requests in flight, all sites together.
fn permits(concurrency: usize) -> usize {
    concurrency.clamp(1, Semaphore::MAX_PERMITS)
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").field("gate", &self.0.gate).field("rules", &self.0.rules).finish_non_exhaustive()
    }
}
