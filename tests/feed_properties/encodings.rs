//! The same document in every encoding is the same feed.

use crate::random::Random;
use crate::read;

const TITLES: [&str; 6] = ["Größe “x”", "naïve café – €5", "Ærø © 2015", "plain", "señor ½ «y»", "‰ † Ÿ"];

/// `text` as windows-1252.
fn windows_1252(text: &str) -> Vec<u8> {
    // What stands where ISO 8859-1 has control characters.
    const HIGH: [(char, u8); 7] =
        [('€', 0x80), ('†', 0x86), ('‰', 0x89), ('“', 0x93), ('”', 0x94), ('–', 0x96), ('Ÿ', 0x9F)];
    let byte = |c: char| {
        let high = HIGH.iter().find(|(known, _)| *known == c).map(|(_, byte)| *byte);
        high.unwrap_or_else(|| u8::try_from(u32::from(c)).expect("a character of windows-1252"))
    };
    text.chars().map(byte).collect()
}

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

fn utf_32(text: &str, to_bytes: fn(u32) -> [u8; 4]) -> Vec<u8> {
    text.chars().flat_map(|c| to_bytes(u32::from(c))).collect()
}

#[test]
fn the_encoding_of_a_document_does_not_change_its_entries() {
    let mut random = Random(3);
    for _ in 0..60 {
        let items: String = (0..=random.below(4))
            .map(|number| {
                let (title, text) = (random.pick(&TITLES), random.pick(&TITLES));
                format!("<item><title>{title}</title><link>/{number}</link><description>{text}</description></item>")
            })
            .collect();
        let document = |encoding: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"{encoding}\"?><rss version=\"2.0\"><channel><title>Ü</title>{items}\
                 </channel></rss>"
            )
        };
        let expected = read(document("utf-8").as_bytes());
        let marked = |encoding: &str| format!("\u{FEFF}{}", document(encoding));
        for (name, bytes) in [
            ("UTF-8 with a mark", marked("utf-8").into_bytes()),
            ("UTF-8 that claims to be something else", document("windows-1252").into_bytes()),
            ("UTF-16LE", utf_16(&marked("utf-16"), u16::to_le_bytes)),
            ("UTF-16BE", utf_16(&marked("utf-16"), u16::to_be_bytes)),
            ("UTF-16LE without a mark", utf_16(&document("utf-16"), u16::to_le_bytes)),
            ("UTF-16BE without a mark", utf_16(&document("utf-16"), u16::to_be_bytes)),
            ("UTF-32LE", utf_32(&marked("utf-32"), u32::to_le_bytes)),
            ("UTF-32BE", utf_32(&marked("utf-32"), u32::to_be_bytes)),
            ("windows-1252", windows_1252(&document("windows-1252"))),
            ("windows-1252 called ISO 8859-1", windows_1252(&document("iso-8859-1"))),
        ] {
            assert_eq!(read(&bytes), expected, "{name}");
        }
    }
}
