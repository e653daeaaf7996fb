//! The dictionary of dates: months, weekdays, day words, ages, labels and fillers in some seventy languages.
//!
//! `words.tsv` is generated from the Unicode CLDR by `docs/date-words.mjs`; `labels.tsv` is by hand. Both are read once a
//! process. A word is taken from the page's language first, then from English, then from any other, but there only when
//! all that know it agree: pages often declare the wrong language, and a word that means two months decides nothing.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use crate::model::date::{DateField, Precision};

use super::text::{Kind, Token, tokens};

/// What a word, or several in a row, can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A month, 1 to 12.
    Month(u32),
    /// A month of Iran's solar calendar, 1 to 12.
    SolarMonth(u32),
    /// Stands beside a number that is a month: 月, `tháng`.
    MonthUnit,
    /// A day of the week, 1 is Monday.
    Weekday(u32),
    /// Days from today: 0, −1, −2.
    Day(i64),
    /// This moment.
    Now,
    /// So many units ago; without a count the text has it, where the pattern has its number.
    Ago(Precision, bool, Option<u32>),
    /// Before noon (`false`) or after (`true`).
    Half(bool),
    /// What the date beside it is.
    Label(DateField),
    /// Says nothing: `um`, `kl`, `г.`
    Filler,
}

impl Meaning {
    /// Whether the words mean this also on a page in another language. Short words don't: "de" is before noon in
    /// Hungarian, "hier" is yesterday in French and here in German.
    fn is_safe_abroad(self, words: &[String], locale: Locale) -> bool {
        match self {
            Self::Half(_) => !words.iter().all(|word| word.is_ascii()),
            Self::Day(_) | Self::Now | Self::Ago(_, _, Some(_)) => locale.language.is_none(),
            _ => true,
        }
    }
}

/// What a language writes first in numeric dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// 31/12/2015.
    Day,
    /// 12/31/2015.
    Month,
    /// 2015/12/31.
    Year,
}

/// A language and its region, as far as dates depend on them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Locale {
    language: Option<u8>,
    order: Option<Order>,
}

/// The words of all languages.
#[derive(Debug)]
pub(super) struct Dictionary {
    /// Words at which unspaced scripts are cut.
    known: HashSet<String>,
    languages: HashMap<&'static str, u8>,
    orders: HashMap<(u8, String), Order>,
    /// By the first token that is not a number: the place in `entries`.
    places: HashMap<String, usize>,
    entries: Vec<Vec<Entry>>,
    english: u8,
}

#[derive(Debug)]
struct Entry {
    /// The folded tokens, full stops left out; the number is `NUMBER`.
    pattern: Vec<String>,
    /// One bit a language.
    languages: u128,
    meaning: Meaning,
}

/// Stands in a pattern for the number.
const NUMBER: &str = "{0}";

/// The dictionary.
pub(super) static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(Dictionary::load);

impl Dictionary {
    /// The tokens of a text, as this dictionary cuts them.
    pub(super) fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = tokens(text, &self.known);
        for token in &mut tokens {
            token.listed = self.places.get(&token.text).copied();
        }
        tokens
    }

    /// What dates in this language (a BCP 47 tag) go by. An unknown language knows nothing.
    pub(super) fn locale(&self, tag: Option<&str>) -> Locale {
        let tag = tag.unwrap_or_default().to_ascii_lowercase();
        let mut subtags = tag.split(['-', '_']);
        let primary = match subtags.next().unwrap_or_default() {
            "no" => "nb",
            "iw" => "he",
            "in" => "id",
            "tl" => "fil",
            "sh" => "sr",
            other => other,
        };
        let Some(&language) = self.languages.get(primary) else {
            return Locale { language: None, order: None };
        };
        let region = subtags.find(|subtag| subtag.len() == 2).unwrap_or_default();
        let order = match (primary, region) {
            // English alone may be either; in Canada and in the Spanish of the United States both are in use.
            ("en", "") | (_, "ca") | ("es", "us") => None,
            _ => self
                .orders
                .get(&(language, region.to_owned()))
                .or_else(|| self.orders.get(&(language, primary.to_owned())))
                .copied(),
        };
        Locale { language: Some(language), order }
    }

    /// Whether the locale is this language.
    pub(super) fn is(&self, locale: Locale, language: &str) -> bool {
        locale.language.is_some() && locale.language == self.languages.get(language).copied()
    }

    /// The longest pattern at this token that `wanted` accepts, with the number of tokens it takes.
    pub(super) fn find(
        &self,
        tokens: &[Token],
        at: usize,
        locale: Locale,
        wanted: impl Fn(Meaning) -> bool,
    ) -> Option<(Meaning, usize)> {
        let first = tokens.get(at)?;
        let key = match first.kind {
            Kind::Number(_) => tokens.get(at + 1)?,
            _ => first,
        };
        let mut best: Option<(usize, u8, Meaning)> = None; // taken, rank, meaning
        let mut disagree = false;
        for entry in self.entries[key.listed?].iter().filter(|entry| wanted(entry.meaning)) {
            let Some(taken) = entry.matches(&tokens[at..]) else { continue };
            let rank = self.rank(entry, locale);
            if rank == 0 && !entry.meaning.is_safe_abroad(&entry.pattern, locale) {
                continue;
            }
            match best {
                Some((most, kept, meaning)) if (most, kept) == (taken, rank) => {
                    disagree |= meaning != entry.meaning && rank == 0;
                }
                Some((most, kept, _)) if (most, kept) > (taken, rank) => {}
                _ => {
                    best = Some((taken, rank, entry.meaning));
                    disagree = false;
                }
            }
        }
        best.filter(|_| !disagree).map(|(taken, _, meaning)| (meaning, taken))
    }

    fn rank(&self, entry: &Entry, locale: Locale) -> u8 {
        let has = |language: u8| entry.languages & (1 << language) != 0;
        if locale.language.is_some_and(has) { 2 } else { u8::from(has(self.english)) }
    }

    fn load() -> Self {
        let mut dictionary = Self {
            known: [
                "年", "月", "日", "号", "號", "時", "时", "点", "點", "分", "秒", "년", "월", "일", "시", "분", "초",
            ]
            .map(String::from)
            .into_iter()
            .collect(),
            languages: HashMap::new(),
            orders: HashMap::new(),
            places: HashMap::new(),
            entries: Vec::new(),
            english: 0,
        };
        for line in include_str!("words.tsv").lines().chain(include_str!("labels.tsv").lines()) {
            let mut fields = line.split('\t');
            let (Some(language), Some(kind)) = (fields.next(), fields.next()) else { continue };
            let (value, words) = match kind {
                "published" | "updated" => (kind, fields.next().unwrap_or_default()),
                _ => (fields.next().unwrap_or_default(), fields.next().unwrap_or_default()),
            };
            let next = u8::try_from(dictionary.languages.len()).expect("the table has fewer than 128 languages");
            let language = *dictionary.languages.entry(language).or_insert(next);
            if kind == "order" {
                let order = match value {
                    "mdy" => Order::Month,
                    "ymd" => Order::Year,
                    _ => Order::Day,
                };
                dictionary.orders.extend(words.split('|').map(|region| ((language, region.to_owned()), order)));
                continue;
            }
            for word in words.split('|') {
                let Some(meaning) = meaning(kind, value, word.contains(NUMBER)) else { continue };
                dictionary.add(language, word, meaning);
            }
        }
        dictionary.english = dictionary.languages["en"];
        dictionary
    }

    fn add(&mut self, language: u8, word: &str, meaning: Meaning) {
        // A zero stands for the number while the pattern is cut into tokens.
        let pattern: Vec<String> = tokens(&word.replace(NUMBER, " 0 "), &HashSet::new())
            .into_iter()
            .filter(|token| !token.is_mark('.'))
            .map(|token| if token.number().is_some() && word.contains(NUMBER) { NUMBER.to_owned() } else { token.text })
            .collect();
        let Some(key) = pattern.iter().find(|text| *text != NUMBER) else { return };
        let bit = 1_u128 << language;
        self.known.extend(pattern.iter().filter(|text| *text != NUMBER).cloned());
        let next = self.entries.len();
        let place = *self.places.entry(key.clone()).or_insert(next);
        if place == next {
            self.entries.push(Vec::new());
        }
        let entries = &mut self.entries[place];
        match entries.iter_mut().find(|entry| entry.meaning == meaning && entry.pattern == pattern) {
            Some(entry) => entry.languages |= bit,
            None => entries.push(Entry { pattern, languages: bit, meaning }),
        }
    }
}

impl Entry {
    /// How many tokens the pattern takes at the start of these; a full stop after an abbreviation goes with it.
    fn matches(&self, tokens: &[Token]) -> Option<usize> {
        let mut at = 0;
        for (index, text) in self.pattern.iter().enumerate() {
            while index > 0 && tokens.get(at).is_some_and(|token| token.is_mark('.')) {
                at += 1;
            }
            let token = tokens.get(at)?;
            let fits = if text == NUMBER { token.number().is_some() } else { token.text == *text };
            if !fits {
                return None;
            }
            at += 1;
        }
        if tokens.get(at).is_some_and(|token| token.is_mark('.') && !token.spaced) {
            at += 1;
        }
        Some(at)
    }
}

impl Locale {
    /// The order of numeric dates, where the language and the region decide it.
    pub(super) fn order(self) -> Option<Order> {
        self.order
    }
}

fn meaning(kind: &str, value: &str, counted: bool) -> Option<Meaning> {
    Some(match kind {
        "month" => Meaning::Month(value.parse().ok()?),
        "solar" => Meaning::SolarMonth(value.parse().ok()?),
        "unit" => Meaning::MonthUnit,
        "weekday" => Meaning::Weekday(value.parse().ok()?),
        "day" => Meaning::Day(value.parse().ok()?),
        "now" => Meaning::Now,
        "half" => Meaning::Half(value == "pm"),
        "filler" => Meaning::Filler,
        "published" => Meaning::Label(DateField::Published),
        "updated" => Meaning::Label(DateField::Updated),
        "ago" => {
            let (unit, count) = value.split_once('@').map_or((value, None), |(unit, count)| (unit, count.parse().ok()));
            let (unit, weeks) = match unit {
                "year" => (Precision::Year, false),
                "month" => (Precision::Month, false),
                "week" => (Precision::Day, true),
                "day" => (Precision::Day, false),
                "hour" => (Precision::Hour, false),
                "minute" => (Precision::Minute, false),
                _ => (Precision::Second, false),
            };
            if counted == count.is_some() {
                return None; // A pattern has either its number or a count.
            }
            Meaning::Ago(unit, weeks, count)
        }
        _ => return None,
    })
}
