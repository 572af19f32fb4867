"""What all statements have in common: something to run, and how its rows are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, Self

from ferrow.orm.generic import M, R

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.statements.elements import Element
    from ferrow.sql import Compiled, Dialect
    from ferrow.sql import Statement as Node


class Work:
    """A statement to be run, once or once per row of `rows`.

    What its rows become: instances of `model`; else tuples of `elements`, as they are (`typed`) or as dicts. `columns` are
    those its parameters belong to, in order, as far as they are values of columns. `reads` is whether relations that are loaded
    with their objects come along; `loading` says which, if not what the models say.
    """

    __slots__ = ("columns", "elements", "loading", "model", "reads", "rows", "statement", "typed")

    def __init__(
        self,
        statement: Node,
        *,
        model: type | None = None,
        elements: Sequence[Element] = (),
        typed: bool = False,
        rows: Sequence[tuple[Any, ...]] | None = None,
        columns: Sequence[Column] = (),
        reads: bool = False,
        loading: Loading | None = None,
    ) -> None:
        self.statement: Node = statement
        self.model: type | None = model
        self.elements: Sequence[Element] = elements
        self.typed: bool = typed
        self.rows: Sequence[tuple[Any, ...]] | None = rows
        self.columns: Sequence[Column] = columns
        self.reads: bool = reads
        self.loading: Loading | None = loading


class Executable:
    """A statement for `session.execute`. Immutable: every method returns another one."""

    __slots__ = ()

    def work(self) -> Work:
        """What is to be run. Raises ProgrammingError for a statement that says too little, or what cannot be."""
        raise NotImplementedError

    def compile(self, dialect: str | Dialect = "postgresql") -> Compiled:
        """The text and what is known about parameters and result; `dialect` is `postgresql` or `sqlite`.

        Raises:
            NotSupportedError: no such dialect, or one that has no way to say it.
            ProgrammingError: a statement that cannot be.
        """
        from ferrow.sql import compile
        from ferrow.sql.dialect import named

        return compile(self.work().statement, named(dialect) if isinstance(dialect, str) else dialect)

    def to_sql(self, dialect: str | Dialect = "postgresql") -> tuple[str, tuple[Any, ...]]:
        """The text and its parameters, as a driver takes them. Arguments and errors as for `compile`.

        Of an insert of several rows, which is sent once and run once per row, the parameters are those of the first.
        """
        work = self.work()
        return self.compile(dialect).sql, work.rows[0] if work.rows else work.statement.values

    def __repr__(self) -> str:
        """The SQL as PostgreSQL would get it: a statement belongs to no engine yet."""
        from ferrow.errors import Error

        try:
            shown = self.compile().sql
        except (Error, TypeError, ValueError) as error:
            shown = str(error)
        return f"<{type(self).__name__} {shown}>"

    def _repr_html_(self) -> str:
        """The SQL and its parameters, for notebooks."""
        from ferrow.errors import Error
        from ferrow.notebook import statement

        try:
            return statement(*self.to_sql())
        except (Error, TypeError, ValueError) as error:
            return statement(f"{type(self).__name__}: {error}", ())

    def _copy(self) -> Self:
        made = object.__new__(type(self))
        for cls in type(self).__mro__:
            for name in getattr(cls, "__slots__", ()):
                setattr(made, name, getattr(self, name))
        return made


class ModelStatement(Executable, Generic[M]):
    """One whose result is an `ExecuteResult[M]`: instances by `scalars()`, dicts by `all()`."""

    __slots__ = ()


class RowStatement(Executable, Generic[R]):
    """One whose result is a `RowResult[R]`: typed tuples."""

    __slots__ = ()
