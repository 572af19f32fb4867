"""`select(User).where(User.age >= 18)`, `select(User.name, func.count(Post.id)).join(Post).group_by(User.name)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, overload

from ferrow.errors import ProgrammingError
from ferrow.orm.generic import T1, T2, T3, T4, T5, T6, T7, T8, M, R
from ferrow.orm.statements.combined import ModelSets, RowSets
from ferrow.orm.statements.elements import Element
from ferrow.orm.statements.selecting import Selecting

if TYPE_CHECKING:
    from ferrow.orm.loading.option import LoadOption
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.statements.base import Work
    from ferrow.orm.statements.elements import Outer
    from ferrow.orm.statements.elements import Selectable as S
    from ferrow.sql import Expr


class ModelSelect(Selecting, ModelSets[M]):
    """Rows of one model, as instances (`scalars()` of the result) or dicts."""

    __slots__ = ("_loading",)

    def __init__(self, elements: Sequence[Element]) -> None:
        super().__init__(elements)
        self._loading: Loading | None = None

    def options(self, *options: LoadOption) -> Self:
        """Load relations together with the instances: `options(selectinload("posts"))`. Raises as `Query.options`."""
        from ferrow.orm.loading.tree import loading_of

        model = getattr(self._model, "__ferrow_model__", self._model)  # what an alias stands for
        made = self._copy()
        made._loading = (self._loading or loading_of(model)).more(options)
        return made

    def work(self) -> Work:
        """All columns of these rows."""
        work = super().work()
        work.loading = self._loading
        return work

    @property
    def _model(self) -> type:
        entity = self._elements[0].entity
        assert entity is not None
        return entity.model


class RowSelect(Selecting, RowSets[R]):
    """Rows of columns, expressions and models, as typed tuples."""

    __slots__ = ()

    def scalar(self: RowSelect[tuple[T1]]) -> Expr[T1 | None]:
        """The query as a value, that of its one column in its one row; NULL if there is none.

        A second row is an error on PostgreSQL, where SQLite takes the first: say `limit(1)`, or aggregate.
        """
        return self.query().scalar()


# fmt: off
@overload
def select(model: type[M], /) -> ModelSelect[M]: ...
@overload
def select(a: Expr[T1] | Outer[T1], /) -> RowSelect[tuple[T1]]: ...
@overload
def select(a: S[T1], b: S[T2], /) -> RowSelect[tuple[T1, T2]]: ...
@overload
def select(a: S[T1], b: S[T2], c: S[T3], /) -> RowSelect[tuple[T1, T2, T3]]: ...
@overload
def select(a: S[T1], b: S[T2], c: S[T3], d: S[T4], /) -> RowSelect[tuple[T1, T2, T3, T4]]: ...
@overload
def select(a: S[T1], b: S[T2], c: S[T3], d: S[T4], e: S[T5], /) -> RowSelect[tuple[T1, T2, T3, T4, T5]]: ...
@overload
def select(a: S[T1], b: S[T2], c: S[T3], d: S[T4], e: S[T5], f: S[T6], /) -> RowSelect[tuple[T1, T2, T3, T4, T5, T6]]: ...
@overload
def select(a: S[T1], b: S[T2], c: S[T3], d: S[T4], e: S[T5], f: S[T6], g: S[T7], /) -> RowSelect[tuple[T1, T2, T3, T4, T5, T6, T7]]: ...
@overload
def select(a: S[T1], b: S[T2], c: S[T3], d: S[T4], e: S[T5], f: S[T6], g: S[T7], h: S[T8], /) -> RowSelect[tuple[T1, T2, T3, T4, T5, T6, T7, T8]]: ...
@overload
def select(a: S[Any], b: S[Any], c: S[Any], d: S[Any], e: S[Any], f: S[Any], g: S[Any], h: S[Any], /, *more: S[Any]) -> RowSelect[tuple[Any, ...]]: ...
# fmt: on
def select(*what: Any) -> Any:
    """A query of one model, whose rows become instances, or of anything else, whose rows become tuples.

        select(User).where(User.age >= 18)
        select(User.name, func.count().label("n")).join(Post).group_by(User.name)
        select(Post, optional(User.name)).left_join(User)

    Args:
        what: a model; or models, columns and expressions. What an outer join may have nothing for goes into `optional(...)`.

    Raises:
        ProgrammingError: nothing, or something else, is selected.
        ModelError: a class that is no model.
    """
    if not what:
        msg = "select() needs something to select: a model, columns, expressions"
        raise ProgrammingError(msg)
    elements = [Element(one) for one in what]
    if len(elements) == 1 and elements[0].entity is not None and not elements[0].optional:
        return ModelSelect(elements)
    return RowSelect(elements)
