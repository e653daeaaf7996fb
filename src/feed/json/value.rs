//! A JSON document as it was read: one flat list of values, each knowing where its last descendant is.
//!
//! A list has no depth to fall through and no allocation for each object, so its memory is the number of values times
//! the size of one, whatever shape a document has.

use std::borrow::Cow;
use std::fmt;

use super::slip::{Slip, Slips};
use crate::feed::xml::entity;

/// A JSON document, with what was found wrong with it.
#[derive(Debug)]
pub(in crate::feed) struct Document<'a> {
    /// In document order, the root first; the descendants of a value follow it.
    pub(super) nodes: Vec<Node<'a>>,
    /// The objects and arrays that the text ends in, outermost first.
    pub(super) open: Vec<usize>,
    /// Whether it has more values than are read. The last ones may be incomplete: they are in `open`.
    pub(super) was_cut: bool,
    /// Text before and after the root that is neither space, comment nor a call around it.
    pub(super) before: &'a str,
    pub(super) after: &'a str,
    pub(super) slips: Slips,
}

/// One value, with its key where it is a member of an object.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) kind: Kind<'a>,
    /// The index after its last descendant.
    pub(super) end: usize,
}

/// What a value is. A number is its text as written, so that an id of twenty digits keeps them all.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    Array,
    Object,
}

impl fmt::Display for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

impl<'a> Document<'a> {
    pub(in crate::feed) fn root(&self) -> Value<'_, 'a> {
        Value { document: self, index: 0 }
    }

    /// Whether the text ends before the root does.
    pub(in crate::feed) fn breaks_off(&self) -> bool {
        !self.open.is_empty() && !self.was_cut
    }

    /// Whether the text is JSON, slips and all, and not one that has brackets in it: `{{ page }}`, `[Error] no`.
    pub(in crate::feed) fn is_json(&self) -> bool {
        let is_text = [Slip::Before, Slip::After, Slip::BareKey, Slip::BareText, Slip::Junk];
        let has_value = self.nodes.len() > 1 || self.open.is_empty();
        has_value && !is_text.iter().any(|slip| self.slips.has(*slip))
    }
}

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub(in crate::feed) struct Value<'d, 'a> {
    document: &'d Document<'a>,
    index: usize,
}

impl<'d, 'a> Value<'d, 'a> {
    fn node(self) -> &'d Node<'a> {
        &self.document.nodes[self.index]
    }

    pub(super) fn kind(self) -> &'d Kind<'a> {
        &self.node().kind
    }

    /// Its key in the object that it is a member of; empty for all others.
    pub(super) fn key(self) -> &'d str {
        &self.node().key
    }

    pub(in crate::feed) fn is_object(self) -> bool {
        *self.kind() == Kind::Object
    }

    pub(in crate::feed) fn is_array(self) -> bool {
        *self.kind() == Kind::Array
    }

    pub(super) fn is_null(self) -> bool {
        *self.kind() == Kind::Null
    }

    /// Whether the text ends, or is cut, inside it: what it holds is complete, but there is less than was meant.
    pub(super) fn is_open(self) -> bool {
        self.document.open.contains(&self.index)
    }

    /// The elements of an array, the members of an object, nothing of any other value.
    pub(in crate::feed) fn children(self) -> impl Iterator<Item = Self> {
        let end = self.node().end;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let child = Self { document: self.document, index: next };
            (next < end).then(|| next = child.node().end)?;
            Some(child)
        })
    }

    /// The member called `name`.
    ///
    /// Of several the last that is not null: parsers in every language take the last, so it is the one that the
    /// publisher has seen work, and null says nothing. Case and the mark between words do not count: `datePublished`.
    pub(in crate::feed) fn get(self, name: &str) -> Option<Self> {
        let is_object = self.is_object();
        self.children().filter(|child| is_object && !child.is_null() && is_called(child.key(), name)).last()
    }

    /// The first of these members that there is.
    pub(super) fn first_of(self, names: &[&str]) -> Option<Self> {
        names.iter().find_map(|name| self.get(name))
    }

    /// A text, or a number or boolean as written; blank is nothing.
    pub(in crate::feed) fn text(self) -> Option<String> {
        let text = match self.kind() {
            // An escape can mean a character that the text itself could not hold.
            Kind::Text(text) => entity::without_c1(entity::clean(text)).trim().to_owned(),
            Kind::Number(number) => (*number).to_owned(),
            Kind::Bool(value) => value.to_string(),
            Kind::Null | Kind::Array | Kind::Object => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The text of the member called `name`.
    pub(in crate::feed) fn text_of(self, name: &str) -> Option<String> {
        self.get(name)?.text()
    }

    /// The values of a list, or the one value where a list belongs.
    pub(super) fn list(self) -> impl Iterator<Item = Self> {
        let is_array = self.is_array();
        let many = self.children().filter(move |_| is_array);
        many.chain(Some(self).filter(|one| !is_array && !one.is_null()))
    }
}

/// Whether a key as written is `name`, which is in lower case with underscores.
fn is_called(written: &str, name: &str) -> bool {
    let is_letter = |byte: &u8| !matches!(byte, b'_' | b'-' | b' ');
    let folded = |byte: u8| byte.to_ascii_lowercase();
    written == name || written.bytes().filter(is_letter).map(folded).eq(name.bytes().filter(is_letter))
}
