//! From `include` patterns to the files that they name.

use std::io;
use std::path::{Path, PathBuf};

use super::expand::reason;
use super::finding::shown;
use super::world::World;

/// What an included file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Toml,
    Opml,
}

impl Kind {
    /// By the end of the name.
    fn of(name: &str) -> Option<Self> {
        match Path::new(name).extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "opml" | "xml" => Some(Self::Opml),
            _ => None,
        }
    }
}

/// The files that `pattern` names, in name order; a name without `*` is not looked for. `folder` is where it starts from.
///
/// # Errors
///
/// What is wrong with the pattern, or with the folder that it looks into; a folder that does not exist is empty.
pub(super) fn files(pattern: &str, folder: &Path, world: &dyn World) -> Result<(Kind, Vec<PathBuf>), String> {
    let got = || format!("(got \"{}\")", shown(pattern));
    let (parent, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let Some(kind) = Kind::of(name) else { return Err(format!("must end in .toml, .opml or .xml {}", got())) };
    if parent.contains('*') {
        return Err(format!("`*` may stand in the name of the file alone, not in that of a folder {}", got()));
    }
    if pattern.contains('\0') {
        return Err(format!("must not contain NUL {}", got()));
    }
    if !name.contains('*') {
        return Ok((kind, vec![folder.join(pattern)]));
    }
    let parent = match pattern.len() - name.len() {
        0 => folder.to_owned(),
        length => folder.join(&pattern[..length]),
    };
    let mut names = match world.list(&parent) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(format!("cannot read the folder {}: {}", parent.display(), reason(&error))),
    };
    names.retain(|found| !found.starts_with('.') && matches(name, found));
    names.sort_unstable();
    Ok((kind, names.into_iter().map(|name| parent.join(name)).collect()))
}

/// Whether `name` is `pattern` with something, or nothing, for each `*`.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    // The leftmost place of each part leaves the most for the others, so no other choice needs a try.
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Kind, files, matches};
    use crate::config::world::TestWorld;

    #[test]
    fn star_stands_for_any_part_of_a_name() {
        for (pattern, name, expected) in [
            ("*.toml", "a.toml", true),
            ("*.toml", ".toml", true),
            ("*.toml", "a.toml~", false),
            ("a*b*c", "axbybc", true),
            ("a*b*c", "acb", false),
            ("a*a", "a", false),
            ("**", "x", true),
            ("x", "xx", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn files_come_in_name_order_without_hidden_ones() {
        let world = TestWorld::default().file("/c/d/b.toml", "").file("/c/d/a.toml", "").file("/c/d/.x.toml", "");
        let (kind, found) = files("d/*.toml", Path::new("/c"), &world).unwrap();
        assert_eq!((kind, found), (Kind::Toml, vec![PathBuf::from("/c/d/a.toml"), PathBuf::from("/c/d/b.toml")]));
        assert_eq!(files("e/*.opml", Path::new("/c"), &world), Ok((Kind::Opml, Vec::new())));
    }

    #[test]
    fn many_stars_take_no_time() {
        assert!(!matches(&"*a".repeat(500), &"a".repeat(499)));
    }
}
