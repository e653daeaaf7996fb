//! Which config is used, and what is said when there is none or it is wrong.

use crate::house::House;

/// Every command that uses a config.
const COMMANDS: [&[&str]; 6] = [&["once"], &["check"], &["status"], &["show", "1"], &["migrate"], &["test", "news"]];

#[test]
fn a_wrong_config_is_exit_78_with_each_error_at_its_place() {
    let house = House::with_news();
    let lines = "[defaults]\nevry = '1h'\n[feed.news]\nurl = 'not a url'\n";
    house.file("wrong.toml", lines);
    for command in COMMANDS {
        let ran = house.run_bare(&[&["-c", "wrong.toml"], command].concat(), "");
        ran.refused(
            78,
            &["wrong.toml:2:1: unknown key `evry`", "`every`", "wrong.toml:4:7: ", "2 errors in the config wrong.toml"],
        );
    }
    assert!(!house.database().exists());
}

#[test]
fn toml_that_cannot_be_read_is_exit_78_with_its_place() {
    let house = House::with_news();
    house.file("wrong.toml", "[fetch]\ntimeout = \n");
    house.run_bare(&["-c", "wrong.toml", "once"], "").refused(78, &["wrong.toml:2:"]);
}

#[test]
fn a_config_that_is_not_there_is_exit_78_naming_it() {
    let house = House::with_news();
    for command in COMMANDS {
        house.run_bare(&[&["-c", "nowhere.toml"], command].concat(), "").refused(78, &["nowhere.toml"]);
    }
}

#[test]
fn without_any_config_the_places_tried_are_named() {
    let house = House::with_news();
    for command in COMMANDS {
        let places = ["TEARSHEET_CONFIG", "/etc/tearsheet/tearsheet.toml", "./config/tearsheet.toml"];
        house.run_bare(command, "").refused(78, &places);
    }
}

#[test]
fn verbose_names_the_config() {
    let ran = House::with_news().run(&["-v", "check"]);
    assert_eq!(ran.code, Some(0));
    ran.says(&["the config is tearsheet.toml"]);
}
