//! Text → tokens, words and the hashes over them.
//!
//! Two grains. [`tokens`] are for *the same article elsewhere*: case and punctuation are dropped, since every
//! publisher's style differs there. [`words`] are for *an edit of this article*: only what a reader cannot see (white
//! space, the style of quotes and dashes) is folded, so that a corrected comma still counts.

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

use sha2::{Digest, Sha256};

/// Texts with fewer tokens say too little: "Read the full story" would make one article of thousands.
const MIN_TOKENS: usize = 20;

/// Hex digits of a stored hash: 128 bits, beyond accident for any number of articles.
const HASH_DIGITS: usize = 32;

/// The hash by which two articles are found to have the same text; `None` under 20 tokens.
pub fn content_hash(text: &str) -> Option<String> {
    let mut hasher = Sha256::new();
    let mut count = 0_usize;
    for token in tokens(text) {
        hasher.update(token.as_bytes());
        hasher.update([b' ']);
        count += 1;
    }
    (count >= MIN_TOKENS).then(|| hex(hasher))
}

/// The hash of a revision. Equal exactly when [`revision::compare`](crate::revision::compare) sees the same title and
/// the same text.
pub fn text_hash(title: Option<&str>, text: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [title.unwrap_or_default(), text] {
        for word in words(part) {
            hasher.update(word.as_bytes());
            hasher.update([b' ']);
        }
        // No word holds a newline, so a word cannot move from the title to the text unseen.
        hasher.update([b'\n']);
    }
    hex(hasher)
}

/// How many words `text` has; in scripts without spaces a character counts as one.
pub fn word_count(text: &str) -> u32 {
    u32::try_from(raw_tokens(text).count()).unwrap_or(u32::MAX)
}

/// The letters and digits of a text in lower case: what stays of it in whatever style it is set.
pub fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The words of `text` in lower case, without punctuation. In scripts without spaces (Han, kana, Thai, Lao, Khmer,
/// Burmese) each character is a token, together with the marks on it.
pub fn tokens(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    raw_tokens(text).map(fold_token)
}

/// The words of `text` with their punctuation, split at white space and at each character of a script without spaces.
/// Quotes, dashes and ellipses are given in one style; invisible characters are left out.
pub fn words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    placed_words(text).map(|(_, word)| word)
}

/// [`words`], each with its place in `text`.
pub fn placed_words(text: &str) -> impl Iterator<Item = (Range<usize>, Cow<'_, str>)> {
    let place = move |raw: &str| {
        let start = raw.as_ptr().addr() - text.as_ptr().addr();
        start..start + raw.len()
    };
    let raw_words = text.split_whitespace().flat_map(split_unspaced);
    raw_words.map(move |raw| (place(raw), fold_style(raw))).filter(|(_, word)| !word.is_empty())
}

/// Tokens as they stand in the text: apostrophes, invisible characters and capitals included.
fn raw_tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = &rest[rest.find(char::is_alphanumeric)?..];
        let (token, after) = rest.split_at(token_end(rest));
        rest = after;
        Some(token)
    })
}

/// Where the token ends that begins at the start of `text`, whose first character is alphanumeric.
fn token_end(text: &str) -> usize {
    // Most tokens are ASCII, and what follows them is.
    let plain = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if plain > 0 && text.as_bytes().get(plain).is_none_or(|next| next.is_ascii() && !is_apostrophe(char::from(*next))) {
        return plain;
    }
    let mut characters = text.char_indices().peekable();
    let Some((_, first)) = characters.next() else { return 0 };
    let alone = is_unspaced(first);
    while let Some((at, c)) = characters.next() {
        let goes_on = is_mark(c)
            || !alone && !is_unspaced(c) && c.is_alphanumeric()
            || !alone
                && is_apostrophe(c)
                && characters.peek().is_some_and(|&(_, next)| next.is_alphanumeric() && !is_unspaced(next));
        if !goes_on {
            return at;
        }
    }
    text.len()
}

/// One spelling for one token: lower case, without apostrophes and invisible characters.
fn fold_token(raw: &str) -> Cow<'_, str> {
    let keep = |c: char| !is_apostrophe(c) && !is_invisible(c);
    if raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        Cow::Borrowed(raw)
    } else {
        Cow::Owned(raw.chars().filter(|&c| keep(c)).flat_map(char::to_lowercase).collect())
    }
}

/// Cuts a run without white space before and after each character of a script without spaces.
fn split_unspaced(run: &str) -> impl Iterator<Item = &str> {
    let mut rest = run;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_cut = |c: char| is_unspaced(c) && !is_mark(c);
        let end = if rest.is_ascii() {
            rest.len()
        } else if is_unspaced(first) {
            rest.char_indices().skip(1).find(|&(_, c)| !is_mark(c)).map_or(rest.len(), |(at, _)| at)
        } else {
            rest.find(is_cut).filter(|&at| at > 0).unwrap_or(rest.len())
        };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// Quotes, dashes and ellipses in ASCII, invisible characters out.
fn fold_style(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' => folded.push('"'),
            '‹' | '›' | '′' | '`' | '´' => folded.push('\''),
            c if is_apostrophe(c) => folded.push('\''),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => folded.push('-'),
            '…' => folded.push_str("..."),
            c if is_invisible(c) => {}
            c => folded.push(c),
        }
    }
    Cow::Owned(folded)
}

/// Scripts that write no spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}'        // Thai, Lao
        | '\u{1000}'..='\u{109F}'      // Burmese
        | '\u{1780}'..='\u{17FF}'      // Khmer
        | '\u{3005}'..='\u{3007}'      // 々 〆 〇
        | '\u{3040}'..='\u{30FF}'      // hiragana, katakana
        | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}'      // Han
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9F}'      // half-width katakana
        | '\u{20000}'..='\u{3FFFF}')
}

/// Marks that belong to the character before them, and characters that nobody sees. The signs that
/// `char::is_alphanumeric` already takes for letters (most vowel signs) need no mention, but for Thai and its
/// neighbors, where a vowel sign would be a token of its own.
fn is_mark(c: char) -> bool {
    is_invisible(c)
        || matches!(c,
            '\u{0300}'..='\u{036F}'    // combining diacritics: NFD
            | '\u{0483}'..='\u{0487}'
            | '\u{0591}'..='\u{05BD}'  // Hebrew points
            | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' // Arabic vowels
            | '\u{093C}' | '\u{094D}' | '\u{09BC}' | '\u{09CD}' | '\u{0A3C}' | '\u{0A4D}' | '\u{0ABC}' | '\u{0ACD}'
            | '\u{0B3C}' | '\u{0B4D}' | '\u{0BCD}' | '\u{0C4D}' | '\u{0CBC}' | '\u{0CCD}' | '\u{0D4D}' | '\u{0DCA}'
            | '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}' // Thai
            | '\u{0EB1}' | '\u{0EB4}'..='\u{0EBC}' | '\u{0EC8}'..='\u{0ECE}' // Lao
            | '\u{102B}'..='\u{103E}' | '\u{17B4}'..='\u{17D3}'              // Burmese, Khmer
            | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
            | '\u{3099}' | '\u{309A}' | '\u{FF9E}' | '\u{FF9F}'              // voiced sound marks
            | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

/// Soft hyphen, zero-width characters, direction marks, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '＇' | '‛')
}

fn hex(hasher: Sha256) -> String {
    let mut text = String::with_capacity(HASH_DIGITS);
    for byte in &hasher.finalize()[..HASH_DIGITS / 2] {
        write!(text, "{byte:02x}").expect("writing to a String does not fail");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{content_hash, placed_words, text_hash, tokens, word_count, words};

    const STORY: &str = "The council of Lower Wexley voted on Tuesday to keep the old mill's wheel turning, \
                         after residents collected 4,200 signatures in a week.";

    fn check_tokens(text: &str, expected: &[&str]) {
        assert_eq!(tokens(text).collect::<Vec<_>>(), expected, "{text}");
        assert_eq!(word_count(text) as usize, expected.len(), "{text}");
    }

    #[test]
    fn tokens_drop_case_and_punctuation() {
        check_tokens("", &[]);
        check_tokens(" — … !", &[]);
        check_tokens("Hello, World!", &["hello", "world"]);
        check_tokens("don't don’t", &["dont", "dont"]);
        check_tokens("'quoted' rock 'n' roll's", &["quoted", "rock", "n", "rolls"]);
        check_tokens("well-known 3.5", &["well", "known", "3", "5"]);
        check_tokens("ÜBER Straße ΣΟΦΟΣ", &["über", "straße", "σοφοσ"]);
        check_tokens("co\u{ad}operate zero\u{200b}width", &["cooperate", "zerowidth"]);
    }

    #[test]
    fn scripts_without_spaces_count_characters() {
        check_tokens("東京で会議", &["東", "京", "で", "会", "議"]);
        check_tokens("iPhoneの発売日は2026年", &["iphone", "の", "発", "売", "日", "は", "2026", "年"]);
        check_tokens("ไม่ดี", &["ไ", "ม่", "ดี"]);
        check_tokens("か\u{3099}", &["か\u{3099}"]);
        check_tokens("서울 시민", &["서울", "시민"]);
        check_tokens("हिन्दी में", &["हिन्दी", "में"]);
    }

    #[test]
    fn words_keep_punctuation_in_one_style() {
        let folded = |text: &str| words(text).map(std::borrow::Cow::into_owned).collect::<Vec<_>>();
        assert_eq!(folded("“So,”\u{a0}he said – it’s…"), ["\"So,\"", "he", "said", "-", "it's..."]);
        assert_eq!(folded("東京、Tokyo。会"), ["東", "京", "、Tokyo。", "会"]);
        assert_eq!(folded("a \u{200b} b"), ["a", "b"]);
        assert_ne!(folded("Yes."), folded("Yes!"));
    }

    #[test]
    fn placed_words_stand_where_they_say() {
        for text in ["", " So,  he\tsaid\n\n東京、Tokyo。", "“don’t” \u{200b} co\u{ad}operate"] {
            let placed: Vec<_> = placed_words(text).collect();
            assert!(placed.iter().all(|(at, word)| words(&text[at.clone()]).eq([word.clone()])), "{text}");
            assert!(placed.is_sorted_by_key(|(at, _)| at.start), "{text}");
        }
    }

    #[test]
    fn content_hash_survives_another_publishers_style() {
        let hash = content_hash(STORY).unwrap();
        assert_eq!(hash.len(), 32);
        assert!(hash.bytes().all(|b| b.is_ascii_hexdigit()));
        for same in [
            STORY.to_uppercase(),
            STORY.replace(' ', "\n\n"),
            STORY.replace('\'', "’"),
            STORY.replace(',', ""),
            format!("“{STORY}”"),
        ] {
            let digits_apart = same.replace("4200", "4 200");
            assert_eq!(content_hash(&digits_apart).unwrap(), hash, "{same}");
        }
        for different in
            [STORY.replace("Tuesday", "Monday"), format!("{STORY} More."), STORY.replace("old mill", "mill old")]
        {
            assert_ne!(content_hash(&different).unwrap(), hash, "{different}");
        }
    }

    #[test]
    fn short_texts_have_no_content_hash() {
        assert_eq!(content_hash(&"word ".repeat(19)), None);
        assert!(content_hash(&"word ".repeat(20)).is_some());
        assert!(content_hash(&"語".repeat(20)).is_some());
    }

    /// A stored hash must mean the same after an upgrade.
    #[test]
    fn hashes_are_frozen() {
        assert_eq!(text_hash(None, ""), "75a11da44c802486bc6f65640aa48a73");
    }

    #[test]
    fn text_hash_sees_what_a_reader_sees() {
        let hash = text_hash(Some("The mill"), STORY);
        assert_eq!(hash, text_hash(Some(" The\tmill "), &STORY.replace('\'', "’").replace(' ', "\u{a0}")));
        assert_ne!(hash, text_hash(Some("The Mill"), STORY));
        assert_ne!(hash, text_hash(Some("The mill"), &STORY.replace(',', "")));
        assert_ne!(text_hash(Some("a b"), "c"), text_hash(Some("a"), "b c"));
        assert_eq!(text_hash(None, "c"), text_hash(Some(""), "c"));
    }

    #[test]
    fn any_text_is_tokenised_without_panic() {
        for c in (0..=0x1_FFFF).step_by(3).filter_map(char::from_u32) {
            let text = format!("{c}a{c}語{c}'");
            assert!(tokens(&text).all(|token| !token.is_empty() || c.is_alphanumeric()), "{c:?}");
            assert!(words(&text).all(|word| !word.is_empty()), "{c:?}");
        }
    }
}
