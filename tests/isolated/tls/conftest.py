"""Certificates for the servers and clients of these tests, and how they connect in both colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from tests.support.certificates import Authority, Certificate


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
