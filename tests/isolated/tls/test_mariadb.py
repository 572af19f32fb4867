"""TLS to a MariaDB server with a certificate of ours, and to one that has none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import InterfaceError, OperationalError
from ferrow.testing.postgres.account import server_account
from tests.support import backends, mariadb
from tests.support.certificates import Authority, Certificate
from tests.support.colours import Runner, maybe

pytestmark = pytest.mark.mariadb


@pytest.fixture(scope="module")
def secured(authority: Authority, certificate: Certificate) -> Iterator[str]:
    """The URL of a server with that certificate, which takes plain text as well."""
    backends.require_mariadb()
    account = server_account()
    with TemporaryDirectory() as folder:
        account.own(Path(folder))
        files = {}
        for name, path in (("cert", certificate.cert), ("key", certificate.key), ("ca", authority.cert)):
            files[name] = Path(shutil.copy(path, folder))
            account.own(files[name])
        with mariadb.started(*[f"--ssl-{name}={path}" for name, path in files.items()]) as url:
            yield url


@pytest.fixture
def cipher(connect: Callable[..., Any], runner: Runner) -> Callable[..., str]:
    """`cipher(url, **options)`: what the connection is encrypted with, empty if it is not."""

    async def ask(url: str, options: dict[str, Any]) -> str:
        conn = connect(url, **options)
        conn = await conn if not isinstance(conn, driver.Connection) else conn
        try:
            return str((await maybe(conn.query_one("SHOW STATUS LIKE 'Ssl_cipher'")))[1])
        finally:
            await maybe(conn.close())

    return lambda url, **options: runner.run(ask(url, options))


def test_modes(secured: str, cipher: Callable[..., str], authority: Authority) -> None:
    root = str(authority.cert)
    assert cipher(secured) == ""  # this machine, as for PostgreSQL
    assert cipher(secured, sslmode="disable") == ""
    assert cipher(f"{secured}?sslmode=prefer")
    assert cipher(f"{secured}?sslmode=require")
    assert cipher(secured, sslmode="verify-ca", sslrootcert=root)
    assert cipher(secured, sslmode="verify-full", sslrootcert=root)
    assert cipher(secured, ssl=True, sslrootcert=root)
    assert cipher(secured.replace("127.0.0.1", "localhost"), sslmode="verify-full", sslrootcert=root)


@pytest.mark.parametrize("sslmode", ["disable", "require"])
async def test_a_closed_connection_has_closed_its_socket(secured: str, sslmode: str) -> None:
    """A loop may end right behind it."""
    conn = await driver.connect_async(secured, sslmode=sslmode)
    socket = conn.wire._conn._writer.get_extra_info("socket")  # type: ignore[attr-defined]
    assert socket.fileno() != -1
    await conn.close()
    assert socket.fileno() == -1


def test_a_server_that_is_not_trusted(
    secured: str, cipher: Callable[..., str], tmp_path: Path, authority: Authority
) -> None:
    other = Authority(tmp_path, "other")
    for options in ({"sslrootcert": str(other.cert)}, {"sslrootcert": "system"}):
        with pytest.raises(OperationalError, match=r"(?i)certificate"):
            cipher(secured, sslmode="verify-full", **options)


def test_a_server_of_another_name(authority: Authority, secured: str, cipher: Callable[..., str]) -> None:
    root = str(authority.cert)
    wrong = secured.replace("127.0.0.1", "127.0.0.2")  # which the certificate does not name
    with pytest.raises(OperationalError):
        cipher(wrong, sslmode="verify-full", sslrootcert=root)


def test_a_server_without_tls(mariadb_url: str, cipher: Callable[..., str], authority: Authority) -> None:
    assert cipher(mariadb_url, sslmode="prefer") == ""
    with pytest.raises(OperationalError, match=r"(TLS|SSL) is required"):
        cipher(mariadb_url, sslmode="require")
    with pytest.raises(OperationalError, match=r"(TLS|SSL) is required"):
        cipher(mariadb_url, ssl=True, sslrootcert=str(authority.cert))


def test_options_that_contradict_each_other(secured: str, cipher: Callable[..., str]) -> None:
    with pytest.raises(InterfaceError, match="drop one"):
        cipher(secured, ssl=False, sslmode="require")
    with pytest.raises(InterfaceError, match="sslmode"):
        cipher(secured, sslmode="verify_full")
    with pytest.raises(InterfaceError, match="nobody is trusted"):
        cipher(secured, sslmode="verify-ca")


def test_a_certificate_of_our_own(
    secured: str, cipher: Callable[..., str], authority: Authority, tmp_path: Path, runner: Runner
) -> None:
    own = authority.issue("client", common_name="ferrow")
    with driver.connect(secured) as admin:
        admin.script("CREATE USER shy REQUIRE X509; GRANT ALL ON *.* TO shy")
    shy = secured.replace(secured.split("//")[1].split("@")[0], "shy")
    root = str(authority.cert)
    try:
        assert cipher(shy, sslmode="verify-full", sslrootcert=root, sslcert=str(own.cert), sslkey=str(own.key))
        with pytest.raises(OperationalError, match="Access denied"):
            cipher(shy, sslmode="verify-full", sslrootcert=root)
    finally:
        with driver.connect(secured) as admin:
            admin.script("DROP USER shy")
