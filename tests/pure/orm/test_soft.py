"""Soft deletion and scopes: the SQL, and what is refused when the class is declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from ferrow import Base, Mapped, SoftDeleteMixin, TimestampMixin, mapped_column
from ferrow.errors import ModelError
from ferrow.model import table_of
from ferrow.orm import Session
from tests.support.soft import declarative_style as m


def where(query: Any) -> str:
    sql: str = query.to_sql()[0]
    return sql.partition(" WHERE ")[2]


def test_a_query(session: Session) -> None:
    articles = session.query(m.Article)
    assert where(articles) == "deleted_at IS NULL"
    assert where(articles.filter(words=1)) == "deleted_at IS NULL AND words = $1"
    assert where(articles.filter(words=1).with_deleted()) == "words = $1"
    assert where(articles.with_deleted().filter(words=1).only_deleted()) == ("deleted_at IS NOT NULL AND words = $1")
    assert where(session.query(m.Label)) == ""


def test_a_scope_comes_first_with_its_values(session: Session) -> None:
    notes = session.query(m.Note).filter(text="x")
    assert where(notes) == "archived = $1 AND team = $2 AND text = $3"
    assert notes.to_sql()[1] == (False, 1, "x")
    assert (where(notes.unscoped()), notes.unscoped().to_sql()[1]) == ("text = $1", ("x",))


def test_related_rows(session: Session) -> None:
    articles = session.query(m.Article).with_deleted()
    assert where(articles.filter(writer__name="x")) == (
        "EXISTS (SELECT writers.id FROM writers WHERE articles.writer_id = writers.id AND writers.deleted_at IS NULL AND writers.name = $1)"
    )
    # Not a look at the key alone: it may refer to a row that nobody sees.
    assert where(articles.filter(writer=None)) == (
        "NOT EXISTS (SELECT writers.id FROM writers WHERE articles.writer_id = writers.id AND writers.deleted_at IS NULL)"
    )
    assert where(articles.filter(writer=3)) == "writer_id = $1"


def test_a_left_join_through_a_junction_gives_no_empty_rows_for_deleted_ones(session: Session) -> None:
    sql = session.query(m.Label).left_join(m.Label.articles).to_sql()[0]
    assert sql.partition(" FROM ")[2] == (
        "labels LEFT JOIN articlelabels ON labels.id = articlelabels.label_id AND articlelabels.deleted_at IS NULL AND "
        "articlelabels.article_id IN (SELECT articles.id FROM articles WHERE articles.deleted_at IS NULL) "
        "LEFT JOIN articles ON articles.id = articlelabels.article_id AND articles.deleted_at IS NULL"
    )


def test_the_mixins_columns() -> None:
    class Thing(SoftDeleteMixin, TimestampMixin, Base):
        __tablename__ = "soft_things"

        id: Mapped[int] = mapped_column(primary_key=True)

    class Other(Base, SoftDeleteMixin):
        __tablename__ = "soft_others"

        id: Mapped[int] = mapped_column(primary_key=True)

    assert {*table_of(Thing).by_key} == {"id", "deleted_at", "created_at", "updated_at"}
    assert table_of(Other).column("deleted_at").soft_delete
    assert Thing.__soft_delete__
    thing = Thing()
    assert not thing.is_deleted
    thing.mark_deleted()
    assert thing.is_deleted
    assert thing.deleted_at is not None
    assert thing.deleted_at.tzinfo is not None
    thing.mark_restored()
    assert thing.deleted_at is None


def test_what_cannot_be_a_mark() -> None:
    @dataclass
    class Two:
        id: int
        a: datetime | None = field(default=None, metadata={"soft_delete": True})
        b: datetime | None = field(default=None, metadata={"soft_delete": True})

    @dataclass
    class Never:
        id: int
        deleted_at: datetime = field(metadata={"soft_delete": True})

    with pytest.raises(ModelError, match="only one column can say when a row was deleted, not a, b"):
        table_of(Two)
    with pytest.raises(ModelError, match=r"Never\.deleted_at .* annotate it as datetime \| None"):
        table_of(Never)


def test_a_mark_of_another_type(session: Session) -> None:
    class Flagged(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        gone: Mapped[bool | None] = mapped_column(soft_delete=True)

    with pytest.raises(ModelError, match=r"Flagged\.gone says when a row was deleted .* it is a datetime or a date"):
        session.query(Flagged).delete()
