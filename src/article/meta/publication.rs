//! Whose page it is, for what is to be told from its name: titles end in it, and it writes itself where authors should be.

use serde_json::Value;

use super::head::Head;
use crate::article::json_ld;
use crate::fingerprint;

/// The names of the publication, in letters alone.
#[derive(Debug, Default)]
pub(in crate::article) struct Publication {
    names: Vec<String>,
    /// The first label of the registrable domain: `harbourpost`.
    host: Option<String>,
}

impl Publication {
    pub(in crate::article) fn new(
        head: &Head<'_>,
        nodes: &[Value],
        article: Option<&Value>,
        site: Option<&str>,
        host: Option<&str>,
    ) -> Self {
        let publisher =
            article.and_then(|article| article.get("publisher")).map(|value| json_ld::resolve(nodes, value));
        let of_nodes = ["WebSite", "Organization", "NewsMediaOrganization"];
        let nodes = publisher.into_iter().chain(of_nodes.into_iter().filter_map(|name| json_ld::of_type(nodes, name)));
        let names = site
            .into_iter()
            .chain(head.first(&["og:site_name"]))
            .chain(head.first(&["application-name"]))
            .chain(nodes.filter_map(|node| node.get("name").and_then(json_ld::text)));
        Self::of(names, host)
    }

    fn of<'a>(names: impl Iterator<Item = &'a str>, host: Option<&str>) -> Self {
        let mut names: Vec<String> = names.map(letters).filter(|name| !name.is_empty()).collect();
        names.dedup();
        let host = host.and_then(|host| host.split('.').next()).map(letters);
        Self { names, host: host.filter(|host| host.len() > 2) }
    }

    #[cfg(test)]
    pub(super) fn of_names(names: &[&str], host: Option<&str>) -> Self {
        Self::of(names.iter().copied(), host)
    }

    /// Whether a part of a title is the site's name.
    pub(super) fn is_part(&self, part: &str) -> bool {
        if is_host(part.trim()) {
            return true;
        }
        let part = letters(part);
        !part.is_empty()
            && (self.names.iter().any(|site| {
                part == *site || part.contains(site.as_str()) && part.len() < site.len() * 2 || site.contains(&part)
            }) || self
                .host
                .as_deref()
                .is_some_and(|host| part.contains(host) || host.contains(&part) && part.len() > 3))
    }

    /// Whether an author's name is the publication's.
    pub(super) fn is_own_name(&self, name: &str) -> bool {
        let name = letters(name);
        self.names.contains(&name)
    }
}

/// Whether a part of a title is a site's address: `Harbourpost.com`.
fn is_host(part: &str) -> bool {
    const ENDS: [&str; 16] =
        ["com", "net", "org", "info", "de", "at", "ch", "fr", "es", "it", "nl", "pl", "ru", "uk", "eu", "jp"];
    !part.contains(' ')
        && part
            .rsplit_once('.')
            .is_some_and(|(name, end)| name.len() > 2 && ENDS.contains(&end.to_ascii_lowercase().as_str()))
}

/// Letters and digits in lower case.
pub(super) fn letters(text: &str) -> String {
    fingerprint::letters(text).collect()
}
