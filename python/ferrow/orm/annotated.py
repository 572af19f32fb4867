"""What names mean in a query with annotations: `annotate(total=func.sum(Order.amount))`, then `filter(total__gt=100)`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError, UnknownColumn, nearest
from ferrow.model.column import Column
from ferrow.model.travel import Travel
from ferrow.orm.lookup import Lookup
from ferrow.orm.operators import OPERATORS
from ferrow.orm.words import Words
from ferrow.sql import Expr, Ordering, func
from ferrow.sql.decoding import decoder
from ferrow.sql.label import Labelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ferrow.orm.words import Meant

FUNCTIONS: dict[str, Callable[[Expr[Any]], Expr[Any]]] = {
    "count": func.count,
    "sum": func.sum,
    "avg": func.avg,
    "min": func.min,
    "max": func.max,
}
"""What a keyword with the name of a column means: `values("kind", max="price")`."""


class AnnotatedWords(Words):
    """The words of a model, and the names of annotations before them."""

    __slots__ = ("_base", "annotations")

    def __init__(self, base: Words, annotations: Mapping[str, Expr[Any]]) -> None:
        super().__init__(base.table)
        self._base = base
        self.annotations: dict[str, Expr[Any]] = dict(annotations)

    def computed(self, keyword: str) -> Expr[Any] | None:
        """The annotation that a filter's keyword is about, or None."""
        found = self.annotations.get(keyword)
        return found if found is not None else self.annotations.get(keyword.rpartition("__")[0])

    def lookup(self, keyword: str) -> Meant:
        """As `Words.lookup`, of an annotation or a column."""
        found = self._lookups.get(keyword)
        if found is None:
            found = self._lookups[keyword] = self._meant(keyword)
        return found

    def _meant(self, keyword: str) -> Meant:
        if keyword in self.annotations:
            return Lookup(keyword, self._column(keyword), "eq", OPERATORS["eq"])
        name, _, operator = keyword.rpartition("__")
        if name in self.annotations:
            if operator not in OPERATORS:
                msg = f"{self.table.label} filter {keyword!r}: {operator!r} is not an operator. {nearest(operator, OPERATORS)}"
                raise ProgrammingError(msg)
            return Lookup(keyword, self._column(name), operator, OPERATORS[operator])
        try:
            return self._base.lookup(keyword)
        except UnknownColumn:
            raise self._neither(keyword.partition("__")[0] or keyword) from None

    def _column(self, name: str) -> Column:
        """The annotation in the guise of a column, which is what lookups ask."""
        expr = self.annotations[name]
        inner = expr.expr if isinstance(expr, Labelled) else expr
        encode = getattr(inner, "_encode", None)
        if encode is None and decoder(inner.shape) is not None:
            encode = _member  # the largest of an enumeration's column: its members are compared with it
        made = Column(name, Travel(expr.type, expr.type.python, encode))
        made.table = self.table
        made._ref = inner  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  # never asked more than an Expr knows
        return made

    def expression(self, column: str | Expr[Any]) -> Expr[Any]:
        """As `Words.expression`; annotations are labelled."""
        if isinstance(column, str) and column in self.annotations:
            return self.annotations[column]
        try:
            return self._base.expression(column)
        except UnknownColumn:
            raise self._neither(str(column)) from None

    def ordering(self, term: str | Expr[Any] | Ordering, *, desc: bool = False) -> Ordering:
        """As `Words.ordering`."""
        if isinstance(term, str) and (name := term.removeprefix("-")) in self.annotations:
            return self._sorted(self.annotations[name], desc or term.startswith("-"))
        try:
            return self._base.ordering(term, desc=desc)
        except UnknownColumn:
            raise self._neither(str(term).removeprefix("-")) from None

    def _neither(self, name: str) -> UnknownColumn:
        known = [*self.table.by_key, *self.annotations]
        return UnknownColumn(f"{self.table.label} has no column or annotation {name!r}. {nearest(name, known)}")


def _member(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def named(words: Words, terms: Mapping[str, Any], method: str) -> dict[str, Expr[Any]]:
    """What keywords of `annotate` and `values` stand for, each labelled with its name.

    An expression is what it is. A text is the name of a column: of the function, if the keyword is called like one
    (`count="id"`), else under another name (`author="name"`).

    Raises:
        UnknownColumn: no such column.
        ProgrammingError: neither an expression nor a text; or the function does not take values of that type.
    """
    return {name: _named(words, name, term, method).label(name) for name, term in terms.items()}


def _named(words: Words, name: str, term: Any, method: str) -> Expr[Any]:
    if not isinstance(term, (str, Expr)):
        msg = f"{method}({name}=...) takes an expression, such as func.count(), or the name of a column, not {term!r}"
        raise ProgrammingError(msg)
    found = words.expression(term)
    if isinstance(term, str) and name in FUNCTIONS:
        try:
            return FUNCTIONS[name](found.expr if isinstance(found, Labelled) else found)
        except TypeError as error:
            raise ProgrammingError(str(error)) from None
    return found


def annotated_words(words: Words, given: Sequence[Any], terms: Mapping[str, Any]) -> AnnotatedWords:
    """The words with more annotations: labelled expressions, and others by keyword.

    Raises:
        ProgrammingError: a name that a column or another annotation has already; an expression without a name.
    """
    made: dict[str, Expr[Any]] = {}
    for one in given:
        if not isinstance(one, Labelled):
            msg = f"annotate() takes names by keyword (total=func.sum(...)) or labelled expressions, not {one!r}"
            raise ProgrammingError(msg)
        made[one.name] = one
    made |= named(words, terms, "annotate")
    before = words.annotations if isinstance(words, AnnotatedWords) else {}
    for name in made:
        if name in words.table.by_key or name in words.table.relations or name in before:
            what = "an annotation" if name in before else "an attribute"
            msg = f"annotate({name}=...): {words.table.label} has {what} called {name!r} already; choose another name"
            raise ProgrammingError(msg)
    base = words._base if isinstance(words, AnnotatedWords) else words
    return AnnotatedWords(base, {**before, **made})
