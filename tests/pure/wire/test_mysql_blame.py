"""Of which of many rows an error is, on a server that was asked for others before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ferrow.errors import DatabaseError
from ferrow.wire.drive import drive
from ferrow.wire.mysql.blame import Blame
from ferrow.wire.mysql.budget import Deadline
from ferrow.wire.mysql.joined import Parts, Piece, Rows

ROWS = Rows(Parts("INSERT INTO t VALUES ", "(?)", ""), ["(1)", "(2)", "(3)"])
PIECES = [Piece(ROWS.statement(), "INSERT INTO t VALUES (?)", 1, ROWS)]


class Server:
    """A wire over one whose last error was of the second row."""

    closed = _failed = False

    async def ask(self, *_: Any) -> Any:
        return SimpleNamespace(rows=[(2, "Duplicate entry '2'")])


def blamed(message: str, code: str) -> tuple[DatabaseError, Blame]:
    wire: Any = Server()
    blame, error = Blame(wire, PIECES, Deadline(None)), DatabaseError(message)
    error.sqlstate = code
    drive(blame.tell(error, 0))
    blame.rolled_back(whole=True)
    return error, blame


def test_the_row_is_told() -> None:
    error, blame = blamed("Duplicate entry '2'", "23505")
    assert (error.row, error.query, blame.again) == (2, "INSERT INTO t VALUES (2)", False)


def test_what_the_server_says_of_another_error_is_not_said_of_this_one() -> None:
    error, blame = blamed("the packet is too large", "54000")
    assert (error.row, error.__notes__, blame.again) == (None, ["in one of the rows 1 to 3"], True)


@pytest.mark.parametrize("code", ["55P03", "57014"])
def test_who_has_waited_long_enough_does_not_wait_again_for_each_row(code: str) -> None:
    error, blame = blamed("waited too long", code)
    assert (error.row, blame.again) == (None, False)
