//! The feeds of the config as OPML 2.0: a folder a tag, as readers have them, and as `include` and `import` read them.
//!
//! A feed of several tags stands in several folders. Addresses are those of the config's text: no secret is written out.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::atom::legal;
use crate::config::{Config, FeedConfig};
use crate::model::id::Slug;

/// Writes the feeds that have one of `slugs` and one of `tags`, where there are any.
pub(super) fn write(config: &Config, slugs: &[Slug], tags: &[String], out: &mut dyn Write) -> io::Result<()> {
    let is_wanted = |feed: &&FeedConfig| {
        (slugs.is_empty() || slugs.contains(&feed.slug))
            && (tags.is_empty() || feed.tags.iter().any(|tag| tags.contains(tag)))
    };
    let mut loose: Vec<&FeedConfig> = Vec::new();
    let mut folders: BTreeMap<&str, Vec<&FeedConfig>> = BTreeMap::new();
    for feed in config.feeds.iter().filter(is_wanted) {
        if feed.tags.is_empty() {
            loose.push(feed);
        }
        for tag in &feed.tags {
            folders.entry(tag).or_default().push(feed);
        }
    }
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    xml.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
    xml.write_event(Event::Start(BytesStart::new("head")))?;
    xml.create_element("title").write_text_content(BytesText::new("Feeds of tearsheet"))?;
    xml.write_event(Event::End(BytesEnd::new("head")))?;
    xml.write_event(Event::Start(BytesStart::new("body")))?;
    for feed in loose {
        xml.write_event(Event::Empty(outline(feed)))?;
    }
    for (tag, feeds) in folders {
        let mut folder = BytesStart::new("outline");
        folder.push_attribute(("text", legal(tag).as_str()));
        xml.write_event(Event::Start(folder))?;
        for feed in feeds {
            xml.write_event(Event::Empty(outline(feed)))?;
        }
        xml.write_event(Event::End(BytesEnd::new("outline")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("body")))?;
    xml.write_event(Event::End(BytesEnd::new("opml")))?;
    let out = xml.into_inner();
    out.write_all(b"\n")?;
    out.flush()
}

fn outline(feed: &FeedConfig) -> BytesStart<'static> {
    let title = legal(feed.title.as_deref().unwrap_or(feed.slug.as_str()));
    let mut outline = BytesStart::new("outline");
    outline.push_attribute(("type", "rss"));
    outline.push_attribute(("text", title.as_str()));
    outline.push_attribute(("title", title.as_str()));
    outline.push_attribute(("xmlUrl", legal(feed.url.shown()).as_str()));
    outline
}
