//! How requests behave at a host: `[fetch]`, and the `[host."…"]` that covers it.

use std::collections::HashMap;

use url::Url;

use super::gate::Manners;
use crate::config::{FetchSettings, HostRule};

/// The manners of all hosts.
#[derive(Debug)]
pub(super) struct Rules {
    default: Manners,
    by_host: HashMap<String, HostRule>,
}

impl Rules {
    pub(super) fn new(settings: &FetchSettings, hosts: &[HostRule]) -> Self {
        let default = Manners { delay: settings.host_delay, concurrency: settings.host_concurrency.max(1) };
        let by_host = hosts.iter().map(|rule| (rule.host.trim_end_matches('.').to_ascii_lowercase(), rule.clone()));
        Self { default, by_host: by_host.collect() }
    }

    /// The manners at a URL's host.
    pub(super) fn manners(&self, url: &Url) -> Manners {
        let rule = self.rule(url);
        Manners {
            delay: rule.and_then(|rule| rule.host_delay).unwrap_or(self.default.delay),
            concurrency: rule.and_then(|rule| rule.host_concurrency).unwrap_or(self.default.concurrency).max(1),
        }
    }

    /// Whether a 403 of this host means what a 429 means.
    pub(super) fn treats_403_as_rate_limited(&self, url: &Url) -> bool {
        self.rule(url).is_some_and(|rule| rule.treat_403_as_rate_limited)
    }

    /// The rule for the host itself, else for the longest domain that it is under.
    fn rule(&self, url: &Url) -> Option<&HostRule> {
        if self.by_host.is_empty() {
            return None;
        }
        let host = url.host_str()?.trim_end_matches('.');
        if url.domain().is_none() {
            return self.by_host.get(host);
        }
        std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, parent)| parent))
            .find_map(|domain| self.by_host.get(domain))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use super::Rules;
    use crate::config::{FetchSettings, HostRule, PrivateNetworks};

    #[test]
    fn the_longest_domain_that_covers_the_host_decides() {
        let settings = FetchSettings {
            contact: String::new(),
            concurrency: 16,
            host_delay: Duration::from_secs(2),
            host_concurrency: 1,
            timeout: Duration::from_secs(30),
            max_body: 1 << 24,
            private_networks: PrivateNetworks::Denied,
            proxy: None,
        };
        let rule = |host: &str, delay| HostRule {
            host: host.to_owned(),
            host_delay: Some(Duration::from_secs(delay)),
            ..HostRule::default()
        };
        let rules = Rules::new(&settings, &[rule("Example.com", 65), rule("news.example.com", 7), rule("10.0.0.1", 9)]);
        for (url, delay) in [
            ("https://example.com/", 65),
            ("https://www.example.com./", 65),
            ("https://news.example.com/", 7),
            ("https://a.news.example.com/", 7),
            ("https://notexample.com/", 2),
            ("https://com/", 2),
            ("http://10.0.0.1:8080/", 9),
            ("http://1.10.0.0/", 2),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(rules.manners(&url).delay, Duration::from_secs(delay), "{url}");
        }
    }
}
