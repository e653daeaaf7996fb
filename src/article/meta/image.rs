//! The lead image.

use serde_json::Value;
use url::Url;

use super::head::Head;
use crate::article::json_ld;
use crate::html::absolute;

/// The lead image.
pub(in crate::article) fn find(head: &Head<'_>, nodes: &[Value], article: Option<&Value>, base: &Url) -> Option<Url> {
    let of_article = || {
        let image = json_ld::resolve(nodes, article?.get("image").or_else(|| article?.get("thumbnailUrl"))?);
        json_ld::text(image)
    };
    head.first(&[
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
        "image",
        "thumbnail",
    ])
    .or_else(of_article)
    .or_else(|| head.link("image_src"))
    .and_then(|reference| absolute(reference, Some(base)))
}
