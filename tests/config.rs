//! `tearsheet check`, from the outside: exit codes, and what goes to which stream.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use std::path::Path;
use std::process::{Command, Output};

fn check(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tearsheet"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

#[test]
fn good_config_is_summed_up_on_standard_output() {
    let folder = folder(&[
        ("t.toml", "include = [\"d/*.toml\", \"*.opml\"]\n[fetch]\ncontact = \"me@example.org\"\n"),
        ("d/a.toml", "[group.g]\n[feed.a]\nurl = \"https://example.org/${env:KEY}\"\n"),
        ("x.opml", "<opml><body><outline xmlUrl='https://example.org/b'/></body></opml>"),
    ]);
    let output = check(folder.path(), &["-v", "-c", "t.toml", "check"], &[("KEY", "s3cr3t")]);
    assert_eq!(text(&output.stdout), "ok: 2 feeds, 1 group, 0 warnings\n");
    assert_eq!(text(&output.stderr), "tearsheet: the config is t.toml\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn wrong_config_is_exit_78_with_all_errors_on_standard_error() {
    let folder = folder(&[("t.toml", "[defaults]\nevry = \"1h\"\n[feed.a]\nurl = \"https://e.org/${env:NO}\"\n")]);
    let output = check(folder.path(), &["check", "-c", "t.toml"], &[]);
    assert_eq!(text(&output.stdout), "");
    assert_eq!(
        text(&output.stderr),
        "t.toml:1:1: warning: fetch.contact: is empty; write a URL or address at which publishers can reach you\n\
         t.toml:2:1: unknown key `evry` in [defaults], did you mean `every`?\n\
         t.toml:4:7: feed.a.url: the environment variable NO is not set as UTF-8\n\
         tearsheet: 2 errors in the config t.toml\n"
    );
    assert_eq!(output.status.code(), Some(78));
}

#[test]
fn json_is_one_object_a_line() {
    let folder = folder(&[("t.toml", "x = 1\n")]);
    let output = check(folder.path(), &["check", "--json"], &[("TEARSHEET_CONFIG", "t.toml")]);
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let error = serde_json::json!({
        "file": "t.toml", "line": 1, "column": 1, "message": "unknown key `x` at the top level", "severity": "error"
    });
    assert_eq!(lines[0], error);
    assert_eq!(lines[1]["severity"], "warning");
    assert_eq!(output.status.code(), Some(78));
}

#[test]
fn config_in_the_working_folder_is_found() {
    let folder = folder(&[("config/tearsheet.toml", include_str!("../config/tearsheet.toml"))]);
    let output = check(folder.path(), &["check"], &[]);
    // A machine that has a config in /etc uses that one.
    if !Path::new("/etc/tearsheet/tearsheet.toml").exists() {
        assert_eq!(text(&output.stdout), "ok: 7 feeds, 1 group, 1 warning\n");
    }
}

#[test]
fn places_that_were_tried_are_named() {
    let folder = folder(&[]);
    let output = check(folder.path(), &["check"], &[]);
    if !Path::new("/etc/tearsheet/tearsheet.toml").exists() {
        assert_eq!(
            text(&output.stderr),
            "tearsheet: no config: -c is not given, $TEARSHEET_CONFIG is not set, and there is no \
             /etc/tearsheet/tearsheet.toml and no ./config/tearsheet.toml\n"
        );
        assert_eq!(output.status.code(), Some(78));
    }
    let output = check(folder.path(), &["check", "-c", "none.toml"], &[]);
    assert!(text(&output.stderr).starts_with("none.toml:1:1: cannot read the config: it does not exist\n"));
    assert_eq!(output.status.code(), Some(78));
}
