-- What is remembered of pages, a number a block: what a site's pages have in common is not their articles', and a page that is
-- looked at again is read as before.

-- Of each site the newest pages, and those that are going to be looked at again.
CREATE TABLE page_blocks (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, -- The article.
    site TEXT NOT NULL, -- Registrable domain of the page, where redirects ended.
    rules TEXT NOT NULL, -- The feed's `page` rules that it was read by, as JSON; empty without any.
    blocks BLOB NOT NULL -- Eight bytes a block, little-endian, ascending: a hash of its letters; lowest bit: taken as text.
) STRICT;

CREATE INDEX page_blocks_site ON page_blocks (site, article_id);
