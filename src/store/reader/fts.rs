//! What a person types into a search → an FTS5 expression that cannot be wrong.
//!
//! Words must all be there, in any order. `"…"` is a phrase, `word*` the beginning of a word, `-word` or `NOT word`
//! must not be there, `a OR b` is one of them and binds closer than the space between words. Everything else stands for
//! itself: it is quoted, so that `C++`, `o'clock`, `a:b` or a lone quote mean the words in them. Pure.

use std::fmt;

use crate::fingerprint::is_unspaced;

/// More words than anybody types; FTS5 itself bounds the depth of an expression, not its length.
const MAX_TERMS: usize = 100;

/// Why a query has no expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyQuery {
    /// Nothing in it is a word.
    NoWord,
    /// It only says what must not be there.
    OnlyExcluded,
    /// It has too many words.
    TooLong,
}

impl fmt::Display for EmptyQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWord => f.write_str("the query has no word to search for"),
            Self::OnlyExcluded => f.write_str("the query only says what to leave out: it needs a word to search for"),
            Self::TooLong => write!(f, "the query has more than {MAX_TERMS} words"),
        }
    }
}

/// The FTS5 expression for what somebody typed.
pub(super) fn expression(typed: &str) -> Result<String, EmptyQuery> {
    let tokens = tokens(typed);
    if tokens.len() > MAX_TERMS {
        return Err(EmptyQuery::TooLong);
    }
    let mut wanted: Vec<Vec<String>> = Vec::new();
    let mut excluded: Vec<String> = Vec::new();
    let (mut or, mut not) = (false, false);
    let mut previous = false; // Whether the term before is one that an OR can join.
    for (at, token) in tokens.iter().enumerate() {
        let is_last = at + 1 == tokens.len();
        match token.bare {
            Some("AND") if previous && !is_last => continue,
            Some("OR") if previous && !is_last => {
                or = true;
                continue;
            }
            Some("NOT") if !is_last => {
                not = true;
                continue;
            }
            _ => {}
        }
        if let Some(term) = token.term() {
            let is_wanted = !(not || token.excluded);
            match wanted.last_mut() {
                _ if !is_wanted => excluded.push(term),
                Some(alternatives) if or => alternatives.push(term),
                _ => wanted.push(vec![term]),
            }
            previous = is_wanted;
        }
        (or, not) = (false, false);
    }
    match (wanted.is_empty(), excluded.is_empty()) {
        (true, true) => return Err(EmptyQuery::NoWord),
        (true, false) => return Err(EmptyQuery::OnlyExcluded),
        _ => {}
    }
    let any = |terms: &[String]| format!("({})", terms.join(" OR "));
    let all = wanted.iter().map(|terms| any(terms)).collect::<Vec<_>>().join(" AND ");
    Ok(if excluded.is_empty() { all } else { format!("({all}) NOT {}", any(&excluded)) })
}

/// A word or phrase as typed.
#[derive(Debug, PartialEq)]
struct Token<'a> {
    /// What it looks for.
    text: &'a str,
    /// The word where it stood without any sign, so that it may be an operator.
    bare: Option<&'a str>,
    /// It had a minus in front.
    excluded: bool,
    /// It had a star behind.
    prefix: bool,
}

impl Token<'_> {
    /// As FTS5 writes it; `None` when nothing in it is a word.
    fn term(&self) -> Option<String> {
        if !self.text.contains(char::is_alphanumeric) {
            return None;
        }
        // The index keeps whole runs of a script without spaces; from their beginnings on they are found.
        let prefix = self.prefix || self.text.chars().next_back().is_some_and(is_unspaced);
        // Both ends of a string: FTS5 reads C's strings too.
        let text = self.text.replace('\0', " ").replace('"', "\"\"");
        Some(format!("\"{text}\"{}", if prefix { " *" } else { "" }))
    }
}

fn tokens(typed: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() && tokens.len() <= MAX_TERMS {
        let (excluded, after_sign) = match rest.strip_prefix('-') {
            Some(after) if after.starts_with(|c: char| c == '"' || c.is_alphanumeric()) => (true, after),
            _ => (false, rest),
        };
        let phrase = after_sign.strip_prefix('"').and_then(|inside| inside.split_once('"'));
        let token = if let Some((text, after)) = phrase {
            let starless = after.strip_prefix('*');
            rest = starless.unwrap_or(after);
            Token { text, bare: None, excluded, prefix: starless.is_some() }
        } else {
            let (word, after) = after_sign.split_at(after_sign.find(char::is_whitespace).unwrap_or(after_sign.len()));
            rest = after;
            let starless = word.strip_suffix('*');
            let text = starless.unwrap_or(word);
            Token { text, bare: (!excluded).then_some(word), excluded, prefix: starless.is_some() }
        };
        tokens.push(token);
        rest = rest.trim_start();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{EmptyQuery, MAX_TERMS, expression};

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        assert_eq!(expression(typed).as_deref(), Ok(expected), "{typed}");
    }

    #[test]
    fn words_phrases_and_signs() {
        check("bells ring", r#"("bells") AND ("ring")"#);
        check(r#""bells ring" loud"#, r#"("bells ring") AND ("loud")"#);
        check("bel* \"the be\"*", r#"("bel" *) AND ("the be" *)"#);
        check("bells -ring -\"at noon\"", r#"(("bells")) NOT ("ring" OR "at noon")"#);
        check("bells NOT ring", r#"(("bells")) NOT ("ring")"#);
        check("tea OR coffee cup", r#"("tea" OR "coffee") AND ("cup")"#);
        check("tea AND cup", r#"("tea") AND ("cup")"#);
        check("tea OR -coffee", r#"(("tea")) NOT ("coffee")"#);
    }

    #[test]
    fn everything_else_stands_for_itself() {
        check("o'clock C++ a:b me@example.org", r#"("o'clock") AND ("C++") AND ("a:b") AND ("me@example.org")"#);
        check("state-of-the-art", r#"("state-of-the-art")"#);
        check("5\" disk", r#"("5""") AND ("disk")"#);
        check("\"unbalanced quote", r#"("""unbalanced") AND ("quote")"#);
        check("NEAR(a b) {x}: ^y", r#"("NEAR(a") AND ("b)") AND ("{x}:") AND ("^y")"#);
        check("- -- bells & !", r#"("bells")"#);
        check("OR", r#"("OR")"#);
        check("NOT", r#"("NOT")"#);
        check("or tea and not", r#"("or") AND ("tea") AND ("and") AND ("not")"#);
        check("OR tea OR", r#"("OR") AND ("tea") AND ("OR")"#);
    }

    #[test]
    fn scripts_without_spaces_are_found_by_their_beginnings() {
        check("東京", r#"("東京" *)"#);
        check("iPhone発売 hello", r#"("iPhone発売" *) AND ("hello")"#);
        check("bells -東京", r#"(("bells")) NOT ("東京" *)"#);
    }

    #[test]
    fn a_query_without_a_word_is_none() {
        for typed in ["", "  ", "++", "\"\"", "* -", "&& ||"] {
            assert_eq!(expression(typed), Err(EmptyQuery::NoWord), "{typed}");
        }
        assert_eq!(expression("-bells"), Err(EmptyQuery::OnlyExcluded));
        assert_eq!(expression(&"a ".repeat(MAX_TERMS)).err(), None);
        assert_eq!(expression(&"a ".repeat(MAX_TERMS + 1)), Err(EmptyQuery::TooLong));
    }

    /// Three of these pieces in any order, with and without spaces: FTS5 takes what comes out.
    #[test]
    fn no_query_is_a_syntax_error() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE VIRTUAL TABLE f USING fts5(title, text)").unwrap();
        let mut search = db.prepare("SELECT count(*) FROM f WHERE f MATCH ?1").unwrap();
        let pieces = [
            "a",
            "\"",
            "'",
            "*",
            "-",
            "+",
            "^",
            ":",
            "(",
            ")",
            "{",
            "}",
            "AND",
            "OR",
            "NOT",
            "NEAR",
            "NEAR(",
            ",",
            "語",
            "ไม่",
            "\u{301}",
            "\u{e000}",
            "😀",
            " ",
            "title:",
            "\\",
            "%",
            ";",
            "--",
            "\u{0}",
            "rank",
        ];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    for typed in [format!("{first}{second}{third}"), format!("{first} {second} {third}")] {
                        if let Ok(expression) = expression(&typed) {
                            let found = search.query_row([&expression], |row| row.get::<_, i64>(0));
                            assert!(found.is_ok(), "{typed:?} {expression} {found:?}");
                        }
                    }
                }
            }
        }
        let long = expression(&"a OR -b* ".repeat(MAX_TERMS / 3)).unwrap();
        assert!(search.query_row([&long], |row| row.get::<_, i64>(0)).is_ok());
    }
}
