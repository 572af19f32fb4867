"""The pauses of a listener between its attempts to connect; that it makes them is shown in tests/isolated/test_listener_outages.py."""

from __future__ import annotations

from ferrow.driver.backoff import Backoff


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
