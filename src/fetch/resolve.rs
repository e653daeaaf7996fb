//! Names → addresses that may be connected to: the resolver that the client's connector asks.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use tokio::net::lookup_host;

use super::guard::{Blocked, Guard};

/// Where addresses come from: the system, or a table that a test hands in. Like `Clock`, the two are one type.
#[derive(Debug, Clone)]
pub struct Resolver(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Fixed(Arc<HashMap<String, Vec<IpAddr>>>),
}

impl Resolver {
    /// The system's resolver.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A table of names; every other name does not resolve.
    pub fn fixed(table: HashMap<String, Vec<IpAddr>>) -> Self {
        Self(Source::Fixed(Arc::new(table)))
    }

    async fn lookup(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        match &self.0 {
            Source::System => Ok(lookup_host((name, 0)).await?.collect()),
            Source::Fixed(table) => match table.get(name.trim_end_matches('.')) {
                Some(addresses) => Ok(addresses.iter().map(|address| SocketAddr::new(*address, 0)).collect()),
                None => Err(io::Error::new(io::ErrorKind::NotFound, "not in the table")),
            },
        }
    }
}

/// Why a name has no address to connect to. Names no host: it may stem from a secret.
#[derive(Debug, Error)]
pub(super) enum ResolveError {
    /// The resolver failed.
    #[error("the host's name does not resolve")]
    Failed(#[source] io::Error),
    /// The resolver knows the name and gives it no address.
    #[error("the host's name has no address")]
    NoAddress,
    /// It has addresses, and none may be fetched; the first one's reason.
    #[error("the host's name resolves into a guarded network")]
    Blocked(#[source] Blocked),
}

/// Resolves, and lets through what the guard lets through.
pub(super) struct GuardedResolver {
    pub(super) resolver: Resolver,
    /// `None` where all that is resolved is the operator's proxy.
    pub(super) guard: Option<Guard>,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, guard) = (self.resolver.clone(), self.guard.clone());
        Box::pin(async move {
            let found = resolver.lookup(name.as_str()).await.map_err(ResolveError::Failed)?;
            let addresses = filter(found, guard.as_ref())?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn filter(found: Vec<SocketAddr>, guard: Option<&Guard>) -> Result<Vec<SocketAddr>, ResolveError> {
    let Some(guard) = guard else { return Ok(found) };
    let mut first_blocked = None;
    let mut addresses = found;
    addresses.retain(|address| match guard.check(address.ip()) {
        Ok(()) => true,
        Err(blocked) => {
            first_blocked.get_or_insert(blocked);
            false
        }
    });
    match first_blocked {
        _ if !addresses.is_empty() => Ok(addresses),
        Some(blocked) => Err(ResolveError::Blocked(blocked)),
        None => Err(ResolveError::NoAddress),
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::{ResolveError, filter};
    use crate::config::PrivateNetworks;
    use crate::fetch::guard::Guard;

    #[test]
    fn the_connector_is_given_only_what_the_guard_lets_through() {
        let guard = Guard::new(PrivateNetworks::Denied);
        let of = |addresses: &[&str]| -> Vec<SocketAddr> { addresses.iter().map(|a| a.parse().unwrap()).collect() };
        let mixed = of(&["10.0.0.1:0", "8.8.8.8:0", "[::1]:0"]);
        assert_eq!(filter(mixed.clone(), Some(&guard)).unwrap(), of(&["8.8.8.8:0"]));
        assert_eq!(filter(mixed.clone(), None).unwrap(), mixed, "a proxy's name");
        assert!(matches!(filter(of(&["127.0.0.1:0"]), Some(&guard)), Err(ResolveError::Blocked(_))));
        assert!(matches!(filter(of(&[]), Some(&guard)), Err(ResolveError::NoAddress)));
    }
}
