//! Pages that came in place of an article's: a form that asks for consent, a proof or a password.
//!
//! Asked only where the text is short, and believed only where the page does not present itself as an article. A form's words are none
//! of the article's, so nothing of them is kept.

use super::page::Page;
use crate::fingerprint::letters;
use crate::html;
use crate::model::article::{Access, AccessFound, Article, ArticleKind, InsteadOfArticle};

/// Words beyond which a text is no form.
const MANY_WORDS: u32 = 600;
/// Words beside those of a form that are an article's.
const OWN_WORDS: u32 = 60;

/// What the page is in place of an article's.
pub(super) fn of_page(page: &Page<'_>) -> Option<InsteadOfArticle> {
    if page.word_count > MANY_WORDS {
        return None;
    }
    let paragraphs = page.text.split("\n\n");
    let (mut said, mut words, mut all) = (0, 0, 0);
    for paragraph in paragraphs {
        let consent = html::consent_words(paragraph);
        said += consent;
        all += paragraph.len();
        words += if consent > 0 { paragraph.len() } else { 0 };
    }
    let is_article = presents_an_article(page);
    // An article about such forms has more to say than they do.
    if said >= 3 && words * 10 > all * if is_article { 9 } else { 5 } {
        return Some(InsteadOfArticle::ConsentWall);
    }
    let own = u64::from(page.word_count) * (all - words) as u64 / all.max(1) as u64;
    if is_article || own > u64::from(OWN_WORDS) {
        return None;
    }
    html::instead_of_article(page.tree, page.markup)
}

/// Whether the page says that it is an article, or is called what the feed calls it.
fn presents_an_article(page: &Page<'_>) -> bool {
    let fold = |text| letters(text).collect::<String>();
    let called = page.entry.and_then(|entry| entry.title.as_deref()).map(fold).filter(|title| title.len() > 3);
    page.stated.is_some_and(|node| node.get("headline").is_some())
        || page.head.first(&["og:type"]).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("article"))
        || page.head.first(&["article:published_time"]).is_some()
        || called.zip(page.own_title.map(fold)).is_some_and(|(called, title)| title.contains(&called))
}

/// The article without what is the form's.
pub(super) fn without_text(article: Article) -> Article {
    let Some(instead) = article.instead else { return article };
    let access = (instead == InsteadOfArticle::ConsentWall)
        .then(|| AccessFound { access: Access::Consent, reason: format!("the page {}", instead.says()) });
    let mut warnings = article.warnings;
    warnings.push(format!("the page {}", instead.says()));
    Article {
        kind: ArticleKind::Article,
        access,
        content_html: String::new(),
        content_text: String::new(),
        word_count: 0,
        related: Vec::new(),
        description: None,
        image_url: None,
        addresses: Vec::new(),
        warnings,
        ..article
    }
}
