"""What the four kinds of statements have in common: a model, and something to run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, Self

from ferrow.orm.criteria import ALL, Criteria, Filter
from ferrow.orm.generic import M
from ferrow.orm.words import words_of

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.sql import Expr, Statement


class Work:
    """A statement to be run, once or once per row of `rows`.

    `instances` is whether it returns all columns of the model, in order; else `returned` are its result columns. `columns` are
    those its parameters belong to, in order, as far as they are values of columns.
    """

    __slots__ = ("columns", "instances", "returned", "rows", "statement")

    def __init__(
        self,
        statement: Statement,
        *,
        rows: Sequence[tuple[Any, ...]] | None = None,
        instances: bool = False,
        returned: Sequence[Expr[Any]] = (),
        columns: Sequence[Column] = (),
    ) -> None:
        self.statement = statement
        self.rows = rows
        self.instances = instances
        self.returned = returned
        self.columns = columns


class ModelStatement(Generic[M]):
    """A statement over one model, immutable: every method returns another one."""

    __slots__ = ("_words", "model")

    def __init__(self, model: type[M]) -> None:
        """Raises ModelError if it is not a model."""
        self.model = model
        self._words = words_of(model)

    def work(self) -> Work:
        """What is to be run."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """The SQL as PostgreSQL would get it: a statement belongs to no engine yet."""
        from ferrow.errors import Error
        from ferrow.sql import compile, dialect

        try:
            shown = compile(self.work().statement, dialect.POSTGRESQL).sql
        except Error as error:
            shown = f"{self.model.__name__}: {error}"
        return f"<{type(self).__name__} {shown}>"

    def _copy(self) -> Self:
        made = object.__new__(type(self))
        for cls in type(self).__mro__:
            for name in getattr(cls, "__slots__", ()):
                setattr(made, name, getattr(self, name))
        return made


class Conditional(ModelStatement[M]):
    """One with WHERE."""

    __slots__ = ("_criteria",)

    def __init__(self, model: type[M]) -> None:
        super().__init__(model)
        self._criteria = ALL

    def _with(self, criteria: Criteria) -> Self:
        made = self._copy()
        made._criteria = criteria
        return made

    def where(self, *conditions: Filter) -> Self:
        """Keep the rows that meet all conditions (`User.age >= 18`, `Q(...)`), these and those given before."""
        return self._with(self._criteria.filtered(self._words, conditions, {}))

    def filter_by(self, /, **values: Any) -> Self:
        """Keep the rows that have these values. Raises UnknownColumn, DataError."""
        for key in values:
            self._words.attribute(key)
        return self._with(self._criteria.filtered(self._words, (), values))


def returned(statement: ModelStatement[Any], chosen: tuple[str | Expr[Any], ...] | None) -> list[Expr[Any]]:
    """The result columns of a writing statement: none for None, all for an empty tuple."""
    if chosen is None:
        return []
    return [statement._words.expression(one) for one in chosen] or [c.ref for c in statement._words.table.columns]
