//! The lead image.

use std::borrow::Cow;

use serde_json::Value;
use url::Url;

use super::head::Head;
use crate::article::json_ld;
use crate::html::absolute;

/// The lead image: as the head or the data names it, else the first of the article's own. A logo and a placeholder are none.
pub(in crate::article) fn find(
    head: &Head<'_>,
    nodes: &[Value],
    article: Option<&Value>,
    content_html: &str,
    base: &Url,
) -> Option<Url> {
    let of_article = article.and_then(|article| article.get("image").or_else(|| article.get("thumbnailUrl")));
    let of_article = of_article.map(|image| json_ld::resolve(nodes, image)).and_then(json_ld::text);
    KEYS.iter()
        .flat_map(|key| head.all(key))
        .chain(of_article)
        .chain(head.link("image_src"))
        .map(Cow::Borrowed)
        .chain(in_content(content_html))
        .filter_map(|reference| absolute(&reference, Some(base)))
        .find(is_picture)
}

/// The names of the `<meta>` elements that name an image, in order of trust.
const KEYS: [&str; 7] =
    ["og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image", "thumbnail"];

/// The images of the article's markup, which the sanitiser has written.
fn in_content(html: &str) -> impl Iterator<Item = Cow<'_, str>> {
    html.split("<img ").skip(1).filter_map(|rest| {
        let tag = &rest[..rest.find('>')?];
        let value = |name: &str| {
            let start = tag.find(name)? + name.len();
            Some(&tag[start..start + tag[start..].find('"')?])
        };
        let is_small = |name| value(name).and_then(|size| size.parse::<u32>().ok()).is_some_and(|size| size < 150);
        let source = value("src=\"").filter(|_| !is_small("width=\"") && !is_small("height=\""))?;
        Some(if source.contains('&') { source.replace("&amp;", "&").into() } else { source.into() })
    })
}

/// Whether the name of a file is that of a picture: not of the site's sign, of a blank, or of an icon.
fn is_picture(url: &Url) -> bool {
    const SIGNS: [&str; 16] = [
        "logo",
        "logos",
        "placeholder",
        "blank",
        "spacer",
        "pixel",
        "1x1",
        "favicon",
        "icon",
        "avatar",
        "gravatar",
        "sprite",
        "transparent",
        "loading",
        "noimage",
        "dummy",
    ];
    let file =
        url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default().to_ascii_lowercase();
    matches!(url.scheme(), "http" | "https")
        && (file.len() > 40 || !file.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| SIGNS.contains(&word)))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Head, find};
    use crate::html::parse;

    #[track_caller]
    fn check(head: &str, content: &str, expected: Option<&str>) {
        let base = Url::parse("https://post.example/a/").unwrap();
        let tree = parse(head);
        let found = find(&Head::new(&tree.html), &[], None, content, &base);
        assert_eq!(found.as_ref().map(Url::as_str), expected, "{head} {content}");
    }

    #[test]
    fn signs_and_blanks_are_no_lead_image() {
        check("<meta property=og:image content=/i/ferry.jpg>", "", Some("https://post.example/i/ferry.jpg"));
        check(
            "<meta property=og:image content=/i/logo.png><meta name=twitter:image content=/i/ferry.jpg>",
            "",
            Some("https://post.example/i/ferry.jpg"),
        );
        check("<meta property=og:image content=/i/site-logo-big.png>", "", None);
        check("<meta property=og:image content='data:image/gif;base64,AA'>", "", None);
    }

    #[test]
    fn the_article_s_first_large_image_is_the_last_resort() {
        let content = r#"<img src="https://post.example/small.jpg" width="40"><img alt="" src="https://post.example/b.jpg?w=1&amp;h=2">"#;
        check("", content, Some("https://post.example/b.jpg?w=1&h=2"));
        check("", "<p>No image", None);
    }
}
