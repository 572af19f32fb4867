"""Who sees the sessions of a pool from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.engine import create_engine


@pytest.fixture
def observer(postgresql_url: str) -> Iterator[Any]:
    with create_engine(postgresql_url, max_size=1) as observer:
        yield observer


SESSIONS = "SELECT pid, state FROM pg_stat_activity WHERE application_name = 'ferrow_pool' ORDER BY pid"
