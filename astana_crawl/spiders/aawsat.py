"""Asharq Al-Awsat, English edition: pan-Arab daily edited in London, Saudi-owned, with reporters at the talks."""

from astana_crawl.discover import Feed, Sitemap
from astana_crawl.newsspider import NewsSpider


class AawsatSpider(NewsSpider):
    name = "aawsat"
    allowed_domains = ["english.aawsat.com"]
    outlet, home, country = "Asharq Al-Awsat", "https://english.aawsat.com/", "Saudi Arabia"
    language, zone = "en", "Asia/Riyadh"
    sources = (Feed("https://english.aawsat.com/feed"),)
    archives = (Sitemap("https://english.aawsat.com/sitemap.xml"),)
