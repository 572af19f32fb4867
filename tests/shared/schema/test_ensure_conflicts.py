"""What `ensure_schema` refuses, and what it drops when it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from ferrow.errors import InterfaceError, SchemaConflict
from ferrow.repository import ensure_schema, ensure_schema_async
from tests.support import maybe


def ensuring(colour: str) -> Any:
    return ensure_schema_async if colour == "async" else ensure_schema


@dataclass
class Item:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    name: str = field(default="", metadata={"max_length": 20})
    amount: int = 0
    note: str | None = None


CREATED = (
    "CREATE TABLE item (id bigint NOT NULL PRIMARY KEY, name varchar(20) NOT NULL, amount bigint NOT NULL, note text)"
)


async def test_a_table_of_the_same_families_is_good_enough(engine: Any, colour: str) -> None:
    """Written by somebody else, with other lengths, more columns and more indexes."""
    await maybe(engine.script(CREATED.replace("note text", "note varchar(300), extra int")))
    await maybe(engine.script("CREATE INDEX somebody ON item (extra)"))
    assert await maybe(ensuring(colour)(engine, Item)) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("amount bigint", "amount text"), "column 'amount' is text in the database and int"),
        (("amount bigint NOT NULL", "amount bigint"), "column 'amount' is NULL in the database and NOT NULL in Item"),
        (("note text", "note text NOT NULL"), "column 'note' is NOT NULL in the database and NULL in Item"),
        ((", amount bigint NOT NULL", ""), "column 'amount' is missing and cannot be added: it is NOT NULL"),
        (
            ("id bigint NOT NULL PRIMARY KEY, ", ""),
            "column 'id' is missing and cannot be added: it belongs to the primary key",
        ),
    ],
)
async def test_what_cannot_be_added_is_an_error(engine: Any, colour: str, change: tuple[str, str], reason: str) -> None:
    await maybe(engine.script(CREATED.replace(*change)))
    with pytest.raises(ValueError, match="Incompatible schema for table 'item': ") as caught:
        await maybe(ensuring(colour)(engine, Item))
    assert reason.lower() in str(caught.value).lower().replace("integer", "int")
    assert isinstance(caught.value, SchemaConflict)
    assert any(one.conflicts for one in caught.value.differences)


async def test_all_reasons_are_named_and_nothing_is_changed(engine: Any, colour: str) -> None:
    await maybe(
        engine.script("CREATE TABLE item (id bigint NOT NULL PRIMARY KEY, name int, amount varchar(9) NOT NULL)")
    )
    before = await maybe(engine.inspector().table("item"))
    with pytest.raises(SchemaConflict) as caught:
        await maybe(ensuring(colour)(engine, Item))
    assert str(caught.value).count(";") == 2  # name: type and NULL; amount: type. note could be added.
    assert await maybe(engine.inspector().table("item")) == before


async def test_recreate_makes_the_table_anew(engine: Any, colour: str) -> None:
    await maybe(engine.script(CREATED.replace("amount bigint", "amount text")))
    statements = await maybe(ensuring(colour)(engine, Item, schema_conflict="recreate"))
    assert [one.split()[0] for one in statements] == ["DROP", "CREATE"]
    assert await maybe(ensuring(colour)(engine, Item, schema_conflict="recreate")) == []


async def test_recreate_leaves_a_good_table_alone(engine: Any, colour: str) -> None:
    await maybe(engine.script(CREATED))
    await maybe(engine.script("INSERT INTO item (id, name, amount) VALUES (1, 'a', 1)"))
    await maybe(ensuring(colour)(engine, Item, schema_conflict="recreate"))
    assert len(await maybe(engine.query("SELECT * FROM item"))) == 1


async def test_recreate_names_those_who_refer_to_the_table(engine: Any, colour: str) -> None:
    """Defect 30: DROP ... CASCADE took other tables' foreign keys away without a word; on SQLite it would delete their rows."""
    await maybe(engine.script(CREATED.replace("amount bigint", "amount text")))
    await maybe(
        engine.script(
            "CREATE TABLE orders (id int NOT NULL PRIMARY KEY, item_id bigint, "
            "CONSTRAINT of_item FOREIGN KEY (item_id) REFERENCES item (id) ON DELETE CASCADE)"
        )
    )
    await maybe(engine.script("INSERT INTO item (id, name, amount) VALUES (1, 'a', '1')"))
    await maybe(engine.script("INSERT INTO orders VALUES (1, 1)"))
    with pytest.raises(SchemaConflict, match=r"other tables refer to it: orders\(item_id\)"):
        await maybe(ensuring(colour)(engine, Item, schema_conflict="recreate"))
    assert len(await maybe(engine.query("SELECT * FROM orders WHERE item_id = 1"))) == 1


async def test_a_view_is_no_table(engine: Any, colour: str) -> None:
    await maybe(engine.script("CREATE VIEW item AS SELECT 1 AS id"))
    with pytest.raises(SchemaConflict, match="'item' is a view"):
        await maybe(ensuring(colour)(engine, Item, schema_conflict="recreate"))


async def test_other_words_and_other_things_are_errors(engine: Any, colour: str) -> None:
    with pytest.raises(ValueError, match="schema_conflict must be one of: raise, recreate"):
        await maybe(ensuring(colour)(engine, Item, schema_conflict="drop"))
    with pytest.raises(InterfaceError, match="is no database"):
        await maybe(ensuring(colour)("app.db", Item))
    twin = ensuring("sync" if colour == "async" else "async")
    with pytest.raises(InterfaceError, match="other call style"):
        await maybe(twin(engine, Item))
