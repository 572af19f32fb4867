"""Typed classes."""

from __future__ import annotations

from typing import Any, ClassVar

from ferrow import Base, ForeignKey, Mapped, SoftDeleteMixin, TimestampMixin, mapped_column, relationship
from tests.support.soft.team import TEAM


class Writer(SoftDeleteMixin, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    articles: Mapped[list[Article]] = relationship(back_populates="writer")
    notes: Mapped[list[Note]] = relationship(back_populates="writer")


class Article(Base, SoftDeleteMixin, TimestampMixin):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)
    words: Mapped[int] = mapped_column(default=0)
    writer_id: Mapped[int | None] = mapped_column(ForeignKey("writers.id"))
    writer: Mapped[Writer | None] = relationship(back_populates="articles")
    labels: Mapped[list[Label]] = relationship(secondary="articlelabels", back_populates="articles")


class Label(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    articles: Mapped[list[Article]] = relationship(secondary="articlelabels", back_populates="labels")


class ArticleLabel(SoftDeleteMixin, Base):
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id"), primary_key=True)


class Archivable:
    __scope__: ClassVar[Any] = {"archived": False}

    archived: Mapped[bool] = mapped_column(default=False)


class Note(Archivable, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    team: Mapped[int]
    writer_id: Mapped[int] = mapped_column(ForeignKey("writers.id"))
    writer: Mapped[Writer] = relationship(back_populates="notes")

    @classmethod
    def __scope__(cls) -> Any:
        return cls.team == TEAM.get()
