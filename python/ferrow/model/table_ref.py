"""The table of a model in SQL statements: it knows what the model says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.sql import TableRef

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

    def as_(self, alias: str) -> ModelTableRef:
        """Return the same table under an alias; its columns are `column.of(aliased_table)`."""
        return ModelTableRef(self.described, alias)
