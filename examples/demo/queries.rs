//! The queries worth trying first, in the words of the schema. `sqlite3 demo.db` takes them as they are printed.

/// A question that people have, and the SQL that answers it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    /// The question.
    pub(crate) asks: &'static str,
    /// The query.
    pub(crate) sql: &'static str,
}

/// In the order in which they are printed.
pub(crate) const QUESTIONS: &[Question] = &[
    Question {
        asks: "What is new, since when, and who says so?",
        sql: "\
SELECT a.id, a.published_at, a.published_precision AS precision, a.published_source AS source,
       l.feeds, a.language AS lang, a.word_count AS words, a.content_source AS text, a.title
FROM latest AS l JOIN articles AS a USING (id)
ORDER BY l.at DESC, a.id DESC;",
    },
    Question {
        asks: "What did publishers change after the fact?",
        sql: "\
SELECT r.article_id AS article, r.number, r.observed_at, r.updated_at AS publisher_says, r.kind,
       r.silent, r.words_added AS added, r.words_removed AS removed, r.title
FROM revisions AS r
WHERE r.kind <> 'first'
ORDER BY r.observed_at, r.id;",
    },
    Question {
        asks: "Which articles are copies of others?",
        sql: "\
SELECT c.id, c.duplicate_kind AS kind, c.similarity AS share, c.url AS copy, h.id AS head, h.url AS first_seen
FROM articles AS c JOIN articles AS h ON h.id = c.duplicate_of
ORDER BY c.id;",
    },
    Question {
        asks: "Where do related links lead?",
        sql: "\
SELECT r.article_id AS article, r.kind, r.label, r.title, r.target_article_id AS target
FROM related_links AS r
ORDER BY r.article_id, r.position;",
    },
    Question {
        asks: "What can be reached from the harbour watch by following related links?",
        sql: "\
WITH RECURSIVE walk (id, steps) AS (
    SELECT coalesce(duplicate_of, id), 0 FROM articles WHERE url LIKE '%/security/harbour-watch'
    UNION
    SELECT r.target_article_id, walk.steps + 1
    FROM walk JOIN related AS r ON r.article_id = walk.id
    WHERE r.target_article_id IS NOT NULL AND walk.steps < 5
)
SELECT min(walk.steps) AS steps, a.id, a.title
FROM walk JOIN articles AS a USING (id)
GROUP BY a.id ORDER BY steps, a.id;",
    },
    Question {
        asks: "Which dates were found on the page that says \"Updated 10 years ago\", and what became of them?",
        sql: "\
SELECT a.id, d.field, d.source, d.raw, d.at, d.earliest, d.latest, d.precision, d.zone, d.chosen, d.reject_reason
FROM date_claims AS d JOIN articles AS a ON a.id = d.article_id
WHERE a.url LIKE '%/security/harbour-watch%'
ORDER BY a.id, d.position;",
    },
    Question {
        asks: "Who wrote about a lighthouse?",
        sql: "\
SELECT a.id, a.title, snippet(articles_fts, 1, '[', ']', '…', 8) AS found
FROM articles_fts JOIN articles AS a ON a.id = articles_fts.rowid
WHERE articles_fts MATCH 'lighthouse OR 灯台*'
ORDER BY rank;",
    },
    Question {
        asks: "How are the feeds?",
        sql: "\
SELECT slug, state, entries, round(entries_per_day, 2) AS a_day, polls, polls_failed AS failed, gaps,
       next_poll_at, next_poll_reason
FROM feed_health ORDER BY slug;",
    },
];
