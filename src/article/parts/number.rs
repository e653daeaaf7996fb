//! Page numbers in addresses, and the *stem*: the key of the address without its number. Pages of one article share it.

use url::Url;

use crate::fingerprint::url_key;

/// More digits are an id or a date.
const MAX_DIGITS: usize = 3;
/// What stands between a name and its number.
const SEPARATORS: [char; 6] = ['-', '_', ',', '.', '~', '+'];

/// "Page" as addresses write it, as the name of a parameter, as a segment or before the number. Not "part" and its like: parts of
/// a series are articles of their own.
const PAGE_WORDS: [&str; 30] = [
    "p",
    "pg",
    "pn",
    "page",
    "paged",
    "pageno",
    "page_no",
    "pagenum",
    "page_num",
    "page-number",
    "pagenumber",
    "page_number",
    "currentpage",
    "artpage",
    "art_page",
    "article_page",
    "pag",
    "pagina",
    "p%C3%A1gina",
    "seite",
    "side",
    "sida",
    "sivu",
    "sayfa",
    "strona",
    "strana",
    "stranica",
    "oldal",
    "halaman",
    "trang",
];

/// How an address has its page number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// `?page=2`: the name of the parameter.
    Parameter(String),
    /// `/page/2`, `/seite-2`, `story-p2.html`.
    Word,
    /// `/story/2`.
    Segment,
    /// `story-2.html`, `story,2`: also how sites tell apart two articles of one title.
    Suffix,
}

/// One way to read an address as a numbered page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbered {
    pub(super) stem: String,
    pub(super) number: u32,
    pub(super) form: Form,
}

/// The stem of an address that has no number.
pub(super) fn stem(url: &Url) -> String {
    let key = url_key(url);
    let (path, query) = key.split_once('?').map_or((key.as_str(), None), |(path, query)| (path, Some(query)));
    let path = path.rsplit_once('/').map_or(path, |(before, last)| {
        let (name, _) = split_extension(last);
        &path[..before.len() + 1 + name.len()]
    });
    let path = path.trim_end_matches('/');
    query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
}

/// All ways to read an address as a numbered page.
pub(super) fn readings(url: &Url) -> Vec<Numbered> {
    let mut found = Vec::new();
    let pairs: Vec<&str> = url.query().map(|query| query.split('&').collect()).unwrap_or_default();
    for (at, pair) in pairs.iter().enumerate() {
        let Some((name, value)) = pair.split_once('=').filter(|(name, _)| is_page_word(name)) else { continue };
        let Some(number) = number(value) else { continue };
        let others: Vec<&str> = pairs.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, p)| *p).collect();
        let mut rest = url.clone();
        rest.set_query(Some(others.join("&").as_str()).filter(|query| !query.is_empty()));
        found.push(Numbered { stem: stem(&rest), number, form: Form::Parameter(name.to_ascii_lowercase()) });
    }
    if let Some((path, number, form)) = in_path(url.path()) {
        let mut rest = url.clone();
        rest.set_path(&path);
        found.push(Numbered { stem: stem(&rest), number, form });
    }
    found
}

/// The path without the number at its end.
fn in_path(path: &str) -> Option<(String, u32, Form)> {
    let path = path.trim_end_matches('/');
    let (before, last) = path.rsplit_once('/')?;
    let (name, extension) = split_extension(last);
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = number(&name[base.len()..])?;
    if base.is_empty() {
        return Some(match before.rsplit_once('/').filter(|(_, word)| is_page_word(word)) {
            Some((before, _)) => (before.to_owned(), number, Form::Word),
            None => (before.to_owned(), number, Form::Segment),
        });
    }
    let joined = |name: &str| match name {
        "" => before.to_owned(),
        name => format!("{before}/{name}{extension}"),
    };
    let stripped = base.trim_end_matches(SEPARATORS);
    let rest = stripped.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if is_page_word(&stripped[rest.len()..]) && (rest.is_empty() || rest.ends_with(SEPARATORS)) {
        return Some((joined(rest.trim_end_matches(SEPARATORS)), number, Form::Word));
    }
    (stripped.len() < base.len() && !stripped.is_empty()).then(|| (joined(stripped), number, Form::Suffix))
}

/// A name and its extension, dot included; `2.html` and `story` with `.html`, `story` without.
fn split_extension(segment: &str) -> (&str, &str) {
    const EXTENSIONS: [&str; 12] =
        ["html", "htm", "shtml", "shtm", "xhtml", "php", "asp", "aspx", "jsp", "cfm", "do", "ece"];
    match segment.rsplit_once('.') {
        Some((name, extension)) if EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)) => {
            segment.split_at(name.len())
        }
        _ => (segment, ""),
    }
}

fn number(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.len() <= MAX_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

fn is_page_word(word: &str) -> bool {
    PAGE_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Form, readings, stem};

    /// Whether `numbered` is page `number` of the article at `page`.
    #[track_caller]
    fn check(page: &str, numbered: &str, expected: Option<(u32, &Form)>) {
        let url = |path: &str| Url::parse(&format!("https://www.example.org{path}")).unwrap();
        let own = stem(&url(page));
        let found = readings(&url(numbered)).into_iter().find(|reading| reading.stem == own);
        let found = found.as_ref().map(|reading| (reading.number, &reading.form));
        assert_eq!(found, expected, "{page} {numbered}");
    }

    #[test]
    fn a_number_in_an_address_is_found_in_each_form() {
        let parameter = |name: &str| Form::Parameter(name.to_owned());
        check("/story", "/story?page=2", Some((2, &parameter("page"))));
        check("/story?id=7", "/story?Seite=3&id=7", Some((3, &parameter("seite"))));
        check("/story?utm_source=rss", "/story?page=2", Some((2, &parameter("page"))));
        check("/a/story/", "/a/story/2/", Some((2, &Form::Segment)));
        check("/a/story.html", "/a/story/2", Some((2, &Form::Segment)));
        check("/a/story/index.html", "/a/story/2.html", Some((2, &Form::Segment)));
        check("/a/story", "/a/story/page/2/", Some((2, &Form::Word)));
        check("/a/story", "/a/story/seite-2", Some((2, &Form::Word)));
        check("/a/story", "/a/story/p2", Some((2, &Form::Word)));
        check("/a/story.html", "/a/story-p2.html", Some((2, &Form::Word)));
        check("/a/story.html", "/a/story_p2.html", Some((2, &Form::Word)));
        check("/a/story.html", "/a/story-page-12.html", Some((12, &Form::Word)));
        check("/a/story.html", "/a/story-2.html", Some((2, &Form::Suffix)));
        check("/a/story-77.htm", "/a/story-77_2.htm", Some((2, &Form::Suffix)));
        check("/a/story,77.html", "/a/story,77,2.html", Some((2, &Form::Suffix)));
        check("/a/index.html", "/a/index_2.html", Some((2, &Form::Suffix)));
    }

    #[test]
    fn other_numbers_are_of_other_pages() {
        check("/story", "/other?page=2", None);
        check("/story", "/story?id=2", None);
        check("/story", "/story?slide=2", None);
        check("/story", "/story/comment-page-2/", None);
        check("/story", "/story?cpage=2", None);
        check("/story", "/story-part-2", None);
        check("/story", "/story/20150305", None);
        check("/story", "/story2", None);
        check("/2015/03", "/2015/04", None);
    }
}
