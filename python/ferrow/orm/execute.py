"""Running the statements of `ferrow.select`, `insert`, `update` and `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, ProgrammingError
from ferrow.orm.fitting import explained
from ferrow.orm.generic import M
from ferrow.orm.plan import plan_of
from ferrow.orm.result import ExecuteResult
from ferrow.orm.statements.base import ModelStatement
from ferrow.orm.values import decoded
from ferrow.sql import compile

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.statements.base import Work


async def run(engine: AsyncEngine, statement: ModelStatement[M], timeout: float | None = None) -> ExecuteResult[M]:
    """Compile (from the cache, by shape) and run. Raises ProgrammingError for what is not such a statement."""
    if not isinstance(statement, ModelStatement):
        msg = f"execute() takes what ferrow.select, insert, update or delete made, not {statement!r}; SQL text goes to execute_raw()"
        raise ProgrammingError(msg)
    work = statement.work()
    plan: Any = plan_of(statement.model, engine.dialect)
    key = work.statement.shape
    prepared = plan.statements.get((key, work.instances)) or plan.prepare(
        (key, work.instances), work.statement, plan.shape if work.instances else None
    )
    try:
        if work.rows is not None:
            result = await engine.run_many(prepared.sql, work.rows, prepared.shape, prepared.kinds, timeout=timeout)
        else:
            result = await engine.run(
                prepared.sql, work.statement.values, prepared.shape, prepared.kinds, timeout=timeout
            )
    except DataError as error:
        raise explained(error, work.columns) from error
    return _result(plan, work, result)


def _result(plan: Any, work: Work, result: Any) -> ExecuteResult[Any]:
    if work.instances:
        return ExecuteResult(result.rows, tuple(plan.table.by_key), result.rowcount, instances=True)
    names = compile(work.statement, plan.dialect).names
    rows = decoded(plan, work.returned, result.rows) if work.returned else result.rows
    return ExecuteResult(rows, names, result.rowcount, instances=False)
