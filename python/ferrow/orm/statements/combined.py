"""`select(A.x).union(select(B.x))`: rows of several selects as those of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ferrow.errors import UnknownColumn, nearest
from ferrow.orm.generic import M, R
from ferrow.orm.statements.base import ModelStatement, RowStatement, Work
from ferrow.orm.statements.queried import Queried, ordering

if TYPE_CHECKING:
    from ferrow.orm.statements.elements import Element
    from ferrow.sql import Compound, Expr, Ordering


class Combined(Queried):
    """Several selects, read like the first of them."""

    __slots__ = ("_elements", "_query")

    def __init__(self, elements: tuple[Element, ...], query: Compound) -> None:
        self._elements = elements
        self._query = query

    def query(self) -> Compound:
        """The statement of `ferrow.sql`."""
        return self._query

    def order_by(self, *terms: str | Expr[Any] | Ordering, desc: bool = False) -> Self:
        """Sort by columns of the result, by name (`"-age"` is the largest first) or as they were selected."""
        return self._with(self._query.order_by(*[ordering(term, self._named, desc=desc) for term in terms]))

    def limit(self, rows: int | None) -> Self:
        """At most so many rows; None for all. Raises TypeError or ValueError for anything but a number from 0 on."""
        return self._with(self._query.limit(rows))

    def offset(self, rows: int | None) -> Self:
        """Skip the first so many rows. Raises TypeError or ValueError for anything but a number from 0 on."""
        return self._with(self._query.offset(rows))

    def _with(self, query: Compound) -> Self:
        made = self._copy()
        made._query = query
        return made

    def _named(self, name: str) -> Expr[Any]:
        known = {getattr(one, "key", getattr(one, "name", None)): one for one in self._query.columns}
        if name not in known:
            names = [each for each in known if each is not None]
            msg = f"the combined rows have no column {name!r}. {nearest(name, names)}"
            raise UnknownColumn(msg)
        return known[name]


class RowSets(Queried, RowStatement[R]):
    """Typed rows that can be combined with others of the same types."""

    __slots__ = ()

    def work(self) -> Work:
        """The statement."""
        return Work(self.query(), elements=self._elements, typed=True, reads=True)

    def union(self, *others: RowSets[R]) -> RowCombined[R]:
        """The rows of all, each once. Raises ProgrammingError if they differ in number or kinds of columns."""
        return self._combined("union", others)

    def union_all(self, *others: RowSets[R]) -> RowCombined[R]:
        """The rows of all, also those that are equal. Raises as `union`."""
        return self._combined("union_all", others)

    def intersect(self, *others: RowSets[R]) -> RowCombined[R]:
        """The rows that all have, each once. Raises as `union`."""
        return self._combined("intersect", others)

    def except_(self, *others: RowSets[R]) -> RowCombined[R]:
        """The rows that none of the others has, each once. Raises as `union`."""
        return self._combined("except_", others)

    def _combined(self, how: str, others: tuple[Queried, ...]) -> RowCombined[R]:
        return RowCombined(self._elements, getattr(self.query(), how)(*[one.query() for one in others]))


class ModelSets(Queried, ModelStatement[M]):
    """Instances that can be combined with others of the same model."""

    __slots__ = ()

    def work(self) -> Work:
        """All columns of these rows."""
        entity = self._elements[0].entity
        assert entity is not None
        return Work(self.query(), model=entity.model, reads=True)

    def union(self, *others: ModelSets[M]) -> ModelCombined[M]:
        """The rows of all, each once. Raises ProgrammingError if they differ in number or kinds of columns."""
        return self._combined("union", others)

    def union_all(self, *others: ModelSets[M]) -> ModelCombined[M]:
        """The rows of all, also those that are equal. Raises as `union`."""
        return self._combined("union_all", others)

    def intersect(self, *others: ModelSets[M]) -> ModelCombined[M]:
        """The rows that all have, each once. Raises as `union`."""
        return self._combined("intersect", others)

    def except_(self, *others: ModelSets[M]) -> ModelCombined[M]:
        """The rows that none of the others has, each once. Raises as `union`."""
        return self._combined("except_", others)

    def _combined(self, how: str, others: tuple[Queried, ...]) -> ModelCombined[M]:
        return ModelCombined(self._elements, getattr(self.query(), how)(*[one.query() for one in others]))


class RowCombined(Combined, RowSets[R]):
    """Typed rows of several selects."""

    __slots__ = ()


class ModelCombined(Combined, ModelSets[M]):
    """Instances of several selects."""

    __slots__ = ()
