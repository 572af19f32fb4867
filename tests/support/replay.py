"""Conversations with a real server, recorded, and told again to a session that has no socket.

The session object is used as an event loop would use it, so what is told can be spoilt on purpose: byte for byte.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from ferrow._core import PgSession, Shape
from ferrow.wire.postgresql import address, make_session
from ferrow.wire.url import parse
from tests.support.hostile import LOGIN

TUPLES = Shape.tuples()


class Outcome:
    """What a session needs of a future."""

    def __init__(self) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self._done = False

    def done(self) -> bool:
        return self._done

    def set_result(self, result: Any) -> None:
        self.result, self._done = result, True

    def set_exception(self, error: BaseException) -> None:
        self.error, self._done = error, True


class Talk:
    """A session whose output goes to `send`, and the bytes it is to hear."""

    def __init__(self, session: PgSession, send: Callable[[bytes], None]) -> None:
        self._session = session
        self._send = send
        self._soon: list[Callable[[], None]] = []
        self.login = Outcome()
        session.start(self.login, self._soon.append)
        session.connection_made(self)

    # what a session needs of a transport

    def write(self, data: bytes) -> None:
        self._send(bytes(data))

    def abort(self) -> None:
        self._session.connection_lost(None)

    def pause_reading(self) -> None:
        """What has been recorded is told to its end."""

    def resume_reading(self) -> None:
        """It never stopped."""

    # what tests do

    def hear(self, data: bytes) -> None:
        """Let the session take in these bytes."""
        view = self._session.get_buffer(-1)
        for start in range(0, len(data), len(view)):
            part = data[start : start + len(view)]
            view[: len(part)] = part
            self._session.buffer_updated(len(part))
            while self._soon:
                self._soon.pop(0)()

    def ask(self, sql: str, shape: Shape = TUPLES) -> Outcome:
        outcome = Outcome()
        self._session.submit(sql, None, shape, outcome)
        return outcome

    def hang_up(self) -> None:
        """The server goes; what is still waited for fails."""
        self._session.connection_lost(None)

    @property
    def over(self) -> bool:
        return self._session.ended is not None


def record(url: str, sql: str) -> tuple[list[bytes], list[Any]]:
    """The server's answers to everything a session asks on behalf of one statement, and the rows it makes of them."""
    settings = parse(url)
    where = address(settings)
    assert not isinstance(where, str)
    with socket.create_connection(where, timeout=20) as sock:
        talk = Talk(make_session(PgSession, settings), sock.sendall)
        while not talk.login.done():
            talk.hear(sock.recv(65536))
        answers: list[bytes] = []
        outcome = talk.ask(sql)
        while not outcome.done():
            answer = b""
            while not answer.endswith(b"Z\x00\x00\x00\x05I"):
                answer += sock.recv(65536)
            answers.append(answer)
            talk.hear(answer)
        if outcome.error is not None:
            raise outcome.error
        return answers, outcome.result.rows


class Replay:
    """A session that is logged in by a server that is not there, and hears recorded answers."""

    def __init__(self) -> None:
        self._asked = 0
        settings = parse("postgresql://ada@localhost/library")
        self.talk = Talk(make_session(PgSession, settings), self._count)
        self.talk.hear(LOGIN)
        assert self.talk.login.done()
        self._asked = 0

    def _count(self, data: bytes) -> None:
        self._asked += 1

    def ask(self, sql: str, answers: list[bytes], shape: Shape = TUPLES) -> Outcome:
        """One statement, answered by as many of `answers` as it asks for; what is left unanswered fails when the server goes."""
        outcome = self.talk.ask(sql, shape)
        for answer in answers:
            if outcome.done() or self.talk.over:
                break
            self.talk.hear(answer)
        return outcome
