"""In which order rows are inserted: what is referred to first, also within one table."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.inserting import grouped
from ferrow.orm.plan import plan_of
from ferrow.schema.order import order
from ferrow.schema.reference import target_of

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan
    from ferrow.sql import Dialect

Wave = tuple["Plan[Any]", list[Any]]
"""Instances of one model, none of which needs another one of them."""

Needs = Mapping[int, Sequence[Any]]
"""By the id of an instance: those that must have their rows before it."""


Reference = tuple[int, tuple[str, ...]]
"""The id of an instance, and the attributes of one of its foreign keys."""


def waves(instances: Sequence[Any], dialect: Dialect, needs: Needs) -> list[Wave]:
    """The instances in waves. What the foreign keys and `needs` do not decide stays in the given order.

    Raises:
        ProgrammingError: instances that need each other in a circle.
    """
    found, stuck = sorted_out(instances, dialect, needs)
    if stuck:
        raise _circle(stuck)
    return found


def sorted_out(
    instances: Sequence[Any], dialect: Dialect, needs: Needs, loose: Container[Reference] = ()
) -> tuple[list[Wave], list[Any]]:
    """The instances in waves, and those that have none: of a circle, or after one. `loose`: references that do not count."""
    tables = list({plan_of(type(one), dialect).table: None for one in instances})
    inner = {table: found for table in tables if (found := within(table, tables))}
    if not inner and not needs:
        return grouped(instances, dialect), []
    made: list[Wave] = []
    place = {table: number for number, table in enumerate(order(tables))}
    waiting = {id(one): one for one in instances}
    before = _before(instances, dialect, inner, needs, waiting, loose)
    missing = {key: len(needed) for key, needed in before.items()}
    after: dict[int, list[int]] = {}
    for key, needed in before.items():
        for need in needed:
            after.setdefault(need, []).append(key)
    ready: dict[int, list[Any]] = {}
    for key, one in waiting.items():
        if not missing[key]:
            ready.setdefault(place[plan_of(type(one), dialect).table], []).append(one)
    while ready:
        # Rows of a table that comes first are waited for, unless they wait for one of a later table themselves.
        wave = ready.pop(min(ready))
        made.append((plan_of(type(wave[0]), dialect), wave))
        for one in wave:
            del waiting[id(one)]
            for key in after.get(id(one), ()):
                missing[key] -= 1
                if not missing[key]:
                    ready.setdefault(place[plan_of(type(waiting[key]), dialect).table], []).append(waiting[key])
    return made, [*waiting.values()]


def within(table: Table, tables: Sequence[Table]) -> list[tuple[tuple[str, ...], Table, tuple[str, ...]]]:
    """The foreign keys that the order of tables does not see to: attributes here, the table, attributes there."""
    known = {(one.schema, one.name): one for one in tables}
    found = []
    for reference in table.references:
        target = known.get(target_of(table, reference))
        if target is None or (target is not table and not _leads(target, table, known, set())):
            continue
        there = tuple([target.by_name[name].key for name in reference.target_columns])
        found.append((reference.columns, target, there))
    return found


def _leads(start: Table, end: Table, known: Mapping[Any, Table], seen: set[Table]) -> bool:
    """Whether foreign keys lead from one table to another."""
    if start is end:
        return True
    seen.add(start)
    targets = [known.get(target_of(start, reference)) for reference in start.references]
    return any(_leads(target, end, known, seen) for target in targets if target is not None and target not in seen)


def _before(
    instances: Sequence[Any],
    dialect: Dialect,
    inner: Mapping[Table, Any],
    needs: Needs,
    waiting: Mapping[int, Any],
    loose: Container[Reference],
) -> dict[int, list[int]]:
    """By id, the ids of the instances that come before."""
    found = {id(one): [id(other) for other in needs.get(id(one), ()) if id(other) in waiting] for one in instances}
    by_values: dict[Any, int] = {}
    wanted = {(target, there) for keys in inner.values() for _, target, there in keys}
    for one in instances:
        table = plan_of(type(one), dialect).table
        for target, there in wanted:
            if target is table:
                by_values[(target, there, _values(one, there))] = id(one)
    for one in instances:
        for columns, target, there in inner.get(plan_of(type(one), dialect).table, ()):
            values = _values(one, columns)
            other = None if None in values else by_values.get((target, there, values))
            if other is not None and other != id(one) and (id(one), columns) not in loose:
                found[id(one)].append(other)
    return found


def _values(instance: Any, keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple([getattr(instance, key, None) for key in keys])


def _circle(instances: Sequence[Any]) -> ProgrammingError:
    names = ", ".join(sorted({type(one).__name__ for one in instances}))
    return ProgrammingError(
        f"{len(instances)} instances of {names} refer to each other in a circle, so none can be inserted first. "
        "Leave one reference None, flush(), then set it"
    )
