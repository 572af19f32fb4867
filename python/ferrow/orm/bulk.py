"""Many instances by their keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, ProgrammingError
from ferrow.errors.shown import shortened
from ferrow.orm.fitting import explained
from ferrow.orm.generic import M
from ferrow.orm.loading.read import read
from ferrow.sql import and_, or_
from ferrow.sql.expr import condition
from ferrow.sql.form.compare import COMPARE
from ferrow.sql.form.membership import IN_LIST
from ferrow.sql.shape import HOLES
from ferrow.types import ListOf

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.key import Key
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan
    from ferrow.orm.words import Words
    from ferrow.sql import Condition

_AT_ONCE = 100
"""Keys of several columns in one statement; those of one column all fit in one parameter."""


async def in_bulk(
    engine: AsyncEngine, plan: Plan[M], words: Words, criteria: Criteria, loading: Loading | None, keys: Iterable[Any]
) -> dict[Any, M]:
    """The instances that have these keys, by key, in the order of the keys."""
    finder = words.key("in_bulk()")
    if criteria.cut:
        msg = f"in_bulk() of {words.table.label} says itself which rows: leave limit() and offset() out"
        raise ProgrammingError(msg)
    if isinstance(keys, (str, bytes)) or not isinstance(keys, Iterable):
        msg = f"in_bulk() takes a list of keys of {words.table.label}, not {shortened(keys)}"
        raise DataError(msg)
    wanted = {finder(key): _said(finder, key) for key in keys}
    found: dict[tuple[Any, ...], M] = {}
    pending = list(wanted)
    step = _AT_ONCE if len(finder.columns) > 1 else len(pending)
    while pending:
        now, pending = pending[:step], pending[step:]
        chosen = criteria.filtered(words, (_among(finder, now),), {})
        try:
            instances = await read(engine, plan, words, chosen, loading, "in_bulk()")
        except DataError as error:
            raise explained(error, finder.columns) from error
        for instance in instances:
            found[finder.of(instance, "find")] = instance
    return {said: found[key] for key, said in wanted.items() if key in found}


def _said(finder: Key, key: Any) -> Any:
    """The key as a dict's key: what was given, dicts and lists as tuples."""
    parts = finder._parts(key)
    return parts[0] if len(parts) == 1 else parts


def _among(finder: Key, keys: list[tuple[Any, ...]]) -> Condition:
    # Written as shapes: the values are encoded already.
    columns = finder.columns
    if len(columns) == 1:
        shape = (IN_LIST, columns[0].ref.shape, HOLES[ListOf(columns[0].type)], False)
        return condition(shape, ([key[0] for key in keys],))
    one = [(COMPARE, "=", column.ref.shape, HOLES[column.type]) for column in columns]
    return or_(*[and_(*[condition(shape, (value,)) for shape, value in zip(one, key, strict=True)]) for key in keys])
