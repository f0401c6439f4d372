"""The notes of tests/faults/site.py, and the pages of tests/faults/raw.py; NOTES says where they are served."""

import os

from astana_crawl.discover import Feed, Listing, Sitemap
from astana_crawl.newsspider import NewsSpider

BASE = os.environ["NOTES"]


class NotesSpider(NewsSpider):
    name = "notes"
    allowed_domains = ["127.0.0.1"]
    outlet, home, language, zone = "The Notes", BASE, "en", "UTC"
    sources = (Feed(f"{BASE}/feed"), Sitemap(f"{BASE}/sitemap.xml"))


class PagesSpider(NewsSpider):
    name = "pages"
    allowed_domains = ["127.0.0.1"]
    outlet, home = "The Pages", BASE
    language = os.environ.get("PAGES_LANGUAGE")
    charset = os.environ.get("PAGES_CHARSET")
    sources = (Feed(f"{BASE}/feed"),)


class ListsSpider(PagesSpider):
    name = "lists"
    sources = (Listing(f"{BASE}/list.html", "li a"),)
