"""Which sources a statement's columns may belong to, and whether their bare names are enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ferrow.errors import ProgrammingError
from ferrow.sql.column import ColumnKey
from ferrow.sql.columns import Columns
from ferrow.sql.form import delete, insert, update
from ferrow.sql.form.compound import COMPOUND, MEMBERS, is_query
from ferrow.sql.form.conflict import ON_CONFLICT
from ferrow.sql.form.delete import DELETE
from ferrow.sql.form.explain import EXPLAIN
from ferrow.sql.form.insert import INSERT
from ferrow.sql.form.naming import LABEL
from ferrow.sql.form.select import JOINS, LOCKED, SELECT, SOURCE, WITH_CTES
from ferrow.sql.form.source import SUBQUERY, WITH
from ferrow.sql.form.update import UPDATE
from ferrow.sql.proposed import ExcludedKey
from ferrow.sql.shape import interned
from ferrow.sql.source import SourceKey
from ferrow.sql.table import TableKey

Keys = frozenset[SourceKey]
NOTHING: Keys = frozenset()


def ambiguous(shape: Any) -> bool:
    """Return whether a bare column name could mean something else.

    That is so with several sources, with a label that might have its name, and where ON CONFLICT knows two rows of one table.
    """
    sources: set[SourceKey] = set()
    for part in parts(shape):
        if part is LABEL or part is ON_CONFLICT:
            return True
        if isinstance(part, SourceKey):
            sources.add(part)
        elif type(part) is ColumnKey:
            sources.add(part.table)
    return len(sources) > 1


def check_scope(shape: tuple[Any, ...], outside: Keys = NOTHING) -> None:
    """Check that every column belongs to a source of its statement, or of one around it.

    Raises:
        ProgrammingError: it does not; the message names column and source. Or two sources have the same name.
    """
    _check_names(shape)
    if shape[0] is SELECT:
        _check_select(shape, outside)
    elif shape[0] is COMPOUND:
        for member in shape[MEMBERS]:
            check_scope(member, outside)
        _check_parts(shape[WITH_CTES], outside)
    elif shape[0] is EXPLAIN:
        check_scope(shape[3], outside)
    else:
        _check_writing(shape, outside)


def _check_names(shape: tuple[Any, ...]) -> None:
    """A common table expression hides a table of its name everywhere in the statement, and nobody would notice."""
    names = {
        definition[1] for part in shape if type(part) is tuple and part and part[0] is WITH for definition in part[2:]
    }
    if not names:
        return
    for part in parts(shape):
        key = part.table if type(part) is ColumnKey else part
        if type(key) is TableKey and key.schema is None and key.name in names:
            msg = f"the common table expression {key.name!r} has the name of a table that the statement uses; rename it"
            raise ProgrammingError(msg)


def _check_select(shape: tuple[Any, ...], outside: Keys) -> None:
    mine: list[SourceKey] = []
    if shape[SOURCE] is not None:
        _enter(shape[SOURCE], mine, outside)
    for _, source, on, _ in shape[JOINS]:
        _enter(source, mine, outside)
        if on is not None:
            _check_parts(on, outside.union(mine))
    known = outside.union(mine)
    for place in range(1, len(shape)):
        if place not in (SOURCE, JOINS, LOCKED, WITH_CTES):
            _check_parts(shape[place], known)
    if shape[WITH_CTES]:
        _check_parts(shape[WITH_CTES], outside)
    if shape[LOCKED]:
        for key in shape[LOCKED][2]:
            if key not in mine:
                _refuse(f"the rows of {key.called!r} cannot be locked", key, frozenset(mine))


def _check_writing(shape: tuple[Any, ...], outside: Keys) -> None:
    mine: list[SourceKey] = [shape[1]]
    more = shape[update.FROM] if shape[0] is UPDATE else shape[delete.USING] if shape[0] is DELETE else ()
    for source in more:
        _enter(source, mine, outside)
    known = outside.union(mine)
    for place in range(2, len(shape)):
        part = shape[place]
        if part is more or part is None:
            continue
        if shape[0] is INSERT and place == insert.CONFLICT:
            _check_parts(part, known | {interned(ExcludedKey, shape[1])})
        elif shape[0] is INSERT and place == insert.VALUES:
            _check_parts(part, outside)
        else:
            _check_parts(part, known)


def _enter(source: Any, mine: list[SourceKey], outside: Keys) -> None:
    """Take a source up, after what is inside it, which sees the others only if it is lateral."""
    key: SourceKey = source if type(source) is not tuple else source[1]
    if type(source) is tuple and source[0] is SUBQUERY:
        check_scope(source[2], outside.union(mine) if source[3] else outside)
    name = (key.called, None if key.alias else getattr(key, "schema", None))
    for other in mine:
        if name == (other.called, None if other.alias else getattr(other, "schema", None)):
            msg = f"two sources of one query are called {key.called!r}; give one of them an alias, as_(...)"
            raise ProgrammingError(msg)
    mine.append(key)


def _check_parts(shape: Any, known: Keys) -> None:
    for part in parts(shape, within=True):
        if type(part) is tuple:
            check_scope(part, known)
        elif type(part) is ColumnKey and part.table not in known:
            _refuse(f"the column {part.name!r} belongs to {part.table.called!r}", part.table, known)


def _refuse(what: str, source: SourceKey, known: Keys) -> None:
    names = ", ".join(sorted({key.called for key in known})) or "no table"
    if any(key.called == source.called for key in known):
        msg = f"{what}, but to another one than the statement is about; use the columns of the source that is meant (.c, of(...))"
        raise ProgrammingError(msg)
    msg = f"{what}, and the statement is about {names}; join {source.called!r}, or use the column of(...) the table that is meant"
    raise ProgrammingError(msg)


def parts(shape: Any, *, within: bool = False) -> Iterator[Any]:
    """Yield the leaves and forms below a shape; `within` one statement only, yielding the statements inside it whole."""
    for part in shape if type(shape) is tuple and not (within and _is_statement(shape)) else (shape,):
        if type(part) is Columns:
            yield from parts(part.shapes, within=within)
        elif type(part) is not tuple or (within and _is_statement(part)):
            yield part
        else:
            yield from parts(part, within=within)


def _is_statement(shape: tuple[Any, ...]) -> bool:
    return is_query(shape) or (bool(shape) and shape[0] in (INSERT, UPDATE, DELETE))


def sources(shape: tuple[Any, ...]) -> set[SourceKey]:
    """Return the keys of what a SELECT reads from."""
    found = [shape[SOURCE], *[join[1] for join in shape[JOINS]]]
    return {source[1] if type(source) is tuple else source for source in found if source is not None}
