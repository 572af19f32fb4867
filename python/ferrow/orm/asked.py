"""What `one()` says where there is not exactly one row: which rows were asked for. Of the conditions without values: they may be secrets."""

from __future__ import annotations

from typing import Any

from ferrow.errors import Error, MultipleResultsFound, NoResultFound

_LONGEST = 400
"""Characters of the conditions in a message."""


class Asked:
    """Rows of `thing`, a model or "row", that meet the conditions of `shape`, None without any."""

    __slots__ = ("_shape", "_thing")

    def __init__(self, thing: str = "row", shape: Any = None) -> None:
        self._thing = thing
        self._shape = shape

    def none(self) -> NoResultFound:
        """The error where one row was to come and none did."""
        return NoResultFound(
            f"exactly one {self._thing} was expected, and no row matches{self._conditions()}; use one_or_none() or first() where that may be"
        )

    def several(self) -> MultipleResultsFound:
        """The error where one row at most was to come and several did."""
        return MultipleResultsFound(
            f"at most one {self._thing} was expected, and several rows match{self._conditions()}; use first() or all() where that may be"
        )

    def _conditions(self) -> str:
        from ferrow.sql.compiler import describe_without

        if not self._shape:
            return ""
        try:
            text = describe_without(self._shape)
        except Error:  # a condition that this database alone can say
            return ""
        return f" {text if len(text) <= _LONGEST else text[:_LONGEST] + '...'}"


ROW = Asked()
