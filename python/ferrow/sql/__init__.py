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
    from ferrow.sql.delete import Delete
    from ferrow.sql.dialect import Dialect
    from ferrow.sql.expr import Condition, Expr
    from ferrow.sql.insert import Insert
    from ferrow.sql.join import Join
    from ferrow.sql.label import Labelled
    from ferrow.sql.logic import and_, exists, false, not_, or_, true
    from ferrow.sql.node import Node
    from ferrow.sql.ordering import Ordering
    from ferrow.sql.quantified import all_, any_
    from ferrow.sql.select import Select
    from ferrow.sql.statement import Statement
    from ferrow.sql.table import TableRef
    from ferrow.sql.update import Update
    from ferrow.sql.value import cast, literal
    from ferrow.sql.window import WindowFunction

# A program that only declares models needs columns and tables; the rest is loaded when it is first asked for.
_HOMES = {
    "Aggregate": "aggregate",
    "ColumnRef": "column",
    "Compiled": "compiler",
    "Condition": "expr",
    "Delete": "delete",
    "Dialect": "dialect",
    "Expr": "expr",
    "Insert": "insert",
    "Join": "join",
    "Labelled": "label",
    "Node": "node",
    "Ordering": "ordering",
    "Select": "select",
    "Statement": "statement",
    "TableRef": "table",
    "Update": "update",
    "WindowFunction": "window",
    "all_": "quantified",
    "and_": "logic",
    "any_": "quantified",
    "case": "casing",
    "cast": "value",
    "compile": "compiler",
    "exists": "logic",
    "false": "logic",
    "literal": "value",
    "not_": "logic",
    "or_": "logic",
    "true": "logic",
    "dialect": "",
    "func": "",
}

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOMES)

__all__ = [
    "Aggregate",
    "ColumnRef",
    "Compiled",
    "Condition",
    "Delete",
    "Dialect",
    "Expr",
    "Insert",
    "Join",
    "Labelled",
    "Node",
    "Ordering",
    "Select",
    "Statement",
    "TableRef",
    "Update",
    "WindowFunction",
    "all_",
    "and_",
    "any_",
    "case",
    "cast",
    "compile",
    "dialect",
    "exists",
    "false",
    "func",
    "literal",
    "not_",
    "or_",
    "true",
]
