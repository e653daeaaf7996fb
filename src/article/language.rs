//! The language of a page: as declared, unless the text is plainly in another; else detected.

use whatlang::Lang;

/// Letters that detection needs to be worth more than a declaration.
const ENOUGH_CHARS: usize = 200;
/// Letters that it needs where nothing is declared; a script that few languages share needs fewer.
const FEW_CHARS: usize = 40;

/// A BCP 47 tag for a page that declares `declared` and has the text `text`.
///
/// Templates declare whatever they were made with. A declaration is overruled where its script is not the text's, and where
/// the text lacks the language's commonest words and is plainly in another that is no neighbor of it.
pub(super) fn choose(declared: Option<&str>, text: &str) -> Option<String> {
    let declared = declared.and_then(tag);
    let head = &text[..text.floor_char_boundary(1500)];
    let letters = head.chars().filter(|c| c.is_alphabetic()).count();
    let by_script = of_script(head, letters);
    let Some(declared) = declared else {
        let is_short = letters < if by_script.is_some() { FEW_CHARS / 4 } else { FEW_CHARS };
        return (!is_short).then(|| by_script.or_else(|| detected(head, 0.0)))?.map(str::to_owned);
    };
    let primary = declared.split('-').next().unwrap_or(&declared);
    let is_other_script = is_latin(primary) && !head.is_ascii() && latin_letters(head) * 5 < letters;
    let least = match by_script {
        None if !is_other_script => ENOUGH_CHARS,
        _ => ENOUGH_CHARS / 2,
    };
    if letters < least || speaks(primary, head) {
        return Some(declared);
    }
    let found = by_script.or_else(|| {
        if is_other_script {
            // Whichever of its script it is, it is not the declared one.
            return self::primary(whatlang::detect_lang(head)?);
        }
        detected(head, 0.95)
    });
    match found {
        Some(found) if !is_neighbor(primary, found) && is_known(primary) => Some(found.to_owned()),
        _ => Some(declared),
    }
}

/// Whether a language is written in Latin letters alone.
fn is_latin(language: &str) -> bool {
    COMMON.iter().any(|(other, words)| *other == language && words[0].chars().all(|c| c <= '\u{24f}'))
}

fn latin_letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic() && *c <= '\u{24f}').count()
}

/// What whatlang says, where it is sure.
fn detected(text: &str, confidence: f64) -> Option<&'static str> {
    let info = whatlang::detect(text).filter(|info| info.is_reliable() && info.confidence() > confidence)?;
    primary(info.lang())
}

/// The language of a script that one language alone is written in, or that tells two apart: Japanese has kana among its
/// ideographs, Chinese has none.
fn of_script(text: &str, letters: usize) -> Option<&'static str> {
    let (mut ideographs, mut kana, mut hangul, mut thai, mut greek) = (0, 0, 0, 0, 0);
    if text.is_ascii() {
        return None;
    }
    for c in text.chars() {
        match c {
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => ideographs += 1,
            '\u{3041}'..='\u{30fa}' => kana += 1,
            '\u{ac00}'..='\u{d7a3}' => hangul += 1,
            '\u{e01}'..='\u{e4e}' => thai += 1,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => greek += 1,
            _ => {}
        }
    }
    let most = |count: usize| count * 5 > letters * 3;
    match () {
        () if most(ideographs + kana) && kana * 8 > ideographs => Some("ja"),
        () if most(ideographs) => Some("zh"),
        () if most(hangul + ideographs) => Some("ko"),
        () if most(thai) => Some("th"),
        () if most(greek) => Some("el"),
        () => None,
    }
}

/// Whether every eighth word is one of the few that no text in a language does without. Detection costs a hundred times more.
fn speaks(language: &str, text: &str) -> bool {
    let Some((_, common)) = COMMON.iter().find(|(other, _)| *other == language) else { return false };
    let (words, found) = text
        .split_ascii_whitespace()
        .fold((0, 0), |(words, found), word| (words + 1, found + u32::from(common.contains(&word))));
    found * 8 >= words
}

/// The commonest words of languages, chosen so that no two that are detected apart share most of theirs.
const COMMON: &[(&str, &[&str])] = &[
    (
        "en",
        &["the", "of", "and", "to", "in", "that", "is", "for", "with", "was", "on", "it", "a", "you", "are", "your"],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "ist", "den", "von", "zu", "mit", "sich", "des", "auf", "für", "nicht", "ein",
            "eine", "in", "im", "dem",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "de", "des", "du", "et", "en", "un", "une", "que", "qui", "dans", "pour", "à", "au",
            "est",
        ],
    ),
    (
        "es",
        &["el", "la", "los", "las", "de", "del", "y", "en", "que", "un", "una", "por", "con", "para", "se", "su", "al"],
    ),
    (
        "pt",
        &[
            "o", "a", "os", "as", "de", "do", "da", "dos", "das", "e", "em", "que", "um", "uma", "no", "na", "com",
            "para",
        ],
    ),
    (
        "it",
        &["il", "la", "di", "del", "della", "e", "che", "un", "una", "per", "in", "con", "non", "le", "i", "è", "si"],
    ),
    (
        "nl",
        &["de", "het", "een", "van", "en", "in", "op", "dat", "is", "te", "voor", "met", "zijn", "niet", "die", "aan"],
    ),
    ("pl", &["w", "i", "na", "z", "się", "nie", "do", "że", "to", "o", "jest", "za", "od", "po", "przez"]),
    ("ru", &["и", "в", "на", "не", "что", "с", "по", "о", "для", "это", "из", "к", "как", "за"]),
    ("uk", &["і", "в", "на", "не", "що", "з", "до", "у", "та", "про", "за", "для", "це", "від"]),
    ("tr", &["ve", "bir", "bu", "için", "da", "de", "ile", "olarak", "daha", "çok", "olan"]),
    ("sv", &["och", "i", "att", "det", "som", "en", "på", "är", "av", "för", "den", "med", "till", "har"]),
    ("cs", &["a", "v", "se", "na", "je", "že", "s", "z", "do", "o", "to", "pro", "i", "za"]),
    ("id", &["yang", "dan", "di", "untuk", "dengan", "dari", "ini", "dalam", "pada", "tidak", "itu", "ke"]),
    ("hu", &["a", "az", "és", "hogy", "nem", "is", "egy", "meg", "de", "ez"]),
    ("ro", &["de", "și", "în", "a", "la", "cu", "pe", "o", "din", "să", "un", "care", "nu", "pentru"]),
];

/// Whether detection knows a language: of one that it does not, it says the next best.
fn is_known(language: &str) -> bool {
    matches!(language, "no") || CODES.iter().any(|(_, code)| *code == language)
}

/// Languages so near to each other that detection takes one for the other.
fn is_neighbor(one: &str, other: &str) -> bool {
    const NEIGHBORS: [&[&str]; 11] = [
        &["no", "nb", "nn", "da", "sv"],
        &["hr", "sr", "bs", "sl", "mk", "sh"],
        &["cs", "sk"],
        &["es", "ca", "gl", "pt"],
        &["id", "jv", "ms"],
        &["nl", "af"],
        &["ru", "uk", "be", "bg", "sr", "mk"],
        &["hi", "mr", "ne"],
        &["ar", "fa", "ur"],
        &["az", "tr", "uz", "tk"],
        &["he", "yi"],
    ];
    one == other || NEIGHBORS.iter().any(|group| group.contains(&one) && group.contains(&other))
}

/// A declared language as a tag: `en_us` → `en-US`; `None` when it is none.
pub(super) fn tag(declared: &str) -> Option<String> {
    let mut parts = declared.trim().split([',', ';', ' ']).next()?.split(['-', '_', '.']);
    let primary = parts.next()?.to_lowercase();
    let primary = NAMES.iter().find(|(name, _)| *name == primary).map_or(primary, |(_, code)| (*code).to_owned());
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

/// Names, countries, old codes and codes of three letters that pages declare as their language.
const NAMES: &[(&str, &str)] = &[
    ("english", "en"),
    ("eng", "en"),
    ("german", "de"),
    ("deutsch", "de"),
    ("deu", "de"),
    ("ger", "de"),
    ("french", "fr"),
    ("français", "fr"),
    ("francais", "fr"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("spanish", "es"),
    ("español", "es"),
    ("espanol", "es"),
    ("spa", "es"),
    ("italian", "it"),
    ("italiano", "it"),
    ("ita", "it"),
    ("portuguese", "pt"),
    ("português", "pt"),
    ("por", "pt"),
    ("dutch", "nl"),
    ("nederlands", "nl"),
    ("nld", "nl"),
    ("dut", "nl"),
    ("russian", "ru"),
    ("русский", "ru"),
    ("rus", "ru"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("pol", "pl"),
    ("turkish", "tr"),
    ("türkçe", "tr"),
    ("tur", "tr"),
    ("chinese", "zh"),
    ("zho", "zh"),
    ("chi", "zh"),
    ("cn", "zh"),
    ("japanese", "ja"),
    ("jpn", "ja"),
    ("jp", "ja"),
    ("korean", "ko"),
    ("kor", "ko"),
    ("arabic", "ar"),
    ("ara", "ar"),
    ("cz", "cs"),
    ("dk", "da"),
    ("gr", "el"),
    ("ua", "uk"),
    ("iw", "he"),
    ("in", "id"),
    ("ji", "yi"),
];

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
            ("English", Some("en")),
            ("deutsch", Some("de")),
            ("eng", Some("en")),
            ("iw-IL", Some("he-IL")),
            ("jp", Some("ja")),
            ("klingonish", None),
            ("", None),
            ("und", None),
        ] {
            assert_eq!(tag(declared).as_deref(), expected, "{declared}");
        }
    }

    #[test]
    fn a_text_in_other_letters_needs_few_of_them() {
        let russian = "Городской совет во вторник проголосовал за сохранение парома, который нужен порту. Никто не отрицал, что паром \
                       стал обузой для людей, живущих у реки. Мэр сказала, что не будет спешить.";
        let arabic = "صوت المجلس يوم الثلاثاء على الإبقاء على العبارة التي يحتاجها الميناء في الشتاء. ولم ينكر أحد أنها أصبحت عبئا على \
                      سكان النهر.";
        assert_eq!(choose(Some("en"), russian).as_deref(), Some("ru"));
        assert_eq!(choose(Some("fr-FR"), arabic).as_deref(), Some("ar"));
        assert_eq!(choose(Some("uk"), russian).as_deref(), Some("uk"), "so short a text is believed of neighbors");
        assert_eq!(choose(Some("en"), "Мэр не спешит").as_deref(), Some("en"));
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

    #[track_caller]
    fn check(declared: Option<&str>, text: &str, expected: Option<&str>) {
        assert_eq!(choose(declared, &text.repeat(4)).as_deref(), expected, "{declared:?} {text}");
    }

    const GERMAN: &str =
        "Die Stadt hat am Dienstag beschlossen, dass die alte Brücke noch in diesem Jahr erneuert wird. ";
    const FRENCH: &str =
        "Le conseil de la ville a décidé mardi que le vieux pont sur le fleuve sera remplacé dans l'année. ";
    const SERBIAN: &str = "Градско веће је у уторак одлучило да ће стари мост преко реке бити обновљен још ове године, рекао је градоначелник. ";
    const JAPANESE: &str = "市議会は火曜日、川に架かる古い橋を今年中に架け替えることを決定した。費用は国が負担する。";
    const CHINESE: &str = "市议会星期二决定，河上的旧桥将在今年年内重建，费用由国家承担，工程将于五月开始。";

    #[test]
    fn a_wrong_declaration_is_overruled() {
        check(Some("fr"), GERMAN, Some("de"));
        check(Some("de-DE"), FRENCH, Some("fr"));
        check(Some("en-US"), JAPANESE, Some("ja"));
        check(Some("ja"), CHINESE, Some("zh"));
        check(Some("zh-CN"), JAPANESE, Some("ja"));
    }

    #[test]
    fn a_right_one_a_near_one_and_one_that_detection_does_not_know_are_kept() {
        check(Some("de"), GERMAN, Some("de"));
        check(Some("zh-Hant"), CHINESE, Some("zh-Hant"));
        check(Some("hr"), SERBIAN, Some("hr"));
        check(Some("gsw"), GERMAN, Some("gsw"));
        check(Some("lb"), GERMAN, Some("lb"));
    }

    #[test]
    fn scripts_and_letters_tell_what_is_not_declared() {
        check(None, SERBIAN, Some("sr"));
        check(None, JAPANESE, Some("ja"));
        check(None, CHINESE, Some("zh"));
        check(None, "Δημοτικό συμβούλιο", Some("el"));
        assert_eq!(choose(None, "Die Brücke"), None);
        assert_eq!(choose(None, "12.05.2024"), None);
    }
}
