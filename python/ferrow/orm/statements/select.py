"""`select(User).where(User.age >= 18)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ferrow.orm.generic import M
from ferrow.orm.statements.base import Conditional, Work

if TYPE_CHECKING:
    from ferrow.sql import Expr, Ordering


class ModelSelect(Conditional[M]):
    """Rows of a model, as instances (`scalars()` of the result) or dicts."""

    __slots__ = ()

    def order_by(self, *terms: str | Expr[Any] | Ordering, desc: bool = False) -> Self:
        """Sort: names (`"-age"` is the largest first) or expressions. Raises UnknownColumn."""
        return self._with(self._criteria.ordered(self._words, terms, desc=desc))

    def limit(self, rows: int | None) -> Self:
        """At most so many rows; None for all."""
        return self._with(self._criteria.limited(rows))

    def offset(self, rows: int | None) -> Self:
        """Skip the first so many rows."""
        return self._with(self._criteria.skipping(rows))

    def distinct(self) -> Self:
        """Drop repeated rows."""
        return self._with(self._criteria.different())

    def work(self) -> Work:
        """All columns of these rows."""
        columns = [column.ref for column in self._words.table.columns]
        return Work(self._criteria.select(self._words, columns), instances=True)


def select(model: type[M]) -> ModelSelect[M]:
    """Rows of a model. Raises ModelError if it is not one."""
    return ModelSelect(model)
