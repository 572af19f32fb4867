"""From a statement to SQL text, once per shape and dialect."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ferrow.sql.columns import members, name_of
from ferrow.sql.dialect import ALL
from ferrow.sql.dialect.base import Dialect
from ferrow.sql.form.compound import first_select, is_query
from ferrow.sql.form.explain import EXPLAIN
from ferrow.sql.form.select import COLUMNS
from ferrow.sql.grouping import check_grouping
from ferrow.sql.scope import ambiguous, check_scope
from ferrow.sql.shape import Hole, Leaf, number
from ferrow.sql.statement import Statement
from ferrow.sql.writer import Writer
from ferrow.types import SQLType
from ferrow.wording import Steps, Wording

if TYPE_CHECKING:
    from ferrow._core import Kinds

CACHE_SIZE = 2_000
"""Compiled statements kept per dialect. A program that goes beyond makes up shapes as it goes; then the oldest are dropped."""


class Compiled:
    """A statement's text and what is known about its parameters and its result.

    Attributes:
        sql: the text, with placeholders numbered by position in `statement.values`.
        kinds: the kinds of the parameters.
        parameters: the types of the parameters.
        result: the types of the result columns.
        result_kinds: their kinds.
        names: the names of the result columns: the label, the column's attribute name, or the function's name.
        shape: what it was compiled from.
    """

    __slots__ = ("__weakref__", "kinds", "names", "parameters", "result", "result_kinds", "shape", "sql")

    def __init__(
        self,
        sql: str,
        parameters: tuple[SQLType, ...],
        result: tuple[SQLType, ...],
        names: tuple[str, ...],
        shape: tuple[Any, ...],
    ) -> None:
        # The core is asked for here only: everything else about SQL works without it.
        from ferrow._core import Kinds

        self.sql: str = sql
        self.parameters: tuple[SQLType, ...] = parameters
        self.result: tuple[SQLType | None, ...] = result
        self.names: tuple[str, ...] = names
        self.shape: tuple[Any, ...] = shape
        self.kinds: Kinds = Kinds([type.kind for type in parameters])
        self.result_kinds: Kinds = Kinds([type.kind for type in result])

    def __repr__(self) -> str:
        return f"<Compiled {self.sql}>"


def compile(statement: Statement, dialect: Dialect) -> Compiled:  # the word for it
    """Return the compiled form of a statement, from the cache if one of its shape was compiled before.

    Raises:
        NotSupportedError: the dialect has no way to say it.
        ProgrammingError: a name the database does not accept, a column of a table that is not in the statement, or one beside an
            aggregate without GROUP BY.
    """
    found = dialect.cache.get(statement.shape)
    return found if found is not None else _compiled(statement.shape, dialect)


def _compiled(shape: tuple[Any, ...], dialect: Dialect) -> Compiled:
    check_scope(shape)
    check_grouping(shape)
    parameters: list[SQLType] = []
    numbered = number(shape, parameters)
    out = Writer(dialect, qualify=ambiguous(shape))
    sql = out.write(numbered)
    if dialect.other is not None:
        sql = Wording(sql, partial(_steps, numbered, dialect.other, qualify=out.qualify))
    result: tuple[SQLType, ...]
    if shape[0] is EXPLAIN:
        result, names = dialect.plan_columns(tree=shape[2])
    else:
        columns = members(first_select(shape)[COLUMNS] if is_query(shape) else shape[-1])
        result = tuple([out.type_of(column) for column in columns])
        names = tuple([name_of(column, position) for position, column in enumerate(columns, 1)])
    made = Compiled(sql, tuple(parameters), result, names, shape)
    if len(dialect.cache) >= CACHE_SIZE:  # replaced, not emptied: other threads may be reading it
        dialect.cache = dict(islice(dialect.cache.copy().items(), CACHE_SIZE // 2, None))
    dialect.cache[shape] = dialect.compiled[sql] = made
    return made


def _steps(numbered: Any, dialect: Dialect, *, qualify: bool) -> Steps:
    """The same statement for the other server of a dialect."""
    return dialect.steps(Writer(dialect, qualify=qualify), numbered)


def describe(shape: Any) -> str:
    """Return any piece of a query as text, for messages: PostgreSQL's way, without values."""
    return Writer(ALL["postgresql"], qualify=ambiguous(shape)).write(number(shape, []))


class _LeftOut(Leaf):
    """The place of a value."""

    __slots__ = ("type",)

    def __init__(self, type: SQLType) -> None:
        self.type = type

    def write(self, out: Writer) -> str:
        return "…"


def describe_without(shape: Any) -> str:
    """The same with `…` in the place of each value, which may be a secret. For people only, never for a database."""
    return Writer(ALL["postgresql"], qualify=ambiguous(shape)).write(_without(shape))


def _without(shape: Any) -> Any:
    if type(shape) is tuple:
        return tuple([_without(part) for part in shape])
    return _LeftOut(shape.type) if type(shape) is Hole else shape
