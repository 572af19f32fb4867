"""Rows for the tests of the functions."""

from __future__ import annotations

from typing import Any

from tests.support import maybe
from tests.support.crud.models import MyUser


async def three(crud: Any) -> list[MyUser]:
    users = [MyUser(name=name, email=f"{name}@x", age=age) for name, age in (("ada", 36), ("bob", 17), ("cem", None))]
    found: list[MyUser] = await maybe(crud.insert_many(users))
    return found
