"""WHERE of UPDATE and DELETE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ferrow.orm.generic import M
from ferrow.orm.statements import filtering
from ferrow.orm.statements.returning import Writing
from ferrow.sql import and_

if TYPE_CHECKING:
    from ferrow.orm.criteria import Filter
    from ferrow.sql import Condition
    from ferrow.sql.logic import Truth


class Conditional(Writing[M]):
    """A writing statement with conditions."""

    __slots__ = ("_where",)

    def __init__(self, model: type[M]) -> None:
        super().__init__(model)
        self._where: tuple[Truth, ...] = ()

    def where(self, *conditions: Filter) -> Self:
        """Change only the rows that meet all conditions (`User.age >= 18`, `Q(...)`), these and those given before.

        Raises:
            TypeError: not a condition.
        """
        made = self._copy()
        made._where += filtering.conditions(self._words, conditions)
        return made

    def filter_by(self, /, **values: Any) -> Self:
        """Change only the rows that have these values. Raises UnknownColumn, DataError."""
        made = self._copy()
        made._where += filtering.equalities(self._words, values)
        return made

    def _condition(self) -> Condition | None:
        return and_(*self._where) if self._where else None
