//! HTML: bytes → bounded tree, sanitising, visible text, discovery of feeds, what a page wants. What feeds and articles both need.
//!
//! Pure. Whatever the input holds, parsing takes bounded time and memory: `slim` drops in one linear pass what no reader
//! sees and what would make the parser quadratic, and `tree` stops feeding the parser when a bound is reached. What is beyond
//! is cut with a warning, never an error. Markup that leaves this room to be stored has gone through ammonia, last, or was
//! so well-formed that ammonia would hand it back as it is (`direct`).

mod address;
mod attribute;
mod declared;
mod direct;
mod discover;
mod instead;
mod kind;
mod mark;
mod reference;
mod sanitize;
mod slim;
mod text;
mod tree;
mod walk;
mod write;

pub(crate) use self::address::absolute;
pub use self::declared::decode;
pub(crate) use self::discover::document_base;
pub use self::discover::{FeedLink, discover_feeds, without_feed_scheme};
pub use self::instead::{PageInstead, page_instead};
pub(crate) use self::instead::{consent_words, instead_of_article};
pub(crate) use self::mark::Mark;
pub use self::sanitize::sanitize;
pub(crate) use self::sanitize::{DOCUMENT_WORK, bare_text, check, sanitize_within};
pub(crate) use self::text::{Lines, is_block};
pub use self::text::{plain_text, visible_lines, visible_text};
pub use self::tree::{Tree, parse, parse_fragment};
pub(crate) use self::walk::{Step, walk};
pub(crate) use self::write::{Writer, is_dropped, is_void};
