"""Where a site offers addresses: value objects that say what to ask for, and read what comes back."""

from astana_crawl.discover.feed import Feed
from astana_crawl.discover.listing import Listing
from astana_crawl.discover.probe import guesses, probe, robots_sitemaps
from astana_crawl.discover.sitemap import Sitemap
from astana_crawl.discover.source import EVER, Reading, Source, Window
from astana_crawl.discover.wordpress import WordPress

__all__ = [
    "EVER",
    "Feed",
    "Listing",
    "Reading",
    "Sitemap",
    "Source",
    "Window",
    "WordPress",
    "guesses",
    "probe",
    "robots_sitemaps",
]
