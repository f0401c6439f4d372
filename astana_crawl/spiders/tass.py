"""TASS, English service: Russia's state news agency; its dispatches carry the Russian delegation's words first."""

from astana_crawl.discover import Feed, Sitemap
from astana_crawl.extract import Layout
from astana_crawl.newsspider import NewsSpider


class TassSpider(NewsSpider):
    name = "tass"
    allowed_domains = ["tass.com"]
    outlet, home, country, party = "TASS", "https://tass.com/", "Russia", "russia"
    language, zone = "en", "Europe/Moscow"
    sources = (Feed("https://tass.com/rss/v2.xml"),)
    archives = (Sitemap("https://tass.com/sitemap.xml"),)
    layouts = (
        Layout(body="div.text-content", subtitle="div.news-header__lead", name="text-content"),
        Layout(body="div.text-block", subtitle="div.news-header__lead", name="text-block"),
    )
