-- Articles that run over several pages.

-- The pages after the first of articles that run over several, as the stored text was joined from them.
CREATE TABLE article_parts (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE, -- The article.
    number INTEGER NOT NULL, -- Its place among the pages, from 2: the first is the article's own.
    url TEXT NOT NULL, -- Where redirects ended: what relative links are relative to.
    fetched_at TEXT, -- When; NULL for one that could not be had, before which the text ends.
    content_type TEXT, -- `Content-Type` as sent.
    zstd BLOB, -- The decoded bytes, compressed with zstd; NULL where they are not kept, or no longer.
    PRIMARY KEY (article_id, number)
) STRICT;

CREATE INDEX article_parts_fetched ON article_parts (fetched_at) WHERE zstd IS NOT NULL;
