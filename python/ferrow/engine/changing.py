"""Statements that change tables: in one transaction where the database has that for them, and one program after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine


async def change(engine: AsyncEngine, plan: Callable[[], Awaitable[Sequence[str]]]) -> list[str]:
    """Run what `plan` asks for when nobody else changes tables; it is asked in the transaction, and may read in it."""
    answers = answers_of(engine.dialect)
    lock, unlock = answers.lock(), answers.unlock()
    async with engine.transaction() as transaction:
        if lock is not None:
            await transaction.script(lock)
        try:
            statements = await plan()
            for statement in statements:
                await transaction.script(statement)
        finally:
            if unlock is not None:
                await transaction.script(unlock)
    return [*statements]


async def run_all(engine: AsyncEngine, statements: Sequence[str]) -> list[str]:
    """Run statements that are known."""

    async def plan() -> Sequence[str]:
        return statements

    return await change(engine, plan)
