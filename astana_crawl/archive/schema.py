"""What the tables alone do not say: the views, full-text search, and the marks that make a file our archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astana_crawl.archive.models import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSION = 3
"""PRAGMA user_version of the archives that this program reads and writes."""

APPLICATION_IDS = {"live": 0x4173744C, "replay": 0x41737452}  # "AstL", "AstR"
"""PRAGMA application_id: ours, and what the pages of the archive came from."""

VIEWS = {
    "rounds": """
        SELECT m.number, m.id AS meeting, m.name, m.city, m.starts_on, m.ends_on, m.certainty, m.statement_url,
               count(a.id) AS articles, count(DISTINCT s.outlet) AS outlets, count(DISTINCT a.language) AS languages
        FROM meetings AS m
        LEFT JOIN article_meetings AS am ON am.meeting_id = m.id AND am.role = 'main'
        LEFT JOIN articles AS a ON a.id = am.article_id AND a.relevance <> 'off'
        LEFT JOIN sites AS s ON s.name = a.site
        WHERE m.kind = 'round'
        GROUP BY m.id
        ORDER BY m.number""",
    "timeline": """
        SELECT a.published_on, a.site, s.outlet, a.language, a.title, a.url, a.relevance, am.meeting_id AS meeting,
               am.phase, a.story_id
        FROM articles AS a
        JOIN sites AS s ON s.name = a.site
        LEFT JOIN article_meetings AS am ON am.article_id = a.id AND am.role = 'main'
        WHERE a.relevance <> 'off'
        ORDER BY a.published_on IS NULL, a.published_on, a.published_at, a.id""",
    "round_coverage": """
        SELECT m.number, m.id AS meeting, s.name AS site, s.outlet, coalesce(t.before, 0) AS before,
               coalesce(t.during, 0) AS during, coalesce(t.after, 0) AS after, coalesce(t.articles, 0) AS articles
        FROM meetings AS m
        CROSS JOIN sites AS s
        LEFT JOIN (
            SELECT am.meeting_id, a.site, count(CASE WHEN am.phase = 'before' THEN 1 END) AS before,
                   count(CASE WHEN am.phase = 'during' THEN 1 END) AS during,
                   count(CASE WHEN am.phase = 'after' THEN 1 END) AS after, count(*) AS articles
            FROM article_meetings AS am
            JOIN articles AS a ON a.id = am.article_id
            WHERE am.role = 'main' AND a.relevance <> 'off'
            GROUP BY am.meeting_id, a.site
        ) AS t ON t.meeting_id = m.id AND t.site = s.name
        WHERE m.kind = 'round'
        ORDER BY m.number, s.name""",
    "undated": """
        SELECT a.key, a.site, s.outlet, a.language, a.title, a.url, a.relevance, a.published_text, a.first_seen_at
        FROM articles AS a
        JOIN sites AS s ON s.name = a.site
        WHERE a.published_on IS NULL AND a.relevance <> 'off'
        ORDER BY a.site, a.id""",
    "stories": """
        WITH told AS (
            SELECT a.story_id, count(*) AS articles, count(DISTINCT s.outlet) AS outlets,
                   count(DISTINCT a.language) AS languages, count(*) - count(a.published_on) AS undated,
                   min(a.published_on) AS day, count(a.published_at) = count(a.published_on) AS exact
            FROM articles AS a
            JOIN sites AS s ON s.name = a.site
            WHERE a.relevance <> 'off'
            GROUP BY a.story_id
        ), earliest AS (
            SELECT t.*, count(e.id) = count(e.published_at) AS timed, count(e.id) > 1 AS several
            FROM told AS t
            LEFT JOIN articles AS e ON e.story_id = t.story_id AND e.relevance <> 'off'
                                   AND (e.published_on = t.day OR (t.exact AND e.published_on IS NOT NULL))
            GROUP BY t.story_id
        )
        SELECT t.story_id, t.articles, t.outlets, t.languages, p.key AS first_key, p.site AS first_site, p.title, p.url,
               p.published_on AS first_on, CASE WHEN t.timed THEN p.published_at END AS first_at,
               CASE WHEN p.id IS NULL THEN NULL
                    WHEN EXISTS (
                        SELECT 1 FROM articles AS o
                        WHERE o.story_id = t.story_id AND o.id <> p.id AND o.relevance <> 'off'
                          AND CASE WHEN t.timed THEN substr(o.published_at, 1, 16) = substr(p.published_at, 1, 16)
                              ELSE o.published_on = t.day END) THEN 'tie'
                    WHEN t.timed AND (t.exact OR t.several) THEN 'minute' ELSE 'day' END AS first_by,
               t.undated
        FROM earliest AS t
        LEFT JOIN articles AS p ON p.id = (
            SELECT id FROM (
                SELECT e.id, CASE WHEN t.timed THEN substr(e.published_at, 1, 16) END AS minute FROM articles AS e
                WHERE e.story_id = t.story_id AND e.relevance <> 'off'
                  AND (e.published_on = t.day OR (t.exact AND e.published_on IS NOT NULL))
            ) ORDER BY minute, id LIMIT 1)
        ORDER BY t.story_id""",
    "revision_texts": """
        SELECT r.id AS revision_id, r.article_id, a.key, r.number, r.seen_at, r.cause, r.content_hash, r.page_id,
               CASE WHEN r.body IS NULL THEN a.title ELSE r.title END AS title, coalesce(r.body, a.body) AS body
        FROM revisions AS r
        JOIN articles AS a ON a.id = r.article_id""",
    "site_health": """
        SELECT s.name AS site, s.outlet, s.language, s.condition, s.condition_reason,
               (SELECT count(*) FROM articles AS a WHERE a.site = s.name AND a.relevance <> 'off') AS articles,
               (SELECT max(a.published_on) FROM articles AS a
                WHERE a.site = s.name AND a.relevance <> 'off') AS newest_on,
               (SELECT count(*) FROM addresses AS d WHERE d.site = s.name AND d.state = 'pending') AS pending,
               (SELECT count(*) FROM addresses AS d WHERE d.site = s.name AND d.state = 'unreadable') AS unreadable,
               (SELECT count(*) FROM addresses AS d WHERE d.site = s.name AND d.state = 'blocked') AS blocked,
               (SELECT count(*) FROM addresses AS d WHERE d.site = s.name AND d.state = 'failed') AS failed,
               (SELECT max(o.last_ok_at) FROM sources AS o WHERE o.site = s.name) AS source_ok_at,
               r.started_at AS last_run_at, r.finished_at, r.outcome, r.exit_status
        FROM sites AS s
        LEFT JOIN runs AS r ON r.id = (SELECT max(q.id) FROM runs AS q WHERE q.site = s.name)
        ORDER BY s.name""",
}

# Contentless: the text stands in articles once, and what is indexed is folded (archive/fold.py).
SEARCH = (
    "CREATE VIRTUAL TABLE articles_fts USING fts5(title, body, content='', tokenize='unicode61 remove_diacritics 2')"
)


def create(db: Connection, kind: str) -> None:
    """Make the tables, views and marks of an archive of live ('live') or replayed ('replay') pages."""
    Base.metadata.create_all(db, checkfirst=False)
    for name, query in VIEWS.items():
        db.exec_driver_sql(f"CREATE VIEW {name} AS{query}")
    db.exec_driver_sql(SEARCH)
    db.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_IDS[kind]}")
    db.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def names() -> set[str]:
    """The tables and views that an archive has at least."""
    return {*Base.metadata.tables, *VIEWS, "articles_fts"}
