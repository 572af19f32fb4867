"""What is peculiar to TLS between two buffers in memory: signals at any moment, and both directions at once."""

from __future__ import annotations

import signal
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DatabaseError, OperationalError, QueryTimeout
from ferrow.wire.blocking.tls import Encrypted
from tests.support import entered, maybe
from tests.support.certificates import Authority, Certificate
from tests.support.effort import times
from tests.support.tls_proxy import tls_proxy

pytestmark = pytest.mark.postgresql


class Interrupted(Exception):
    """What a Ctrl-C would be."""


@pytest.fixture
def url(postgresql_url: str, authority: Authority, certificate: Certificate) -> Iterator[str]:
    with tls_proxy(postgresql_url, certificate) as between:
        yield between.at("localhost", sslmode="verify-full", sslrootcert=str(authority.cert))


@contextmanager
def interrupt(seconds: float) -> Iterator[None]:
    def handler(*_: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# It may hit the callback of a weak reference, which has nobody to raise to.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_at_any_moment_loses_no_byte(url: str) -> None:
    random = Random(7)
    conn = driver.connect(url)
    interrupted = kept = 0
    for tag in range(times(60)):
        rows = random.choice([1, 100, 20_000])
        try:
            with interrupt(random.uniform(0.0002, 0.02)):
                conn.query(
                    "SELECT i, repeat($1, 200) FROM generate_series(1, $2) i", ["x" * random.choice([1, 200]), rows]
                )
        except Interrupted:
            interrupted += 1
        except DatabaseError:
            pass
        if conn.is_closed():
            conn = driver.connect(url)
        else:
            kept += 1
        assert conn.query_one("SELECT $1::int", [tag]) == (tag,)
    conn.close()
    assert interrupted > 5
    assert kept > times(60) * 0.9


class Raising:
    """An `ssl.SSLObject` in which a signal handler raises: as in the true one, what was read is not returned then."""

    def __init__(self, tls: ssl.SSLObject, after: int) -> None:
        self._tls, self._left = tls, after

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._tls, name)

        def call(*arguments: object) -> object:
            result = function(*arguments)
            if threading.current_thread() is threading.main_thread():  # the only one in which handlers run
                self._left -= 1
                if self._left == 0:
                    raise Interrupted(name)
            return result

        return call


def ask(conn: driver.Connection, interrupted: set[str], sql: str, value: int) -> list[Any]:
    """Ask, and once more when that is interrupted; by what is noted."""
    try:
        return conn.query(sql, [value])
    except Interrupted as error:
        interrupted.add(str(error))
        assert not conn.is_closed()
        return conn.query(sql, [value])


@pytest.mark.parametrize("rows", [1, 2000])
def test_an_exception_after_any_step_of_decryption_loses_no_byte(
    url: str, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    interrupted: set[str] = set()
    parts = Encrypted.parts.fget
    assert parts is not None
    for after in range(1, 60):
        monkeypatch.setattr(
            Encrypted, "parts", property(lambda self, after=after: (Raising(parts(self)[0], after), *parts(self)[1:]))
        )
        try:
            conn = driver.connect(url)
        except Interrupted:
            continue
        for tag in range(3):
            found = ask(conn, interrupted, "SELECT i, repeat('x', 100) FROM generate_series(1, $1) i", rows)
            assert [row[0] for row in found] == [*range(1, rows + 1)]
            assert ask(conn, interrupted, "SELECT $1::int", tag) == [(tag,)]
        conn.close()
    assert interrupted == {"read", "pending", "write"}


def test_both_directions_at_once(url: str) -> None:
    """More than all buffers hold is on its way to the server, which answers meanwhile."""
    with driver.connect(url) as conn:
        conn.script("CREATE TABLE echo (i int, text text)")
        rows = [(i, "x" * 1000) for i in range(20_000)]
        found = conn.run_many("INSERT INTO echo VALUES ($1, $2) RETURNING i, text", rows)
        assert conn.query_one("SELECT count(*), sum(length(text)) FROM echo") == (20_000, 20_000_000)
        del found
        large = "y" * 30_000_000
        assert conn.query_one("SELECT $1::text", [large]) == (large,)


@pytest.mark.parametrize("options", [{}, {"prepared_statements": "unnamed"}, {"statement_cache_size": 0}], ids=str)
async def test_a_pipeline(connect: Any, url: str, options: dict[str, Any]) -> None:
    """Longer than all buffers, in both directions, with transactions in it."""
    async with entered(await maybe(connect(url, **options))) as conn:
        await maybe(conn.script("CREATE TABLE piped (i int PRIMARY KEY, text text)"))
        async with entered(conn.pipeline()) as pipe:
            long = [pipe.query_one("SELECT $1::int, repeat('x', 20_000)", [tag]) for tag in range(300)]
            async with entered(pipe.transaction()):
                for tag in range(300):
                    pipe.execute("INSERT INTO piped VALUES ($1, $2)", [tag, "y" * 2000])
                pipe.run_many("INSERT INTO piped VALUES ($1, $2)", [(tag, "z") for tag in range(300, 5300)])
            count = pipe.query_one("SELECT count(*) FROM piped")
        assert [await maybe(one.result()) for one in long] == [(tag, "x" * 20_000) for tag in range(300)]
        assert await maybe(count.result()) == (5300,)


def test_what_comes_unasked_is_heard(url: str) -> None:
    with driver.connect(url) as conn, driver.connect(url) as other:
        conn.listen("news")
        for tag in range(3):
            other.notify("news", str(tag))
        found = conn.notifications(timeout=20)
        assert [next(found).payload for _ in range(3)] == ["0", "1", "2"]


def test_a_server_that_hangs_up_is_noticed(postgresql_url: str, url: str) -> None:
    with driver.connect(url) as conn, driver.connect(postgresql_url) as other:
        other.query("SELECT pg_terminate_backend($1, 5000)", [conn.info()["backend_pid"]])
        with pytest.raises(OperationalError):
            for _ in range(2):
                conn.query("SELECT 1")
        assert conn.is_closed()


def test_threads_take_turns(url: str) -> None:
    wrong: list[object] = []
    with driver.connect(url) as conn:

        def ask(tag: int) -> None:
            for at in range(50):
                row = conn.query_one("SELECT $1::int, repeat('x', 5000)", [tag * 1000 + at])
                if row is None or row[0] != tag * 1000 + at:
                    wrong.append(row)

        threads = [threading.Thread(target=ask, args=(tag,)) for tag in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_a_deadline_holds(url: str) -> None:
    from ferrow._core import PgSession

    with driver.connect(url) as conn:
        session: PgSession = conn._core._wire._session  # type: ignore[attr-defined]
        with pytest.raises(QueryTimeout):
            session.script_blocking("SELECT pg_sleep(60)", 0.05)
