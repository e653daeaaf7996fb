//! What an article is: its text, metadata, dates and related links.

use serde::{Deserialize, Serialize};
use url::Url;

use super::date::{ChosenDate, DateClaim};

/// An article as read from a page, or made from a feed's entry. Reading cannot fail, only be poor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Article {
    /// Plain text, without the site's name.
    pub title: Option<String>,
    /// Names, plain text.
    pub authors: Vec<String>,
    /// The publication.
    pub site_name: Option<String>,
    /// BCP 47 tag, declared or detected.
    pub language: Option<String>,
    /// The publisher's short description, plain text.
    pub description: Option<String>,
    /// The lead image.
    pub image_url: Option<Url>,
    /// When it was published, as the publisher says.
    pub published: Option<ChosenDate>,
    /// When it was last changed, as the publisher says.
    pub updated: Option<ChosenDate>,
    /// Every date found and what became of it.
    pub date_claims: Vec<DateClaim>,
    /// Sanitised HTML; URLs absolute http(s).
    pub content_html: String,
    /// One paragraph, heading or list item a line, with an empty line between.
    pub content_text: String,
    /// Words of `content_text`; a character counts as one in scripts without spaces.
    pub word_count: u32,
    /// Related links, in document order.
    pub related: Vec<RelatedLink>,
    /// What it is to a reader.
    pub kind: ArticleKind,
    /// Whether the text is the whole one; `None` where nothing tells.
    pub access: Option<AccessFound>,
    /// What the page is in place of an article's. Then there is no text.
    pub instead: Option<InsteadOfArticle>,
    /// Other addresses that the page gives itself.
    pub addresses: Vec<PageAddress>,
    /// Where the article goes on, when it runs over several pages.
    pub next_part: Option<Url>,
    /// What is remembered of the page, to tell what its siblings share with it.
    pub blocks: PageBlocks,
    /// What went wrong or was cut, in words.
    pub warnings: Vec<String>,
}

/// What is remembered of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageBlocks {
    /// The blocks that may be text, a number each, in ascending order; the lowest bit tells whether it was taken.
    pub keys: Vec<u64>,
    /// What its elements are called, a number each, in ascending order, with how likely the blocks in them are text.
    pub shapes: Vec<u64>,
    /// The `page` rules of the config that it was read by, as JSON; empty without any.
    pub rules: String,
}

/// What an article is to a reader: `articles.article_kind`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ArticleKind {
    /// A text, whatever stands beside it.
    #[default]
    Article,
    /// A text that grows by the minute, post by post.
    Live,
    /// Pictures with captions.
    Gallery,
    /// A recording to listen to: an episode of a podcast, a broadcast.
    Podcast,
    /// A recording to watch.
    Video,
    /// A thread, a question with its answers.
    Forum,
    /// An offer.
    Product,
    /// A list of other pages.
    List,
}

impl ArticleKind {
    /// The word that the database and the JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Live => "live",
            Self::Gallery => "gallery",
            Self::Podcast => "podcast",
            Self::Video => "video",
            Self::Forum => "forum",
            Self::Product => "product",
            Self::List => "list",
        }
    }
}

/// Who may read an article, and whether its text is the whole one: `articles.access`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Everybody, as the publisher says.
    Free,
    /// Not everybody, or not always; the text is the whole one all the same.
    Metered,
    /// Who pays or signs in; the text is what stands before the wall.
    Paywall,
    /// Who consents; the text is not the page's.
    Consent,
}

impl Access {
    /// The word that the database and the JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Metered => "metered",
            Self::Paywall => "paywall",
            Self::Consent => "consent",
        }
    }

    /// What it means for the text, for people.
    pub const fn means(self) -> &'static str {
        match self {
            Self::Free => "free for everybody, as the publisher says",
            Self::Metered => "not free for everybody; the text is the whole one all the same",
            Self::Paywall => "the text is only a teaser: behind a paywall",
            Self::Consent => "the page wants consent first; the text is the feed's",
        }
    }
}

/// Who may read an article, and what tells so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessFound {
    /// Who may.
    pub access: Access,
    /// What tells, in words: `isAccessibleForFree is false`.
    pub reason: String,
}

/// What a page is that came in place of an article's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InsteadOfArticle {
    /// It wants consent to cookies first.
    ConsentWall,
    /// It tells people from programs.
    ChallengePage,
    /// It wants a password, or hands on to one that does.
    LoginPage,
    /// It asks for patience.
    MaintenancePage,
    /// It says that there is no such page, with a status that says otherwise.
    MissingPage,
}

impl InsteadOfArticle {
    /// The word that the database uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConsentWall => "consent-wall",
            Self::ChallengePage => "challenge-page",
            Self::LoginPage => "login-page",
            Self::MaintenancePage => "maintenance-page",
            Self::MissingPage => "missing-page",
        }
    }

    /// What it says, for people.
    pub const fn says(self) -> &'static str {
        match self {
            Self::ConsentWall => "asks for consent in place of an article",
            Self::ChallengePage => "asks for proof that its visitor is no program in place of an article",
            Self::LoginPage => "asks for a password in place of an article",
            Self::MaintenancePage => "asks for patience in place of an article",
            Self::MissingPage => "says in place of an article that there is none",
        }
    }
}

/// How a related link was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// READ MORE in the text.
    Inline,
    /// A box or list in or right after the article.
    Block,
    /// Atom `rel="related"`, `via`.
    Feed,
    /// JSON-LD and link elements.
    Metadata,
}

impl LinkKind {
    /// The word that the database and the JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Block => "block",
            Self::Feed => "feed",
            Self::Metadata => "metadata",
        }
    }
}

/// A link to an article that the publisher calls related.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedLink {
    /// How it was found.
    pub kind: LinkKind,
    /// The words that call it related: `READ MORE`.
    pub label: Option<String>,
    /// The text of the link.
    pub title: Option<String>,
    /// Absolute, http(s).
    pub url: Url,
}

/// By which road an address is known to lead to a document: `article_urls.kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AddressKind {
    /// The entry's link.
    Link,
    /// Where redirects ended.
    Final,
    /// `rel="canonical"`.
    Canonical,
    /// `rel="amphtml"`.
    Amp,
    /// `og:url`.
    Og,
}

impl AddressKind {
    /// The word that the database uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Final => "final",
            Self::Canonical => "canonical",
            Self::Amp => "amp",
            Self::Og => "og",
        }
    }
}

/// An address that a page gives itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAddress {
    /// By which road.
    pub kind: AddressKind,
    /// Absolute, http(s).
    pub url: Url,
}
