//! The charset that an HTML document declares of itself, and decoding with it.

use crate::charset::{self, Decoded};

/// How far into the document a declaration is looked for. The standard says 1 KiB; long heads push it further down.
const PRESCAN_BYTES: usize = 4096;

/// Decodes an HTML document: byte order mark, HTTP's charset, `<meta charset>` or `<meta http-equiv>`, detection.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    let declared = declared_charset(&bytes[..bytes.len().min(PRESCAN_BYTES)]);
    charset::decode(bytes, content_type.and_then(charset::of_content_type), declared)
}

/// The first `charset=` inside a `<meta …>` tag: it stands there in both forms. Also an XML declaration's `encoding=`.
fn declared_charset(head: &[u8]) -> Option<&str> {
    let mut rest = head;
    while let Some(start) = rest.iter().position(|byte| *byte == b'<') {
        rest = &rest[start + 1..];
        if rest.starts_with(b"!--") {
            let end = rest.windows(3).position(|window| window == b"-->")?;
            rest = &rest[end..];
            continue;
        }
        let (name, key): (&[u8], &[u8]) =
            if rest.first() == Some(&b'?') { (b"?xml", b"encoding") } else { (b"meta", b"charset") };
        if rest.len() > name.len() && rest[..name.len()].eq_ignore_ascii_case(name) {
            let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
            if let Some(label) = value_after(&rest[..end], key) {
                return Some(label);
            }
        }
    }
    None
}

fn value_after<'a>(tag: &'a [u8], key: &[u8]) -> Option<&'a str> {
    let at = tag.windows(key.len()).position(|window| window.eq_ignore_ascii_case(key))?;
    let value = tag[at + key.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
    let end = value.iter().position(|byte| !is_label(byte)).unwrap_or(value.len());
    std::str::from_utf8(&value[..end]).ok().filter(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{declared_charset, decode};

    #[track_caller]
    fn check(head: &str, expected: Option<&str>) {
        assert_eq!(declared_charset(head.as_bytes()), expected, "{head}");
    }

    #[test]
    fn charset_is_found_in_both_forms_of_meta() {
        check("<html><meta charset=\"koi8-r\">", Some("koi8-r"));
        check("<META content='text/html; charset=windows-1251' http-equiv=Content-Type>", Some("windows-1251"));
        check("<meta charset = big5 />", Some("big5"));
        check("<?xml version='1.0' encoding='euc-jp'?>", Some("euc-jp"));
        check("<meta name=viewport content=width><meta charset=utf-8>", Some("utf-8"));
    }

    #[test]
    fn comments_and_other_tags_declare_nothing() {
        check("<!-- <meta charset=koi8-r> --><p charset=big5>", None);
        check("<meta charset=''>", None);
        check("<meta charset", None);
        check("<!-- never closed <meta charset=big5>", None);
    }

    #[test]
    fn the_declaration_decodes_the_document() {
        assert_eq!(decode(b"<meta charset=koi8-r>\xF0\xD2\xC9\xD7\xC5\xD4", None).text, "<meta charset=koi8-r>Привет");
        assert_eq!(decode(b"gr\xFCn", Some("text/html; charset=latin1")).text, "grün");
    }
}
