//! The attributes of a tag, by the tokenizer's own rules of quoting: found, not yet resolved.

/// An attribute of a tag, by places in the text.
pub(super) struct Attribute {
    pub(super) start: usize,
    pub(super) name_end: usize,
    pub(super) value: std::ops::Range<usize>,
    /// After the closing quote.
    pub(super) end: usize,
}

/// What comes next in a tag.
pub(super) enum Next {
    Attribute(Attribute),
    /// After the tag's `>`, or the end of the text.
    End(usize),
}

/// The tokenizer's attribute states: WHATWG HTML sections 13.2.5.32 to 13.2.5.39.
pub(super) fn next_attribute(bytes: &[u8], mut at: usize) -> Next {
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    while bytes.get(at).is_some_and(|byte| is_space(byte) || *byte == b'/') {
        at += 1;
    }
    match bytes.get(at) {
        None => return Next::End(bytes.len()),
        Some(b'>') => return Next::End(at + 1),
        Some(_) => {}
    }
    let start = at;
    at += 1; // Whatever it is, an equals sign too: it begins the name.
    while bytes.get(at).is_some_and(|byte| !is_space(byte) && !matches!(byte, b'/' | b'>' | b'=')) {
        at += 1;
    }
    let name_end = at;
    while bytes.get(at).is_some_and(is_space) {
        at += 1;
    }
    if bytes.get(at) != Some(&b'=') {
        return Next::Attribute(Attribute { start, name_end, value: name_end..name_end, end: name_end });
    }
    at += 1;
    while bytes.get(at).is_some_and(is_space) {
        at += 1;
    }
    let (value, end) = if let Some(quote @ (b'"' | b'\'')) = bytes.get(at) {
        let close = memchr::memchr(*quote, &bytes[at + 1..]).map_or(bytes.len(), |n| at + 1 + n);
        (at + 1..close, (close + 1).min(bytes.len()))
    } else {
        let is_end = |byte: &u8| is_space(byte) || *byte == b'>';
        let close = bytes[at..].iter().position(is_end).map_or(bytes.len(), |n| at + n);
        (at..close, close)
    };
    Next::Attribute(Attribute { start, name_end, value, end })
}

/// Where the tag ends whose value was meant to end there too: `<a href="x>"Words of the link</a>`. Its quote then
/// begins the text, which would become attributes without a value.
pub(super) fn forgotten_quote(bytes: &[u8], attribute: &Attribute) -> Option<usize> {
    let value = &bytes[attribute.value.clone()];
    let is_quoted = attribute.end > attribute.value.end;
    let after =
        bytes.get(attribute.end..).filter(|after| is_quoted && after.first().is_some_and(u8::is_ascii_alphabetic))?;
    let tag_end = attribute.value.start + memchr::memchr(b'>', value)?;
    let name = after.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'='))?;
    let equals = after[name..].iter().find(|byte| !byte.is_ascii_whitespace());
    (equals != Some(&b'=')).then_some(tag_end)
}

/// Where the tag ends, its attributes passed over.
pub(super) fn skip_attributes(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match next_attribute(bytes, at) {
            Next::Attribute(attribute) => at = attribute.end,
            Next::End(end) => return end,
        }
    }
}
