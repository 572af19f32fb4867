from collections.abc import Iterator
from pathlib import Path

import pytest

from ferrow._core import SqliteConnection


@pytest.fixture
def db() -> Iterator[SqliteConnection]:
    connection = SqliteConnection(":memory:")
    yield connection
    connection.close()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "test.db")


@pytest.fixture
def file_db(path: str) -> Iterator[SqliteConnection]:
    connection = SqliteConnection(path)
    yield connection
    connection.close()
