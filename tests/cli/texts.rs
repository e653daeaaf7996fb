//! Feeds that carry whole texts, so that an edit is one more poll away.

use crate::house::House;
use crate::support::Reply;

/// A feed of entries, each with name, title and text; an empty line ends a paragraph.
pub(crate) fn feed(entries: &[(&str, &str, &str)]) -> String {
    let item = |(name, title, text): &(&str, &str, &str)| {
        let paragraphs: String = text.split("\n\n").map(|paragraph| format!("<p>{paragraph}</p>")).collect();
        format!(
            "<item><title>{title}</title><link>/{name}</link><guid isPermaLink='false'>{name}</guid>\
             <content:encoded><![CDATA[{paragraphs}]]></content:encoded></item>"
        )
    };
    format!(
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>The News</title>\
         {}</channel></rss>",
        entries.iter().map(item).collect::<String>()
    )
}

/// A house with a feed called `news` that serves these documents one after the other.
pub(crate) fn house(documents: &[String]) -> House {
    let house = House::new("[feed.news]\nurl = 'SERVER/feed.xml'\ntags = ['town']\ncontent = 'feed'\n");
    house.server.on("/feed.xml", documents.iter().map(|document| Reply::ok(document.clone())));
    for _ in documents {
        house.run(&["once", "news"]).good();
    }
    house
}
