//! Why an attempt brought no document: the classes that the schedule and the operator go by.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::article::InsteadOfArticle;

/// Why an attempt brought no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind: what the schedule and the operator go by.
    pub class: ErrorClass,
    /// For people: names the thing, holds no secret.
    pub message: String,
}

/// The kinds of failure: `polls.error_class`, `visits.error_class`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorClass {
    /// The name does not resolve.
    Dns,
    /// No connection, or it broke before an answer.
    Connect,
    /// The certificate or the TLS handshake.
    Tls,
    /// The total time, or a stall.
    Timeout,
    /// An address that may not be fetched, or a URL that is not http(s).
    Blocked,
    /// A loop, too many hops, or a broken `Location`.
    Redirect,
    /// 401 or 403.
    Denied,
    /// 403 from a challenge page of Cloudflare.
    CloudflareChallenge,
    /// 404.
    NotFound,
    /// 410.
    Gone,
    /// 429, or 503 with `Retry-After`.
    RateLimited,
    /// 5xx.
    Server,
    /// Any other status that is no success.
    Status,
    /// The body is larger than the limit.
    TooLarge,
    /// The body ended early, or its encoding is broken.
    Truncated,
    /// An empty body.
    Empty,
    /// The body is meant to be a feed and cannot be read.
    BrokenFeed,
    /// The body is something else than a page (a video, a PDF …).
    NotAPage,
    /// A 304 to a request without validators.
    Protocol,
    /// A bug: the attempt panicked.
    Panic,
    /// The body is something else than a feed, and this is what it is.
    #[serde(untagged)]
    NotAFeed(InsteadOfFeed),
    /// The body is a page, but not the article's, and this is what it is.
    #[serde(untagged)]
    NotAnArticle(InsteadOfArticle),
}

/// What came in place of a feed: the second half of the class, after `not-a-feed:`.
///
/// A kind of its own is what an operator acts on in a way of its own; all else is in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum InsteadOfFeed {
    /// Any other page: the feed moved, or the address was a page's from the start.
    #[serde(rename = "not-a-feed:html-page")]
    HtmlPage,
    /// A page that wants a password, or hands on to one that does.
    #[serde(rename = "not-a-feed:login-page")]
    LoginPage,
    /// A page that tells people from programs.
    #[serde(rename = "not-a-feed:challenge-page")]
    ChallengePage,
    /// A page that wants consent to cookies first.
    #[serde(rename = "not-a-feed:consent-page")]
    ConsentPage,
    /// A page that asks for patience.
    #[serde(rename = "not-a-feed:maintenance-page")]
    MaintenancePage,
    /// A page of whoever deals in the domain now.
    #[serde(rename = "not-a-feed:parked-domain")]
    ParkedDomain,
    /// JSON that tells of an error.
    #[serde(rename = "not-a-feed:json-error")]
    JsonError,
    /// Other JSON.
    #[serde(rename = "not-a-feed:json")]
    Json,
    /// XML of another vocabulary: OPML, a sitemap, an error of a storage service.
    #[serde(rename = "not-a-feed:xml")]
    Xml,
    /// Text without markup.
    #[serde(rename = "not-a-feed:text")]
    Text,
    /// An image, an archive, a recording …
    #[serde(rename = "not-a-feed:binary")]
    Binary,
}

impl InsteadOfFeed {
    /// The whole class, both halves.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HtmlPage => "not-a-feed:html-page",
            Self::LoginPage => "not-a-feed:login-page",
            Self::ChallengePage => "not-a-feed:challenge-page",
            Self::ConsentPage => "not-a-feed:consent-page",
            Self::MaintenancePage => "not-a-feed:maintenance-page",
            Self::ParkedDomain => "not-a-feed:parked-domain",
            Self::JsonError => "not-a-feed:json-error",
            Self::Json => "not-a-feed:json",
            Self::Xml => "not-a-feed:xml",
            Self::Text => "not-a-feed:text",
            Self::Binary => "not-a-feed:binary",
        }
    }
}

impl ErrorClass {
    /// The word that the database uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Blocked => "blocked",
            Self::Redirect => "redirect",
            Self::Denied => "denied",
            Self::CloudflareChallenge => "cloudflare-challenge",
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::RateLimited => "rate-limited",
            Self::Server => "server",
            Self::Status => "status",
            Self::TooLarge => "too-large",
            Self::Truncated => "truncated",
            Self::Empty => "empty",
            Self::BrokenFeed => "broken-feed",
            Self::NotAPage => "not-a-page",
            Self::Protocol => "protocol",
            Self::Panic => "panic",
            Self::NotAFeed(instead) => instead.as_str(),
            Self::NotAnArticle(instead) => instead.as_str(),
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorClass, InsteadOfFeed};
    use crate::model::article::InsteadOfArticle;

    #[test]
    fn a_class_is_one_word_in_json_and_in_the_database() {
        for class in [
            ErrorClass::CloudflareChallenge,
            ErrorClass::NotAPage,
            ErrorClass::NotAFeed(InsteadOfFeed::HtmlPage),
            ErrorClass::NotAFeed(InsteadOfFeed::LoginPage),
            ErrorClass::NotAFeed(InsteadOfFeed::ChallengePage),
            ErrorClass::NotAFeed(InsteadOfFeed::ConsentPage),
            ErrorClass::NotAFeed(InsteadOfFeed::MaintenancePage),
            ErrorClass::NotAFeed(InsteadOfFeed::ParkedDomain),
            ErrorClass::NotAFeed(InsteadOfFeed::JsonError),
            ErrorClass::NotAFeed(InsteadOfFeed::Json),
            ErrorClass::NotAFeed(InsteadOfFeed::Xml),
            ErrorClass::NotAFeed(InsteadOfFeed::Text),
            ErrorClass::NotAFeed(InsteadOfFeed::Binary),
            ErrorClass::NotAnArticle(InsteadOfArticle::ConsentWall),
            ErrorClass::NotAnArticle(InsteadOfArticle::ChallengePage),
            ErrorClass::NotAnArticle(InsteadOfArticle::LoginPage),
            ErrorClass::NotAnArticle(InsteadOfArticle::MaintenancePage),
            ErrorClass::NotAnArticle(InsteadOfArticle::MissingPage),
        ] {
            let json = serde_json::to_string(&class).unwrap();
            assert_eq!(json, format!("\"{class}\""));
            assert_eq!(serde_json::from_str::<ErrorClass>(&json).unwrap(), class);
        }
    }
}
