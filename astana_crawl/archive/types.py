"""How the archive keeps times, days, texts and lists: readable in the sqlite3 shell, exact in Python."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date as SqlDate
from sqlalchemy import DateTime, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

if TYPE_CHECKING:
    from sqlalchemy import Dialect

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return the text as the archive keeps it: NFC, line ends as \\n, no NUL, control character or lone surrogate.

    A NUL cuts length() to what precedes it, a lone surrogate (JSON-LD's "\\ud800") makes SQLite refuse the row.
    """
    if _CONTROLS.search(text):
        text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))
    if text.isascii():
        return text
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")  # joins pairs, drops others
    return unicodedata.normalize("NFC", text)  # last: what stood between a letter and its accent is gone now


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, (list, tuple)) else value


class Words(TypeDecorator[str]):
    """A text, cleaned on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean it."""
        return None if value is None else clean_text(value)


class UtcTime(TypeDecorator[dt.datetime]):
    """An instant: an aware datetime in Python, the text `YYYY-MM-DDTHH:MM:SSZ` in SQLite, timestamptz elsewhere."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text in SQLite, which has no type for it."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Whole seconds in UTC; ValueError for a time without a zone."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a time without a zone cannot be kept: {value!r}")
        value = value.astimezone(dt.UTC).replace(microsecond=0)
        return f"{value.replace(tzinfo=None).isoformat()}Z" if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """An aware datetime in UTC."""
        return dt.datetime.fromisoformat(value) if isinstance(value, str) else value


class Day(TypeDecorator[dt.date]):
    """A day: a date in Python, the text `YYYY-MM-DD` in SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text in SQLite, which has no type for it."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else SqlDate())

    def process_bind_param(self, value: dt.date | None, dialect: Dialect) -> Any:
        """ValueError for a moment, whose day depends on a zone."""
        if isinstance(value, dt.datetime):
            raise ValueError(f"a moment is not a day: {value!r}")
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.date | None:
        """A date."""
        return dt.date.fromisoformat(value) if isinstance(value, str) else value


class Json(TypeDecorator[Any]):
    """Lists and dicts as UTF-8 text that can be read and searched; what is empty is NULL, and NULL is None."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Compact text, its texts cleaned."""
        return json.dumps(_clean(value), ensure_ascii=False) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """What was put in."""
        return None if value is None else json.loads(value)
