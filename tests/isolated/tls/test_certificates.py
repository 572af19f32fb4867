"""Whom a connection trusts, and whom a server does."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ferrow.errors import InterfaceError, OperationalError
from tests.support import entered, maybe
from tests.support.certificates import Authority, Certificate
from tests.support.tls_proxy import tls_proxy

pytestmark = pytest.mark.postgresql

Connect = Callable[..., Any]


async def answers(connect: Connect, url: str, **options: Any) -> None:
    async with entered(await maybe(connect(url, **options))) as conn:
        assert (await maybe(conn.query_one("SELECT 7")))[0] == 7


async def refused(connect: Connect, url: str, words: str, **options: Any) -> None:
    with pytest.raises(OperationalError, match=words):
        await maybe(connect(url, **options))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("sslsni", ["1", "0"])
async def test_the_right_server(
    connect: Connect, postgresql_url: str, authority: Authority, certificate: Certificate, host: str, sslsni: str
) -> None:
    with tls_proxy(postgresql_url, certificate) as between:
        url = between.at(host, sslmode="verify-full", sslrootcert=str(authority.cert), sslsni=sslsni)
        await answers(connect, url)
    assert between.server_names == ["localhost" if host == "localhost" and sslsni == "1" else None]


@pytest.mark.parametrize("sslsni", ["1", "0"])
async def test_a_certificate_for_another_name(
    connect: Connect, postgresql_url: str, authority: Authority, sslsni: str
) -> None:
    other = authority.issue("other", "db.example", "10.0.0.1")
    with tls_proxy(postgresql_url, other) as between:
        trusting = {"sslrootcert": str(authority.cert), "sslsni": sslsni}
        for host in ("localhost", "127.0.0.1"):
            words = "mismatch.*name that is in the certificate.*sslmode=verify-ca"
            await refused(connect, between.at(host, sslmode="verify-full", **trusting), words)
        await answers(connect, between.at("localhost", sslmode="verify-ca", **trusting))
    assert between.events.count("startup encrypted") == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [("expired", "certificate has expired"), ("unknown", "unable to get local issuer"), ("self", "self[- ]signed")],
)
async def test_a_certificate_that_nobody_vouches_for(
    connect: Connect, postgresql_url: str, authority: Authority, tmp_path: Path, wrong: str, words: str
) -> None:
    bad = {
        "expired": lambda: authority.issue("expired", "localhost", expired=True),
        "unknown": lambda: Authority(tmp_path, "stranger").issue("unknown", "localhost"),
        "self": lambda: authority.issue("self", "localhost", own_signature=True),
    }[wrong]()
    with tls_proxy(postgresql_url, bad) as between:
        trusting = {"sslrootcert": str(authority.cert)}
        for mode in ("verify-ca", "verify-full", "require"):  # as libpq: require with authorities asks them
            await refused(connect, between.at("localhost", sslmode=mode, **trusting), words)
        await answers(connect, between.at("localhost", sslmode="require"))
    assert between.events.count("startup encrypted") == 1
    assert between.plain_text == b""


async def test_a_revoked_certificate(
    connect: Connect, postgresql_url: str, authority: Authority, certificate: Certificate
) -> None:
    revoked = authority.issue("revoked", "localhost")
    revocations = {
        "sslrootcert": str(authority.cert),
        "sslcrl": str(authority.revoke(revoked)),
        "sslmode": "verify-full",
    }
    with tls_proxy(postgresql_url, revoked) as between:
        await refused(connect, between.at("localhost", **revocations), "certificate revoked")
    with tls_proxy(postgresql_url, certificate) as between:
        await answers(connect, between.at("localhost", **revocations))


async def test_a_client_that_must_show_a_certificate(
    connect: Connect, postgresql_url: str, authority: Authority, certificate: Certificate, tmp_path: Path
) -> None:
    client = authority.issue("client", common_name="ada")
    stranger = Authority(tmp_path, "stranger").issue("stranger", common_name="ada")
    locked = authority.issue("locked", common_name="ada", passphrase=b"sesame")
    for maximum in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
        with tls_proxy(postgresql_url, certificate, clients=authority.cert, maximum=maximum) as between:
            url = between.at("localhost", sslmode="verify-full", sslrootcert=str(authority.cert))
            await answers(connect, url, sslcert=client.cert, sslkey=client.key)
            await answers(connect, url, sslcert=locked.cert, sslkey=locked.key, sslpassword="sesame")
            await refused(connect, url, "connection was lost|TLS failed|closed the connection|ended while")
            await refused(
                connect,
                url,
                "connection was lost|TLS failed|closed the connection|ended while",
                sslcert=stranger.cert,
                sslkey=stranger.key,
            )


async def test_files_of_the_client_that_cannot_be_used(
    connect: Connect, postgresql_url: str, authority: Authority, certificate: Certificate, tmp_path: Path
) -> None:
    client = authority.issue("mine", common_name="ada")
    locked = authority.issue("locked2", common_name="ada", passphrase=b"sesame")
    open_to_all = tmp_path / "open.key"
    open_to_all.write_bytes(client.key.read_bytes())
    open_to_all.chmod(0o644)
    (tmp_path / "nonsense").write_text("nonsense")
    with tls_proxy(postgresql_url, certificate) as between:
        url = between.at("localhost", sslmode="require")
        for words, options in {
            "no file .*missing": {"sslcert": "/missing"},
            "no private key for": {"sslcert": client.cert},
            "chmod 0600": {"sslcert": client.cert, "sslkey": open_to_all},
            "give it as sslpassword": {"sslcert": locked.cert, "sslkey": locked.key},
            "is not opened by sslpassword": {"sslcert": locked.cert, "sslkey": locked.key, "sslpassword": "wrong"},
            "cannot be used": {"sslcert": client.cert, "sslkey": certificate.key},
            "sslrootcert: .* cannot be used": {"sslrootcert": tmp_path / "nonsense"},
            "sslrootcert: there is no file": {"sslrootcert": "/missing"},
            "sslcrl: .* cannot be used": {"sslrootcert": authority.cert, "sslcrl": tmp_path / "nonsense"},
        }.items():
            with pytest.raises(InterfaceError, match=words) as caught:
                await maybe(connect(url, **options))
            assert "sesame" not in str(caught.value)
        with pytest.raises(InterfaceError, match="sslrootcert=system"):
            await maybe(connect(between.at("localhost", sslmode="verify-full")))
    assert between.events == []


async def test_files_in_the_home_of_the_user(
    connect: Connect, postgresql_url: str, authority: Authority, certificate: Certificate, home: Path
) -> None:
    folder = home / ".postgresql"
    folder.mkdir()
    client = authority.issue("home", common_name="ada")
    (folder / "root.crt").write_bytes(authority.cert.read_bytes())
    (folder / "postgresql.crt").write_bytes(client.cert.read_bytes())
    (folder / "postgresql.key").write_bytes(client.key.read_bytes())
    (folder / "postgresql.key").chmod(0o600)
    with tls_proxy(postgresql_url, certificate, clients=authority.cert) as between:
        await answers(connect, between.at("localhost", sslmode="verify-full"))
    stranger = authority.issue("home2", "localhost", own_signature=True)
    with tls_proxy(postgresql_url, stranger) as between:
        await refused(connect, between.at("localhost", sslmode="require"), "certificate was not accepted")


async def test_the_system_knows_no_private_authority(
    connect: Connect,
    postgresql_url: str,
    authority: Authority,
    certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tls_proxy(postgresql_url, certificate) as between:
        await refused(connect, between.at("localhost", sslrootcert="system"), "certificate was not accepted")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.cert))  # how OpenSSL is told what the system's are
        await answers(connect, between.at("localhost", sslrootcert="system"))


async def test_files_that_have_changed_are_read_again(
    connect: Connect, postgresql_url: str, authority: Authority, tmp_path: Path
) -> None:
    from ferrow.wire.tls_context import secure
    from ferrow.wire.url import parse

    file = tmp_path / "roots.crt"
    file.write_bytes(authority.cert.read_bytes())
    options = parse(f"postgresql://u@h/d?sslmode=verify-full&sslrootcert={file}").tls
    first = secure(options, "verify-full", "h").context
    assert secure(options, "verify-full", "h").context is first
    file.write_bytes(authority.cert.read_bytes() + b"\n")
    assert secure(options, "verify-full", "h").context is not first


async def test_a_context_of_ones_own(connect: Connect, postgresql_url: str, authority: Authority) -> None:
    certificate = authority.issue("strict", "localhost", strict=True)
    context = ssl.create_default_context(cafile=authority.cert)
    with tls_proxy(postgresql_url, certificate) as between:
        await answers(connect, between.at("localhost"), ssl=context)
        await answers(connect, between.at("localhost", sslnegotiation="direct"), ssl=context)
        context = ssl.create_default_context()
        await refused(connect, between.at("localhost"), "given as 'ssl' decides", ssl=context)
    assert between.plain_text == b""


async def test_versions(connect: Connect, postgresql_url: str, certificate: Certificate) -> None:
    with tls_proxy(postgresql_url, certificate, maximum=ssl.TLSVersion.TLSv1_2) as between:
        await answers(connect, between.at("localhost", sslmode="require"))
        url = between.at("localhost", sslmode="require", ssl_min_protocol_version="TLSv1.3")
        await refused(connect, url, "TLS failed: .*protocol version")
        await answers(connect, between.at("localhost", sslmode="require", ssl_max_protocol_version="TLSv1.2"))
