"""Upserts of rows that another transaction has made since this one looked around for the first time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import entered, maybe

pytestmark = pytest.mark.only(backend=("postgresql", "mariadb"))


@pytest.mark.parametrize("way", ["left alone", "as it is", "changed", "many"])
async def test_they_come_back_as_they_are(session: Any, engine: Any, models: Any, url: str, way: str) -> None:
    from ferrow import driver

    user = models.User
    await maybe(engine.create_all(user))
    await maybe(session.insert(user(name="Ada", email="ada@example.org")))
    async with entered(session.begin()):
        assert await maybe(session.query(user).count()) == 1
        with driver.connect(url) as other:
            other.execute("INSERT INTO users (name, email, age) VALUES ('Bob', 'bob@example.org', 5)")
            (key,) = other.query_one("SELECT id FROM users WHERE name = 'Bob'")
        given = user(name="Bob" if way == "as it is" else "Rob", email="bob@example.org", age=5)
        if way == "many":
            others = [user(name="Eve", email=f"eve{number}@example.org", age=1) for number in range(3)]
            found, *_ = await maybe(session.upsert_all([given, *others], "email"))
        else:
            found = await maybe(session.upsert(given, "email", do_nothing=way == "left alone"))
        assert (found.id, found.name, found.age) == (key, "Rob" if way in ("changed", "many") else "Bob", 5)
    assert (await maybe(session.get(user, key))).name == found.name
