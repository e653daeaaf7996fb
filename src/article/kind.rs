//! What an article is to a reader: a text, a live blog, pictures, a recording, a thread, an offer, a list.
//!
//! schema.org's types are believed first, those of the page's own things and not of what they hold: an article with a film in it
//! has a `VideoObject` too. Where a page states an article, pictures and recordings must outweigh the text. Without types,
//! names and structure must say it together; one alone is on many articles.

use super::json_ld::{self, is_article_type};
use super::outline::{Kind, Tag};
use super::page::Page;
use crate::model::article::ArticleKind;
use crate::model::feed::ParsedEntry;

/// A text with so many words is an article, whatever plays or is shown above it.
const A_TEXT: u32 = 250;
/// Beside a player so few words only say what it plays.
const A_FEW_WORDS: u32 = 80;
/// Times of day in a text, from which on it is told post by post.
const POSTS: usize = 6;
/// Pictures of a gallery.
const PICTURES: usize = 5;
/// Pictures with captions that make a gallery without its name.
const CAPTIONS: usize = 8;

/// What the page's article is.
pub(super) fn of_page(page: &Page<'_>) -> ArticleKind {
    let schema = Schema::new(page);
    let words = page.word_count;
    let og_type = page.head.first(&["og:type"]).map(str::to_ascii_lowercase).unwrap_or_default();
    let og = |kind: &str| og_type.split(['.', ':']).next() == Some(kind);
    // How much text a page may have to be something else.
    let below = |most: u32| !schema.is_article || words < most;
    match () {
        () if schema.is_live || is_live(page) => ArticleKind::Live,
        () if schema.is_gallery && below(A_FEW_WORDS) || is_gallery(page) => ArticleKind::Gallery,
        () if schema.is_episode && below(A_TEXT) => ArticleKind::Podcast,
        () if page.entry.is_some_and(is_episode) && below(A_TEXT) => ArticleKind::Podcast,
        () if (schema.is_audio || og("music")) && words < A_FEW_WORDS => ArticleKind::Podcast,
        () if (schema.is_video || og("video")) && below(A_FEW_WORDS) && words < A_TEXT => ArticleKind::Video,
        () if schema.is_forum && !schema.is_article => ArticleKind::Forum,
        () if (schema.is_product || og("product")) && !schema.is_article => ArticleKind::Product,
        () if schema.is_list && !schema.is_article => ArticleKind::List,
        () if words < A_FEW_WORDS => player(page).unwrap_or_default(),
        () => ArticleKind::Article,
    }
}

/// What an entry is that its feed alone tells of.
pub(super) fn of_entry(entry: &ParsedEntry) -> ArticleKind {
    if is_episode(entry) { ArticleKind::Podcast } else { ArticleKind::Article }
}

/// A recording with its length or its number in a series: a file alone may be the article read aloud.
fn is_episode(entry: &ParsedEntry) -> bool {
    let is_numbered = entry.season.is_some() || entry.episode.is_some();
    entry.enclosures.iter().any(|enclosure| {
        enclosure.media_type.as_deref().is_some_and(|media_type| media_type.starts_with("audio/"))
            && (is_numbered || enclosure.duration_seconds.is_some())
    })
}

/// What the types of the page's own things say.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a type of its own, there or not")]
struct Schema {
    is_article: bool,
    is_live: bool,
    is_gallery: bool,
    is_episode: bool,
    is_audio: bool,
    is_video: bool,
    is_forum: bool,
    is_product: bool,
    is_list: bool,
}

impl Schema {
    fn new(page: &Page<'_>) -> Self {
        let mut schema = Self::default();
        for node in page.nodes {
            let main = node.get("mainEntity").into_iter();
            json_ld::types(node).chain(main.flat_map(json_ld::types)).for_each(|name| schema.add(name));
        }
        // Microdata: what the text stands in.
        for item in page.outline.ancestors(page.reading.root) {
            let name = page.outline.nodes[item].element().and_then(|element| element.attr("itemtype"));
            if let Some(name) = name.and_then(|name| name.rsplit('/').next()) {
                schema.add(name);
                schema.is_article |= is_article(name);
            }
        }
        schema.is_article |= page.head.first(&["og:type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("article"));
        schema.is_article |= page.stated.is_some_and(|node| json_ld::types(node).any(is_article));
        schema
    }

    fn add(&mut self, name: &str) {
        match name {
            "LiveBlogPosting" => self.is_live = true,
            "ImageGallery" | "MediaGallery" => self.is_gallery = true,
            "PodcastEpisode" | "RadioEpisode" => self.is_episode = true,
            "AudioObject" | "MusicRecording" => self.is_audio = true,
            "VideoObject" | "Movie" | "TVEpisode" | "Clip" => self.is_video = true,
            "DiscussionForumPosting" | "QAPage" => self.is_forum = true,
            "Product" | "ProductGroup" | "IndividualProduct" => self.is_product = true,
            "CollectionPage" | "SearchResultsPage" => self.is_list = true,
            _ => {}
        }
    }
}

/// A type of texts, and of nothing more special.
fn is_article(name: &str) -> bool {
    is_article_type(name) && !matches!(name, "DiscussionForumPosting" | "LiveBlogPosting" | "Blog")
}

/// Posts with their times, on a page that calls itself live.
fn is_live(page: &Page<'_>) -> bool {
    names(page).any(|name| says_name(name, LIVE_NAMES)) && times(page) >= POSTS
        || says(page.title, LIVE_TITLES) && times(page) >= POSTS
}

/// Many pictures with few words to each.
fn is_gallery(page: &Page<'_>) -> bool {
    let outline = page.outline;
    let is_whole = |at: &usize| matches!(outline.nodes[*at].tag, Tag::Article | Tag::Main);
    // The few words of a gallery may all stand under one picture, and there may be none that are text.
    let root = if page.reading.blocks.is_empty() {
        (0..outline.nodes.len()).find(is_whole).unwrap_or(0)
    } else {
        outline.ancestors(page.reading.root).find(is_whole).unwrap_or(page.reading.root)
    };
    let range = outline.blocks_of(root);
    let blocks = &outline.blocks[range];
    let pictures = blocks.iter().filter(|block| block.has_image).count();
    let captions = blocks.iter().filter(|block| block.kind == Kind::Caption).count();
    if pictures < PICTURES {
        return false;
    }
    let words = page.word_count as usize;
    let is_named = || {
        says(page.title, GALLERY_TITLES)
            || page.url.path_segments().is_some_and(|mut parts| parts.any(|part| says_name(part, GALLERY_NAMES)))
    };
    captions.min(pictures) >= CAPTIONS && words < 25 * captions || words < 60 * pictures && is_named()
}

/// A player in the middle of the page.
fn player(page: &Page<'_>) -> Option<ArticleKind> {
    let in_middle = page.head.players.iter().find(|player| {
        let mut around = player.ancestors().filter_map(|node| node.value().as_element());
        around.any(|element| matches!(element.name(), "article" | "main"))
    })?;
    let is_video = in_middle.value().as_element().is_some_and(|element| element.name() == "video");
    Some(if is_video { ArticleKind::Video } else { ArticleKind::Podcast })
}

/// Times of day that stand by themselves in the text's element: `<time>`, or a line that begins with one.
fn times(page: &Page<'_>) -> usize {
    let (outline, root) = (page.outline, page.reading.root);
    let elements = outline.nodes[root..outline.nodes[root].end].iter().filter(|item| item.tag == Tag::Time).count();
    let begins = |text: &str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &text.as_bytes()[digits..];
        (1..=2).contains(&digits)
            && matches!(rest.first(), Some(b':' | b'.' | b'h'))
            && rest.len() > 2
            && rest[1..3].iter().all(u8::is_ascii_digit)
            && !rest.get(3).is_some_and(|c| matches!(c, b'.' | b'0'..=b'9'))
    };
    let lines = outline.blocks[outline.blocks_of(root)].iter().filter(|block| {
        !matches!(block.kind, Kind::Row(_)) && begins(block.text.trim_start_matches(['[', '(', '+', ' ']))
    });
    elements.max(lines.count())
}

/// Classes and ids around the text, the page's included.
fn names<'a>(page: &Page<'a>) -> impl Iterator<Item = &'a str> {
    let outline = page.outline;
    let elements = outline.ancestors(page.reading.root).filter_map(|at| outline.nodes[at].element());
    elements.flat_map(|element| [element.attr("class"), element.attr("id")].into_iter().flatten())
}

/// Whether one of the names, cut at spaces, holds one of the words whatever stands between its parts.
fn says_name(name: &str, words: &[&str]) -> bool {
    let letters: String =
        name.chars().take(500).filter(|c| c.is_alphanumeric() || *c == ' ').flat_map(char::to_lowercase).collect();
    words.iter().any(|word| letters.contains(word))
}

fn says(title: Option<&str>, words: &[&str]) -> bool {
    let title = title.map(str::to_lowercase).unwrap_or_default();
    words.iter().any(|word| title.contains(word))
}

/// Names of elements and of parts of addresses.
const LIVE_NAMES: &[&str] =
    &["liveblog", "liveticker", "livecoverage", "liveupdates", "livestory", "livereporting", "directo"];
const GALLERY_NAMES: &[&str] = &[
    "gallery",
    "galleries",
    "galeri",
    "slideshow",
    "fotostrecke",
    "bilderstrecke",
    "diaporama",
    "photostory",
    "photoessay",
    "inpictures",
    "bildspel",
    "bildergalerie",
    "fotoreportage",
    "fotogaleria",
    "fotogalerie",
];

/// What headlines of live blogs say.
const LIVE_TITLES: &[&str] = &[
    "live blog",
    "liveblog",
    "live updates",
    "live:",
    "– live",
    "- live",
    "as it happened",
    "minute by minute",
    "liveticker",
    "live-ticker",
    "newsblog",
    "news-blog",
    "en direct",
    "minute par minute",
    "minuto a minuto",
    "en vivo",
    "en directo",
    "ao vivo",
    "in diretta",
    "diretta live",
    "na żywo",
    "relacja live",
    "онлайн-трансляция",
    "хроника",
    "онлайн-репортаж",
    "canlı",
    "liverapport",
    "följ live",
    "suorana",
    "seuranta",
    "živě",
    "naživo",
    "élőben",
    "percről percre",
    "uživo",
    "live tekst",
    "ζωντανά",
    "速報",
    "실시간",
    "直播",
    "مباشر",
    "עדכונים שוטפים",
    "trực tiếp",
    "लाइव",
];

/// What headlines of galleries say.
const GALLERY_TITLES: &[&str] = &[
    "in pictures",
    "in photos",
    "photo gallery",
    "photos:",
    "pictures:",
    "slideshow",
    "fotostrecke",
    "bilderstrecke",
    "die bilder",
    "in bildern",
    "en images",
    "diaporama",
    "en imágenes",
    "fotogalería",
    "galería",
    "galeria zdjęć",
    "fotogaleria",
    "em fotos",
    "em imagens",
    "le foto",
    "in beeld",
    "i bilder",
    "kuvina",
    "fotogalerie",
    "fotky",
    "képekben",
    "galéria",
    "в фотографиях",
    "фотогалерея",
    "фоторепортаж",
    "foto galeri",
    "φωτογραφίες",
    "写真特集",
    "图集",
    "組圖",
    "组图",
    "화보",
    "صور",
];
