"""The Astana Times: English-language daily of the host city; nearly every page says Astana, few are about the talks."""

from astana_crawl.discover import Feed, WordPress
from astana_crawl.newsspider import NewsSpider


class AstanatimesSpider(NewsSpider):
    name = "astanatimes"
    allowed_domains = ["astanatimes.com"]
    outlet, home, country, party = "The Astana Times", "https://astanatimes.com/", "Kazakhstan", "kazakhstan"
    language, zone = "en", "Asia/Almaty"
    sources = (Feed("https://astanatimes.com/feed/"), WordPress("https://astanatimes.com", term="syria"))
