"""The foreign keys of a table, of one column or several, and which table they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors import ModelError, nearest

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table


class Reference:
    """A foreign key: `columns` of `table` hold what the columns called `names` of another table have."""

    __slots__ = ("columns", "names", "schema", "table", "target")

    def __init__(
        self, table: Table, columns: tuple[Column, ...], schema: str | None, target: str, names: tuple[str, ...]
    ) -> None:
        self.table: Table = table
        self.columns: tuple[Column, ...] = columns
        self.schema: str | None = schema
        self.target: str = target
        self.names: tuple[str, ...] = names

    def pairs(self, target: Table) -> tuple[tuple[Column, Column], ...]:
        """Each column with the one it refers to. Raises ModelError if the target has no such column."""
        found = []
        for column, name in zip(self.columns, self.names, strict=True):
            other = target.by_name.get(name)
            if other is None:
                raise ModelError(
                    f"{self.table.label}.{column.key} refers to {target.name}.{name}, and {target.label} has no such column. "
                    f"{nearest(name, target.by_name)}"
                )
            found.append((column, other))
        return tuple(found)

    @property
    def key(self) -> str:
        """The attribute of its first column, which names it in messages."""
        return self.columns[0].key

    @property
    def shown(self) -> str:
        """Its columns as attributes: `author_id`, or `(hall, row)`."""
        keys = [column.key for column in self.columns]
        return keys[0] if len(keys) == 1 else f"({', '.join(keys)})"


def references(table: Table, target: Table) -> tuple[Reference, ...]:
    """The foreign keys of `table` that refer to `target`, in the order they are declared."""
    return tuple([one for one in all_references(table) if (one.schema, one.target) == (target.schema, target.name)])


def all_references(table: Table) -> list[Reference]:
    """Every foreign key. Text without a schema means the schema of the table it stands in."""
    found: list[Reference] = []
    for key in table.references:
        schema = key.schema if key.schema is not None or key.model is not None else table.schema
        columns = tuple([table.column(one) for one in key.columns])
        found.append(Reference(table, columns, schema, key.table, key.target_columns))
    return found
