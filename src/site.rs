//! The unit of politeness: the registrable domain of a URL, from the public suffix list.

use url::{Host, Url};

/// The site that a URL belongs to: `example.co.uk` for `https://news.example.co.uk/a`, the address itself for an IP literal,
/// the whole host where the list knows no registrable domain, and empty for a URL without a host.
///
/// The port does not count, except on IP literals: several servers on one private address are several sites.
pub fn site_of(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(domain)) => {
            let domain = domain.trim_end_matches('.').to_ascii_lowercase();
            psl::domain_str(&domain).map(str::to_owned).unwrap_or(domain)
        }
        Some(host) => match url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        },
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::site_of;

    #[test]
    fn site_is_the_registrable_domain() {
        for (url, site) in [
            ("https://www.bbc.co.uk/news", "bbc.co.uk"),
            ("https://a.b.example.org./x", "example.org"),
            ("http://localhost:8080/", "localhost"),
            ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
            ("http://[::1]/", "[::1]:80"),
            ("https://someone.github.io/feed", "someone.github.io"),
        ] {
            assert_eq!(site_of(&Url::parse(url).unwrap()), site, "{url}");
        }
    }
}
