"""WHERE of UPDATE and DELETE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ferrow.orm.generic import M
from ferrow.orm.statements import filtering
from ferrow.orm.statements.elements import entity_of
from ferrow.orm.statements.joining import Joined, Side
from ferrow.orm.statements.related import joins
from ferrow.orm.statements.returning import Writing
from ferrow.sql import and_

if TYPE_CHECKING:
    from ferrow.orm.criteria import Filter
    from ferrow.orm.statements.joining import Target
    from ferrow.sql import ColumnRef, Condition, Source
    from ferrow.sql.logic import Truth


class Conditional(Writing[M]):
    """A writing statement with conditions."""

    __slots__ = ("_joins", "_where")

    def __init__(self, model: type[M]) -> None:
        super().__init__(model)
        self._where: tuple[Truth, ...] = ()
        self._joins: tuple[Joined, ...] = ()

    def join(self, target: Target, on: Truth | ColumnRef[Any] | None = None) -> Self:
        """Let conditions and values speak of another model, whose rows belong to those of this one on a condition.

            update(Post).join(User).where(User.name == "Ada").values(title=Post.title + " by Ada")

        Args:
            target: the model, an alias of one, a subquery, or a relation (`Post.author`).
            on: the condition, or a relation to the model; None for the one foreign key between the two.

        A row that several rows belong to is changed once; which of them it then gets values from is open.

        Raises:
            ProgrammingError: no foreign key, or several; a model that is there already.
        """
        sides = [Side.of(entity_of(self.model)), *[join.side for join in self._joins]]
        made = self._copy()
        made._joins += joins(sides, target, on, "")
        return made

    def where(self, *conditions: Filter) -> Self:
        """Change only the rows that meet all conditions (`User.age >= 18`, `Q(...)`), these and those given before.

        Raises:
            TypeError: not a condition.
        """
        made = self._copy()
        made._where += filtering.conditions(lambda: self._words, conditions)
        return made

    def filter_by(self, /, **values: Any) -> Self:
        """Change only the rows that have these values. Raises UnknownColumn, DataError."""
        made = self._copy()
        made._where += filtering.equalities(lambda: self._words, values)
        return made

    def _condition(self) -> Condition | None:
        terms = [*[join.on for join in self._joins if join.on is not None], *self._where]
        return and_(*terms) if terms else None

    def _others(self) -> list[Source]:
        return [join.side.source for join in self._joins]
