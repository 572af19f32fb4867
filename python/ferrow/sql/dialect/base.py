"""A dialect is a set of answers: how this database says what the forms ask.

To add one, subclass `Dialect` and answer what has no default; `dialect/postgresql.py` shows the least there is to say.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakValueDictionary

from ferrow.errors import NotSupportedError
from ferrow.sql.dialect.calls import Calls
from ferrow.sql.dialect.changes import Changes
from ferrow.sql.dialect.json import JsonAnswers
from ferrow.sql.dialect.lists import Lists
from ferrow.sql.dialect.names import Names
from ferrow.sql.shape import Placeholder
from ferrow.types import SQLType
from ferrow.wording import Steps

if TYPE_CHECKING:
    from ferrow.sql.compiler import Compiled
    from ferrow.sql.writer import Writer


class Dialect(Names, Changes, ABC):
    """The answers of one database. Stateless but for caches; there is one object per dialect."""

    variety: ClassVar[str] = ""
    """Which of several servers with this name is meant, where they differ."""

    other: Dialect | None = None
    """The words of the other server that goes by this name; see `ferrow.wording`."""

    nulls_first: ClassVar[str]
    """`ascending` or `descending`: in which order NULLs come first where nothing is said."""

    select_clauses: ClassVar[tuple[str, ...]] = (
        "with",
        "select",
        "from",
        "joins",
        "where",
        "group by",
        "having",
        "order by",
        "limit",
        "lock",
    )
    compound_clauses: ClassVar[tuple[str, ...]] = ("with", "members", "order by", "limit")

    unnests: ClassVar[bool] = False
    """Whether `unnest` is there."""

    function_schemas: ClassVar[bool] = True
    """Whether a function may be in a schema."""

    json: ClassVar[JsonAnswers]
    """How it looks into documents."""

    calls: ClassVar[Calls]
    """How the functions of `func` are said."""

    lists: ClassVar[Lists]
    """How lists in columns and parameters are worked with."""

    filters: ClassVar[bool] = True
    """Whether aggregates have FILTER."""

    bare_distances: ClassVar[bool] = False
    """Whether how far a window's frame reaches is a number and no expression."""

    derived: ClassVar[str] = ""
    """What names a subquery in FROM that nobody refers to."""

    locks_rows: ClassVar[bool] = True
    """Whether there are locks of rows, and not of the whole database."""

    reads_as_of_start: ClassVar[bool] = False
    """Whether a transaction reads the rows that were there when it began, if it does not say otherwise."""

    true: ClassVar[str] = "TRUE"
    false: ClassVar[str] = "FALSE"

    def __init__(self) -> None:
        super().__init__()
        # Compiled statements; both are filled by `compiler`, which bounds those by shape. Those by text are there while anybody has them.
        self.cache: dict[Any, Compiled] = {}
        self.compiled: WeakValueDictionary[str, Compiled] = WeakValueDictionary()

    def __repr__(self) -> str:
        return f"<dialect {self.name}>"

    def steps(self, out: Writer, shape: Any) -> Steps:
        """Return what is sent for a statement, whose holes are numbered, where that may be more than one.

        Raises:
            NotSupportedError: this server cannot.
        """
        return Steps(out.write(shape))

    @abstractmethod
    def placeholder(self, number: int) -> str:
        """Return the placeholder of parameter `number`, 1-based; the same number may occur several times."""

    @abstractmethod
    def cast(self, operand: str, type: SQLType) -> str:
        """Return `operand` converted to `type`."""

    @abstractmethod
    def comparable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Return a template (`{}` is the expression) that makes an expression of type `own` compare and sort as `common` does.

        None if it does so already. `leaf` is true for a column or a parameter standing by itself.
        """

    def sortable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Return the template for `<`, `>` and ORDER BY, where it is another one than for `=`."""
        return self.comparable(own, common, leaf=leaf)

    @abstractmethod
    def in_list(self, operand: str, items: str, item: SQLType, *, negated: bool) -> str:
        """Return whether `operand` is among `items`, the placeholder of ONE list parameter of `item` values."""

    def unnest(self, lists: str) -> str:
        """Return lists as rows of a source, side by side. Raises NotSupportedError where there is no such source."""
        raise NotSupportedError(f"{self.name} cannot read lists side by side as rows (unnest)")

    @abstractmethod
    def like(self, operand: str, pattern: str, *, fold: bool) -> str:
        r"""Return a match with `%`, `_` and `\` as escape; case matters unless `fold`."""

    @abstractmethod
    def matches(self, operand: str, pattern: str, *, fold: bool) -> str:
        """Return whether a regular expression matches somewhere in a text; case matters unless `fold`."""

    def aggregate(self, name: str, operand: SQLType, *, distinct: bool = False, separated: bool = False) -> str:
        """Return a template (`{distinct}`, `{operand}`, `{order}`, `{tail}`) for the function over values of a type.

        Its result must have the type that `func` promises on every database. `{tail}` is what follows the function: FILTER
        and OVER. `separated` if it has further operands.

        Raises:
            NotSupportedError: this database cannot.
        """
        return name + "({distinct}{operand}{order}){tail}"

    def check_distance(self, *types: SQLType) -> None:
        """Check that a window's frame can reach as far as a number of such a type says.

        Raises:
            NotSupportedError: this database cannot.
        """
        return

    def arithmetic(self, operator: str, type: SQLType) -> str | None:
        """Return the name of the function that calculates with `type`, None if the operator itself does.

        Raises:
            NotSupportedError: this database cannot.
        """
        return None

    def ordered(self, text: str, *, descending: bool, nulls: str | None) -> str:
        """Return a term of ORDER BY; `nulls` is FIRST or LAST, None where nothing is said."""
        said = f"{text} DESC" if descending else text
        return said if nulls is None else f"{said} NULLS {nulls}"

    def distinct_from(self, left: str, right: str, *, negated: bool) -> str:
        """Return whether two values differ, NULL being one of them."""
        return f"{left} IS {'NOT ' if negated else ''}DISTINCT FROM {right}"

    def joined(self, kind: str) -> str:
        """Return the words of a join of a kind, empty for the inner one.

        Raises:
            NotSupportedError: this database has no such join.
        """
        return f"{kind} JOIN" if kind else "JOIN"

    def materialized(self, how: bool | None) -> str:
        """Return the words about whether a common table expression is computed once.

        Raises:
            NotSupportedError: this database has none.
        """
        return "" if how is None else "MATERIALIZED " if how else "NOT MATERIALIZED "

    def other_row(self, name: str, value: str, offset: str, default: str, over: str) -> str:
        """Return `lag` or `lead` with a value for where there is no such row."""
        return f"{name}({value}, {offset}, {default}){over}"

    def framed(self, unit: str, exclude: str | None) -> None:
        """Check the words of a window's frame.

        Raises:
            NotSupportedError: this database has not got them.
        """
        return

    def value_rows(self, names: list[str], rows: list[list[str]], alias: str) -> str:
        """Return rows of values as a source; SQLite cannot name the columns of VALUES itself."""
        columns = ", ".join([f"column{place} AS {name}" for place, name in enumerate(names, 1)])
        values = ", ".join([f"({', '.join(row)})" for row in rows])
        return f"(SELECT {columns} FROM (VALUES {values}) AS {alias}) AS {alias}"

    def compared_query(self, text: str, *, limited: bool) -> str:
        """Return the query of IN, ANY or ALL; `limited` if it has a LIMIT or OFFSET of its own."""
        return text

    def divisor(self, shape: Any, text: str) -> str:
        """Return the right side of a division such that dividing by a zero in a row gives NULL. A parameter is known not to be 0."""
        return text if type(shape) is Placeholder else f"NULLIF({text}, 0)"

    def assigned(self, pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        """Return the assignments of an UPDATE, columns and shapes, in the order in which they are written.

        Raises:
            NotSupportedError: there is none in which they mean what they say.
        """
        return pairs

    def lateral(self) -> str:
        """Return the word before a subquery that sees the sources before it.

        Raises:
            NotSupportedError: this database has no such subqueries.
        """
        return "LATERAL "

    @abstractmethod
    def member(self, text: str, *, first: bool, compound: bool, plain: bool) -> str:
        """Return one of several combined queries.

        `first` if it is the leftmost, `compound` if it is a combination itself, `plain` unless it has an order, a limit or a WITH.
        """

    def lock(self, strength: str, of: list[str], wait: str | None) -> str:
        """Return the clause that locks rows, empty where nothing needs to be said.

        Raises:
            NotSupportedError: this database cannot wait like that.
        """
        return " ".join(["FOR", strength, *(["OF", ", ".join(of)] if of else []), *([wait] if wait else [])])

    def first_of_each(self, out: Writer, shape: Any) -> str | None:
        """Return a SELECT with DISTINCT ON in other words; None if the database knows these."""
        return None

    @abstractmethod
    def explain(self, options: tuple[str, ...], *, tree: bool) -> str:
        """Return the words before a statement that is to be explained.

        Raises:
            NotSupportedError: this database has not got one of the options.
        """

    @abstractmethod
    def plan_columns(self, *, tree: bool) -> tuple[tuple[SQLType, ...], tuple[str, ...]]:
        """Return the types and names of the columns of a plan."""

    @abstractmethod
    def limit(self, limit: str | None, offset: str | None) -> str:
        """Return the LIMIT and OFFSET clauses, each of which may be missing."""
