"""A bare Scrapy crawl of the generated site, for comparison: sitemaps followed, pages fetched, nothing done with them."""

import sys
from collections.abc import Iterator

from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.spiders import SitemapSpider


class Bare(SitemapSpider):
    name = "bare"
    sitemap_urls = [f"{sys.argv[1]}/sitemap.xml"]
    custom_settings = {
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "LOG_LEVEL": "ERROR",
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
    }

    def parse(self, response: Response) -> Iterator[None]:
        yield from ()


if __name__ == "__main__":
    process = CrawlerProcess()
    process.crawl(Bare)
    process.start()
