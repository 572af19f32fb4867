"""What lies between two records is nobody's business but TLS's: pieces of one byte, records that were tampered with, an end in between."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.errors import ConnectionLost, OperationalError
from tests.support import entered, maybe
from tests.support.certificates import Authority, Certificate
from tests.support.hostile import message
from tests.support.loops import Run, run
from tests.support.tls_proxy import Encrypted, Plain, TlsProxy, tls_proxy

__all__ = ["run"]

pytestmark = pytest.mark.postgresql
ROWS = "SELECT i, repeat('x', 300) FROM generate_series(1, $1) i"
SPOILT = b"\x17\x03\x03\x00\x20" + bytes(32)
"""A record of data that nobody can decrypt."""

GOODBYE = message(b"E", b"SFATAL\x00VFATAL\x00C57P01\x00Mterminating connection due to administrator command\x00\x00")

Connect = Callable[..., Any]


@pytest.fixture
def between(postgresql_url: str, certificate: Certificate) -> Iterator[TlsProxy]:
    with tls_proxy(postgresql_url, certificate) as found:
        yield found


async def test_pieces_of_one_byte(
    connect: Connect, between: TlsProxy, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Plain.write

    async def crumbs(self: Plain, data: bytes) -> None:
        for at in range(len(data)):
            await whole(self, data[at : at + 1])

    monkeypatch.setattr(Plain, "write", crumbs)
    url = between.at("localhost", sslmode="verify-full", sslrootcert=str(authority.cert))
    async with entered(await maybe(connect(url))) as conn:
        found = await maybe(conn.query(ROWS, [100]))
        assert [row[0] for row in found] == [*range(1, 101)]
        assert await maybe(conn.query_one("SELECT $1::text", ["y" * 40_000])) == ("y" * 40_000,)


@pytest.mark.parametrize("maximum", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
async def test_a_record_that_was_tampered_with_ends_the_connection_and_is_named(
    connect: Connect,
    postgresql_url: str,
    certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
    maximum: ssl.TLSVersion,
) -> None:
    """It is not the server that hangs up."""
    with tls_proxy(postgresql_url, certificate, maximum=maximum) as between:
        conn = await maybe(connect(between.at("localhost", sslmode="require")))

        async def spoilt(self: Encrypted, data: bytes) -> None:
            await Plain.write(self, SPOILT)

        monkeypatch.setattr(Encrypted, "write", spoilt)
        with pytest.raises(
            ConnectionLost, match=r"^the connection was lost: .*(BAD_RECORD_MAC|bad record mac|RECORD_LAYER_FAILURE)"
        ):
            await maybe(conn.query(ROWS, [100]))
        assert conn.is_closed()
        await maybe(conn.close())


async def hears_why_it_ends(
    connect: Connect, url: str, monkeypatch: pytest.MonkeyPatch, rows: int, **options: Any
) -> None:
    """The server has said why, and it is read together with a record that nobody can decrypt."""
    conn = await maybe(connect(url, **options))

    async def last(self: Encrypted, data: bytes) -> None:
        if rows:
            self._tls.write(data)
        self._tls.write(GOODBYE)
        await Plain.write(self, self._outgoing.read() + SPOILT)

    monkeypatch.setattr(Encrypted, "write", last)
    with pytest.raises(OperationalError, match="terminating connection due to administrator command"):
        for _ in range(2 if rows else 1):
            await maybe(conn.query("SELECT $1::int", [rows]))
    assert conn.is_closed()
    await maybe(conn.close())


@pytest.mark.parametrize("rows", [0, 100])
async def test_what_came_before_a_record_that_was_tampered_with_is_heard(
    connect: Connect, between: TlsProxy, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    await hears_why_it_ends(connect, between.at("localhost", sslmode="require"), monkeypatch, rows)


@pytest.mark.parametrize("rows", [0, 100])
def test_it_is_on_every_loop(run: Run, between: TlsProxy, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    run(hears_why_it_ends(driver.connect_async, between.at("localhost", sslmode="require"), monkeypatch, rows))


@pytest.mark.only(colour="async")
async def test_a_context_of_the_program_stays_as_it_is(
    connect: Connect, between: TlsProxy, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(cafile=authority.cert)
    await hears_why_it_ends(connect, between.at("localhost"), monkeypatch, 100, ssl=context)
    assert context.sslobject_class is ssl.SSLObject


async def test_blocking_connections_name_it_though_an_event_loop_uses_their_engine(
    between: TlsProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(between.at("localhost", sslmode="require"), max_size=1)
    try:
        assert await engine.aio.query_one("SELECT 1") == (1,)

        async def spoilt(self: Encrypted, data: bytes) -> None:
            self._tls.write(data[:1])
            await Plain.write(self, self._outgoing.read() + SPOILT)

        with engine.connection() as conn:
            monkeypatch.setattr(Encrypted, "write", spoilt)
            with pytest.raises(ConnectionLost, match=r"BAD_RECORD_MAC|bad record mac|RECORD_LAYER_FAILURE"):
                conn.query(ROWS, [100])
    finally:
        monkeypatch.undo()
        await engine.aio.close()


async def test_an_answer_that_is_cut_off_between_two_records_is_no_answer(
    connect: Connect, between: TlsProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS says goodbye there, as if that were all."""
    conn = await maybe(connect(between.at("localhost", sslmode="require")))
    whole = Encrypted.write

    async def half(self: Encrypted, data: bytes) -> None:
        await whole(self, data[:1000])
        if len(data) > 1000:  # the rows
            await self.end()

    monkeypatch.setattr(Encrypted, "write", half)
    with pytest.raises(ConnectionLost, match="closed the connection in the middle of a message"):
        await maybe(conn.query(ROWS, [100]))
    await maybe(conn.close())
