//! Redirects, followed by hand: each hop is checked, counted, and judged for what it says about the next time. Pure.

use http::{HeaderValue, StatusCode};
use url::Url;

use super::failure::Trouble;
use crate::model::failure::ErrorClass;

/// The URLs of one request, from the one that was asked for to the one asked now.
#[derive(Debug)]
pub(super) struct Chain {
    urls: Vec<Url>,
    max_hops: usize,
    all_permanent: bool,
    stays_home: bool,
}

impl Chain {
    /// Begins at `url`, without its fragment, which is no part of a request.
    pub(super) fn new(mut url: Url, max_hops: usize) -> Self {
        url.set_fragment(None);
        Self { urls: vec![url], max_hops, all_permanent: true, stays_home: true }
    }

    /// The URL to ask now.
    pub(super) fn current(&self) -> &Url {
        self.urls.last().expect("a chain begins with a URL")
    }

    /// Whether every hop so far stayed at the first origin. Credentials and the feed's own headers are for it alone; once a
    /// chain left it, a way back is the other server's choice and gets none of them either.
    pub(super) fn stays_home(&self) -> bool {
        self.stays_home
    }

    /// Whether there were hops.
    pub(super) fn has_hops(&self) -> bool {
        self.urls.len() > 1
    }

    /// Where the document has moved for good: the last URL, if all hops say so (301, 308). One temporary hop anywhere makes
    /// the whole way temporary.
    pub(super) fn moved_to(&self) -> Option<&Url> {
        (self.has_hops() && self.all_permanent).then(|| self.current())
    }

    /// Follows one redirect.
    pub(super) fn follow(&mut self, status: StatusCode, location: Option<&HeaderValue>) -> Result<(), Trouble> {
        let trouble = |what: &str| Trouble::new(ErrorClass::Redirect, what);
        let location = location.ok_or_else(|| trouble("a redirect without `Location`"))?;
        let location = std::str::from_utf8(location.as_bytes()).ok();
        let target = location.and_then(|location| self.current().join(location).ok());
        let mut target = target.ok_or_else(|| trouble("a redirect to something that is no URL"))?;
        target.set_fragment(None);
        if target.has_host() {
            // User names are for the one who was asked to use them; a server has none to give.
            let without_userinfo = target.set_username("").and_then(|()| target.set_password(None));
            without_userinfo.map_err(|()| trouble("a redirect to something that is no URL"))?;
        }
        if self.urls.contains(&target) {
            return Err(trouble("the redirects go round in a circle"));
        }
        if self.urls.len() > self.max_hops {
            return Err(trouble(&format!("more than {} redirects", self.max_hops)));
        }
        self.all_permanent &= matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
        self.stays_home &= target.origin() == self.current().origin();
        self.urls.push(target);
        Ok(())
    }
}

/// Whether a status asks to go elsewhere. All of them are followed with GET, since nothing else is ever sent.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, StatusCode};
    use url::Url;

    use super::Chain;

    fn chain() -> Chain {
        Chain::new(Url::parse("https://example.org/a/feed?x#frag").unwrap(), 10)
    }

    fn follow(chain: &mut Chain, status: u16, location: &str) -> Result<(), String> {
        let location = HeaderValue::from_bytes(location.as_bytes()).unwrap();
        chain.follow(StatusCode::from_u16(status).unwrap(), Some(&location)).map_err(|trouble| trouble.what)
    }

    #[track_caller]
    fn check_target(location: &str, expected: &str) {
        let mut chain = chain();
        follow(&mut chain, 302, location).unwrap();
        assert_eq!(chain.current().as_str(), expected, "{location}");
    }

    #[test]
    fn location_is_relative_to_the_url_asked() {
        check_target("b", "https://example.org/a/b");
        check_target("/b", "https://example.org/b");
        check_target("?y", "https://example.org/a/feed?y");
        check_target("//other.example/b#top", "https://other.example/b");
        check_target("http://user:secret@other.example/", "http://other.example/");
        check_target("/ü", "https://example.org/%C3%BC");
    }

    #[test]
    fn only_a_chain_of_permanent_hops_is_a_move() {
        let moved = |statuses: &[u16]| {
            let mut chain = chain();
            for (n, status) in statuses.iter().enumerate() {
                follow(&mut chain, *status, &format!("/{n}")).unwrap();
            }
            chain.moved_to().map(Url::to_string)
        };
        assert_eq!(moved(&[]), None);
        assert_eq!(moved(&[301]).as_deref(), Some("https://example.org/0"));
        assert_eq!(moved(&[301, 308]).as_deref(), Some("https://example.org/1"));
        for temporary in [[301, 302], [307, 301], [303, 308]] {
            assert_eq!(moved(&temporary), None, "{temporary:?}");
        }
    }

    #[test]
    fn a_chain_that_left_home_does_not_come_back() {
        let mut chain = chain();
        follow(&mut chain, 302, "/b").unwrap();
        assert!(chain.stays_home());
        follow(&mut chain, 302, "http://example.org/c").unwrap();
        assert!(!chain.stays_home(), "another scheme is another origin");
        follow(&mut chain, 302, "https://example.org/d").unwrap();
        assert!(!chain.stays_home());
    }

    #[test]
    fn circles_long_chains_and_broken_locations_end() {
        let mut circle = chain();
        assert!(follow(&mut circle, 301, "#other").is_err(), "to itself");
        follow(&mut circle, 301, "/b").unwrap();
        assert!(follow(&mut circle, 301, "/a/feed?x").is_err());

        let mut long = chain();
        for n in 0..10 {
            follow(&mut long, 302, &format!("/{n}")).unwrap();
        }
        assert_eq!(follow(&mut long, 302, "/11"), Err("more than 10 redirects".to_owned()));

        assert!(follow(&mut chain(), 302, "https://[").is_err());
        assert!(chain().follow(StatusCode::FOUND, None).is_err());
        assert!(chain().follow(StatusCode::FOUND, Some(&HeaderValue::from_bytes(b"/\xff").unwrap())).is_err());
    }
}
