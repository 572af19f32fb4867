"""Indexes, as a class declares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ferrow.errors import ModelError, UnknownColumn
from ferrow.model.constraint import names_of, sql_text
from ferrow.model.described import Described

SQLText = str | Mapping[str, str]


class IndexTypeError(ModelError, TypeError):
    """An index is declared by something that says none."""


class IndexValueError(ModelError, ValueError):
    """An index is declared over nothing."""


class UnknownIndexColumn(UnknownColumn, ModelError, ValueError):
    """An index is declared over a column that the model does not have."""


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """An index in `__indexes__`, as repositories declare them: `IndexSpec(("email", "age"), unique=True)`.

    Args:
        columns: an attribute, or several in order.
        unique: no two rows agree in all of them.
        name: default: by `__naming__`, else made of the table and the columns.

    `Index` can do more: descending columns, expressions, conditions.
    """

    columns: str | Sequence[str]
    unique: bool = False
    name: str | None = None


def index_of(where: str, entry: Any) -> Index:
    """An entry of `__indexes__`: a column, several columns, a mapping with columns/unique/name, an IndexSpec or an Index.

    Raises IndexTypeError or IndexValueError, in which `where` says what declares it.
    """
    unique, name = False, None
    if isinstance(entry, Index):
        return entry
    if isinstance(entry, IndexSpec):
        columns, unique, name = entry.columns, entry.unique, entry.name
    elif isinstance(entry, Mapping):
        unknown = [key for key in entry if key not in ("columns", "unique", "name")]
        if unknown:
            raise IndexTypeError(
                f"{where} holds {entry!r}: an index has columns, unique and name, and no {unknown[0]!r}."
            )
        columns, unique, name = entry.get("columns", ()), bool(entry.get("unique")), entry.get("name")
    else:
        columns = entry
    if isinstance(columns, str):
        columns = (columns,)
    if isinstance(columns, (bytes, bytearray)) or not isinstance(columns, Sequence):
        raise IndexTypeError(
            f"{where} holds {entry!r}; write a column name, a tuple of names, a mapping with columns, unique and name, an "
            "IndexSpec or an Index."
        )
    if not columns:
        raise IndexValueError(f"{where} holds {entry!r}: an index needs at least one column.")
    if not all(isinstance(column, str) and column for column in columns):
        raise IndexTypeError(f"{where} holds {entry!r}: the columns of an index are names, and none is empty.")
    if name is not None and not (isinstance(name, str) and name):
        raise IndexTypeError(f"{where} holds {entry!r}: the name of an index is a text that is not empty.")
    return Index(*columns, unique=bool(unique), name=name)


class Index(Described):
    """An index: `Index("author_id", "-created_at")`.

    Args:
        *columns: attributes of the class, in order; `"-name"` sorts descending.
        sql: an expression (or several), as SQL text that is used as it is, after the columns: `Index(sql="lower(email)")`. A
            mapping gives one text per dialect.
        unique: no two rows agree in all of it.
        where: SQL text of a condition; only rows that fulfil it are in the index, and only those are unique.
        include: attributes whose values are stored along, for reads that need no row.
        method: btree (default), hash, gin, gist, brin, ...
        opclass: how PostgreSQL compares (`"jsonb_path_ops"`), for all columns and expressions, or a mapping by attribute.
        nulls_not_distinct: two NULLs count as equal in a unique index (PostgreSQL 15).
        name: default: by `__naming__`, else `ix_<table>_<columns>` (`ux_` when unique).

    What only makes PostgreSQL faster is left out on SQLite: `include`, `opclass`, and an index of another method than btree and
    hash altogether. `nulls_not_distinct` means something, and is refused there when the table is created.

    Raises ModelError for an index over nothing.
    """

    __slots__ = ("columns", "descending", "sql", "unique", "where", "include", "method", "opclass", "nulls_not_distinct", "name")  # fmt: skip

    def __init__(
        self,
        *columns: str,
        sql: SQLText | Sequence[SQLText] = (),
        unique: bool = False,
        where: SQLText | None = None,
        include: str | Sequence[str] = (),
        method: str | None = None,
        opclass: str | Mapping[str, str] | None = None,
        nulls_not_distinct: bool = False,
        name: str | None = None,
    ) -> None:
        texts = (sql,) if isinstance(sql, (str, Mapping)) else tuple(sql)
        self.sql: tuple[str | Mapping[str, str], ...] = tuple(sql_text("Index", text) for text in texts)
        if columns or not self.sql:
            names_of(
                "Index", tuple(column.removeprefix("-") if isinstance(column, str) else column for column in columns)
            )
        self.columns: tuple[str, ...] = tuple(column.removeprefix("-") for column in columns)
        self.descending: frozenset[str] = frozenset(column[1:] for column in columns if column.startswith("-"))
        self.unique: bool = unique
        self.where: str | Mapping[str, str] | None = None if where is None else sql_text("Index where=", where)
        self.include: tuple[str] | tuple[str, ...] = (include,) if isinstance(include, str) else tuple(include)
        self.method: str | None = method
        self.opclass: str | Mapping[str, str] | None = opclass
        self.nulls_not_distinct: bool = nulls_not_distinct
        self.name: str | None = name
        if nulls_not_distinct and not unique:
            raise ModelError(f"{self!r}: nulls_not_distinct is about unique indexes. Add unique=True, or leave it out.")

    def opclass_of(self, column: str | None) -> str | None:
        """The operator class of a column; None stands for an expression."""
        return self.opclass.get(column or "") if isinstance(self.opclass, Mapping) else self.opclass
