"""RETURNING."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ferrow.errors import NotSupportedError
from ferrow.sql.columns import Columns, members, named_columns
from ferrow.sql.source import SourceKey
from ferrow.sql.writer import Writer


def returning(out: Writer, shape: Any) -> str:
    """RETURNING is the last element in the shapes of all three writing statements, and the table the first."""
    columns = members(shape[-1])
    if not columns:
        return ""
    if not out.dialect.returns_others:
        for table in _tables(columns):
            if table is not shape[1]:
                msg = (
                    f"{out.dialect.name} cannot return columns of {table.called!r}: its RETURNING knows only the changed table, "
                    f"{shape[1].called!r}; select the others beforehand"
                )
                raise NotSupportedError(msg)
    return f"RETURNING {named_columns(out, columns)}"


def _tables(shape: Any) -> Iterator[SourceKey]:
    if type(shape) is tuple:
        if shape and getattr(shape[0], "name", None) in {"select", "compound"}:
            return  # a query inside has tables of its own
        for part in shape:
            yield from _tables(part)
    elif type(shape) is Columns:
        yield from _tables(shape.shapes)
    elif isinstance(table := getattr(shape, "table", None), SourceKey):
        yield table
