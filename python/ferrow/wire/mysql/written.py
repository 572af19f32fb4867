"""What is sent for a statement of somebody's: the texts that it is on this server, with values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import DatabaseError
from ferrow.wire.mysql.texts import Binding
from ferrow.wording import Wording

if TYPE_CHECKING:
    from ferrow._core import Kinds
    from ferrow.abc import Params
    from ferrow.wire.mysql.modes import Manner


class Written:
    """A statement in the manner of a session, for as many rows as there are."""

    __slots__ = ("_bindings", "_manner", "_safe")

    def __init__(self, sql: str, kinds: Kinds | None, manner: Manner, *, own: bool) -> None:
        """`own`: for MySQL. Raises ProgrammingError."""
        names, reading = None if kinds is None else kinds.names, manner.reading
        if own and isinstance(sql, Wording):
            self._bindings = [(text, Binding(text, names, own=True, reading=reading)) for text in sql.steps.texts]
        else:
            self._bindings = [(sql, Binding(sql, names, reading=reading))]
        self._manner = manner
        self._safe = False

    def texts(self, params: Params) -> list[tuple[str, str]]:
        """Each without and with its values. Raises ProgrammingError or DataError."""
        if params and not self._safe:
            self._manner.must_write()
            self._safe = True
        return [(said, binding.text(params)) for said, binding in self._bindings]

    def each(self, rows: Sequence[Sequence[Any]]) -> list[str]:
        """Of a statement that is one text, that with the values of each row. Raises as `texts`, and says in which row."""
        ((_, binding),) = self._bindings
        if any(rows):
            self._manner.must_write()
        made: list[str] = []
        try:
            for row in rows:
                made.append(binding.text(row))
        except DatabaseError as error:
            of_row(error, len(made) + 1)
            raise
        return made


def of_row(error: DatabaseError, row: int) -> None:
    """Have an error say in which row it is."""
    error.row = row
    error.add_note(f"in row {row}")
