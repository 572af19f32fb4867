"""What PEP 249 calls a cursor's description."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ferrow._core import Result

Column: TypeAlias = tuple[str, int | None, int | None, int | None, int | None, int | None, None]
"""Name, type code, display size, internal size, precision, scale, and null_ok, which neither database tells."""

_BPCHAR, _VARCHAR, _BIT, _VARBIT, _NUMERIC, _INTERVAL = 1042, 1043, 1560, 1562, 1700, 1186
_SECONDS = (1083, 1114, 1184, 1266)  # time, timestamp, timestamptz, timetz
_HEADER = 4  # bytes, which PostgreSQL adds to the lengths it keeps in a modifier


def described(result: Result) -> tuple[Column, ...] | None:
    """One item per column; None for a statement that returns no rows."""
    if not result.returns_rows:
        return None
    modifiers = result.type_modifiers or repeat(-1)
    return tuple([_column(*column) for column in zip(result.columns, result.type_codes, modifiers, strict=False)])


def _column(name: str, code: int, modifier: int) -> Column:
    size = precision = scale = None
    if modifier >= 0:
        if code in (_BPCHAR, _VARCHAR):
            size = modifier - _HEADER
        elif code in (_BIT, _VARBIT):
            size = modifier
        elif code == _NUMERIC:
            precision = (modifier - _HEADER) >> 16 & 0xFFFF
            scale = ((modifier - _HEADER) & 0x7FF ^ 1024) - 1024  # 11 bits and a sign: numeric(2, -3)
        elif code in _SECONDS:
            precision = modifier
        elif code == _INTERVAL:
            precision = None if modifier & 0xFFFF == 0xFFFF else modifier & 0xFFFF
    return (name, code or None, size, size, precision, scale, None)
