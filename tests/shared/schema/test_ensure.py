"""`ensure_schema` and `apply_schema`: what they create, what they add, and that they do nothing twice."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from ferrow.errors import DatabaseError, UniqueViolation
from ferrow.repository import (
    IndexSpec,
    MySQLDialect,
    PostgresDialect,
    apply_schema,
    apply_schema_async,
    create_schema_sql,
    ensure_schema,
    ensure_schema_async,
)
from tests.support import maybe
from tests.support.sessions import session_of


class Mood(enum.StrEnum):
    GOOD = "good"
    BAD = "bad"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


@dataclass
class Everything:
    """A column of each kind."""

    __table__ = "everything"  # whichever face sees it first

    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    email: str = field(default="", metadata={"unique_index": True})
    city: str = field(default="", metadata={"index": True})
    short: str = field(default="", metadata={"max_length": 20})
    mood: Mood = Mood.GOOD
    level: Level = Level.LOW
    active: bool = True
    ratio: float = 0.0
    price: Decimal | None = field(default=None, metadata={"precision": 10, "scale": 2})
    raw: bytes = b""
    at: datetime.datetime | None = None
    moment: datetime.datetime | None = field(default=None, metadata={"timezone": True})
    day: datetime.date | None = None
    hour: datetime.time | None = None
    token: UUID | None = None
    document: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    either: dict[str, Any] | list[Any] | None = None
    amount: int | None = 5
    counted: int = field(default=0, metadata={"server_default": "7", "check": "counted >= 0"})

    __indexes__ = (
        ("city", "email"),
        {"columns": ["level", "mood"], "unique": True, "name": "by_level"},
        IndexSpec(("short",)),
    )


def ensuring(colour: str) -> Any:
    return ensure_schema_async if colour == "async" else ensure_schema


def applying(colour: str) -> Any:
    return apply_schema_async if colour == "async" else apply_schema


async def test_a_table_is_created_once(engine: Any, colour: str) -> None:
    statements = await maybe(ensuring(colour)(engine, Everything))
    assert any(one.startswith("CREATE TABLE") for one in statements)
    assert await maybe(ensuring(colour)(engine, Everything)) == []
    assert await maybe(engine.inspector().compare(Everything)) == []


async def test_what_was_created_in_any_way_is_complete(engine: Any, colour: str) -> None:
    """Indexes of other names are as good."""
    await maybe(engine.create_all(Everything))
    assert await maybe(ensuring(colour)(engine, Everything)) == []


async def test_apply_says_what_it_did_and_fails_the_second_time(
    engine: Any, colour: str, backend: str, mysql: bool
) -> None:
    dialect: Any = PostgresDialect() if backend == "postgresql" else MySQLDialect("mysql") if mysql else backend
    statements = await maybe(applying(colour)(engine, Everything))
    assert statements == create_schema_sql(Everything, dialect)
    with pytest.raises(DatabaseError):
        await maybe(applying(colour)(engine, Everything))
    await maybe(applying(colour)(engine, Everything, if_not_exists=True))


def versions() -> tuple[type, type]:
    @dataclass
    class Person:
        id: int | None = field(default=None, metadata={"pk": True, "auto": True})
        name: str = ""

        __table__ = "people"

    first = Person

    @dataclass
    class Person:
        id: int | None = field(default=None, metadata={"pk": True, "auto": True})
        name: str = field(default="", metadata={"max_length": 40, "index": True})
        nick: str | None = field(default=None, metadata={"unique_index": True})
        mood: Mood | None = None
        visits: int = field(default=0, metadata={"server_default": "0"})
        boss: int | None = field(default=None, metadata={"fk": (first, "id")})

        __table__ = "people"

    return first, Person


async def test_columns_and_indexes_are_added_and_rows_stay(engine: Any, colour: str, backend: str) -> None:
    first, second = versions()
    if backend == "mysql":
        first.name = None
    await maybe(engine.create_all(first))
    await maybe(engine.execute("INSERT INTO people (name) VALUES ('Ada')"))
    if backend == "mariadb":  # it indexes no text without a length
        await maybe(engine.script("ALTER TABLE people MODIFY name varchar(40) NOT NULL"))
    statements = await maybe(ensuring(colour)(engine, second))
    added = [one for one in statements if "ADD COLUMN" in one]
    assert [one.split("ADD COLUMN ")[1].split()[0] for one in added] == ["nick", "mood", "visits", "boss"]
    assert sum("INDEX" in one for one in statements) == 2
    assert await maybe(ensuring(colour)(engine, second)) == []
    rows = await maybe(engine.query("SELECT name, nick, mood, visits, boss FROM people"))
    assert [tuple(row) for row in rows] == [("Ada", None, None, 0, None)]
    found = await maybe(engine.inspector().table("people"))
    assert [(key.columns, key.target) for key in found.foreign_keys] == [(("boss",), "people")]


async def test_a_unique_column_that_is_added_is_unique(engine: Any, colour: str) -> None:
    @dataclass
    class Old:
        id: int = field(metadata={"pk": True})
        __table__ = "items"

    @dataclass
    class New:
        id: int = field(metadata={"pk": True})
        code: str | None = field(default=None, metadata={"unique": True, "max_length": 10})
        __table__ = "items"

    await maybe(engine.create_all(Old))
    await maybe(ensuring(colour)(engine, New))
    assert await maybe(ensuring(colour)(engine, New)) == []
    await maybe(engine.execute("INSERT INTO items (id, code) VALUES (1, 'a')"))
    with pytest.raises(UniqueViolation):
        await maybe(engine.execute("INSERT INTO items (id, code) VALUES (2, 'a')"))


async def test_an_index_that_changed_is_made_anew(engine: Any, colour: str) -> None:
    @dataclass
    class Old:
        id: int = field(metadata={"pk": True})
        a: int = 0
        b: int = 0
        __table__ = "items"
        __indexes__ = (
            {"columns": "a", "name": "by_a"},
            {"columns": ("a", "b"), "name": "pair"},
        )

    @dataclass
    class New:
        id: int = field(metadata={"pk": True})
        a: int = 0
        b: int = 0
        __table__ = "items"
        __indexes__ = (
            {"columns": "a", "name": "by_a", "unique": True},
            {"columns": ("b", "a"), "name": "pair"},
        )

    await maybe(engine.create_all(Old))
    await maybe(engine.script("CREATE INDEX mine ON items (b)"))
    statements = await maybe(ensuring(colour)(engine, New))
    assert [one.split()[0] for one in statements] == ["DROP", "CREATE", "DROP", "CREATE"]
    found = {one.name: (one.keys, one.unique) for one in (await maybe(engine.inspector().table("items"))).indexes}
    assert found == {"by_a": (("a",), True), "pair": (("b", "a"), False), "mine": (("b",), False)}
    assert await maybe(ensuring(colour)(engine, New)) == []


async def test_a_long_index_name_is_found_again(engine: Any, colour: str) -> None:
    """Defect 25: PostgreSQL cuts names off, so the index was missing, for ever, under its whole name."""

    @dataclass
    class Measurement:
        id: int = field(metadata={"pk": True})
        an_attribute_with_a_name_of_some_length: int = field(default=0, metadata={"index": True})
        another_one_that_is_not_short_either: int = field(default=0, metadata={"index": True, "index_name": "n" * 80})
        __indexes__ = (("an_attribute_with_a_name_of_some_length", "another_one_that_is_not_short_either"),)

    await maybe(ensuring(colour)(engine, Measurement))
    assert await maybe(ensuring(colour)(engine, Measurement)) == []


async def test_what_a_new_table_refers_to_is_created_first(engine: Any, colour: str) -> None:
    @dataclass
    class Country:
        id: int | None = field(default=None, metadata={"pk": True, "auto": True})

    @dataclass
    class Town:
        id: int | None = field(default=None, metadata={"pk": True, "auto": True})
        country_id: int | None = field(default=None, metadata={"fk": (Country, "id")})

    await maybe(ensuring(colour)(engine, Town))
    assert {one.name for one in await maybe(engine.inspector().tables())} == {"country", "town"}
    assert await maybe(ensuring(colour)(engine, Country)) == []


async def test_an_older_model_reads_a_table_that_has_grown(engine: Any, colour: str) -> None:
    """Defect 26: `SELECT *` into a class with fewer fields."""
    first, second = versions()
    await maybe(ensuring(colour)(engine, first))
    if "mysql" in engine.url or "mariadb" in engine.url:
        await maybe(engine.script("ALTER TABLE people MODIFY name varchar(40) NOT NULL"))
    await maybe(engine.execute("INSERT INTO people (name) VALUES ('Ada')"))
    await maybe(ensuring(colour)(engine, second))
    session = session_of(engine, colour)
    assert (await maybe(session.query(first).all()))[0].name == "Ada"
    assert await maybe(ensuring(colour)(engine, first)) == []
