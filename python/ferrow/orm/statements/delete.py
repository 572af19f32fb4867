"""`delete(User).where(User.age < 18)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ferrow.orm.generic import M
from ferrow.orm.statements.base import Conditional, Work, returned
from ferrow.sql import Delete

if TYPE_CHECKING:
    from ferrow.sql import Expr


class ModelDelete(Conditional[M]):
    """Removes the rows that meet all conditions; without conditions, every row."""

    __slots__ = ("_returning",)

    def __init__(self, model: type[M]) -> None:
        super().__init__(model)
        self._returning: tuple[str | Expr[Any], ...] | None = None

    def returning(self, *columns: str | Expr[Any]) -> Self:
        """Give these columns of the removed rows back; without columns all of them, as instances."""
        made = self._copy()
        made._returning = columns
        return made

    def work(self) -> Work:
        """The statement."""
        back = returned(self, self._returning)
        return Work(
            Delete(self._words.table.ref, self._criteria.condition(), back),
            instances=self._returning == (),
            returned=back,
        )


def delete(model: type[M]) -> ModelDelete[M]:
    """Removes rows of a model. Raises ModelError if it is not one."""
    return ModelDelete(model)
