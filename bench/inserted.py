"""What the cases share that insert instances and want their keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from bench.data import COLUMNS, USERS

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.ext.asyncio import AsyncEngine

NAMES = COLUMNS[1:]


def instances(model: Callable[..., Any], rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Instances without a key."""
    return [model(**dict(zip(NAMES, row[1:], strict=True))) for row in rows]


def check(given: Any, rows: Iterable[tuple[Any, ...]]) -> None:
    """Every instance has its values still, and a key of its own in the order in which they were given."""
    keys = [instance.id for instance in given]
    if len(keys) != USERS or keys != sorted(set(keys)):
        raise AssertionError(f"the keys are not those of {USERS} rows in order: {keys[:20]}")
    for instance, row in zip(given, rows, strict=True):
        if tuple([getattr(instance, name) for name in NAMES]) != row[1:]:
            raise AssertionError(f"{instance!r} is not {row!r}")


def adding(
    engine: Engine, empty: str, make: Callable[[], list[Any]]
) -> tuple[Callable[[], object], Callable[[], None]]:
    """How SQLAlchemy adds what `make` gives, and what comes before it."""
    from sqlalchemy import text
    from sqlalchemy.orm import Session

    given: list[Any] = []

    def before() -> None:
        with engine.begin() as conn:
            conn.execute(text(empty))
        given[:] = make()

    def run() -> object:
        with Session(engine, expire_on_commit=False) as session:
            session.add_all(given)
            session.flush()
            session.commit()
        return given

    return run, before


def adding_async(
    engine: AsyncEngine, empty: str, make: Callable[[], list[Any]]
) -> tuple[Callable[[], Awaitable[object]], Callable[[], Awaitable[None]]]:
    """The same, awaited."""
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import AsyncSession

    given: list[Any] = []

    async def before() -> None:
        async with engine.begin() as conn:
            await conn.execute(text(empty))
        given[:] = make()

    async def run() -> object:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            session.add_all(given)
            await session.flush()
            await session.commit()
        return given

    return run, before
