//! Bytes → text: byte order mark, then HTTP's charset, then the document's own declaration, then detection.
//!
//! Never fails: bytes that are wrong in the encoding become U+FFFD.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_8859_15, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_MAC_CYRILLIC};
use yore::CodePage;
use yore::code_pages as oem;

/// Text with the encoding that it was read in.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// The encoding's name, as the WHATWG standard has it.
    pub encoding: &'static str,
    /// Whether some bytes were wrong in that encoding.
    pub had_errors: bool,
}

/// Decodes `bytes`. `http` is the `charset` parameter of the `Content-Type`, `declared` what the document says of itself.
///
/// A declaration is a claim: UTF-8 that validates is UTF-8 whatever is claimed, since text in a legacy encoding
/// almost never does, and a UTF-16 claim without a mark or NUL bytes cannot be true.
pub fn decode<'a>(bytes: &'a [u8], http: Option<&str>, declared: Option<&str>) -> Decoded<'a> {
    if let Some(decoded) = utf32(bytes) {
        return decoded;
    }
    let encoding = choose(bytes, http, declared);
    if let Some(page) = [http, declared].into_iter().flatten().find(|label| !label.is_empty()).and_then(code_page)
        && !is_sure(bytes, encoding)
    {
        return Decoded { text: page.decode_lossy(bytes), encoding: "a code page of DOS", had_errors: false };
    }
    let (text, encoding, had_errors) = encoding.decode(bytes);
    Decoded { text, encoding: encoding.name(), had_errors }
}

/// Whether the bytes themselves tell that they are in `encoding`.
fn is_sure(bytes: &[u8], encoding: &'static Encoding) -> bool {
    is_utf16(encoding) || bytes.is_ascii() || std::str::from_utf8(bytes).is_ok()
}

/// Whether an encoding with this label can be read.
pub fn is_known(label: &str) -> bool {
    encoding_of(label).is_some() || code_page(label).is_some()
}

/// The WHATWG standard's encoding of a label, or of IANA's name for it that the standard lacks.
fn encoding_of(label: &str) -> Option<&'static Encoding> {
    let label = label.trim();
    match label.to_ascii_lowercase().as_str() {
        "latin-9" | "latin9" => Some(ISO_8859_15),
        "mac-cyrillic" | "maccyrillic" => Some(X_MAC_CYRILLIC),
        label => Encoding::for_label(label.as_bytes()),
    }
}

/// The code page of DOS that a label such as `IBM850` or `cp437` names, where the WHATWG standard has none of that name.
fn code_page(label: &str) -> Option<&'static dyn CodePage> {
    if encoding_of(label).is_some() {
        return None;
    }
    let label = label.trim().to_ascii_lowercase();
    let number = label.trim_start_matches("x-").trim_start_matches("cs").trim_start_matches("dos");
    let number = number.trim_start_matches("ibm").trim_start_matches("cp").trim_start_matches(['-', '_', '0']);
    Some(match number {
        "437" => &oem::CP437,
        "737" => &oem::CP737,
        "850" => &oem::CP850,
        "852" => &oem::CP852,
        "855" => &oem::CP855,
        "857" => &oem::CP857,
        "860" => &oem::CP860,
        "861" => &oem::CP861,
        "862" => &oem::CP862,
        "863" => &oem::CP863,
        "864" => &oem::CP864,
        "865" => &oem::CP865,
        "869" => &oem::CP869,
        _ => return None,
    })
}

fn choose(bytes: &[u8], http: Option<&str>, declared: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding;
    }
    let is_ascii = bytes.is_ascii();
    let named = |label: Option<&str>| {
        // Some labels stand for encodings that are dangerous to decode; what bears them is mostly something else anyway.
        let is_usable = |e: &&'static Encoding| !is_utf16(e) && *e != REPLACEMENT;
        label.and_then(encoding_of).filter(is_usable)
    };
    // ISO-2022-JP is all ASCII bytes, with escapes among them.
    let is_escaped = is_ascii && memchr::memchr(0x1B, bytes).is_some();
    let stateful = |label| named(label).filter(|e| is_escaped && !e.is_ascii_compatible());
    if let Some(stateful) = [http, declared].into_iter().find_map(stateful) {
        return stateful;
    }
    if !is_ascii && std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let label = named(http).or_else(|| named(declared)).filter(|e| e.is_ascii_compatible());
    match label {
        Some(label) if label != UTF_8 || is_ascii || is_mostly_utf8(bytes) => label,
        // Quotation marks and an accent or two, from an editor that knew no better: too few to tell a language by.
        Some(_) if has_few_letters(bytes) => WINDOWS_1252,
        _ => detect(bytes),
    }
}

/// Whether less than a hundredth of the bytes are no ASCII: less than in any language but those of Western Europe.
fn has_few_letters(bytes: &[u8]) -> bool {
    bytes.iter().filter(|byte| !byte.is_ascii()).count() * 100 < bytes.len()
}

/// Whether a claim of UTF-8 is belied by no more characters than bear it out. One that was cut, as excerpts are, is UTF-8's.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes[..bytes.len().min(64 * 1024)].utf8_chunks() {
        right += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        match chunk.invalid().len() {
            0 => {}
            1 => wrong += 1,
            _ => right += 1,
        }
    }
    right > 0 && right >= wrong
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// Markup or JSON in UTF-16 that lost its mark: each of its first characters, behind white space, has a NUL beside it.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    const MAX_SPACE: usize = 1000;
    let (units, _) = bytes.as_chunks::<2>();
    let begins_document = |read: fn([u8; 2]) -> u16| {
        let mut chars = units.iter().map(|unit| char::from_u32(read(*unit).into()).unwrap_or_default());
        let first = chars.by_ref().take(MAX_SPACE).find(|c| !c.is_ascii_whitespace());
        matches!(first, Some('<' | '{' | '[')) && chars.next().is_some_and(|c| c.is_ascii() && c != '\0')
    };
    if begins_document(u16::from_le_bytes) {
        Some(UTF_16LE)
    } else {
        begins_document(u16::from_be_bytes).then_some(UTF_16BE)
    }
}

/// UTF-32, which the WHATWG standard leaves out and some feeds are in: told by its mark, or by a `<` of four bytes.
fn utf32(bytes: &[u8]) -> Option<Decoded<'static>> {
    let (is_little, from) = match bytes {
        [0xFF, 0xFE, 0, 0, ..] => (true, 4),
        [0, 0, 0xFE, 0xFF, ..] => (false, 4),
        [b'<', 0, 0, 0, ..] => (true, 0),
        [0, 0, 0, b'<', ..] => (false, 0),
        _ => return None,
    };
    let (units, rest) = bytes[from..].as_chunks::<4>();
    let code = |unit: &[u8; 4]| if is_little { u32::from_le_bytes(*unit) } else { u32::from_be_bytes(*unit) };
    let mut had_errors = !rest.is_empty();
    let decode = |unit| {
        char::from_u32(code(unit)).unwrap_or_else(|| {
            had_errors = true;
            char::REPLACEMENT_CHARACTER
        })
    };
    let text = units.iter().map(decode).collect::<String>();
    Some(Decoded { text: Cow::Owned(text), encoding: "UTF-32", had_errors })
}

/// Detection over 64 KiB from where there is something to detect; more changes the verdict on almost no document.
fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let from = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0).saturating_sub(64);
    let bytes = &bytes[from..];
    let head = &bytes[..bytes.len().min(64 * 1024)];
    detector.feed(head, head.len() == bytes.len());
    // UTF-8 with a few broken bytes is still best read as UTF-8: one wrong byte in a thousand is the threshold.
    let lossy_share = |bytes: &[u8]| bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let multibyte = head.iter().filter(|byte| **byte >= 0xC2).count();
    if multibyte > 0 && lossy_share(head) * 20 < multibyte {
        return UTF_8;
    }
    detector.guess(None, Utf8Detection::Allow)
}

/// The `charset` parameter of a `Content-Type` value.
pub fn of_content_type(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })
}

#[cfg(test)]
mod tests {
    use super::{decode, of_content_type};

    #[track_caller]
    fn check(bytes: &[u8], http: Option<&str>, declared: Option<&str>, expected: &str) {
        assert_eq!(decode(bytes, http, declared).text, expected);
    }

    #[test]
    fn the_order_of_claims_is_mark_utf8_http_declaration_detection() {
        check(b"\xEF\xBB\xBFgr\xC3\xBCn", Some("iso-8859-1"), None, "grün");
        check(b"gr\xC3\xBCn", Some("iso-8859-1"), Some("windows-1252"), "grün");
        check(b"gr\xFCn", Some("iso-8859-1"), Some("utf-8"), "grün");
        check(b"gr\xFCn", None, Some("windows-1252"), "grün");
        check(b"gr\xC3\xBCn, sch\xC3\xB6n \xC3 x", None, Some("utf-8"), "grün, schön \u{fffd} x");
        check(b"gr\xFCn, sch\xF6n", None, Some("utf-8"), "grün, schön");
        check(b"caf\xC3\xA9, cut \xE2\x80", Some("utf-8"), Some("utf-8"), "café, cut \u{fffd}");
        check(b"ASCII, cut \xE2\x80 x", None, Some("utf-8"), "ASCII, cut \u{fffd} x");
        check(b"caf\xC3\xA9 don\x92t", None, Some("utf-8"), "café don\u{fffd}t");
        check(b"gr\xFCn und sch\xF6n, wie f\xFCr gro\xDFe K\xFChe", None, None, "grün und schön, wie für große Kühe");
        check(b"<\0a\0>\0", None, None, "<a>");
        check(b"\n\0 \0<\0a\0\xE9\0", Some("utf-16le"), None, "\n <aé");
        check(b"\0{\0\"\0a", None, None, "{\"a");
        check(b"\0\0\0<\0\0\0a", None, None, "<a");
        check(b"\xFF\xFE\0\0<\0\0\0a\0\0\0", None, None, "<a");
        check(b"\x1B$B%F\x1B(B", Some("iso-2022-jp"), None, "テ");
        check("grün".as_bytes(), Some("iso-2022-jp"), None, "grün");
        check(b"Caf\x82", None, Some("IBM850"), "Café");
        check(b"Caf\x82", Some("cp437"), None, "Café");
        check("Café".as_bytes(), None, Some("cp850"), "Café");
        check(b"\xA4 5", None, Some("Latin-9"), "€ 5");
        check(b"<a>", Some("iso-2022-kr"), Some("hz-gb-2312"), "<a>");
        check("grün".as_bytes(), None, Some("iso-2022-kr"), "grün");
    }

    #[test]
    fn a_few_broken_bytes_do_not_end_utf8() {
        let mut bytes = "Überall schöne grüne Bäume ".repeat(20).into_bytes();
        bytes.push(0xFF);
        assert_eq!(decode(&bytes, None, None).encoding, "UTF-8");
        assert!(decode(&bytes, None, None).had_errors);
    }

    #[test]
    fn a_few_wrong_bytes_in_ascii_that_is_called_utf8_are_western() {
        let mut bytes = "What the editors wrote in another program. ".repeat(10).into_bytes();
        bytes.extend(b"It\x92s caf\xE9");
        assert!(decode(&bytes, Some("utf-8"), None).text.ends_with("It’s café"));
        let russian = b"\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0. \xDD\xF2\xEE \xF2\xE5\xEA\xF1\xF2.";
        assert_eq!(decode(russian, Some("utf-8"), None).encoding, "windows-1251");
    }

    #[test]
    fn detection_begins_where_there_is_something_to_detect() {
        let mut bytes = vec![b' '; 100_000];
        bytes.extend(b"\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0. \xDD\xF2\xEE \xF2\xE5\xEA\xF1\xF2.");
        assert_eq!(decode(&bytes, None, None).encoding, "windows-1251");
    }

    #[test]
    fn charset_is_read_from_a_content_type() {
        assert_eq!(of_content_type("text/html; Charset=\"UTF-8\""), Some("UTF-8"));
        assert_eq!(of_content_type("text/html"), None);
    }
}
