//! When two titles, two lines of authors and two languages are the same.

use std::collections::BTreeSet;
use std::fmt;

use super::halves::host;

/// What a reader's word is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    /// Some of it is right, or it holds more than what is right.
    Part,
    Wrong,
    /// Nothing was said where something is known.
    Missed,
    /// Something was said where nothing is known: it may be right.
    Unknown,
    Silent,
}

impl Verdict {
    pub(crate) fn is_not_right(self) -> bool {
        matches!(self, Verdict::Part | Verdict::Wrong | Verdict::Missed)
    }
}

/// Verdicts added up.
#[derive(Debug, Default)]
pub(crate) struct Score {
    right: u32,
    part: u32,
    wrong: u32,
    missed: u32,
    unknown: u32,
}

impl Score {
    pub(crate) fn add(&mut self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Right => &mut self.right,
            Verdict::Part => &mut self.part,
            Verdict::Wrong => &mut self.wrong,
            Verdict::Missed => &mut self.missed,
            Verdict::Unknown => &mut self.unknown,
            Verdict::Silent => return,
        };
        *count += 1;
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { right, part, wrong, missed, unknown } = self;
        let stated = right + part + wrong;
        let gold = stated + missed;
        let share = |of: u32| f64::from(*right) / f64::from(of.max(1));
        let (precision, recall) = (share(stated), share(gold));
        write!(f, "{gold:4} {stated:6} {right:5} {part:4}     {precision:.4}  {recall:.4}   {unknown}")
    }
}

fn verdict<T>(gold: Option<&T>, said: Option<&T>, compare: impl FnOnce(&T, &T) -> Verdict) -> Verdict {
    match (gold, said) {
        (None, None) => Verdict::Silent,
        (None, Some(_)) => Verdict::Unknown,
        (Some(_), None) => Verdict::Missed,
        (Some(gold), Some(said)) => compare(gold, said),
    }
}

/// Titles are the same whose letters are, the site's name cut off either.
pub(crate) fn title(gold: Option<&str>, said: Option<&str>, site: Option<&str>, url: &str) -> Verdict {
    let sites = [site.map(letters), host(url).split('.').next().map(letters)];
    let forms = |title: &&str| -> Vec<String> {
        let whole = letters(title);
        let cut = [" | ", " - ", " – ", " — ", " :: ", " » ", " · ", ": "].into_iter().flat_map(|separator| {
            let (first, last) = (title.split_once(separator), title.rsplit_once(separator));
            let is_site = |part: &str| {
                let part = letters(part);
                part.len() > 2
                    && sites
                        .iter()
                        .flatten()
                        .any(|site| *site == part || part.len() > 4 && part.contains(site.as_str()))
            };
            [
                last.filter(|(_, end)| is_site(end)).map(|(start, _)| start),
                first.filter(|(start, _)| is_site(start)).map(|(_, end)| end),
            ]
        });
        std::iter::once(whole).chain(cut.flatten().map(letters)).filter(|form| !form.is_empty()).collect()
    };
    verdict(gold.as_ref(), said.as_ref(), |gold, said| {
        let (gold, said) = (forms(gold), forms(said));
        if gold.iter().any(|form| said.contains(form)) {
            Verdict::Right
        } else if gold
            .iter()
            .any(|gold| said.iter().any(|said| gold.contains(said.as_str()) || said.contains(gold.as_str())))
        {
            Verdict::Part
        } else {
            Verdict::Wrong
        }
    })
}

/// Authors are the same whose names are the same set.
pub(crate) fn authors(gold: Option<&str>, said: Option<&str>) -> Verdict {
    let names = |line: &str| Some(names(line)).filter(|names| !names.is_empty());
    verdict(gold.and_then(names).as_ref(), said.and_then(names).as_ref(), |gold, said| {
        if gold == said {
            Verdict::Right
        } else if gold
            .iter()
            .any(|name| said.iter().any(|other| name.contains(other.as_str()) || other.contains(name.as_str())))
        {
            Verdict::Part
        } else {
            Verdict::Wrong
        }
    })
}

/// The names of a line without `By`, degrees and titles.
fn names(line: &str) -> BTreeSet<String> {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let line =
        ["By ", "by ", "BY ", "Von ", "von ", "By: "].iter().find_map(|by| line.strip_prefix(by)).unwrap_or(&line);
    let mut line = line.replace(" and ", ";").replace(" und ", ";").replace(" & ", ";");
    for role in ["Dr. ", "Prof. ", "Dr ", "Prof "] {
        line = line.replace(role, "");
    }
    let is_degree = |name: &str| {
        ["phd", "ms", "md", "rd", "rdn", "mph", "ma", "msc", "mba", "dds", "jr", "cpa", "fand", "ldn", "lcsw", "do"]
            .contains(&name)
    };
    line.split([',', ';', '|', '/']).map(letters).filter(|name| !name.is_empty() && !is_degree(name)).collect()
}

/// A language is right that the known text is in, as `whatlang` is sure.
pub(crate) fn language(text: Option<&str>, strings: &[String], said: Option<&str>) -> Verdict {
    let joined = strings.join(" ");
    let text = text.unwrap_or(&joined);
    let known =
        whatlang::detect(text).filter(|info| info.is_reliable() && info.confidence() > 0.98 && text.len() > 300);
    let known = known.map(|info| info.lang().code());
    verdict(known.as_ref(), said.as_ref(), |known, said| {
        let primary = said.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let is_same =
            known.starts_with(primary.as_str()) || CODES.iter().any(|(two, three)| *two == primary && three == known);
        if is_same { Verdict::Right } else { Verdict::Wrong }
    })
}

/// Codes of two letters that do not begin the code of three.
const CODES: [(&str, &str); 18] = [
    ("de", "deu"),
    ("zh", "cmn"),
    ("es", "spa"),
    ("pt", "por"),
    ("ja", "jpn"),
    ("pl", "pol"),
    ("sv", "swe"),
    ("tr", "tur"),
    ("nb", "nob"),
    ("no", "nob"),
    ("cs", "ces"),
    ("el", "ell"),
    ("fa", "pes"),
    ("id", "ind"),
    ("et", "est"),
    ("sk", "slk"),
    ("hr", "srp"),
    ("uk", "ukr"),
];

/// Letters and digits in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{Verdict, authors, language, title};

    #[track_caller]
    fn check_title(said: &str, expected: Verdict) {
        let verdict = title(Some("A new road"), Some(said), Some("The Post"), "https://post.example/1");
        assert_eq!(verdict, expected, "{said}");
    }

    #[test]
    fn titles_are_compared_without_the_site() {
        check_title("A New  Road", Verdict::Right);
        check_title("A new road | The Post", Verdict::Right);
        check_title("Post: A new road", Verdict::Right);
        check_title("A new road for the island", Verdict::Part);
        check_title("A bridge", Verdict::Wrong);
    }

    #[track_caller]
    fn check_authors(said: Option<&str>, expected: Verdict) {
        assert_eq!(authors(Some("Jane Doe and John Roe"), said), expected, "{said:?}");
    }

    #[test]
    fn authors_are_compared_as_sets_of_names() {
        check_authors(Some("By John Roe, Jane Doe"), Verdict::Right);
        check_authors(Some("Dr. John Roe; Jane Doe, PhD"), Verdict::Right);
        check_authors(Some("Jane Doe"), Verdict::Part);
        check_authors(Some("Jane Doe; John Roe; The Post"), Verdict::Part);
        check_authors(Some("The Post"), Verdict::Wrong);
        check_authors(None, Verdict::Missed);
        assert_eq!(authors(None, Some("Jane Doe")), Verdict::Unknown);
        assert_eq!(authors(None, None), Verdict::Silent);
    }

    #[test]
    fn languages_are_compared_where_the_text_is_plain() {
        let german =
            "Die Stadt hat am Dienstag beschlossen, dass die alte Brücke über den Fluss erneuert wird. ".repeat(6);
        assert_eq!(language(Some(&german), &[], Some("de-AT")), Verdict::Right);
        assert_eq!(language(Some(&german), &[], Some("en")), Verdict::Wrong);
        assert_eq!(language(Some("Die Stadt"), &[], Some("en")), Verdict::Unknown);
    }
}
