"""The Field: the generated site of the benchmarks, at the address in FIELD_HOME."""

import os

from astana_crawl.discover import Feed, Sitemap
from astana_crawl.extract import Layout
from astana_crawl.newsspider import NewsSpider

HOME = os.environ.get("FIELD_HOME", "http://127.0.0.1:8000")


class FieldSpider(NewsSpider):
    name = "field"
    allowed_domains = ["127.0.0.1"]
    outlet, home = "The Field", HOME
    language, zone = "en", "UTC"
    sources = (Feed(f"{HOME}/feed"), Sitemap(f"{HOME}/sitemap.xml"))
    layouts = (Layout(body="div.story"),) if os.environ.get("FIELD_LAYOUT") else ()
