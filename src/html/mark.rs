//! Where something is next in a text, so that asking for it again and again costs one walk over the text.

/// The place of the next occurrence, searched for once a stretch of text: many openings that are never closed would
/// otherwise cost a search to the end each.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Not asked for yet.
    #[default]
    Unknown,
    /// The next one for every position up to it.
    At(usize),
    /// There is none any more.
    Never,
}

impl Mark {
    /// The next place at or after `from`, which never goes back; `search` finds it where it is not known.
    pub(crate) fn after(&mut self, from: usize, search: impl FnOnce() -> Option<usize>) -> Option<usize> {
        let is_known = match *self {
            Self::Unknown => false,
            Self::At(at) => at >= from,
            Self::Never => true,
        };
        if !is_known {
            *self = search().map_or(Self::Never, Self::At);
        }
        if let Self::At(at) = *self { Some(at) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::Mark;

    #[test]
    fn each_stretch_is_searched_once() {
        let text = "a.b.c";
        let mut searches = 0;
        let mut mark = Mark::default();
        let mut dot_after = |from: usize| {
            mark.after(from, || {
                searches += 1;
                text[from..].find('.').map(|at| from + at)
            })
        };
        let found: Vec<_> = (0..=5).map(&mut dot_after).collect();
        assert_eq!(found, [Some(1), Some(1), Some(3), Some(3), None, None]);
        assert_eq!(searches, 3);
    }
}
