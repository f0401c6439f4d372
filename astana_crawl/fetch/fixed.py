"""What a spider may not change for itself: the add-on that keeps the guards of the web as the user set them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.settings import get_settings_priority

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

FIXED = (
    "ADDONS",
    "ALLOW_PRIVATE_HOSTS", "PROXY", "HTTPPROXY_ENABLED", "REPLAY",
    "TWISTED_DNS_RESOLVER", "TWISTED_REACTOR", "TWISTED_REACTOR_ENABLED",
    "DOWNLOADER", "DOWNLOAD_HANDLERS", "DOWNLOAD_HANDLERS_BASE",
    "DOWNLOADER_MIDDLEWARES", "DOWNLOADER_MIDDLEWARES_BASE",
    "DOWNLOAD_VERIFY_CERTIFICATES", "DOWNLOADER_CLIENTCONTEXTFACTORY",
    "ROBOTSTXT_OBEY", "ROBOTSTXT_PARSER", "ROBOTSTXT_USER_AGENT", "USER_AGENT",
    "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED",
)  # fmt: skip


class NotForSpiders(ValueError):
    """Raised when a spider sets what only the user may set."""


class Fixed:
    """Refuses a spider that sets one of FIXED; takes its word on certificates from `unverified_because` alone."""

    def __init__(self, spider: type[Spider]) -> None:
        self.spider = spider

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it for one crawler."""
        return cls(crawler.spidercls)

    def update_settings(self, settings: BaseSettings) -> None:
        """Check what the spider set; NotForSpiders names the setting and what to do."""
        for name in FIXED:
            own = name == "ADDONS" and name in (self.spider.custom_settings or {})  # Environment holds it above spiders
            if own or settings.getpriority(name) == get_settings_priority("spider"):
                raise NotForSpiders(f"the spider of {self.spider.name} sets {name}: {_instead(name)}")
        if getattr(self.spider, "unverified_because", None):
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")


def _instead(name: str) -> str:
    if name == "DOWNLOAD_VERIFY_CERTIFICATES":
        return 'declare why its certificate is not verified instead: unverified_because = "…"'
    return f"this is for the user to say, with -s {name}=… or in the environment"
