"""What the inspector reads, and what it finds different."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

import pytest

from ferrow import Base, CheckConstraint, Computed, ForeignKey, Index, Mapped, UniqueConstraint, mapped_column
from ferrow.errors import SchemaConflict
from ferrow.repository import ensure_schema, ensure_schema_async
from ferrow.schema.compare import difference as differ
from ferrow.schema.found import FoundForeignKey
from tests.support import maybe


class House(Base):
    __tablename__ = "houses"
    __table_args__ = (
        UniqueConstraint("street", "number"),
        CheckConstraint("number > 0", name="positive"),
        Index("number", "-area", name="by_area"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    street: Mapped[str] = mapped_column(max_length=50)
    number: Mapped[int] = mapped_column(server_default="1")
    area: Mapped[int | None]
    double: Mapped[int | None] = mapped_column(Computed("area * 2"))


class Room(Base):
    __tablename__ = "rooms"

    house_id: Mapped[int] = mapped_column(ForeignKey("houses.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True, max_length=20)


async def test_a_table_is_read(engine: Any, backend: str) -> None:
    await maybe(engine.create_all(House, Room))
    inspector = engine.inspector()
    assert [one.name for one in await maybe(inspector.tables())] == ["houses", "rooms"]
    house = await maybe(inspector.table("houses"))
    assert [(one.name, one.nullable) for one in house.columns] == [
        ("id", False),
        ("street", False),
        ("number", False),
        ("area", True),
        ("double", True),
    ]
    assert house.primary_key == ("id",)
    assert house.column("id").numbered == {"postgresql": "by default"}.get(backend, "auto")
    assert house.column("street").type.lower().endswith("(50)")
    assert house.column("number").default.strip("()") == "1"
    assert house.column("double").computed is not None
    assert house.column("double").stored
    assert house.column("nothing") is None
    index = next(one for one in house.indexes if one.name == "by_area")
    assert (index.keys, index.descending, index.unique, index.where) == (("number", "area"), {1}, False, None)
    assert any(one.name == "positive" and "number" in one.sql for one in house.checks)
    room = await maybe(inspector.table("rooms"))
    assert room.primary_key == ("house_id", "name")
    key = room.foreign_keys[0]
    assert (key.columns, key.target, key.target_columns, key.ondelete) == (("house_id",), "houses", ("id",), "CASCADE")
    assert house.referrers == room.foreign_keys
    assert isinstance(key, FoundForeignKey)
    assert await maybe(inspector.table("nowhere")) is None


async def test_what_agrees_has_no_differences(engine: Any) -> None:
    await maybe(engine.create_all(House, Room))
    assert await maybe(engine.inspector().compare(House, Room)) == []


async def test_partial_indexes_and_expressions(engine: Any, backend: str) -> None:
    if backend == "mariadb":
        return  # it has neither

    @dataclass
    class Note:
        id: int = field(metadata={"pk": True})
        text: str = ""
        done: bool = False
        __indexes__ = (
            Index(sql="lower(text)", name="by_lower"),
            Index("text", where={"postgresql": "done", "sqlite": "done = 1"}, unique=True, name="open"),
        )

    await maybe(engine.create_all(Note))
    found = {one.name: one for one in (await maybe(engine.inspector().table("notes"))).indexes}
    assert found["by_lower"].expressions == {0}
    assert found["by_lower"].keys == ("lower(text)",)
    assert found["open"].unique
    assert "done" in found["open"].where
    assert await maybe(engine.inspector().compare(Note)) == []


async def test_views_are_found(engine: Any) -> None:
    await maybe(engine.create_all(House))
    await maybe(engine.script("CREATE VIEW seen AS SELECT street FROM houses"))
    found = {one.name: one.kind for one in await maybe(engine.inspector().tables())}
    assert found == {"houses": "table", "seen": "view"}


async def test_each_difference_is_a_sentence(engine: Any) -> None:
    """All that can differ differs."""

    @dataclass
    class Parent:
        id: int = field(metadata={"pk": True})
        __table__ = "parents"

    @dataclass
    class Old:
        id: int = field(metadata={"pk": True})
        renamed: int = 0
        number: int = 0
        text: str | None = None
        short: str = field(default="", metadata={"max_length": 5})
        count: int = field(default=0, metadata={"server_default": "1"})
        free: int = 0
        parent: int | None = field(default=None, metadata={"fk": (Parent, "id")})
        __table__ = "things"
        __table_args__ = (UniqueConstraint("number"), CheckConstraint("number > 0", name="old_check"))
        __indexes__ = ({"columns": "free", "name": "of_free"}, {"columns": "number", "name": "changing"})

    @dataclass
    class New:
        id: int
        named: int = field(metadata={"pk": True})
        number: str = ""
        text: str = ""
        short: str = field(default="", metadata={"max_length": 9})
        count: int = field(default=0, metadata={"server_default": "2"})
        free: int = field(default=0, metadata={"unique": True})
        parent: int | None = None
        __table__ = "things"
        __table_args__ = (CheckConstraint("free > 0", name="new_check"),)
        __indexes__ = ({"columns": "number", "name": "changing", "unique": True}, {"columns": "count", "name": "new"})

    await maybe(engine.create_all(Parent, Old))
    found = await maybe(engine.inspector().compare(New))
    said = [(type(one).__name__, str(one)) for one in found]
    kinds = [kind for kind, _ in said]
    assert ("MissingColumn", "column 'named' is missing and cannot be added: it belongs to the primary key") in said
    assert ("ExtraColumn", "column 'renamed' is in the database only and takes no NULL") in said
    assert ("NullabilityDiffers", "column 'text' is NULL in the database and NOT NULL in New") in said
    assert ("PrimaryKeyDiffers", "the primary key is (id) in the database and (named) in New") in said
    assert ("MissingUnique", "nothing makes (free) unique in the database") in said
    assert ("MissingIndex", "index 'new' is missing") in said
    assert ("ChangedIndex", "index 'changing' is (number) in the database, and another one in New") in said
    assert ("ExtraIndex", "index 'of_free' is in the database only") in said
    assert ("MissingCheck", "the check 'new_check' is missing") in said
    assert ("ExtraCheck", "the check 'old_check' is in the database only") in said
    assert ("ExtraForeignKey", "the foreign key (parent) to 'parents' is in the database only") in said
    assert "DefaultDiffers" in kinds
    types = {one.column.name: one.same_family for one in found if isinstance(one, differ.TypeDiffers)}
    assert types == {"number": False, "short": True}
    conflicting = {type(one).__name__ for one in found if one.conflicts}
    assert conflicting == {"MissingColumn", "NullabilityDiffers", "TypeDiffers"}
    assert str((await maybe(engine.inspector().compare(Parent, House)))[0]) == "the table 'houses' is missing"


async def test_foreign_keys_that_do_something_else(engine: Any) -> None:
    @dataclass
    class Parent:
        id: int = field(metadata={"pk": True})
        __table__ = "parents"

    @dataclass
    class Old:
        id: int = field(metadata={"pk": True})
        parent: int | None = field(default=None, metadata={"fk": (Parent, "id")})
        __table__ = "children"

    @dataclass
    class New:
        id: int = field(metadata={"pk": True})
        parent: int | None = field(default=None, metadata={"fk": (Parent, "id"), "ondelete": "cascade"})
        other: int | None = field(default=None, metadata={"fk": (Parent, "id")})
        __table__ = "children"

    await maybe(engine.create_all(Parent, Old))
    await maybe(engine.script("ALTER TABLE children ADD COLUMN other int"))
    said = [str(one) for one in await maybe(engine.inspector().compare(New))]
    assert said == [
        "the foreign key (parent) is ON DELETE NO ACTION ON UPDATE NO ACTION in the database and ON DELETE CASCADE ON UPDATE NO "
        "ACTION in New",
        "the foreign key (other) to 'parents' is missing",
    ]


async def test_words_of_an_enumeration(engine: Any, colour: str, backend: str) -> None:
    ensure = ensure_schema_async if colour == "async" else ensure_schema
    old = enum.StrEnum("Mood", {"GOOD": "good", "BAD": "bad"})
    new = enum.StrEnum("Mood", {"GOOD": "good", "SO": "so, so", "BAD": "bad"})

    def day(mood: Any) -> type:
        @dataclass
        class Day:
            id: int = field(metadata={"pk": True})
            mood: Any = None

        Day.__annotations__["mood"] = Day.__dataclass_fields__["mood"].type = mood | None
        return Day

    if backend == "postgresql":  # where the type may be older than the table
        await maybe(engine.script("CREATE TYPE mood AS ENUM ('good')"))
    await maybe(ensure(engine, day(old)))
    found = await maybe(engine.inspector().table("day"))
    if backend == "postgresql":
        assert found.column("mood").enum.labels == ("good", "bad")
        statements = await maybe(ensure(engine, day(new)))
        assert statements == ["""ALTER TYPE "mood" ADD VALUE IF NOT EXISTS 'so, so' AFTER 'good';"""]
        found = await maybe(engine.inspector().table("day"))
        assert found.column("mood").enum.labels == ("good", "so, so", "bad")
    else:
        with pytest.raises(SchemaConflict, match=r"column 'mood' lacks the label\(s\) 'so, so' in the database"):
            await maybe(ensure(engine, day(new)))
        await maybe(ensure(engine, day(new), schema_conflict="recreate"))
    assert await maybe(ensure(engine, day(new))) == []
    assert await maybe(ensure(engine, day(old))) == []  # a word too many is nobody's trouble
