"""What a change means is the same everywhere: which values it sees, and which rows it counts. MySQL's ways are others by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, Computed, Mapped, insert, mapped_column, update
from ferrow.errors import NotSupportedError, UniqueViolation
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.sessions import session_of


class Pair(Base):
    __tablename__ = "pairs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True, max_length=20)
    code: Mapped[int] = mapped_column(unique=True)
    a: Mapped[int] = mapped_column(default=1)
    b: Mapped[int] = mapped_column(default=2)
    total: Mapped[int] = mapped_column(Computed("a + b"))


@pytest.fixture
def session(engine: Any, colour: str, runner: Runner) -> Any:
    """A session with two pairs."""
    made = session_of(engine, colour)

    async def fill() -> None:
        await maybe(engine.create_all(Pair))
        await maybe(made.insert_all([Pair(name="x", code=1), Pair(name="y", code=2)]))

    runner.run(fill())
    return made


async def pairs(session: Any) -> Any:
    return await maybe(session.query(Pair).order_by("id").values_list("name", "a", "b"))


async def test_assignments_see_the_row_as_it_was(session: Any, mysql: bool) -> None:
    swapped = session.query(Pair).filter(name="x")
    if mysql:
        with pytest.raises(NotSupportedError, match="one column after the other"):
            await maybe(swapped.update(a=Pair.b, b=Pair.a))
        await maybe(swapped.update(a=2, b=1))
    else:
        await maybe(swapped.update(a=Pair.b, b=Pair.a))
    assert await pairs(session) == [("x", 2, 1), ("y", 1, 2)]
    one = await maybe(session.query(Pair).filter(name="x").one())
    await maybe(session.update(one, a=Pair.a + 10, b=Pair.a))
    assert (one.a, one.b, one.total) == (12, 2, 14)


async def test_rows_that_stay_equal_count(session: Any) -> None:
    assert await maybe(session.query(Pair).update(a=1)) == 2
    assert (await maybe(session.execute(update(Pair).values(b=2)))).rowcount == 2
    one = await maybe(session.query(Pair).filter(name="x").one())
    await maybe(session.update(one, a=1))
    await maybe(session.update(one))
    assert await maybe(session.query(Pair).filter(name="none").update(a=1)) == 0


async def test_the_condition_of_a_conflict_is_asked_once(session: Any) -> None:
    def statement(a: int) -> Any:
        row = insert(Pair).values(name="x", code=1, a=a, b=a)
        return row.on_conflict_do_update("name", ["a", "b"], where=Pair.a < a)

    await maybe(session.execute(statement(5)))
    assert (await pairs(session))[0] == ("x", 5, 5)
    await maybe(session.execute(statement(4)))
    assert (await pairs(session))[0] == ("x", 5, 5)


async def test_conflicts_with_another_key_are_errors(session: Any) -> None:
    for options in ({}, {"do_nothing": True}):
        with pytest.raises(UniqueViolation):
            await maybe(session.upsert(Pair(name="new", code=2), "name", **options))
    assert await pairs(session) == [("x", 1, 2), ("y", 1, 2)]


async def test_how_many_a_conflict_counts(session: Any) -> None:
    row = insert(Pair).values(name="x", code=1, a=9)
    assert (await maybe(session.execute(row.on_conflict_do_nothing("name")))).rowcount == 0
    assert (await maybe(session.execute(row.on_conflict_do_update("name", ["a"])))).rowcount == 1
    assert (await maybe(session.execute(row.on_conflict_do_update("name", ["a"])))).rowcount == 1
    rows = insert(Pair).values({"name": "x", "code": 1, "a": 3}, {"name": "z", "code": 3, "a": 3})
    assert (await maybe(session.execute(rows.on_conflict_do_nothing("name")))).rowcount == 1
    assert (await maybe(session.execute(rows.on_conflict_do_update("name", ["a"])))).rowcount == 2
