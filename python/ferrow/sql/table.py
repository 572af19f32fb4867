"""Tables as a query sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ferrow.identifier import check_identifier
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import Leaf, interned
from ferrow.sql.source import Source, SourceKey
from ferrow.sql.writer import Writer

if TYPE_CHECKING:
    from ferrow.sql.cte import CTE


class RowKey(Leaf):
    """The primary key of a table: where nothing is returned, new rows are found again by it. `numbered`: what of it the database numbers.

    It is no part of the table's own shape: models that tell different keys of one table name may have their columns mixed.
    """

    __slots__ = ("names", "numbered")

    def __init__(self, names: tuple[str, ...], numbered: str | None) -> None:
        self.names: tuple[str, ...] = names
        self.numbered: str | None = numbered


class TableKey(SourceKey):
    """The shape of a table."""

    __slots__ = ("alias", "name", "schema")

    def __init__(self, name: str, schema: str | None, alias: str | None) -> None:
        self.name: str = name
        self.schema: str | None = schema
        self.alias: str | None = alias

    def write(self, out: Writer) -> str:
        """Return the table as FROM wants it: `schema.name AS alias`."""
        text = self._path(out)
        return text if self.alias is None else f"{text} AS {out.name(self.alias)}"

    def prefix(self, out: Writer) -> str:
        """Return what stands before the dot of a column: the alias or the name."""
        return self._path(out) if self.alias is None else out.name(self.alias)

    def _path(self, out: Writer) -> str:
        return out.name(self.name) if self.schema is None else f"{out.name(self.schema)}.{out.name(self.name)}"


class TableRef(Source):
    """A table (or view) by name, possibly in a schema, possibly under an alias.

    Two references with the same three names have the same shape.
    """

    __slots__ = ("alias", "name", "schema")

    name: str
    schema: str | None
    alias: str | None
    shape: TableKey  # pyright: ignore[reportIncompatibleVariableOverride]  # never set again
    ctes: ClassVar[tuple[CTE, ...]] = ()  # type: ignore[misc]  # a table needs none

    def __init__(self, name: str, schema: str | None = None, alias: str | None = None) -> None:
        """Refer to a table.

        Raises:
            ProgrammingError: a name that no database accepts.
        """
        check_identifier(name, "table")
        if schema is not None:
            check_identifier(schema, "schema")
        if alias is not None:
            check_identifier(alias, "table alias")
        put = object.__setattr__
        put(self, "name", name)
        put(self, "schema", schema)
        put(self, "alias", alias)
        set_shape(self, interned(TableKey, name, schema, alias))
        set_values(self, ())

    @property
    def row_key(self) -> RowKey | None:
        """What is known of its primary key."""
        return None

    @property
    def key(self) -> TableKey:
        """What its columns hold on to: the shape itself."""
        return self.shape

    def as_(self, alias: str) -> TableRef:
        """Return the same table under an alias; its columns are `column.of(aliased_table)`."""
        return TableRef(self.name, self.schema, alias)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, TableRef) and self.shape is other.shape

    def __hash__(self) -> int:
        return hash(self.shape)
