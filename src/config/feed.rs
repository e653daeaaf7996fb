//! `[feed.<slug>]` as one file says it, before the layers are applied.

use http::header::{self, HeaderName, HeaderValue};
use url::Url;

use super::expand::expands;
use super::finding::{Place, shown};
use super::keys;
use super::layer::Layer;
use super::limits::{MAX_DROPS, MAX_HEADERS, MAX_SELECTOR, MAX_URL, TITLE};
use super::table::{Field, Table};
use super::{BasicAuth, PageRules};
use crate::model::id::Slug;
use crate::model::secret::{SecretText, SecretUrl};

/// Headers that belong to the client: it frames the request, and asks conditionally, by itself.
const OURS: [HeaderName; 13] = [
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::HOST,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::RANGE,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// One feed of a TOML file.
#[derive(Debug)]
pub(super) struct RawFeed {
    pub(super) slug: Slug,
    /// `None` when it is missing or wrong, which has been reported.
    pub(super) url: Option<SecretUrl>,
    pub(super) title: Option<String>,
    pub(super) enabled: bool,
    pub(super) group: Option<(String, Place)>,
    pub(super) headers: Vec<(String, SecretText)>,
    pub(super) basic_auth: Option<BasicAuth>,
    pub(super) page: PageRules,
    pub(super) layer: Layer,
    pub(super) place: Place,
    /// Where the URL stands.
    pub(super) url_place: Place,
}

impl RawFeed {
    pub(super) fn read(name: &str, field: Field<'_, '_>) -> Option<Self> {
        let slug = Slug::new(name);
        if slug.is_none() {
            let problem = "a slug is 1 to 64 characters of a-z 0-9 - _ . and begins with a letter or digit";
            let message = format!("feed: {problem} (got \"{}\")", shown(name));
            field.context().findings.error(&field.key_place(), message);
        }
        let mut table = field.table(&keys::FEED)?;
        let url_field = table.take("url");
        if url_field.is_none() {
            table.error("url is missing");
        }
        let headers: Vec<_> = table.take("headers").and_then(headers).unwrap_or_default();
        let basic_auth = table.take("basic_auth");
        if let Some(field) = basic_auth.as_ref()
            && headers.iter().any(|(name, _)| *name == header::AUTHORIZATION.as_str())
        {
            field.error("cannot be combined with an authorization header");
        }
        let feed = Self {
            url: url_field.as_ref().and_then(url),
            title: table.take("title").and_then(|field| field.line(TITLE)),
            enabled: table.take("enabled").and_then(|field| field.boolean()).unwrap_or(true),
            group: table.take("group").and_then(|field| Some((field.as_text()?.to_owned(), field.place()))),
            headers,
            basic_auth: basic_auth.and_then(self::basic_auth),
            page: table.take("page").and_then(page).unwrap_or_default(),
            layer: Layer::read(&mut table),
            place: table.place().clone(),
            url_place: url_field.map_or_else(|| table.place().clone(), |field| field.place()),
            slug: slug?,
        };
        Some(feed)
    }
}

/// What is wrong with a URL as the address of a feed, and whether the message may repeat it.
pub(super) fn parse_url(text: &str) -> Result<Url, (String, Repeat)> {
    // A URL that does not parse may still hold a password.
    let repeat = if text.contains('@') { Repeat::No } else { Repeat::Yes };
    if text.len() > MAX_URL {
        return Err((format!("must be {MAX_URL} bytes or fewer"), repeat));
    }
    let url = Url::parse(text.trim()).map_err(|error| (format!("not a URL: {error}"), repeat))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(("must begin with http:// or https://".to_owned(), repeat));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let problem = "holds a user name or password: use basic_auth = { username = \"…\", password = \"${file:…}\" }";
        return Err((problem.to_owned(), Repeat::No));
    }
    Ok(url)
}

/// Whether a message may repeat a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    Yes,
    No,
}

fn url(field: &Field<'_, '_>) -> Option<SecretUrl> {
    let text = field.secret()?;
    match parse_url(text.expose()) {
        Ok(url) if text.is_secret() => Some(SecretUrl::new(url, text.shown().to_owned())),
        Ok(url) => Some(SecretUrl::plain(url)),
        // What is repeated is the text of the config, unexpanded.
        Err((problem, Repeat::Yes)) => {
            field.error_got(&problem);
            None
        }
        Err((problem, Repeat::No)) => {
            field.error(&problem);
            None
        }
    }
}

/// A value that is secret also when it is written out: what is shown of it then is `…`.
pub(super) fn guarded(field: &Field<'_, '_>) -> Option<SecretText> {
    let text = field.secret()?;
    Some(if expands(text.shown()) { text } else { SecretText::new(text.expose().to_owned(), "…".to_owned()) })
}

fn headers(field: Field<'_, '_>) -> Option<Vec<(String, SecretText)>> {
    let place = field.place();
    let (context, own_name) = (field.context(), field.name().to_owned());
    let named = field.named("a table of texts")?;
    if named.len() > MAX_HEADERS {
        context.findings.error(&place, format!("{own_name}: must have {MAX_HEADERS} or fewer (got {})", named.len()));
        return None;
    }
    let mut headers: Vec<(String, SecretText)> = Vec::new();
    for (name, field) in named {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) if OURS.contains(&name) => field.error("is set by tearsheet itself"),
            Ok(name) if headers.iter().any(|(known, _)| *known == name.as_str()) => {
                field.error("is set twice: case does not count in names of headers");
            }
            Ok(name) => {
                let Some(value) = guarded(&field) else { continue };
                if HeaderValue::from_str(value.expose()).is_ok() {
                    headers.push((name.as_str().to_owned(), value));
                } else {
                    field.error("holds a character that no header may hold, such as a line break");
                }
            }
            Err(_) => field.error("not a name of a header"),
        }
    }
    Some(headers)
}

fn basic_auth(field: Field<'_, '_>) -> Option<BasicAuth> {
    let mut table = field.table(&keys::BASIC_AUTH)?;
    let mut text = |key: &str| {
        let Some(field) = table.take(key) else {
            table.error(&format!("{key} is missing"));
            return None;
        };
        if key == "password" { guarded(&field) } else { field.secret() }
    };
    let (username, password) = (text("username"), text("password"));
    if username.as_ref().is_some_and(|username| username.expose().contains(':')) {
        table.error("username: must not contain `:` (RFC 7617)");
        return None;
    }
    Some(BasicAuth { username: username?, password: password? })
}

fn page(field: Field<'_, '_>) -> Option<PageRules> {
    let mut table: Table<'_, '_> = field.table(&keys::PAGE)?;
    let drop = table.take("drop").and_then(|field| field.elements(MAX_DROPS)).unwrap_or_default();
    Some(PageRules {
        select: table.take("select").and_then(|field| selector(&field)),
        drop: drop.iter().filter_map(selector).collect(),
        next: table.take("next").and_then(|field| selector(&field)),
    })
}

fn selector(field: &Field<'_, '_>) -> Option<String> {
    let text = field.line(MAX_SELECTOR)?;
    match (field.context().selectors)(&text) {
        Ok(()) => Some(text),
        Err(problem) => {
            field.error_got(&format!("not a CSS selector: {problem}"));
            None
        }
    }
}
