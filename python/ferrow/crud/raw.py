"""SQL as the user wrote it, with `%s`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ferrow._core import Kinds, Shape
from ferrow.crud.statement import SQLStatement
from ferrow.driver.placeholders import translated
from ferrow.engine.reading import reading
from ferrow.engine.result import QueryResult
from ferrow.errors import ProgrammingError, miscounted
from ferrow.orm.raw import native

if TYPE_CHECKING:
    from ferrow.abc import Params
    from ferrow.engine.engine import AsyncEngine
    from ferrow.sql import Dialect

_ROWS = Shape.rows()
_PLAIN = Shape.rows(plain=True)


class Raw:
    """A statement as the database takes it."""

    __slots__ = ("kinds", "sql", "values")

    def __init__(self, sql: str, values: Params, kinds: Kinds | None = None) -> None:
        self.sql: str = sql
        self.values: Params = values
        self.kinds: Kinds | None = kinds


async def understood(query: str, params: Params, engine: AsyncEngine) -> Raw:
    """`%s` and `%(name)s` as the dialect's own placeholders; those of `execute_raw` of a session (`?`, `$1`, `:name`) are understood too.

    Raises:
        ProgrammingError: another number of parameters than placeholders, missing or extra names, styles that are mixed.
    """
    dialect = engine.dialect
    if isinstance(query, SQLStatement):
        values: Any = [] if params is None else params
        if len(values) != len(query.kinds):
            msg = f"the statement takes {len(query.kinds)} parameters, {len(values)} were given: {query}"
            raise ProgrammingError(msg)
        return Raw(query.on(dialect), [*values], Kinds(query.kinds))
    if params is None or not params:
        return Raw(query, None)
    reads, _ = await reading(engine, query, params)
    found = translated(reads, query, params)
    if found.names is None and found.sql == query:
        return Raw(*native(query, params, dialect, reads))
    values = found.values(params)
    if not isinstance(params, Mapping):
        _must_fit(found.sql, values, dialect, reads)
    return Raw(found.sql, values)


def _must_fit(sql: str, values: Any, dialect: Dialect, reads: str) -> None:
    """Whether there is a placeholder for the last value, and none beyond it, where they are numbered."""
    if not dialect.placeholder(1).startswith("$"):
        return
    from ferrow.driver.tokens import tokens

    wanted = max([int(one.text[1:]) for one in tokens(sql, reads) if one.kind == "native"], default=0)
    if wanted != len(values):
        msg = miscounted(wanted, len(values))
        raise ProgrammingError(msg)


def limited(raw: Raw, limit: int, offset: int, dialect: Dialect) -> Raw:
    """The statement with LIMIT and OFFSET behind it; the caller's parameters stay his."""
    values = [] if raw.values is None else [*raw.values]
    number = len(values)
    # On a line of its own, as the statement may end in a comment.
    text = raw.sql.rstrip().removesuffix(";")
    sql = f"{text}\nLIMIT {dialect.placeholder(number + 1)} OFFSET {dialect.placeholder(number + 2)}"
    return Raw(sql, [*values, limit, offset], None if raw.kinds is None else Kinds([*raw.kinds.names, "int", "int"]))


async def rows(engine: Any, raw: Raw, model_class: type | None, *, plain: bool = False) -> list[Any]:
    """What the statement returns, as dicts or as instances; `plain`: whatever codecs there are.

    Raises:
        ProgrammingError: it returns no rows at all.
    """
    result = await engine.run(raw.sql, raw.values, _PLAIN if plain else _ROWS, raw.kinds)
    if not result.columns:
        msg = f"the statement returns no rows; execute_raw() runs such statements: {raw.sql}"
        raise ProgrammingError(msg)
    found = QueryResult(result)
    return found.all() if model_class is None else found.to_models(model_class)
