//! What a word without quotes is in a JSON text: a literal or a number, JSON's own or another language's.

use super::value::Kind;

/// What a word stands for that is JSON's own literal, or that of JavaScript, Python, Ruby or PHP.
pub(super) fn literal(word: &str) -> Option<(Kind<'static>, bool)> {
    Some(match word {
        "null" => (Kind::Null, true),
        "true" => (Kind::Bool(true), true),
        "false" => (Kind::Bool(false), true),
        "True" | "TRUE" => (Kind::Bool(true), false),
        "False" | "FALSE" => (Kind::Bool(false), false),
        "None" | "undefined" | "nil" | "NULL" | "Null" | "NaN" | "Infinity" | "-Infinity" | "+Infinity" => {
            (Kind::Null, false)
        }
        _ => return None,
    })
}

/// Whether a word is a number as JSON writes it.
pub(super) fn is_number(word: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = word.strip_prefix('-').unwrap_or(word);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let len = digits(fraction);
        rest = if len == 0 { return false } else { &fraction[len..] };
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let len = digits(exponent);
        rest = if len == 0 { return false } else { &exponent[len..] };
    }
    rest.is_empty()
}

/// Whether a word is a number as anybody writes it: `007`, `+1`, `.5`, `1_000`, `0x1F`.
pub(super) fn is_numeric(word: &str) -> bool {
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b'_' | b'x' | b'X' | b'+'))
}

#[cfg(test)]
mod tests {
    use super::{is_number, is_numeric};

    #[test]
    fn numbers_are_told_from_words() {
        let check =
            |word: &str, own: bool, any: bool| assert_eq!((is_number(word), is_numeric(word)), (own, any), "{word}");
        check("0", true, true);
        check("-1.5e-3", true, false);
        check("12345678901234567890", true, true);
        check("007", false, true);
        check("+.5", false, true);
        check("1.", false, true);
        check("1_000", false, true);
        check("0x1F", false, true);
        check("-", false, false);
        check(".", false, false);
        check("1a:b", false, false);
        check("", false, false);
    }
}
