"""What sessions know about one model on one database: its statements, each built and compiled once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic

from ferrow._core import Shape
from ferrow.model import shape_of, writer
from ferrow.orm.generic import M
from ferrow.orm.words import words_of
from ferrow.sql import compile

if TYPE_CHECKING:
    from ferrow._core import Kinds
    from ferrow.sql import Dialect, Expr, Statement

CACHE_SIZE = 500
"""Statements kept per model and dialect; a program that goes beyond makes up queries as it goes, and the oldest are dropped."""


class Prepared:
    """A statement ready to be run: `engine.run(sql, values, shape, kinds)`."""

    __slots__ = ("kinds", "shape", "sql")

    def __init__(self, sql: str, shape: Shape, kinds: Kinds) -> None:
        self.sql = sql
        self.shape = shape
        self.kinds = kinds


class Plan(Generic[M]):
    """One model on one dialect.

    `statements` holds what was prepared before, by a key that names the operation and all its text depends on.
    """

    __slots__ = ("dialect", "model", "refs", "shape", "statements", "table", "words", "writer")

    def __init__(self, model: type[M], dialect: Dialect) -> None:
        self.model = model
        self.dialect = dialect
        self.words = words_of(model)
        self.table = self.words.table
        self.refs: tuple[Expr[Any], ...] = tuple(column.ref for column in self.table.columns)
        self.shape: Shape = shape_of(model)
        self.writer = writer(model)
        self.statements: dict[Any, Prepared] = {}

    def prepare(self, key: Any, statement: Statement, shape: Shape | None = None) -> Prepared:
        """Compile a statement and keep it under `key`; rows become tuples unless a shape is given.

        Raises:
            ProgrammingError: it uses a column of another table.
        """
        from ferrow.orm.scope import check_scope

        check_scope(statement, self.table)
        compiled = compile(statement, self.dialect)
        made = Prepared(compiled.sql, shape or Shape.tuples(compiled.result_kinds), compiled.kinds)
        if len(self.statements) >= CACHE_SIZE:  # replaced, not emptied: other threads may be reading it
            self.statements = dict(islice(self.statements.copy().items(), CACHE_SIZE // 2, None))
        self.statements[key] = made
        return made


def plan_of(model: type[M], dialect: Dialect) -> Plan[M]:
    """The plan for a model class, kept on the class. Raises ModelError if it is not a model."""
    try:
        # Read from the class's own dictionary: a subclass is another model.
        return model.__dict__["__ferrow_plans__"][dialect.name]  # type: ignore[no-any-return]
    except (KeyError, AttributeError):
        made = Plan(model, dialect)
        plans: dict[str, Plan[Any]] = {**model.__dict__.get("__ferrow_plans__", {}), dialect.name: made}
        model.__ferrow_plans__ = plans  # type: ignore[attr-defined]
        return made


def named_columns(plan: Plan[Any], columns: Sequence[str | Expr[Any]]) -> list[Expr[Any]]:
    """Result columns by name or expression, each under its attribute name; none means all.

    Raises:
        UnknownColumn: no such column.
    """
    return [_named(plan.words.expression(column), column) for column in columns] or [_named(ref) for ref in plan.refs]


def _named(found: Expr[Any], said: object = None) -> Expr[Any]:
    from ferrow.sql import ColumnRef

    if isinstance(found, ColumnRef):
        return found.label(found.key) if found.key != found.name else found
    return found.label(said) if isinstance(said, str) else found
