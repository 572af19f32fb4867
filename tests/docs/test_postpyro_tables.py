"""The headings and tables of PostPyro's document: every signature it gives, every type in both directions."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ferrow import driver
from tests.docs.postpyro import BLOCKS, LINES
from tests.support import entered, maybe

SECTIONS = {"## 🔌 Connection Class": driver.Connection, "## 📄 Row Class": driver.Row, "## 🔄 Transaction Class": driver.Transaction}  # fmt: skip


def methods() -> Iterator[Any]:
    owner: Any = driver
    for line in LINES:
        owner = SECTIONS.get(line, owner)
        found = re.fullmatch(r"#### `(\w+)\((.*)\)(?: -> (.*))?`", line)
        if found:
            yield pytest.param(owner, *found.groups(), id=f"{owner.__name__}.{found[1]}")


@pytest.mark.parametrize(("owner", "name", "parameters", "returns"), list(methods()))
def test_documented_signature(owner: Any, name: str, parameters: str, returns: str | None) -> None:
    documented = [part.split(":")[0].strip() for part in parameters.split(", ") if ":" in part]
    if name.startswith("__"):
        assert hasattr(owner, name)
        return
    item = driver.Connection if name == "Connection" else getattr(owner, name)
    taken = inspect.signature(item).parameters
    ours = [each for each in taken if each not in ("self", "options")]
    for part in parameters.split(", "):
        if part.endswith(" = None"):
            assert taken[part.split(":")[0]].default is None
    # What a connection string is called is the one name that differs; as a keyword it has that of the document as well.
    documented = ["url" if each == "connection_string" else each for each in documented]
    assert ours[: len(documented)] == documented
    assert "url" not in documented or "connection_string" in ours


def test_all_methods_are_found() -> None:
    assert len(list(methods())) == 24


CALLS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "driver.connect": lambda conn, tx, row: driver.connect("sqlite::memory:"),
    "driver.get_version": lambda conn, tx, row: driver.get_version(),
    "Connection.Connection": lambda conn, tx, row: driver.Connection("sqlite::memory:"),
    "Connection.query": lambda conn, tx, row: conn.query("SELECT $1", ["x"]),
    "Connection.query_one": lambda conn, tx, row: conn.query_one("SELECT 1"),
    "Connection.execute": lambda conn, tx, row: conn.execute("SELECT 1"),
    "Connection.execute_batch": lambda conn, tx, row: conn.execute_batch(["SELECT 1", "SELECT 2"]),
    "Connection.prepare": lambda conn, tx, row: conn.prepare("SELECT 1"),
    "Connection.ping": lambda conn, tx, row: conn.ping(),
    "Connection.info": lambda conn, tx, row: conn.info(),
    "Connection.begin": lambda conn, tx, row: tx,
    "Connection.close": lambda conn, tx, row: conn.close(),
    "Connection.is_closed": lambda conn, tx, row: conn.is_closed(),
    "Row.__getitem__": lambda conn, tx, row: row["id"],
    "Row.__len__": lambda conn, tx, row: len(row),
    "Row.__iter__": lambda conn, tx, row: [*row] == row.values() or pytest.fail("not its values"),
    "Row.get": lambda conn, tx, row: row.get(0),
    "Row.keys": lambda conn, tx, row: row.keys(),
    "Row.values": lambda conn, tx, row: row.values(),
    "Row.items": lambda conn, tx, row: row.items(),
    "Row.to_dict": lambda conn, tx, row: row.to_dict(),
    "Transaction.execute": lambda conn, tx, row: tx.execute("SELECT 1"),
    "Transaction.query": lambda conn, tx, row: tx.query("SELECT $1", ["x"]),
    "Transaction.query_one": lambda conn, tx, row: tx.query_one("SELECT 1"),
}
KINDS: dict[str, Any] = {
    "Connection": driver.Connection,
    "Row": driver.Row,
    "Transaction": driver.Transaction,
    "Any": object,
}
KINDS |= {"str": str, "int": int, "bool": bool, "None": type(None)}


def matches(value: Any, documented: str) -> bool:
    """Whether a value is of the type that a heading names, exactly: a list is no result that looks like one."""
    outer, _, inner = documented.removesuffix("]").partition("[")
    match outer:
        case "List":
            return type(value) is list and len(value) > 0 and all(matches(each, inner) for each in value)
        case "Tuple" | "Dict":
            found = [*value.items()] if outer == "Dict" else [value]
            kind = dict if outer == "Dict" else tuple
            pairs = [zip(each, inner.split(", "), strict=True) for each in found]
            return type(value) is kind and all(matches(one, of) for pair in pairs for one, of in pair)
        case _:
            return isinstance(value, KINDS[outer]) if outer == "Any" else type(value) is KINDS[outer]


@pytest.mark.postgresql
@pytest.mark.parametrize(("owner", "name", "parameters", "returns"), list(methods()))
def test_documented_result(postgresql_url: str, owner: Any, name: str, parameters: str, returns: str | None) -> None:
    with driver.connect(postgresql_url) as conn:
        row = conn.query_one("SELECT 1 AS id, 'Ada' AS name")
        tx = conn.begin() if owner is driver.Transaction or name == "begin" else None
        value = CALLS[f"{owner.__name__.rpartition('.')[2]}.{name}"](conn, tx, row)
        documented = {"__iter__": "bool", "Connection": "Connection"}.get(name) or returns
        assert documented is not None
        assert matches(value, documented), (value, documented)
        if isinstance(value, driver.Connection):
            value.close()
        if tx is not None:
            tx.rollback()


def test_the_drawing_of_the_errors() -> None:
    base, *others = re.findall(r"^\W*(\w+)", BLOCKS[336].text, re.MULTILINE)
    assert base == "DatabaseError"
    assert len(others) == 7
    kinds = [getattr(driver, name) for name in others]
    assert [kind.__base__ for kind in kinds] == [driver.DatabaseError] * 7


def type_rows() -> Iterator[Any]:
    """PostgreSQL type, Python type and example of each row of the document's table."""
    from datetime import date, datetime, time
    from uuid import UUID

    names = {"date": date, "time": time, "datetime": datetime, "UUID": UUID}
    start = LINES.index("### Supported Type Conversions") + 4
    for line in LINES[start : LINES.index("### Type Usage Examples") - 1]:
        types, kinds, examples = (cell.strip() for cell in line.strip("|").split("|"))
        # "With timezone info"; not that of this moment, which would be another in each process of a test run
        tree = re.findall(r"`(.*?)`", examples) or ["datetime(2023, 12, 25, 14, 30).astimezone()"]
        for example in ast.parse(f"[{', '.join(tree)}]", mode="eval").body.elts:  # type: ignore[attr-defined]
            value = eval(compile(ast.Expression(example), "table", "eval"), names)
            for name in re.findall(r"`(.*?)`", types):
                yield name, value, kinds


TYPES = list(type_rows())
ARRAYS = {int: "integer[]", str: "text[]"}


@pytest.mark.postgresql
@pytest.mark.parametrize(("name", "value", "kinds"), TYPES, ids=[f"{name}-{value}" for name, value, _ in TYPES])
async def test_type_in_both_directions(postgresql_url: str, colour: str, name: str, value: Any, kinds: str) -> None:
    if name == "ARRAY":
        name = ARRAYS[type(value[0])]
    if name in ("SMALLINT", "INTEGER") and abs(value) >= 2**15:
        pytest.fail("an example that does not fit its type")
    if name == "CIDR" and "/" not in value:
        value += "/32"
    if name == "INET" and "/" in value:
        value = value.replace(".0/", ".1/")
    kind = driver.AsyncConnection if colour == "async" else driver.Connection
    async with entered(await maybe(kind.connect(postgresql_url))) as conn:
        await maybe(conn.execute(f"CREATE TABLE t (c {name})"))
        assert await maybe(conn.execute("INSERT INTO t VALUES ($1)", [value])) == 1
        (back,) = await maybe(conn.query_one("SELECT c FROM t"))
        assert back == value  # of a REAL, too: 3.14, not 3.140000104904175
        assert type(back) is type(value)
        assert type(back).__name__ in [kind.rpartition(".")[2] for kind in re.findall(r"`(.*?)`", kinds)]
        if name == "TIMESTAMPTZ":
            assert back.utcoffset() is not None
        await maybe(conn.execute("UPDATE t SET c = $1", [None]))
        assert await maybe(conn.query_one("SELECT c FROM t")) == (None,)
