"""What can be said about one model in keywords and names; each keyword is understood once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError, UnknownColumn, nearest
from ferrow.model import table_of
from ferrow.orm.key import Key
from ferrow.orm.lookup import Lookup
from ferrow.orm.operators import OPERATORS
from ferrow.sql import Expr, Ordering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ferrow.model.column import Column
    from ferrow.model.relation import Relation
    from ferrow.model.table import Table
    from ferrow.sql.shape import Shape

    Meant = Callable[[Any], tuple[Shape, tuple[Any, ...]]]
    """A keyword that was understood: called with a value, it gives the condition."""

_REMEMBERED = 2_000
"""Keywords kept per model: paths into documents may be made up by a program as it goes."""


class Words:
    """The keywords, orderings and key of one model."""

    __slots__ = ("_key", "_lookups", "_orderings", "table")

    def __init__(self, table: Table) -> None:
        self.table: Table = table
        self._lookups: dict[str, Meant] = {}
        self._orderings: dict[str, Ordering] = {}
        self._key: Key | None = None

    def lookup(self, keyword: str) -> Meant:
        """The meaning of a filter's keyword: a column or a relation, a path along relations, and an operator.

        Raises:
            UnknownColumn: no such column; names the nearest.
            ProgrammingError: no such operator, or one that does not go with the column.
        """
        found = self._lookups.get(keyword)
        if found is None:
            found = self._understood(keyword)
            if len(self._lookups) < _REMEMBERED:
                self._lookups[keyword] = found
        return found

    def meanings(self, keywords: Mapping[str, Any]) -> Iterable[tuple[Shape, tuple[Any, ...]]]:
        """The conditions of the keywords of one call, as shapes and values. Raises as `lookup`, and DataError."""
        if len(keywords) == 1:
            for keyword, value in keywords.items():  # the commonest call, and a third of what a list of one costs
                return (self.lookup(keyword)(value),)
        if keywords and self.table.relations:
            from ferrow.orm.relation_keyword import meanings

            return meanings(self, keywords)
        return [self.lookup(keyword)(value) for keyword, value in keywords.items()]

    def attribute(self, name: str) -> None:
        """Raise UnknownColumn, naming the nearest, if there is no column or relation of that name."""
        if name not in self.table.by_key and name not in self.table.relations:
            raise self._unknown(name, name)

    def beyond(self, relation: Relation) -> Words:
        """The words of the model at the other end."""
        return words_of(relation.target)

    def _understood(self, keyword: str) -> Meant:
        by_key = self.table.by_key
        if keyword in by_key:  # first, because a column's own name may contain two underscores
            return Lookup(keyword, by_key[keyword], "eq", OPERATORS["eq"])
        found = self._inside(keyword)
        if found is not None:
            from ferrow.orm import json_keyword

            meant = json_keyword.understood(keyword, *found)
            if meant is not None:
                return meant
        key, _, name = keyword.rpartition("__")
        if key in by_key and name in OPERATORS:
            return Lookup(keyword, by_key[key], name, OPERATORS[name])
        if self.table.relations:
            from ferrow.orm.relation_keyword import understood

            along = understood(self, keyword)
            if along is not None:
                return along
        while key and key not in by_key:
            key, _, _ = key.rpartition("__")
        if not key:
            raise self._unknown(keyword.partition("__")[0] or keyword, keyword)
        rest = keyword[len(key) + 2 :]
        msg = f"{self.table.label} filter {keyword!r}: {rest!r} is not an operator. {nearest(rest, OPERATORS)}"
        raise ProgrammingError(msg)

    def _inside(self, name: str) -> tuple[Column, str] | None:
        """The JSON column a name begins with and the path behind it; None if it is about something else."""
        # The longest name wins, as a column's own may contain two underscores.
        key = max((key for key in self.table.by_key if name.startswith(f"{key}__")), key=len, default=None)
        if key is None or self.table.by_key[key].type.kind != "json":
            return None
        return self.table.by_key[key], name[len(key) + 2 :]

    def column(self, name: str) -> Expr[Any]:
        """A column, or a place in a JSON column (`meta__plan`), by name. Raises UnknownColumn."""
        if name not in self.table.by_key:
            found = self._inside(name)
            if found is not None:
                from ferrow.orm import json_keyword

                return json_keyword.place(found[0], found[1].split("__"))
        return self.table.column(name).ref

    def _unknown(self, name: str, keyword: str) -> UnknownColumn:
        where = "" if name == keyword else f" (in {keyword!r})"
        known = [*self.table.by_key, *self.table.relations]
        return UnknownColumn(f"{self.table.label} has no column {name!r}{where}. {nearest(name, known)}")

    def expression(self, column: str | Expr[Any]) -> Expr[Any]:
        """A column by its attribute name, or by a path of single objects; expressions are what they are. Raises UnknownColumn."""
        if isinstance(column, str):
            known = self.table.by_key.get(column)
            if known is None and self.table.relations:
                from ferrow.orm.relation_path import path

                along = path(self, column)
                if along is not None:
                    return along
            return self.column(column)
        if isinstance(column, Expr):
            return column
        msg = f"expected the name of a column of {self.table.label} or an expression, not {column!r}"
        raise ProgrammingError(msg)

    def ordering(self, term: str | Expr[Any] | Ordering, *, desc: bool = False) -> Ordering:
        """A term of ORDER BY: a name, `-` before it for the largest first, or an expression.

        Raises:
            UnknownColumn: no such column.
            ProgrammingError: its values have no order.
        """
        if isinstance(term, Ordering):
            return term
        if not isinstance(term, str):
            return self._sorted(self.expression(term), desc)
        name = f"-{term}" if desc and not term.startswith("-") else term
        found = self._orderings.get(name)
        if found is None:
            descending = name.startswith("-")
            made = self._sorted(self.expression(name.removeprefix("-")), descending)
            found = made
            # Along a relation the values may be those of a `__scope__`, which is asked each time.
            if len(self._orderings) < _REMEMBERED and not (made.values and self.table.relations):
                self._orderings[name] = made
        return found

    def _sorted(self, column: Expr[Any], descending: bool) -> Ordering:
        try:
            return Ordering(column, descending=descending)
        except TypeError as error:
            raise ProgrammingError(str(error)) from None

    def key(self, purpose: str) -> Key:
        """The primary key, for an operation called `purpose`. Raises ModelError if there is none."""
        found = self._key
        if found is None:
            found = self._key = Key(self.table, purpose)
        return found


def words_of(model: type) -> Words:
    """The words of a model class, kept on the class. Raises ModelError if it is not a model."""
    try:
        # Read from the class's own dictionary: a subclass is another model.
        found: Words = model.__dict__["__ferrow_words__"]
    except (KeyError, AttributeError):
        found = Words(table_of(model))
        model.__ferrow_words__ = found  # type: ignore[attr-defined]
    return found
