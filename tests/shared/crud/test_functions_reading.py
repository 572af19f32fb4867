"""select_one, select_all, paginate: what the document says of each, on every database in both colours."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Q, columns
from ferrow.crud import FilterConflict, Partial, UnknownField
from ferrow.errors import DataError
from tests.support import maybe
from tests.support.crud.models import MyUser
from tests.support.crud.rows import three


async def test_select_one(crud: Any) -> None:
    ada, *_ = await three(crud)
    assert await maybe(crud.select_one(MyUser, id=ada.id)) == ada
    assert await maybe(crud.select_one(MyUser, email="ada@x", is_active=True)) == ada
    assert await maybe(crud.select_one(MyUser, where=Partial(MyUser)(name="ada", is_active=True))) == ada
    assert await maybe(crud.select_one(MyUser, email="nobody")) is None
    assert await maybe(crud.select_one(MyUser, id=99)) is None
    assert type(await maybe(crud.select_one(MyUser))) is MyUser


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({}, "ada bob cem"),
    ({"age": 17}, "bob"),
    ({"age": None}, "cem"),
    ({"age": [17, 36]}, "ada bob"),
    ({"age": (17, None)}, "bob cem"),
    ({"name": {"cem", "bob"}}, "bob cem"),
    ({"age": []}, ""),
    ({"age__gte": 18}, "ada"),
    ({"name__startswith": "b"}, "bob"),
    ({"limit__eq": None}, "ada bob cem"),
    ({"where": Q(age__lt=20) | Q(age=None)}, "bob cem"),
    ({"where": columns(MyUser).age > 20}, "ada"),
    ({"where": [columns(MyUser).age > 10, Q(name="bob")]}, "bob"),
    ({"where": {"name": "ada"}}, "ada"),
    ({"where": Partial(MyUser)(name=["ada", "cem"])}, "ada cem"),
    ({"where": Partial(MyUser)(age=None)}, "cem"),
    ({"where": Partial(MyUser)()}, "ada bob cem"),
    ({"where": MyUser(name="ada", email="ada@x")}, "ada"),
    ({"limit": 2}, "ada bob"),
    ({"limit": 0}, ""),
    ({"order_by": "-name"}, "cem bob ada"),
    ({"order_by": ["is_active", "-id"], "limit": 1}, "cem"),
    ({"order_by": columns(MyUser).age.desc().nulls_last()}, "ada bob cem"),
]


@pytest.mark.parametrize("colour", ["async"])
async def test_select_all(crud: Any) -> None:
    await three(crud)
    for arguments, expected in FILTERS:
        found = await maybe(crud.select_all(MyUser, **arguments))
        assert " ".join([user.name for user in found]) == expected, arguments


@pytest.mark.parametrize("colour", ["sync"])
async def test_what_cannot_be_filtered_is_said_before_anything_is_sent(crud: Any) -> None:
    where = Partial(MyUser)(name="ada")
    with pytest.raises(FilterConflict, match=r"^Cannot use both 'where' and keyword arguments\.$"):
        await maybe(crud.select_one(MyUser, where, email="x"))
    with pytest.raises(AttributeError, match=r"'nme' is not a valid field for MyUser.*Did you mean 'name'"):
        await maybe(crud.select_all(MyUser, nme="ada"))
    with pytest.raises(UnknownField, match="'-nme' is not a valid field"):
        await maybe(crud.select_all(MyUser, order_by="-nme"))
    with pytest.raises(DataError, match=r"MyUser\.age takes int, not str 'x'"):
        await maybe(crud.select_all(MyUser, age="x"))
    with pytest.raises(ValueError, match="from 0 on, not -1"):
        await maybe(crud.select_all(MyUser, limit=-1))


# --- pages -----------------------------------------------------------------------------------------------------------------


async def test_paginate(crud: Any) -> None:
    await maybe(crud.insert_many([MyUser(name=f"u{n}", email=f"{n}", is_active=n % 2 == 0) for n in range(7)]))
    users, total = await maybe(crud.paginate(model_class=MyUser, page=2, page_size=3))
    assert ([user.name for user in users], total) == (["u3", "u4", "u5"], 7)
    users, total = await maybe(crud.paginate(MyUser, 1, 10, is_active=True, order_by="-name"))
    assert ([user.name for user in users], total) == (["u6", "u4", "u2", "u0"], 4)
    users, total = await maybe(crud.paginate(MyUser, 2, 2, order_by="is_active"))
    assert ([user.name for user in users], total) == (["u5", "u0"], 7)  # alike: by primary key
    assert await maybe(crud.paginate(MyUser, 9, 3)) == ([], 7)
    assert await maybe(crud.paginate(MyUser, 1, 0)) == ([], 7)


async def test_keyset_pages(crud: Any) -> None:
    await maybe(crud.insert_many([MyUser(name=f"u{n}", email=f"{n}", age=n // 2) for n in range(5)]))
    names: list[str] = []
    cursor = None
    while True:
        found = await maybe(crud.paginate_keyset(MyUser, cursor, 2, order_by="-age"))
        names += [user.name for user in found]
        cursor = found.next
        if cursor is None:
            break
    assert names == ["u4", "u2", "u3", "u0", "u1"]
