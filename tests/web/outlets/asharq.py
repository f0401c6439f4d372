"""Asharq Al-Awsat, English and Arabic: a Drupal site whose pages repeat themselves and append the next article."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from html import escape

from tests.web.lists import feed, item, sitemap, sitemap_index
from tests.web.model import Answer, Story, Stray, stories
from tests.web.served import XML, answer, html_blocks, robots

HIJRI = (
    "Muharram",
    "Safar",
    "Rabi' al-Awwal",
    "Rabi' al-Thani",
    "Jumada al-Awwal",
    "Jumada al-Thani",
    "Rajab",
    "Sha'ban",
    "Ramadan",
    "Shawwal",
    "Dhu al-Qi'dah",
    "Dhu al-Hijjah",
)
HIJRI_AR = (
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة",
    "ذو الحجة",
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTHS_AR = (
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
)
MENU = ("Gulf", "Arab World", "World", "Business", "Sports", "Culture", "Opinion")
MENU_AR = ("الخليج", "العالم العربي", "العالم", "اقتصاد", "رياضة", "ثقافة وفنون", "الرأي")


@dataclass(frozen=True)
class Edition:
    """One language edition: its site's name, base address and words."""

    site: str
    base: str
    name: str
    direction: str
    menu: tuple[str, ...]
    paged: str
    shell: str


ENGLISH = Edition(
    "aawsat",
    "https://english.aawsat.com",
    "Asharq Al-Awsat",
    "ltr",
    MENU,
    "/arab-world/5080121-syria-round-opens-astana-without-breakthrough-sight",
    "/arab-world/4760018-astana-guarantors-discuss-syria-gallery",
)
ARABIC = Edition(
    "aawsat_ar",
    "https://aawsat.com",
    "الشرق الأوسط",
    "rtl",
    MENU_AR,
    "",
    "",
)


def answers() -> dict[str, Answer]:
    return _edition(ENGLISH) | _edition(ARABIC)


def strays() -> list[Stray]:
    """The addresses of the sitemaps and feeds that are no article of their own."""
    paged = ENGLISH.base + ENGLISH.paged
    return [
        Stray("aawsat", paged + "?page=5", "duplicate", paged),
        Stray("aawsat", ENGLISH.base + ENGLISH.shell, "unreadable"),
        Stray("aawsat", ENGLISH.base + "/search/astana-talks", "disallowed"),
    ]


def _edition(edition: Edition) -> dict[str, Answer]:
    all_stories = stories(edition.site)
    made = {edition.base + story.path: _article(edition, all_stories, at) for at, story in enumerate(all_stories)}
    made[edition.base + "/robots.txt"] = robots(
        "Disallow: /search/", "Disallow: /admin/", "Disallow: /user/*", sitemap=f"{edition.base}/sitemap.xml"
    )
    newest = all_stories[:10]
    items = [item(story, edition.base + story.path) for story in newest]
    page = feed(edition.name, edition.base, items)
    made[edition.base + "/feed"] = answer(
        page, "application/rss+xml; charset=utf-8", modified=newest[0].published, gzipped=True
    )
    made |= _sitemaps(edition, all_stories)
    if edition.shell:
        made[edition.base + edition.shell] = answer(_shell(edition))
        made[edition.base + edition.paged + "?page=5"] = made[edition.base + edition.paged]
    return made


def _sitemaps(edition: Edition, all_stories: tuple[Story, ...]) -> dict[str, Answer]:
    """An index of ?page=N children; the newest addresses are in the last one."""
    rows: list[tuple[str, str | None]] = [
        (edition.base + story.path, story.published.isoformat()) for story in reversed(all_stories)
    ]
    pages = [rows[at : at + 8] for at in range(0, len(rows), 8)]
    if edition.shell:
        pages[-1] += [(stray.url, None) for stray in strays()]
    root = edition.base + "/sitemap.xml"
    children = [(f"{root}?page={number}", page[-1][1]) for number, page in enumerate(pages, 1)]
    newest = all_stories[0].published
    made = {root: answer(sitemap_index(children), XML, modified=newest)}
    for (url, _), page in zip(children, pages, strict=True):
        made[url] = answer(sitemap(page), XML, gzipped=True, modified=newest)
    return made


def _article(edition: Edition, all_stories: tuple[Story, ...], at: int) -> Answer:
    """A page: the article, then on two pages of three what infinite scroll has put below it."""
    story = all_stories[at]
    appended = all_stories[(at + 3) % len(all_stories)] if at % 3 else None
    main = _container(edition, story) + (_container(edition, appended) if appended else "")
    return answer(_page(edition, story, main), gzipped=at % 2 == 0)


def _container(edition: Edition, story: Story) -> str:
    url, title, caption = edition.base + story.path, escape(story.title), escape(story.caption or story.title)
    picture = f"/sites/default/files/styles/article_img_top/public/{story.published:%Y/%m/%d}/{len(story.title)}.jpeg"
    figure = (
        f'<div class="article-img-top"><img src="{picture}" alt=""><p class="img-caption">{caption}</p>'
        f'<div class="img-caption-full">{caption}</div></div>'
    )
    tags = " ".join(f'<a href="/tags/{number}">{escape(tag)}</a>' for number, tag in enumerate(story.tags, 1))
    return f"""<article class="node node--type-article node--view-mode-full" data-vr-contentbox-url="{url}">
<header class="article-top"><div class="section">{escape(story.section or "")}</div>
<h1 class="article-title">{title}</h1>
<div class="article-author">{escape(story.author or edition.name)}</div></header>
{figure}
<ul class="share"><li>Facebook</li><li>X</li><li>WhatsApp</li></ul>
<div class="article-date">{display_date(story.published, edition)}</div><div class="text-resize">TT</div>
<div class="article-sticky"><h2 class="article-title-repeat">{title}</h2>{figure}</div>
<div class="field field--name-body entry-content">
{html_blocks(story.blocks, "h4")}
</div>
<div class="article-tags">{tags}</div>
</article>
"""


def _page(edition: Edition, story: Story, main: str) -> str:
    url = edition.base + story.path
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "dateModified": (story.published + dt.timedelta(minutes=4)).isoformat(),
        "mainEntityOfPage": url,
        "author": {"@type": "Person", "name": story.author or edition.name},
        "publisher": {"@type": "Organization", "name": edition.name},
    }
    menu = "".join(f"<li><a href='/{n}'>{word}</a></li>" for n, word in enumerate(edition.menu))
    return f"""<!DOCTYPE html>
<html lang="{story.language}" dir="{edition.direction}" prefix="og: https://ogp.me/ns#">
<head><meta charset="utf-8"><title>{escape(story.title)} | {edition.name}</title>
<link rel="canonical" href="{url}"><meta property="og:type" content="article"><meta property="og:url" content="{url}">
<meta property="og:title" content="{escape(story.title)}"><meta property="og:site_name" content="{edition.name}">
<meta property="og:description" content="{escape(story.paragraphs[0])}"><meta name="Generator" content="Drupal 10">
<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script></head>
<body class="path-node"><header class="site-header"><a href="/">{edition.name}</a><ul class="menu">{menu}</ul></header>
<main>{main}</main>
<footer>© {edition.name} <a href="/contact">Contact</a></footer></body></html>
"""


def _shell(edition: Edition) -> str:
    """A page whose text only a browser would fetch."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{edition.name}</title></head>'
        '<body><div id="root"></div><noscript>Please enable JavaScript.</noscript>'
        '<script src="/app.js"></script></body></html>'
    )


def display_date(moment: dt.datetime, edition: Edition) -> str:
    """The outlet's line of two calendars, `18:42-19 January 2024 AD ـ 07 Rajab 1445 AH`."""
    year, month, day = hijri(moment.date())
    clock = f"{moment:%H:%M}-{moment.day}"
    if edition.direction == "ltr":
        return f"{clock} {MONTHS[moment.month - 1]} {moment.year} AD ـ {day:02} {HIJRI[month - 1]} {year} AH"
    return f"{clock} {MONTHS_AR[moment.month - 1]} {moment.year} م ـ {day:02} {HIJRI_AR[month - 1]} {year} هـ"


def hijri(day: dt.date) -> tuple[int, int, int]:
    """Year, month and day of the tabular Islamic calendar (30-year cycle, civil epoch)."""
    days = day.toordinal() - dt.date(622, 7, 19).toordinal()
    year = (30 * days + 10646) // 10631
    left = days - (354 * (year - 1) + (3 + 11 * year) // 30)
    month = min(12, (left * 2 + 1) // 59 + 1)
    return year, month, left - (59 * (month - 1) + 1) // 2 + 1
