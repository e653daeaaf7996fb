//! Fills in a page: the server's address, and what belongs to the edition.

/// Which state of the newspaper is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edition {
    /// As first published.
    First,
    /// Two hours later: a story edited, a headline corrected, a story syndicated, a new story.
    Second,
}

impl Edition {
    const fn mark(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// Puts `base` in place of `{{base}}`, keeps the blocks marked for `edition` and drops the other edition's.
pub(crate) fn fill(template: &str, base: &str, edition: Edition) -> String {
    let (open, close) = (format!("{{{{{}}}}}", edition.mark()), format!("{{{{/{}}}}}", edition.mark()));
    without_blocks(template, edition.other().mark()).replace(&open, "").replace(&close, "").replace("{{base}}", base)
}

fn without_blocks(template: &str, mark: &str) -> String {
    let (open, close) = (format!("{{{{{mark}}}}}"), format!("{{{{/{mark}}}}}"));
    let mut parts = template.split(open.as_str());
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_dropped, rest) = part.split_once(&close).expect("every block of the demo's pages is closed");
        kept.push_str(rest);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Edition, fill};

    #[track_caller]
    fn check(template: &str, edition: Edition, expected: &str) {
        assert_eq!(fill(template, "http://127.0.0.1:1", edition), expected);
    }

    #[test]
    fn an_edition_shows_its_own_blocks_and_no_others() {
        let template = "a{{first}}1{{/first}}b{{second}}2{{/second}}c{{first}}3{{/first}}";
        check(template, Edition::First, "a1bc3");
        check(template, Edition::Second, "ab2c");
    }

    #[test]
    fn base_is_filled_in_everywhere() {
        check("{{base}}/a {{base}}/b", Edition::First, "http://127.0.0.1:1/a http://127.0.0.1:1/b");
        check("{{first}}{{base}}{{/first}}", Edition::First, "http://127.0.0.1:1");
        check("{{second}}{{base}}{{/second}}", Edition::First, "");
    }
}
