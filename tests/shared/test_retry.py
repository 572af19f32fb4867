"""`ferrow.retry` and `retrying`: a whole transaction again."""

from __future__ import annotations

from typing import Any

import pytest

import ferrow
from ferrow import Base, Mapped, mapped_column
from ferrow.errors import CommitUnknown, DeadlockDetected, OperationalError, ProgrammingError, SerializationFailure
from tests.support import entered, maybe


class Work:
    """A function that fails so many times."""

    def __init__(self, colour: str, *errors: Exception) -> None:
        self.errors = [*errors]
        self.calls = 0
        self.colour = colour

    def __call__(self) -> Any:
        return self.later() if self.colour == "async" else self.now()

    def now(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    async def later(self) -> str:
        return self.now()


async def test_conflicts_are_tried_again(colour: str) -> None:
    work = Work(colour, SerializationFailure("a"), DeadlockDetected("b"), SerializationFailure("c"))
    assert await maybe(ferrow.retry(work, wait=0)) == "done"
    assert work.calls == 4


async def test_other_errors_are_not(colour: str) -> None:
    work = Work(colour, OperationalError("no"))
    with pytest.raises(OperationalError, match="no"):
        await maybe(ferrow.retry(work))
    assert work.calls == 1
    work = Work(colour, OperationalError("no"))
    assert await maybe(ferrow.retry(work, on=OperationalError, wait=0)) == "done"


async def test_so_many_times(colour: str) -> None:
    work = Work(colour, *[SerializationFailure(str(n)) for n in range(9)])
    with pytest.raises(SerializationFailure, match="2") as raised:
        await maybe(ferrow.retry(work, attempts=3, wait=0))
    assert work.calls == 3
    assert raised.value.__notes__ == ["given up after 3 attempts"]


async def test_never_after_commit_unknown(colour: str) -> None:
    work = Work(colour, CommitUnknown("lost"))
    with pytest.raises(CommitUnknown):
        await maybe(ferrow.retry(work, on=(OperationalError, CommitUnknown), wait=0))
    assert work.calls == 1


async def test_pauses_grow_and_differ(colour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ferrow.engine.conflicts import Rules

    rules = Rules(9, SerializationFailure, 0.1, 0.5)
    pauses = [[rules.pause(n, SerializationFailure()) for n in range(1, 6)] for _ in range(200)]
    for number, longest in enumerate((0.1, 0.2, 0.4, 0.5, 0.5)):
        found = [one[number] for one in pauses]
        assert 0 <= min(found) < longest / 4
        assert longest * 3 / 4 < max(found) <= longest


async def test_decorators(colour: str) -> None:
    calls: list[tuple[int, int]] = []

    def add(a: int, b: int) -> int:
        """Add."""
        calls.append((a, b))
        if len(calls) < 3:
            raise SerializationFailure
        return a + b

    async def add_async(a: int, b: int) -> int:
        """Add."""
        return add(a, b)

    plain: Any = add_async if colour == "async" else add
    again = ferrow.retrying(attempts=3, wait=0)(plain)
    assert again.__doc__ == "Add."
    assert await maybe(again(1, b=2)) == 3
    assert calls == [(1, 2)] * 3
    calls.clear()
    assert await maybe(ferrow.retrying(plain)(3, 4)) == 7


async def test_mistakes(engine: Any, colour: str) -> None:
    async with entered(engine.transaction()):
        with pytest.raises(ProgrammingError, match="inside a transaction has nothing to try again"):
            await maybe(ferrow.retry(Work(colour)))
    with pytest.raises(ProgrammingError, match="a whole number from 1 on, not 0"):
        ferrow.retry(Work(colour), attempts=0)
    with pytest.raises(ProgrammingError, match="classes of exceptions, not 'x'"):
        ferrow.retry(Work(colour), on="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


class Account(Base):
    __tablename__ = "retry_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    cents: Mapped[int]


@pytest.mark.only(backend=("postgresql", "mariadb"))  # on SQLite writers wait for each other
async def test_a_real_conflict(engine: Any, url: str, session: Any, colour: str, backend: str, mysql: bool) -> None:
    if mysql:
        pytest.skip("a REPEATABLE READ of MySQL does not fail when somebody else has changed the row")
    mariadb = backend == "mariadb"  # whose serializable reads lock: whoever writes waits
    await maybe(engine.create_all(Account))
    await maybe(session.insert(Account(cents=1)))
    tried: list[int] = []

    async def work() -> None:
        async with entered(session.begin(isolation="repeatable read" if mariadb else "serializable")):
            if mariadb:
                await maybe(session.execute_raw("SET innodb_snapshot_isolation = ON"))
            one = await maybe(session.get(Account, 1))
            tried.append(one.cents)
            if len(tried) == 1:  # somebody else, meanwhile
                _elsewhere(url)
            await maybe(session.update(one, cents=one.cents + 1))

    def work_sync() -> None:
        from ferrow.wire.drive import drive

        drive(work())

    await maybe(ferrow.retry(work if colour == "async" else work_sync))
    assert tried == [1, 10]
    assert (await maybe(session.get(Account, 1))).cents == 11


def _elsewhere(url: str) -> None:
    from ferrow import create_engine

    other = create_engine(url)
    other.execute("UPDATE retry_accounts SET cents = 10")
    other.close()
