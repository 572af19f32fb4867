"""`update(User).where(User.age < 18).values(role="junior")`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ferrow.errors import ProgrammingError
from ferrow.orm.changing import assignments
from ferrow.orm.generic import M
from ferrow.orm.statements.base import Conditional, Work, returned
from ferrow.sql import Update

if TYPE_CHECKING:
    from ferrow.sql import ColumnRef, Expr


class ModelUpdate(Conditional[M]):
    """New values for the rows that meet all conditions; without conditions, for every row."""

    __slots__ = ("_returning", "_values")

    def __init__(self, model: type[M]) -> None:
        super().__init__(model)
        self._values: tuple[tuple[ColumnRef[Any], Any], ...] = ()
        self._returning: tuple[str | Expr[Any], ...] | None = None

    def values(self, /, **values: Any) -> Self:
        """Set columns to values or expressions. Raises UnknownColumn, DataError."""
        made = self._copy()
        made._values += tuple(assignments(self._words.table, values))
        return made

    def returning(self, *columns: str | Expr[Any]) -> Self:
        """Give these columns of the changed rows back; without columns all of them, as instances."""
        made = self._copy()
        made._returning = columns
        return made

    def work(self) -> Work:
        """The statement. Raises ProgrammingError if nothing is set."""
        if not self._values:
            msg = f"update({self._words.table.label}) sets nothing: say values(...)"
            raise ProgrammingError(msg)
        back = returned(self, self._returning)
        return Work(
            Update(self._words.table.ref, self._values, self._criteria.condition(), back),
            instances=self._returning == (),
            returned=back,
        )


def update(model: type[M]) -> ModelUpdate[M]:
    """New values for rows of a model. Raises ModelError if it is not one."""
    return ModelUpdate(model)
