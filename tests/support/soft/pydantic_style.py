"""Pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel

from ferrow import ForeignKey, Q, mapped_column, relationship
from tests.support.soft.team import NOW, TEAM, now


class Writer(BaseModel):
    id: int | None = None
    name: str
    deleted_at: Annotated[datetime | None, mapped_column(soft_delete=True)] = None
    articles: Annotated[list[Article], relationship(back_populates="writer")] = []
    notes: Annotated[list[Note], relationship(back_populates="writer")] = []


class Article(BaseModel):
    id: int | None = None
    title: Annotated[str, mapped_column(unique=True)]
    words: int = 0
    writer_id: Annotated[int | None, mapped_column(ForeignKey("writers.id"))] = None
    deleted_at: Annotated[datetime | None, mapped_column(soft_delete=True, timezone=True)] = None
    created_at: Annotated[datetime | None, mapped_column(timezone=True, server_default=NOW)] = None
    updated_at: Annotated[datetime | None, mapped_column(timezone=True, server_default=NOW, on_update=now)] = None
    writer: Annotated[Writer | None, relationship(back_populates="articles")] = None
    labels: Annotated[list[Label], relationship(secondary="articlelabels", back_populates="articles")] = []


class Label(BaseModel):
    id: int | None = None
    name: str
    articles: Annotated[list[Article], relationship(secondary="articlelabels", back_populates="labels")] = []


class ArticleLabel(BaseModel):
    __primary_key__: ClassVar[Any] = ("article_id", "label_id")

    article_id: Annotated[int, mapped_column(ForeignKey("articles.id"))]
    label_id: Annotated[int, mapped_column(ForeignKey("labels.id"))]
    deleted_at: Annotated[datetime | None, mapped_column(soft_delete=True)] = None


class Archivable(BaseModel):
    __scope__: ClassVar[Any] = {"archived": False}


class Note(Archivable):
    __scope__: ClassVar[Any] = lambda cls: Q(team=TEAM.get())  # a function of the class is as good as a method

    id: int | None = None
    text: str
    team: int
    archived: bool = False
    writer_id: Annotated[int, mapped_column(ForeignKey("writers.id"))]
    writer: Annotated[Writer | None, relationship(back_populates="notes")] = None
