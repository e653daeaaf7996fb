//! Identities of texts.

/// Words of a text; a character counts as one in scripts without spaces.
pub fn word_count(text: &str) -> u32 {
    let is_whole = |c: char| matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
    let mut count = 0;
    let mut in_word = false;
    for c in text.chars() {
        if is_whole(c) {
            count += 1;
            in_word = false;
        } else if c.is_alphanumeric() {
            count += u32::from(!in_word);
            in_word = true;
        } else if c.is_whitespace() {
            in_word = false;
        }
    }
    count
}
