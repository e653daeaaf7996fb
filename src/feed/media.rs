//! What an entry of an XML dialect shows and plays: attached files, a picture, the place in a series. Elements → notes.
//!
//! Four vocabularies say it (RSS and Atom enclosures, the enclosure module of RSS 1.0, Media RSS, podcast tags), often
//! several of them about one file: it counts once.

use std::borrow::Cow;

use url::Url;

use super::allowance::{Allowance, MAX_PARTS};
use super::atom::NormalEnclosure;
use super::base::absolute;
use super::xml::namespace::Space;
use super::xml::tree::Element;

/// Files, picture and place in a series, as they are found.
#[derive(Debug, Default)]
pub(super) struct Media {
    pub(super) enclosures: Vec<NormalEnclosure>,
    /// The picture, and how sure it is that it is meant to stand for the entry: a smaller number is surer.
    image: Option<(u8, String)>,
    duration_seconds: Option<u64>,
    pub(super) season: Option<u32>,
    pub(super) episode: Option<u32>,
}

impl Media {
    /// Takes what a child of the entry says. Elements that say nothing of the kind are passed over.
    pub(super) fn take(&mut self, child: &Element<'_>, parts: &Allowance, base: Option<&Url>) {
        match (child.space, &*child.name) {
            (Space::Core | Space::Enclosure, "enclosure") => self.enclosure(child, parts, base),
            (Space::Media, "content") => {
                self.enclosure(child, parts, base);
                self.inside(child, parts, base);
            }
            (Space::Media, "group") => self.inside(child, parts, base),
            (Space::Media, "thumbnail") | (Space::Itunes, "image") => self.image_of(0, child, base),
            (Space::Core, "image") => match child.child(Space::Core, "url") {
                Some(url) => self.image(1, &url.text(), base),
                None => self.image_of(1, child, base),
            },
            (Space::Itunes, "duration") => {
                self.duration_seconds = self.duration_seconds.or_else(|| seconds(&child.text()));
            }
            (Space::Itunes, "season") => self.season = self.season.or_else(|| child.text().parse().ok()),
            (Space::Itunes, "episode") => self.episode = self.episode.or_else(|| child.text().parse().ok()),
            _ => {}
        }
    }

    /// Takes the file that an element names in an attribute.
    pub(super) fn enclosure(&mut self, element: &Element<'_>, parts: &Allowance, base: Option<&Url>) {
        let Some(href) = address(element, base).filter(|_| parts.take()) else { return };
        let media_type = element.attribute("type").or_else(|| element.attribute("enc:type"));
        let is_image = media_type.as_deref().is_some_and(|media_type| media_type.starts_with("image/"))
            || element.attribute("medium").is_some_and(|medium| medium.eq_ignore_ascii_case("image"));
        if is_image {
            self.image(2, &href, base);
        }
        let length = ["length", "filesize", "enc:length"].into_iter().find_map(|name| element.attribute(name));
        let file = NormalEnclosure {
            media_type: media_type.map(Cow::into_owned),
            length_bytes: length.and_then(|length| length.parse().ok()),
            duration_seconds: element.attribute("duration").and_then(|duration| seconds(&duration)),
            href,
        };
        if let Some(known) = self.enclosures.iter_mut().find(|known| known.href == file.href) {
            known.complete_with(file);
        } else if self.enclosures.len() < MAX_PARTS {
            self.enclosures.push(file);
        }
    }

    /// Where the picture is that stands for the entry.
    pub(super) fn picture(&mut self) -> Option<String> {
        self.image.take().map(|(_, address)| address)
    }

    /// The files; how long an episode takes is how long its one recording takes.
    pub(super) fn files(&mut self) -> Vec<NormalEnclosure> {
        let is_recording = |file: &&mut NormalEnclosure| {
            let media_type = file.media_type.as_deref().unwrap_or_default();
            media_type.starts_with("audio/") || media_type.starts_with("video/")
        };
        if let Some(recording) = self.enclosures.iter_mut().find(is_recording) {
            recording.duration_seconds = recording.duration_seconds.or(self.duration_seconds);
        }
        std::mem::take(&mut self.enclosures)
    }

    fn inside(&mut self, holder: &Element<'_>, parts: &Allowance, base: Option<&Url>) {
        for child in holder.elements().filter(|child| matches!(&*child.name, "content" | "thumbnail")) {
            if child.name == "content" {
                self.enclosure(child, parts, base);
            } else {
                self.image_of(0, child, base);
            }
        }
    }

    fn image_of(&mut self, rank: u8, element: &Element<'_>, base: Option<&Url>) {
        if let Some(address) = address(element, base) {
            self.image(rank, &address, base);
        }
    }

    fn image(&mut self, rank: u8, address: &str, base: Option<&Url>) {
        let is_surer = self.image.as_ref().is_none_or(|(known, _)| rank < *known);
        if is_surer && !address.is_empty() {
            self.image = Some((rank, absolute(address, base)));
        }
    }
}

/// The address that an element has in an attribute: each vocabulary calls it something else.
fn address(element: &Element<'_>, base: Option<&Url>) -> Option<String> {
    let address = ["url", "href", "rdf:resource", "enc:url"].into_iter().find_map(|name| element.attribute(name))?;
    (!address.is_empty()).then(|| absolute(&address, base))
}

/// `1:02:03`, `62:03`, `3723` and `3723.5` as seconds.
pub(super) fn seconds(text: &str) -> Option<u64> {
    /// A recording of more than a month is a mistake, mostly milliseconds.
    const MAX_SECONDS: u64 = 31 * 86_400;
    let whole = text.trim().split('.').next()?;
    let mut parts = whole.split(':');
    let mut total: u64 = 0;
    for part in parts.by_ref().take(3) {
        total = total.checked_mul(60)?.checked_add(part.trim().parse().ok()?)?;
    }
    (parts.next().is_none() && (1..=MAX_SECONDS).contains(&total)).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Media, seconds};
    use crate::feed::xml::tree;

    #[test]
    fn durations_are_read_in_every_form() {
        for (text, expected) in [
            ("1:02:03", Some(3723)),
            ("62:03", Some(3723)),
            (" 3723 ", Some(3723)),
            ("3723.5", Some(3723)),
            ("0", None),
            ("", None),
            ("1:2:3:4", None),
            ("an hour", None),
            ("99999999999999999999", None),
            ("3723000", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    fn read(inside: &str) -> Media {
        let text = format!("<item>{inside}</item>");
        let mut media = Media::default();
        tree::parse(&text, 1).roots[0].elements().for_each(|child| media.take(child, &Allowance::new(), None));
        media
    }

    #[test]
    fn one_file_in_two_vocabularies_is_one_with_what_both_say() {
        let mut media = read(
            "<enclosure url='http://a.example/1.mp3' length='9'/>\
             <media:content url='http://a.example/1.mp3' type='audio/mpeg' duration='60'/>",
        );
        let files = media.files();
        let [file] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!((file.media_type.as_deref(), file.length_bytes), (Some("audio/mpeg"), Some(9)));
        assert_eq!(file.duration_seconds, Some(60));
    }

    #[test]
    fn the_duration_of_an_episode_is_its_recordings() {
        let mut media = read(
            "<itunes:duration>1:00</itunes:duration><enclosure url='http://a.example/1.pdf' type='application/pdf'/>\
             <enclosure url='http://a.example/1.mp3' type='audio/mpeg'/>",
        );
        let durations: Vec<_> = media.files().iter().map(|file| file.duration_seconds).collect();
        assert_eq!(durations, [None, Some(60)]);
    }

    #[test]
    fn a_thumbnail_stands_for_the_entry_before_an_attached_picture() {
        for (inside, expected) in [
            ("<enclosure url='http://a.example/big.jpg' type='image/jpeg'/>", "http://a.example/big.jpg"),
            (
                "<media:content url='http://a.example/big.jpg' medium='image'/>\
                 <media:thumbnail url='http://a.example/small.jpg'/>",
                "http://a.example/small.jpg",
            ),
            ("<media:group><media:thumbnail url='http://a.example/x.jpg'/></media:group>", "http://a.example/x.jpg"),
            ("<itunes:image href='http://a.example/x.jpg'/>", "http://a.example/x.jpg"),
            ("<image><url>http://a.example/x.jpg</url></image>", "http://a.example/x.jpg"),
        ] {
            assert_eq!(read(inside).picture().as_deref(), Some(expected), "{inside}");
        }
    }
}
