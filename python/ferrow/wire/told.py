"""What a server said of statements when they were described. It may be otherwise by now: whoever uses it has it checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.abc import Description

if TYPE_CHECKING:
    from ferrow._core import PgTypes, Result

_MOST = 100
_LONGEST = 10_000  # characters of a statement


class Told:
    """The last of it, by statement."""

    __slots__ = ("_told",)

    def __init__(self) -> None:
        self._told: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {}

    def keep(self, sql: str, described: Result) -> None:
        if len(sql) > _LONGEST:
            return
        self._told.pop(sql, None)
        if len(self._told) >= _MOST:
            del self._told[next(iter(self._told))]
        self._told[sql] = described.columns, described.type_codes

    def get(self, sql: str, types: PgTypes) -> Description | None:
        """None where nothing is known of the statement, or of one of its types."""
        told = self._told.get(sql)
        return Description(*told, types) if told is not None and types.knows(told[1]) else None

    def clear(self) -> None:
        self._told.clear()
