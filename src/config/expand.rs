//! `${env:NAME}`, `${file:PATH}` and `${credential:NAME}` in values, after parsing.
//!
//! What comes out is a [`SecretText`]: it shows the text of the config. No message here repeats what was expanded. A world may
//! offer something that stands for what cannot be had.

use std::io;
use std::path::Path;

use super::finding::{shown, suggestion};
use super::world::World;
use crate::model::secret::SecretText;

/// The largest file that a value is taken from: a secret is a line, not a document.
const MAX_FILE: u64 = 64 * 1024;

/// Where systemd puts the files of `LoadCredential=`.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Expands `text`, whose relative paths start at `folder`. What was expanded is not looked at again.
///
/// # Errors
///
/// All that is wrong with it, each naming the variable or file, never its content.
pub(super) fn expand(text: &str, folder: &Path, world: &dyn World) -> Result<SecretText, Vec<String>> {
    let mut expanded = String::with_capacity(text.len());
    let mut problems = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        if rest[..start].ends_with('$') {
            expanded.push_str(&rest[..start - 1]);
            expanded.push_str("${");
            rest = &rest[start + 2..];
            continue;
        }
        expanded.push_str(&rest[..start]);
        let Some(length) = rest[start..].find('}') else {
            problems.push(format!("`{}` has no closing `}}` (write $${{ for ${{ itself)", shown(&rest[start..])));
            rest = "";
            break;
        };
        match value_of(&rest[start + 2..start + length], folder, world) {
            Ok(value) => expanded.push_str(&value),
            Err(problem) => match world.stand_in(&rest[start + 2..start + length]) {
                Some(value) => expanded.push_str(&value),
                None => problems.push(problem),
            },
        }
        rest = &rest[start + length + 1..];
    }
    expanded.push_str(rest);
    if problems.is_empty() { Ok(SecretText::new(expanded, text.to_owned())) } else { Err(problems) }
}

/// Whether there is something to expand in `text`.
pub(super) fn expands(text: &str) -> bool {
    text.replace("$${", "").contains("${")
}

/// The value of what stands between `${` and `}`.
fn value_of(inner: &str, folder: &Path, world: &dyn World) -> Result<String, String> {
    const KINDS: [&str; 3] = ["env", "file", "credential"];
    let (kind, name) = inner.split_once(':').unwrap_or((inner, ""));
    if KINDS.contains(&kind) && (name.is_empty() || name.contains('\0')) {
        return Err(format!("`${{{}}}` names nothing", shown(inner)));
    }
    match kind {
        "env" => {
            world.variable(name).ok_or_else(|| format!("the environment variable {} is not set as UTF-8", shown(name)))
        }
        "file" => read(&folder.join(name), world),
        "credential" if name.contains(['/', '\\']) || name == ".." || name == "." => {
            Err(format!("a credential is named without a path (got \"{}\")", shown(name)))
        }
        "credential" => match world.variable(CREDENTIALS) {
            Some(directory) => read(&Path::new(&directory).join(name), world),
            None => Err(format!(
                "the credential {} needs ${CREDENTIALS}, which systemd sets for LoadCredential= and is not set",
                shown(name)
            )),
        },
        _ => {
            let hint = suggestion(kind, KINDS);
            Err(format!(
                "unknown expansion `${{{}}}`{hint} (there are env:, file: and credential:; write $${{ for ${{ itself)",
                shown(inner)
            ))
        }
    }
}

/// The text of a file without the newline at its end.
fn read(path: &Path, world: &dyn World) -> Result<String, String> {
    let name = shown(&path.display().to_string());
    let bytes = world.read(path, MAX_FILE + 1).map_err(|error| format!("cannot read {name}: {}", reason(&error)))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(format!("{name} is larger than {} KiB", MAX_FILE / 1024));
    }
    // The bytes are the secret, so the cause stays out of the message.
    let Ok(text) = String::from_utf8(bytes) else { return Err(format!("{name} is not UTF-8")) };
    let text = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(text.to_owned())
}

/// Why a file could not be read, without the number of the system's error.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::expand;
    use crate::config::world::TestWorld;

    fn world() -> TestWorld {
        TestWorld::default()
            .variable("KEY", "s3cret")
            .variable("NESTED", "${env:KEY}")
            .variable("CREDENTIALS_DIRECTORY", "/run/cred")
            .file("/etc/t/token", "tok\r\n")
            .file("/abs", "two\n\n")
            .file("/run/cred/api", "cred")
            .file("/etc/t/big", vec![b'x'; 70_000])
            .file("/etc/t/latin", b"\xe9s3cret")
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let value = expand(text, Path::new("/etc/t"), &world()).unwrap();
        assert_eq!(value.expose(), expected);
        assert_eq!(value.shown(), text);
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        let problems = expand(text, Path::new("/etc/t"), &world()).unwrap_err().join("; ");
        assert_eq!(problems, expected);
    }

    #[test]
    fn expansions_are_replaced_once() {
        check("plain $ {x} $x", "plain $ {x} $x");
        check("a${env:KEY}b${env:KEY}", "as3cretbs3cret");
        check("${file:token}", "tok");
        check("${file:/abs}", "two\n");
        check("${credential:api}", "cred");
        check("${env:NESTED}", "${env:KEY}");
    }

    #[test]
    fn doubled_dollar_is_a_literal() {
        check("$${env:KEY}", "${env:KEY}");
        check("$$${env:KEY}", "$${env:KEY}");
        check("$$${", "$${");
    }

    #[test]
    fn errors_name_what_is_missing() {
        check_error(
            "${env:NO} ${env:KEY} ${file:none}",
            "the environment variable NO is not set as UTF-8; cannot read /etc/t/none: it does not exist",
        );
        check_error("${credential:../x}", "a credential is named without a path (got \"../x\")");
        check_error("${file:big}", "/etc/t/big is larger than 64 KiB");
        check_error("${file:latin}", "/etc/t/latin is not UTF-8");
        check_error("${env:}", "`${env:}` names nothing");
        check_error("x${env:KEY", "`${env:KEY` has no closing `}` (write $${ for ${ itself)");
        check_error(
            "${evn:KEY}",
            "unknown expansion `${evn:KEY}`, did you mean `env`? (there are env:, file: and credential:; write $${ for ${ itself)",
        );
    }

    #[test]
    fn credential_without_systemd_says_what_is_missing() {
        let problems = expand("${credential:api}", Path::new(""), &TestWorld::default()).unwrap_err();
        assert!(problems[0].contains("$CREDENTIALS_DIRECTORY"), "{problems:?}");
    }
}
