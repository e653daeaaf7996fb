//! URL → the key by which a document is known.
//!
//! The key forgets what addresses of one document differ in: scheme, `www.` and the mobile and AMP twins, tracking
//! parameters, the order of parameters, the spelling of percent-encoding, index files and trailing slashes. Existing
//! rule lists either find few equivalents or merge different pages; where a fold could name another document (a tag
//! page called `/amp`), it is made only on paths that look like an article's.

use std::fmt::Write;

use url::Url;

use super::tracking::is_tracking;

/// The key of `url`: `example.org/a?id=3`. Equal keys mean one document.
///
/// For what is not http(s) the key is the URL itself without its fragment.
pub fn url_key(url: &Url) -> String {
    if !matches!(url.scheme(), "http" | "https") {
        return url[..url::Position::AfterQuery].to_owned();
    }
    let origin = behind_amp_cache(url);
    let url = origin.as_ref().unwrap_or(url);

    let host = fold_host(url.host_str().unwrap_or_default());
    let mut key = host.clone();
    if let Some(port) = url.port() {
        write!(key, ":{port}").expect("writing to a String does not fail");
    }
    key.push_str(&fold_path(url.path()));
    if let Some(query) = url.query().and_then(|query| fold_query(query, &host)) {
        key.push('?');
        key.push_str(&query);
    }
    // `#!/story` is a page of an application; every other fragment is a place on the same page.
    if let Some(route) = url.fragment().filter(|fragment| fragment.len() > 1 && fragment.starts_with('!')) {
        key.push('#');
        key.push_str(route);
    }
    key
}

/// The publisher's URL inside one of Google's AMP caches and viewers.
fn behind_amp_cache(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let path = url.path();
    let inner = if host.ends_with(".cdn.ampproject.org") {
        path.strip_prefix("/c/").or_else(|| path.strip_prefix("/v/"))?
    } else if host.starts_with("www.google.") || host.starts_with("google.") {
        path.strip_prefix("/amp/")?
    } else {
        return None;
    };
    let (scheme, rest) = inner.strip_prefix("s/").map_or(("http", inner), |rest| ("https", rest));
    let mut origin = Url::parse(&format!("{scheme}://{rest}")).ok()?;
    origin.host_str()?.contains('.').then_some(())?;
    origin.set_query(url.query());
    Some(origin)
}

/// Drops the labels of the mobile and AMP twins, never cutting into the registrable domain (`m.co.uk`, `amp.dev`).
fn fold_host(host: &str) -> String {
    let host = host.trim_end_matches('.');
    let Some(domain) = psl::domain_str(host) else { return host.to_owned() };
    let Some(labels) = host.strip_suffix(domain) else { return host.to_owned() };
    let mut folded = String::with_capacity(host.len());
    for (index, label) in labels.split_terminator('.').enumerate() {
        // `en.m.example.org`: a language before the mobile label. The others fold in front alone.
        let is_twin = match label {
            "m" => true,
            "www" | "mobile" | "amp" => index == 0 || folded.is_empty(),
            _ => false,
        };
        if !is_twin {
            folded.push_str(label);
            folded.push('.');
        }
    }
    folded.push_str(domain);
    folded
}

/// The path in one spelling; begins with `/`, and ends with it only at the root.
fn fold_path(path: &str) -> String {
    let mut segments: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| normalize_encoding(without_session(segment), Part::Path))
        .filter(|segment| !segment.is_empty())
        .collect();
    // `/story/amp/index.html` needs the second round.
    while fold_last(&mut segments) {}
    format!("/{}", segments.join("/"))
}

/// Folds the last segment once; `false` when there is nothing to fold.
fn fold_last(segments: &mut Vec<String>) -> bool {
    let Some((last, before)) = segments.split_last_mut() else { return false };
    if is_index_file(last) {
        segments.pop();
        return true;
    }
    if last == "amp" && before.last().is_some_and(|segment| looks_like_an_article(segment)) {
        segments.pop();
        return true;
    }
    let plain = match last.strip_suffix(".amp.html") {
        Some(name) => Some(format!("{name}.html")),
        None => last.strip_suffix(".amp").map(str::to_owned),
    };
    match plain.filter(|name| looks_like_an_article(name)) {
        Some(plain) => {
            *last = plain;
            true
        }
        None => false,
    }
}

fn is_index_file(segment: &str) -> bool {
    const INDEX: &[&str] = &[
        "index.html",
        "index.htm",
        "index.shtml",
        "index.php",
        "index.asp",
        "index.aspx",
        "index.jsp",
        "default.asp",
        "default.aspx",
    ];
    INDEX.iter().any(|index| segment.eq_ignore_ascii_case(index))
}

/// A slug or a number: what `/tag/amp` and `/amp` do not have before them.
fn looks_like_an_article(segment: &str) -> bool {
    segment.bytes().any(|b| b.is_ascii_digit() || b == b'-' || b == b'_' || b == b'.')
}

/// Without `;jsessionid=…`, which some servers write into the path.
fn without_session(segment: &str) -> &str {
    const SESSION: &str = ";jsessionid=";
    let position = segment
        .match_indices(';')
        .map(|(at, _)| at)
        .find(|&at| segment[at..].get(..SESSION.len()).is_some_and(|start| start.eq_ignore_ascii_case(SESSION)));
    position.map_or(segment, |at| &segment[..at])
}

/// The parameters that say what is read, sorted by name; those of one name keep their order.
fn fold_query(query: &str, host: &str) -> Option<String> {
    let mut parameters: Vec<(String, Option<String>)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => {
                (normalize_encoding(name, Part::Query), Some(normalize_encoding(value, Part::Query)))
            }
            None => (normalize_encoding(pair, Part::Query), None),
        })
        .filter(|(name, value)| !is_tracking(name, value.as_deref().unwrap_or_default(), host))
        .collect();
    parameters.sort_by(|(a, _), (b, _)| a.cmp(b));
    let pairs: Vec<String> = parameters
        .into_iter()
        .map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => name,
        })
        .collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// Where a text stands in a URL: decides which characters need no encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Query,
}

/// Decodes what needs no encoding and writes the rest in upper-case hex, so that `%7e`, `%7E` and `~` are one.
///
/// Delimiters stay as they are: `%2F` in a path is not `/` (RFC 3986 section 2.2).
fn normalize_encoding(text: &str, part: Part) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let escaped = (c == '%').then(|| rest.get(1..3).and_then(hex_byte)).flatten();
        rest = &rest[if escaped.is_some() { 3 } else { c.len_utf8() }..];
        match escaped {
            Some(byte) if needs_no_encoding(byte, part) => normal.push(char::from(byte)),
            Some(byte) => push_escaped(&mut normal, byte),
            None if c == '+' && part == Part::Query => normal.push_str("%20"), // A form's space.
            None if c == '%' || c.is_ascii() && (needs_no_encoding(c as u8, part) || is_delimiter(c)) => normal.push(c),
            None => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| push_escaped(&mut normal, byte)),
        }
    }
    normal
}

fn needs_no_encoding(byte: u8, part: Part) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$'()*,:@".contains(&byte) || part == Part::Query && b"/?".contains(&byte)
}

fn is_delimiter(c: char) -> bool {
    matches!(c, ';' | '=' | '+' | '&' | '/' | '?')
}

fn push_escaped(text: &mut String, byte: u8) {
    write!(text, "%{byte:02X}").expect("writing to a String does not fail");
}

fn hex_byte(digits: &str) -> Option<u8> {
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests;
