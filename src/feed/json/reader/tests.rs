use super::{MAX_DEPTH, read};
use crate::feed::json::value::{Kind, Value};

fn show(value: Value<'_, '_>) -> String {
    let key = if value.key().is_empty() { String::new() } else { format!("{}:", value.key()) };
    let children = || value.children().map(show).collect::<Vec<_>>().join(" ");
    let shown = match value.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => (*number).to_owned(),
        Kind::Text(text) => format!("`{text}`"),
        Kind::Array => format!("[{}]", children()),
        Kind::Object => format!("{{{}}}", children()),
    };
    let mark = if value.is_open() { "…" } else { "" };
    key + &shown + mark
}

/// The document, and what was repaired: the warnings without their lines.
#[track_caller]
fn check(text: &str, expected: &str, slips: &[&str]) {
    let document = read(text).expect("a document");
    assert_eq!(show(document.root()), expected, "{text}");
    let warnings = document.slips.warnings(text);
    let said: Vec<_> = warnings.iter().map(|warning| warning.split_once(": ").unwrap().1).collect();
    assert_eq!(said, slips, "{text}");
}

#[test]
fn json_is_read_as_it_says() {
    check(r#"{"a":[1,-2.5e+3,true,false,null,"x"],"b":{}}"#, "{a:[1 -2.5e+3 true false null `x`] b:{}}", &[]);
    check("[]", "[]", &[]);
    check("\u{FEFF} [ [ ] , 0 ] \n", "[[] 0]", &[]);
    check(r#"{"a":"\u00e9\ud83d\ude00\n\"\\\/"}"#, "{a:`é😀\n\"\\/`}", &[]);
    check(r#"["a", "b : c", "{", "}", ",", "]"]"#, "[`a` `b : c` `{` `}` `,` `]`]", &[]);
}

/// A random value of texts that look like JSON, from a xorshift generator.
fn random(state: &mut u64, depth: usize) -> serde_json::Value {
    let mut below = |bound: u64| {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state % bound
    };
    let mut text = || {
        let parts =
            ["\"", "\\", ",", ":", "{", "}", "[", "]", "'", "\n", " ", "//", "/*", "#", "a", "é", "😀", "\u{7f}"];
        (0..below(6)).map(|_| parts[usize::try_from(below(18)).unwrap()]).collect::<String>()
    };
    let (key, other, which, len) = (text(), text(), below(if depth == 0 { 4 } else { 7 }), below(4));
    match which {
        0 => serde_json::Value::Null,
        1 => true.into(),
        2 => format!("-{}", below(1000)).parse::<i64>().unwrap().into(),
        3 => other.into(),
        4 => (0..len).map(|_| random(state, depth - 1)).collect(),
        _ => (0..len).map(|number| (format!("{key}{number}"), random(state, depth - 1))).collect(),
    }
}

fn is_same(value: Value<'_, '_>, expected: &serde_json::Value) -> bool {
    let mut children = value.children();
    match (value.kind(), expected) {
        (Kind::Null, serde_json::Value::Null) => true,
        (Kind::Bool(value), serde_json::Value::Bool(expected)) => value == expected,
        (Kind::Number(value), serde_json::Value::Number(expected)) => **value == expected.to_string(),
        (Kind::Text(value), serde_json::Value::String(expected)) => value == expected,
        (Kind::Array, serde_json::Value::Array(expected)) => {
            expected.iter().all(|expected| children.next().is_some_and(|child| is_same(child, expected)))
                && children.next().is_none()
        }
        (Kind::Object, serde_json::Value::Object(expected)) => {
            let mut expected = expected.iter();
            children
                .all(|child| expected.next().is_some_and(|(key, value)| key == child.key() && is_same(child, value)))
                && expected.next().is_none()
        }
        _ => false,
    }
}

#[test]
fn any_json_is_read_as_serde_reads_it() {
    let mut state = 0x9E37_79B9_7F4A_7C15;
    for _ in 0..3_000 {
        let expected = serde_json::Value::Array(vec![random(&mut state, 5), random(&mut state, 5)]);
        for text in [expected.to_string(), serde_json::to_string_pretty(&expected).unwrap()] {
            let document = read(&text).unwrap();
            assert!(is_same(document.root(), &expected), "{text}: {}", show(document.root()));
            assert_eq!(document.slips.warnings(&text), [""; 0], "{text}");
        }
    }
}

#[test]
fn commas_and_colons_are_supplied() {
    check("[1,]", "[1]", &["a comma has nothing after it"]);
    check("[1,,2]", "[1 2]", &["a comma has nothing after it"]);
    check(r#"{"a":1 "b":2}"#, "{a:1 b:2}", &["a comma is missing"]);
    check(r#"{"a":"x" "b":"y"}"#, "{a:`x` b:`y`}", &["a comma is missing"]);
    check(r#"[{"a":1}{"b":2}]"#, "[{a:1} {b:2}]", &["a comma is missing"]);
    check(r#"{"a" 1,"b"=>2}"#, "{a:1 b:2}", &["a colon is missing (2 times in all)"]);
    check(r#"{"c","d":}"#, "{}", &["a member has no value (2 times in all)"]);
}

#[test]
fn other_languages_are_understood() {
    check("{'a': 'x', 'b': 'y'}", "{a:`x` b:`y`}", &["a text is in single quotes (4 times in all)"]);
    check(
        "[True, None, undefined, NaN]",
        "[true null null null]",
        &["a literal is another language's (4 times in all)"],
    );
    check("{a: 1, $b: 2}", "{a:1 $b:2}", &["a key has no quotes (2 times in all)"]);
    check("[007, +.5, 0x1F]", "[007 +.5 0x1F]", &["a number is not written as in JSON (3 times in all)"]);
    check("[2015-03-05 10:20, hi you\n]", "[`2015-03-05 10:20` `hi you`]", &["a text has no quotes (2 times in all)"]);
    check("[new Date(\"2015\"), 1]", "[`2015` 1]", &["a function call is skipped, its argument is read"]);
    check("{ // one\n\"a\": 1 /* two */ } # three", "{a:1}", &["a comment is skipped (3 times in all)"]);
}

#[test]
fn a_text_ends_where_it_is_meant_to() {
    const QUOTE: &str = "a quote in a text is not escaped (2 times in all)";
    const CONTROL: &str = "a line break or control character in a text is not escaped";
    check("[\"a\nb\"]", "[`a\nb`]", &[CONTROL]);
    check(r#"{"a":"<a href="//x.org/">y</a>","b":1}"#, "{a:`<a href=\"//x.org/\">y</a>` b:1}", &[QUOTE]);
    check(r#"{"a":"said "yes", and left","b":1}"#, "{a:`said \"yes\", and left` b:1}", &[QUOTE]);
    check("{\"a\": \"x,\n  \"b\": \"y\"}", "{a:`x` b:`y`}", &["a text is not closed", CONTROL]);
}

#[test]
fn escapes_that_json_lacks_are_what_they_mean() {
    const ESCAPE: &str = "an escape is none that JSON has";
    check(r#"["it\'s"]"#, "[`it's`]", &[ESCAPE]);
    check(r#"["\x41\-"]"#, "[`A-`]", &["an escape is none that JSON has (2 times in all)"]);
    check(r#"["\d"]"#, r"[`\d`]", &[ESCAPE]);
    check(r#"["\u12"]"#, r"[`\u12`]", &[ESCAPE]);
    check(r#"["\u{1F600}"]"#, "[`😀`]", &[ESCAPE]);
    check(r#"["\ud800\u0041"]"#, "[`\u{FFFD}A`]", &["an escape is half a character"]);
}

#[test]
fn brackets_are_matched_by_what_is_meant() {
    const OPEN: &str = "an object or array is not closed";
    const NONE: &str = "a closing bracket fits no open one";
    check(r#"{"i":[{"a":1,{"a":2}]}"#, "{i:[{a:1} {a:2}]}", &[OPEN]);
    check(r#"{"i":[{"t":["x","y"},{"a":2}]}"#, "{i:[{t:[`x` `y`]} {a:2}]}", &[OPEN]);
    check(r#"{"i":[{"a":1}},{"a":2}]}"#, "{i:[{a:1} {a:2}]}", &[NONE]);
    check(r#"{"i":{"a":1]}}"#, "{i:{a:1}}", &[NONE]);
}

#[test]
fn what_is_around_a_document_is_skipped() {
    const BEFORE: &str = "text before the document is skipped";
    check("cb({\"a\":1});", "{a:1}", &["a function call is skipped, its argument is read"]);
    check(")]}',\n{\"a\":1}", "{a:1}", &[BEFORE]);
    check("<b>Warning</b> in {main}<br/>{\"a\":1}", "{a:1}", &[BEFORE]);
    check("{\"a\":1} <b>Warning</b>", "{a:1}", &["text after the document is skipped"]);
    assert!(read("Hello {name}").is_none() && read("").is_none() && read("<a>").is_none());
}

#[test]
fn what_the_text_ends_in_is_marked() {
    check(r#"{"i":[{"a":1},{"a":2,"b":"x"#, "{i:[{a:1} {a:2}…]…}…", &[]);
    check(r#"{"i":[{"a":1},"#, "{i:[{a:1}]…}…", &[]);
    check(r#"{"i":[{"a":tru"#, "{i:[{}…]…}…", &[]);
    check(r#"{"i":12"#, "{}…", &[]);
    check("{", "{}…", &[]);
}

#[test]
fn depth_and_number_are_bounded() {
    let nest = |depth: usize| format!("{{\"x\":{}1{},\"b\":2}}", "[".repeat(depth), "]".repeat(depth));
    let slips = |text: &str| read(text).unwrap().slips.warnings(text).len();
    assert_eq!((slips(&nest(MAX_DEPTH - 1)), slips(&nest(MAX_DEPTH)), slips(&nest(100_000))), (0, 1, 1));
    let deep = nest(100_000);
    assert_eq!(read(&deep).unwrap().root().text_of("b").as_deref(), Some("2"));
    let many = format!("[{}]", "1,".repeat(100_000));
    let document = read(&many).unwrap();
    assert!(document.was_cut && !document.breaks_off() && document.nodes.len() < 100_000);
    let extension = format!("{{\"_x\":[{}1],\"b\":2}}", "1,".repeat(100_000));
    assert_eq!(show(read(&extension).unwrap().root()), "{b:2}");
}
