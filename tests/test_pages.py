"""Every page in tests/pages/<site>/ is read as the .json beside it says: the whole article is compared."""

import datetime as dt
import importlib
import json
from pathlib import Path

import pytest

from astana_crawl.extract import Layout, read_article
from astana_crawl.extract.saved import record

PAGES = Path(__file__).parent / "pages"


def site_of(site: str) -> tuple[tuple[Layout, ...], str | None, str | None]:
    """Layouts, language and zone as the site's spider declares them."""
    module = importlib.import_module(f"astana_crawl.spiders.{site}")
    spiders = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    spider = next(one for one in spiders if getattr(one, "name", None) == site)
    return spider.layouts, spider.language, spider.zone


@pytest.mark.parametrize("page", sorted(PAGES.glob("*/*.html")), ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_is_read_as_it_was_when_somebody_looked_at_it(page: Path) -> None:
    kept = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    layouts, language, zone = site_of(page.parent.name)
    fetched_at = dt.datetime.fromisoformat(kept["fetched_at"])
    article = read_article(
        page.read_bytes(), kept["asked"], layouts, language=language, zone=zone, fetched_at=fetched_at
    )
    assert record(article, kept["asked"], fetched_at) == kept, (
        f"{page.name} is read differently now. If that is better, write its .json anew with "
        f"`scrapy try {page.parent.name} {kept['asked']} --save`."
    )


def test_every_site_with_pages_has_at_least_two() -> None:
    assert {folder.name: len(list(folder.glob("*.html"))) >= 2 for folder in PAGES.iterdir() if folder.is_dir()} == {
        folder.name: True for folder in PAGES.iterdir() if folder.is_dir()
    }
