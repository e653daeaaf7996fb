//! Typed reading of a TOML table: takes keys, checks them, and reports what is wrong with its place.
//!
//! By hand rather than by serde, which stops at the first error and loses the place of values inside.

use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::SelectorCheck;
use super::expand::expand;
use super::finding::{Findings, Place, SourceFile, shown};
use super::keys::{self, Section};
use super::quantity::{duration, show_duration, show_size, size};
use super::world::World;
use crate::model::secret::SecretText;

/// What every reader of one file needs.
pub(super) struct Context<'c> {
    pub(super) file: &'c Rc<SourceFile>,
    pub(super) findings: &'c Findings,
    pub(super) world: &'c dyn World,
    pub(super) selectors: SelectorCheck,
}

impl Context<'_> {
    /// Where relative paths in the file start.
    pub(super) fn folder(&self) -> &Path {
        self.file.path.parent().unwrap_or(Path::new(""))
    }
}

/// A table of which every key is known.
pub(super) struct Table<'t, 'c> {
    /// `defaults`, `feed.bbc.page`; empty at the top level.
    name: String,
    place: Place,
    entries: DeTable<'t>,
    context: &'c Context<'c>,
}

impl<'t, 'c> Table<'t, 'c> {
    /// Opens the top level of a file.
    pub(super) fn root(entries: DeTable<'t>, context: &'c Context<'c>) -> Self {
        Self::new(String::new(), Place::whole(context.file), entries, &keys::ROOT, context)
    }

    fn new(name: String, place: Place, entries: DeTable<'t>, section: &Section, context: &'c Context<'c>) -> Self {
        for key in entries.keys().filter(|key| !section.keys.contains(&key.get_ref().as_ref())) {
            let table = if name.is_empty() { section.name.to_owned() } else { format!("[{name}]") };
            let place = Place::new(context.file, &key.span());
            context.findings.error_with(&place, || keys::unknown(key.get_ref(), &table, section));
        }
        Self { name, place, entries, context }
    }

    /// Where the table's name stands.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Reports something about the table as a whole.
    pub(super) fn error(&self, problem: &str) {
        self.context.findings.error(&self.place, format!("{}: {problem}", self.name));
    }

    /// Takes a key's value out.
    pub(super) fn take(&mut self, key: &str) -> Option<Field<'t, 'c>> {
        let (key, value) = self.entries.remove_entry(key)?;
        Some(Field::new(&self.name, &key, value, self.context))
    }

    /// Takes out a table in which each key is a name: `[feed.…]`. In the order of the file.
    pub(super) fn take_named(&mut self, key: &str) -> Vec<(String, Field<'t, 'c>)> {
        let expected = format!("tables by name, such as [{key}.example]");
        self.take(key).and_then(|field| field.named(&expected)).unwrap_or_default()
    }
}

/// A value with its name and place.
pub(super) struct Field<'t, 'c> {
    /// `feed.bbc.recheck[1]`.
    name: String,
    key_span: Range<usize>,
    span: Range<usize>,
    value: DeValue<'t>,
    context: &'c Context<'c>,
}

impl<'t, 'c> Field<'t, 'c> {
    fn new(
        parent: &str,
        key: &Spanned<impl AsRef<str>>,
        value: Spanned<DeValue<'t>>,
        context: &'c Context<'c>,
    ) -> Self {
        let own = bare_or_quoted(key.get_ref().as_ref());
        let name = if parent.is_empty() { own } else { format!("{parent}.{own}") };
        Self { name, key_span: key.span(), span: value.span(), value: value.into_inner(), context }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn context(&self) -> &'c Context<'c> {
        self.context
    }

    /// Where the value stands.
    pub(super) fn place(&self) -> Place {
        Place::new(self.context.file, &self.span)
    }

    /// Where its key stands.
    pub(super) fn key_place(&self) -> Place {
        Place::new(self.context.file, &self.key_span)
    }

    /// Reports `field: problem`, without the value: for values that may be secret.
    pub(super) fn error(&self, problem: &str) {
        self.context.findings.error(&self.place(), format!("{}: {problem}", self.name));
    }

    /// Reports `field: problem (got value)`.
    pub(super) fn error_got(&self, problem: &str) {
        self.error(&format!("{problem} (got {})", self.got()));
    }

    /// Texts and numbers as written; of anything that holds others, its type.
    fn got(&self) -> String {
        match &self.value {
            DeValue::String(text) => format!("\"{}\"", shown(text)),
            DeValue::Integer(number) => shown(&number.to_string()),
            DeValue::Float(number) => shown(&number.to_string()),
            DeValue::Boolean(value) => value.to_string(),
            DeValue::Datetime(value) => value.to_string(),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        }
    }

    /// Reports a value of the wrong type, by its type: what it holds may be a secret in the wrong form.
    fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        let (article, found) = match &self.value {
            DeValue::Integer(_) => ("an", "integer"),
            DeValue::Array(_) => ("a", "list"),
            value => ("a", value.type_str()),
        };
        self.error(&format!("must be {expected} (got {article} {found})"));
        None
    }

    /// The text, borrowed.
    pub(super) fn as_text(&self) -> Option<&str> {
        self.value.as_str().or_else(|| self.wrong_type("a text"))
    }

    /// The text, if it is a text that has something to say: not empty, no control characters, at most `max` characters.
    pub(super) fn line(&self, max: usize) -> Option<String> {
        let text = self.as_text()?.trim();
        let problem = if text.is_empty() {
            "must not be empty".to_owned()
        } else if text.contains(char::is_control) {
            "must be one line without control characters".to_owned()
        } else if text.chars().nth(max).is_some() {
            format!("must be {max} characters or fewer")
        } else {
            return Some(text.to_owned());
        };
        self.error_got(&problem);
        None
    }

    /// The text with `${…}` expanded.
    pub(super) fn secret(&self) -> Option<SecretText> {
        match expand(self.as_text()?, self.context.folder(), self.context.world) {
            Ok(secret) => Some(secret),
            Err(problems) => {
                for problem in problems {
                    self.error(&problem);
                }
                None
            }
        }
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong_type("true or false"))
    }

    pub(super) fn is_boolean(&self) -> bool {
        self.value.is_bool()
    }

    /// Whether the value is a text of which `holds` is true.
    pub(super) fn is_text(&self, holds: impl FnOnce(&str) -> bool) -> bool {
        self.value.as_str().is_some_and(holds)
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    pub(super) fn integer(&self, bounds: RangeInclusive<u32>) -> Option<u32> {
        let Some(number) = self.value.as_integer() else { return self.wrong_type("a whole number") };
        let number = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let number = number.filter(|number| bounds.contains(number));
        if number.is_none() {
            self.error_got(&format!("must be {} to {}", bounds.start(), bounds.end()));
        }
        number
    }

    pub(super) fn duration(&self, bounds: &RangeInclusive<Duration>) -> Option<Duration> {
        let text = match &self.value {
            DeValue::String(text) => text.as_ref(),
            DeValue::Integer(_) => {
                self.error_got("must be a text with a unit, such as \"30s\" or \"15m\"");
                return None;
            }
            _ => return self.wrong_type("a duration, such as \"30s\" or \"15m\""),
        };
        match duration(text) {
            Ok(duration) if bounds.contains(&duration) => return Some(duration),
            Ok(_) => {
                let (least, most) = (show_duration(*bounds.start()), show_duration(*bounds.end()));
                self.error_got(&format!("must be {least} to {most}"));
            }
            Err(problem) => self.error_got(problem),
        }
        None
    }

    /// Bytes: a text with a unit, or a number.
    pub(super) fn size(&self, bounds: &RangeInclusive<u64>) -> Option<u64> {
        let size = match &self.value {
            DeValue::String(text) => size(text),
            DeValue::Integer(number) if number.radix() == 10 => size(number.as_str()),
            _ => return self.wrong_type("a size, such as \"16MiB\""),
        };
        match size {
            Ok(size) if bounds.contains(&size) => return Some(size),
            Ok(_) => {
                self.error_got(&format!("must be {} to {}", show_size(*bounds.start()), show_size(*bounds.end())));
            }
            Err(problem) => self.error_got(problem),
        }
        None
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.as_text()?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            let problem = match words.split_last() {
                Some((last, [])) => format!("must be {last}"),
                Some((last, first)) => format!("must be {} or {last}", first.join(", ")),
                None => "cannot be set".to_owned(),
            };
            self.error_got(&problem);
        }
        found
    }

    /// The elements of a list of at most `max`.
    pub(super) fn elements(self, max: usize) -> Option<Vec<Self>> {
        let DeValue::Array(elements) = self.value else { return self.wrong_type("a list") };
        if elements.len() > max {
            let message = format!("{}: must have {max} elements or fewer (got {})", self.name, elements.len());
            self.context.findings.error(&Place::new(self.context.file, &self.span), message);
            return None;
        }
        let element = |(index, value): (usize, Spanned<DeValue<'t>>)| Field {
            name: format!("{}[{index}]", self.name),
            key_span: value.span(),
            span: value.span(),
            value: value.into_inner(),
            context: self.context,
        };
        Some(elements.into_iter().enumerate().map(element).collect())
    }

    /// The table that the value is.
    pub(super) fn table(self, section: &Section) -> Option<Table<'t, 'c>> {
        let place = self.key_place();
        let DeValue::Table(entries) = self.value else { return self.wrong_type("a table") };
        Some(Table::new(self.name, place, entries, section, self.context))
    }

    /// The table that the value is, in which each key is a name. In the order of the file.
    pub(super) fn named(self, expected: &str) -> Option<Vec<(String, Self)>> {
        let DeValue::Table(entries) = self.value else { return self.wrong_type(expected) };
        let mut fields: Vec<_> = entries
            .into_iter()
            .map(|(key, value)| {
                let field = Field::new(&self.name, &key, value, self.context);
                (key.into_inner().into_owned(), field)
            })
            .collect();
        fields.sort_by_key(|(_, field)| field.key_span.start);
        Some(fields)
    }
}

/// A key as it may be written in a dotted name.
fn bare_or_quoted(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !key.is_empty() && key.len() <= 64 && key.chars().all(bare) {
        key.to_owned()
    } else {
        format!("\"{}\"", shown(key))
    }
}
