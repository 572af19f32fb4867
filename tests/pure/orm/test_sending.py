"""For what a statement waits that is sent in a transaction, and for what a savepoint: no more than the other kind on its own connection."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.orm.unit.sending import Sending
from ferrow.wire.drive import drive


class Impatient:
    """A world in which nobody waits, but all that would is counted."""

    def __init__(self) -> None:
        self.waits = 0

    def waiter(self) -> Impatient:
        return self

    async def wait(self, seconds: float) -> bool:
        self.waits += 1
        return False

    def set(self) -> None:
        """Nobody waits."""


@pytest.fixture
def sending() -> Sending:
    return Sending()


def begins(sending: Sending, mine: str, connection: str) -> bool:
    """Whether something can be sent at once."""
    world: Any = Impatient()
    drive(sending.begin(world, 1, mine, connection))
    return not world.waits


def savepoint(sending: Sending, connection: str, *own: str) -> bool:
    """Whether nothing is under way."""
    world: Any = Impatient()
    drive(sending.ended(world, 1, own, connection))
    return not world.waits


def test_a_statement_waits_for_the_savepoint_of_its_connection(sending: Sending) -> None:
    sending.stop("savepoint", "first")
    assert begins(sending, "elsewhere", "second")
    assert not begins(sending, "statement", "first")
    sending.go_on("savepoint")
    assert begins(sending, "another", "first")


def test_what_a_savepoint_waits_for_does_not_wait_for_it(sending: Sending) -> None:
    assert begins(sending, "here", "first")
    assert begins(sending, "elsewhere", "second")
    sending.stop("savepoint", "first")
    assert begins(sending, "here", "first")
    assert not begins(sending, "elsewhere", "first")


def test_a_savepoint_waits_for_what_others_have_under_way_on_its_connection(sending: Sending) -> None:
    assert savepoint(sending, "first")
    assert begins(sending, "mine", "first")
    assert savepoint(sending, "second")
    assert savepoint(sending, "first", "mine")
    assert not savepoint(sending, "first", "another")
    sending.logged("mine")
    assert savepoint(sending, "first")
