//! The one HTTP client, and the head of its requests.
//!
//! Everything that a client may do unasked is off: redirects, decompression, the environment's proxies, cookies,
//! `Referer`, retries. What is left is one request, one answer.

use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Proxy, RequestBuilder};
use thiserror::Error;

use super::body::ACCEPTED;
use super::failure::Trouble;
use super::guard::Guard;
use super::headers::validator_value;
use super::redirect::Chain;
use super::resolve::{GuardedResolver, Resolver};
use super::{Purpose, Request, kept};
use crate::config::FetchSettings;
use crate::model::failure::ErrorClass;

/// Why no request can be made at all.
#[derive(Debug, Error)]
pub enum FetchSetupError {
    /// `fetch.contact` cannot be part of a header.
    #[error("`fetch.contact` holds characters that no HTTP header can carry (got `{0}`)")]
    Contact(String),
    /// `fetch.proxy` is no proxy; the text is that of the config.
    #[error("`fetch.proxy` is not the URL of a proxy (got `{0}`)")]
    Proxy(String),
    /// The TLS library or the system's certificates.
    #[error("cannot set up the HTTP client")]
    Client(#[source] reqwest::Error),
}

/// A connection that is not made after this long is not made, however patient the request is.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// hyper allows 16 KiB, and policies in the headers of newspapers are longer.
const HTTP2_HEADERS_MAX: u32 = 64 * 1024;

/// Builds the client. With a proxy it is the proxy that resolves names and connects, so the guard sees literals alone; what
/// is resolved here then is the proxy's own name, which may well be private.
pub(super) fn build(settings: &FetchSettings, guard: &Guard, resolver: Resolver) -> Result<Client, FetchSetupError> {
    let guard = settings.proxy.is_none().then(|| guard.clone());
    let defaults = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(ACCEPTED))]);
    let mut builder = Client::builder()
        .user_agent(user_agent(&settings.contact)?)
        .default_headers(defaults)
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .no_proxy()
        .dns_resolver(GuardedResolver { resolver, guard })
        .connect_timeout(settings.timeout.min(CONNECT_TIMEOUT))
        .pool_idle_timeout(kept::IDLE)
        .pool_max_idle_per_host(settings.host_concurrency.max(1))
        .http1_ignore_invalid_headers_in_responses(true)
        .http2_max_header_list_size(HTTP2_HEADERS_MAX);
    if let Some(proxy) = &settings.proxy {
        let parsed = Proxy::all(proxy.expose()).map_err(|_secret| FetchSetupError::Proxy(proxy.shown().to_owned()))?;
        builder = builder.proxy(parsed);
    }
    builder.build().map_err(|error| FetchSetupError::Client(error.without_url()))
}

fn user_agent(contact: &str) -> Result<HeaderValue, FetchSetupError> {
    let name = concat!("tearsheet/", env!("CARGO_PKG_VERSION"));
    let full = if contact.is_empty() { name.to_owned() } else { format!("{name} (+{contact})") };
    HeaderValue::try_from(full).map_err(|_invalid| FetchSetupError::Contact(contact.to_owned()))
}

/// The request to the chain's current URL. `stays` is whether the connection may stay open after it.
///
/// Validators go with every hop. They vouch for what was at the end of the same chain last time, and a server that
/// redirects does not look at them; without them a feed that has moved would never be asked conditionally again. (curl
/// and Go's client do the same.) Where the chain leads elsewhere by now, an unknown entity tag makes a full answer.
pub(super) fn prepare(
    client: &Client,
    request: &Request,
    chain: &Chain,
    stays: bool,
) -> Result<RequestBuilder, Trouble> {
    let mut url = chain.current().clone();
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(ACCEPT, accept(request.purpose));
    if !stays {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    for (name, validator) in
        [(IF_NONE_MATCH, &request.validators.etag), (IF_MODIFIED_SINCE, &request.validators.last_modified)]
    {
        if let Some(value) = validator.as_deref().and_then(validator_value) {
            headers.insert(name, value);
        }
    }
    if !chain.stays_home() {
        return Ok(client.get(url).headers(headers));
    }
    for (name, value) in &request.headers {
        let unfit =
            || Trouble::new(ErrorClass::Blocked, format!("the header `{name}` of the config is not valid in HTTP"));
        let header = HeaderName::try_from(name.as_str()).map_err(|_invalid| unfit())?;
        let mut value = HeaderValue::try_from(value.expose()).map_err(|_secret| unfit())?;
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    match &request.basic_auth {
        Some(auth) if !headers.contains_key(AUTHORIZATION) => {
            // Else the client would send the URL's own user name as well.
            let _always_has_host = url.set_username("").and_then(|()| url.set_password(None));
            let get = client.get(url).headers(headers);
            Ok(get.basic_auth(auth.username.expose(), Some(auth.password.expose())))
        }
        _ => Ok(client.get(url).headers(headers)),
    }
}

fn accept(purpose: Purpose) -> HeaderValue {
    HeaderValue::from_static(match purpose {
        Purpose::Feed => {
            "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
             application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
        }
        Purpose::Article => "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1",
        Purpose::Robots => "text/plain, */*;q=0.1",
    })
}

#[cfg(test)]
mod tests {
    use super::user_agent;

    #[test]
    fn the_user_agent_names_the_operator_s_contact() {
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(user_agent("").unwrap(), format!("tearsheet/{version}"));
        let with_contact = user_agent("https://example.org/bot").unwrap();
        assert_eq!(with_contact, format!("tearsheet/{version} (+https://example.org/bot)"));
        assert!(user_agent("a\nb").is_err());
    }
}
