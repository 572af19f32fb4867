"""The pauses of a listener between its attempts to connect; that it makes them is shown in tests/isolated/test_listener_outages.py."""

from __future__ import annotations

import pytest

from ferrow.driver.backoff import Backoff, permanent
from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError, NotSupportedError, OperationalError


def test_clients_of_a_restarted_server_do_not_come_back_all_at_once() -> None:
    first = {Backoff(1, 30).delay() for _ in range(200)}
    assert len(first) > 150
    assert 0.5 <= min(first) < 0.6 < 0.9 < max(first) <= 1


def test_pauses_double_up_to_the_longest() -> None:
    backoff = Backoff(1, 6)
    for ceiling in (1, 2, 4, 6, 6, 6):
        assert ceiling / 2 <= backoff.delay() <= ceiling
    backoff.reset()
    assert backoff.delay() <= 1


@pytest.mark.parametrize(
    ("code", "in_vain"),
    [
        ("28P01", True),  # a wrong password
        ("28000", True),  # pg_hba.conf
        ("3D000", True),  # no such database
        ("42501", True),  # no right to connect
        ("42P01", False),
        ("53300", False),  # too many connections
        ("55000", False),
        ("57P03", False),  # it starts up
        (None, False),
    ],
)
def test_what_trying_again_cannot_mend(code: str | None, in_vain: bool) -> None:
    error: DatabaseError
    for error in (OperationalError("refused"), ConnectionLost("refused")):
        error.sqlstate = code
        assert permanent(error) is in_vain
    for error in (InterfaceError("refused"), NotSupportedError("refused")):
        error.sqlstate = code
        assert permanent(error)
