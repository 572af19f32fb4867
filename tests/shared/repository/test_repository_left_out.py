"""A trigger that leaves rows out: a repository keeps all instances or none; calls of one statement say what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

import ferrow.crud
import ferrow.crud.sync
from ferrow.crud.errors import InsertFailed
from tests.support import entered, maybe
from tests.support.sessions import session_of

TRIGGERS = {
    "postgresql": (
        "CREATE FUNCTION less() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN IF NEW.name = ''n5'' THEN RETURN NULL; END IF; RETURN NEW; END'",
        "CREATE TRIGGER less BEFORE INSERT ON left_out FOR EACH ROW EXECUTE FUNCTION less()",
    ),
    "sqlite": ("CREATE TRIGGER less BEFORE INSERT ON left_out WHEN new.name = 'n5' BEGIN SELECT raise(IGNORE); END",),
}
SHORTER = r"rows is shorter than that of instances of LeftOut: {}, {}. A trigger or a rule"


@dataclass
class LeftOut:
    __tablename__ = "left_out"

    name: str
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})


@pytest.fixture
def repo(bare: Any, backend: str, runner: Any) -> Any:
    async def create() -> Any:
        made = bare.repo(LeftOut)
        await maybe(bare.engine.create_all(LeftOut))
        for sql in TRIGGERS[backend]:
            await maybe(bare.engine.execute(sql))
        return made

    return runner.run(create())


def some(count: int) -> list[LeftOut]:
    return [LeftOut(f"n{number}") for number in range(count)]


@pytest.mark.only(backend=("postgresql", "sqlite"))
@pytest.mark.parametrize("count", [6, 80])
async def test_none_is_kept(repo: Any, bare: Any, colour: str, count: int) -> None:
    """Of few rows and of so many that they go as arrays."""
    given = some(count)
    with pytest.raises(ValueError, match=SHORTER.format(count - 1, count)):
        await maybe(repo.insert_many(given))
    assert await maybe(repo.count()) == 0
    assert {one.id for one in given} == {None}
    with pytest.raises(ValueError, match="let this error leave the transaction, which undoes them"):
        async with entered(bare.engine.transaction()):
            await maybe(repo.insert_many(given))
    assert await maybe(repo.count()) == 0
    async with entered(session_of(bare.engine, colour)) as unit:
        unit.add_all(given)
        with pytest.raises(ValueError, match="rows is shorter"):
            await maybe(unit.commit())
        await maybe(unit.rollback())
    assert await maybe(repo.count()) == 0
    assert {one.id for one in given} == {None}
    kept = await maybe(repo.insert_many(some(5)))
    assert [one.name for one in await maybe(repo.list(order_by="id"))] == [one.name for one in kept]


@pytest.mark.only(backend=("postgresql", "sqlite"))
@pytest.mark.parametrize("count", [6, 80])
async def test_calls_of_one_statement_say_what_is_committed(repo: Any, bare: Any, colour: str, count: int) -> None:
    """Sessions and functions send it alone, without BEGIN and COMMIT around it."""
    session, given = session_of(bare.engine, colour), some(count)
    with pytest.raises(ValueError, match=SHORTER.format(count - 1, count) + f".*; the {count - 1} are committed"):
        await maybe(session.insert_all(given))
    assert ({one.id for one in given}, await maybe(repo.count())) == ({None}, count - 1)
    with pytest.raises(ValueError, match="let this error leave the transaction"):
        async with entered(session.begin()):
            await maybe(session.insert_all(given))
    assert await maybe(repo.count()) == count - 1
    functions: Any = ferrow.crud if colour == "async" else ferrow.crud.sync
    functions.ConnectionManager.use(bare.engine)
    try:
        with pytest.raises(InsertFailed, match=f"came back. A trigger or a rule .*; the {count - 1} are committed"):
            await maybe(functions.insert_many(some(count)))
    finally:
        await maybe(functions.ConnectionManager.close())
    assert await maybe(repo.count()) == 2 * (count - 1)
