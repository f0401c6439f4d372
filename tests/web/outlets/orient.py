"""The Orient Dispatch, which does not exist: a plain WordPress site in Russian, Turkish, Kazakh and English.

It has no spider of its own: `anysite` finds its feed, its posts API and its sitemap by the front page and robots.txt.
Its pages have no JSON-LD, only a <time>. Two posts exist as AMP pages as well, which the sitemap offers.
"""

from __future__ import annotations

from html import escape

from tests.web.lists import sitemap, sitemap_index
from tests.web.model import Answer, Story, Stray
from tests.web.outlets.wordpress import Blog, blog_feed, post_id, searches
from tests.web.served import XML, answer, html_blocks, robots

TERMS = ("astana", "syria", "астан", "сири", "أستانا", "Suriye")
BLOG = Blog("orient-dispatch.example", "https://orient-dispatch.example", "Orient Dispatch", "Asia/Almaty", TERMS)


def answers() -> dict[str, Answer]:
    base = BLOG.base
    made = {base + story.path: answer(_page(story)) for story in BLOG.stories}
    made |= {base + story.path + "amp/": answer(_amp(story)) for story in amp_stories()}
    made |= searches(BLOG)
    made[base + "/"] = answer(_front(), gzipped=True)
    made[base + "/feed/"] = blog_feed(BLOG, 10)
    made[base + "/robots.txt"] = robots("Disallow: /wp-admin/", "Disallow: /search/", sitemap=base + "/wp-sitemap.xml")
    rows: list[tuple[str, str | None]] = [(base + story.path, story.published.isoformat()) for story in BLOG.stories]
    rows += [(stray.url, None) for stray in strays()]
    child = base + "/wp-sitemap-posts-post-1.xml"
    made[base + "/wp-sitemap.xml"] = answer(sitemap_index([(child, None)]), XML)
    made[child] = answer(sitemap(rows), XML)
    return made


def strays() -> list[Stray]:
    """The AMP pages, which the sitemap offers."""
    urls = [BLOG.base + story.path for story in amp_stories()]
    return [Stray(BLOG.site, url + "amp/", "duplicate", url) for url in urls]


def amp_stories() -> list[Story]:
    return [story for story in BLOG.stories if "AMP page" in (story.note or "")]


def _front() -> str:
    latest = "".join(
        f'<article><h2><a href="{BLOG.base}{story.path}">{escape(story.title)}</a></h2></article>'
        for story in BLOG.stories[:6]
    )
    return f"""<!DOCTYPE html>
<html lang="ru-RU"><head><meta charset="UTF-8"><title>Orient Dispatch</title>
<link rel="alternate" type="application/rss+xml" title="Orient Dispatch &raquo; Feed" href="{BLOG.base}/feed/">
<link rel="https://api.w.org/" href="{BLOG.base}/wp-json/"><meta name="generator" content="WordPress 6.7"></head>
<body class="home blog"><header><h1 class="site-title">Orient Dispatch</h1></header><main>{latest}</main>
<footer>Orient Dispatch</footer></body></html>
"""


def _page(story: Story) -> str:
    url, when = BLOG.base + story.path, story.published.isoformat()
    amp = f'<link rel="amphtml" href="{url}amp/">' if story in amp_stories() else ""
    return f"""<!DOCTYPE html>
<html lang="{story.language}"><head><meta charset="UTF-8"><title>{escape(story.title)} – Orient Dispatch</title>
<link rel="canonical" href="{url}">{amp}
<link rel="alternate" type="application/rss+xml" title="Orient Dispatch &raquo; Feed" href="{BLOG.base}/feed/">
<link rel="https://api.w.org/" href="{BLOG.base}/wp-json/"></head>
<body class="post-template-default single single-post postid-{post_id(story)}">
<header><a href="/" rel="home">Orient Dispatch</a></header>
<main><article id="post-{post_id(story)}" class="post type-post hentry">
<header class="entry-header"><h1 class="entry-title">{escape(story.title)}</h1>
<div class="entry-meta"><time class="entry-date published" datetime="{when}">{story.published:%d.%m.%Y}</time>
<span class="author vcard">{escape(story.author or "")}</span></div></header>
<div class="entry-content">
{html_blocks(story.blocks, "h2")}
</div></article>
<div id="comments"><h3>1</h3><p>…</p></div></main>
<footer>Orient Dispatch · WordPress</footer></body></html>
"""


def _amp(story: Story) -> str:
    """The same text for telephones."""
    url = BLOG.base + story.path
    return f"""<!doctype html>
<html amp lang="{story.language}"><head><meta charset="utf-8"><title>{escape(story.title)}</title>
<link rel="canonical" href="{url}"><script async src="https://cdn.ampproject.org/v0.js"></script></head>
<body><article class="amp-wp-article"><h1 class="amp-wp-title">{escape(story.title)}</h1>
<time datetime="{story.published.isoformat()}">{story.published:%d.%m.%Y}</time>
<div class="amp-wp-article-content">
{html_blocks(story.blocks, "h2")}
</div></article></body></html>
"""
