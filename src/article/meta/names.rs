//! Lines of names: `By Jane Doe and John Roe, Staff Writers | 3 May`.

use super::MAX_NAME_CHARS;
use super::clean;
use super::publication::{Publication, letters};
use super::words::{BY, DEGREES, NOBODY, OFFICES, ROLES};
use crate::article::labels::is_combining;

/// Authors kept; papers name hundreds.
const MAX_AUTHORS: usize = 50;

/// The names of one source, each once.
#[derive(Debug)]
pub(super) struct Names<'a> {
    list: Vec<String>,
    /// The publication itself, its staff: authors where there are no others.
    offices: Vec<String>,
    publication: &'a Publication,
}

impl<'a> Names<'a> {
    pub(super) fn new(publication: &'a Publication) -> Self {
        Self { list: Vec::new(), offices: Vec::new(), publication }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn list(&self) -> &[String] {
        &self.list
    }

    pub(super) fn into_list(self) -> Vec<String> {
        self.list
    }

    /// A line of a page, where a name may be followed by anything: only what looks like a person is taken.
    pub(super) fn add_shown(&mut self, line: &str) {
        let Some(line) = clean(line, MAX_NAME_CHARS * 4) else { return };
        let line = after_label(&line);
        for part in parts(line).flat_map(|part| part.split([',', '，'])) {
            let name = without_role(bare(part));
            if is_personal(name) && !name.starts_with("The ") && !name.split(' ').any(is_role) {
                self.add_name(name);
            }
        }
    }

    /// The same where the markup says outright that it is an author: a nickname is one too.
    pub(super) fn add_marked(&mut self, line: &str) {
        let before = self.list.len();
        self.add_shown(line);
        if self.list.len() > before {
            return;
        }
        let Some(line) = clean(line, MAX_NAME_CHARS) else { return };
        let line = after_label(&line);
        let name = parts(line).map(bare).find(|part| !NOBODY.contains(&part.to_lowercase().as_str()));
        let Some(name) = name.filter(|name| name.split(' ').count() <= 3) else { return };
        if !name.split(' ').any(is_role) {
            self.add_name(name);
        } else if name.split(' ').any(is_office) && self.offices.is_empty() && is_name(name) {
            self.offices.push(name.to_owned());
        }
    }

    /// A line of one or several names.
    pub(super) fn add_line(&mut self, line: &str) {
        let Some(line) = clean(line, MAX_NAME_CHARS * 8) else { return };
        let line = after_by(&line).unwrap_or(&line);
        for part in parts(line) {
            self.add_part(part);
        }
    }

    /// What stands between two marks.
    fn add_part(&mut self, part: &str) {
        let commas: Vec<&str> = part.split([',', '，']).map(str::trim).filter(|part| !part.is_empty()).collect();
        // `Doe, Jane` is one name, `Jane Doe, John Roe` are two, and `Jane Doe, PhD, Agency` is one with what is said of it.
        let is_inverted = matches!(commas[..], [one, two] if is_one_word(one) && !is_degree(two) && two.split_whitespace().count() <= 2);
        if is_inverted {
            self.add_name(&commas.join(", "));
            return;
        }
        let first_is_whole = commas.first().is_some_and(|name| !is_one_word(name));
        for (at, name) in commas.iter().enumerate() {
            if at == 0 || !(is_degree(name) || first_is_whole && is_one_word(name)) {
                self.add_name(name);
            }
        }
    }

    fn add_name(&mut self, name: &str) {
        let name = without_degree(bare(name));
        if !is_name(name) {
            return;
        }
        let is_office = self.publication.is_own_name(name) || name.split(' ').any(is_office);
        let list = if is_office { &mut self.offices } else { &mut self.list };
        let is_known = |other: &String| holds_words(name, other) || holds_words(other, name);
        if list.len() < MAX_AUTHORS && !list.iter().any(is_known) {
            list.push(name.to_owned());
        }
    }

    /// What was said in place of names.
    pub(super) fn take_offices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.offices)
    }
}

/// Whether a name begins with the words of another: `Jane Doe Senior` and `Jane Doe`.
pub(super) fn holds_words(longer: &str, name: &str) -> bool {
    let head = longer.get(..name.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(name))
        && longer[name.len()..].chars().next().is_none_or(|c| c == ' ')
}

/// A line cut at the marks and words between names.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    const WORDS: &[&str] = &[
        " and ", " & ", " und ", " et ", " y ", " och ", " og ", " en ", " и ", " та ", " with ", " mit ", " AND ",
        " - ", " – ", " — ", " / ", "／",
    ];
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let mark = line
            .char_indices()
            .find(|(_, c)| matches!(c, ';' | '|' | '、' | '·' | '•' | '\t' | '(' | '（'))
            .map(|(at, c)| (at, c.len_utf8()));
        let word = WORDS.iter().filter_map(|word| line.find(word).map(|at| (at, word.len()))).min();
        let cut = [mark, word].into_iter().flatten().min();
        rest = cut.map(|(at, length)| &line[at + length..]);
        Some(cut.map_or(line, |(at, _)| &line[..at]))
    })
    // An element may end before the word that joins: `<a>Jane Doe</a> and John Roe`.
    .map(|part| WORDS.iter().find_map(|word| part.trim().strip_prefix(word.trim_start())).unwrap_or(part).trim())
    .filter(|part| !part.is_empty())
}

/// A name without what stands around it: `By`, titles, an address, a handle, a role after it, where it is from.
fn bare(name: &str) -> &str {
    let mut name = name.trim();
    name = after_by(name).unwrap_or(name);
    for cut in
        [" @", " for ", " in ", " from ", " at ", " of ", " on ", " für ", " aus ", " pour ", " via ", "http", " www."]
    {
        if let Some(at) = name.find(cut).filter(|at| name[..*at].split_whitespace().count() >= 2) {
            name = &name[..at];
        }
    }
    for end in ["기자", "记者", "記者"] {
        // An address may follow.
        let before = name.split_once(end).filter(|(_, rest)| rest.is_empty() || rest.starts_with(' '));
        name = before.map_or(name, |(before, _)| before.trim_end());
    }
    for title in ["Dr. ", "Prof. ", "Prof. Dr. ", "Dr ", "Mr. ", "Mrs. ", "Ms. "] {
        name = name.strip_prefix(title).filter(|rest| rest.contains(' ')).unwrap_or(name);
    }
    let name = name.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, ',' | ':' | '：' | '-' | '–' | '/' | ')' | '）' | '"' | '“' | '”' | '*' | '【' | '】')
    });
    // A full stop ends a line, not a name: but `Jr.` and initials have theirs.
    match name.strip_suffix('.') {
        Some(rest) if rest.rsplit(' ').next().is_some_and(|word| word.chars().count() > 3) => rest,
        _ => name,
    }
}

/// Whether what is left may be a name at all: an address, a handle and a word for nobody are none.
fn is_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words = name.split_whitespace().count();
    let has_address =
        name.contains("://") || name.contains(['@', '[', '{', '<', '=', '?', '!', '#']) || lower.starts_with("www.");
    let is_host = words == 1
        && lower.rsplit_once('.').is_some_and(|(host, end)| {
            host.len() > 2
                && (2..=4).contains(&end.len())
                && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        });
    name.chars().any(char::is_alphabetic)
        && !has_address
        && !is_host
        && words <= 6
        && name.chars().count() <= MAX_NAME_CHARS
        && name.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !name.chars().next().is_some_and(char::is_numeric)
        && !(words > 1 && name.chars().any(char::is_numeric))
        && !NOBODY.contains(&lower.as_str())
}

/// A name without the office after it: `Jane Doe Staff Writer`, `Jane Doe Wellness Editor`. Where an office followed, two words
/// are the name, or three with an initial or a particle.
fn without_role(name: &str) -> &str {
    let mut rest = without_degree(name);
    while let Some((before, last)) = rest.rsplit_once(' ')
        && is_role(last)
    {
        rest = before.trim_end();
    }
    if rest.len() == name.len() {
        return rest;
    }
    let mut words = rest.match_indices(' ').map(|(at, _)| at);
    let second = rest.split(' ').nth(1).unwrap_or_default();
    let is_middle = second.ends_with('.') || second.chars().next().is_some_and(char::is_lowercase);
    words.nth(if is_middle { 2 } else { 1 }).map_or(rest, |end| &rest[..end])
}

/// `Jane Doe MD`
fn without_degree(name: &str) -> &str {
    let mut name = name;
    while let Some((before, last)) = name.rsplit_once(' ')
        && before.contains(' ')
        && last.chars().all(char::is_uppercase)
        && is_degree(last)
        && !last.starts_with('I')
    {
        name = before.trim_end();
    }
    name
}

fn is_role(word: &str) -> bool {
    let word = word.to_lowercase();
    ROLES.contains(&word.as_str()) || OFFICES.contains(&word.as_str())
}

fn is_office(word: &str) -> bool {
    OFFICES.contains(&word.to_lowercase().as_str())
}

/// What follows `By`, or a label that an element of its own tells from the name: `Author Jane Doe`.
fn after_label(line: &str) -> &str {
    let line = after_by(line).unwrap_or(line);
    let label = line.split_once(' ').filter(|(label, _)| is_label(&label.to_lowercase()));
    label.map_or(line, |(_, rest)| rest.trim_start())
}

fn is_one_word(text: &str) -> bool {
    !text.trim().contains(char::is_whitespace)
}

fn is_degree(text: &str) -> bool {
    let word = letters(text);
    DEGREES.contains(&word.as_str())
}

/// Whether a text looks as a person's name does: a few words in capitals, or a few characters of a script without them.
pub(super) fn is_personal(name: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "von", "van", "de", "da", "der", "den", "del", "dos", "das", "do", "la", "el", "bin", "al", "y", "e", "di",
        "du", "le", "ten", "ter", "zu", "af", "av",
    ];
    let words = name.split_whitespace();
    let is_dense = |c: char| matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    if name.contains(is_dense) {
        // Thai writes first and last name with vowels and a space between.
        let most = if name.contains(|c: char| c < '\u{f00}') { 40 } else { 8 };
        return (2..=most).contains(&name.chars().count())
            && name.split(' ').count() <= 3
            && name.chars().all(|c| is_dense(c) || c == ' ' || c == '・');
    }
    let ends_well = words.clone().next_back().is_some_and(|last| !PARTICLES.contains(&last));
    ends_well
        && (2..=5).contains(&words.clone().count())
        && words.clone().all(|word| {
            PARTICLES.contains(&word)
                || word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase() || c == '’' || c == '\'')
                    && word.chars().all(|c| c.is_alphabetic() || is_combining(c) || "-.'’".contains(c))
        })
}

/// What follows `By` at the beginning of a byline.
pub(in crate::article) fn after_by(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let is_dense = |c: char| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    let first = line.chars().next()?.to_lowercase().next()?;
    BY.iter()
        .filter(|by| by.starts_with(first))
        .filter_map(|by| {
            let end = by.len();
            let head = line.get(..end)?;
            let fits = head == *by || head.eq_ignore_ascii_case(by) || !by.is_ascii() && head.to_lowercase() == *by;
            let rest = &line[end..];
            let mark = rest.trim_start().strip_prefix([':', '：', '/', '／', '|']);
            // A label needs its colon; a preposition is followed by the name; a script without spaces goes on at once.
            let rest = match mark {
                Some(rest) => Some(rest),
                None if rest.starts_with(char::is_whitespace) && !is_label(by) => Some(rest),
                None if by.chars().all(is_dense) && by.chars().count() >= 2 => Some(rest),
                None => None,
            };
            fits.then_some(rest?.trim_start()).map(|rest| (end, rest))
        })
        .max_by_key(|(end, _)| *end)
        .map(|(_, rest)| rest)
        .filter(|rest| !rest.is_empty())
}

/// Whether a word is also one of common speech, and tells of an author before a colon alone.
fn is_label(by: &str) -> bool {
    matches!(
        by,
        "author"
            | "authors"
            | "autor"
            | "autorin"
            | "autoren"
            | "autores"
            | "autora"
            | "auteur"
            | "autore"
            | "yazar"
            | "szerző"
            | "text"
            | "texte"
            | "texto"
            | "testo"
            | "tekst"
            | "reporter"
            | "текст"
            | "文"
            | "글"
            | "penulis"
            | "เรื่อง"
            | "लेखक"
            | "लेखिका"
            | "লেখক"
            | "எழுதியவர்"
            | "نویسنده"
            | "نوشته"
    )
}

#[cfg(test)]
mod tests {
    use super::{Names, after_by, is_personal};
    use crate::article::meta::publication::Publication;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let publication = Publication::of_names(&["The Harbour Post"], None);
        let mut names = Names::new(&publication);
        names.add_line(line);
        assert_eq!(names.into_list(), expected, "{line}");
    }

    #[test]
    fn lines_of_names_are_divided() {
        check("By Jane Doe and John Roe", &["Jane Doe", "John Roe"]);
        check("Jane Doe, John Roe", &["Jane Doe", "John Roe"]);
        check("Doe, Jane", &["Doe, Jane"]);
        check("<b>Jane &amp; John</b>", &["Jane", "John"]);
        check("Von Jörg Weiß und Änne von der Au", &["Jörg Weiß", "Änne von der Au"]);
        check("Jane Doe;John Roe;jane doe", &["Jane Doe", "John Roe"]);
    }

    #[test]
    fn what_is_said_of_a_name_is_cut() {
        check("Jane Doe, PhD, RD", &["Jane Doe"]);
        check("By Jane Doe, Agency | 3 May 2024", &["Jane Doe"]);
        check("Jane Doe, The Harbour Post", &["Jane Doe"]);
        check("Jane Doe - The Harbour Post", &["Jane Doe"]);
        check("Jane Doe for The Gazette", &["Jane Doe"]);
        check("Jane Doe @jane", &["Jane Doe"]);
        check("Sammy Davis Jr.", &["Sammy Davis Jr."]);
        check("홍길동 기자", &["홍길동"]);
        check("文／山田太郎", &["山田太郎"]);
        check("本报记者 王小明", &["王小明"]);
        check("김민수 기자 minsu@example.org", &["김민수"]);
        check("लेखक: राम शर्मा", &["राम शर्मा"]);
        check("โดย สมชาย ใจดี", &["สมชาย ใจดี"]);
        check("מאת דוד כהן", &["דוד כהן"]);
    }

    #[test]
    fn addresses_handles_and_nobody_are_no_names() {
        for line in [
            "https://example.org/jane",
            "jane@example.org",
            "@jane",
            "example.org",
            "admin",
            "null",
            "By Staff Writer",
            "The Harbour Post",
            "3 May 2024",
            "",
        ] {
            check(line, &[]);
        }
    }

    #[test]
    fn of_a_line_of_the_page_only_persons_are_taken() {
        let publication = Publication::of_names(&["The Harbour Post"], None);
        let mut names = Names::new(&publication);
        names.add_shown("By Jane Doe Staff Writer and John Roe, Chief Editor | Updated 3 May | Read more");
        assert_eq!(names.list(), ["Jane Doe", "John Roe"]);
    }

    #[test]
    fn the_publication_and_its_staff_stand_in_for_names() {
        let publication = Publication::of_names(&["The Harbour Post"], None);
        let mut names = Names::new(&publication);
        names.add_line("Harbour Staff; The Harbour Post");
        assert!(names.is_empty());
        assert_eq!(names.take_offices(), ["Harbour Staff", "The Harbour Post"]);
    }

    #[test]
    fn a_label_needs_its_colon() {
        assert_eq!(after_by("Text: Jane Doe"), Some("Jane Doe"));
        assert_eq!(after_by("Text Jane Doe"), None);
        assert_eq!(after_by("Byron Doe"), None);
        assert_eq!(after_by("WRITTEN BY Jane Doe"), Some("Jane Doe"));
    }

    #[test]
    fn names_look_like_names() {
        for name in
            ["Anna Kim", "Jörg O’Hara-Weiß", "Ludwig van der Berg", "山田太郎", "สมชาย ใจดี", "राम शर्मा", "דוד כהן"]
        {
            assert!(is_personal(name), "{name}");
        }
        for text in ["the sea", "Tuesday", "Order Of The Very Last King", "Anna Kim, who came in 2003"] {
            assert!(!is_personal(text), "{text}");
        }
    }
}
