"""What a MySQL server is sent for one statement: it has no RETURNING, so rows are read before they go, or after they came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from ferrow.errors import NotSupportedError
from ferrow.sql.columns import Columns, members, named_columns
from ferrow.sql.dialect.mysql_apart import apart
from ferrow.sql.form import delete, insert, update
from ferrow.sql.form.compound import is_query
from ferrow.sql.shape import Placeholder
from ferrow.wording import Steps

if TYPE_CHECKING:
    from ferrow.sql.writer import Writer

_NOTHING = Columns(())
# Where a statement may read the table that it changes. (An INSERT of a query may: the server puts its rows aside.)
_READING = {
    insert.INSERT: (insert.VALUES, insert.CONFLICT),
    update.UPDATE: (update.ASSIGNMENTS, update.WHERE),
    delete.DELETE: (delete.WHERE,),
}


def steps(out: Writer, shape: Any) -> Steps:
    """All that is sent. Raises NotSupportedError for rows that cannot be found again."""
    head = shape[0]
    shape = _apart(shape)
    if head not in (insert.INSERT, delete.DELETE) or not members(shape[-1]):
        return Steps(out.write(shape))
    columns = named_columns(out, members(shape[-1]))
    bare = (*shape[:-1], _NOTHING)
    table = shape[1]
    select = f"SELECT {columns} FROM {out.write(table)}"
    if head is delete.DELETE:
        rest = delete.CLAUSES["where"](out, shape)
        return Steps(out.write(bare), before=(" ".join(filter(None, [select, rest, "FOR UPDATE"])),))
    given = shape[insert.VALUES]
    if is_query(given):
        _lost(table, "a row of a query")
    names = [column.name for column in members(shape[insert.COLUMNS])]
    rows = given[1:] if given and given[0] is insert.ROWS else (given,)
    numbered = None if (known := shape[insert.ROW_KEY]) is None else known.numbered
    if numbered is not None and numbered not in names:
        return _by_number(out, shape, select, out.name(numbered), len(rows))
    after = _by_key(out, shape, select, names, rows)
    return Steps(out.write(bare), after=after)


def _by_number(out: Writer, shape: Any, select: str, name: str, rows: int) -> Steps:
    """An INSERT whose rows are found again by their AUTO_INCREMENT values."""
    text = out.write((*shape[:-1], _NOTHING))
    if shape[insert.CONFLICT]:  # on a conflict, LAST_INSERT_ID() is that of the existing row
        if rows > 1:
            _lost(shape[1], "one of several rows that may be there already")
        text += f", {name} = LAST_INSERT_ID({name})"
    if rows == 1:
        return Steps(text, after=(f"{select} WHERE {name} = LAST_INSERT_ID(){_seen(shape)}",))
    # The values of one statement are consecutive, in steps of auto_increment_increment (not 1 with several primaries).
    others = [f"LAST_INSERT_ID() + {place} * @@auto_increment_increment" for place in range(1, rows)]
    keys = ", ".join(["LAST_INSERT_ID()", *others])
    return Steps(text, after=(f"{select} WHERE {name} IN ({keys}) ORDER BY {name}",))


def _by_key(out: Writer, shape: Any, select: str, names: list[str], rows: Sequence[Any]) -> tuple[str, ...]:
    """The queries for the rows of an INSERT, by the keys they were given or by the values of the conflict target."""
    known, conflict, table = shape[insert.ROW_KEY], shape[insert.CONFLICT], shape[1]
    key: tuple[str, ...] = () if known is None else known.names
    if conflict and conflict[1]:
        key = tuple([column.name for column in conflict[1]])
    if not key or any(name not in names for name in key):
        _lost(table, "a row whose key is not given")
    found = []
    for row in rows:
        values = [row[names.index(name)] for name in key]
        if not all(type(value) is Placeholder for value in values):
            _lost(table, "a row whose key is computed")
        terms = [f"{out.name(name)} = {out.write(value)}" for name, value in zip(key, values, strict=True)]
        found.append(f"{select} WHERE {' AND '.join(terms)}{_seen(shape)}")
    return tuple(found)


def _seen(shape: Any) -> str:
    """A row that is there already may be younger than what the transaction sees, as long as nothing of it is changed; it is locked in any case."""
    return " FOR UPDATE" if shape[insert.CONFLICT] else ""


def _apart(shape: Any) -> Any:
    places = _READING.get(shape[0], ())
    return tuple(
        [apart(part, shape[1]) if place in places and not is_query(part) else part for place, part in enumerate(shape)]
    )


def _lost(table: Any, what: str) -> NoReturn:
    msg = (
        f"mysql: MySQL has no RETURNING, and {what} of {table.called!r} cannot be read again; leave returning() out, "
        "or insert rows one by one with their key"
    )
    raise NotSupportedError(msg)


def in_order(pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Assignments such that none reads what one before it has set. Raises NotSupportedError where there is no such order."""
    left, made = list(pairs), []
    while left:
        free = next(
            (
                pair
                for pair in left
                if not any(pair[0] in set(_leaves(other[1])) for other in left if other is not pair)
            ),
            None,
        )
        if free is None:
            names = ", ".join([column.name for column, _ in left])
            msg = f"mysql: MySQL sets one column after the other, so {names} cannot take values from each other; use two statements"
            raise NotSupportedError(msg)
        left.remove(free)
        made.append(free)
    return made


def _leaves(shape: Any) -> Iterator[Any]:
    if type(shape) is tuple:
        for part in shape:
            yield from _leaves(part)
    else:
        yield shape
