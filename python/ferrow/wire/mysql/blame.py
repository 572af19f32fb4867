"""Whose fault an error is: of the many rows for which statements were sent, the one that the server has refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ferrow.errors import DatabaseError
from ferrow.wire.mysql.written import of_row

if TYPE_CHECKING:
    from ferrow.wire.mysql.budget import Deadline
    from ferrow.wire.mysql.joined import Piece
    from ferrow.wire.mysql.wire import MysqlWire

_ASK = "GET DIAGNOSTICS CONDITION 1 @ferrow_row = ROW_NUMBER, @ferrow_told = MESSAGE_TEXT"
_READ = "SELECT @ferrow_row, @ferrow_told"
_WAITED = frozenset({"55P03", "57014"})
"""Errors of a statement that has waited for nothing long enough: for a lock, or for its end."""
_AT_ROW = re.compile(r" at row \d+\Z")
"""What some messages say, of a statement which here is the server's business alone."""


class Blame:
    """Of the pieces that are sent for rows of parameters."""

    __slots__ = ("_deadline", "_hidden", "_pieces", "_wire", "again", "many")

    def __init__(self, wire: MysqlWire, pieces: Sequence[Piece], deadline: Deadline) -> None:
        self.many: bool = any(piece.rows for piece in pieces)
        """Whether a piece is for several rows, and an error of it says nothing of which one."""
        self.again: bool = False
        """Whether the rows may be sent once more, one by one, to find the one that was refused: nothing is left of them."""
        self._hidden = False
        self._wire = wire
        self._pieces = pieces
        self._deadline = deadline

    async def tell(self, error: DatabaseError, place: int) -> None:
        """Have an error of the piece at this place say of which row it is."""
        if self._pieces[-1].last == 1 or place == len(self._pieces):  # or all have been answered
            return
        piece = self._pieces[place]
        row = piece.row
        if piece.rows is not None:
            number = await self._number(error)
            if not 1 <= number <= len(piece.rows):
                error.add_note(f"in one of the rows {piece.row} to {piece.last}")
                self._hidden = error.sqlstate not in _WAITED
                return
            row += number - 1
            error.query = piece.rows.single(number - 1)
            error.args = (_AT_ROW.sub(" at row 1", str(error)),)
        of_row(error, row)

    def rolled_back(self, *, whole: bool) -> None:
        """Called when what was sent has been undone, as a `whole` where no table keeps its rows all the same (those of MyISAM do)."""
        self.again = self._hidden and whole

    async def _number(self, error: DatabaseError) -> int:
        """The place in its statement of the row that was refused; 0 if the server does not say."""
        wire = self._wire
        if wire.closed or wire._failed:
            return 0
        try:
            await wire.ask(_ASK, self._deadline.left())
            ((number, told),) = (await wire.ask(_READ, self._deadline.left())).rows
        except DatabaseError:
            return 0
        # It says nothing of what was not sent.
        return int(number or 0) if told == str(error) else 0
