"""The Astana Times: WordPress with Yoast, a dateline before the first sentence, and Astana in every second headline."""

from __future__ import annotations

import json
from html import escape

from tests.web.lists import sitemap, sitemap_index
from tests.web.model import Answer, Story, Stray
from tests.web.outlets.wordpress import Blog, blog_feed, post_id, searches
from tests.web.served import XML, answer, html_blocks, robots

BLOG = Blog("astanatimes", "https://astanatimes.com", "The Astana Times", "Asia/Almaty", ("syria", "astana"))


def answers() -> dict[str, Answer]:
    base = BLOG.base
    made = {base + story.path: answer(_page(story), gzipped=True) for story in BLOG.stories}
    made |= searches(BLOG)
    made[base + "/feed/"] = blog_feed(BLOG, 15)
    made[base + "/robots.txt"] = robots(
        "Disallow: /wp-admin/", "Allow: /wp-admin/admin-ajax.php", "Disallow: /?s=", sitemap=base + "/sitemap_index.xml"
    )
    rows = [(base + story.path, story.published.isoformat()) for story in BLOG.stories]
    newest = BLOG.stories[0].published
    made[base + "/sitemap_index.xml"] = answer(
        sitemap_index([(base + "/post-sitemap.xml", rows[0][1])]), XML, modified=newest
    )
    made[base + "/post-sitemap.xml"] = answer(sitemap(rows), XML, modified=newest)
    return made


def strays() -> list[Stray]:
    return []


def _page(story: Story) -> str:
    url, when = BLOG.base + story.path, story.published.isoformat()
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "@id": url + "#article",
                "headline": story.title,
                "datePublished": when,
                "dateModified": when,
                "author": {"@type": "Person", "name": story.author},
                "inLanguage": "en-US",
            },
            {"@type": "WebPage", "@id": url, "url": url, "name": f"{story.title} - The Astana Times"},
        ],
    }
    dateline = f"{story.dateline} – " if story.dateline else ""
    body = html_blocks((dateline + story.blocks[0], *story.blocks[1:]))
    others = "".join(
        f'<li><a href="{BLOG.base}{other.path}">{escape(other.title)}</a></li>'
        for other in BLOG.stories[:4]
        if other is not story
    )
    return f"""<!DOCTYPE html>
<html lang="en-US"><head><meta charset="UTF-8"><title>{escape(story.title)} - The Astana Times</title>
<link rel="canonical" href="{url}"><meta property="og:title" content="{escape(story.title)} - The Astana Times">
<meta property="og:type" content="article"><meta property="og:url" content="{url}">
<meta property="article:published_time" content="{when}"><meta name="author" content="{escape(story.author or "")}">
<link rel="https://api.w.org/" href="{BLOG.base}/wp-json/">
<script type="application/ld+json" class="yoast-schema-graph">{json.dumps(graph, ensure_ascii=False)}</script></head>
<body class="post-template-default single single-post postid-{post_id(story)}">
<nav><a href="/">The Astana Times</a> <a href="/category/nation/">Nation</a> <a href="/category/business/">Business</a>
<a href="/category/international/">International</a> <a href="/category/astana/">Astana</a></nav>
<div id="content"><article class="post"><h1 class="post-title entry-title">{escape(story.title)}</h1>
<p class="byline">By <a rel="author" href="/author/staff/">{escape(story.author or "")}</a> in
<a href="#">{escape(story.section or "International")}</a> on {story.published.day} {story.published:%B %Y}</p>
<div class="post-content entry-content">
<figure class="wp-caption"><img src="{BLOG.base}/wp-content/uploads/{post_id(story)}.jpg" alt="">
<figcaption class="wp-caption-text">{escape(story.caption or "Photo credit: The Astana Times")}</figcaption></figure>
{body}
</div>
<div class="related-posts"><h3>Related Posts</h3><ul>{others}</ul></div></article>
<aside class="newsletter"><p>Get The Astana Times stories sent directly to you! Sign up via the website.</p></aside>
</div>
<footer><p>© The Astana Times. All rights reserved.</p></footer></body></html>
"""
