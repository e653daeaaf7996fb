//! What a class of errors means, and what to do about it.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use crate::model::article::InsteadOfArticle;
use crate::model::failure::{ErrorClass, InsteadOfFeed};

/// A sentence for the class as the database names it; `None` for one that this program does not know.
pub(super) fn advice(class: &str) -> Option<&'static str> {
    if class == "robots" {
        return Some(
            "the site's robots.txt asks to stay away; `robots = false` for the feed visits its pages all the same",
        );
    }
    let word: StrDeserializer<'_, Error> = class.into_deserializer();
    let known = ErrorClass::deserialize(word).ok();
    // Older archives have no second half, newer ones one that is not known here.
    let of_old = || class.starts_with("not-a-feed").then_some(ErrorClass::NotAFeed(InsteadOfFeed::HtmlPage));
    known.or_else(of_old).map(of_class)
}

/// The same for an article's page, whose address is the publisher's and not the config's.
pub(super) fn advice_on_page(class: &str) -> Option<&'static str> {
    match class {
        "dns" => Some(
            "the host's name does not resolve: check this machine's resolver if it is so for every site; else the site is gone",
        ),
        "redirect" => Some("the redirects lead nowhere: the publisher's mistake; what the feed says about it is kept"),
        "denied" => Some(
            "the server refuses this page, to programs or to everybody who does not pay: what the feed says about it is kept",
        ),
        "not-found" => Some("the page is not there, or not any more: a few more tries, and a text from before stays"),
        "gone" => Some("the publisher removed the page for good: it is not asked again, and a text from before stays"),
        "empty" => Some("the server sent an empty page: passing as a rule"),
        other => advice(other),
    }
}

fn of_class(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Dns => {
            "the host's name does not resolve: check its spelling and this machine's resolver; if the site is gone, take the feed out of the config"
        }
        ErrorClass::Connect => {
            "no connection came about, or it broke: usually the site's trouble and passing; if every feed fails, check this machine's network"
        }
        ErrorClass::Tls => {
            "the site's certificate does not hold: usually it ran out and is renewed soon; check this machine's clock and certificates if every site fails"
        }
        ErrorClass::Timeout => {
            "the site was too slow: passing as a rule; a longer `timeout` in [fetch] helps where it always is"
        }
        ErrorClass::Blocked => {
            "the address may not be fetched: it is private or not http(s); `private_networks` in [fetch] allows private ones"
        }
        ErrorClass::Redirect => {
            "the redirects lead nowhere: open the address in a browser, and put the one where it ends into the config"
        }
        ErrorClass::Denied => {
            "the server refuses access: check `basic_auth` and `headers` of the feed; some sites refuse every program"
        }
        ErrorClass::CloudflareChallenge => {
            "the site asks its visitors to prove that they are no program: only its operator can let feed readers through"
        }
        ErrorClass::NotFound => {
            "nothing is at the address any more: look on the site for the feed's new address, and put it into the config"
        }
        ErrorClass::Gone => {
            "the server says that it was removed for good: it is not asked again; take the feed out of the config or give it a new address"
        }
        ErrorClass::RateLimited => {
            "the server was asked too often and says when to come back, which is kept; a longer `min_every`, or `host_delay` of its host, asks less"
        }
        ErrorClass::Server => "the site is broken at the moment: nothing to do, it is asked again with growing pauses",
        ErrorClass::Status => {
            "the server gave an answer that is neither a document nor a common error: open the address in a browser"
        }
        ErrorClass::TooLarge => {
            "the document is larger than `max_body` in [fetch]: raise it if that is really a feed or an article"
        }
        ErrorClass::Truncated => "the document ended in the middle or its compression is broken: passing as a rule",
        ErrorClass::Empty => {
            "the server sent an empty document: passing as a rule; if it stays so, look for another address of the feed"
        }
        ErrorClass::NotAFeed(instead) => of_instead(instead),
        ErrorClass::NotAnArticle(instead) => of_page(instead),
        ErrorClass::BrokenFeed => {
            "the document is meant to be a feed and cannot be read: tell its publisher; a validator such as validator.w3.org/feed says why"
        }
        ErrorClass::NotAPage => {
            "the address leads to something else than a web page (a video, a PDF): what the feed says about it is kept"
        }
        ErrorClass::Protocol => {
            "the server answered that nothing changed although it was not told what is known: a fault of the server or of a proxy before it"
        }
        ErrorClass::Panic => "a fault of this program: please report it with the address",
    }
}

fn of_page(instead: InsteadOfArticle) -> &'static str {
    match instead {
        InsteadOfArticle::ConsentWall => {
            "the site shows a consent form in place of the article: what the feed says about it is kept, and a text from before stays"
        }
        InsteadOfArticle::ChallengePage => {
            "the site asks its visitors to prove that they are no program: what the feed says about the article is kept, and a text from before stays"
        }
        InsteadOfArticle::LoginPage => {
            "the site wants a login for the page: what the feed says about the article is kept, and a text from before stays"
        }
        InsteadOfArticle::MaintenancePage => {
            "the site is being worked on: it is asked again, and a text from before stays"
        }
        InsteadOfArticle::MissingPage => {
            "the site says that there is no such page, although its status says that there is: what the feed says about the article is kept, and a text from before stays"
        }
    }
}

fn of_instead(instead: InsteadOfFeed) -> &'static str {
    match instead {
        InsteadOfFeed::HtmlPage => {
            "the address leads to a web page: put the feed that it names into the config; `tearsheet test` looks for one that it does not name"
        }
        InsteadOfFeed::LoginPage => {
            "the site wants a login: give the feed `basic_auth` or `headers`, or use the address with a key in it that the site gives to its members"
        }
        InsteadOfFeed::ChallengePage => {
            "the site asks its visitors to prove that they are no program: only its operator can let feed readers through"
        }
        InsteadOfFeed::ConsentPage => {
            "the site wants consent to its cookies first: look for another address of the feed, or send the cookie of a consent in `headers`"
        }
        InsteadOfFeed::MaintenancePage => "the site is being worked on: passing as a rule",
        InsteadOfFeed::ParkedDomain => {
            "the domain is for sale or ran out, so the publisher is gone or has moved: take the feed out of the config or give it a new address"
        }
        InsteadOfFeed::JsonError => {
            "a service answers with an error, which the message quotes: check the address, and the key in it if there is one"
        }
        InsteadOfFeed::Json => {
            "the address leads to data that is no JSON Feed: look on the site for the address of a feed"
        }
        InsteadOfFeed::Xml => {
            "the address leads to XML of another kind: an OPML list goes into `tearsheet import`, and a sitemap is no feed"
        }
        InsteadOfFeed::Text => {
            "the server sent a line of text, which the message quotes: passing if it speaks of an error, else look for the feed's address"
        }
        InsteadOfFeed::Binary => {
            "the address leads to a picture, a recording or an archive: look on the site for the address of the feed"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn classes_are_known_by_the_words_of_the_database() {
        for class in [
            "dns",
            "cloudflare-challenge",
            "not-a-feed",
            "not-a-feed:json-error",
            "not-a-feed:of the future",
            "not-a-page",
            "rate-limited",
            "panic",
            "robots",
        ] {
            assert!(advice(class).is_some(), "{class}");
        }
        assert_eq!(advice("of the future"), None);
    }
}
