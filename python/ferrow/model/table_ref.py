"""The table of a model in SQL statements: it knows what the model says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.sql import TableRef
from ferrow.sql.shape import interned
from ferrow.sql.table import RowKey

if TYPE_CHECKING:
    from ferrow.model.table import Table


class ModelTableRef(TableRef):
    """A reference to a model's table, possibly under an alias."""

    __slots__ = ("described",)

    described: Table

    def __init__(self, described: Table, alias: str | None = None) -> None:
        """Refer to a table by its model's description. Raises ProgrammingError for a name that no database accepts."""
        object.__setattr__(self, "described", described)
        super().__init__(described.name, described.schema, alias)

    @property
    def row_key(self) -> RowKey:
        """The primary key, as the model tells it."""
        table = self.described
        numbered = [column for column in table.primary_key if column.autoincrement]
        if not numbered and len(table.primary_key) == 1:
            # A table that the program has made may number them all the same.
            numbered = [one for one in table.primary_key if one.type.kind == "int" and one.server_default is None]
        return interned(
            RowKey, tuple([column.name for column in table.primary_key]), numbered[0].name if numbered else None
        )

    def as_(self, alias: str) -> ModelTableRef:
        """Return the same table under an alias; its columns are `column.of(aliased_table)`."""
        return ModelTableRef(self.described, alias)
