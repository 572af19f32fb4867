"""What a repository lists, counts and changes by conditions, and what it refuses to."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import DataError, UnknownColumn
from ferrow.repository import C, OrderBy
from tests.support import maybe
from tests.support.repository_models import Person
from tests.support.repository_rows import names, people


async def test_list(kit: Any) -> None:
    """Defects 21 and 38 among others: an offset without a limit, an order that is no list."""
    repo = await people(kit)
    assert await names(repo) == ["Ada", "Alan", "Grace"]
    assert await names(repo, C.gt("age", 40)) == ["Alan", "Grace"]
    assert await names(repo, [C.gt("age", 40), C.is_null("city")]) == ["Alan"]
    assert await names(repo, []) == ["Ada", "Alan", "Grace"]
    assert await names(repo, order_by=[OrderBy("age", desc=True)], limit=2) == ["Grace", "Alan"]
    assert await names(repo, order_by=OrderBy("age"), limit=1, offset=1) == ["Alan"]
    assert await names(repo, order_by="-age") == ["Grace", "Alan", "Ada"]
    assert await names(repo, offset=1) == ["Alan", "Grace"]
    assert await names(repo, order_by=OrderBy("city", nulls="first")) == ["Alan", "Ada", "Grace"]
    assert await names(repo, order_by=OrderBy("city", nulls="last")) == ["Ada", "Grace", "Alan"]


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"limit": 0}, ValueError, "limit must be > 0 when provided."),
    ({"limit": -1}, ValueError, "limit must be > 0 when provided."),
    ({"limit": "1"}, TypeError, "limit must be a whole number"),
    ({"offset": -1}, ValueError, "offset must be >= 0"),
    ({"offset": 1.5}, TypeError, "offset must be a whole number"),
    ({"order_by": 7}, TypeError, "order_by takes"),
    ({"order_by": [7]}, TypeError, "order_by takes"),
    ({"order_by": OrderBy("nope")}, UnknownColumn, "no column 'nope'"),
    ({"order_by": OrderBy("-age")}, UnknownColumn, "no column '-age'"),
    ({"order_by": OrderBy("age", nulls="x")}, ValueError, "'first' or 'last'"),  # type: ignore[arg-type]
    ({"where": "age"}, TypeError, "where takes a condition"),
    ({"where": {"age": 1}}, TypeError, "where takes a condition"),
    ({"where": [7]}, TypeError, "expected a condition"),
    ({"where": C.eq("age", "x")}, DataError, "Person.age"),
    ({"where": C.eq("nme", "x")}, UnknownColumn, "Did you mean 'name'"),
]


async def test_what_list_refuses(kit: Any) -> None:
    repo = kit.repo(Person)
    for options, error, message in REFUSED:
        with pytest.raises(error, match=message):
            await maybe(repo.list(**options))


async def test_count_and_exists(kit: Any) -> None:
    repo = await people(kit)
    assert (await maybe(repo.count()), await maybe(repo.count(C.ge("age", 41)))) == (3, 2)
    assert (await maybe(repo.exists()), await maybe(repo.exists(C.eq("age", 1)))) == (True, False)


async def test_update_where(kit: Any) -> None:
    repo = await people(kit)
    assert await maybe(repo.update_where({"age": 1}, where=C.gt("age", 40))) == 2
    assert await maybe(repo.update_where({"age": 1}, where=C.gt("id", 1))) == 2  # matched, not changed
    # Values and conditions about the same column do not get into each other's way.
    assert await maybe(repo.update_where({"age": 5}, where=C.and_(C.eq("age", 1), C.ne("age", 2)))) == 2
    assert [one.age for one in await maybe(repo.list(order_by="id"))] == [36, 5, 5]
    for values, message in (
        ({}, "update values must not be empty."),
        ({"id": 4}, r"only supports writable model columns. Invalid: \['id'\]"),
        ({"ag": 4}, r"Invalid: \['ag'\]"),
    ):
        with pytest.raises(ValueError, match=message):
            await maybe(repo.update_where(values, where=C.eq("id", 1)))
    for nothing in (None, [], ()):
        with pytest.raises(ValueError, match=r"where is required for update_where\(\)."):
            await maybe(repo.update_where({"age": 1}, where=nothing))


async def test_delete_where(kit: Any) -> None:
    repo = await people(kit)
    for nothing in (None, []):
        with pytest.raises(ValueError, match=r"where is required for delete_where\(\)."):
            await maybe(repo.delete_where(where=nothing))
    assert await maybe(repo.delete_where(where=C.in_("age", []))) == 0
    assert await maybe(repo.delete_where(where=C.like("email", "%@x.org"))) == 2
    assert await names(repo) == ["Grace"]
