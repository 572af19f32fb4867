"""Queries as immutable values: build them from columns and conditions, compile them for a database, never execute them here.

age = ColumnRef[int](users, "age", Integer())
query = Select([age], users).where(age >= 18).limit(10)
compiled = compile(query, dialect.POSTGRESQL)     # SELECT age FROM users WHERE age >= $1 LIMIT $2
query.values                                      # (18, 10)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.sql import dialect, func
    from ferrow.sql.aggregate import Aggregate
    from ferrow.sql.casing import case
    from ferrow.sql.column import ColumnRef
    from ferrow.sql.compiler import Compiled, compile
    from ferrow.sql.compound import Compound
    from ferrow.sql.cte import CTE, recursive
    from ferrow.sql.delete import Delete
    from ferrow.sql.derived import Derived, Subquery
    from ferrow.sql.dialect import Dialect
    from ferrow.sql.explain import Explain
    from ferrow.sql.expr import Condition, Expr
    from ferrow.sql.insert import Insert
    from ferrow.sql.join import Join
    from ferrow.sql.label import Labelled
    from ferrow.sql.logic import and_, exists, false, not_, or_, true
    from ferrow.sql.node import Node
    from ferrow.sql.ordering import Ordering
    from ferrow.sql.proposed import excluded
    from ferrow.sql.quantified import all_, any_
    from ferrow.sql.query import Query
    from ferrow.sql.select import Select
    from ferrow.sql.source import Source
    from ferrow.sql.statement import Statement
    from ferrow.sql.table import TableRef
    from ferrow.sql.update import Update
    from ferrow.sql.value import cast, literal
    from ferrow.sql.values import Values
    from ferrow.sql.window import WindowFunction

# A program that only declares models needs columns and tables; the rest is loaded when it is first asked for.
_HOMES = {
    "Aggregate": "aggregate",
    "ColumnRef": "column",
    "Compiled": "compiler",
    "Compound": "compound",
    "Condition": "expr",
    "Delete": "delete",
    "Derived": "derived",
    "Dialect": "dialect",
    "Explain": "explain",
    "Expr": "expr",
    "Insert": "insert",
    "Join": "join",
    "Labelled": "label",
    "Node": "node",
    "Ordering": "ordering",
    "Query": "query",
    "Select": "select",
    "Source": "source",
    "Statement": "statement",
    "Subquery": "derived",
    "TableRef": "table",
    "Update": "update",
    "CTE": "cte",
    "Values": "values",
    "WindowFunction": "window",
    "all_": "quantified",
    "and_": "logic",
    "any_": "quantified",
    "case": "casing",
    "cast": "value",
    "compile": "compiler",
    "excluded": "proposed",
    "exists": "logic",
    "false": "logic",
    "literal": "value",
    "not_": "logic",
    "or_": "logic",
    "recursive": "cte",
    "true": "logic",
    "dialect": "",
    "func": "",
}

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOMES)

__all__ = [
    "CTE",
    "Aggregate",
    "ColumnRef",
    "Compiled",
    "Compound",
    "Condition",
    "Delete",
    "Derived",
    "Dialect",
    "Explain",
    "Expr",
    "Insert",
    "Join",
    "Labelled",
    "Node",
    "Ordering",
    "Query",
    "Select",
    "Source",
    "Statement",
    "Subquery",
    "TableRef",
    "Update",
    "Values",
    "WindowFunction",
    "all_",
    "and_",
    "any_",
    "case",
    "cast",
    "compile",
    "dialect",
    "excluded",
    "exists",
    "false",
    "func",
    "literal",
    "not_",
    "or_",
    "recursive",
    "true",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
