"""What a server said of statements when they were described. It may be otherwise by now: whoever uses it has it checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.abc import Description

if TYPE_CHECKING:
    from ferrow._core import PgTypes, Result

_MOST = 100
_LONGEST = 10_000  # characters of a statement


class DescriptionCache:
    """The last description of each statement."""

    __slots__ = ("_descriptions", "_domains")

    def __init__(self) -> None:
        self._domains: dict[str, bool] = {}
        self._descriptions: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {}

    def keep(self, sql: str, described: Result, types: PgTypes) -> Description:
        said = Description(described.columns, described.type_codes, types, self._domains)
        if len(sql) > _LONGEST:
            return said
        self._descriptions.pop(sql, None)
        if len(self._descriptions) >= _MOST:
            del self._descriptions[next(iter(self._descriptions))]
        self._descriptions[sql] = described.columns, described.type_codes
        return said

    def get(self, sql: str, types: PgTypes) -> Description | None:
        """None where nothing is known of the statement, or of one of its types."""
        known = self._descriptions.get(sql)
        return Description(*known, types, self._domains) if known is not None and types.knows(known[1]) else None

    def clear(self) -> None:
        self._descriptions.clear()
        self._domains.clear()
