//! Which servers' connections stay open between requests: the most recently asked ones, and not too many.
//!
//! An idle connection keeps its buffers, up to 0.35 MB after a large page, and the client's pool has no bound over all
//! hosts. A first round through 10,000 feeds took 417 MB with connections kept for 30 s. So there is a bound here: whoever is
//! beyond it is asked to close the connection after the answer (RFC 9112 section 9.6). HTTP/2 has no such word; its
//! connections live until they have been idle for [`IDLE`].

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use url::Url;

/// Long enough for the next article of a site, a default `host_delay` later; a feed's next poll is further away than servers
/// keep connections.
pub(super) const IDLE: Duration = Duration::from_secs(5);

/// Of 0.35 MB each in the worst case, these take a third of the memory that the daemon should need.
const MOST: usize = 128;

/// The servers whose connections stay, by when they were last asked.
#[derive(Debug, Default)]
pub(super) struct Kept {
    servers: Mutex<HashMap<String, Instant>>,
}

impl Kept {
    /// Whether the connection to the server of `url` may stay open after a request that begins now.
    pub(super) fn may_stay(&self, url: &Url) -> bool {
        self.may_stay_at(url.origin().ascii_serialization(), Instant::now())
    }

    fn may_stay_at(&self, server: String, now: Instant) -> bool {
        let mut servers = self.servers.lock().expect("no code panics while it holds the lock");
        if servers.len() >= MOST && !servers.contains_key(&server) {
            // The pool looks for idle connections as often as they may be idle, so one lives up to twice as long.
            servers.retain(|_, asked| now.saturating_duration_since(*asked) < IDLE * 2);
            if servers.len() >= MOST {
                return false;
            }
        }
        servers.insert(server, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{IDLE, Kept, MOST};

    #[test]
    fn the_first_servers_keep_theirs_until_they_are_idle() {
        let (kept, now) = (Kept::default(), Instant::now());
        for server in 0..MOST {
            assert!(kept.may_stay_at(server.to_string(), now));
        }
        assert!(!kept.may_stay_at("one more".to_owned(), now));
        assert!(kept.may_stay_at("0".to_owned(), now + IDLE), "it is one of them");
        assert!(kept.may_stay_at("one more".to_owned(), now + IDLE * 2), "the others have gone");
        assert_eq!(kept.servers.lock().unwrap().len(), 2);
    }
}
