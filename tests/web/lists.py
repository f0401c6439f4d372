"""Feeds and sitemaps in the dialects of the outlets."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.web.model import Story
from tests.web.served import http_date

PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'


def cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def feed(title: str, home: str, items: list[str], *, namespaces: str = "") -> str:
    """An RSS 2.0 document; `items` are ready <item> elements."""
    head = f"<title>{escape(title)}</title><link>{home}</link><description>{escape(title)}</description>"
    body = "\n".join(items)
    return f'{PROLOGUE}<rss version="2.0"{namespaces}>\n<channel>{head}\n{body}\n</channel>\n</rss>\n'


def item(story: Story, url: str, *more: str, summary: str | None = None) -> str:
    """One <item>: the link as the outlet's feed spells it."""
    parts = (
        f"<title>{cdata(story.title)}</title>",
        f"<link>{escape(story.feed_link or url)}</link>",
        f'<guid isPermaLink="false">{escape(url)}</guid>',
        f"<pubDate>{http_date(story.published)}</pubDate>",
        f"<description>{cdata(summary or story.lead or story.paragraphs[0])}</description>",
        *more,
    )
    return "<item>" + "\n".join(parts) + "</item>"


def sitemap(rows: Sequence[tuple[str, str | None]], *, news: dict[str, Story] | None = None) -> str:
    """A urlset of (address, lastmod); `news` adds Google's news fields for the addresses it names."""
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    if news:
        spaces += ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    entries = "\n".join(_entry("url", url, lastmod, _news((news or {}).get(url))) for url, lastmod in rows)
    return f"{PROLOGUE}<urlset {spaces}>\n{entries}\n</urlset>\n"


def sitemap_index(rows: Sequence[tuple[str, str | None]]) -> str:
    entries = "\n".join(_entry("sitemap", url, lastmod) for url, lastmod in rows)
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return f"{PROLOGUE}<sitemapindex {spaces}>\n{entries}\n</sitemapindex>\n"


def _entry(tag: str, url: str, lastmod: str | None, more: str = "") -> str:
    stamp = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<{tag}><loc>{escape(url)}</loc>{stamp}{more}</{tag}>"


def _news(story: Story | None) -> str:
    if story is None:
        return ""
    about = f"<news:name>{escape(story.author or 'News')}</news:name><news:language>{story.language}</news:language>"
    when = f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
    title = f"<news:title>{escape(story.title)}</news:title>"
    return f"<news:news><news:publication>{about}</news:publication>{when}{title}</news:news>"
