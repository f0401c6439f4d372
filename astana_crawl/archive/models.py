"""The tables of the archive, one class each; views and full-text search stand in schema.py."""

from __future__ import annotations

from astana_crawl.archive.base import Base
from astana_crawl.archive.crawl_models import (
    OUTCOMES,
    STATES,
    Address,
    Look,
    Page,
    Pause,
    Run,
    Sighting,
    Site,
    Source,
    Visit,
)
from astana_crawl.archive.text_models import (
    Article,
    ArticleMeeting,
    Change,
    Evidence,
    Facet,
    Fingerprint,
    Meeting,
    Revision,
    StoryBand,
    StoryLink,
)

__all__ = [
    "OUTCOMES",
    "STATES",
    "Address",
    "Article",
    "ArticleMeeting",
    "Base",
    "Change",
    "Evidence",
    "Facet",
    "Fingerprint",
    "Look",
    "Meeting",
    "Page",
    "Pause",
    "Revision",
    "Run",
    "Sighting",
    "Site",
    "Source",
    "StoryBand",
    "StoryLink",
    "Visit",
]
