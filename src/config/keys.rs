//! Every key that a config may hold: the one list that the reader, its suggestions and the test of the documentation use.

use super::finding::{shown, suggestion};

/// A kind of table and its keys.
#[derive(Debug)]
pub(super) struct Section {
    /// As messages and the documentation call it.
    pub(super) name: &'static str,
    /// Its keys, in the order of the documentation.
    pub(super) keys: &'static [&'static str],
}

/// The top level of the config that was asked for.
pub(super) const ROOT: Section =
    Section { name: "the top level", keys: &["include", "store", "fetch", "defaults", "group", "feed", "host", "log"] };

/// `[store]`.
pub(super) const STORE: Section =
    Section { name: "[store]", keys: &["path", "keep_raw", "keep_revisions", "keep_log", "retention"] };

/// `[fetch]`.
pub(super) const FETCH: Section = Section {
    name: "[fetch]",
    keys: &[
        "contact",
        "concurrency",
        "host_delay",
        "host_concurrency",
        "timeout",
        "max_body",
        "private_networks",
        "proxy",
    ],
};

/// `[defaults]` and `[group.<name>]`.
pub(super) const LAYER: Section = Section {
    name: "[defaults]",
    keys: &[
        "every",
        "min_every",
        "max_every",
        "max_hint",
        "content",
        "recheck",
        "robots",
        "identity",
        "block",
        "keep",
        "assume_timezone",
        "tags",
    ],
};

/// `[feed.<slug>]`: the keys of [`LAYER`], and its own.
pub(super) const FEED: Section = Section {
    name: "[feed.<slug>]",
    keys: &[
        "url",
        "title",
        "enabled",
        "group",
        "headers",
        "basic_auth",
        "page",
        "every",
        "min_every",
        "max_every",
        "max_hint",
        "content",
        "recheck",
        "robots",
        "identity",
        "block",
        "keep",
        "assume_timezone",
        "tags",
    ],
};

/// `[feed.<slug>.page]`.
pub(super) const PAGE: Section = Section { name: "[feed.<slug>.page]", keys: &["select", "drop", "next"] };

/// `basic_auth`.
pub(super) const BASIC_AUTH: Section = Section { name: "basic_auth", keys: &["username", "password"] };

/// An element of `block` or `keep`.
pub(super) const FILTER: Section =
    Section { name: "block and keep", keys: &["title", "url", "author", "category", "content"] };

/// `[host."example.com"]`.
pub(super) const HOST: Section =
    Section { name: "[host.\"…\"]", keys: &["host_delay", "host_concurrency", "treat_403_as"] };

/// `[log]`.
pub(super) const LOG: Section = Section { name: "[log]", keys: &["level", "format"] };

/// All of them.
const SECTIONS: [&Section; 10] = [&ROOT, &STORE, &FETCH, &LAYER, &FEED, &PAGE, &BASIC_AUTH, &FILTER, &HOST, &LOG];

/// What to say of a key that `section` does not know: the known key that looks like it, else the sections that know it.
pub(super) fn advice(key: &str, section: &Section) -> String {
    let alike = suggestion(key, section.keys.iter().copied());
    if !alike.is_empty() {
        return alike;
    }
    let homes: Vec<&str> = SECTIONS.iter().filter(|home| home.keys.contains(&key)).map(|home| home.name).collect();
    if homes.is_empty() { String::new() } else { format!("; it belongs in {}", homes.join(" or ")) }
}

/// The message for a key that `table` (`[defaults]`, `the top level`) does not know.
pub(super) fn unknown(key: &str, table: &str, section: &Section) -> String {
    let preposition = if section.name == ROOT.name { "at" } else { "in" };
    format!("unknown key `{}` {preposition} {table}{}", shown(key), advice(key, section))
}

#[cfg(test)]
mod tests {
    use super::{FEED, FETCH, LAYER, ROOT, SECTIONS, unknown};

    #[test]
    fn unknown_keys_get_advice() {
        for (key, section, expected) in [
            ("evry", &LAYER, "unknown key `evry` in [defaults], did you mean `every`?"),
            ("feeds", &ROOT, "unknown key `feeds` at the top level, did you mean `feed`?"),
            ("retention", &LAYER, "unknown key `retention` in [defaults]; it belongs in [store]"),
            ("password", &FEED, "unknown key `password` in [feed.<slug>]; it belongs in basic_auth"),
            ("zzz", &FETCH, "unknown key `zzz` in [fetch]"),
        ] {
            assert_eq!(unknown(key, section.name, section), expected);
        }
    }

    #[test]
    fn a_feed_takes_every_key_of_the_defaults() {
        assert!(LAYER.keys.iter().all(|key| FEED.keys.contains(key)));
    }

    /// Under its section's heading, as the first thing in a row of its table.
    #[test]
    fn every_key_is_documented_in_its_section() {
        let docs = include_str!("../../docs/config.md");
        for section in SECTIONS {
            let heading = format!("\n## {}\n", title(section.name));
            let (_, rest) = docs.split_once(&heading).unwrap_or_else(|| panic!("docs/config.md lacks{heading}"));
            let text = rest.split("\n## ").next().unwrap();
            for key in section.keys.iter().filter(|key| section.name != FEED.name || !LAYER.keys.contains(key)) {
                assert!(text.contains(&format!("\n| `{key}` |")), "docs/config.md lacks `{key}` in {}", section.name);
            }
        }
    }

    fn title(section: &str) -> String {
        match section {
            "the top level" => "Top level".to_owned(),
            "[defaults]" => "`[defaults]`, `[group.<name>]`".to_owned(),
            "block and keep" => "`block` and `keep`".to_owned(),
            _ => format!("`{section}`"),
        }
    }
}
