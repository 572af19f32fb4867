"""What sessions know about one model on one database: its statements, each built and compiled once."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Generic

from ferrow._core import Shape
from ferrow.model import shape_of, writer
from ferrow.model.binding import binding
from ferrow.orm.generic import M
from ferrow.orm.sites import lines_of
from ferrow.orm.words import words_of
from ferrow.sql import compile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ferrow._core import Kinds, Watch
    from ferrow.model.table import Table
    from ferrow.model.writing import Writer
    from ferrow.orm.getting import Getter
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.relations.tie import Tie
    from ferrow.orm.rereading import Again
    from ferrow.orm.sites import Lines
    from ferrow.orm.unit.back_populate import InverseRelation
    from ferrow.orm.words import Words
    from ferrow.sql import Dialect, Expr, Statement
    from ferrow.sql.compiler import Compiled

CACHE_SIZE = 500
"""Statements kept per model and dialect; a program that goes beyond makes up queries as it goes, and the oldest are dropped."""


class Prepared:
    """A statement ready to be run: `engine.run(sql, values, shape, kinds)`."""

    __slots__ = ("_compiled", "again", "kinds", "shape", "sql")

    def __init__(self, compiled: Compiled, shape: Shape) -> None:
        self._compiled: Compiled = compiled  # which errors are told from, as long as anybody has it
        self.again: Again | None = None
        """How what it returns is read afterwards, where it cannot return anything; see `rereading`."""
        self.sql: str = compiled.sql
        self.shape: Shape = shape
        self.kinds: Kinds = compiled.kinds


class Plan(Generic[M]):
    """One model on one dialect.

    `statements` holds what was prepared before, by a key that names the operation and all its text depends on.
    """

    __slots__ = (
        "_loading", "dialect", "getter", "inverses", "lines", "model", "refs", "shape", "statements", "table", "ties", "usual",
        "watch", "words", "writer",
    )  # fmt: skip

    def __init__(self, model: type[M], dialect: Dialect) -> None:
        self.model: type[M] = model
        self.dialect: Dialect = dialect
        self.words: Words = words_of(model)
        self.table: Table = self.words.table
        self.usual: bool = binding(model).usual
        """Whether sessions call the table as it is called: then there is nothing to ask a model for its name."""
        self.refs: tuple[Expr[Any], ...] = tuple(column.ref for column in self.table.columns)
        self.shape: Shape = shape_of(model)
        self.writer: Writer = writer(model)
        self.lines: Lines | None = lines_of(model) if self.table.relations else None
        """Where instances are read that have relations: whoever touches one that was not loaded wants to know."""
        self.statements: dict[Any, Prepared] = {}
        self.getter: Getter | None = None
        """What `get` needs, once it was used."""
        self._loading: Loading | None = None
        self.ties: tuple[Tie, ...] | None = None
        """The relations, as they are written; `ferrow.orm.relations.tie` fills it."""
        self.inverses: dict[Plan[Any], Sequence[InverseRelation]] = {}
        """The relations of other models that rest on the foreign keys of this one; `ferrow.orm.unit.back_populate` fills it."""
        self.watch: Watch | None = None
        """What compares instances with their rows; `ferrow.orm.unit.group` fills it."""

    @property
    def loading(self) -> Loading:
        """What every query loads. Raises ModelError for a relation whose columns cannot be told, or with a misspelt junction table."""
        found = self._loading
        if found is None:
            from ferrow.orm.loading.tree import loading_of

            if self.table.relations:
                from ferrow.model.secondary import check_all

                check_all([self.table])
            found = self._loading = loading_of(self.model)
        return found

    def prepare(
        self, key: Any, statement: Statement, shape: Shape | Callable[[Kinds], Shape] | None = None
    ) -> Prepared:
        """Compile a statement and keep it under `key`; rows become tuples unless a shape is given, or made of the columns' kinds.

        Raises:
            ProgrammingError: it uses a column of another table.
        """
        compiled = compile(statement, self.dialect)
        if shape is None:
            # A version is Ferrow's own number, whatever codec reads numbers for the program.
            version = self.table.version
            own = [at for at, name in enumerate(compiled.names) if version is not None and name == version.key]
            shape = Shape.tuples(compiled.result_kinds, plain=own or None)
        made = Prepared(compiled, shape if isinstance(shape, Shape) else shape(compiled.result_kinds))
        if len(self.statements) >= CACHE_SIZE:  # replaced, not emptied: other threads may be reading it
            self.statements = dict(islice(self.statements.copy().items(), CACHE_SIZE // 2, None))
        self.statements[key] = made
        return made


def plan_of(model: type[M], dialect: Dialect) -> Plan[M]:
    """The plan for a model class, kept on the class. Raises ModelError if it is not a model."""
    try:
        # Read from the class's own dictionary: a subclass is another model.
        return model.__dict__["__ferrow_plans__"][dialect.name]  # type: ignore[no-any-return]
    except (KeyError, AttributeError):
        made = Plan(model, dialect)
        plans: dict[str, Plan[Any]] = {**model.__dict__.get("__ferrow_plans__", {}), dialect.name: made}
        model.__ferrow_plans__ = plans  # type: ignore[attr-defined]
        return made
