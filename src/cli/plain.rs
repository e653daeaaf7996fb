//! Publishers' text on its way to a terminal: nothing in it moves the cursor, reorders the line or hides.
//!
//! A headline can carry an escape sequence that rewrites the screen, or a direction override that shows a file's name
//! backwards. Such a character is printed as its escape, `\u{1b}`. What ordinary text needs stays: soft hyphens, the
//! joiners of emoji and Persian, the direction marks of Hebrew and Arabic (they place punctuation, and reorder no
//! letters). JSON needs none of this, since its programs want the text as it is.

use std::borrow::Cow;

/// The text in one line: line breaks and tabs are spaces.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    harmless(text, |c| matches!(c, '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}').then_some(" "))
}

/// The text with its paragraphs: line feeds and tabs stay.
pub(super) fn paragraphs(text: &str) -> Cow<'_, str> {
    harmless(text, |c| match c {
        '\n' => Some("\n"),
        '\t' => Some("\t"),
        _ => None,
    })
}

/// Puts an escape in the place of each dangerous character that `spare` has no other word for.
fn harmless(text: &str, spare: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_dangerous(c).then(|| spare(c)) {
            None => safe.push(c),
            Some(Some(instead)) => safe.push_str(instead),
            Some(None) => safe.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(safe)
}

/// Controls (C0, DEL, C1), direction embeddings, overrides and isolates, and characters that are there and not seen.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'    // embeddings, overrides, isolates
            | '\u{2028}' | '\u{2029}'                            // line and paragraph separators
            | '\u{180E}' | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}' // no width
            | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}'  // fillers: letters that are blank
            | '\u{FFF9}'..='\u{FFFB}'                            // interlinear annotation
            | '\u{1D173}'..='\u{1D17A}'                          // musical controls
            | '\u{E0000}'..='\u{E0FFF}') // tags: a hidden copy of ASCII
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{paragraphs, plain};

    #[test]
    fn ordinary_text_is_not_touched() {
        for text in
            ["", "Bells ring", "Ñandú — “naïve”", "東京で会議", "👩‍👧", "می‌خواهم", "co\u{ad}operate", "שלום\u{200f}!"]
        {
            assert!(matches!(plain(text), Cow::Borrowed(same) if same == text), "{text}");
            assert!(matches!(paragraphs(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        for (text, shown) in [
            ("\u{1b}[2J", r"\u{1b}[2J"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("a\u{8}b\u{7f}\0", r"a\u{8}b\u{7f}\u{0}"),
            ("gpj.\u{202e}exe", r"gpj.\u{202e}exe"),
            ("\u{2066}x\u{2069}", r"\u{2066}x\u{2069}"),
            ("pay\u{200b}pal\u{feff}", r"pay\u{200b}pal\u{feff}"),
            ("hi\u{e0041}", r"hi\u{e0041}"),
        ] {
            assert_eq!(plain(text), shown);
            assert_eq!(paragraphs(text), shown);
        }
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(plain("a\tb\r\nc\u{2028}d\u{85}e"), "a b  c d e");
        assert_eq!(paragraphs("a\tb\n\nc\r\n"), "a\tb\n\nc\\u{d}\n");
    }
}
