//! robots.txt (RFC 9309): what a fetch of it means, and what it says about a URL.

use url::Url;

use super::{Answer, Attempt};
use crate::model::failure::ErrorClass;
use crate::model::outcome::RobotsTxt;

/// Whether `txt` lets this program fetch `url`.
pub fn robots_allow(txt: &RobotsTxt, url: &Url) -> bool {
    match txt {
        RobotsTxt::Allowed => true,
        RobotsTxt::Unavailable => false,
        RobotsTxt::Rules(text) => {
            let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
            robotxt::Robots::parse(bounded(text).as_bytes(), PRODUCT_TOKEN).is_allowed(beginning(path))
        }
    }
}

/// The name that a group of rules addresses this program by.
const PRODUCT_TOKEN: &str = "tearsheet";

/// RFC 9309 section 2.5: at least this much is parsed. The rest is not read.
pub(super) const MAX_BYTES: u64 = 500 * 1024;

/// RFC 9309 section 2.3.1.2: at least five.
pub(super) const MAX_REDIRECTS: usize = 5;

/// Rules are compared with the whole path, each rule again. 500 KiB hold 40,000 rules; with this much of the path that
/// takes milliseconds, and nobody writes a longer rule.
const MAX_PATH: usize = 2048;

/// Longer lines are left out: no rule that matches a path of [`MAX_PATH`] needs one, and sitemap URLs are parsed in
/// time that grows faster than their length.
const MAX_LINE: usize = 8 * 1024;

fn bounded(text: &str) -> String {
    let lines = text.split_inclusive(['\n', '\r', '\0']);
    lines.filter(|line| line.len() <= MAX_LINE).collect()
}

fn beginning(path: &str) -> &str {
    path.get(..path.len().min(MAX_PATH)).unwrap_or(path)
}

/// Where the robots.txt is that speaks for `page`.
pub(super) fn address(page: &Url) -> Url {
    let mut address = page.clone();
    address.set_path("/robots.txt");
    address.set_query(None);
    address.set_fragment(None);
    address
}

/// What an attempt to fetch it means.
pub(super) fn verdict(attempt: Attempt) -> RobotsTxt {
    match attempt.result {
        Ok(Answer::Document(document)) => RobotsTxt::Rules(String::from_utf8_lossy(&document.body).into_owned()),
        Ok(Answer::NotModified { .. }) => RobotsTxt::Unavailable, // To a request that had no validators.
        Err(failure) => match (failure.class, attempt.http_status) {
            (ErrorClass::Empty, _) => RobotsTxt::Rules(String::new()),
            (ErrorClass::RateLimited, _) => RobotsTxt::Unavailable,
            (ErrorClass::Redirect, _) | (_, Some(400..=499)) => RobotsTxt::Allowed,
            _ => RobotsTxt::Unavailable,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use url::Url;

    use super::{MAX_BYTES, RobotsTxt, address, robots_allow};

    fn url(path: &str) -> Url {
        Url::parse("https://example.org").unwrap().join(path).unwrap()
    }

    #[track_caller]
    fn check(text: &str, path: &str, allowed: bool) {
        assert_eq!(robots_allow(&RobotsTxt::Rules(text.to_owned()), &url(path)), allowed, "{path} under {text}");
    }

    #[test]
    fn our_group_counts_else_the_one_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: Tearsheet\nDisallow: /a/\nAllow: /a/b\n";
        check(text, "/x", true);
        check(text, "/a/x", false);
        check(text, "/a/b.html", true);
        check("User-agent: other\nDisallow: /\n", "/x", true);
        check("User-agent: *\nDisallow: /*.pdf$\nDisallow: /s?q=", "/x.pdf", false);
        check("User-agent: *\nDisallow: /*.pdf$\nDisallow: /s?q=", "/s?q=1", false);
        check("User-agent: *\nDisallow: /*.pdf$\nDisallow: /s?q=", "/s?p=1", true);
        check("", "/x", true);
        check("<html>Disallow: /</html>", "/x", true);
    }

    #[test]
    fn no_rules_allow_and_no_answer_forbids() {
        assert!(robots_allow(&RobotsTxt::Allowed, &url("/x")));
        assert!(!robots_allow(&RobotsTxt::Unavailable, &url("/x")));
    }

    #[test]
    fn the_file_is_the_origin_s() {
        assert_eq!(address(&url("/a/b?c#d")).as_str(), "https://example.org/robots.txt");
    }

    #[test]
    fn hostile_files_are_read_in_no_time_and_without_panic() {
        let size = usize::try_from(MAX_BYTES).unwrap();
        let fill = |line: &str| format!("User-agent: *\n{}", line.repeat(size / line.len()));
        let many_stars = format!("Disallow: /{}b\n", "*a".repeat(2000));
        let long_host = format!("Sitemap: http://{}/\n", "ü.".repeat(4000));
        let stars = fill("*");
        let files = [
            fill("Disallow: /*a\n"),
            fill("Disallow: /*a*a*a*b\n"),
            fill("Allow: /$\n"),
            fill(&many_stars),
            fill(&long_host),
            fill("Sitemap: http://xn--ü\n"),
            fill("User-agent: tearsheet\n"),
            fill("\0\r\n"),
            fill("a"),
            format!("User-agent: *\nDisallow: /{stars}"),
            format!("Sitemap: http://{}", "ü".repeat(size / 2)),
            fill("Disallow: /%C3%\u{fffd}\n"),
        ];
        let path = format!("/{}", "a".repeat(100_000));
        for text in files {
            let started = Instant::now();
            robots_allow(&RobotsTxt::Rules(text.clone()), &url(&path));
            let took = started.elapsed();
            assert!(took < Duration::from_secs(5), "{took:?} for {}", &text[..60]);
        }
    }
}
