"""Several statements, of which none has an effect if one fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.errors import DatabaseError, ProgrammingError
from ferrow.wire.mysql.control import commits, transaction_end
from ferrow.wire.mysql.modes import Altered

if TYPE_CHECKING:
    from ferrow.wire.mysql.blame import Blame
    from ferrow.wire.mysql.budget import Deadline
    from ferrow.wire.mysql.comments import Server
    from ferrow.wire.mysql.modes import Manner
    from ferrow.wire.mysql.wire import MysqlWire


_NAME = "ferrow_many"
_SAVEPOINT = f"SAVEPOINT {_NAME}"
_BEGIN = "BEGIN"


async def together(
    wire: MysqlWire,
    texts: list[str],
    deadline: Deadline,
    *,
    groups: Sequence[Sequence[str]] | None = None,
    blame: Blame | None = None,
    manner: Manner | None = None,
    numbered: bool = False,
) -> list[Any]:
    """The results of several statements, none of which has an effect if one fails. Nobody else sends anything meanwhile.

    `groups`: these texts, as far as they are `plain` and are to be sent at once; `blame`: tells which row's fault an error is;
    `manner`: that in which their values were written.

    One that commits by itself (CREATE and its kind) takes part in that only as far as it divides them: what came before it stays.
    """
    await wire.take_turn(deadline, texts[0] if texts else "")
    try:
        return await _together(wire, texts, deadline, groups or [[text] for text in texts], blame, manner, numbered)
    finally:
        wire._turn.release()


async def _together(
    wire: MysqlWire,
    texts: list[str],
    deadline: Deadline,
    groups: Sequence[Sequence[str]],
    blame: Blame | None,
    manner: Manner | None,
    numbered: bool,
) -> list[Any]:
    alone = wire.status is Status.IDLE
    several = len(texts) > 1 or (blame is not None and blame.many)
    joins = several and not alone and not wire._guard
    if joins:
        check_joined(texts, wire._server)
    if several and alone:
        await wire.begin(_BEGIN, deadline.left(), guarded=numbered)
    elif several:
        await wire.ask(_SAVEPOINT, deadline.left())
    answers: list[Any] = []
    divided = 0
    try:
        for group in groups:
            place = len(answers) + 1
            try:
                if divided == place - 1 and divided and not alone:
                    await wire.ask(_SAVEPOINT, deadline.left())  # the one before has gone
                await wire.ask_all(group, answers, deadline.left(), manner)
                if joins and wire.status is Status.IDLE:
                    raise committed_around(group[0], place < len(texts))
            except Altered as error:
                error.begun = bool(answers)
                raise
            except DatabaseError as error:
                if numbered:
                    error.statement, error.query = place, group[0]
                elif blame is not None:
                    await blame.tell(error, len(answers))
                raise
            finally:
                divided = place if _gone(wire, alone) else divided
        if several and alone:
            await wire.script("COMMIT", deadline.left())
        elif several and not _gone(wire, alone):
            await wire.ask(f"RELEASE SAVEPOINT {_NAME}", deadline.left())
    except DatabaseError as error:
        if divided and not joins:
            error.add_note(committed(divided, texts[divided - 1]))
        if several and not wire.closed and not wire._failed:
            try:
                if alone:
                    await wire.script("ROLLBACK")
                elif not _gone(wire, alone):
                    await wire.ask(f"ROLLBACK TO SAVEPOINT {_NAME}")
                if blame is not None:
                    blame.rolled_back(whole=not wire._conn._result.warning_count)
            except DatabaseError as failed:
                if failed.sqlstate != error.sqlstate:  # else it says the same
                    error.add_note(f"the rollback failed too: {failed}")
        elif alone and wire._failed:
            await wire.script("ROLLBACK")
        raise
    return answers


def _gone(wire: MysqlWire, alone: bool) -> bool:
    """Whether the last statement has ended the transaction, and with it the savepoint."""
    return wire.divided or (not alone and wire.status is Status.IDLE)


def committed(place: int, sql: str) -> str:
    """What is said of a statement that has divided a batch which failed."""
    return f"statement {place} has committed what came before it, as {sql.split(None, 1)[0].upper()} does here"


_BEFORE = "run it before BEGIN, or begin by transaction(), whose block goes on in another one"


def check_joined(texts: Sequence[str], server: Server) -> None:
    """Raises ProgrammingError for what would commit a transaction that was begun by a statement, which nobody begins again."""
    for place, sql in enumerate(texts, 1):
        if (command := commits(sql, server)) is not None:
            error = ProgrammingError(
                f"{command} commits the transaction that is open here, and what follows would commit by itself: {_BEFORE}"
            )
            error.statement, error.query = place, sql
            raise error


def committed_around(sql: str, more: bool) -> ProgrammingError:
    """For a statement that has committed such a transaction all the same. `more`: others would have followed."""
    behind = ", and what follows was not run, as it would commit by itself" if more else ""
    return ProgrammingError(
        f"{sql.split(None, 1)[0].upper()} has committed the transaction that was open{behind}: {_BEFORE}"
    )


def check_batch(texts: Sequence[str], server: Server, reading: str) -> None:
    """Raises ProgrammingError for what begins or ends a transaction."""
    for place, sql in enumerate(texts, 1):
        if isinstance(sql, str) and (command := transaction_end(sql, server, reading)) is not None:
            error = ProgrammingError(
                f"{command} cannot be part of a batch, which is one transaction already; use transaction() around several batches"
            )
            error.statement, error.query = place, sql
            raise error
