//! What the parser does about an element, and what becomes of it: for those that open and close straight on.

/// What html5ever does about an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Ordinary,
    Formatting,
    Anchor,
    Paragraph,
    Block,
    Heading,
    Pre,
    Item,
    Definition,
    Void,
    Rule,
    Table,
    Section,
    Row,
    Cell,
    Caption,
    /// Its content is no markup, and `slim` drops it.
    Raw,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Write,
    Unwrap,
    /// With its content.
    Drop,
}

/// An element by its name in lower case; `None` when it has rules that are not followed here.
pub(super) fn element(name: &str) -> Option<(&'static str, Kind, Fate)> {
    use Fate::{Drop, Unwrap, Write};
    use Kind::{
        Anchor, Block, Caption, Cell, Definition, Formatting, Heading, Item, Ordinary, Paragraph, Pre, Raw, Row, Rule,
        Section, Table, Void,
    };
    const WRITTEN: &[(&str, Kind)] = &[
        ("p", Paragraph),
        ("a", Anchor),
        ("br", Void),
        ("img", Void),
        ("li", Item),
        ("div", Block),
        ("strong", Formatting),
        ("em", Formatting),
        ("b", Formatting),
        ("i", Formatting),
        ("ul", Block),
        ("h1", Heading),
        ("h2", Heading),
        ("h3", Heading),
        ("h4", Heading),
        ("h5", Heading),
        ("h6", Heading),
        ("figure", Block),
        ("figcaption", Block),
        ("blockquote", Block),
        ("code", Formatting),
        ("pre", Pre),
        ("ol", Block),
        ("td", Cell),
        ("tr", Row),
        ("th", Cell),
        ("table", Table),
        ("tbody", Section),
        ("thead", Section),
        ("tfoot", Section),
        ("caption", Caption),
        ("hr", Rule),
        ("u", Formatting),
        ("s", Formatting),
        ("small", Formatting),
        ("strike", Formatting),
        ("sup", Ordinary),
        ("sub", Ordinary),
        ("dl", Block),
        ("dt", Definition),
        ("dd", Definition),
        ("abbr", Ordinary),
        ("bdi", Ordinary),
        ("bdo", Ordinary),
        ("cite", Ordinary),
        ("del", Ordinary),
        ("dfn", Ordinary),
        ("ins", Ordinary),
        ("kbd", Ordinary),
        ("mark", Ordinary),
        ("q", Ordinary),
        ("samp", Ordinary),
        ("time", Ordinary),
        ("var", Ordinary),
    ];
    if name == "span" {
        return Some(("span", Ordinary, Unwrap));
    }
    if let Some((name, kind)) = WRITTEN.iter().find(|(known, _)| *known == name) {
        return Some((name, *kind, Write));
    }
    Some(match name {
        "font" | "big" | "tt" => ("", Formatting, Unwrap),
        "section" | "article" | "aside" | "header" | "footer" | "main" | "nav" | "center" | "address" | "details"
        | "summary" | "fieldset" | "hgroup" | "menu" | "dir" => ("", Block, Unwrap),
        "source" | "param" | "track" | "wbr" | "embed" | "area" | "link" | "meta" => ("", Void, Unwrap),
        "script" | "style" | "svg" | "iframe" | "canvas" | "noembed" | "noscript" => ("", Raw, Drop),
        "video" | "audio" | "object" | "map" | "datalist" | "meter" | "progress" => ("", Ordinary, Drop),
        "html" | "head" | "body" | "title" | "base" | "basefont" | "bgsound" | "template" | "noframes" | "frameset"
        | "frame" | "form" | "listing" | "plaintext" | "xmp" | "button" | "nobr" | "applet" | "marquee" | "keygen"
        | "input" | "image" | "textarea" | "select" | "option" | "optgroup" | "rb" | "rtc" | "rp" | "rt" | "ruby"
        | "math" | "col" | "colgroup" | "dialog" | "search" | "isindex" => return None,
        _ => ("", Ordinary, Unwrap),
    })
}

#[cfg(test)]
mod tests {
    use super::super::write::{ALLOWED, is_dropped};
    use super::{Fate, element};

    #[test]
    fn elements_have_the_fate_that_the_writer_gives_them() {
        for name in ALLOWED {
            let Some((known, _, fate)) = element(name) else { continue };
            assert!(fate == Fate::Write && known == *name, "{name}");
        }
        for name in ["video", "section", "source", "x-y", "font", "object", "embed"] {
            let fate = element(name).map(|(.., fate)| fate);
            let expected = if is_dropped(name) { Fate::Drop } else { Fate::Unwrap };
            assert!(fate == Some(expected) || name == "embed", "{name}");
        }
    }
}
