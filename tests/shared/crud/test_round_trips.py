"""One call outside a transaction is one round trip: counted between the program and the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow import create_engine
from ferrow.crud import AsyncFunctions, Partial
from tests.support.crud.models import MyUser, Pair
from tests.support.relay import Counter, relayed

pytestmark = pytest.mark.postgresql


async def test_a_call_is_one_round_trip(postgresql_url: str) -> None:
    counter = Counter()
    async with relayed(postgresql_url, counter.said, counter.answered) as url, create_engine(url) as engine:
        crud = AsyncFunctions(engine)
        await engine.create_all(MyUser, Pair)
        numbers = iter(range(1000))

        def user() -> MyUser:
            return MyUser(name="n", email=f"{next(numbers)}")

        first = await crud.insert(user())
        calls: dict[str, Callable[[], Any]] = {
            "insert": lambda: crud.insert(user()),
            "insert_many": lambda: crud.insert_many([user(), user(), user()]),
            "upsert": lambda: crud.upsert(Pair(left=1, right=2, note="x")),
            "select_one by key": lambda: crud.select_one(MyUser, id=first.id),
            "select_one": lambda: crud.select_one(MyUser, where=Partial(MyUser)(name="n")),
            "select_all": lambda: crud.select_all(MyUser, id=[1, 2, 3]),
            "update": lambda: crud.update(first),
            "delete": lambda: crud.delete(Partial(MyUser)(id=99)),
            "paginate": lambda: crud.paginate(MyUser, 1, 2),
            "paginate_keyset": lambda: crud.paginate_keyset(MyUser, page_size=2),
            "select_raw": lambda: crud.select_raw("SELECT * FROM my_user WHERE id > %s", [1]),
            "execute_raw": lambda: crud.execute_raw("UPDATE my_user SET age = %s", [1]),
        }
        found = {}
        for name, call in calls.items():
            await call()  # what is prepared is prepared
            before = counter.trips
            await call()
            found[name] = counter.trips - before
        assert found == dict.fromkeys(calls, 1)
