-- The archive: what feeds said, what the articles are, what was done.
--
-- Times are RFC 3339 UTC text to the second, `2015-03-05T10:20:00Z`; they sort as text. Lists are JSON arrays.
-- Texts stand last in their tables: a row is read from its front, so that its small columns cost no overflow pages.
-- `docs/schema.md` is generated from these comments: those above a table or view, and those behind its columns.

--# What feeds said

-- One row a feed of the config, also after it left the config.
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- Row id; never reused.
    slug TEXT NOT NULL UNIQUE, -- Name in the config; a new slug with an old URL renames the row.
    url TEXT NOT NULL, -- Address as the config writes it; secrets stay unexpanded.
    url_key TEXT NOT NULL, -- Hash of the expanded address, by which a change of it is noticed.
    site TEXT NOT NULL, -- Registrable domain of the address: the unit of politeness.
    config_title TEXT, -- The operator's name for it.
    own_title TEXT, -- The title in its last document.
    title TEXT GENERATED ALWAYS AS (coalesce(config_title, own_title)) VIRTUAL, -- The operator's name for it, else its own title.
    site_url TEXT, -- The page that the feed belongs to.
    state TEXT NOT NULL CHECK (state IN ('active', 'gone', 'removed', 'disabled')), -- `active`; `gone`: the server said 410; `removed` from the config; `disabled` in the config.
    added_at TEXT NOT NULL, -- When the config first named it.
    last_polled_at TEXT, -- When the last poll began; NULL before the first.
    next_poll_at TEXT, -- When it is due while it is `active`; NULL is never.
    next_poll_reason TEXT, -- Why then, for people.
    interval_seconds INTEGER, -- The interval chosen at the last poll, before jitter.
    consecutive_failures INTEGER NOT NULL DEFAULT 0, -- Failed polls since the last good one.
    unchanged_polls INTEGER NOT NULL DEFAULT 0, -- Good polls since the last one that brought a new entry.
    last_error TEXT, -- What went wrong at the last poll; NULL when it was good.
    etag TEXT, -- `ETag` of the last document whose entries are stored, byte for byte.
    last_modified TEXT, -- Its `Last-Modified`, byte for byte.
    retry_after_until TEXT, -- The server asked not to be asked before this time.
    lease_until TEXT, -- A poll is under way until then at the latest; after a crash the feed falls due again.
    hints TEXT NOT NULL DEFAULT '{}' -- What the last document asks of pollers (ttl, skipHours, skipDays, sy:*), as JSON.
) STRICT;

-- Oldest due first; the second one finds each site's oldest when one site has a burst of due feeds.
CREATE INDEX feeds_due ON feeds (next_poll_at, site, lease_until) WHERE state = 'active';
CREATE INDEX feeds_due_by_site ON feeds (site, next_poll_at, lease_until) WHERE state = 'active';
CREATE INDEX feeds_url_key ON feeds (url_key);

-- The tags that the config gives a feed.
CREATE TABLE feed_tags (
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE, -- The feed.
    tag TEXT NOT NULL, -- The tag.
    PRIMARY KEY (feed_id, tag)
) STRICT, WITHOUT ROWID;

-- What a feed says about each thing it lists or listed.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- Row id; never reused.
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE, -- The feed.
    entry_key TEXT NOT NULL, -- Identity within the feed; survives an edited headline.
    content_hash TEXT NOT NULL, -- Of everything that the feed said about it.
    article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL, -- The document behind it.
    position INTEGER NOT NULL, -- Its place in the document in which it was last new or changed, from 0.
    first_seen_at TEXT NOT NULL, -- When a poll first found it.
    changed_at TEXT, -- When a poll last found it changed; NULL while it is as first seen.
    absent_since TEXT, -- The first poll that did not find it; NULL while it is in the feed.
    guid TEXT, -- Atom `id`, RSS `guid`, as given.
    url TEXT, -- Its link, absolute.
    title TEXT, -- Plain text.
    authors TEXT NOT NULL DEFAULT '[]', -- Names, as a JSON array.
    published_at TEXT, -- What the publisher says.
    published_offset INTEGER, -- The UTC offset stated with it, in seconds; NULL when none was.
    published_has_time INTEGER, -- 1 when a time of day was stated, 0 for a mere day.
    published_raw TEXT, -- The text as found.
    updated_at TEXT, -- What the publisher says; never a copy of `published_at`.
    updated_offset INTEGER, -- The UTC offset stated with it, in seconds; NULL when none was.
    updated_has_time INTEGER, -- 1 when a time of day was stated, 0 for a mere day.
    updated_raw TEXT, -- The text as found.
    related TEXT NOT NULL DEFAULT '[]', -- Its `rel="related"` and `rel="via"` links, as a JSON array.
    summary TEXT, -- Sanitised HTML.
    content_html TEXT, -- Sanitised HTML.
    UNIQUE (feed_id, entry_key)
) STRICT;

CREATE INDEX entries_present ON entries (feed_id, absent_since);
CREATE INDEX entries_article ON entries (article_id);
-- For the rhythm of a feed: when its newest entries came.
CREATE INDEX entries_recent ON entries (feed_id, coalesce(published_at, first_seen_at));

-- The categories of an entry.
CREATE TABLE entry_categories (
    entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE, -- The entry.
    position INTEGER NOT NULL, -- Its place in the entry, from 0.
    term TEXT NOT NULL, -- The category itself.
    scheme TEXT, -- The IRI of its scheme.
    label TEXT, -- The name for people.
    PRIMARY KEY (entry_id, position)
) STRICT, WITHOUT ROWID;

-- The files attached to an entry.
CREATE TABLE enclosures (
    entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE, -- The entry.
    position INTEGER NOT NULL, -- Its place in the entry, from 0.
    url TEXT NOT NULL, -- Where it is.
    type TEXT, -- Its media type.
    length_bytes INTEGER, -- Its length as declared.
    PRIMARY KEY (entry_id, position)
) STRICT, WITHOUT ROWID;

--# What the articles are

-- One row a document; it changes only when the document did.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- Row id; never reused.
    url TEXT, -- Its address as fetched; NULL for an entry without link.
    site TEXT, -- Registrable domain of the address.
    site_name TEXT, -- The publication.
    title TEXT, -- Plain text, without the site's name; the feed's title until the text is there.
    authors TEXT NOT NULL DEFAULT '[]', -- Names, as a JSON array.
    language TEXT, -- BCP 47 tag, declared or detected.
    description TEXT, -- The publisher's short description, plain text.
    image_url TEXT, -- The lead image.
    word_count INTEGER NOT NULL DEFAULT 0, -- Words of the text; a character counts as one in scripts without spaces.
    content_source TEXT CHECK (content_source IN ('page', 'feed')), -- Where the text is from; NULL while there is none.
    published_at TEXT, -- What the publisher says; the other `published_` columns say how it was read.
    published_precision TEXT, -- `second`, `minute`, `hour`, `day`, `month` or `year`.
    published_source TEXT, -- `feed`, `json-ld`, `meta`, `microdata`, `time`, `url`, `visible`, `script` or `http`.
    published_zone TEXT, -- `stated` or `assumed`.
    published_raw TEXT, -- The text as found.
    updated_at TEXT, -- When it was last changed, as the publisher says.
    updated_earliest TEXT, -- The first instant that the publisher's words allow.
    updated_latest TEXT, -- The last instant that they allow; later visits narrow the interval of relative words.
    updated_precision TEXT, -- As `published_precision`.
    updated_source TEXT, -- As `published_source`.
    updated_zone TEXT, -- As `published_zone`.
    updated_raw TEXT, -- The text as found.
    first_seen_at TEXT NOT NULL, -- When a feed first led to it.
    changed_at TEXT, -- When a visit or poll last saw that the publisher had changed it; NULL while it is as first read.
    revision_count INTEGER NOT NULL DEFAULT 0, -- Versions seen; 0 while there is no text.
    duplicate_of INTEGER REFERENCES articles (id) ON DELETE SET NULL, -- The first seen of its cluster, never a duplicate itself; NULL when it is that or alone.
    duplicate_kind TEXT CHECK (duplicate_kind IN ('url', 'exact', 'near', 'contained')), -- What the two share.
    similarity REAL, -- Share of the smaller text that is found in the other, 0 to 1.
    content_html TEXT, -- Sanitised HTML; NULL while there is none.
    content_text TEXT -- One paragraph, heading or list item a line, with an empty line between; NULL while there is none.
) STRICT;

CREATE INDEX articles_newest ON articles (coalesce(published_at, first_seen_at));
CREATE INDEX articles_copies ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- The canonical keys by which a document is known.
CREATE TABLE article_urls (
    url_key TEXT PRIMARY KEY, -- The address with scheme, `www.`, tracking parameters and the like folded away.
    url TEXT NOT NULL, -- The address as found.
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE, -- The document.
    kind TEXT NOT NULL CHECK (kind IN ('link', 'final', 'canonical', 'amp', 'og')) -- By which road: the entry's link, where redirects ended, `rel="canonical"`, `rel="amphtml"`, `og:url`.
) STRICT, WITHOUT ROWID;

CREATE INDEX article_urls_article ON article_urls (article_id);

-- By what a text is found again in another article.
CREATE TABLE fingerprints (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, -- The article.
    content_hash TEXT NOT NULL -- Of the text's words; an article whose text is too short to tell has no row.
) STRICT;

CREATE INDEX fingerprints_content ON fingerprints (content_hash);

-- Every version seen.
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- Row id; never reused.
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE, -- The article.
    number INTEGER NOT NULL, -- From 1; the numbers of pruned ones stay free.
    observed_at TEXT NOT NULL, -- When it was seen.
    updated_at TEXT, -- When the publisher says that it was made.
    kind TEXT NOT NULL CHECK (kind IN ('first', 'title', 'text', 'title+text', 'stamp', 'reextracted')), -- What changed; `stamp` the publisher's date alone; `reextracted` is read anew, not edited.
    silent INTEGER NOT NULL, -- 1 when the publisher changed it without a new date.
    correction INTEGER NOT NULL, -- 1 when the new text says that it corrects.
    words_added INTEGER NOT NULL, -- Words that the version before did not have.
    words_removed INTEGER NOT NULL, -- Words of the version before that are gone.
    content_hash TEXT NOT NULL, -- Of title and text: equal for equal versions.
    title TEXT, -- Its title.
    content_text TEXT NOT NULL, -- Its text.
    UNIQUE (article_id, number)
) STRICT;

-- Every date found on the current version and what became of it.
CREATE TABLE date_claims (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE, -- The article.
    position INTEGER NOT NULL, -- In the order found, from 0.
    field TEXT NOT NULL CHECK (field IN ('published', 'updated')), -- What it claims to be.
    source TEXT NOT NULL, -- As `articles.published_source`.
    raw TEXT NOT NULL, -- The text as found.
    label TEXT, -- The key or word that names it: `dateModified`, `Updated`.
    at TEXT, -- Its value; NULL when it could not be read.
    earliest TEXT, -- The first instant that the words allow.
    latest TEXT, -- The last instant that they allow.
    precision TEXT, -- As `articles.published_precision`.
    zone TEXT, -- As `articles.published_zone`.
    chosen INTEGER NOT NULL, -- 1 for the one that the article's column shows.
    reject_reason TEXT, -- Why not chosen; on a chosen one, what is odd about it.
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;

-- The links that the publisher calls related.
CREATE TABLE related_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- Row id; never reused.
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE, -- The article that has the link.
    position INTEGER NOT NULL, -- In document order, from 0.
    kind TEXT NOT NULL CHECK (kind IN ('inline', 'block', 'feed', 'metadata')), -- READ MORE in the text; a box or list; Atom `rel="related"` or `via`; JSON-LD and link elements.
    label TEXT, -- The words that call it related: `READ MORE`.
    title TEXT, -- The text of the link.
    url TEXT NOT NULL, -- Where it leads.
    url_key TEXT NOT NULL, -- As `article_urls.url_key`, to find the target once it is known.
    target_article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL -- The article really linked; NULL while it is not known.
) STRICT;

CREATE INDEX related_links_article ON related_links (article_id, position);
CREATE INDEX related_links_unresolved ON related_links (url_key) WHERE target_article_id IS NULL;
CREATE INDEX related_links_target ON related_links (target_article_id) WHERE target_article_id IS NOT NULL;

-- What happened to articles, append-only: who has seen `seq` N has seen all smaller ones.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, -- Its place in the order of commits.
    at TEXT NOT NULL, -- When it was seen.
    kind TEXT NOT NULL CHECK (kind IN ('new', 'revised', 'duplicate', 'released', 'reextracted', 'gone', 'deleted')), -- `new`: first text; `duplicate`: has (another) head; `released`: has none any more; `reextracted`: read anew, not edited.
    article_id INTEGER NOT NULL, -- The article; no foreign key, since `deleted` outlives it.
    revision_id INTEGER -- The version that it brought.
) STRICT;

-- Full-text index over title and text of articles that have a text: `WHERE articles_fts MATCH 'words'`.
-- One tokenizer for all scripts: unicode61 folds case and diacritics. A script without spaces is found by the beginning of a run
-- (`MATCH '日本*'`); trigrams would find its middles, but not its words of one or two characters, and cost thrice the index and its writes.
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, -- `articles.title`.
    content_text, -- `articles.content_text`.
    content = 'articles', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);

-- A word in the title says more than one in the text.
INSERT INTO articles_fts (articles_fts, rank) VALUES ('rank', 'bm25(4.0, 1.0)');

-- An article without text is not in the index, so that the usual one is indexed once: when its text comes.
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles WHEN new.content_text IS NOT NULL
BEGIN
    INSERT INTO articles_fts (rowid, title, content_text) VALUES (new.id, new.title, new.content_text);
END;

CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, content_text ON articles
WHEN old.title IS NOT new.title OR old.content_text IS NOT new.content_text
BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, content_text)
        SELECT 'delete', old.id, old.title, old.content_text WHERE old.content_text IS NOT NULL;
    INSERT INTO articles_fts (rowid, title, content_text)
        SELECT new.id, new.title, new.content_text WHERE new.content_text IS NOT NULL;
END;

CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles WHEN old.content_text IS NOT NULL
BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, content_text)
        VALUES ('delete', old.id, old.title, old.content_text);
END;

--# What was done

-- Where the looking at each article stands.
CREATE TABLE article_status (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, -- The article.
    state TEXT NOT NULL CHECK (state IN ('pending', 'ok', 'failed', 'gone', 'robots')), -- `pending`: not looked at; then what the last look brought. A text from earlier or from the feed stays.
    site TEXT NOT NULL, -- As `articles.site`; empty without an address.
    next_check_at TEXT, -- When a visit is due; NULL is never.
    next_check_reason TEXT, -- Why then, for people.
    checked_at TEXT, -- When the last visit began.
    consecutive_failures INTEGER NOT NULL DEFAULT 0, -- Failed visits since the last good one.
    last_error TEXT, -- What went wrong at the last visit; NULL when it was good.
    etag TEXT, -- `ETag` of the last page that was read, byte for byte.
    last_modified TEXT, -- Its `Last-Modified`, byte for byte.
    lease_until TEXT -- A visit is under way until then at the latest; after a crash the article falls due again.
) STRICT;

-- As with feeds.
CREATE INDEX articles_due ON article_status (next_check_at, site, lease_until) WHERE next_check_at IS NOT NULL;
CREATE INDEX articles_due_by_site ON article_status (site, next_check_at, lease_until) WHERE next_check_at IS NOT NULL;

-- One row an attempt to look at a feed.
CREATE TABLE polls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- Row id; never reused.
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE, -- The feed.
    started_at TEXT NOT NULL, -- When the attempt began.
    duration_ms INTEGER NOT NULL, -- How long it took, waiting for the site's turn left out.
    outcome TEXT NOT NULL CHECK (outcome IN ('new', 'unchanged', 'not_modified', 'error')), -- `new`: it brought new or changed entries; `not_modified`: 304.
    http_status INTEGER, -- Of the last answer; NULL when there was none.
    body_bytes INTEGER NOT NULL, -- Of the body on the wire.
    entries_seen INTEGER NOT NULL DEFAULT 0, -- Entries of the document.
    entries_new INTEGER NOT NULL DEFAULT 0, -- Those not known before.
    entries_changed INTEGER NOT NULL DEFAULT 0, -- Those of which the feed now says something else.
    gap INTEGER NOT NULL DEFAULT 0, -- 1 when nothing known was in the document, so that entries may have been missed.
    warnings TEXT NOT NULL DEFAULT '[]', -- What was wrong with the document, as a JSON array.
    error_class TEXT, -- The kind of failure: `dns`, `timeout`, `not-found` and so on.
    error TEXT -- The failure in words.
) STRICT;

CREATE INDEX polls_feed ON polls (feed_id, started_at);
CREATE INDEX polls_started ON polls (started_at);

-- One row an attempt to look at an article's page.
CREATE TABLE visits (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- Row id; never reused.
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE, -- The article.
    started_at TEXT NOT NULL, -- When the attempt began.
    duration_ms INTEGER NOT NULL, -- How long it took, waiting for the site's turn left out.
    outcome TEXT NOT NULL CHECK (outcome IN ('new', 'revised', 'unchanged', 'not_modified', 'error')), -- `new`: the first text of the page; `not_modified`: 304.
    http_status INTEGER, -- Of the last answer; NULL when there was none.
    body_bytes INTEGER NOT NULL, -- Of the body on the wire.
    warnings TEXT NOT NULL DEFAULT '[]', -- What was wrong with the page, as a JSON array.
    error_class TEXT, -- The kind of failure, as in `polls`; `robots` when robots.txt asks to stay away.
    error TEXT -- The failure in words.
) STRICT;

CREATE INDEX visits_article ON visits (article_id, started_at);
CREATE INDEX visits_started ON visits (started_at);

-- Pages as received, kept for a while to be read again.
CREATE TABLE raw_pages (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, -- The article.
    fetched_at TEXT NOT NULL, -- When.
    url TEXT NOT NULL, -- Where redirects ended: what relative links are relative to.
    content_type TEXT, -- `Content-Type` as sent.
    zstd BLOB NOT NULL -- The decoded bytes, compressed with zstd.
) STRICT;

CREATE INDEX raw_pages_fetched ON raw_pages (fetched_at);

-- The robots.txt of each origin, kept for a day.
CREATE TABLE robots (
    origin TEXT PRIMARY KEY, -- `https://example.org`, with the port where it is not the scheme's own.
    fetched_at TEXT NOT NULL, -- When.
    state TEXT NOT NULL CHECK (state IN ('allowed', 'rules', 'unavailable')), -- `allowed`: there is none; `rules`: in `body`; `unavailable`: stay away for now.
    body TEXT -- The file itself.
) STRICT;

--# To read from

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
    a.content_text AS content_text -- `articles.content_text`.
FROM articles a
ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC;

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
    t.content_html AS content_html, -- Of that article.
    t.content_text AS content_text -- Of that article.
FROM articles h
JOIN articles t ON t.id = (
    SELECT m.id FROM articles m WHERE m.id = h.id OR m.duplicate_of = h.id
    ORDER BY m.word_count DESC, m.duplicate_of IS NOT NULL, m.id LIMIT 1
)
WHERE h.duplicate_of IS NULL;

-- Related links between clusters: both ends are heads; links within a cluster are left out.
CREATE VIEW related AS
SELECT
    r.id AS id, -- `related_links.id`.
    coalesce(a.duplicate_of, a.id) AS article_id, -- Head of the cluster of the article that has the link.
    r.article_id AS from_article_id, -- The article that has the link.
    r.position AS position, -- `related_links.position`.
    r.kind AS kind, -- `related_links.kind`.
    r.label AS label, -- `related_links.label`.
    coalesce(r.title, t.title) AS title, -- Text of the link, else the target's title.
    r.url AS url, -- `related_links.url`.
    coalesce(t.duplicate_of, t.id) AS target_article_id -- Head of the target's cluster; NULL while the target is not known.
FROM related_links r
JOIN articles a ON a.id = r.article_id
LEFT JOIN articles t ON t.id = r.target_article_id
WHERE t.id IS NULL OR coalesce(t.duplicate_of, t.id) <> coalesce(a.duplicate_of, a.id);

-- How each feed of the config does. The 30 days end at its last poll.
CREATE VIEW feed_health AS
SELECT
    f.id AS id, -- `feeds.id`.
    f.slug AS slug, -- `feeds.slug`.
    f.title AS title, -- `feeds.title`.
    f.state AS state, -- `feeds.state`.
    f.last_polled_at AS last_polled_at, -- `feeds.last_polled_at`.
    f.next_poll_at AS next_poll_at, -- `feeds.next_poll_at`.
    f.next_poll_reason AS next_poll_reason, -- `feeds.next_poll_reason`.
    f.consecutive_failures AS consecutive_failures, -- `feeds.consecutive_failures`.
    f.last_error AS last_error, -- `feeds.last_error`.
    (SELECT count(*) FROM entries e WHERE e.feed_id = f.id) AS entries, -- Entries ever seen.
    (SELECT count(*) FROM entries e WHERE e.feed_id = f.id AND e.absent_since IS NULL) AS entries_present, -- Entries in its last document.
    (SELECT count(*) FROM entries e WHERE e.feed_id = f.id AND coalesce(e.published_at, e.first_seen_at)
        > strftime('%Y-%m-%dT%H:%M:%SZ', f.last_polled_at, '-30 days')) / 30.0 AS entries_per_day, -- New entries a day over the 30 days.
    (SELECT max(coalesce(e.published_at, e.first_seen_at)) FROM entries e WHERE e.feed_id = f.id) AS newest_entry_at, -- When its newest entry was published, else first seen.
    (SELECT count(*) FROM polls p WHERE p.feed_id = f.id AND p.started_at
        > strftime('%Y-%m-%dT%H:%M:%SZ', f.last_polled_at, '-30 days')) AS polls, -- Polls over the 30 days.
    (SELECT count(*) FROM polls p WHERE p.feed_id = f.id AND p.outcome = 'error' AND p.started_at
        > strftime('%Y-%m-%dT%H:%M:%SZ', f.last_polled_at, '-30 days')) AS polls_failed, -- Those that failed.
    (SELECT count(*) FROM polls p WHERE p.feed_id = f.id AND p.gap = 1 AND p.started_at
        > strftime('%Y-%m-%dT%H:%M:%SZ', f.last_polled_at, '-30 days')) AS gaps -- Those before which entries may have been missed.
FROM feeds f
WHERE f.state <> 'removed';
