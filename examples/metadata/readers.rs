//! What readers say of a page.

use std::collections::HashMap;
use std::path::Path;
use std::{fs, io};

use chrono::{DateTime, TimeDelta};
use serde::Deserialize;
use tearsheet::article::{PageInput, read};
use tearsheet::html;
use url::Url;

/// The metadata of a page, as one reader has it.
#[derive(Debug, Default, Clone, Deserialize)]
pub(crate) struct Said {
    pub title: Option<String>,
    /// One or several names in a line.
    pub author: Option<String>,
    pub site: Option<String>,
    pub image: Option<String>,
    pub lang: Option<String>,
}

pub(crate) fn tearsheet(bytes: &[u8], url: &str) -> Result<Said, url::ParseError> {
    let article = read(&PageInput::new(bytes, &Url::parse(url)?, DateTime::UNIX_EPOCH + TimeDelta::days(20_000)));
    Ok(Said {
        title: article.title,
        author: Some(article.authors.join("; ")).filter(|names| !names.is_empty()),
        site: article.site_name,
        image: article.image_url.map(Url::into),
        lang: article.language,
    })
}

pub(crate) fn readability(bytes: &[u8], url: &str) -> Said {
    let text = html::decode(bytes, None).text;
    let article = dom_smoothie::Readability::new(text.as_ref(), Some(url), None).and_then(|mut page| page.parse());
    let Ok(article) = article else { return Said::default() };
    Said {
        title: Some(article.title).filter(|title| !title.is_empty()),
        author: article.byline,
        site: article.site_name,
        image: article.image,
        lang: article.lang,
    }
}

/// What the files beside the pages hold: readers by name, pages by id.
pub(crate) fn others(folder: &Path) -> io::Result<Vec<(String, HashMap<String, Said>)>> {
    #[derive(Deserialize)]
    struct Line {
        id: String,
        #[serde(flatten)]
        said: Said,
    }
    let mut readers = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        if file.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut pages = HashMap::new();
        for line in fs::read_to_string(&file)?.lines() {
            let line: Line = serde_json::from_str(line)?;
            pages.insert(line.id, line.said);
        }
        readers.push((name, pages));
    }
    readers.sort_by(|(name, _), (other, _)| name.cmp(other));
    Ok(readers)
}
