"""Documents in the database that are not what their column is annotated as: the error names column, place, value and type."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, TypedDict
from uuid import UUID

import pytest

from ferrow import Base, Mapped, mapped_column
from ferrow.errors import DataError
from ferrow.types import Json, Text
from tests.support import maybe


class Theme(Enum):
    DARK = "dark"


class Size(NamedTuple):
    width: int
    since: datetime.date


class Corner(NamedTuple):
    x: int
    y: int = 0


class Options(TypedDict):
    theme: Theme


@dataclass
class Owner:
    id: UUID
    born: datetime.date | None = None


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
    tokens: Mapped[list[UUID] | None] = mapped_column(default=None)
    owners: Mapped[dict[str, Owner] | None] = mapped_column(default=None)
    prices: Mapped[dict[int, Decimal] | None] = mapped_column(default=None)
    themes: Mapped[set[Theme] | None] = mapped_column(default=None)
    size: Mapped[Size | None] = mapped_column(Json(), default=None)
    corners: Mapped[list[Corner] | None] = mapped_column(default=None)
    pair: Mapped[tuple[int, datetime.time] | None] = mapped_column(default=None)
    words: Mapped[tuple[str, ...] | None] = mapped_column(Json(), default=None)
    names: Mapped[set[str] | None] = mapped_column(Json(), default=None)
    flags: Mapped[dict[bool, int] | None] = mapped_column(default=None)
    options: Mapped[Options | None] = mapped_column(default=None)
    key: Mapped[UUID | None] = mapped_column(Text(), default=None)


A = "00000000-0000-0000-0000-000000000001"
WRONG: list[tuple[str, Any, str]] = [
    ("tokens", [A, "x"], "at [1]: expected UUID, got str 'x'"),
    ("tokens", [5], "at [0]: expected UUID, got int 5"),
    ("tokens", A, f"expected list, got str '{A}'"),
    ("tokens", {"a": A}, "expected list, got dict {'a': '00000000-0000-0000-0000-000000000001'}"),
    ("owners", {"a": {"id": A}, "b": {"id": 7}}, "at ['b']['id']: expected UUID, got int 7"),
    ("owners", {"a": {"id": A, "born": "1.1.2000"}}, "at ['a']['born']: expected date, got str '1.1.2000'"),
    ("owners", {"a": [A]}, "at ['a']: expected Owner, got list ['00000000-0000-0000-0000-000000000001']"),
    ("owners", [], "expected dict, got list []"),
    ("prices", {"1": "free"}, "at ['1']: expected Decimal, got str 'free'"),
    ("prices", {"one": "1"}, "at ['one']: expected int, got str 'one'"),
    ("themes", ["dark", "x" * 80], f"at [1]: expected Theme, got str '{'x' * 56}..."),
    ("size", [1, 2], "at ['since']: expected date, got int 2"),
    ("size", 7, "expected Size, got int 7"),
    ("size", [1, "2024-02-29", 3], "expected Size of 2, got list [1, '2024-02-29', 3]"),
    ("size", [1], "expected Size of 2, got list [1]"),
    ("corners", [[1], [1, 2, 3]], "at [1]: expected Corner of 1 to 2, got list [1, 2, 3]"),
    ("corners", [[]], "at [0]: expected Corner of 1 to 2, got list []"),
    ("pair", [1, "noon"], "at [1]: expected time, got str 'noon'"),
    ("pair", [1], "expected a list of 2, got list [1]"),
    ("pair", [1, "12:00", 3], "expected a list of 2, got list [1, '12:00', 3]"),
    ("words", "abc", "expected list, got str 'abc'"),
    ("words", {"a": 1}, "expected list, got dict {'a': 1}"),
    ("names", "abc", "expected list, got str 'abc'"),
    ("names", {"a": 1}, "expected list, got dict {'a': 1}"),
    ("names", [["a"]], "expected set, got list [['a']]"),
    ("flags", {"true": 1, "yes": 2}, "at ['yes']: expected bool, got str 'yes'"),
    ("options", {"theme": "light"}, "at ['theme']: expected Theme, got str 'light'"),
    ("options", [], "expected Options, got list []"),
]


async def refused(call: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        await maybe(call())
    return caught.value


@pytest.mark.parametrize(("column", "document", "words"), WRONG)
async def test_the_error_says_what_is_where(session: Any, engine: Any, column: str, document: Any, words: str) -> None:
    await maybe(engine.create_all(Thing))
    await maybe(session.insert(Thing(id=1)))
    await maybe(engine.script(f"UPDATE things SET {column} = '{json.dumps(document)}'"))
    error = await refused(session.query(Thing).all)
    assert (str(error).splitlines()[0], error.column) == (f"column Thing.{column}: {words}", column)
    error = await refused(lambda: session.query(Thing).values(column))
    assert str(error).splitlines()[0].endswith(f"{column}: {words}")
    assert error.column == column
    raw = await maybe(session.execute_raw("SELECT * FROM things"))
    error = await refused(lambda: raw.to_models(Thing))
    if words.startswith("at ["):  # else it is no value of the column, whatever that is annotated as
        assert (str(error), error.column) == (f"column Thing.{column}: {words}", column)
    error = await refused(lambda: session.refresh(Thing(id=1)))
    assert (str(error).splitlines()[0], error.column) == (f"column Thing.{column}: {words}", column)
    await maybe(engine.script(f"UPDATE things SET {column} = NULL"))
    assert [one.id for one in await maybe(session.query(Thing).all())] == [1]


@pytest.mark.only(style="declarative")
async def test_of_keys_that_a_class_does_not_know(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Thing))
    await maybe(session.insert(Thing(id=1)))
    owners, options = {"a": {"id": A, "since": "then"}}, {"theme": "dark", "since": "then"}
    await maybe(engine.script(f"UPDATE things SET owners = '{json.dumps(owners)}', options = '{json.dumps(options)}'"))
    found = await maybe(session.query(Thing).first())
    assert found.owners == {"a": Owner(UUID(A))}
    assert found.options == {"theme": Theme.DARK, "since": "then"}


async def test_of_a_text_that_is_a_uuid_on_the_class(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Thing))
    await maybe(session.insert(Thing(id=1, key=UUID(A))))
    await maybe(
        engine.script(
            "UPDATE things SET \"key\" = 'x'" if engine.dialect != "mysql" else "UPDATE things SET `key` = 'x'"
        )
    )
    error = await refused(session.query(Thing).all)
    assert str(error).splitlines()[0] == "column Thing.key: expected UUID, got str 'x'"


async def test_what_a_class_of_users_raises_goes_out_with_the_column(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Thing))
    await maybe(session.insert(Thing(id=1, owners={"a": Owner(UUID(A))})))
    await maybe(engine.script("UPDATE things SET owners = '{\"a\": {}}'"))
    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'id'") as caught:
        await maybe(session.query(Thing).all())
    assert "in column Thing.owners" in caught.value.__notes__


class Made(Base):
    """One document that the database gives, and not a right one."""

    __tablename__ = "made"

    id: Mapped[int] = mapped_column(primary_key=True)
    tokens: Mapped[list[UUID] | None] = mapped_column(Json(), server_default="'[\"x\"]'")


async def test_of_what_the_database_has_given(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Made))
    for call in (
        lambda: session.insert(Made(id=1)),
        lambda: session.insert_all([Made(id=2), Made(id=3)]),
    ):
        error = await refused(call)
        assert str(error).splitlines()[0] == "column Made.tokens: at [0]: expected UUID, got str 'x'"
        assert error.column == "tokens"
