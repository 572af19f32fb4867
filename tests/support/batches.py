"""A table of numbers for `execute_batch` to fill, and what it holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import maybe

WRONG = "INSERT INTO nowhere VALUES (1)"


@pytest.fixture
def table(conn: Any, runner: Any) -> Any:
    runner.run(maybe(conn.script("CREATE TABLE t (n integer PRIMARY KEY, text text)")))
    return conn
