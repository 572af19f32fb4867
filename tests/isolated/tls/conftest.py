"""Certificates for the servers and clients of these tests, and how they connect in both colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ferrow import driver
from tests.support.certificates import Authority, Certificate
from tests.support.tls_server import TlsServer, programs
from tests.support.tls_server import tls_server as serve


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def certificate(authority: Authority) -> Certificate:
    """That of a server which is called localhost, 127.0.0.1 and db.example."""
    return authority.issue("server", "localhost", "127.0.0.1", "db.example", "*.wild.example")


@pytest.fixture
def connect(colour: str) -> Callable[..., Any]:
    return driver.connect if colour == "sync" else driver.connect_async


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without ~/.postgresql, whatever there is on this machine."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def tls_server(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority, certificate: Certificate
) -> Iterator[TlsServer]:
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL with TLS is installed (apt install postgresql)")
    # Not below pytest's own folder, which another user cannot enter.
    with TemporaryDirectory() as folder, serve(Path(folder), found, certificate, authority.cert) as server:
        yield server
