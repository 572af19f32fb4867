"""A session without a socket: a test says what the server says, byte by byte if it likes.

session = Fed()
first = session.ask("SELECT 1", Shape.tuples())
session.hear(PREPARED, EXECUTED)
first.outcome     # the result, or the error
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ferrow._core import PgPooler, PgSession, Result, Shape
from tests.support.hostile import LOGIN


class Answer:
    """What the core takes for an `asyncio.Future`."""

    def __init__(self) -> None:
        self.outcome: Result | BaseException | None = None

    def done(self) -> bool:
        return self.outcome is not None

    def set_result(self, result: Result) -> None:
        self.outcome = result

    def set_exception(self, error: BaseException) -> None:
        self.outcome = error


def unconnected(statement_cache_size: int) -> PgSession:
    return PgSession(
        user="u",
        database="d",
        password=None,
        parameters=[],
        allow_cleartext=False,
        allow_md5=False,
        scram_max_iterations=4096,
        statement_cache_size=statement_cache_size,
        statement_prefix="s",
        prepared_statements="named",
        pooler=PgPooler(),
    )


class Fed:
    """See the module; it is its own transport."""

    def __init__(self) -> None:
        self.said = bytearray()
        """What the client has said so far."""
        self.aborted = False
        self._due: list[Any] = []
        self.session = unconnected(statement_cache_size=10)
        self.session.connection_made(self)
        self.session.start(Answer(), self._due.append)
        self.hear(LOGIN)

    def ask(self, sql: str, shape: Shape) -> Answer:
        answer = Answer()
        self.session.submit(sql, None, shape, answer)
        self._turn()
        return answer

    def hear(self, *parts: bytes) -> None:
        """What the server says, of which each part is read by itself."""
        for part in self._read(parts):
            buffer = self.session.get_buffer(-1)
            buffer[: len(part)] = part
            self.session.buffer_updated(len(part))
            self._turn()

    def _read(self, parts: Iterable[bytes]) -> Iterable[bytes]:
        for part in parts:
            for at in range(0, len(part), 65536):
                if not self.aborted:
                    yield part[at : at + 65536]

    def _turn(self) -> None:
        while self._due:
            self._due.pop(0)()

    # of a transport

    def write(self, data: bytes) -> None:
        self.said += data

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self.aborted

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def abort(self) -> None:
        self.aborted = True
