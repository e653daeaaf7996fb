//! The hosts of a set of pages divided in two, to learn from one half and check on the other.

use sha2::{Digest, Sha256};
use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    A,
    B,
}

impl Half {
    pub(crate) fn of(host: &str) -> Self {
        let digest = Sha256::digest(host);
        if digest[0] % 2 == 1 { Half::A } else { Half::B }
    }
}

/// The host of an address without `www`; what is no address stands for itself.
pub(crate) fn host(url: &str) -> String {
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_lowercase));
    host.unwrap_or_else(|| url.to_lowercase()).trim_start_matches("www.").to_owned()
}
