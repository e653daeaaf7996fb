//! A member of the group reads the archive, and cannot write it.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::house::House;
use crate::running::Running;

/// Nobody's and nobody's group's: neither is the tests'.
const READER: u32 = 65_534;
const GROUP: u32 = 54_321;

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Only root can become somebody else.
#[test]
fn a_member_of_the_group_reads_while_the_daemon_runs_and_after_it_stopped() {
    let house = House::with_news();
    let folder = house.folder.path();
    if std::fs::metadata(folder).unwrap().uid() != 0 {
        eprintln!("skipped: only root can become another user");
        return;
    }
    // As systemd makes StateDirectory: the group may look and read, others may nothing.
    let state = folder.join("state");
    std::fs::create_dir(&state).unwrap();
    chown(&state, None, Some(GROUP)).unwrap();
    // What is made inside belongs to the group, as it does where the daemon's own group is that.
    mode(&state, 0o2750);
    mode(folder, 0o755);
    let program = folder.join("tearsheet");
    std::fs::copy(env!("CARGO_BIN_EXE_tearsheet"), &program).unwrap();
    let config = std::fs::read_to_string(folder.join("tearsheet.toml")).unwrap();
    house.file("tearsheet.toml", &config.replace("tearsheet.db", "state/tearsheet.db"));

    let as_reader = |arguments: &[&str]| -> Output {
        let mut command = Command::new(&program);
        command.args(["-c", "tearsheet.toml"]).args(arguments).env_clear().current_dir(folder);
        command.uid(READER).gid(GROUP).output().unwrap()
    };
    let reads = |when: &str| {
        let output = as_reader(&["show", "1"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("The council met"), "{when}: {text}{}", String::from_utf8_lossy(&output.stderr));
        let output = as_reader(&["once"]);
        assert_eq!(output.status.code(), Some(1), "{when}: a reader must not write");
    };
    let mut daemon = Running::start(&house);
    daemon.says(&["visited"]);
    reads("while it runs");
    daemon.stop();
    reads("after it stopped");
    for entry in std::fs::read_dir(&state).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().mode() & 0o027, 0, "{:?}", entry.path());
    }
}
