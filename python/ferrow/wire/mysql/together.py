"""Several statements, of which none has an effect if one fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.errors import DatabaseError

if TYPE_CHECKING:
    from ferrow.wire.mysql.budget import Deadline
    from ferrow.wire.mysql.wire import MysqlWire


async def together(
    wire: MysqlWire, texts: list[str], deadline: Deadline, *, rows: Sequence[int] | None = None, numbered: bool = False
) -> list[Any]:
    """The results of several statements, none of which has an effect if one fails. `rows`: of which row each is."""
    alone = wire.status is Status.IDLE
    name = "ferrow_many"
    if len(texts) > 1:
        await wire.ask("BEGIN" if alone else f"SAVEPOINT {name}", deadline.left())
    answers = []
    try:
        for place, text in enumerate(texts, 1):
            try:
                answers.append(await wire.ask(text, deadline.left()))
            except DatabaseError as error:
                if numbered:
                    error.statement, error.query = place, text
                elif rows is not None and rows[-1] > 1:
                    error.row = rows[place - 1]
                    error.add_note(f"in row {error.row}")
                raise
        if len(texts) > 1:
            await wire.ask("COMMIT" if alone else f"RELEASE SAVEPOINT {name}", deadline.left())
    except DatabaseError as error:
        if len(texts) > 1 and not wire.closed and not wire._failed:
            try:
                await wire.ask("ROLLBACK" if alone else f"ROLLBACK TO SAVEPOINT {name}")
            except DatabaseError as failed:
                if failed.sqlstate != error.sqlstate:  # else it says the same
                    error.add_note(f"the rollback failed too: {failed}")
        elif alone and wire._failed:
            await wire.script("ROLLBACK")
        raise
    return answers
