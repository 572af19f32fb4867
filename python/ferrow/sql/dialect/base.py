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

    returns_others: ClassVar[bool] = True
    """Whether RETURNING may name columns of other sources than the changed table."""

    json: ClassVar[JsonAnswers]
    """How it looks into documents."""

    calls: ClassVar[Calls]
    """How the functions of `func` are said."""

    lists: ClassVar[Lists]
    """How lists in columns and parameters are worked with."""

    true: ClassVar[str] = "TRUE"
    false: ClassVar[str] = "FALSE"

    def __init__(self) -> None:
        self.cache: dict[Any, Any] = {}  # compiled statements by shape; filled and bounded by `compiler`
        self._quoted: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<dialect {self.name}>"

    def quote(self, identifier: str) -> str:
        """Return an identifier as it stands in SQL: bare if that is safe, else in double quotes.

        Raises:
            ProgrammingError: a name this database cannot have (empty, NUL, too long).
        """
        known = self._quoted.get(identifier)
        if known is None:
            self._check_name(identifier)
            bare = _BARE.fullmatch(identifier) and identifier not in self.reserved
            known = identifier if bare else '"' + identifier.replace('"', '""') + '"'
            if (
                len(self._quoted) < 10_000
            ):  # names come from models; a program that makes them up must not fill the memory
                self._quoted[identifier] = known
        return known

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
