"""Dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar

from ferrow import columns, relationship
from tests.support.soft.team import NOW, TEAM, now


@dataclass(kw_only=True)
class Writer:
    id: int | None = None
    name: str
    deleted_at: datetime | None = field(default=None, metadata={"soft_delete": True})
    articles: Annotated[list[Article], relationship(back_populates="writer")] = field(default_factory=list)
    notes: Annotated[list[Note], relationship(back_populates="writer")] = field(default_factory=list)


@dataclass(kw_only=True)
class Article:
    id: int | None = None
    title: str = field(metadata={"unique": True})
    words: int = 0
    writer_id: int | None = field(default=None, metadata={"fk": "writers.id"})
    deleted_at: datetime | None = field(default=None, metadata={"soft_delete": True, "timezone": True})
    created_at: datetime | None = field(default=None, metadata={"timezone": True, "server_default": NOW})
    updated_at: datetime | None = field(
        default=None, metadata={"timezone": True, "server_default": NOW, "on_update": now}
    )
    writer: Annotated[Writer | None, relationship(back_populates="articles")] = None
    labels: Annotated[list[Label], relationship(secondary="articlelabels", back_populates="articles")] = field(
        default_factory=list
    )


@dataclass(kw_only=True)
class Label:
    id: int | None = None
    name: str
    articles: Annotated[list[Article], relationship(secondary="articlelabels", back_populates="labels")] = field(
        default_factory=list
    )


@dataclass(kw_only=True)
class ArticleLabel:
    __primary_key__ = ("article_id", "label_id")

    article_id: int = field(metadata={"fk": "articles.id"})
    label_id: int = field(metadata={"fk": "labels.id"})
    deleted_at: datetime | None = field(default=None, metadata={"soft_delete": True})


class Archivable:
    __scope__: ClassVar[Any] = {"archived": False}


@dataclass(kw_only=True)
class Note(Archivable):
    id: int | None = None
    text: str
    team: int
    archived: bool = False
    writer_id: int = field(metadata={"fk": "writers.id"})
    writer: Annotated[Writer | None, relationship(back_populates="notes")] = None

    @classmethod
    def __scope__(cls) -> Any:
        return columns(cls).team == TEAM.get()
