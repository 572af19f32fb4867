"""Foreign keys of any number of columns, as a table has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError
from ferrow.model.constraint import names_of
from ferrow.model.foreign_key import Deferral, Referring, action, deferral

if TYPE_CHECKING:
    from ferrow.model.column import Column

_FORMS = 'write "table(a, b)", or a pair such as (Model, ("a", "b"))'


class ForeignKeyConstraint(Referring):
    """Several columns refer to as many of another table: `ForeignKeyConstraint(("hall", "row"), "seats(hall, row)")`.

    Args:
        columns: attributes of this class.
        target: "table(a, b)" or "schema.table(a, b)"; or a pair of a class and its attributes, `(Seat, ("hall", "row"))`; or a
            list `["table.a", "table.b"]`.
        ondelete, onupdate, deferrable, name: as for `ForeignKey`.

    Raises ModelError for a target that cannot be read or has another number of columns.
    """

    __slots__ = ("columns", "_target", "_columns", "ondelete", "onupdate", "deferrable", "name")

    def __init__(
        self,
        columns: str | tuple[str, ...] | list[str],
        target: str | tuple[Any, Any] | list[str],
        ondelete: str | None = None,
        onupdate: str | None = None,
        *,
        deferrable: Deferral | None = None,
        name: str | None = None,
    ) -> None:
        self.columns: tuple[str, ...] = names_of(
            "ForeignKeyConstraint", (columns,) if isinstance(columns, str) else tuple(columns)
        )
        self._target, self._columns = _read(target)
        if len(self.columns) != len(self._columns):
            raise ModelError(
                f"ForeignKeyConstraint({self.columns!r}, {target!r}): {len(self.columns)} columns cannot refer to {len(self._columns)}."
            )
        self.ondelete: str | None = action("ondelete", ondelete)
        self.onupdate: str | None = action("onupdate", onupdate)
        self.deferrable: str | None = deferral(deferrable)
        self.name: str | None = name

    @classmethod
    def of(cls, column: Column) -> ForeignKeyConstraint:
        """The foreign key of a single column, in the same form."""
        key = column.foreign_key
        assert key is not None
        made = object.__new__(cls)
        made.columns = (column.key,)
        made._target, made._columns = key._target, (key._column,)
        made.ondelete, made.onupdate, made.deferrable, made.name = key.ondelete, key.onupdate, key.deferrable, key.name
        return made

    @property
    def target_columns(self) -> tuple[str, ...]:
        """SQL names of the columns referred to, in the order of `columns`."""
        return tuple(self.named(column) for column in self._columns)


def _read(target: Any) -> tuple[Any, tuple[str, ...]]:
    """The table and its columns."""
    if isinstance(target, str):
        head, bracket, rest = target.partition("(")
        place = tuple(part.strip() for part in head.split("."))
        columns = tuple(part.strip() for part in rest.rstrip().removesuffix(")").split(","))
        if bracket and rest.rstrip().endswith(")") and all(place) and len(place) <= 2 and all(columns):
            return place, columns
    elif isinstance(target, (tuple, list)) and all(isinstance(part, str) and "." in part for part in target) and target:
        split = [part.rpartition(".") for part in target]
        places = {place for place, _, _ in split}
        if len(places) == 1 and all(column for _, _, column in split):
            return _read(f"{places.pop()}({', '.join(column for _, _, column in split)})")
    elif isinstance(target, (tuple, list)) and len(target) == 2:
        columns = (target[1],) if isinstance(target[1], str) else tuple(target[1])
        place = tuple(target[0].split(".")) if isinstance(target[0], str) else target[0]
        return place, names_of("ForeignKeyConstraint", columns)
    raise ModelError(f"ForeignKeyConstraint(..., {target!r}) cannot be read: {_FORMS}.")
