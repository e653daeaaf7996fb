//! The dates that a reader sees: the lines around an article that are dates and little else.

use chrono::{Datelike, Duration, NaiveDate};
use ego_tree::{NodeId, NodeRef};
use foldhash::{HashSet, HashSetExt};
use scraper::{ElementRef, Node};

use super::ends::INSIDE_CONTENT;
use super::page::{CLIMB, LONGEST_LINE, Notes, text_of};
use super::{Claims, structured};
use crate::html::is_block;
use crate::model::date::{DateField, DateSource};
use crate::phrase::line;

/// Texts read on one page at most.
const MOST_READ: usize = 40;

impl<'a> Notes<'a> {
    /// The first full date of the page, where its article has none of its own: templates put it into odd places.
    pub(super) fn elsewhere(&self, claims: &mut Claims<'_>) {
        let machine = |element: &ElementRef<'a>| {
            let value = element.value().attr("datetime")?.trim();
            structured::machine_value(value, &claims.page.setting()).ok().map(|when| (value, when))
        };
        if let Some((value, when)) = self.times.iter().take(3).find_map(|(_, element)| machine(element)) {
            claims.add(DateField::Published, DateSource::Time, None, value, Ok(when));
            return;
        }
        let digits = |node: &NodeRef<'a, Node>| {
            node.value().as_text().is_some_and(|text| text.bytes().filter(u8::is_ascii_digit).count() >= 4)
        };
        let first = self.texts.iter().filter(|(_, node)| digits(node)).take(MOST_READ).find_map(|(_, node)| {
            let (_, dates) = self.widest_line(*node, claims)?;
            dates.into_iter().find(|date| date.full && date.when.is_ok() && date.field == Some(DateField::Published))
        });
        if let Some(date) = first {
            claims.add(DateField::Published, DateSource::Visible, date.label.as_deref(), &date.raw, date.when);
        }
    }

    /// The dates of the widest element around a text that is still a date line, and that element.
    fn widest_line(&self, node: NodeRef<'_, Node>, claims: &Claims<'_>) -> Option<(NodeId, Vec<line::LineDate>)> {
        let page = claims.page;
        // The lines of a paragraph are parted by breaks.
        let own_line = node.value().as_text().filter(|_| stands_between(node, is_break));
        let read = own_line.and_then(|text| line::read(text.trim(), page.language, page.now, page.assume_timezone));
        let mut best: Option<(NodeId, Vec<line::LineDate>)> = read.map(|read| (node.id(), read.dates));
        let mut widest = node;
        let mut length = 0;
        for ancestor in node
            .ancestors()
            .take(CLIMB)
            .map_while(ElementRef::wrap)
            .take_while(|node| !self.around.contains(&node.id()))
        {
            if matches!(ancestor.value().name(), "time" | "h1") && ancestor.value().attr("datetime").is_some() {
                return None; // Read with its `datetime`.
            }
            let Some(text) = text_of(ancestor, LONGEST_LINE) else {
                // A link in the midst of a sentence is no line, whatever date it says.
                return best.filter(|_| stands_between(widest, |other| !is_sentence(other)));
            };
            widest = *ancestor;
            if text.len() == length {
                if let Some((id, _)) = &mut best {
                    *id = ancestor.id();
                }
                continue;
            }
            length = text.len();
            let Some(read) = line::read(&text, page.language, page.now, page.assume_timezone) else {
                // A date in three elements is no date until they are read together.
                if best.is_some() {
                    break;
                }
                continue;
            };
            best = Some((ancestor.id(), read.dates));
        }
        best
    }

    pub(super) fn lines(&self, claims: &mut Claims<'_>) {
        let mut used: HashSet<NodeId> = HashSet::new();
        let mut labelled: Vec<line::LineDate> = Vec::new();
        let mut plain: Vec<line::LineDate> = Vec::new();
        for (_, node) in self.texts.iter().filter(|(place, _)| self.ends.contains(*place)).take(MOST_READ) {
            if node.ancestors().take(CLIMB + 1).any(|ancestor| used.contains(&ancestor.id())) {
                continue;
            }
            if let Some((container, read)) = self.widest_line(*node, claims) {
                used.insert(container);
                for date in read {
                    if date.label.is_some() { labelled.push(date) } else { plain.push(date) }
                }
            }
        }
        // A labelled date says what it is; of those without a label only the first is likely to be the publication's.
        let published = labelled.iter().any(|date| date.field == Some(DateField::Published) && date.when.is_ok());
        for mut date in labelled.into_iter().chain(plain.into_iter().filter(|_| !published).take(3)) {
            if !complete(&mut date, claims) {
                continue;
            }
            if let Some(field) = date.field {
                claims.add(field, DateSource::Visible, date.label.as_deref(), &date.raw, date.when);
            }
        }
    }

    /// The date in brackets that a text begins with: `(18.01.2018) Farmers …`, `Vienna, (12.11.2021). As in each year …`.
    pub(super) fn dateline(&self, claims: &mut Claims<'_>) {
        let Some((from, _)) = self.ends.content else { return };
        let first = self.openings.iter().filter(|(place, _)| (from..from + INSIDE_CONTENT).contains(place));
        let mut dates = first.filter_map(|(_, inside)| {
            let read = line::read(inside, claims.page.language, claims.page.now, claims.page.assume_timezone)?;
            read.dates.into_iter().next().filter(|date| read.only_dates && date.full && date.label.is_none())
        });
        if let Some(date) = dates.next() {
            claims.add(DateField::Published, DateSource::Visible, None, &date.raw, date.when);
        }
    }
}

/// What stands in brackets near the beginning of a text, where it has a digit.
pub(super) fn bracketed(text: &str) -> Option<&str> {
    const LONGEST_PLACE: usize = 40;
    const LONGEST_DATE: usize = 40;
    let (_, rest) = text[..text.floor_char_boundary(LONGEST_PLACE + LONGEST_DATE)].split_once('(')?;
    let (inside, _) = rest.split_once(')')?;
    (inside.len() <= LONGEST_DATE && inside.contains(|c: char| c.is_ascii_digit())).then_some(inside)
}

/// Gives a time its day and a day its year, where the page states them elsewhere; `false` for a time that is as likely a clock's.
pub(super) fn complete(date: &mut line::LineDate, claims: &Claims<'_>) -> bool {
    let stated = |field| claims.list.iter().filter(move |claim| claim.field == field).find_map(|claim| claim.when);
    let of_url = structured::day_of(claims.page.url);
    let Ok(when) = date.when.as_mut() else { return true };
    let shift = if date.time_only {
        // "Updated 14:20" on an older article is of the article's day and not of today.
        let stated = stated(DateField::Published).or_else(|| stated(DateField::Updated));
        let Some(day) = stated.map(|when| when.at.date_naive()).or(of_url) else { return date.label.is_some() };
        let is_old = claims.page.now.date_naive() - day > Duration::days(1);
        if is_old { day - when.at.date_naive() } else { Duration::zero() }
    } else {
        let stated = when.at.date_naive();
        let is_same = |day: &NaiveDate| date.yearless && (stated.month(), stated.day()) == (day.month(), day.day());
        of_url.filter(is_same).map_or(Duration::zero(), |day| day - stated)
    };
    (when.at, when.earliest, when.latest) = (when.at + shift, when.earliest + shift, when.latest + shift);
    true
}

/// Whether what stands right before and right behind a node is as asked; white space does not count, nor does nothing.
fn stands_between(node: NodeRef<'_, Node>, is_fit: impl Fn(NodeRef<'_, Node>) -> bool) -> bool {
    let is_space = |other: &NodeRef<'_, Node>| match other.value() {
        Node::Text(text) => text.trim().is_empty(),
        Node::Element(_) => false,
        _ => true,
    };
    let before = node.prev_siblings().find(|other| !is_space(other));
    let after = node.next_siblings().find(|other| !is_space(other));
    before.into_iter().chain(after).all(is_fit)
}

/// Whether a line ends at an element.
fn is_break(node: NodeRef<'_, Node>) -> bool {
    node.value().as_element().is_some_and(|element| element.name() == "br" || is_block(element.name()))
}

/// Whether a text is more than a mark or a word between two parts of a line.
fn is_sentence(node: NodeRef<'_, Node>) -> bool {
    const LONGEST_JOINT: usize = 40;
    node.value().as_text().is_some_and(|text| text.trim().len() > LONGEST_JOINT)
}
