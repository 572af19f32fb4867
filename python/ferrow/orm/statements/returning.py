"""RETURNING, as the three writing statements take it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, overload

from ferrow.errors import ProgrammingError
from ferrow.orm.generic import T1, T2, T3, T4, T5, T6, T7, T8, M, R
from ferrow.orm.statements.base import ModelStatement, RowStatement, Work
from ferrow.orm.statements.elements import Element
from ferrow.orm.words import words_of
from ferrow.sql import Insert
from ferrow.sql.cte import changing

if TYPE_CHECKING:
    from ferrow.orm.words import Words
    from ferrow.sql import CTE, Expr


class Writing(ModelStatement[M]):
    """A statement that changes rows of one model, and may give them back."""

    __slots__ = ("_returning", "_words", "model")

    def __init__(self, model: type[M]) -> None:
        """Raises ModelError if it is not a model."""
        self.model: type[M] = model
        self._words: Words = words_of(model)
        self._returning: tuple[Any, ...] | None = None

    # fmt: off
    @overload
    def returning(self) -> Writing[M]: ...
    @overload
    def returning(self, *columns: str) -> Writing[Any]: ...
    @overload
    def returning(self, a: Expr[T1], /) -> Returned[tuple[T1]]: ...
    @overload
    def returning(self, a: Expr[T1], b: Expr[T2], /) -> Returned[tuple[T1, T2]]: ...
    @overload
    def returning(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], /) -> Returned[tuple[T1, T2, T3]]: ...
    @overload
    def returning(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], /) -> Returned[tuple[T1, T2, T3, T4]]: ...
    @overload
    def returning(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], /) -> Returned[tuple[T1, T2, T3, T4, T5]]: ...
    @overload
    def returning(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], f: Expr[T6], /) -> Returned[tuple[T1, T2, T3, T4, T5, T6]]: ...
    @overload
    def returning(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], f: Expr[T6], g: Expr[T7], /) -> Returned[tuple[T1, T2, T3, T4, T5, T6, T7]]: ...
    @overload
    def returning(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], f: Expr[T6], g: Expr[T7], h: Expr[T8], /) -> Returned[tuple[T1, T2, T3, T4, T5, T6, T7, T8]]: ...
    @overload
    def returning(self, a: Expr[Any], b: Expr[Any], c: Expr[Any], d: Expr[Any], e: Expr[Any], f: Expr[Any], g: Expr[Any], h: Expr[Any], /, *more: Expr[Any]) -> Returned[tuple[Any, ...]]: ...
    # fmt: on
    def returning(self, *columns: Any) -> Any:
        """Give the rows that were written back. It comes last.

        Without columns all of them, as instances; columns by name give dicts; expressions give typed tuples.

            session.execute(insert(User).values(name="Ada").returning(User.id)).one()       # (1,)

        Raises:
            UnknownColumn: the model has no such column.
        """
        made = self._copy()
        made._returning = tuple([self._words.expression(one) for one in columns])
        return Returned(made) if columns and not any(isinstance(one, str) for one in columns) else made

    def cte(self, name: str) -> CTE:
        """The rows that `returning(...)` gives back under a name (WITH), to select from and to join (PostgreSQL).

            gone = delete(Draft).where(Draft.old).returning(Draft.id, Draft.title).cte("gone")
            session.execute(insert(Archive).from_select(["id", "title"], select(gone.c.id, gone.c.title)))

        The whole statement, whichever it is, sees the tables as they were before it.

        Raises:
            ProgrammingError: no `returning`, or what it gives has no name; several rows of an insert, which are several statements.
        """
        work = self.work()
        statement = work.statement
        if work.rows is not None:
            if len(work.rows) != 1:
                msg = f"cte({name!r}) of an insert of {len(work.rows)} rows, which are that many statements: insert one, or from_select(...)"
                raise ProgrammingError(msg)
            if not statement.values or len(statement.values) != len(work.rows[0]):
                assert isinstance(statement, Insert)
                statement = statement.row(work.rows[0][: len(work.rows[0]) - len(statement.tail)])
        return changing(statement, [column for one in self._elements() for column in one.columns], name)

    def _elements(self) -> list[Element]:
        """What is given back: nothing, all columns of the model, or those that were chosen."""
        if self._returning is None:
            return []
        return [Element(one) for one in self._returning or [column.ref for column in self._words.table.columns]]

    def _work(self, statement: Callable[[Sequence[Expr[Any]]], Any], **more: Any) -> Work:
        """The work of `statement(returned columns)`."""
        elements = self._elements()
        model = self.model if self._returning == () else None
        returned = [column for one in elements for column in one.columns]
        return Work(statement(returned), model=model, elements=() if model else elements, **more)


class Returned(RowStatement[R]):
    """A writing statement whose rows come back as typed tuples."""

    __slots__ = ("_statement",)

    def __init__(self, statement: Writing[Any]) -> None:
        self._statement = statement

    def work(self) -> Work:
        """The work of the statement itself, read otherwise."""
        work = self._statement.work()
        work.typed = True
        return work

    def cte(self, name: str) -> CTE:
        """The rows under a name (WITH), to select from and to join (PostgreSQL). Raises as the statement's own `cte`."""
        return self._statement.cte(name)

    if not TYPE_CHECKING:  # checkers take a class with __getattr__ for one that has every name

        def __getattr__(self, name: str) -> Any:
            if not name.startswith("_") and hasattr(self._statement, name):
                raise AttributeError(f"returning() comes last: say {name}(...) before it", name=name)
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}", name=name)
