//! `RawConfig`: what the files say, each value checked, before layers are applied and names looked up.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use toml::de::DeTable;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

use super::feed::{RawFeed, guarded};
use super::finding::{Place, shown};
use super::keys;
use super::layer::Layer;
use super::limits::{
    CONCURRENCY, CONTACT, HOST_DELAY, KEEP, KEEP_RAW, MAX_BODY, MAX_NETWORKS, MAX_PATTERNS, REVISIONS, TIMEOUT, TITLE,
};
use super::opml::Outline;
use super::table::{Context, Field, Table};
use super::{FetchSettings, HostRule, Keep, LogFormat, LogSettings, PrivateNetworks, StoreSettings};
use crate::model::secret::SecretText;

/// Everything that the config and its includes say.
#[derive(Debug, Default)]
pub(super) struct RawConfig {
    pub(super) store: StoreSettings,
    pub(super) fetch: FetchSettings,
    pub(super) log: LogSettings,
    pub(super) defaults: Layer,
    pub(super) groups: Vec<(String, Layer, Place)>,
    pub(super) feeds: Vec<RawFeed>,
    pub(super) hosts: Vec<(HostRule, Place)>,
    /// The feeds of OPML files.
    pub(super) outlines: Vec<Outline>,
}

/// An element of `include`.
#[derive(Debug)]
pub(super) struct Include {
    pub(super) pattern: String,
    pub(super) place: Place,
}

impl RawConfig {
    /// Reads the file that was asked for; what it includes is left to the caller.
    pub(super) fn read_main(&mut self, entries: DeTable<'_>, context: &Context<'_>) -> Vec<Include> {
        let mut root = Table::root(entries, context);
        let include = root.take("include").and_then(|field| field.elements(MAX_PATTERNS)).unwrap_or_default();
        let include = include
            .iter()
            .filter_map(|field| Some(Include { pattern: field.as_text()?.to_owned(), place: field.place() }));
        let include = include.collect();
        if let Some(table) = root.take("store").and_then(|field| field.table(&keys::STORE)) {
            read_store(&mut self.store, table);
        }
        self.store.path = context.folder().join(&self.store.path);
        match root.take("fetch").and_then(|field| field.table(&keys::FETCH)) {
            Some(table) => read_fetch(&mut self.fetch, table, context),
            None => warn_of_empty_contact(&Place::whole(context.file), context),
        }
        if let Some(table) = root.take("log").and_then(|field| field.table(&keys::LOG)) {
            read_log(&mut self.log, table);
        }
        if let Some(mut table) = root.take("defaults").and_then(|field| field.table(&keys::LAYER)) {
            self.defaults = Layer::read(&mut table);
        }
        self.read_shared(&mut root);
        include
    }

    /// Reads an included TOML file.
    pub(super) fn read_included(&mut self, entries: DeTable<'_>, context: &Context<'_>) {
        let mut root = Table::root(entries, context);
        for key in ["include", "store", "fetch", "defaults", "log"] {
            if let Some(field) = root.take(key) {
                let problem = if key == "include" {
                    "cannot stand in an included file: one file names all others"
                } else {
                    "cannot stand in an included file, since it holds for all: move it to the file that includes this one"
                };
                context.findings.error(&field.key_place(), format!("{key}: {problem}"));
            }
        }
        self.read_shared(&mut root);
    }

    /// What every TOML file may hold.
    fn read_shared(&mut self, root: &mut Table<'_, '_>) {
        for (name, field) in root.take_named("group") {
            let place = field.key_place();
            if name.trim().is_empty() || name.contains(char::is_control) || name.chars().nth(TITLE).is_some() {
                let problem =
                    format!("group: a name is one line of 1 to {TITLE} characters (got \"{}\")", shown(&name));
                field.context().findings.error(&place, problem);
            }
            let Some(mut table) = field.table(&keys::LAYER) else { continue };
            self.groups.push((name, Layer::read(&mut table), place));
        }
        self.feeds.extend(root.take_named("feed").into_iter().filter_map(|(name, field)| RawFeed::read(&name, field)));
        for (name, field) in root.take_named("host") {
            let place = field.key_place();
            self.hosts.extend(read_host(&name, field).map(|rule| (rule, place)));
        }
    }
}

fn read_store(store: &mut StoreSettings, mut table: Table<'_, '_>) {
    if let Some(path) = table.take("path").and_then(|field| path(&field)) {
        store.path = path;
    }
    if let Some(keep) = table.take("keep_raw").and_then(|field| keep(&field, true, &KEEP_RAW)) {
        store.keep_raw = keep;
    }
    if let Some(number) = table.take("keep_revisions").and_then(|field| field.integer(REVISIONS)) {
        store.keep_revisions = number;
    }
    if let Some(keep) = table.take("keep_log").and_then(|field| keep(&field, false, &KEEP)) {
        store.keep_log = keep;
    }
    if let Some(keep) = table.take("retention").and_then(|field| keep(&field, false, &KEEP)) {
        store.retention = keep;
    }
}

/// A path, in which only variables are expanded: it is shown, and secrets are not.
fn path(field: &Field<'_, '_>) -> Option<PathBuf> {
    let text = field.as_text()?;
    if text.replace("$${", "").replace("${env:", "").contains("${") {
        field.error_got("may hold ${env:…} alone, since a path is no secret");
        return None;
    }
    let text = field.secret()?;
    let problem = match text.expose() {
        "" => "must not be empty",
        path if path.contains('\0') => "must not contain NUL",
        path => return Some(PathBuf::from(path)),
    };
    field.error_got(problem);
    None
}

fn keep(field: &Field<'_, '_>, may_be_off: bool, bounds: &RangeInclusive<Duration>) -> Option<Keep> {
    if field.is_text(|text| text == "forever") {
        return Some(Keep::Forever);
    }
    if may_be_off && field.is_text(|text| text == "0") {
        return Some(Keep::Off);
    }
    if field.is_text(|text| !text.contains(|c: char| c.is_ascii_digit())) {
        let off = if may_be_off { ", \"0\"" } else { "" };
        field.error_got(&format!("must be a duration, such as \"90d\"{off} or \"forever\""));
        return None;
    }
    field.duration(bounds).map(Keep::For)
}

fn read_fetch(fetch: &mut FetchSettings, mut table: Table<'_, '_>, context: &Context<'_>) {
    let contact_field = table.take("contact");
    if let Some(contact) = contact_field.as_ref().and_then(contact) {
        fetch.contact = contact;
    }
    if contact_field.as_ref().is_none_or(|field| field.as_text().is_some_and(str::is_empty)) {
        warn_of_empty_contact(&contact_field.map_or_else(|| table.place().clone(), |field| field.place()), context);
    }
    if let Some(number) = table.take("concurrency").and_then(|field| field.integer(CONCURRENCY)) {
        fetch.concurrency = number as usize;
    }
    if let Some(delay) = table.take("host_delay").and_then(|field| field.duration(&HOST_DELAY)) {
        fetch.host_delay = delay;
    }
    if let Some(number) = table.take("host_concurrency").and_then(|field| field.integer(CONCURRENCY)) {
        fetch.host_concurrency = number as usize;
    }
    if let Some(timeout) = table.take("timeout").and_then(|field| field.duration(&TIMEOUT)) {
        fetch.timeout = timeout;
    }
    if let Some(size) = table.take("max_body").and_then(|field| field.size(&MAX_BODY)) {
        fetch.max_body = size;
    }
    if let Some(networks) = table.take("private_networks").and_then(networks) {
        fetch.private_networks = networks;
    }
    fetch.proxy = table.take("proxy").and_then(|field| proxy(&field));
}

fn warn_of_empty_contact(place: &Place, context: &Context<'_>) {
    let problem = "fetch.contact: is empty; write a URL or address at which publishers can reach you";
    context.findings.warn(place, problem);
}

/// Goes into the User-Agent header, in parentheses.
fn contact(field: &Field<'_, '_>) -> Option<String> {
    if field.as_text()?.is_empty() {
        return None;
    }
    let text = field.line(CONTACT)?;
    if text.chars().any(|c| !c.is_ascii() || matches!(c, '(' | ')')) {
        field.error_got("must be ASCII without parentheses, since it goes into a header");
        return None;
    }
    Some(text)
}

fn networks(field: Field<'_, '_>) -> Option<PrivateNetworks> {
    if field.is_boolean() {
        return field.boolean().map(|all| if all { PrivateNetworks::Allowed } else { PrivateNetworks::Denied });
    }
    if !field.is_list() {
        field.error_got("must be true, false or a list of networks, such as [\"10.0.0.0/8\"]");
        return None;
    }
    let network = |element: &Field<'_, '_>| {
        let text = element.as_text()?;
        let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        if network.is_none() {
            element.error_got("not a network, such as \"10.0.0.0/8\" or \"fd00::/8\"");
        }
        network.map(|network| network.trunc())
    };
    Some(PrivateNetworks::Listed(field.elements(MAX_NETWORKS)?.iter().filter_map(network).collect()))
}

/// The proxy's URL. A password that is written out in it is not shown.
fn proxy(field: &Field<'_, '_>) -> Option<SecretText> {
    let text = field.secret()?;
    let Ok(url) = Url::parse(text.expose()) else {
        field.error("not a URL, such as \"http://proxy.example.org:3128\"");
        return None;
    };
    if !matches!(url.scheme(), "http" | "https") {
        field.error("must begin with http:// or https://");
        return None;
    }
    let holds_credentials = !url.username().is_empty() || url.password().is_some();
    if holds_credentials { guarded(field) } else { Some(text) }
}

fn read_host(name: &str, field: Field<'_, '_>) -> Option<HostRule> {
    let host = Host::parse(name.trim_end_matches('.')).ok();
    if host.is_none() {
        let message = format!("host: not a name of a host, such as \"example.com\" (got \"{}\")", shown(name));
        field.context().findings.error(&field.key_place(), message);
    }
    let mut table = field.table(&keys::HOST)?;
    let host_delay = table.take("host_delay").and_then(|field| field.duration(&HOST_DELAY));
    let host_concurrency = table.take("host_concurrency").and_then(|field| field.integer(CONCURRENCY));
    let treat_403_as = table.take("treat_403_as").and_then(|field| field.one_of(&[("rate-limited", true)]));
    Some(HostRule {
        host: host?.to_string(),
        host_delay,
        host_concurrency: host_concurrency.map(|number| number as usize),
        treat_403_as_rate_limited: treat_403_as.unwrap_or(false),
    })
}

/// A filter takes a lone word that is no level for the name of a module, and would then log nothing of ours.
fn is_misspelt_level(level: &str) -> bool {
    let levels = ["off", "error", "warn", "info", "debug", "trace", "tearsheet"];
    level.chars().all(char::is_alphabetic) && !levels.contains(&level.to_ascii_lowercase().as_str())
}

fn read_log(log: &mut LogSettings, mut table: Table<'_, '_>) {
    if let Some(field) = table.take("level")
        && let Some(level) = field.line(1000)
    {
        match EnvFilter::builder().parse(&level) {
            Ok(_) if !is_misspelt_level(&level) => log.level = level,
            _ => field.error_got(
                "not a level (error, warn, info, debug, trace) or a filter such as \"info,tearsheet=debug\"",
            ),
        }
    }
    if let Some(format) =
        table.take("format").and_then(|field| field.one_of(&[("text", LogFormat::Text), ("json", LogFormat::Json)]))
    {
        log.format = format;
    }
}
