"""Asharq Al-Awsat, Arabic edition: pan-Arab daily edited in London, Saudi-owned, with reporters at the talks."""

from astana_crawl.discover import Feed, Sitemap
from astana_crawl.newsspider import NewsSpider


class AawsatArSpider(NewsSpider):
    name = "aawsat_ar"
    allowed_domains = ["aawsat.com"]
    outlet, home, country = "Asharq Al-Awsat", "https://aawsat.com/", "Saudi Arabia"
    language, zone = "ar", "Asia/Riyadh"
    sources = (Feed("https://aawsat.com/feed"),)
    archives = (Sitemap("https://aawsat.com/sitemap.xml"),)
