"""How a login is bound to its TLS channel, and which passwords may go through it: on a server that speaks TLS itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes

from ferrow.errors import OperationalError
from tests.support import entered, maybe
from tests.support.certificates import Authority, Certificate
from tests.support.tls_proxy import tls_proxy
from tests.support.tls_server import TlsServer

Connect = Callable[..., Any]


async def encrypted(connect: Connect, url: str) -> bool:
    async with entered(await maybe(connect(url))) as conn:
        row = await maybe(conn.query_one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
        found: bool = row[0]
        return found


@pytest.fixture
def again(tls_server: TlsServer, certificate: Certificate) -> Iterator[None]:
    """The server's own certificate once the test has given it another."""
    yield
    tls_server.use(certificate)


@pytest.mark.parametrize("mode", ["allow", "prefer", "require", "verify-ca", "verify-full"])
@pytest.mark.parametrize("binding", ["disable", "prefer", "require"])
async def test_every_mode_that_encrypts(
    connect: Connect, tls_server: TlsServer, authority: Authority, mode: str, binding: str
) -> None:
    url = tls_server.url(sslmode=mode, sslrootcert=authority.cert, channel_binding=binding)
    assert await encrypted(connect, url)


async def test_without_encryption_the_server_says_why(connect: Connect, tls_server: TlsServer) -> None:
    with pytest.raises(OperationalError, match="no encryption"):
        await maybe(connect(tls_server.url(sslmode="disable")))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("sha384", {"key": "ec", "digest": hashes.SHA384(), "own_signature": True}),
        ("sha512", {"key": "rsa", "digest": hashes.SHA512(), "own_signature": True}),
        ("pss", {"key": "rsa", "digest": hashes.SHA384(), "own_signature": True, "pss": True}),
    ],
)
@pytest.mark.usefixtures("again")
async def test_the_hash_of_the_certificate_is_the_one_the_server_takes(
    connect: Connect, tls_server: TlsServer, authority: Authority, name: str, made: dict[str, Any]
) -> None:
    tls_server.use(authority.issue(name, "localhost", **made))
    assert await encrypted(connect, tls_server.url(sslmode="require", channel_binding="require"))


@pytest.mark.usefixtures("again")
async def test_a_certificate_without_a_hash(connect: Connect, tls_server: TlsServer, authority: Authority) -> None:
    tls_server.use(authority.issue("ed", "localhost", key="ed25519", own_signature=True))
    assert await encrypted(connect, tls_server.url(sslmode="require"))
    with pytest.raises(OperationalError, match=r"channel_binding=require.*Ed25519"):
        await maybe(connect(tls_server.url(sslmode="require", channel_binding="require")))


async def test_somebody_in_between_is_found_out(
    connect: Connect, tls_server: TlsServer, authority: Authority, certificate: Certificate
) -> None:
    """Who has a certificate of the same authority could pass a login on that is not bound to the channel."""
    other = authority.issue("eavesdropper", "localhost")
    with tls_proxy(tls_server.url(), other, behind=True) as between:
        trusting = {"sslmode": "verify-full", "sslrootcert": str(authority.cert)}
        assert await encrypted(connect, between.at("localhost", **trusting, channel_binding="disable"))
        for binding in ("prefer", "require"):
            with pytest.raises(OperationalError, match="channel binding"):
                await maybe(connect(between.at("localhost", **trusting, channel_binding=binding)))
    with tls_proxy(tls_server.url(), certificate, behind=True) as between:  # the server's own: nothing to be found out
        assert await encrypted(connect, between.at("localhost", **trusting, channel_binding="require"))


@pytest.mark.parametrize("user", ["clear", "old"])
async def test_a_password_needs_a_server_that_has_proved_who_it_is(
    connect: Connect, tls_server: TlsServer, authority: Authority, user: str
) -> None:
    option = {"clear": "allow_cleartext_password", "old": "allow_md5_password"}[user]
    with pytest.raises(OperationalError, match=f"sslmode=verify-full.*{option}"):
        await maybe(connect(tls_server.url(user, sslmode="require")))
    assert await encrypted(connect, tls_server.url(user, sslmode="require", **{option: 1}))
    for mode in ("verify-ca", "verify-full", "require"):
        assert await encrypted(connect, tls_server.url(user, sslmode=mode, sslrootcert=authority.cert))
    with pytest.raises(OperationalError, match="require_auth"):
        await maybe(
            connect(
                tls_server.url(user, sslmode="verify-full", sslrootcert=authority.cert, require_auth="scram-sha-256")
            )
        )
    with pytest.raises(OperationalError, match="channel_binding=require"):
        await maybe(
            connect(tls_server.url(user, sslmode="verify-full", sslrootcert=authority.cert, channel_binding="require"))
        )


async def test_a_client_certificate_instead_of_a_password(
    connect: Connect, tls_server: TlsServer, authority: Authority
) -> None:
    mine = authority.issue("login", common_name="cert")
    other = authority.issue("other-login", common_name="ada")
    url = tls_server.url("cert", sslmode="verify-full", sslrootcert=authority.cert)
    assert await encrypted(connect, f"{url}&sslcert={mine.cert}&sslkey={mine.key}&require_auth=none")
    with pytest.raises(OperationalError, match="certificate"):
        await maybe(connect(f"{url}&sslcert={other.cert}&sslkey={other.key}"))
    with pytest.raises(OperationalError, match="certificate"):
        await maybe(connect(url))


async def test_what_runs_is_cancelled(tls_server: TlsServer, authority: Authority) -> None:
    from ferrow import driver

    url = tls_server.url(sslmode="verify-full", sslrootcert=authority.cert)
    async with await driver.connect_async(url) as conn:
        for _ in range(5):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    await conn.execute("SELECT pg_sleep(60)")
            assert (await conn.query_one("SELECT 7"))[0] == 7
