-- What kind of thing an article is, and whether its text is the whole one.

ALTER TABLE articles ADD COLUMN article_kind TEXT NOT NULL DEFAULT 'article' CHECK (article_kind IN ('article', 'live', 'gallery', 'podcast', 'video', 'forum', 'product', 'list')); -- What it is to a reader: a text (`article`), a live blog, pictures, a recording to listen to or to watch, a thread, an offer, a list of other pages. `docs/reading.md` has the rules.
ALTER TABLE articles ADD COLUMN access TEXT CHECK (access IN ('free', 'metered', 'paywall', 'consent')); -- `free`: the publisher says so. `metered`: a reader may have to pay, and the text here is the whole one. `paywall`: the text is the beginning before a wall. `consent`: the page wanted consent first, so that the text is the feed's. NULL where nothing tells.
ALTER TABLE articles ADD COLUMN access_reason TEXT; -- What told `access`, in words.

DROP VIEW latest;

-- Articles, newest first, with the feeds that brought them and their tags.
CREATE VIEW latest AS
SELECT
    a.id AS id, -- `articles.id`.
    coalesce(a.published_at, a.first_seen_at) AS at, -- When it was published, else first seen: what it is sorted by.
    a.title AS title, -- `articles.title`.
    a.url AS url, -- `articles.url`.
    a.site AS site, -- `articles.site`.
    a.site_name AS site_name, -- `articles.site_name`.
    a.authors AS authors, -- `articles.authors`.
    a.language AS language, -- `articles.language`.
    a.description AS description, -- `articles.description`.
    a.word_count AS word_count, -- `articles.word_count`.
    a.published_at AS published_at, -- `articles.published_at`.
    a.updated_at AS updated_at, -- `articles.updated_at`.
    a.first_seen_at AS first_seen_at, -- `articles.first_seen_at`.
    a.changed_at AS changed_at, -- `articles.changed_at`.
    a.revision_count AS revision_count, -- `articles.revision_count`.
    a.duplicate_of AS duplicate_of, -- `articles.duplicate_of`; see `unique_articles` for one row a cluster.
    (SELECT s.state FROM article_status s WHERE s.article_id = a.id) AS state, -- `article_status.state`.
    (SELECT json_group_array(slug) FROM (SELECT slug FROM feeds
        WHERE id IN (SELECT feed_id FROM entries WHERE article_id = a.id) ORDER BY slug)) AS feeds, -- Slugs of the feeds that brought it, as a JSON array.
    (SELECT json_group_array(tag) FROM (SELECT DISTINCT tag FROM feed_tags
        WHERE feed_id IN (SELECT feed_id FROM entries WHERE article_id = a.id) ORDER BY tag)) AS tags, -- Tags of these feeds, as a JSON array.
    a.article_kind AS article_kind, -- `articles.article_kind`.
    a.access AS access, -- `articles.access`.
    a.content_text AS content_text -- `articles.content_text`.
FROM articles a
ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC;

DROP VIEW unique_articles;

-- One row a cluster of duplicates: the head's id and metadata with the text of the fullest copy.
CREATE VIEW unique_articles AS
SELECT
    h.id AS id, -- Id of the head: the first seen.
    h.url AS url, -- The head's.
    h.site AS site, -- The head's.
    h.site_name AS site_name, -- The head's.
    h.title AS title, -- The head's.
    h.authors AS authors, -- The head's.
    h.language AS language, -- The head's.
    h.article_kind AS article_kind, -- The head's.
    h.description AS description, -- The head's.
    h.image_url AS image_url, -- The head's.
    h.published_at AS published_at, -- The head's.
    h.updated_at AS updated_at, -- The head's.
    h.first_seen_at AS first_seen_at, -- The head's.
    h.changed_at AS changed_at, -- The head's.
    h.revision_count AS revision_count, -- The head's.
    1 + (SELECT count(*) FROM articles c WHERE c.duplicate_of = h.id) AS copies, -- Articles in the cluster, the head counted.
    t.id AS text_article_id, -- The article that the text is from: the one with the most words, the head among equals.
    t.word_count AS word_count, -- Of that article.
    t.access AS access, -- Of that article: whether the text is the whole one.
    t.content_html AS content_html, -- Of that article.
    t.content_text AS content_text -- Of that article.
FROM articles h
JOIN articles t ON t.id = (
    SELECT m.id FROM articles m WHERE m.id = h.id OR m.duplicate_of = h.id
    ORDER BY m.word_count DESC, m.duplicate_of IS NOT NULL, m.id LIMIT 1
)
WHERE h.duplicate_of IS NULL;
