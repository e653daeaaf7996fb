//! Whether a text is only the beginning of another one: what a wall leaves of it.

/// A text longer than this share of the other one, in hundredths, is an edited text.
const MUCH_SHORTER: usize = 60;
/// So much of the shorter text, in hundredths, stands in the longer one. The rest is what the wall says.
const IN_COMMON: usize = 70;

/// Whether `new` is a much shorter beginning of `old`: its paragraphs stand in the other text in the same order, the last one perhaps cut,
/// and end well before its end. Nothing at all is the shortest beginning.
pub fn is_beginning(new: &str, old: &str) -> bool {
    if new.len() * 100 > old.len() * MUCH_SHORTER || old.trim().is_empty() {
        return false;
    }
    let (mut at, mut common) = (0, 0);
    for paragraph in new.split("\n\n") {
        let paragraph = paragraph.trim_end_matches(['.', '…', ' ', '\n']);
        if let Some(found) = old[at..].find(paragraph) {
            common += paragraph.len();
            at += found + paragraph.len();
        }
    }
    common * 100 >= new.len() * IN_COMMON && at * 100 <= old.len() * (MUCH_SHORTER + 20)
}

#[cfg(test)]
mod tests {
    use super::is_beginning;

    const OLD: &str = "The bells of the town ring again after nine years.\n\nThe council had them mended in the spring. \
                       Money came from the county.\n\nOn Sunday the mayor rang the first one himself.\n\nHe says that he would \
                       do it again.\n\nThe next festival is in June, and all are welcome to hear them.";

    #[track_caller]
    fn check(new: &str, expected: bool) {
        assert_eq!(is_beginning(new, OLD), expected, "{new}");
    }

    #[test]
    fn a_teaser_is_a_beginning() {
        check("The bells of the town ring again after nine years.", true);
        check("The bells of the town ring again after nine years.\n\nThe council had them mended in…", true);
        check(
            "The bells of the town ring again after nine years.\n\nThe council had them mended in the spring. Money came from the county.\n\nSubscribe to read on.",
            true,
        );
        check("", true);
    }

    #[test]
    fn an_edited_text_is_none() {
        check("The bells of the town are silent again after nine years.", false);
        check("The next festival is in June, and all are welcome to hear them.", false);
        check("He says that he would do it again.\n\nThe bells of the town ring again after nine years.", false);
        check(&OLD[..OLD.len() * 3 / 4], false);
        check(OLD, false);
        assert!(!is_beginning("", ""));
    }
}
