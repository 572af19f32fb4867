"""Keywords that go along relations: `author__name__ilike="a%"`, `posts__comments__author=user`.

A path is an EXISTS with the rest of the keyword inside. Keywords of one call that begin with the same relation are about the same
related row. "Is missing" at the end of a path of single objects is also true where one of them is missing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ferrow.errors import DataError, ProgrammingError, nearest
from ferrow.errors.shown import shortened
from ferrow.model import related_key
from ferrow.model.binding import is_model
from ferrow.model.related import missing, none, present, related
from ferrow.orm.fitting import encoded
from ferrow.orm.operators import OPERATORS
from ferrow.orm.q import Q
from ferrow.sql import Condition, Expr, and_
from ferrow.sql.expr import condition
from ferrow.sql.operators import truth

if TYPE_CHECKING:
    from ferrow.model.link import Link
    from ferrow.model.relation import Relation
    from ferrow.orm.words import Words
    from ferrow.sql.shape import Shape

Meaning: TypeAlias = "tuple[Shape, tuple[Any, ...]]"


def understood(words: Words, keyword: str) -> Callable[[Any], Meaning] | None:
    """What a keyword whose first part is a relation means; None if it is none.

    Raises:
        UnknownColumn: the target has no such column; names the nearest.
        ProgrammingError: an operator that relations do not have.
    """
    key = first_part(words, keyword)
    if key is None:
        return None
    relation = words.table.relations[key]
    rest = keyword[len(key) + 2 :]
    target = words.beyond(relation)
    if rest and (rest in target.table.by_key or rest in target.table.relations or rest not in OPERATORS):
        return Path(words, keyword, relation, rest)
    if (rest or "eq") not in _COMPARING:
        msg = (
            f"{words.table.label} filter {keyword!r}: {key} is a relation, which {rest!r} does not compare. "
            f"{nearest(rest, _COMPARING)}"
        )
        raise ProgrammingError(msg)
    return Comparison(words, keyword, relation, rest or "eq")


def first_part(words: Words, keyword: str) -> str | None:
    """The relation a keyword begins with: the longest name, since names may have two underscores in them."""
    key = keyword
    while key:
        if key in words.table.relations:
            return key
        key = key.rpartition("__")[0]
    return None


class Path:
    """A relation, and a keyword about the related rows. Called with a value it gives the condition, as shape and values."""

    __slots__ = ("_known", "keyword", "relation", "rest", "words")

    def __init__(self, words: Words, keyword: str, relation: Relation, rest: str) -> None:
        self.words: Words = words
        self.keyword: str = keyword
        self.relation: Relation = relation
        self.rest: str = rest
        self._known: dict[Any, Shape] = {}
        self.inner  # noqa: B018  # a rest that means nothing is an error now

    @property
    def inner(self) -> Callable[[Any], Meaning]:
        """What the rest means to the target."""
        return self.words.beyond(self.relation).lookup(self.rest)

    def __call__(self, value: Any) -> Meaning:
        """Return the condition. Raises DataError for a value of another type than the column's."""
        filled = self.filled() if self.asks_missing(value) else None
        if filled is not None:
            found = none(self.relation.link, self.words.table.ref, filled)
            return found.shape, found.values
        shape, values = self.inner(value)
        if self.relation.link.dynamic:
            now = related(self.relation.link, self.words.table.ref, condition(shape, values))
            return now.shape, now.values
        outer = self._known.get(shape)
        if outer is None:
            outer = related(self.relation.link, self.words.table.ref, condition(shape, ())).shape
            if len(self._known) < 100:
                self._known[shape] = outer
        return outer, values

    def asks_missing(self, value: Any) -> bool:
        """Whether the end of the path, all of single objects, is asked to be NULL."""
        if self.relation.many:
            return False
        inner = self.inner
        if isinstance(inner, Path):
            return inner.asks_missing(value)
        name = getattr(inner, "name", None)
        return (
            (value is None and name == "eq")
            or (value is True and name == "isnull")
            or (value is False and name == "isnotnull")
        )

    def filled(self) -> Condition | None:
        """That the end of the path is there, said of a row of the target; None if the end is something else than a column."""
        inner = self.inner
        if isinstance(inner, Path):
            further = inner.filled()
            return None if further is None else related(inner.relation.link, inner.words.table.ref, further)
        if isinstance(inner, Comparison):
            return present(inner.link, inner.words.table.ref)
        place = getattr(inner, "place", None)  # in a document
        if place is not None:
            return place.is_not_null()  # type: ignore[no-any-return]
        column = getattr(inner, "column", None)
        return None if column is None else column.ref.is_not_null()


class Comparison:
    """A relation compared with instances and keys. Called with a value it gives the condition, as shape and values."""

    __slots__ = ("keyword", "name", "relation", "words")

    def __init__(self, words: Words, keyword: str, relation: Relation, name: str) -> None:
        self.words: Words = words
        self.keyword: str = keyword
        self.relation: Relation = relation
        self.name: str = name

    @property
    def link(self) -> Link:
        """The columns."""
        return self.relation.link

    def __call__(self, value: Any) -> Meaning:
        """Return the condition.

        Raises:
            ProgrammingError: an instance of another model, or one that has no key yet.
            DataError: a key of another type.
        """
        found = _COMPARING[self.name](self, value)
        return found.shape, found.values

    def checked(self, value: Any) -> Any:
        """A key whose values are of the right types; instances and None are what they are."""
        if value is None or isinstance(value, Expr) or is_model(type(value)):
            return value
        wanted = related_key.columns(self.link)
        values = related_key.key(self.link, value)
        for column, one in zip(wanted, values, strict=True):
            encoded(column, one)
        return values if len(wanted) > 1 else next(iter(values))

    def listed(self, values: Any) -> list[Any]:
        """Several of them."""
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            msg = f"{self.keyword} takes a list of {self.link.target.label}s or of their keys, not {shortened(values)}"
            raise DataError(msg)
        return [self.checked(value) for value in values]

    def flag(self, value: Any) -> bool:
        """True or False."""
        if not isinstance(value, bool):
            msg = f"{self.keyword} takes True or False, not {shortened(value)}"
            raise DataError(msg)
        return value

    def there(self, is_there: bool) -> Condition:
        """That there is a related row, or that there is none."""
        return (present if is_there else missing)(self.link, self.words.table.ref)


_COMPARING: dict[str, Callable[[Comparison, Any], Condition]] = {
    "eq": lambda one, value: related_key.equal(one.link, one.words.table.ref, one.checked(value)),
    "ne": lambda one, value: related_key.unequal(one.link, one.words.table.ref, one.checked(value)),
    "in": lambda one, value: related_key.among(one.link, one.words.table.ref, one.listed(value)),
    "notin": lambda one, value: related_key.among(one.link, one.words.table.ref, one.listed(value), negated=True),
    "isnull": lambda one, value: one.there(not one.flag(value)),
    "isnotnull": lambda one, value: one.there(one.flag(value)),
}


def meanings(words: Words, keywords: Mapping[str, Any]) -> Iterator[Meaning]:
    """The conditions of the keywords of one call; those along one relation are one condition, about one related row."""
    groups: dict[str, dict[str, Any]] = {}
    for keyword, value in keywords.items():
        lookup = words.lookup(keyword)
        if isinstance(lookup, Path) and not lookup.asks_missing(value):
            groups.setdefault(lookup.relation.key, {})[lookup.rest] = value
        else:
            yield lookup(value)
    for key, group in groups.items():
        relation = words.table.relations[key]
        inner = and_(*[condition(*one) for one in meanings(words.beyond(relation), group)])
        found = related(relation.link, words.table.ref, inner)
        yield found.shape, found.values


def about(model: type, conditions: tuple[Any, ...], keywords: Mapping[str, Any]) -> Condition:
    """What `any` and `has` are given, as one condition about rows of a model."""
    from ferrow.orm.words import words_of

    words = words_of(model)
    said = [one.resolved(words) if isinstance(one, Q) else truth(one) for one in conditions]
    return and_(*said, *[condition(*one) for one in meanings(words, keywords)])
