"""TASS in English: a system of its own, addresses of a section and a number, a dateline with the agency's name."""

from __future__ import annotations

import json
from html import escape

from tests.web.lists import feed, item, sitemap, sitemap_index
from tests.web.model import Answer, Story, Stray, stories
from tests.web.served import XML, answer, gz, html_blocks, robots

SITE, BASE = "tass", "https://tass.com"
HOT = 4


def answers() -> dict[str, Answer]:
    all_stories = stories(SITE)
    made = {BASE + story.path: answer(_page(story), gzipped=True) for story in all_stories}
    newest = all_stories[0].published
    items = [item(story, BASE + story.path, "<category>World</category>") for story in all_stories[:12]]
    page = feed("TASS", BASE, items)
    made[BASE + "/rss/v2.xml"] = answer(page, "application/rss+xml; charset=utf-8", modified=newest, gzipped=True)
    made[BASE + "/robots.txt"] = robots("Disallow: /search", "Disallow: /userApi/", sitemap=BASE + "/sitemap.xml")
    return made | _sitemaps(all_stories)


def strays() -> list[Stray]:
    return []


def _sitemaps(all_stories: tuple[Story, ...]) -> dict[str, Answer]:
    """An index of the hot list, which has titles, and of two archives, which are gzip files without titles."""
    newest = all_stories[0].published
    hot = {BASE + story.path: story for story in all_stories[:HOT]}
    rows = [(BASE + story.path, story.published.isoformat()) for story in all_stories]
    half = len(rows) // 2
    names = [f"{BASE}/sitemap/sitemap_news{number}.xml.gz" for number in (0, 1)]
    archives = dict(zip(names, (rows[half:], rows[:half]), strict=True))
    hot_url = BASE + "/sitemap/sitemap_hot.xml"
    index = sitemap_index([(hot_url, rows[0][1]), *((url, part[0][1]) for url, part in archives.items())])
    made = {
        BASE + "/sitemap.xml": answer(index, XML, modified=newest),
        hot_url: answer(sitemap(rows[:HOT], news=hot), XML, modified=newest),
    }
    for url, part in archives.items():
        made[url] = answer(gz(sitemap(part).encode()), "application/x-gzip", modified=newest)
    return made


def _page(story: Story) -> str:
    url, section = BASE + story.path, story.path.split("/")[1].capitalize()
    data = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "dateModified": story.published.isoformat(),
        "author": {"@type": "Organization", "name": "TASS"},
        "publisher": {"@type": "Organization", "name": "TASS"},
    }
    dateline = f"{story.dateline}, {story.published:%B} {story.published.day}. /TASS/. " if story.dateline else ""
    body = html_blocks((dateline + story.blocks[0], *story.blocks[1:]))
    tags = "".join(f'<a class="tags__title" href="/tag/{tag.lower()}">{escape(tag)}</a>' for tag in story.tags)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(story.title)} - {section} - TASS</title>
<link rel="canonical" href="{url}"><meta property="og:title" content="{escape(story.title)} - {section} - TASS">
<meta property="og:description" content="{escape(story.lead or "")}"><meta property="og:url" content="{url}">
<script type="application/ld+json">{json.dumps(data)}</script></head>
<body><header><a href="/">TASS Russian News Agency</a><nav><a href="/politics">Russian Politics &amp; Diplomacy</a>
<a href="/world">World</a>
<a href="/economy">Business &amp; Economy</a><a href="/defense">Military &amp; Defense</a></nav>
</header>
<a class="all-news" href="/">All news</a>
<div class="news" data-id="{story.path.rpartition("/")[2]}"><div class="news-header">
<dateformat class="news-header__date-date" time="{int(story.published.timestamp())}" mode="abs"></dateformat>
<h1 class="news-header__title">{escape(story.title)}</h1>
<div class="news-header__lead">{escape(story.lead or "")}</div></div>
<div class="text-content">
{body}
</div>
<div class="tags">{tags}</div></div>
<div class="news-feed"><p>Read more on our Telegram channel</p></div>
<footer><p>TASS. All rights reserved.</p></footer></body></html>
"""
