"""Which bytes go where, for each sslmode and each thing a server may do (libpq's 005_negotiate_encryption)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import InterfaceError, OperationalError
from tests.support import entered, maybe
from tests.support.certificates import Authority, Certificate
from tests.support.tls_proxy import tls_proxy

pytestmark = pytest.mark.postgresql

CLOSE_NOTIFY = bytes.fromhex("15 0303 0002 01 00")
"""An alert of TLS: nothing more will come."""

# What the server does with those in plain text ("-": it turns them away) and in TLS, and what it answers to an SSLRequest.
# What the client then does; "!" stands for an error in its program.
TABLE = """
sslmode      negotiation  plain  tls  answer     | events
disable      postgres     +      +    accepts    | startup plain
disable      postgres     -      +    accepts    | startup plain, !
allow        postgres     +      +    accepts    | startup plain
allow        postgres     -      +    accepts    | startup plain, SSLRequest, S, TLS, startup encrypted
allow        postgres     -      -    accepts    | startup plain, SSLRequest, S, TLS, startup encrypted, !
allow        postgres     -      +    refuses    | startup plain, SSLRequest, N, !
allow        postgres     -      +    error      | startup plain, SSLRequest, error, !
allow        postgres     -      +    garbage    | startup plain, SSLRequest, garbage, !
prefer       postgres     +      +    accepts    | SSLRequest, S, TLS, startup encrypted
prefer       postgres     +      -    accepts    | SSLRequest, S, TLS, startup encrypted, startup plain
prefer       postgres     -      -    accepts    | SSLRequest, S, TLS, startup encrypted, startup plain, !
prefer       postgres     +      +    refuses    | SSLRequest, N, startup plain
prefer       postgres     -      +    refuses    | SSLRequest, N, startup plain, startup plain, !
prefer       postgres     +      +    error      | SSLRequest, error, startup plain
prefer       postgres     +      +    garbage    | SSLRequest, garbage, !
prefer       postgres     +      +    closes     | SSLRequest, closes, !
prefer       postgres     +      +    stuffed    | SSLRequest, stuffed, !
prefer       postgres     +      +    stuffed N  | SSLRequest, stuffed N, !
require      postgres     +      +    accepts    | SSLRequest, S, TLS, startup encrypted
require      postgres     +      -    accepts    | SSLRequest, S, TLS, startup encrypted, !
require      postgres     +      +    refuses    | SSLRequest, N, !
require      postgres     +      +    error      | SSLRequest, error, !
require      postgres     +      +    garbage    | SSLRequest, garbage, !
require      postgres     +      +    closes     | SSLRequest, closes, !
require      postgres     +      +    stuffed    | SSLRequest, stuffed, !
require      direct       +      +    accepts    | direct, TLS, startup encrypted
require      direct       +      -    accepts    | direct, TLS, startup encrypted, !
require      direct-      +      +    accepts    | direct, !
verify-ca    postgres     +      +    accepts    | SSLRequest, S, TLS, startup encrypted
verify-ca    postgres     +      +    refuses    | SSLRequest, N, !
verify-ca    direct       +      +    accepts    | direct, TLS, startup encrypted
verify-full  postgres     +      +    accepts    | SSLRequest, S, TLS, startup encrypted
verify-full  postgres     +      +    refuses    | SSLRequest, N, !
verify-full  postgres     +      +    stuffed    | SSLRequest, stuffed, !
verify-full  direct       +      +    accepts    | direct, TLS, startup encrypted
verify-full  direct-      +      +    accepts    | direct, !
"""


def cases() -> list[Any]:
    found = []
    for line in TABLE.strip().splitlines()[1:]:
        conditions, events = line.split(" | ")
        mode, negotiation, plain, tls, answer = conditions.split(None, 4)
        name = f"{mode}-{negotiation}-{plain}{tls}-{answer.strip()}"
        found.append(pytest.param(mode, negotiation, plain, tls, answer.strip(), events.split(", "), id=name))
    return found


@pytest.mark.parametrize(("mode", "negotiation", "plain", "tls", "answer", "events"), cases())
async def test_what_is_said_in_which_order(
    connect: Callable[..., Any],
    postgresql_url: str,
    authority: Authority,
    certificate: Certificate,
    mode: str,
    negotiation: str,
    plain: str,
    tls: str,
    answer: str,
    events: list[str],
) -> None:
    options = {"sslmode": mode, "sslnegotiation": negotiation.rstrip("-")}
    if mode.startswith("verify"):
        options["sslrootcert"] = str(authority.cert)
    behaviour = {"plain": plain == "+", "encrypted": tls == "+", "answer": answer, "direct": negotiation == "direct"}
    with tls_proxy(postgresql_url, certificate, **behaviour) as between:
        if events[-1] == "!":
            with pytest.raises(OperationalError):
                await maybe(connect(between.at("localhost", **options)))
        else:
            async with entered(await maybe(connect(between.at("localhost", **options)))) as conn:
                assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
    assert between.events == [event for event in events if event != "!"]
    if "startup plain" not in events:
        assert between.plain_text == b""


async def test_a_host_that_is_another_machine_is_not_told_who_we_are_in_plain_text(
    connect: Callable[..., Any],
    postgresql_url: str,
    certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ferrow.wire.host.is_local", lambda host: False)
    with tls_proxy(postgresql_url, certificate, answer="refuses") as between:
        with pytest.raises(OperationalError, match=r"does not support TLS.*sslmode=disable"):
            await maybe(connect(between.url))
        assert between.plain_text == b""
        between.answer = "accepts"
        with pytest.raises(
            OperationalError, match=r"certificate was not accepted.*sslrootcert=.*sslmode=require.*sslmode=disable"
        ):
            await maybe(connect(between.url))
        assert between.plain_text == b""
    assert between.events == ["SSLRequest", "N", "SSLRequest", "S"]


async def test_words_of_an_unknown_server_do_nothing_to_a_terminal(
    connect: Callable[..., Any], postgresql_url: str, certificate: Certificate
) -> None:
    with tls_proxy(postgresql_url, certificate, answer="error") as between:
        with pytest.raises(OperationalError, match=r"nobody vouches for it.*too many clients") as caught:
            await maybe(connect(between.at("localhost", sslmode="require")))
    assert "\x1b" not in str(caught.value)


async def test_direct_needs_a_server_that_says_it_is_postgresql(
    connect: Callable[..., Any], postgresql_url: str, certificate: Certificate
) -> None:
    with tls_proxy(postgresql_url, certificate, alpn=False) as between:
        with pytest.raises(OperationalError, match="ALPN"):
            await maybe(connect(between.at("localhost", sslmode="require", sslnegotiation="direct")))
    assert "startup encrypted" not in between.events


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_direct_is_not_for_weak_modes(mode: str) -> None:
    with pytest.raises(InterfaceError, match=f"sslmode={mode}"):
        driver.connect(f"postgresql://u@localhost/d?sslmode={mode}&sslnegotiation=direct")


async def test_both_failures_are_told(
    connect: Callable[..., Any], postgresql_url: str, certificate: Certificate
) -> None:
    with tls_proxy(postgresql_url, certificate, plain=False, encrypted=False) as between:
        with pytest.raises(OperationalError, match="no encryption") as caught:
            await maybe(connect(between.at("localhost", sslmode="prefer")))
    assert "encrypted: no pg_hba.conf entry for this host, SSL encryption" in caught.value.__notes__[0]


async def test_a_host_that_hangs_up_is_followed_by_the_next(
    connect: Callable[..., Any], postgresql_url: str, certificate: Certificate
) -> None:
    with (
        tls_proxy(postgresql_url, certificate, answer="closes") as first,
        tls_proxy(postgresql_url, certificate) as second,
    ):
        url = second.at("localhost", sslmode="require")
        both = url.replace("@localhost:", f"@localhost:{first.port},localhost:")
        async with entered(await maybe(connect(both))) as conn:
            assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
        with pytest.raises(OperationalError, match="closed the connection when it was asked for TLS") as caught:
            await maybe(connect(first.at("localhost", sslmode="require")))
        assert str(caught.value).count("cannot connect") == 1
    assert first.plain_text == b""
    assert first.events == ["SSLRequest", "closes"] * 2


@pytest.mark.parametrize("negotiation", ["postgres", "direct"])
@pytest.mark.parametrize("goodbye", [b"", CLOSE_NOTIFY], ids=["rudely", "politely"])
async def test_so_is_one_that_hangs_up_in_the_handshake(
    connect: Callable[..., Any],
    postgresql_url: str,
    certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
    negotiation: str,
    goodbye: bytes,
) -> None:
    """It is a proxy whose server is down."""
    with tls_proxy(postgresql_url, certificate) as first, tls_proxy(postgresql_url, certificate) as second:

        async def gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes) -> None:
            if goodbye:
                if not first:
                    await reader.read(1 << 16)
                writer.write(goodbye)
                await writer.drain()
            raise EOFError

        monkeypatch.setattr(first, "_encrypt", gone)
        url = second.at("localhost", sslmode="require", sslnegotiation=negotiation)
        both = url.replace("@localhost:", f"@localhost:{first.port},localhost:")
        async with entered(await maybe(connect(both))) as conn:
            assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
        with pytest.raises(OperationalError, match="the connection ended while TLS was being set up") as caught:
            await maybe(connect(first.at("localhost", sslmode="require", sslnegotiation=negotiation)))
        assert str(caught.value).count("cannot connect") == 1
    assert first.plain_text == b""
