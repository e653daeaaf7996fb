//! Where the article's own head and foot are, in which a date is the article's.

use super::page::Place;

/// A date line above the title is this close to it, in bytes of visible text.
const BEFORE_TITLE: usize = 160;
/// The head ends this far behind the title where the text's beginning is not known.
const AFTER_TITLE: usize = 900;
/// A date line may be the text's own first or last one.
pub(super) const INSIDE_CONTENT: usize = 250;
/// The foot ends this far behind the text.
const AFTER_CONTENT: usize = 400;
/// The places that bound the article's head and foot.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Ends {
    pub(super) title: Option<(Place, Place)>,
    pub(super) content: Option<(Place, Place)>,
    /// The nearest `<article>` or `<main>` around the title, or else its parent's parent.
    pub(super) container: Option<(Place, Place)>,
}

impl Ends {
    pub(super) fn contains(&self, place: Place) -> bool {
        let Some((title, title_end)) = self.title else {
            return self.content.is_none_or(|(from, to)| near(place, from, to));
        };
        let head_end = match self.content {
            Some((from, _)) if from >= title_end => (from + INSIDE_CONTENT).min(title_end + 2 * AFTER_TITLE),
            _ => title_end + AFTER_TITLE,
        };
        let own = |place| self.container.is_some_and(|(from, to)| (from..=to).contains(&place));
        let head = (title.saturating_sub(BEFORE_TITLE)..=head_end).contains(&place) && (place >= title || own(place));
        let foot = match (self.content, self.container) {
            (Some((from, to)), _) => {
                place + INSIDE_CONTENT >= to.max(from + INSIDE_CONTENT)
                    && place <= to + AFTER_CONTENT
                    && place > title_end
            }
            (None, Some((_, to))) => place + AFTER_CONTENT >= to && place <= to && place > title_end,
            (None, None) => false,
        };
        head || foot
    }
}

fn near(place: Place, from: Place, to: Place) -> bool {
    (from.saturating_sub(AFTER_CONTENT)..from + AFTER_CONTENT).contains(&place)
        || (to.saturating_sub(INSIDE_CONTENT)..to + AFTER_CONTENT).contains(&place)
}
