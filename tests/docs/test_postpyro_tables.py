"""The headings and tables of PostPyro's document: every signature it gives, every type in both directions."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ferrow import driver
from tests.docs.postpyro import LINES
from tests.support import entered, maybe

SECTIONS = {"## 🔌 Connection Class": driver.Connection, "## 📄 Row Class": driver.Row, "## 🔄 Transaction Class": driver.Transaction}  # fmt: skip


def methods() -> Iterator[Any]:
    owner: Any = driver
    for line in LINES:
        owner = SECTIONS.get(line, owner)
        found = re.fullmatch(r"#### `(\w+)\((.*)\)(?: -> .*)?`", line)
        if found:
            yield pytest.param(owner, *found.groups(), id=f"{owner.__name__}.{found[1]}")


@pytest.mark.parametrize(("owner", "name", "parameters"), list(methods()))
def test_documented_signature(owner: Any, name: str, parameters: str) -> None:
    documented = [part.split(":")[0].strip() for part in parameters.split(", ") if ":" in part]
    if name.startswith("__"):
        assert hasattr(owner, name)
        return
    item = driver.Connection if name == "Connection" else getattr(owner, name)
    ours = [each for each in inspect.signature(item).parameters if each not in ("self", "options")]
    # What a connection string is called is the one name that differs; as a keyword it has that of the document as well.
    documented = ["url" if each == "connection_string" else each for each in documented]
    assert ours[: len(documented)] == documented
    assert "url" not in documented or "connection_string" in ours


def test_all_methods_are_found() -> None:
    assert len(list(methods())) == 24


def type_rows() -> Iterator[Any]:
    """PostgreSQL type, Python type and example of each row of the document's table."""
    from datetime import date, datetime, time
    from uuid import UUID

    names = {"date": date, "time": time, "datetime": datetime, "UUID": UUID}
    start = LINES.index("### Supported Type Conversions") + 4
    for line in LINES[start : LINES.index("### Type Usage Examples") - 1]:
        types, _, examples = (cell.strip() for cell in line.strip("|").split("|"))
        # "With timezone info"; not that of this moment, which would be another in each process of a test run
        tree = re.findall(r"`(.*?)`", examples) or ["datetime(2023, 12, 25, 14, 30).astimezone()"]
        for example in ast.parse(f"[{', '.join(tree)}]", mode="eval").body.elts:  # type: ignore[attr-defined]
            value = eval(compile(ast.Expression(example), "table", "eval"), names)
            for name in re.findall(r"`(.*?)`", types):
                yield name, value


TYPES = list(type_rows())
ARRAYS = {int: "integer[]", str: "text[]"}


@pytest.mark.postgresql
@pytest.mark.parametrize(("name", "value"), TYPES, ids=[f"{name}-{value}" for name, value in TYPES])
async def test_type_in_both_directions(postgresql_url: str, colour: str, name: str, value: Any) -> None:
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
        if name == "REAL":
            assert back == pytest.approx(value)
        else:
            assert back == value
        assert type(back) is type(value)
        await maybe(conn.execute("UPDATE t SET c = $1", [None]))
        assert await maybe(conn.query_one("SELECT c FROM t")) == (None,)
