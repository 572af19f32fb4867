"""Rows of a statement on an engine of either colour, without models."""

from __future__ import annotations

from typing import Any

from ferrow._core import Shape
from ferrow.sql import Statement, compile
from ferrow.sql.dialect import named
from tests.support.colours import maybe


async def rows(engine: Any, statement: Statement) -> list[Any]:
    """Run a statement; its rows as tuples."""
    compiled = compile(statement, named(engine.dialect.name))
    shape = Shape.tuples(compiled.result_kinds)
    return list((await maybe(engine.run(compiled.sql, statement.values, shape, compiled.kinds))).rows)


async def count(engine: Any, statement: Statement) -> int:
    """Run a statement; how many rows it changed."""
    compiled = compile(statement, named(engine.dialect.name))
    changed: int = (await maybe(engine.run(compiled.sql, statement.values, None, compiled.kinds))).rowcount
    return changed
