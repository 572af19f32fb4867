"""A driver's results as ours: in the asked shape, and with the count of rows that the other databases give."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ferrow._core import Result, Shape
from ferrow.wire.mysql.columns import Reader, readers, rows

Adapt = Callable[[Reader | None, int], Reader | None]

_TUPLES = Shape.tuples()
MATCHED = re.compile(rb"Rows matched: (\d+)")
"""The rows an UPDATE found, whether it changed them or not, as other databases count."""
_UPSERTS = re.compile(r"\bON\s+DUPLICATE\s+KEY\s+UPDATE\b", re.IGNORECASE)
_RECORDS = re.compile(rb"Records: (\d+)")
NOTHING = "/* nothing */"
"""In an INSERT that leaves rows alone which are there; see `sql/dialect/mysql.py`."""


def shaped(result: Any, shape: Shape, sql: str, adapt: Adapt | None = None) -> Result:
    """A driver's result in the asked shape. `adapt`: its values are no longer texts, and are read in another way by the column's type."""
    if not result.field_count:
        word = sql.split(None, 1)[0].upper() if sql.strip() else ""
        return Result.shaped(
            (),
            shape,
            (),
            rowcount=_counted(result, sql),
            status=word,
            last_rowid=_key(result.insert_id),
        )
    fields = result.fields
    made = readers(fields, None if shape.kinds is None else shape.kinds.names)
    if adapt is not None:
        made = [adapt(reader, field.type_code) for reader, field in zip(made, fields, strict=True)]
    names = [field.name for field in fields]
    found = rows(result.rows or (), made, names)
    return Result.shaped(
        found,
        shape,
        names,
        rowcount=len(found),
        status="SELECT",
        type_codes=tuple([field.type_code for field in fields]),
    )


def _key(said: int) -> int | None:
    """The key that a row has got. Of one beyond BIGINT the server does not say whether it is that, or less than zero."""
    return said if 0 < said < 2**63 else None


def _counted(result: Any, sql: str) -> int:
    """How many rows a statement has changed, as the other databases count: those it found, also where they stayed as they were."""
    affected: int = result.affected_rows
    said = result.message or b""
    if found := MATCHED.search(said):
        return int(found[1])
    if _UPSERTS.search(sql) and NOTHING not in sql:  # a changed row counts twice, an equal one not at all
        found = _RECORDS.search(said)
        return 1 if found is None else int(found[1])
    return affected


def given(found: list[Any], columns: Sequence[str], affected: int) -> Result:
    """Rows that have their shape already."""
    if not columns:
        return Result.shaped((), _TUPLES, (), rowcount=affected)
    result = Result.shaped((), _TUPLES, columns, rowcount=len(found))
    result.rows.extend(found)
    return result
