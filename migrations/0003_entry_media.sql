-- What feeds say beside the text: pictures, comments, series, sources, how long recordings play; and about themselves.

ALTER TABLE feeds ADD COLUMN self_url TEXT; -- Its own address, as its last document says (`rel="self"`).
ALTER TABLE feeds ADD COLUMN hub_url TEXT; -- The WebSub hub that its last document names.
ALTER TABLE feeds ADD COLUMN next_page_url TEXT; -- The next page of the feed (RFC 5005), as its last document says.
ALTER TABLE feeds ADD COLUMN description TEXT; -- What it is about, plain text.
ALTER TABLE feeds ADD COLUMN language TEXT; -- BCP 47 tag, as its last document declares it.
ALTER TABLE feeds ADD COLUMN image_url TEXT; -- The picture that stands for it.

ALTER TABLE entries ADD COLUMN comments_url TEXT; -- The page with what readers say about it.
ALTER TABLE entries ADD COLUMN image_url TEXT; -- The picture that stands for it.
ALTER TABLE entries ADD COLUMN language TEXT; -- BCP 47 tag, as the entry itself declares it.
ALTER TABLE entries ADD COLUMN source_title TEXT; -- Title of the feed that it was taken over from.
ALTER TABLE entries ADD COLUMN source_url TEXT; -- Page or address of that feed.
ALTER TABLE entries ADD COLUMN season INTEGER; -- The season of a series.
ALTER TABLE entries ADD COLUMN episode INTEGER; -- Its number within the season.

ALTER TABLE enclosures ADD COLUMN duration_seconds INTEGER; -- How long it plays, as declared.
