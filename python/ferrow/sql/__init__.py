"""Queries as immutable values: build them from columns and conditions, compile them for a database, never execute them here.

age = ColumnRef[int](users, "age", Integer())
query = Select([age], users).where(age >= 18).limit(10)
compiled = compile(query, dialect.POSTGRESQL)     # SELECT age FROM users WHERE age >= $1 LIMIT $2
query.values                                      # (18, 10)
"""

from __future__ import annotations

from ferrow.sql import dialect, func
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
from ferrow.sql.select import Select
from ferrow.sql.statement import Statement
from ferrow.sql.table import TableRef
from ferrow.sql.update import Update
from ferrow.sql.value import cast, literal

__all__ = [
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
    "and_",
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
