"""`delete(User).where(User.age < 18)`."""

from __future__ import annotations

from ferrow.orm.generic import M
from ferrow.orm.statements.base import Work
from ferrow.orm.statements.conditional import Conditional
from ferrow.sql import Delete


class ModelDelete(Conditional[M]):
    """Removes the rows that meet all conditions; without conditions, every row."""

    __slots__ = ()

    def work(self) -> Work:
        """The statement."""
        return self._work(lambda back: Delete(self._words.table.ref, self._condition(), back, self._others()))


def delete(model: type[M]) -> ModelDelete[M]:
    """Removes rows of a model. Raises ModelError if it is not one."""
    return ModelDelete(model)
