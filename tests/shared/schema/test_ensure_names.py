"""Schemas, names that nobody should give, and models of every style."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, Field

from ferrow import Base, ForeignKey, Index, Mapped, mapped_column
from ferrow.repository import ensure_schema, ensure_schema_async
from tests.support import maybe


def ensuring(colour: str) -> Any:
    return ensure_schema_async if colour == "async" else ensure_schema


class Mood(enum.StrEnum):
    GOOD = "it's good"
    BAD = 'back\\slash "quoted"'


async def test_names_that_need_quotes(engine: Any, colour: str) -> None:
    @dataclass
    class Odd:
        id: int | None = field(default=None, metadata={"pk": True, "auto": True, "name": "the id"})
        select: int = field(default=0, metadata={"index": True, "index_name": "in'dex ;--"})
        other: str = field(default="", metadata={"name": 'wh"at`?', "max_length": 9})
        parent: int | None = field(default=None, metadata={"fk": ('t"a`b%s.le $1', "the id"), "name": "%s"})
        mood: Mood = Mood.GOOD

        __table__ = 't"a`b%s.le $1'
        __indexes__ = (("other", "select"),)

    Odd.__dataclass_fields__["mood"].type = Mood
    assert await maybe(ensuring(colour)(engine, Odd)) != []
    assert await maybe(ensuring(colour)(engine, Odd)) == []
    found = await maybe(engine.inspector().table('t"a`b%s.le $1'))
    assert [one.name for one in found.columns] == ["the id", "select", 'wh"at`?', "%s", "mood"]
    assert [(one.columns, one.target, one.target_columns) for one in found.foreign_keys] == [
        (("%s",), 't"a`b%s.le $1', ("the id",))
    ]
    assert "in'dex ;--" in [one.name for one in found.indexes]


async def test_a_table_in_a_schema(engine: Any, colour: str, backend: str) -> None:
    if backend == "mariadb":
        return  # a schema is a database there, which this user may not create
    place = "shop" if backend == "postgresql" else "main"
    if backend == "postgresql":
        await maybe(engine.script("CREATE SCHEMA shop"))
        await maybe(engine.script("CREATE TABLE items (id text)"))  # the same name where it is not meant

    class Item(Base):
        __tablename__ = "items"
        __schema__ = place
        __table_args__ = (Index("name"),)

        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(max_length=20)
        mood: Mapped[Mood]
        parent: Mapped[int | None] = mapped_column(ForeignKey("items.id"))

    assert await maybe(ensuring(colour)(engine, Item)) != []
    assert await maybe(ensuring(colour)(engine, Item)) == []
    found = await maybe(engine.inspector().table("items", place))
    assert (found.schema, found.foreign_keys[0].target, found.foreign_keys[0].target_schema) == (place, "items", None)
    assert "items" in [one.name for one in await maybe(engine.inspector().tables(place))]
    if backend == "postgresql":
        assert found.column("mood").enum.schema == "shop"
        await maybe(engine.script("DROP INDEX shop.idx_items_name"))
        (statement,) = await maybe(ensuring(colour)(engine, Item))
        assert statement == "CREATE INDEX idx_items_name ON shop.items (name);"


async def test_every_style(engine: Any, colour: str) -> None:
    class Typed(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(max_length=20, index=True)

    class Checked(BaseModel):
        id: int | None = None
        name: str = Field(max_length=20)
        typed_id: Annotated[int | None, ForeignKey((Typed, "id"))] = None

    for model in (Checked, Typed):
        before = await maybe(ensuring(colour)(engine, model))
        assert (before == []) == (model is Typed)  # made with what refers to it
        assert await maybe(ensuring(colour)(engine, model)) == []
