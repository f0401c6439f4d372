"""The Syrian Observer: WordPress; each piece is a translation and ends with a disclaimer and the outlet it is from."""

from __future__ import annotations

import json
from html import escape

from tests.web.lists import cdata, feed, item, sitemap, sitemap_index
from tests.web.model import Answer, Story, Stray
from tests.web.outlets.wordpress import SPACES, Blog, post_id, searches
from tests.web.served import HTML, XML, answer, html_blocks, http_date, missing, robots

BLOG = Blog("syrianobserver", "https://syrianobserver.com", "The Syrian Observer", "Asia/Damascus", ("astana",))
GONE = "/foreign-actors/draft-astana-statement-on-syria-withdrawn.html"
DISCLAIMER = (
    "This article was translated and edited by The Syrian Observer. "
    "Its content has not been checked, and the views in it are those of its author alone."
)


def answers() -> dict[str, Answer]:
    base = BLOG.base
    made = {base + story.path: answer(_page(story), HTML) for story in BLOG.stories}
    made |= searches(BLOG)
    made[base + "/feed"] = _feed()
    made[base + GONE] = missing(BLOG.name)
    made[base + "/robots.txt"] = robots("Disallow: /wp-admin/", sitemap=base + "/sitemap_index.xml")
    rows = [(base + story.path, story.published.isoformat()) for story in BLOG.stories]
    newest = BLOG.stories[0].published
    index = sitemap_index([(base + "/post-sitemap.xml", rows[0][1]), (base + "/post-sitemap2.xml", rows[8][1])])
    made[base + "/sitemap_index.xml"] = answer(index, XML, modified=newest)
    made[base + "/post-sitemap.xml"] = answer(sitemap(rows[:8]), XML, modified=newest)
    made[base + "/post-sitemap2.xml"] = answer(sitemap(rows[8:]), XML, modified=newest)
    return made


def strays() -> list[Stray]:
    """The feed still offers a post that has been taken down."""
    return [Stray(BLOG.site, BLOG.base + GONE, "gone")]


def _feed() -> Answer:
    newest = BLOG.stories[:10]
    items = [item(story, BLOG.base + story.path, "<dc:creator>Editorial</dc:creator>") for story in newest]
    gone = (
        f"<item><title>{cdata('Draft Astana Statement on Syria Withdrawn')}</title><link>{BLOG.base}{GONE}</link>"
        f"<pubDate>{http_date(newest[2].published)}</pubDate></item>"
    )
    page = feed(BLOG.name, BLOG.base, [*items[:2], gone, *items[2:]], namespaces=SPACES)
    return answer(page, "application/rss+xml; charset=UTF-8", modified=newest[0].published, gzipped=True)


def _page(story: Story) -> str:
    url, when = BLOG.base + story.path, story.published.isoformat()
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Article", "headline": story.title, "datePublished": when, "mainEntityOfPage": {"@id": url}},
            {"@type": "Organization", "name": "The Syrian Observer", "url": BLOG.base},
        ],
    }
    source = f'<p class="source">Source: <a href="{story.original_url}">{escape(story.original_outlet or "")}</a></p>'
    latest = "".join(
        f'<li><a href="{BLOG.base}{other.path}">{escape(other.title)}</a></li>' for other in BLOG.stories[:5]
    )
    return f"""<!DOCTYPE html>
<html lang="en-US"><head><meta charset="UTF-8"><title>{escape(story.title)} - The Syrian Observer</title>
<link rel="canonical" href="{url}"><meta property="og:title" content="{escape(story.title)}">
<meta property="og:site_name" content="The Syrian Observer">
<meta property="og:description" content="{escape(story.lead or "")}">
<meta property="article:published_time" content="{when}"><link rel="alternate" type="application/rss+xml" href="/feed">
<script type="application/ld+json" class="yoast-schema-graph">{json.dumps(graph)}</script></head>
<body class="single-post postid-{post_id(story)}"><header><a href="/">The Syrian Observer</a>
<ul><li>News</li><li>Features</li><li>Foreign Actors</li><li>Society</li><li>Who’s Who</li></ul></header>
<main><h1 class="entry-title">{escape(story.title)}</h1><p class="dek">{escape(story.lead or "")}</p>
<span class="posted-on">{story.published:%B} {story.published.day}, {story.published.year}</span>
<div class="entry-content">
{html_blocks(story.blocks)}
<p class="disclaimer">{DISCLAIMER}</p>
{source if story.original_outlet else ""}
</div>
<section class="share">Share this: <a href="#">Facebook</a> <a href="#">Telegram</a></section>
<aside><h2>Latest News</h2><ul>{latest}</ul></aside></main>
<footer>© The Syrian Observer</footer></body></html>
"""
