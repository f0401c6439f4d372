"""Every page in tests/pages/<site>/ is read as the .json beside it says: the whole article is compared."""

import importlib
import json
from pathlib import Path

import pytest

from astana_crawl import dates
from astana_crawl.ask.page import saved_article
from astana_crawl.extract import read_article

PAGES = Path(__file__).parent / "pages"


def read(page: Path, url: str) -> str:
    """The page as its site's spider reads it, in the form that `scrapy try --save` writes."""
    site = page.parent.name
    module = importlib.import_module(f"astana_crawl.spiders.{site}")
    spiders = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    spider = next(one for one in spiders if getattr(one, "name", None) == site)
    article = read_article(page.read_bytes(), url, spider.layouts, language=spider.language, zone=spider.zone)
    dates.date_article(article, zone=spider.zone)
    article.site = site
    return saved_article(article)


@pytest.mark.parametrize("page", sorted(PAGES.glob("*/*.html")), ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_is_read_as_it_was_when_somebody_looked_at_it(page: Path) -> None:
    kept = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert json.loads(read(page, kept["url"])) == kept, (
        f"{page.name} is read differently now. If that is better, write its .json anew with "
        f"`scrapy try {page.parent.name} {kept['url']} --save`."
    )


def test_every_site_with_pages_has_at_least_two() -> None:
    counts = {folder.name: len(list(folder.glob("*.html"))) for folder in PAGES.iterdir() if folder.is_dir()}
    assert not [site for site, count in counts.items() if count < 2]
