//! What is known of an article before its text is.

use chrono::{DateTime, Utc};
use ego_tree::NodeId;

use super::outline::{Block, Kind};
use crate::phrase::line;

/// What the page's head and the feed say of the article.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    pub(super) title: Option<&'a str>,
    /// The element that shows it, which may hold more: a line above it, a number of comments.
    pub(super) heading: Option<NodeId>,
    pub(super) authors: &'a [String],
    pub(super) description: Option<&'a str>,
    pub(super) language: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
}

/// Without a digit only an age in words is a date: "just now", "gestern".
const SHORT_AGE: usize = 24;
/// Bytes of a date line.
const MAX_DATE_LINE: usize = 120;

impl Known<'_> {
    /// Whether a block is one or several dates and nothing else.
    pub(super) fn is_date_line(&self, block: &Block) -> bool {
        !matches!(block.kind, Kind::Row(_) | Kind::Heading(_))
            && block.is_date_line(|text| {
                let is_worth_reading = text.chars().any(char::is_numeric) || text.len() <= SHORT_AGE;
                is_worth_reading
                    && text.len() <= MAX_DATE_LINE
                    && line::read(text, self.language, self.now, None)
                        .is_some_and(|line| line.only_dates && !line.dates.is_empty())
            })
    }
}
