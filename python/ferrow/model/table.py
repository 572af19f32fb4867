"""A table as its class describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ferrow.errors import ModelError, UnknownColumn, nearest

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.constraint import CheckConstraint, UniqueConstraint
    from ferrow.model.index import Index
    from ferrow.model.reference import ForeignKeyConstraint
    from ferrow.model.relation import Relation
    from ferrow.model.visible import Visible
    from ferrow.sql import TableRef


class Table:
    """Name, columns in declaration order (`columns`), and what holds between them.

    `by_key` finds a column by attribute name, `by_name` by its name in the database. `primary_key` is a tuple: empty for a
    model that can only be read, longer than one for a composite key. `computed` are the columns the database makes of others, `stamped` those that
    every UPDATE sets, `version` the one that counts changes, or None; `visible` says which rows are seen, None for all. `label` is the
    class's name, for messages.
    """

    __slots__ = (
        "_ref", "_references", "by_key", "by_name", "checks", "columns", "comment", "computed", "indexes", "label", "name", "naming", "primary_key",
        "relations", "schema", "stamped", "uniques", "version", "visible",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        schema: str | None = None,
        label: str | None = None,
        indexes: Sequence[Index] = (),
        uniques: Sequence[UniqueConstraint] = (),
        checks: Sequence[CheckConstraint] = (),
        references: Sequence[ForeignKeyConstraint] = (),
        relations: Sequence[Relation] = (),
        comment: str | None = None,
        naming: Mapping[str, str] | None = None,
        visible: Visible | None = None,
    ) -> None:
        self.name: str = name
        self.schema: str | None = schema
        self.label: str = label or name
        self.columns: tuple[Column, ...] = tuple(columns)
        self.by_key: dict[str, Column] = {column.key: column for column in self.columns}
        self.by_name: dict[str, Column] = {column.name: column for column in self.columns}
        if not len(self.by_key) == len(self.by_name) == len(self.columns):
            names = [column.name for column in self.columns]
            twice = next(name for name in names if names.count(name) > 1)
            raise ModelError(
                f"{self.label}: two columns are called {twice!r}. Give one another name: mapped_column(name=...)."
            )
        for column in self.columns:
            column.table = self
        self.stamped: tuple[Column, ...] = tuple(column for column in self.columns if column.on_update is not None)
        self.visible: Visible | None = visible
        self.computed: tuple[Column, ...] = tuple(column for column in self.columns if column.computed is not None)
        versions = [column for column in self.columns if column.version]
        if len(versions) > 1 or any(column.primary_key or column.read_only for column in versions):
            raise ModelError(
                f"{self.label}: one column at most can be version=True, and it takes a value and is no primary key. Found: "
                f"{', '.join(column.key for column in versions)}."
            )
        self.version: Column | None = versions[0] if versions else None
        self.primary_key: tuple[Column, ...] = tuple(column for column in self.columns if column.primary_key)
        self.relations: dict[str, Relation] = {relation.key: relation for relation in relations}
        self.indexes: tuple[Index, ...] = tuple(indexes)
        self.uniques: tuple[UniqueConstraint, ...] = tuple(uniques)
        self.checks: tuple[CheckConstraint, ...] = tuple(checks)
        self._references = tuple(references)
        self.comment: str | None = comment
        self.naming: Mapping[str, str] = naming or {}
        listed = [(*index.columns, *index.include) for index in self.indexes]
        listed += [unique.columns for unique in self.uniques] + [key.columns for key in self._references]
        for keys in listed:
            for key in keys:
                self.column(key)  # an unknown one is an error now, not in the database
        self._ref: TableRef | None = None

    @property
    def ref(self) -> TableRef:
        """The table in SQL statements."""
        if self._ref is None:
            from ferrow.model.table_ref import ModelTableRef

            self._ref = ModelTableRef(self)
        return self._ref

    @property
    def references(self) -> tuple[ForeignKeyConstraint, ...]:
        """All foreign keys: those of single columns, then those of several."""
        from ferrow.model.reference import ForeignKeyConstraint

        return (*(ForeignKeyConstraint.of(column) for column in self.foreign_keys), *self._references)

    @property
    def foreign_keys(self) -> tuple[Column, ...]:
        """The columns that refer to another table by themselves."""
        return tuple(column for column in self.columns if column.foreign_key is not None)

    def column(self, key: str) -> Column:
        """Find a column by attribute name. Raises UnknownColumn naming the nearest one."""
        found = self.by_key.get(key)
        if found is None:
            raise UnknownColumn(f"{self.label} has no column {key!r}. {nearest(key, self.by_key)}")
        return found

    def key_columns(self, purpose: str) -> tuple[Column, ...]:
        """The primary key, for an operation called `purpose` that cannot do without. Raises ModelError if there is none."""
        if not self.primary_key:
            raise ModelError(
                f"{purpose} needs a primary key to find the row of a {self.label}, and {self.label} has none. "
                "Declare one, for example id: Mapped[int] = mapped_column(primary_key=True)."
            )
        return self.primary_key

    def __repr__(self) -> str:
        name = self.name if self.schema is None else f"{self.schema}.{self.name}"
        return f"<Table {name} ({', '.join(column.name for column in self.columns)})>"
