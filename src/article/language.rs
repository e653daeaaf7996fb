//! The language of a page: as declared, unless the text is plainly in another; else detected.

use whatlang::{Info, Lang};

/// Letters that detection needs to be worth more than a declaration.
const ENOUGH_CHARS: usize = 200;

/// A BCP 47 tag for a page that declares `declared` and has the text `text`.
pub(super) fn choose(declared: Option<&str>, text: &str) -> Option<String> {
    let declared = declared.and_then(tag);
    let head = &text[..text.floor_char_boundary(1500)];
    // `en` is what templates declare whatever the text is in; other declarations were made by someone.
    let is_default = declared.as_deref().is_none_or(|tag| tag == "en" || tag.starts_with("en-"));
    let is_short = declared.is_some() && head.chars().count() < ENOUGH_CHARS;
    if !is_default || is_short || declared.is_some() && is_english(head) {
        return declared;
    }
    let detected = whatlang::detect(head).filter(Info::is_reliable);
    let tag = detected.as_ref().and_then(|info| primary(info.lang())).map(str::to_owned);
    match declared {
        // A declaration is only overruled where there is no doubt.
        Some(declared) => {
            Some(tag.filter(|_| detected.is_some_and(|info| info.confidence() > 0.95)).unwrap_or(declared))
        }
        None => tag,
    }
}

/// Whether every sixth word is one of the few that no English text does without. Detection costs a hundred times more.
fn is_english(text: &str) -> bool {
    const WORDS: [&str; 12] = ["the", "of", "and", "to", "in", "that", "is", "for", "with", "was", "on", "it"];
    let (words, english) = text
        .split_ascii_whitespace()
        .fold((0, 0), |(words, english), word| (words + 1, english + u32::from(WORDS.contains(&word))));
    english * 6 >= words
}

/// A declared language as a tag: `en_us` → `en-US`; `None` when it is none.
pub(super) fn tag(declared: &str) -> Option<String> {
    let mut parts = declared.trim().split([',', ';', ' ']).next()?.split(['-', '_', '.']);
    let primary = parts.next()?.to_ascii_lowercase();
    let is_language = matches!(primary.len(), 2 | 3) && primary.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_language || matches!(primary.as_str(), "und" | "mul" | "zxx") {
        return None;
    }
    let mut tag = primary;
    for part in parts.take(2) {
        let is_word = part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match part.len() {
            2 if is_word => tag.extend(['-'].into_iter().chain(part.to_ascii_uppercase().chars())),
            3 if part.bytes().all(|byte| byte.is_ascii_digit()) => tag.extend(['-'].into_iter().chain(part.chars())),
            4 if is_word => {
                let (first, rest) = part.split_at(1);
                tag.push('-');
                tag.push_str(&first.to_ascii_uppercase());
                tag.push_str(&rest.to_ascii_lowercase());
            }
            _ => break,
        }
    }
    Some(tag)
}

/// ISO 639-3, as whatlang has it, to the shortest code, as BCP 47 wants it.
fn primary(language: Lang) -> Option<&'static str> {
    let code = language.code();
    CODES.iter().find(|(three, _)| *three == code).map(|(_, two)| *two)
}

const CODES: &[(&str, &str)] = &[
    ("epo", "eo"),
    ("eng", "en"),
    ("rus", "ru"),
    ("cmn", "zh"),
    ("spa", "es"),
    ("por", "pt"),
    ("ita", "it"),
    ("ben", "bn"),
    ("fra", "fr"),
    ("deu", "de"),
    ("ukr", "uk"),
    ("kat", "ka"),
    ("ara", "ar"),
    ("hin", "hi"),
    ("jpn", "ja"),
    ("heb", "he"),
    ("yid", "yi"),
    ("pol", "pl"),
    ("amh", "am"),
    ("jav", "jv"),
    ("kor", "ko"),
    ("nob", "nb"),
    ("dan", "da"),
    ("swe", "sv"),
    ("fin", "fi"),
    ("tur", "tr"),
    ("nld", "nl"),
    ("hun", "hu"),
    ("ces", "cs"),
    ("ell", "el"),
    ("bul", "bg"),
    ("bel", "be"),
    ("mar", "mr"),
    ("kan", "kn"),
    ("ron", "ro"),
    ("slv", "sl"),
    ("hrv", "hr"),
    ("srp", "sr"),
    ("mkd", "mk"),
    ("lit", "lt"),
    ("lav", "lv"),
    ("est", "et"),
    ("tam", "ta"),
    ("vie", "vi"),
    ("urd", "ur"),
    ("tha", "th"),
    ("guj", "gu"),
    ("uzb", "uz"),
    ("pan", "pa"),
    ("aze", "az"),
    ("ind", "id"),
    ("tel", "te"),
    ("pes", "fa"),
    ("mal", "ml"),
    ("ori", "or"),
    ("mya", "my"),
    ("nep", "ne"),
    ("sin", "si"),
    ("khm", "km"),
    ("tuk", "tk"),
    ("aka", "ak"),
    ("zul", "zu"),
    ("sna", "sn"),
    ("afr", "af"),
    ("lat", "la"),
    ("slk", "sk"),
    ("cat", "ca"),
    ("tgl", "tl"),
    ("hye", "hy"),
    ("cym", "cy"),
];

#[cfg(test)]
mod tests {
    use super::{choose, tag};

    #[test]
    fn declared_languages_become_tags() {
        for (declared, expected) in [
            ("en", Some("en")),
            ("EN_us", Some("en-US")),
            ("zh-hans-CN", Some("zh-Hans-CN")),
            ("de-DE, en", Some("de-DE")),
            ("es-419", Some("es-419")),
            ("english", None),
            ("", None),
            ("und", None),
        ] {
            assert_eq!(tag(declared).as_deref(), expected, "{declared}");
        }
    }

    #[test]
    fn text_decides_where_nothing_or_a_default_is_declared() {
        let german = "Die Stadt hat am Dienstag beschlossen, dass die alte Brücke über den Fluss noch in diesem Jahr erneuert wird. "
            .repeat(3);
        assert_eq!(choose(None, &german).as_deref(), Some("de"));
        assert_eq!(choose(Some("en-US"), &german).as_deref(), Some("de"));
        assert_eq!(choose(Some("de-AT"), &german).as_deref(), Some("de-AT"));
        assert_eq!(choose(Some("en"), "Die Brücke").as_deref(), Some("en"));
        assert_eq!(choose(None, ""), None);
    }
}
