//! A date phrase as tokens: numbers, words and marks, folded so that spelling variants compare equal.
//!
//! Folding lowers case, turns the decimal digits of every script into ASCII, drops accents, vowel points, joiners and
//! direction marks, and unites the letter forms that Arabic and Persian keyboards tell apart. Text in scripts that put
//! no spaces between words is cut at the words that the dictionary knows.

use foldhash::HashSet;

/// No date phrase is longer; what follows is not read.
const LONGEST: usize = 300;
/// No date phrase has more tokens.
const MOST_TOKENS: usize = 120;
/// The longest word that the dictionary holds, in characters: bounds the search in unspaced scripts.
const LONGEST_WORD: usize = 16;

/// What kind of thing a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Decimal digits; the value, or `None` when there are more than 14.
    Number(Option<u64>),
    /// Letters.
    Word,
    /// One character of punctuation.
    Mark(char),
}

/// One number, word or mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// The folded text.
    pub(super) text: String,
    /// Where it starts in the text read, in bytes.
    pub(super) start: usize,
    /// Where it ends in the text read, in bytes.
    pub(super) end: usize,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
    /// Whether it was written in capitals alone: zone names are.
    pub(super) capitals: bool,
    /// Where the dictionary lists what begins with this word: looked up once, asked many times.
    pub(super) listed: Option<usize>,
}

impl Token {
    /// The value of a number.
    pub(super) fn number(&self) -> Option<u64> {
        match self.kind {
            Kind::Number(value) => value,
            _ => None,
        }
    }

    /// Whether it is this mark.
    pub(super) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    /// Whether it is this word.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }
}

/// The tokens of a text, read up to a bound. `known` holds the words at which unspaced scripts are cut.
pub(super) fn tokens(text: &str, known: &HashSet<String>) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut spaced = false;
    for (start, char) in text.char_indices().take(LONGEST) {
        let end = start + char.len_utf8();
        if ignorable(char) {
            continue;
        }
        if char.is_whitespace() {
            spaced = true;
            continue;
        }
        let glued = tokens.last_mut().filter(|_| !spaced);
        if let Some(digit) = digit_value(char) {
            match glued {
                Some(token) if matches!(token.kind, Kind::Number(_)) => {
                    token.text.push(digit);
                    token.end = end;
                }
                _ => tokens.push(Token::new(Kind::Number(None), start, end, spaced, digit.to_string())),
            }
        } else if is_letter(char) {
            let capital = !char.is_lowercase();
            match glued {
                Some(token) if token.kind == Kind::Word => {
                    fold_char(char, &mut token.text);
                    token.end = end;
                    token.capitals &= capital;
                }
                _ => {
                    let mut folded = String::with_capacity(16);
                    fold_char(char, &mut folded);
                    // Empty for a combining mark without its letter.
                    if !folded.is_empty() {
                        let mut token = Token::new(Kind::Word, start, end, spaced, folded);
                        token.capitals = capital;
                        tokens.push(token);
                    }
                }
            }
        } else {
            let mark = fold_mark(char);
            tokens.push(Token::new(Kind::Mark(mark), start, end, spaced, mark.to_string()));
        }
        spaced = false;
        if tokens.len() >= MOST_TOKENS {
            break;
        }
    }
    let mut cut = Vec::with_capacity(tokens.len());
    for mut token in tokens {
        match token.kind {
            Kind::Number(_) if token.text.len() <= 14 => {
                token.kind = Kind::Number(token.text.parse().ok());
                cut.push(token);
            }
            Kind::Word if token.text.chars().any(is_unspaced) && !known.contains(&token.text) => {
                cut_unspaced(&token, known, &mut cut);
            }
            _ => cut.push(token),
        }
    }
    cut
}

impl Token {
    fn new(kind: Kind, start: usize, end: usize, spaced: bool, text: String) -> Self {
        Self { kind, text, start, end, spaced, capitals: false, listed: None }
    }
}

/// Cuts a run of an unspaced script at the longest known words; what is unknown stays together.
fn cut_unspaced(token: &Token, known: &HashSet<String>, out: &mut Vec<Token>) {
    let chars: Vec<(usize, char)> = token.text.char_indices().collect();
    let mut unknown_open = false;
    let mut at = 0;
    while at < chars.len() {
        let from = chars[at].0;
        let longest = (1..=LONGEST_WORD.min(chars.len() - at)).rev().find_map(|length| {
            let to = chars.get(at + length).map_or(token.text.len(), |(index, _)| *index);
            known.contains(&token.text[from..to]).then_some((length, to))
        });
        let (length, to) =
            longest.unwrap_or_else(|| (1, chars.get(at + 1).map_or(token.text.len(), |(index, _)| *index)));
        let piece = &token.text[from..to];
        match out.last_mut() {
            Some(last) if longest.is_none() && unknown_open => last.text.push_str(piece),
            // The pieces share the run's place: only the whole run is ever quoted.
            _ => out.push(Token { text: piece.to_owned(), spaced: token.spaced && at == 0, ..token.clone() }),
        }
        unknown_open = longest.is_none();
        at += length;
    }
}

/// The text folded as tokens fold it.
#[cfg(test)]
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for char in text.chars().filter(|char| !ignorable(*char)) {
        match digit_value(char) {
            Some(digit) => folded.push(digit),
            None if char.is_whitespace() => folded.push(' '),
            None if is_letter(char) => fold_char(char, &mut folded),
            None => folded.push(fold_mark(char)),
        }
    }
    folded
}

/// The ASCII digit of a decimal digit in any script in use.
pub(crate) fn digit_value(char: char) -> Option<char> {
    const ZEROS: [u32; 18] = [
        0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0x1040,
        0x17E0, 0x1810, 0xFF10,
    ];
    if char.is_ascii() {
        return char.is_ascii_digit().then_some(char);
    }
    let code = u32::from(char);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= code)?;
    char::from_digit(code - zero, 10).filter(|_| code - zero < 10)
}

/// Joiners, direction marks, soft hyphens: invisible between the letters of a word.
fn ignorable(char: char) -> bool {
    matches!(char, '\u{AD}' | '\u{61C}' | '\u{640}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FE0F}')
}

/// Letters, and the marks that belong to them in the scripts that write vowels as marks.
fn is_letter(char: char) -> bool {
    char.is_alphabetic()
        || matches!(u32::from(char), 0x300..=0x36F | 0x483..=0x487 | 0x591..=0x5BD | 0x64B..=0x65F | 0x670 | 0x900..=0x963 | 0x980..=0xDFF | 0xE31..=0xE4E | 0xEB1..=0xECD | 0x102B..=0x103E | 0x17B4..=0x17D3)
}

/// Scripts without spaces between words.
fn is_unspaced(char: char) -> bool {
    matches!(u32::from(char), 0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF)
}

fn fold_mark(char: char) -> char {
    match char {
        '：' | '∶' => ':',
        '／' | '⁄' => '/',
        '．' | '。' | '۔' => '.',
        '，' | '、' | '،' => ',',
        '（' | '［' | '【' => '(',
        '）' | '］' | '】' => ')',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' => '-',
        '’' | '‘' | 'ʼ' | '´' | '′' => '\'',
        '｜' | '¦' => '|',
        '＋' => '+',
        other => other,
    }
}

/// Appends a letter in lower case without its accent; nothing for a combining mark.
fn fold_char(char: char, out: &mut String) {
    if char.is_ascii() {
        out.push(char.to_ascii_lowercase());
        return;
    }
    for lower in char.to_lowercase() {
        let base = match lower {
            '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5BD}' | '\u{64B}'..='\u{65F}' | '\u{670}' => continue,
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ẩ' | 'ẫ' | 'ậ' | 'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' => {
                'a'
            }
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
            'ď' | 'đ' => 'd',
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' => {
                'e'
            }
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ' | 'ị' => 'i',
            'ĺ' | 'ļ' | 'ľ' | 'ł' => 'l',
            'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
            'ò'..='ö'
            | 'ø'
            | 'ō'
            | 'ŏ'
            | 'ő'
            | 'ơ'
            | 'ọ'
            | 'ỏ'
            | 'ố'
            | 'ồ'
            | 'ổ'
            | 'ỗ'
            | 'ộ'
            | 'ớ'
            | 'ờ'
            | 'ở'
            | 'ỡ'
            | 'ợ' => 'o',
            'ŕ' | 'ŗ' | 'ř' => 'r',
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
            'ţ' | 'ť' | 'ț' => 't',
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ử' | 'ữ' | 'ự' => {
                'u'
            }
            'ý' | 'ÿ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => 'y',
            'ź' | 'ż' | 'ž' => 'z',
            'ά' | 'ὰ' | 'ἀ' => 'α',
            'έ' | 'ὲ' => 'ε',
            'ή' | 'ὴ' => 'η',
            'ί' | 'ϊ' | 'ΐ' | 'ὶ' => 'ι',
            'ό' | 'ὸ' => 'ο',
            'ύ' | 'ϋ' | 'ΰ' | 'ὺ' => 'υ',
            'ώ' | 'ὼ' => 'ω',
            'ς' => 'σ',
            'ё' => 'е',
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ى' | 'ئ' | 'ی' => 'ي',
            'ة' | 'ۀ' | 'ە' => 'ه',
            'ؤ' => 'و',
            'ک' => 'ك',
            other => other,
        };
        out.push(base);
    }
}

#[cfg(test)]
mod tests {
    use foldhash::{HashSet, HashSetExt};

    use super::{fold, tokens};

    #[test]
    fn spelling_variants_fold_to_one_form() {
        for (text, folded) in [
            ("Août", "aout"),
            ("ΜΑΪ́ΟΥ", "μαιου"),
            ("İyul", "iyul"),
            ("٢٠١٥", "2015"),
            ("۱۰ سال", "10 سال"),
            ("２１：３７", "21:37"),
            ("منذُ أيامٍ", "منذ ايام"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn unspaced_scripts_are_cut_at_known_words() {
        let known: HashSet<String> = ["日", "星期四", "上午"].map(String::from).into_iter().collect();
        let texts: Vec<String> = tokens("5日星期四上午10", &known).into_iter().map(|token| token.text).collect();
        assert_eq!(texts, ["5", "日", "星期四", "上午", "10"]);
    }

    #[test]
    fn tokens_name_their_place_in_the_text() {
        let text = "é 5 März";
        let found = tokens(text, &HashSet::new());
        assert_eq!(&text[found[2].start..found[2].end], "März");
    }

    #[test]
    fn long_numbers_have_no_value_and_long_texts_are_cut() {
        let found = tokens(&"9".repeat(10_000), &HashSet::new());
        assert_eq!(found[0].number(), None);
        assert!(tokens(&"a ".repeat(10_000), &HashSet::new()).len() <= 120);
    }
}
