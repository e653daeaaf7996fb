//! Notices of corrections, by the words with which they begin in the languages of the press.

use std::collections::HashSet;

use super::Version;
use crate::fingerprint::words;

/// Longer paragraphs are the story, whatever they begin with.
const MAX_NOTICE_BYTES: usize = 2000;

/// Whether `new` has a notice in a line that `old` does not have.
pub(super) fn came(old: &Version<'_>, new: &Version<'_>) -> bool {
    let mut notices = lines(new).filter(|line| is_notice(line)).peekable();
    if notices.peek().is_none() {
        return false; // Nearly always: no need to know the old lines.
    }
    let known: HashSet<Vec<_>> = lines(old).filter(|line| is_notice(line)).map(|line| words(line).collect()).collect();
    notices.any(|line| !known.contains(&words(line).collect::<Vec<_>>()))
}

fn lines<'a>(version: &Version<'a>) -> impl Iterator<Item = &'a str> {
    version.title.into_iter().chain(version.text.lines()).map(str::trim).filter(|line| line.len() <= MAX_NOTICE_BYTES)
}

fn is_notice(line: &str) -> bool {
    if line.starts_with("(Corrects ") {
        return true; // The news agencies' form; without the bracket it is a sentence.
    }
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric()).replace(['’', 'ʼ'], "'").to_lowercase();
    LABELS.iter().any(|label| line.strip_prefix(label).is_some_and(ends_a_label))
        || OPENINGS.iter().any(|opening| line.starts_with(opening))
        || PHRASES.iter().any(|phrase| line.contains(phrase))
}

/// Whether what follows shows that a label stood there: punctuation, a date, or nothing. "Correction facilities …"
/// and "Clarification was sought …" are stories.
fn ends_a_label(rest: &str) -> bool {
    let after_space = rest.trim_start();
    match after_space.chars().next() {
        Some(c) if c.is_whitespace() || c.is_alphanumeric() => {
            // "correction 5 march 2026:", "correction march 5, 2026:", "correction appended".
            let has_space = after_space.len() < rest.len();
            let label: String = after_space.chars().take(40).collect();
            let dated =
                label.split_once([':', '—', '–']).is_some_and(|(date, _)| date.contains(|c: char| c.is_numeric()));
            has_space && (dated || after_space == "appended")
        }
        Some('\'') => false, // "correction's"
        None | Some(_) => true,
    }
}

/// Words that call a paragraph a notice when punctuation or a date follows. Lower case, straight apostrophes.
const LABELS: &[&str] = &[
    // English
    "correction",
    "corrections",
    "clarification",
    "correction and clarification",
    "corrected",
    "editor's note",
    "editors' note",
    "editor's correction",
    "erratum",
    "retraction",
    "update and correction",
    "correction note",
    // German
    "korrektur",
    "korrekturhinweis",
    "berichtigung",
    "richtigstellung",
    "klarstellung",
    "anmerkung der redaktion",
    "anm. d. red",
    "anm. der red",
    "hinweis der redaktion",
    "transparenzhinweis",
    "korrigierte fassung",
    "gegendarstellung",
    // French
    "rectificatif",
    "rectification",
    "correctif",
    "précision",
    "mise au point",
    "note de la rédaction",
    "ndlr",
    // Spanish, Portuguese, Catalan, Galician
    "corrección",
    "rectificación",
    "fe de errores",
    "fe de erratas",
    "aclaración",
    "nota de la redacción",
    "nota del editor",
    "correção",
    "errata",
    "erramos",
    "retificação",
    "nota da redação",
    "esclarecimento",
    "rectificació",
    "correcció",
    "nota de la redacció",
    // Italian, Romanian
    "rettifica",
    "errata corrige",
    "correzione",
    "precisazione",
    "nota della redazione",
    "nota di redazione",
    "rectificare",
    "precizare",
    "erată",
    "nota redacției",
    // Dutch, the Nordic languages
    "correctie",
    "rectificatie",
    "verduidelijking",
    "noot van de redactie",
    "rättelse",
    "förtydligande",
    "redaktionens kommentar",
    "rettelse",
    "retting",
    "presisering",
    "præcisering",
    "berigtigelse",
    "oikaisu",
    "tarkennus",
    "täsmennys",
    "leiðrétting",
    // Slavic and Baltic languages
    "исправление",
    "уточнение",
    "поправка",
    "опровержение",
    "от редакции",
    "примечание редакции",
    "виправлення",
    "уточнення",
    "спростування",
    "від редакції",
    "sprostowanie",
    "korekta",
    "errata",
    "od redakcji",
    "oprava",
    "upřesnění",
    "spresnenie",
    "poznámka redakce",
    "popravek",
    "ispravak",
    "ispravka",
    "исправка",
    "корекция",
    "pataisymas",
    "labojums",
    "parandus",
    "õiendus",
    // Others of Europe
    "διόρθωση",
    "διευκρίνιση",
    "helyesbítés",
    "helyreigazítás",
    "pontosítás",
    "düzeltme",
    "düzeltme ve özür",
    "açıklama",
    // Asia, the Near East
    "訂正",
    "お詫び",
    "お詫びと訂正",
    "訂正とお詫び",
    "おことわり",
    "更正",
    "更正启事",
    "更正啟事",
    "勘误",
    "勘誤",
    "編者按",
    "编者按",
    "정정",
    "정정보도",
    "바로잡습니다",
    "알려왔습니다",
    "تصحيح",
    "تصويب",
    "توضيح",
    "תיקון",
    "הבהרה",
    "اصلاحیه",
    "सुधार",
    "शुद्धिपत्र",
    "भूल सुधार",
    "koreksi",
    "ralat",
    "đính chính",
    "แก้ไขข่าว",
];

/// Words that begin a notice by themselves.
const OPENINGS: &[&str] = &[
    "an earlier version of this",
    "a previous version of this",
    "an earlier headline",
    "in an earlier version",
    "in einer früheren version",
    "in einer früheren fassung",
    "in einer vorherigen version",
    "in der ursprünglichen",
    "une version précédente de c",
    "une première version de c",
    "en una versión anterior",
    "una versión anterior de e",
    "una versione precedente di",
    "in una versione precedente",
    "uma versão anterior d",
    "in een eerdere versie",
    "i en tidigare version",
    "en tidigere versjon",
    "i en tidligere version",
    "в предыдущей версии",
    "в более ранней версии",
    "w poprzedniej wersji",
    "we wcześniejszej wersji",
];

/// Words that make a notice of a paragraph wherever they stand in it.
const PHRASES: &[&str] = &[
    "this article was amended on",
    "this article has been amended",
    "this article has been corrected",
    "this story has been corrected",
    "this article was corrected",
    "this story was corrected",
    "this post has been corrected",
    "this headline has been corrected",
    "this article has been updated to correct",
    "this story has been updated to correct",
    "this article has been updated to clarify",
    "has been updated to correct",
    "this version corrects",
    "(corrects ",
    "refiles to correct",
    "wir haben den fehler korrigiert",
    "wir haben das korrigiert",
    "haben wir korrigiert",
    "cet article a été corrigé",
    "cet article a été modifié pour corriger",
    "este artículo ha sido corregido",
    "este texto foi corrigido",
    "questo articolo è stato corretto",
    "dit artikel is gecorrigeerd",
    "artikeln har korrigerats",
    "記事を訂正しました",
    "訂正しました",
];

#[cfg(test)]
mod tests {
    use super::{LABELS, OPENINGS, PHRASES, came, is_notice};
    use crate::revision::Version;

    #[test]
    fn notices_are_known_by_their_words() {
        for line in [
            "Correction: the mill was built in 1804.",
            "CORRECTION (March 5): the mill was built in 1804.",
            "Correction, March 5, 2026: the mill is older.",
            "Correction March 5, 2026: the mill is older.",
            "* Correction — the mill is older.",
            "[Editor’s note: the mill is older.]",
            "Clarification",
            "Corrections & clarifications: the mill is older.",
            "This article was amended on 5 March 2026 to give the mill's age.",
            "An earlier version of this article misstated the age of the mill.",
            "(Corrects age of the mill in paragraph 3)",
            "Korrektur: Die Mühle ist älter.",
            "Anmerkung der Redaktion: Die Mühle ist älter.",
            "In einer früheren Version dieses Artikels hieß es, die Mühle sei jünger.",
            "Rectificatif : le moulin est plus ancien.",
            "Corrección: el molino es más antiguo.",
            "Rettifica. Il mulino è più antico.",
            "Correctie (5 maart): de molen is ouder.",
            "Исправление: мельница старше.",
            "【訂正】水車小屋は1804年に建てられました。",
            "訂正：水車小屋は1804年に建てられました。",
            "정정: 물레방아",
            "تصحيح: الطاحونة أقدم",
        ] {
            assert!(is_notice(line), "{line}");
        }
    }

    #[test]
    fn stories_are_no_notices() {
        for line in [
            "",
            "Correction facilities in the state are full.",
            "Correction's long road",
            "Clarification was sought from the council.",
            "Corrected figures were promised by Tuesday.",
            "The correction: too late, said residents.",
            "Précisions du maire sur le moulin.",
            "Korrekturen am Haushalt: der Rat streitet.",
            "訂正版の地図が配られた。",
        ] {
            assert!(!is_notice(line), "{line}");
        }
        assert!(!is_notice(&"Correction facilities ".repeat(10)));
    }

    #[test]
    fn only_a_notice_that_came_counts() {
        let version = |text| Version { title: Some("The mill"), text, updated: None };
        let (plain, noticed) = ("The mill is old.", "The mill is old.\n\nCorrection: it’s from 1804.");
        assert!(came(&version(plain), &version(noticed)));
        assert!(!came(&version(noticed), &version(noticed)));
        assert!(!came(&version(noticed), &version(plain)));
        assert!(!came(&version(noticed), &version("Correction: it's from 1804.\n\nThe mill is very old.")));
        assert!(came(&version(noticed), &version("The mill is old.\n\nCorrection: it’s from 1806.")));
        assert!(came(&version(plain), &Version { title: Some("CORRECTED - The mill"), ..version(plain) }));
    }

    #[test]
    fn lists_are_in_the_form_that_is_searched() {
        for entry in LABELS.iter().chain(OPENINGS).chain(PHRASES) {
            assert_eq!(*entry, entry.to_lowercase(), "not in lower case");
            assert!(!entry.contains(['’', 'ʼ']), "{entry}");
        }
    }
}
