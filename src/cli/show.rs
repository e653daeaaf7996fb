//! `tearsheet show`: an article as text, Markdown, HTML or JSON.

use std::path::Path;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::article_json::DateObject;
use super::plain::{paragraphs, plain};
use super::{CliError, configured, print, table, time};
use crate::article::markdown;
use crate::config::Config;
use crate::model::article::{AccessFound, ArticleKind};
use crate::model::date::{ChosenDate, DateClaim};
use crate::store::reader::{LaterPage, Reader, StoredArticle, StoredLink, StoredRevision};

/// Shows an article: its text with its dates and where they come from.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The article's id, or any address by which it is known.
    #[arg(value_name = "ARTICLE")]
    article: String,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The same as `--format json`.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Html,
    Json,
}

/// Prints the article. Works beside a running daemon.
pub(super) fn run(args: &ShowArgs, config: Option<&Path>, verbose: u8) -> Result<(), CliError> {
    let config = configured::load_to_read(config, verbose)?;
    let reader = Reader::open(&config.store.path).map_err(|error| CliError::failed(&error))?;
    let article = find(&reader, &args.article)?.ok_or_else(|| unknown(&args.article, &config))?;
    let html = article.content_html.as_deref().unwrap_or_default();
    let format = if args.json { Format::Json } else { args.format };
    print(&match format {
        Format::Text => to_text(&article),
        Format::Markdown => format!("{}{}\n", markdown_head(&article), paragraphs(markdown::write(html).trim_end())),
        Format::Html => format!("{}{html}\n", html_head(&article)),
        Format::Json => format!("{}\n", to_json(&article)),
    })
}

/// The article that `text` means: an id, or any address by which it is known.
pub(super) fn find(reader: &Reader, text: &str) -> Result<Option<StoredArticle>, CliError> {
    let id = reader.resolve(text).map_err(|error| CliError::failed(&error))?;
    let article = id.map(|id| reader.article(id)).transpose().map_err(|error| CliError::failed(&error))?;
    Ok(article.flatten())
}

/// What a command ends with when there is no such article.
pub(super) fn unknown(text: &str, config: &Config) -> CliError {
    CliError::Failed(format!("no article `{text}` in {}", config.store.path.display()))
}

fn to_text(article: &StoredArticle) -> String {
    let duplicate = article.duplicate.as_ref();
    let fields = table::fields([
        ("article", article.id.to_string()),
        ("url", article.url.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("by", article.authors.join(", ")),
        ("site", article.site_name.clone().unwrap_or_default()),
        ("published", article.published.as_ref().map(provenance).unwrap_or_default()),
        ("updated", article.updated.as_ref().map(provenance).unwrap_or_default()),
        ("seen", time::stamp(article.first_seen_at)),
        ("changed", article.changed_at.map(time::stamp).unwrap_or_default()),
        ("feeds", article.feeds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ("text from", article.content_source.clone().unwrap_or_else(|| "nowhere yet".to_owned())),
        ("kind", kind(article.kind)),
        ("access", article.access.as_ref().map(access).unwrap_or_default()),
        (
            "copy of",
            duplicate.map(|d| format!("article {} ({}, {:.2})", d.head, d.kind, d.similarity)).unwrap_or_default(),
        ),
        ("state", article.status.state.clone()),
        ("last error", article.status.last_error.clone().unwrap_or_default()),
    ]);
    let title = plain(article.title.as_deref().unwrap_or("(no title)"));
    let body = article.content_text.as_ref().map(|body| format!("\n{}\n", paragraphs(body))).unwrap_or_default();
    let related = article.related.iter().map(related_line);
    let related = if article.related.is_empty() { String::new() } else { format!("\nRelated\n{}", lines(related)) };
    format!("{title}\n\n{fields}{body}{related}")
}

/// What the article is, where it is not what most are.
pub(super) fn kind(kind: ArticleKind) -> String {
    if kind == ArticleKind::Article { String::new() } else { kind.as_str().to_owned() }
}

/// `paywall: the text is only a teaser: behind a paywall (isAccessibleForFree is false)`.
pub(super) fn access(found: &AccessFound) -> String {
    format!("{}: {} ({})", found.access.as_str(), found.access.means(), found.reason)
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |text, line| text + "  " + &plain(&line) + "\n")
}

/// `2015-03-05T10:20:00Z (minute, visible, zone assumed: "5 Mar, 2015 10:20")`.
pub(super) fn provenance(date: &ChosenDate) -> String {
    let when = &date.when;
    let (at, precision, source) = (time::stamp(when.at.to_utc()), when.precision.as_str(), date.source.as_str());
    format!("{at} ({precision}, {source}, zone {}: {:?})", when.zone.as_str(), date.raw)
}

fn related_line(link: &StoredLink) -> String {
    let title = link.title.as_deref().unwrap_or_default();
    let target = link.target.map(|id| format!(" [article {id}]")).unwrap_or_default();
    format!("{}: {title} <{}>{target}", link.label.as_deref().unwrap_or(link.kind.as_str()), link.url)
}

fn markdown_head(article: &StoredArticle) -> String {
    article.title.as_ref().map(|title| format!("# {}\n\n", markdown::escape(&plain(title)))).unwrap_or_default()
}

/// The stored text has no heading of its own: the title is a column.
fn html_head(article: &StoredArticle) -> String {
    let escaped = |title: &String| title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    article.title.as_ref().map(|title| format!("<h1>{}</h1>\n", escaped(title))).unwrap_or_default()
}

pub(super) fn to_json(article: &StoredArticle) -> Value {
    let duplicate = article.duplicate.as_ref();
    json!({
        "id": article.id,
        "url": article.url,
        "site": article.site,
        "site_name": article.site_name,
        "title": article.title,
        "authors": article.authors,
        "language": article.language,
        "description": article.description,
        "image_url": article.image_url,
        "content_html": article.content_html,
        "content_text": article.content_text,
        "word_count": article.word_count,
        "kind": article.kind,
        "access": article.access.as_ref().map(|found| found.access),
        "access_reason": article.access.as_ref().map(|found| &found.reason),
        "content_source": article.content_source,
        "published": article.published.as_ref().map(DateObject::from),
        "updated": article.updated.as_ref().map(DateObject::from),
        "first_seen_at": time::stamp(article.first_seen_at),
        "changed_at": article.changed_at.map(time::stamp),
        "revision_count": article.revision_count,
        "duplicate_of": duplicate.map(|duplicate| duplicate.head),
        "duplicate_kind": duplicate.map(|duplicate| &duplicate.kind),
        "similarity": duplicate.map(|duplicate| duplicate.similarity),
        "state": article.status.state,
        "next_check_at": article.status.next_check_at.map(time::stamp),
        "next_check_reason": article.status.next_check_reason,
        "checked_at": article.status.checked_at.map(time::stamp),
        "last_error": article.status.last_error,
        "feeds": article.feeds,
        "urls": article.urls.iter().map(|(kind, url)| json!({"kind": kind, "url": url})).collect::<Vec<_>>(),
        "date_claims": article.date_claims.iter().map(claim).collect::<Vec<_>>(),
        "related": article.related.iter().map(link).collect::<Vec<_>>(),
        "pages": 1 + article.parts.iter().filter(|part| part.fetched_at.is_some()).count(),
        "later_pages": article.parts.iter().map(later_page).collect::<Vec<_>>(),
        "revisions": article.revisions.iter().map(revision).collect::<Vec<_>>(),
    })
}

pub(super) fn claim(claim: &DateClaim) -> Value {
    json!({
        "field": claim.field,
        "source": claim.source,
        "raw": claim.raw,
        "label": claim.label,
        "at": claim.when.map(|when| time::stamp(when.at.to_utc())),
        "earliest": claim.when.map(|when| time::stamp(when.earliest)),
        "latest": claim.when.map(|when| time::stamp(when.latest)),
        "precision": claim.when.map(|when| when.precision),
        "zone": claim.when.map(|when| when.zone),
        "chosen": claim.chosen,
        "reject_reason": claim.reject_reason,
    })
}

fn link(link: &StoredLink) -> Value {
    json!({
        "kind": link.kind,
        "label": link.label,
        "title": link.title,
        "url": link.url,
        "target_article_id": link.target,
    })
}

fn later_page(part: &LaterPage) -> Value {
    json!({"number": part.number, "url": part.url, "fetched_at": part.fetched_at.map(time::stamp)})
}

pub(super) fn revision(revision: &StoredRevision) -> Value {
    json!({
        "id": revision.id,
        "number": revision.number,
        "observed_at": time::stamp(revision.observed_at),
        "updated_at": revision.updated_at.map(time::stamp),
        "kind": revision.kind,
        "silent": revision.silent,
        "correction": revision.correction,
        "words_added": revision.words_added,
        "words_removed": revision.words_removed,
        "title": revision.title,
    })
}
