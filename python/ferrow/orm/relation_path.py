"""A column at the end of a path of single objects, as a value: `order_by("author__name")`, `values("author__name")`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.model.related import rows
from ferrow.orm.relation_keyword import first_part
from ferrow.sql import Labelled

if TYPE_CHECKING:
    from ferrow.orm.words import Words
    from ferrow.sql import Expr


def path(words: Words, name: str) -> Expr[Any] | None:
    """The value as a subquery, NULL where an object on the way is missing; None if the name does not begin with a relation.

    Raises:
        UnknownColumn: no such column at the end.
        ProgrammingError: a collection on the way, which has no single value; or no column at the end.
    """
    key = first_part(words, name)
    if key is None:
        return None
    relation, rest = words.table.relations[key], name[len(key) + 2 :]
    if relation.many:
        msg = f"{relation.label} is a collection, so {name!r} is not one value: count or join instead"
        raise ProgrammingError(msg)
    beyond = words.beyond(relation)
    if not rest:
        msg = f"{relation.label} is a relation, not a column: name a column of it, as {key}__{next(iter(beyond.table.by_key))}"
        raise ProgrammingError(msg)
    link = relation.link
    wanted = beyond.expression(rest)
    found = rows(link, words.table.ref, wanted=wanted.expr if isinstance(wanted, Labelled) else wanted)
    return (found if link.belongs else found.limit(1)).scalar().label(name)
