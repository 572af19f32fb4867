"""What a caller may say about time, and what the error says."""

from __future__ import annotations

import math
from typing import Any

import pytest

from ferrow.errors import InterfaceError
from ferrow.wire.deadline import late, limit
from ferrow.wire.url import parse


@pytest.mark.parametrize(
    ("timeout", "default", "seconds"),
    [(None, None, None), (None, 2.0, 2.0), (1, None, 1), (1.5, 2.0, 1.5), (math.inf, 2.0, None)],
)
def test_a_call_wins_over_the_option(timeout: float | None, default: float | None, seconds: float | None) -> None:
    assert limit(timeout, default) == seconds


@pytest.mark.parametrize("wrong", [0, -1, -math.inf, math.nan, "1", True, [1]])
def test_what_is_no_time_is_refused(wrong: Any) -> None:
    with pytest.raises(InterfaceError, match="timeout="):
        limit(wrong, None)


def test_the_error_names_time_and_statement() -> None:
    error = late(0.19999, "SELECT\n    1")
    assert str(error) == "the statement did not end within 0.2 s, and is being cancelled: SELECT 1"
    assert error.query == "SELECT\n    1"
    assert error.sent
    unsent = late(3, "x" * 500, sent=False)
    assert "not begun within 3 s" in str(unsent)
    assert len(str(unsent)) < 250
    assert not unsent.sent


def test_a_password_in_the_statement_is_not_shown_though_its_query_is_known() -> None:
    error = late(1, "ALTER ROLE ada PASSWORD 'hunter2' VALID UNTIL 'tomorrow'")
    assert str(error).endswith("is being cancelled: ALTER ROLE ada PASSWORD '…'")
    assert "hunter2" in (error.query or "")
    assert "hunter2" not in str(late(1, "SELECT $x$hunter2$x$", sent=False))


@pytest.mark.parametrize("url", ["postgresql://u@localhost/db", "sqlite::memory:"])
def test_the_option_is_for_both_databases(url: str) -> None:
    assert parse(url, environ={}).command_timeout is None
    assert parse(f"{url}?command_timeout=2.5", environ={}).command_timeout == 2.5
    assert parse(url, environ={}, command_timeout=0).command_timeout is None
    for wrong in (-1, "soon", math.inf):
        with pytest.raises(InterfaceError, match="command_timeout"):
            parse(url, environ={}, command_timeout=wrong)
