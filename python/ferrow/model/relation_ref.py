"""A relation in a query: what `User.posts` is on the class."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError, nearest
from ferrow.model.above import about

if TYPE_CHECKING:
    from ferrow.model.link import Link
    from ferrow.model.relation import Relation
    from ferrow.model.table import Table
    from ferrow.sql import Condition, TableRef
    from ferrow.sql.logic import Truth


class RelationRef:
    """A relation of a table, or of an alias of it. Immutable.

    Compared with an instance, a key or None it is a condition; `any` and `has` ask for related rows; load options and joins take it.

    Attributes:
        relation: the declared relation.
        table: the reference to the owner's table whose rows are meant.
        target: the alias the related rows go by in a join, as set by `to`; None: the target's own table.
    """

    __slots__ = ("relation", "table", "target")

    relation: Relation
    table: TableRef
    target: Table | None

    def __init__(self, relation: Relation, table: TableRef, target: Table | None = None) -> None:
        put = object.__setattr__
        put(self, "relation", relation)
        put(self, "table", table)
        put(self, "target", target)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self!r} is immutable: {name!r} cannot be set")

    @property
    def key(self) -> str:
        """The attribute's name."""
        return self.relation.key

    @property
    def link(self) -> Link:
        """The columns it stands for. Raises ModelError if that cannot be told."""
        return self.relation.link

    def to(self, alias: Any) -> RelationRef:
        """The same relation, to rows that go by an alias: `query.join(Employee.boss.to(boss))`.

        Raises:
            ProgrammingError: an alias of another model than the relation's target.
        """
        from ferrow.model.binding import table_of

        table = table_of(alias)
        if (table.name, table.schema) != (self.link.target.name, self.link.target.schema):
            raise ProgrammingError(f"{self.relation.label} leads to {self.link.target.label}, not to {table.label}")
        return RelationRef(self.relation, self.table, table)

    # --- related rows -------------------------------------------------------------------------------------------------

    def any(self, *conditions: Truth | Any, **keywords: Any) -> Condition:
        """Whether at least one related row meets all conditions: `User.posts.any(Post.title == "x", published=True)`.

        Raises:
            ProgrammingError: it is a relation to one object, which takes `has`.
            UnknownColumn: a keyword the target does not know; names the nearest.
        """
        if not self.link.many:
            raise ProgrammingError(f"{self.relation.label} is one object, not a collection: use has(...)")
        return self._related(conditions, keywords)

    def has(self, *conditions: Truth | Any, **keywords: Any) -> Condition:
        """Whether there is a related row, and it meets all conditions: `Post.author.has(User.name == "Ada")`.

        Raises:
            ProgrammingError: it is a collection, which takes `any`.
            UnknownColumn: a keyword the target does not know; names the nearest.
        """
        if self.link.many:
            raise ProgrammingError(f"{self.relation.label} is a collection: use any(...)")
        return self._related(conditions, keywords)

    def _related(self, conditions: tuple[Any, ...], keywords: dict[str, Any]) -> Condition:
        from ferrow.model.related import present, related

        link = self.link
        if not (conditions or keywords):
            return present(link, self.table)
        return related(link, self.table, about(link.model, conditions, keywords))

    # --- comparing ----------------------------------------------------------------------------------------------------

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]  # comparison builds a condition
        """Whether the related row is this instance, or has this key; `== None`: there is none."""
        from ferrow.model.related_key import equal

        return equal(self.link, self.table, other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        """Whether there is a related row, and it is another one; of a collection, whether this one is not among them."""
        from ferrow.model.related_key import unequal

        return unequal(self.link, self.table, other)

    if TYPE_CHECKING:

        def __hash__(self) -> int: ...

    else:
        __hash__ = object.__hash__

    def in_(self, values: Iterable[Any]) -> Condition:
        """Whether the related row is one of these instances or keys; None among them: or there is none."""
        from ferrow.model.related_key import among

        return among(self.link, self.table, values)

    def not_in(self, values: Iterable[Any]) -> Condition:
        """Whether there is a related row that is none of these; of a collection, whether none of these is among them."""
        from ferrow.model.related_key import among

        return among(self.link, self.table, values, negated=True)

    def is_(self, value: None) -> Condition:
        """Whether there is no related row: `is_(None)`."""
        if value is not None:
            raise TypeError(f"is_() takes None only, not {value!r}; use == to compare with an object")
        return self.is_null()

    def is_null(self) -> Condition:
        """Whether there is no related row."""
        return self == None  # noqa: E711  # builds a condition

    def is_not_null(self) -> Condition:
        """Whether there is a related row."""
        return self != None  # noqa: E711

    def __bool__(self) -> bool:
        raise TypeError(f"{self!r} is part of a query and has no truth value in Python")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            target = self.link.target
        except Exception as error:  # attribute access only ever fails as an AttributeError
            raise AttributeError(str(error)) from error
        known = [*target.by_key, *target.relations]
        if name in known:
            way = "any" if self.relation.many else "has"
            raise AttributeError(
                f"{self.relation.label} is a relation: a condition on {name!r} is "
                f"{self.relation.label}.{way}({name}=...), and {target.label}.{name} is its column in a join"
            )
        raise AttributeError(f"{self.relation.label} is a relation and has no {name!r}. {nearest(name, known)}")

    def __repr__(self) -> str:
        to = "" if self.target is None else f" to {self.target.ref.alias}"
        of = "" if self.table.alias is None else f" of {self.table.alias}"
        return f"<RelationRef {self.relation.label}{of}{to}>"
