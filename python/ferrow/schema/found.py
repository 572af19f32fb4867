"""What a database says about its tables: plain values, the same for all databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Numbering = Literal["always", "by default", "sequence", "auto"]


@dataclass(frozen=True, slots=True)
class FoundEnum:
    """An enumerated type of PostgreSQL, its labels in order."""

    name: str
    labels: tuple[str, ...]
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column.

    Attributes:
        type: as the database writes it, with its length: `character varying(50)`, `decimal(10,2)`; on SQLite as declared.
        default: SQL text, None for none.
        numbered: the server numbers the rows: an identity (`"always"`, `"by default"`), a `"sequence"` as a default, or `"auto"`
            (SQLite's row number, MariaDB's AUTO_INCREMENT).
        computed: SQL text of the expression the server computes it of, None; `stored`: whether it keeps the result.
        enum: the enumerated type of the column, or of its elements.
        domain: the name of the domain whose base is `type`.
    """

    name: str
    type: str
    nullable: bool
    default: str | None = None
    numbered: Numbering | None = None
    computed: str | None = None
    stored: bool = True
    collation: str | None = None
    comment: str | None = None
    enum: FoundEnum | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class FoundIndex:
    """An index that belongs to no constraint.

    Attributes:
        keys: what it is over, in order: names of columns, or SQL text where `expressions` has the same position.
        expressions: positions in `keys` that are expressions.
        descending: positions in `keys` that sort descending.
        where: SQL text of the condition of a partial index.
        method: `btree`, `gin`, ... in lower case.
        valid: False for what a failed CREATE INDEX CONCURRENTLY left behind.
    """

    name: str
    keys: tuple[str, ...]
    unique: bool = False
    expressions: frozenset[int] = frozenset()
    descending: frozenset[int] = frozenset()
    where: str | None = None
    include: tuple[str, ...] = ()
    method: str = "btree"
    nulls_not_distinct: bool = False
    valid: bool = True


@dataclass(frozen=True, slots=True)
class FoundUnique:
    """A unique constraint; SQLite gives its own no name."""

    columns: tuple[str, ...]
    name: str | None = None
    nulls_not_distinct: bool = False


@dataclass(frozen=True, slots=True)
class FoundForeignKey:
    """A foreign key. `table` and `schema` are of the table it stands in; `target_schema` is None where that is the same.

    `ondelete`, `onupdate`: None for NO ACTION. `deferrable`: "deferred", "immediate" or None.
    """

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    name: str | None = None
    schema: str | None = None
    target_schema: str | None = None
    ondelete: str | None = None
    onupdate: str | None = None
    deferrable: str | None = None


@dataclass(frozen=True, slots=True)
class FoundCheck:
    """A CHECK, its condition as the database writes it."""

    sql: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table, or what can be read like one: `kind` is "table" or "view".

    `referrers` are the foreign keys of other tables that refer to it.
    """

    name: str
    schema: str | None
    columns: tuple[FoundColumn, ...]
    primary_key: tuple[str, ...] = ()
    uniques: tuple[FoundUnique, ...] = ()
    indexes: tuple[FoundIndex, ...] = ()
    foreign_keys: tuple[FoundForeignKey, ...] = ()
    checks: tuple[FoundCheck, ...] = ()
    referrers: tuple[FoundForeignKey, ...] = ()
    kind: Literal["table", "view"] = "table"
    comment: str | None = None

    def column(self, name: str) -> FoundColumn | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)
