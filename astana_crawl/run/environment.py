"""The add-on that reads settings from the environment, and refuses names that nobody defines."""

from __future__ import annotations

import difflib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.settings import default_settings

from astana_crawl import settings as project_settings
from astana_crawl.reference import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.settings import BaseSettings

PREFIX = "ASTANA_"
PRIORITY = 35  # spider (30) < environment < -s (40)
REPLAY_PRIORITY = 36  # a recording has no server to be polite to, whatever a spider or the environment says

DEPRECATED = {"DNS_RESOLVER"}
KNOWN = ({name for name in dir(default_settings) if name.isupper()} - DEPRECATED) | {
    name for name in dir(project_settings) if name.isupper()
}


class UnknownName(ValueError):
    """Raised when a setting or a site argument has a name that neither Scrapy nor the project defines."""


def refuse_unknown(names: Iterable[str], known: Iterable[str], what: str) -> None:
    """Raise UnknownName for the first name that is not known, with the nearest one that is."""
    known = sorted(known)
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}" if len(known) < 12 else ""
            raise UnknownName(f"there is no {what} {name}; {hint}".rstrip("; "))


def from_environment(environ: dict[str, str]) -> dict[str, str]:
    """The settings that the environment gives, by name; UnknownName for ASTANA_… that is no setting."""
    given = {name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX)}
    for name in given:
        try:
            refuse_unknown([name], KNOWN, "setting")
        except UnknownName as error:
            raise UnknownName(f"environment variable {PREFIX}{name}: {error}") from None
    return given


def archive_url(settings: BaseSettings) -> str:
    """ARCHIVE_URL, or its default for the live web or for the recording that is replayed."""
    return str(settings["ARCHIVE_URL"] or f"sqlite:///{PROJECT / 'data' / _name(settings)}.db")


def pages_dir(settings: BaseSettings) -> Path:
    """PAGES_DIR relative to the project, or its default for the live web or for the recording that is replayed."""
    default = f"{_name(settings)}.pages" if settings["REPLAY"] else "pages"
    return PROJECT / (settings["PAGES_DIR"] or Path("data") / default)


def _name(settings: BaseSettings) -> str:
    return Path(settings["REPLAY"].split(",")[0]).name.split(".")[0] if settings["REPLAY"] else "astana"


class Environment:
    """ASTANA_<NAME> sets NAME: spider < environment < `-s`. CONTACT enters the user agent, REPLAY is the network."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Apply the environment, CONTACT and REPLAY; raises UnknownName and FileNotFoundError."""
        cls.update_from(settings, dict(os.environ))

    @staticmethod
    def update_from(settings: BaseSettings, environ: dict[str, str]) -> None:
        """The same with a given environment."""
        for name, value in from_environment(environ).items():
            settings.set(name, value, priority=PRIORITY)
        refuse_unknown((n for n in settings if settings.getpriority(n) == PRIORITY + 5), KNOWN, "setting")
        if settings["CONTACT"] and "contact:" not in settings["USER_AGENT"]:
            agent = settings["USER_AGENT"].removesuffix(")") + f"; contact: {settings['CONTACT']})"
            settings.set("USER_AGENT", agent, priority=settings.getpriority("USER_AGENT") or 0)
        if not (sys.stderr.isatty() or settings["LOG_FILE"]) and (settings.getpriority("LOG_LEVEL") or 0) < PRIORITY:
            settings.set(
                "LOG_LEVEL", "ERROR", priority=PRIORITY
            )  # cron mails what is printed; the closing table says it
        settings.set(
            "ADDONS", settings["ADDONS"], priority=PRIORITY
        )  # a spider that left Fixed out would be checked by none
        if settings["REPLAY"]:
            _replay(settings)


def _replay(settings: BaseSettings) -> None:
    from astana_crawl.fetch.replay import recordings

    recordings(settings["REPLAY"])
    handler = "astana_crawl.fetch.replay.Replay"
    for name, value in _REPLAYED.items():
        settings.set(name, value, priority=REPLAY_PRIORITY)
    handlers = dict(settings["DOWNLOAD_HANDLERS"]) | {"http": handler, "https": handler}
    settings.set("DOWNLOAD_HANDLERS", handlers, priority=REPLAY_PRIORITY)


_REPLAYED: dict[str, Any] = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
