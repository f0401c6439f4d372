"""What the tables of the archive share: kinds of columns, and how times, days and texts are kept."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, insert
from sqlalchemy.orm import DeclarativeBase, mapped_column

from astana_crawl.archive.types import Day, Json, UtcTime, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

Id = Annotated[int, mapped_column(primary_key=True)]
List = Annotated[Any, mapped_column(Json)]
SiteName = Annotated[str, mapped_column(ForeignKey("sites.name"))]
SourceId = Annotated[int, mapped_column(ForeignKey("sources.id"))]
AddressId = Annotated[int, mapped_column(ForeignKey("addresses.id"))]
ArticleId = Annotated[int, mapped_column(ForeignKey("articles.id"))]
RunId = Annotated[int, mapped_column(ForeignKey("runs.id"))]
PageId = Annotated[int, mapped_column(ForeignKey("pages.id"))]


def one_of(column: str, *values: str) -> CheckConstraint:
    """A CHECK that the column holds one of the values, or NULL where it may."""
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", name=f"{column}_known")


def flag(column: str) -> CheckConstraint:
    """A CHECK that the column is 0 or 1."""
    return CheckConstraint(f"{column} IN (0, 1)", name=f"{column}_flag")


class Base(DeclarativeBase):
    """What all tables share: times, days and texts are kept as archive/types.py says."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Words, dt.datetime: UtcTime, dt.date: Day}


_insert = functools.cache(insert)  # a statement costs more to build than to run


def inserted(db: Connection, table: type[Base], row: Mapping[str, Any]) -> int:
    """Insert one row into a table with an `id`; returns the id."""
    key = db.execute(_insert(table), row).inserted_primary_key
    return int(key[0]) if key else 0
