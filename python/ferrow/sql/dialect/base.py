"""A dialect is a set of answers: how this database says what the forms ask.

To add one, subclass `Dialect` and answer what has no default; `dialect/postgresql.py` shows the least there is to say.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from ferrow.errors import NotSupportedError, ProgrammingError
from ferrow.sql.dialect.calls import Calls
from ferrow.sql.dialect.json import JsonAnswers
from ferrow.sql.dialect.lists import Lists
from ferrow.types import SQLType

if TYPE_CHECKING:
    from ferrow.sql.writer import Writer

_BARE = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)


class Dialect(ABC):
    """The answers of one database. Stateless but for caches; there is one object per dialect."""

    name: ClassVar[str]
    """`postgresql`, `sqlite`: what a wire calls it, and the key of a type's names."""

    reserved: ClassVar[frozenset[str]]
    """Words that are quoted when they are used as names, lower case."""

    longest_name: ClassVar[int | None] = None
    """The greatest length of a name in bytes of UTF-8; None if there is no limit."""

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
    insert_clauses: ClassVar[tuple[str, ...]] = ("with", "insert", "values", "conflict", "returning")
    update_clauses: ClassVar[tuple[str, ...]] = ("with", "update", "set", "from", "where", "returning")
    delete_clauses: ClassVar[tuple[str, ...]] = ("with", "delete", "where", "returning")

    function_schemas: ClassVar[bool] = True
    """Whether a function may be in a schema."""

    returns_others: ClassVar[bool] = True
    """Whether RETURNING may name columns of other sources than the changed table."""

    json: ClassVar[JsonAnswers]
    """How it looks into documents."""

    calls: ClassVar[Calls]
    """How the functions of `func` are said."""

    lists: ClassVar[Lists]
    """How lists in columns and parameters are worked with."""

    mark: ClassVar[str] = '"'
    """What stands around a quoted name."""

    filters: ClassVar[bool] = True
    """Whether aggregates have FILTER."""

    changes_in_ctes: ClassVar[bool] = False
    """Whether WITH may have statements that change rows."""
    returns_updates: ClassVar[bool] = True
    """Whether UPDATE has RETURNING."""

    returns_untouched: ClassVar[bool] = False
    """Whether RETURNING gives the rows that ON CONFLICT DO NOTHING left alone as well."""

    changes_with: ClassVar[bool] = True
    """Whether UPDATE and DELETE have WITH."""

    bare_distances: ClassVar[bool] = False
    """Whether how far a window's frame reaches is a number and no expression."""

    empty_row: ClassVar[str] = "DEFAULT VALUES"
    """What INSERT says for a row of defaults."""

    derived: ClassVar[str] = ""
    """What names a subquery in FROM that nobody refers to."""

    true: ClassVar[str] = "TRUE"
    false: ClassVar[str] = "FALSE"

    def __init__(self) -> None:
        self.cache: dict[Any, Any] = {}  # compiled statements by shape; filled and bounded by `compiler`
        self._quoted: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<dialect {self.name}>"

    def quote(self, identifier: str) -> str:
        """Return an identifier as it stands in SQL: bare if that is safe, else in quotes.

        Raises:
            ProgrammingError: a name this database cannot have (empty, NUL, too long).
        """
        known = self._quoted.get(identifier)
        if known is None:
            self._check_name(identifier)
            bare = _BARE.fullmatch(identifier) and identifier not in self.reserved
            known = identifier if bare else self.mark + identifier.replace(self.mark, self.mark * 2) + self.mark
            if (
                len(self._quoted) < 10_000
            ):  # names come from models; a program that makes them up must not fill the memory
                self._quoted[identifier] = known
        return known

    def function(self, identifier: str) -> str:
        """Return the name of a function. Raises ProgrammingError as `quote`."""
        return self.quote(identifier)

    def _check_name(self, identifier: str) -> None:
        if not identifier or "\0" in identifier:
            msg = f"{identifier!r} cannot be a name in SQL: it is empty or contains the NUL character"
            raise ProgrammingError(msg)
        size = len(identifier.encode("utf-8", "surrogatepass"))
        if self.longest_name is not None and size > self.longest_name:
            msg = f"the name {identifier!r} has {size} bytes, and {self.name} cuts names off after {self.longest_name}; shorten it"
            raise ProgrammingError(msg)

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

    def proposed(self, name: str) -> str:
        """Return the value that was to be inserted into a column, after a conflict."""
        return f"excluded.{name}"

    def conflict(
        self,
        target: list[str] | None,
        sets: list[tuple[str, str]] | None,
        where: str,
        index: str | None = None,
        *,
        told: bool = False,
        anyone: bool = False,
    ) -> str:
        """Return what INSERT does with rows that are there: nothing if `sets` is None. `index`: the condition of a unique index.

        `told` if RETURNING asks `inserted`, `anyone` if the target is what `any_target` chose.

        Raises:
            NotSupportedError: this database cannot.
        """
        at = "" if target is None else f" ({', '.join(target)})"
        at += "" if index is None else f" WHERE {index}"
        if sets is None:
            return f"ON CONFLICT{at} DO NOTHING"
        said = ", ".join([f"{name} = {value}" for name, value in sets])
        return f"ON CONFLICT{at} DO UPDATE SET {said}{f' WHERE {where}' if where else ''}"

    def any_target(self, columns: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Return the target of a conflict that names none; `columns` are those inserted."""
        return None

    def updated_from(self, sources: str) -> str:
        """Return the further sources of an UPDATE.

        Raises:
            NotSupportedError: this database takes none.
        """
        return f"FROM {sources}"

    def compared_query(self, text: str, *, limited: bool) -> str:
        """Return the query of IN, ANY or ALL; `limited` if it has a LIMIT or OFFSET of its own."""
        return text

    @abstractmethod
    def divisor(self, shape: Any, text: str) -> str:
        """Return the right side of a division such that dividing by a zero in a row gives NULL."""

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

    def inserted_query(self, shape: Any, text: str, *, conflict: bool) -> str:
        """Return the query of an INSERT; `conflict` if ON CONFLICT follows."""
        return text

    def deleted(self, using: str, where: str) -> str:
        """Return what follows the table in a DELETE: further sources and the condition, either of which may be missing."""
        return " ".join([f"{word} {text}" for word, text in (("USING", using), ("WHERE", where)) if text])

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
