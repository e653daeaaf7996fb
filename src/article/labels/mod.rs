//! Words that name a part of a page: "Read more", "Mehr zum Thema", "Share", "Most read". Compared in lower case, over some
//! forty languages; a list of words per meaning, since one page may mix them.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

mod lists;

use lists::{FURNITURE, INTEREST, ON_SUBJECTS, RECIRCULATION, RELATED};

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// Links that the publisher calls related.
    Related,
    /// Links that a machine chose: most read, recommended.
    Recirculation,
    /// Links that might interest the reader: either of the two.
    Interest,
    /// Something that is not the article: sharing, comments, sign-up, tags, advertisement, the author.
    Furniture,
}

/// What a line that is a label and nothing else announces: `Read more`, `Related articles:`.
pub(super) fn whole(line: &str) -> Option<Label> {
    // No label is longer; most paragraphs leave here.
    if line.len() > 120 {
        return None;
    }
    let normal = normal(line);
    LABELS.get(normal.as_str()).copied().or_else(|| is_topical(line, &normal).then_some(Label::Related))
}

/// Whether a line announces what there is on a subject that it names: `More on: The elections`, `Lesen Sie dazu auch die Meldungen:`.
fn is_topical(line: &str, normal: &str) -> bool {
    const MOST_WORDS: usize = 9;
    let is_short = || normal.split(' ').nth(MOST_WORDS).is_none();
    let begins = |label: &str| normal.strip_prefix(label).is_some_and(|rest| rest.starts_with([' ', ':']));
    let first = normal.as_bytes().first();
    if SUBJECTS.iter().filter(|label| label.as_bytes().first() == first).any(|label| begins(label)) {
        return is_short() && !line.ends_with(['.', '!', '?', '…']);
    }
    let is_open = line.trim_end().ends_with([':', '：']);
    is_open
        && is_short()
        && related_prefix(line).is_some_and(|prefix| line[prefix.label_start..prefix.label_end].contains(' '))
}

/// The related label that a line begins with, and where the rest begins: `READ MORE: …`, `Lire aussi …`.
///
/// Without a mark after it (`:`, `>`, `|`, a dash) the label has to be followed by a link: the caller tells.
pub(super) fn related_prefix(line: &str) -> Option<Prefix> {
    let mut best: Option<Prefix> = None;
    let lead = line.len() - line.trim_start_matches(LEADING).len();
    // Labels are some forty characters at most; their lower case may have other lengths, so each cut is tried.
    for (at, c) in line[lead..].char_indices().take(48) {
        let end = lead + at + c.len_utf8();
        let rest = &line[end..];
        let next = rest.chars().next();
        let is_word_end =
            (c.is_alphanumeric() || is_combining(c)) && (!next.is_some_and(char::is_alphanumeric) || !c.is_ascii());
        if !is_word_end || !RELATED_SET.contains(normal(&line[lead..end]).as_str()) {
            continue;
        }
        let after = rest.trim_start();
        // `Also on rt.com`: the name of a site belongs to the label.
        let site =
            after.split_whitespace().next().filter(|word| normal(&line[lead..end]) == "also on" && is_site(word));
        let (end, after) = match site {
            Some(site) => (line.len() - after.len() + site.len(), after[site.len()..].trim_start()),
            None => (end, after),
        };
        let is_marked =
            site.is_some() || after.starts_with([':', '：', '>', '»', '|', '–', '—', '-', '→', '►', '▶', '】', ']']);
        let title = after.trim_start_matches(|c: char| !c.is_alphanumeric() && !is_opening(c));
        best = Some(Prefix { label_start: lead, label_end: end, title_start: line.len() - title.len(), is_marked });
    }
    if best.is_some_and(|best| best.is_marked) { best } else { subject_prefix(line).or(best) }
}

/// `More on the elections: A title`
fn subject_prefix(line: &str) -> Option<Prefix> {
    let (colon, mark) = line.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let after = colon + mark.len_utf8();
    let title = line[after..].trim_start();
    let is_prefix = !title.is_empty() && whole(&line[..after]) == Some(Label::Related);
    is_prefix.then(|| Prefix {
        label_start: 0,
        label_end: colon,
        title_start: line.len() - title.len(),
        is_marked: true,
    })
}

/// Where a line's label stands and where what it labels begins, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prefix {
    pub(super) label_start: usize,
    pub(super) label_end: usize,
    pub(super) title_start: usize,
    /// Whether a colon, an arrow or a dash follows.
    pub(super) is_marked: bool,
}

fn is_site(word: &str) -> bool {
    let name = word.trim_end_matches([':', '.']);
    name.contains('.') && name.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
}

const LEADING: [char; 22] =
    ['>', '»', '|', '•', '-', '–', '—', '*', '[', '(', '【', '■', '▶', '►', '→', '+', '◆', '▪', '●', '☞', '👉', ' '];

fn is_opening(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '„' | '«' | '「' | '『' | '(' | '¿' | '¡' | '$' | '£' | '€' | '#' | '@')
}

/// Lower case, white space folded, without marks at the ends.
fn normal(line: &str) -> String {
    let mut normal = String::with_capacity(line.len());
    for word in line.split_whitespace() {
        if !normal.is_empty() {
            normal.push(' ');
        }
        if word.is_ascii() {
            let from = normal.len();
            normal.push_str(word);
            normal[from..].make_ascii_lowercase();
        } else {
            normal.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
        }
    }
    let trimmed = normal.trim_matches(|c: char| !c.is_alphanumeric() && !is_combining(c));
    if trimmed.len() == normal.len() { normal } else { trimmed.to_owned() }
}

/// Vowel signs of Indic scripts and Thai are no letters to `char`, and end words.
pub(super) fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{eff}' | '\u{64b}'..='\u{65f}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17dd}')
}

/// All of them in one; where a label has two meanings, related counts before recirculation before furniture.
static LABELS: LazyLock<HashMap<&'static str, Label>> = LazyLock::new(|| {
    let lists = [
        (Label::Furniture, FURNITURE),
        (Label::Recirculation, RECIRCULATION),
        (Label::Related, RELATED),
        (Label::Interest, INTEREST),
    ];
    // What comes later overwrites what came before.
    lists.into_iter().flat_map(|(label, list)| set(list).into_iter().map(move |word| (word, label))).collect()
});

/// The beginnings of lines that name a subject.
static SUBJECTS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| ON_SUBJECTS.iter().flat_map(|list| list.split('|')).collect());

/// What a line may begin with to be a related one: a box called so is the machine's.
static RELATED_SET: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| set(RELATED).into_iter().chain(["more", "see more", "learn more", "must read"]).collect());

fn set(lists: &[&'static str]) -> HashSet<&'static str> {
    lists.iter().flat_map(|list| list.split('|')).map(str::trim).filter(|label| !label.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Label, related_prefix, whole};

    #[test]
    fn labels_are_known_in_many_languages() {
        for label in [
            "READ MORE:",
            "» Mehr zum Thema",
            "Lire aussi :",
            "Читайте также",
            "関連記事",
            "【相关阅读】",
            "اقرأ أيضا:",
            "Čitajte još",
            "ასევე წაიკითხეთ:",
            "இதையும் படிக்க:",
            "ဆက်စပ်သတင်းများ",
            "អានបន្ថែម",
            "Habari zinazohusiana",
        ] {
            assert_eq!(whole(label), Some(Label::Related), "{label}");
        }
        assert_eq!(whole("Most Read"), Some(Label::Recirculation));
        assert_eq!(whole("Share this article"), Some(Label::Furniture));
        assert_eq!(whole("More On: The Elections"), Some(Label::Related));
        assert_eq!(whole("Lesen Sie dazu auch die Meldungen:"), Some(Label::Related));
        assert_eq!(whole("More on that from our reporter, who was there as it all began on Monday"), None);
        assert_eq!(whole("Read the law before you vote on it"), None);
    }

    #[track_caller]
    fn check(line: &str, label: &str, title: &str, is_marked: bool) {
        let prefix = related_prefix(line).unwrap();
        let found = (&line[prefix.label_start..prefix.label_end], &line[prefix.title_start..], prefix.is_marked);
        assert_eq!(found, (label, title, is_marked), "{line}");
    }

    #[test]
    fn labels_at_the_start_of_a_line_are_cut_off() {
        check("READ MORE: A new road", "READ MORE", "A new road", true);
        check("Read more about roads", "Read more", "about roads", false);
        check("> Lire aussi : « La route »", "Lire aussi", "« La route »", true);
        check("関連記事：新しい道", "関連記事", "新しい道", true);
        check("Also on example.org A new road", "Also on example.org", "A new road", true);
        check("More on the elections: A new road", "More on the elections", "A new road", true);
        check("यह भी पढ़ें: नई सड़क", "यह भी पढ़ें", "नई सड़क", true);
        assert_eq!(related_prefix("Reading more than ever"), None);
    }
}
