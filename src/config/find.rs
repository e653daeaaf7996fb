//! Which file is the config, when the command line does not say.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// Names the config.
const VARIABLE: &str = "TEARSHEET_CONFIG";

/// Looked at in this order when the variable is not set.
const PLACES: [&str; 2] = ["/etc/tearsheet/tearsheet.toml", "./config/tearsheet.toml"];

/// There is no config in any place where one is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoConfig;

impl fmt::Display for NoConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no config: -c is not given, ${VARIABLE} is not set, and there is no {}", PLACES.join(" and no "))
    }
}

impl std::error::Error for NoConfig {}

/// The config that is used without `-c`: `$TEARSHEET_CONFIG`, else `/etc/tearsheet/tearsheet.toml`, else
/// `./config/tearsheet.toml`.
///
/// What the variable names is used even when it does not exist, so that a wrong name is an error and not another config.
pub fn default_path() -> Result<PathBuf, NoConfig> {
    choose(env::var_os(VARIABLE), Path::exists)
}

fn choose(variable: Option<OsString>, exists: impl Fn(&Path) -> bool) -> Result<PathBuf, NoConfig> {
    if let Some(path) = variable.filter(|path| !path.is_empty()) {
        return Ok(PathBuf::from(path));
    }
    PLACES.iter().map(Path::new).find(|path| exists(path)).map(Path::to_owned).ok_or(NoConfig)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{NoConfig, PLACES, choose};

    #[test]
    fn variable_wins_then_the_first_place_that_exists() {
        assert_eq!(choose(Some("/x".into()), |_| true), Ok(PathBuf::from("/x")));
        assert_eq!(choose(Some("".into()), |_| true), Ok(PathBuf::from(PLACES[0])));
        assert_eq!(choose(None, |path| path == Path::new(PLACES[1])), Ok(PathBuf::from(PLACES[1])));
        let message = choose(None, |_| false).unwrap_err().to_string();
        assert!(PLACES.iter().all(|place| message.contains(place)) && message.contains("TEARSHEET_CONFIG"));
        assert_eq!(choose(None, |_| false), Err(NoConfig));
    }
}
