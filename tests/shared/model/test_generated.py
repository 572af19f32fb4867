"""Columns whose values the database makes are never sent, and filled in by what it returns."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import insert, update
from ferrow.errors import DataError
from tests.support import maybe
from tests.support.stores.common import Color


async def store(session: Any, stores: Any, **values: Any) -> Any:
    if not await maybe(session.query(stores.Region).exists()):
        await maybe(session.insert(stores.Region(country="cz", code=1, name="Prague")))
    return await maybe(
        session.insert(stores.Store(**{"country": "cz", "region": 1, "email": "a", "price": 5} | values))
    )


async def test_insert_fills_in_what_the_database_made(session: Any, stores: Any) -> None:
    made = await store(session, stores, amount=3)

    assert (made.id, made.total, made.shown, made.amount, made.color) == (1000, 15, 6, 3, Color.RED)
    assert made.created.tzinfo is not None
    found = await maybe(session.get(stores.Store, 1000))
    assert (found.total, found.shown, found.size) == (15, 6, None)


async def test_many_rows(session: Any, stores: Any) -> None:
    await store(session, stores)
    many = [
        stores.Store(country="cz", region=1, email=f"e{n}", price=10 + n, **({"amount": 2} if n % 2 else {}))
        for n in range(4)
    ]

    await maybe(session.insert_all(many))

    assert [one.total for one in many] == [10, 22, 12, 26]
    assert len({one.id for one in many}) == 4


async def test_update_fills_in_what_the_database_made_of_it(session: Any, stores: Any) -> None:
    made = await store(session, stores, amount=2)

    await maybe(session.update(made, price=7))
    assert (made.total, made.shown) == (14, 8)
    made.amount = 4
    await maybe(session.update(made))
    assert made.total == 28
    if hasattr(stores.Store, "price"):  # expressions need a typed class
        await maybe(session.update(made, price=stores.Store.price + 1))
        assert (made.price, made.total, made.shown) == (8, 32, 9)


async def test_they_take_no_value(session: Any, stores: Any) -> None:
    made = await store(session, stores)

    with pytest.raises(DataError, match=r"Store\.total is computed by the database .*Leave it out"):
        await maybe(session.update(made, total=1))
    with pytest.raises(DataError, match=r"Store\.total is computed"):
        await maybe(session.query(stores.Store).update(total=1))
    with pytest.raises(DataError, match=r"Store\.id is always numbered by the database.*Leave it unset"):
        await maybe(session.execute(update(stores.Store).values(id=1)))
    with pytest.raises(DataError, match=r"Store\.id is always numbered"):
        insert(stores.Store).values(id=7, country="cz", region=1, email="x", price=1)
    with pytest.raises(DataError, match=r"Store\.id is always numbered"):
        await store(session, stores, id=7)
    assert await maybe(session.query(stores.Store).filter(total=5).count()) == 1


async def test_they_can_be_asked_about(session: Any, stores: Any) -> None:
    await store(session, stores, amount=3)

    query = session.query(stores.Store)
    assert await maybe(query.filter(total__gte=15).order_by("-shown").values_list("total", "shown")) == [(15, 6)]
    assert await maybe(query.sum("total")) == 15
