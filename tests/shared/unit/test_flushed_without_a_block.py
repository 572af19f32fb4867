"""flush() of a session outside of any block is committed at once: no rollback() takes it back."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.support import entered, maybe
from tests.support.units import Mistake

pytestmark = pytest.mark.only(style="declarative")


async def test_what_was_flushed_is_there_after_rollback(session: Any, models: ModuleType) -> None:
    one, later = models.Item(name="a"), models.Item(name="b")
    session.add(one)
    await maybe(session.flush())
    key = one.id
    session.add(later)
    await maybe(session.rollback())
    assert (one.id, session.new) == (key, [])
    session.delete(one)
    await maybe(session.flush())
    await maybe(session.rollback())
    assert await maybe(session.query(models.Item).count()) == 0


async def test_what_failed_has_no_key(session: Any, models: ModuleType) -> None:
    there, one, bad = models.Item(name="a"), models.Item(name="b"), models.Item(name="a")
    session.add(there)
    await maybe(session.flush())
    session.add_all([one, bad])
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        await maybe(session.flush())
    assert (there.id is None, one.id) == (False, None)
    await maybe(session.rollback())
    assert session.new == []


async def test_what_was_flushed_in_a_transaction_that_failed_is_taken_back(
    session: Any, engine: Any, models: ModuleType
) -> None:
    before, one = models.Item(name="a"), models.Item(name="b")
    session.add(before)
    await maybe(session.flush())
    with pytest.raises(Mistake):
        async with entered(engine.transaction()):
            session.add(one)
            await maybe(session.flush())
            assert one.id is not None
            raise Mistake
    await maybe(session.rollback())
    assert (before.id is None, one.id) == (False, None)
    session.add(one)
    await maybe(session.commit())
    assert await maybe(session.query(models.Item).count()) == 2
