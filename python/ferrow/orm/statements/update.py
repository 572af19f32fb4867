"""`update(User).where(User.age < 18).values(role="junior")`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ferrow.errors import NoValues
from ferrow.orm.changing import assignments
from ferrow.orm.generic import M
from ferrow.orm.statements.base import Work
from ferrow.orm.statements.conditional import Conditional
from ferrow.orm.versions import counted
from ferrow.sql import Update

if TYPE_CHECKING:
    from ferrow.sql import ColumnRef


class ModelUpdate(Conditional[M]):
    """New values for the rows that meet all conditions; without conditions, for every row."""

    __slots__ = ("_values",)

    def __init__(self, model: type[M]) -> None:
        super().__init__(model)
        self._values: tuple[tuple[ColumnRef[Any], Any], ...] = ()

    def values(self, /, **values: Any) -> Self:
        """Set columns to values or expressions. Raises UnknownColumn, DataError."""
        made = self._copy()
        made._values += tuple(assignments(self._words.table, values))
        return made

    def work(self) -> Work:
        """The statement. Raises NoValues (a ValueError) if nothing is set."""
        if not self._values:
            msg = f"No values specified for UPDATE of {self._words.table.label}: say values(...)"
            raise NoValues(msg)
        pairs = counted(self._words.table, self._values)
        return self._work(lambda back: Update(self._words.table.ref, pairs, self._condition(), back, self._others()))


def update(model: type[M]) -> ModelUpdate[M]:
    """New values for rows of a model. Raises ModelError if it is not one."""
    return ModelUpdate(model)
