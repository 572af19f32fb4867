"""WHERE, as all statements that have one take it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ferrow.errors import ProgrammingError
from ferrow.orm.q import Q
from ferrow.sql.operators import TRUE_SHAPE, truth

if TYPE_CHECKING:
    from ferrow.orm.criteria import Filter
    from ferrow.orm.words import Words
    from ferrow.sql.logic import Truth


Meant: TypeAlias = "Callable[[], Words | None]"
"""What can be said about the model that is meant; asked for only by conditions that need it."""


def conditions(words: Meant, given: Sequence[Filter]) -> tuple[Truth, ...]:
    """Conditions by position; those that say nothing are left out. Raises as `Query.filter`."""
    found: list[Truth] = []
    for one in given:
        resolved = one.resolved(known(words(), "Q(...)")) if isinstance(one, Q) else truth(one)
        if resolved.shape != TRUE_SHAPE:
            found.append(resolved)
    return tuple(found)


def equalities(words: Meant, values: Mapping[str, Any]) -> tuple[Truth, ...]:
    """Conditions by keyword: names of columns and nothing else. Raises UnknownColumn, DataError."""
    meant = known(words(), "filter_by()")
    for key in values:
        meant.attribute(key)
    return conditions(lambda: meant, [Q(**values)]) if values else ()


def known(words: Words | None, what: str) -> Words:
    """The words of the model that is meant. Raises ProgrammingError if none is known."""
    if words is None:
        msg = (
            f"{what} does not know which model is meant: say select_from(Model) before it, or use Model.column == value"
        )
        raise ProgrammingError(msg)
    return words
