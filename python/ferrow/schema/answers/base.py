"""The questions about DDL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from ferrow.errors import ProgrammingError
from ferrow.schema.answers.spelling import long, plain

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.index import Index
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect
    from ferrow.types import SQLType


class Answers:
    """Questions about DDL.

    `dialect`: its name. `adds_foreign_keys`: a constraint can be added to an existing table. `drops_together`: DROP TABLE takes several tables.
    `before_circular_drop`: statements before tables that refer to each other are dropped one by one.
    `index_carries_schema`: the schema stands before the index's name, not before the table's. `refers_across_schemas`: a
    foreign key can name a schema. `creates_types`: enumerations are types of their own. `keeps_comments`, `operator_classes`:
    whether there are any. `computed_not_null`: a computed column may be declared NOT NULL. `covers`: indexes have methods, and
    columns that are only stored along. `index_belongs_to_table`: DROP INDEX names the table too. `ends_transactions`: DDL commits what
    is open, and cannot be undone. `folds_names`: upper and lower case make no difference in names. `index_if_not_exists`:
    CREATE INDEX has that; where it has not, the words stand in a comment, and `engine/changing.py` heeds them. `alike`: families of
    types (found, described; see `compare/family.py`) of which the one stands for the other.
    """

    dialect: ClassVar[str]
    adds_foreign_keys: ClassVar[bool] = True
    drops_together: ClassVar[bool] = True
    before_circular_drop: ClassVar[tuple[str, ...]] = ()
    index_carries_schema: ClassVar[bool] = False
    refers_across_schemas: ClassVar[bool] = True
    creates_types: ClassVar[bool] = True
    keeps_comments: ClassVar[bool] = True
    operator_classes: ClassVar[bool] = True
    computed_not_null: ClassVar[bool] = True
    covers: ClassVar[bool] = True
    index_belongs_to_table: ClassVar[bool] = False
    ends_transactions: ClassVar[bool] = False
    folds_names: ClassVar[bool] = False
    index_if_not_exists: ClassVar[bool] = True
    alike: ClassVar[frozenset[tuple[str, str]]] = frozenset()

    def type(self, column: Column) -> str:
        """The type of a column that the server does not number."""
        return column.type.name(self.dialect)

    def identity(self, column: Column) -> str:
        """Type and clauses of a column that the server numbers, without PRIMARY KEY."""
        raise NotImplementedError

    def key_clause(self, column: Column, constraint: str) -> str:
        """What follows the type of a column that is the whole primary key; `constraint` is CONSTRAINT and its name, or nothing."""
        return f"NOT NULL {constraint}PRIMARY KEY"

    def column_unique(self, constraint: str) -> str:
        """UNIQUE of one column; `constraint` as for `key_clause`."""
        return f"{constraint}UNIQUE"

    def spelled(self, name: str) -> str:
        """A name as it can be compared with another one."""
        return name.lower() if self.folds_names else name

    def exact(self, type: str) -> str:
        """A type in one spelling, lengths included, to be compared with another one of this database."""
        head, bracket, rest = plain(type).partition("(")
        return f"{long(head.strip())}{bracket}{rest}"

    def holds(self, found: str, described: str) -> bool:
        """Whether values of the described family of types fit into a column of the found one."""
        return found == described or (found, described) in self.alike

    def obstacle(self, column: Column) -> str | None:
        """Why a column cannot be added to a table that has rows; None if it can."""
        if column.primary_key:
            return "it belongs to the primary key"
        if column.autoincrement:
            return "the database is to number its rows"
        if not column.nullable and column.server_default is None and column.computed is None:
            return "it is NOT NULL, and rows that exist have no value for it (give it a server_default, or make it nullable)"
        return None

    def add_labels(self, column: Column, labels: Sequence[str]) -> list[str]:
        """Statements that teach the enumerated type of a column new words."""
        return []

    def lock(self) -> str | None:
        """The statement that keeps others from changing tables at the same time, until the transaction ends; None: it does so by itself."""
        return None

    def table_options(self, table: Table) -> str:
        """What follows the last parenthesis of CREATE TABLE."""
        return ""

    def deferrable(self, said: str) -> str:
        """When a foreign key is checked: `said` is DEFERRED or IMMEDIATE."""
        return f"DEFERRABLE INITIALLY {said}"

    def add_key_unless_there(self, table: str, name: str, key: str) -> str:
        """The statement that adds a foreign key to a table that may have it; `key` is what follows FOREIGN KEY."""
        raise NotImplementedError

    def default(self, column: Column, sql: str) -> str:
        """The expression after DEFAULT."""
        return sql

    def unique(self, nulls_not_distinct: bool) -> str:
        """UNIQUE, before the list of columns."""
        return "UNIQUE NULLS NOT DISTINCT" if nulls_not_distinct else "UNIQUE"

    def checked_labels(self, type: SQLType) -> tuple[str, ...]:
        """The words a CHECK must hold a column of this type to: those of an enumeration that is stored as text."""
        labels: tuple[str, ...] = getattr(type, "labels", ())
        return labels

    def has_method(self, method: str | None) -> bool:
        """Whether there are indexes of this method; the others are left out."""
        return True

    def method(self, index: Index, quote: Callable[[str], str]) -> str:
        """USING and the method, after the table's name."""
        return f" USING {quote(index.method)}" if index.method is not None else ""

    def index_clauses(self, index: Index, include: Sequence[str]) -> list[str]:
        """What stands between the columns and WHERE; `include` are names, quoted."""
        return [
            f"INCLUDE ({', '.join(include)})" if include else "",
            "NULLS NOT DISTINCT" if index.nulls_not_distinct else "",
        ]

    def after_create(self, table: Table, dialect: Dialect) -> list[str]:
        """Statements that complete a table which has just been created, and change nothing if it was there."""
        return []

    def literal(self, text: str) -> str:
        """Text as a literal, where SQL takes no parameter: a label, a comment. Raises ProgrammingError for NUL."""
        if "\0" in text:
            raise ProgrammingError(f"{text!r} contains the NUL character, which no database accepts.")
        return "'" + text.replace("'", "''") + "'"
