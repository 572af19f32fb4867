"""Statements that change tables: in one transaction where the database has that for them, and one program after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.engine.context import current
from ferrow.errors import DatabaseError, NotSupportedError
from ferrow.schema.answers import answers_of
from ferrow.schema.text import UNLESS_THERE

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.sql.dialect import Dialect

_THERE = frozenset({"42P07", "42710"})
"""A table, an index; a constraint."""

Plan = Callable[[], Awaitable[Sequence[str]]]


async def change(engine: AsyncEngine, plan: Plan) -> list[str]:
    """Run what `plan` asks for when nobody else changes tables; it is asked in the transaction, and may read in it.

    Raises NotSupportedError inside a transaction that this would commit (MariaDB).
    """
    answers = answers_of(engine.dialect)  # in this, both servers that are called mysql are alike
    if answers.ends_transactions:
        return await _one_by_one(engine, plan)
    lock = answers.lock()
    async with engine.transaction() as transaction:
        if lock is not None:
            await transaction.script(lock)
        statements = await plan()
        for statement in statements:
            await transaction.script(statement)
    return [*statements]


async def run_all(engine: AsyncEngine, statements: Sequence[str]) -> list[str]:
    """Run statements that are known."""

    async def plan() -> Sequence[str]:
        return statements

    return await change(engine, plan)


async def served(engine: AsyncEngine) -> Dialect:
    """The dialect of the very server, where two go by one name: which it is, is known when it is connected."""
    dialect = engine.dialect
    if dialect.other is None:
        return dialect
    async with engine.connection() as connection:
        return dialect if "mariadb" in connection.server_version.lower() else dialect.other


async def _one_by_one(engine: AsyncEngine, plan: Plan) -> list[str]:
    """Where each statement is committed by itself: what fails is planned again, as somebody else may have done the same just now."""
    done: list[str] = []
    before: Sequence[str] | None = None
    failure: DatabaseError | None = None
    while True:
        statements = await plan()
        if not statements:
            return done
        if failure is not None and statements == before:
            raise failure
        if current(engine) is not None:
            raise NotSupportedError(
                "MariaDB commits the transaction that is open when a table is created, changed or dropped. Do that before: "
                "ensure_schema, register(ensure=True) or create_all outside of transaction()."
            )
        before = statements
        # One connection, as a statement may be a SET for the next one.
        async with engine.connection() as connection:
            failure = await _first_failure(connection, statements, done)
        if failure is None:
            return done


async def _first_failure(connection: Any, statements: Sequence[str], done: list[str]) -> DatabaseError | None:
    """Run statements up to one that fails. What others have made just now, and is made unless it is there, is no failure."""
    for statement in statements:
        try:
            await connection.script(statement)
        except DatabaseError as error:
            if UNLESS_THERE not in statement or error.sqlstate not in _THERE:
                return error
        else:
            done.append(statement)
    return None
