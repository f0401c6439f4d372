"""The Syrian Observer: Syrian press in English translation; each piece names the outlet it was taken from."""

from astana_crawl.discover import Feed, Sitemap, WordPress
from astana_crawl.extract import Layout
from astana_crawl.newsspider import NewsSpider


class SyrianobserverSpider(NewsSpider):
    name = "syrianobserver"
    allowed_domains = ["syrianobserver.com"]
    outlet, home, country = "The Syrian Observer", "https://syrianobserver.com/", "Syria"
    language, zone = "en", "Asia/Damascus"
    sources = (Feed("https://syrianobserver.com/feed"), WordPress("https://syrianobserver.com", term="astana"))
    archives = (Sitemap("https://syrianobserver.com/sitemap_index.xml"),)
    layouts = (Layout(body="div.entry-content", ends_before="p.disclaimer"),)
