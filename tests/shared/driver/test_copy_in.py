"""Rows of every kind into a table by COPY FROM STDIN, in both colours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from ferrow.errors import InterfaceError
from tests.support import entered, items, maybe
from tests.support.copied_in import ITEMS, Broken, stored, table, usable

__all__ = ["table"]


class Item(NamedTuple):
    id: int
    name: str
    price: Decimal | None


@dataclass
class Plain:
    id: int
    name: str
    price: Decimal | None


class Slotted:
    __slots__ = ("id", "name", "price")

    def __init__(self, id: int, name: str, price: Decimal | None) -> None:
        self.id, self.name, self.price = id, name, price


def keyed(id: int, name: str, price: Decimal | None) -> dict[str, Any]:
    return {"price": price, "id": id, "name": name}


async def later(rows: list[Any]) -> AsyncIterator[Any]:
    for row in rows:
        yield row


def pydantic_model() -> Any:
    pydantic = pytest.importorskip("pydantic")
    return pydantic.create_model("Model", id=(int, ...), name=(str, ...), price=(Decimal | None, ...))


@pytest.mark.parametrize("kind", ["tuple", "list", "named", "dict", "dataclass", "slots", "pydantic"])
async def test_rows_of_every_kind(table: Any, kind: str) -> None:
    make: Any = {
        "tuple": lambda *row: row,
        "list": lambda *row: list(row),
        "named": Item,
        "dict": keyed,
        "dataclass": Plain,
        "slots": Slotted,
    }.get(kind)
    if make is None:
        model = pydantic_model()
        make = lambda id, name, price: model(id=id, name=name, price=price)  # noqa: E731
    rows = [make(*row) for row in ITEMS]
    assert await maybe(table.copy_in("item", rows)) == 3
    assert await stored(table) == ITEMS


async def test_kinds_of_rows_may_be_mixed(table: Any) -> None:
    rows = [Item(*ITEMS[0]), keyed(*ITEMS[1]), Plain(*ITEMS[2])]
    assert await maybe(table.copy_in("item", rows)) == 3
    assert await stored(table) == ITEMS


async def test_rows_of_a_query_are_rows_of_a_copy(table: Any) -> None:
    rows = await maybe(table.query("SELECT 1, 'a', 1.50 UNION ALL SELECT 2, 'b', NULL"))
    assert await maybe(table.copy_in("item", rows)) == 2
    assert await stored(table) == ITEMS[:2]


async def test_iterables_of_both_kinds(table: Any, colour: str) -> None:
    assert await maybe(table.copy_in("item", iter(ITEMS[:1]))) == 1
    assert await maybe(table.copy_in("item", (row for row in ITEMS[1:2]))) == 1
    if colour == "async":
        assert await table.copy_in("item", later(ITEMS[2:])) == 1
        assert await stored(table) == ITEMS
        assert await table.copy_in("item", later([])) == 0
    else:
        with pytest.raises(InterfaceError, match="cannot be read without an event loop: use AsyncConnection"):
            table.copy_in("item", later(ITEMS[2:]))
    assert await maybe(table.copy_in("item", [])) == 0
    await usable(table)


async def test_many_rows(table: Any) -> None:
    rows = ((n, "x" * (n % 50), None) for n in range(100_000))
    assert await maybe(table.copy_in("item", rows)) == 100_000
    found = await maybe(table.query_one("SELECT count(*), sum(id), sum(length(name)) FROM item"))
    assert tuple(found) == (100_000, sum(range(100_000)), sum(n % 50 for n in range(100_000)))


async def test_a_value_larger_than_every_buffer(table: Any) -> None:
    large = "x" * 5_000_000
    assert await maybe(table.copy_in("item", [(1, large, None), (2, "y", None)])) == 2
    assert (await maybe(table.query_one("SELECT length(name) FROM item WHERE id = 1")))[0] == 5_000_000


async def test_columns_can_be_named(table: Any) -> None:
    assert await maybe(table.copy_in("item", [("a", 1)], columns=["name", "id"])) == 1
    assert await maybe(table.copy_in("item", [{"name": "b", "id": 2}])) == 1  # the keys are the columns
    assert await maybe(table.copy_in("item", [Plain(3, "c", Decimal(1))], columns=("id", "name"))) == 1
    assert await stored(table) == [(1, "a", None), (2, "b", None), (3, "c", None)]


async def test_a_generated_column_is_not_filled(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE g (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED, c integer)"))
    await maybe(pg.script("ALTER TABLE g ADD d integer; ALTER TABLE g DROP COLUMN c"))
    assert await maybe(pg.copy_in("g", [(1, 10), (2, 20)])) == 2
    assert [tuple(row) for row in await maybe(pg.query("SELECT * FROM g ORDER BY a"))] == [(1, 2, 10), (2, 4, 20)]


async def test_names_are_quoted(pg: Any) -> None:
    await maybe(
        pg.script('CREATE SCHEMA "My.Schema"; CREATE TABLE "My.Schema"."a""; DROP TABLE x" ("select" int, "Ü" text)')
    )
    name, schema = 'a"; DROP TABLE x', "My.Schema"
    assert await maybe(pg.copy_in(name, [(1, "x")], schema=schema)) == 1
    assert await maybe(pg.copy_in(name, [("y", 2)], schema=schema, columns=["Ü", "select"])) == 1
    assert await maybe(pg.copy_in(name, "3\tz\n", schema=schema, format="text")) == 1
    assert len(await items(pg.copy_out(name, schema=schema))) == 3


async def test_inside_a_transaction(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        assert await maybe(tx.copy_in("item", ITEMS[:1])) == 1
        async with entered(tx.transaction()):
            assert await maybe(table.copy_in("item", ITEMS[1:])) == 2
        assert await stored(tx) == ITEMS
    with pytest.raises(Broken):
        async with entered(table.transaction()) as tx:
            await maybe(tx.copy_in("item", [(9, "z", None)]))
            raise Broken
    assert await stored(table) == ITEMS
