//! Values that may hold an expanded secret: usable, never shown.

use std::fmt;

use url::Url;

/// A text in which `${…}` may have been expanded. `Debug` and `Display` show the unexpanded text.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText {
    expanded: String,
    shown: String,
}

impl SecretText {
    /// A text with its expansion; `shown` is the text of the config file.
    pub fn new(expanded: String, shown: String) -> Self {
        Self { expanded, shown }
    }

    /// A text that holds no secret.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { expanded: text.clone(), shown: text }
    }

    /// The value itself: for the wire only.
    pub fn expose(&self) -> &str {
        &self.expanded
    }

    /// The unexpanded text: for logs, errors, listings and the database.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether something was expanded.
    pub fn is_secret(&self) -> bool {
        self.expanded != self.shown
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown, f)
    }
}

impl fmt::Display for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// A URL in which `${…}` may have been expanded. `Debug` and `Display` show the unexpanded text.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl {
    url: Url,
    shown: String,
}

impl SecretUrl {
    /// A parsed URL with the text of the config file.
    pub fn new(url: Url, shown: String) -> Self {
        Self { url, shown }
    }

    /// A URL that holds no secret.
    pub fn plain(url: Url) -> Self {
        let shown = url.to_string();
        Self { url, shown }
    }

    /// The URL itself: for the wire only.
    pub fn expose(&self) -> &Url {
        &self.url
    }

    /// Whether something was expanded: what is shown is another URL, or none.
    pub fn is_secret(&self) -> bool {
        Url::parse(&self.shown).map_or(true, |shown| shown != self.url)
    }

    /// The unexpanded text: for logs, errors, listings and the database.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown, f)
    }
}

impl fmt::Display for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}
