"""The promise: how models are declared, how one talks to the database, and how one waits are three independent choices.

    typed class    session        async    SQLite
    dataclass      repository     sync     PostgreSQL
    Pydantic       functions               MariaDB

Every combination passes the same tests, and a model that was declared once is used through all faces in one transaction.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from ferrow.errors import UniqueViolation
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.faces import FACES, Face, face

FULL: dict[str, Any] = {
    "flag": True,
    "whole": 2_000_000_000,
    "real": 0.1,
    "text": "Zürich\n'quoted'",
    "raw": b"\x00\xff",
    "day": date(2024, 2, 29),
    "clock": time(23, 59, 58, 123456),
    "moment": datetime(2024, 2, 29, 1, 2, 3, 456789),
    "instant": datetime(2024, 2, 29, 1, 2, 3, 456789, tzinfo=UTC),
    "token": UUID(int=7),
    "amount": Decimal("12.50"),
    "document": {"a": [1, None, {"b": "c"}]},
    "entries": [1, "x", None],
    "tags": ["red", None],
    "marks": [True, False],
}
"""A value of every type that a model can have."""


@pytest.fixture
def tables(engine: Any, models: ModuleType, runner: Runner) -> ModuleType:
    """The models, whose tables are there."""

    async def create() -> None:
        await maybe(engine.create_all(models.User, models.Sample))

    runner.run(create())
    return models


@pytest.fixture(params=FACES)
def one(request: pytest.FixtureRequest, engine: Any, colour: str) -> Face:
    """One of the faces."""
    return face(str(request.param), engine, colour)


async def test_every_combination(one: Face, tables: ModuleType) -> None:
    user = tables.User

    ada = await one.insert(user(name="Ada", email="ada@example.org", age=36))
    assert type(ada) is user
    assert isinstance(ada.id, int)
    rest = await one.insert_all(
        [user(name="Bob", email="bob@example.org"), user(name="Cem", email="cem@example.org", age=20)]
    )
    assert [other.name for other in rest] == ["Bob", "Cem"]

    found = await one.get(user, ada.id)
    assert (type(found), found.name, found.age) == (user, "Ada", 36)
    assert await one.get(user, 10_000) is None
    assert [other.name for other in await one.older(user, 19)] == ["Ada", "Cem"]
    assert await one.count(user) == 3
    assert await one.count(user, name="Bob") == 1
    assert [other.name for other in await one.page(user, 2, 2)] == ["Cem"]

    found.name, found.age = "Ada Lovelace", None
    await one.update(found)
    again = await one.get(user, ada.id)
    assert (again.name, again.age, again.email) == ("Ada Lovelace", None, "ada@example.org")

    with pytest.raises(UniqueViolation):
        await one.insert(user(name="Eve", email="ada@example.org"))

    with pytest.raises(ZeroDivisionError):
        async with entered(one.transaction()):
            await one.delete(again)
            assert await one.get(user, ada.id) is None
            raise ZeroDivisionError
    await one.delete(again)
    assert await one.count(user) == 2


async def test_all_faces_in_one_transaction(engine: Any, colour: str, tables: ModuleType) -> None:
    """What one face writes the others read, and it is undone or kept together, whoever opened the transaction."""
    user = tables.User
    faces = {name: face(name, engine, colour) for name in FACES}
    for number, (opener, outer) in enumerate(faces.items()):
        for kept in (False, True):
            try:
                async with entered(outer.transaction()):
                    for writer, inner in faces.items():
                        made = await inner.insert(user(name=writer, email=f"{writer}@{number}", age=number))
                        for reader, other in faces.items():
                            found = await other.get(user, made.id)
                            assert found is not None, (opener, writer, reader)
                            assert found.name == writer
                        found = await inner.get(user, made.id)
                        found.name = f"{writer} again"
                        await inner.update(found)
                        for other in faces.values():
                            assert (await other.get(user, made.id)).name == f"{writer} again"
                    if not kept:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                assert not kept
            for other in faces.values():
                assert await other.count(user, age=number) == (3 if kept else 0), (opener, kept)
    assert await faces["functions"].count(user) == 9


async def test_values_of_every_type_are_the_same_through_all_faces(
    engine: Any, colour: str, tables: ModuleType
) -> None:
    sample = tables.Sample
    faces = {name: face(name, engine, colour) for name in FACES}
    keys = {}
    for name, writer in faces.items():
        keys[name] = (await writer.insert(sample(**FULL))).id
    for writer_name, key in keys.items():
        for reader_name, reader in faces.items():
            found = await reader.get(sample, key)
            assert {name: getattr(found, name) for name in FULL} == FULL, (writer_name, reader_name)
