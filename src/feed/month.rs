//! Names of months in the languages that feeds have been seen to use.

/// The month that a name means, in the languages that feeds have been seen to use.
pub(super) fn number(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let by_prefix = MONTHS.iter().find(|(names, _)| names.iter().any(|name| word.starts_with(name)));
    by_prefix.map(|(_, number)| *number)
}

/// Beginnings of month names in English, German, Dutch, French, Spanish, Italian, Portuguese, Polish, Swedish, Danish,
/// Norwegian, Czech, Russian, Ukrainian, Greek, Turkish, Hungarian. A beginning that two months share stands with neither.
const MONTHS: &[(&[&str], u32)] = &[
    (&["jan", "jän", "gen", "ene", "sty", "led", "янв", "січ", "ιαν", "ιανουαρίου", "oca"], 1),
    (&["feb", "fev", "fév", "lut", "úno", "фев", "лют", "φεβ", "şub"], 2),
    (&["mar", "mär", "mrz", "maa", "mrt", "már", "бер", "мар", "μαρ", "μάρ", "bře"], 3),
    (&["apr", "avr", "abr", "ápr", "kwi", "dub", "апр", "кві", "απρ", "nis"], 4),
    (&["may", "mai", "mei", "maj", "máj", "mag", "май", "мая", "тра", "μαϊ", "μάι", "kvě"], 5),
    (&["jun", "juin", "giu", "jún", "cze", "июн", "чер", "ιουν", "ιούν", "haz", "červen"], 6),
    (&["jul", "juil", "lug", "júl", "lip", "июл", "лип", "ιουλ", "ιούλ", "tem", "červenec"], 7),
    (&["aug", "août", "aou", "ago", "sie", "srp", "авг", "сер", "αυγ", "αύγ", "ağu"], 8),
    (&["sep", "set", "wrz", "szept", "zář", "сен", "вер", "σεπ", "eyl"], 9),
    (&["oct", "okt", "ott", "out", "paź", "říj", "окт", "жов", "οκτ", "eki"], 10),
    (&["nov", "lis", "лис", "ноя", "νοε", "kas", "noë"], 11),
    (&["dec", "dez", "dic", "déc", "gru", "des", "pro", "дек", "гру", "δεκ", "ara"], 12),
];

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn months_are_known_by_how_they_begin() {
        for (name, expected) in [
            ("Jan", 1),
            ("février", 2),
            ("März", 3),
            ("mayo", 5),
            ("juin", 6),
            ("juillet", 7),
            ("серпня", 8),
            ("października", 10),
            ("Dez", 12),
        ] {
            assert_eq!(number(name), Some(expected), "{name}");
        }
        assert_eq!(number("Monday"), None);
    }
}
