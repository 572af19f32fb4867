"""Running the statements of `ferrow.select`, `insert`, `update` and `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.errors import DataError, ProgrammingError, shown
from ferrow.model import shape_of, table_of
from ferrow.orm.asked import Asked
from ferrow.orm.fitting import explained
from ferrow.orm.loading.load import load
from ferrow.orm.plan import plan_of
from ferrow.orm.result import ExecuteResult
from ferrow.orm.row_result import RowResult
from ferrow.orm.statements import rows
from ferrow.orm.statements.base import Executable
from ferrow.sql import Select, compile
from ferrow.sql.form.select import WHERE

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan
    from ferrow.orm.statements.base import Work
    from ferrow.sql import Compiled

_NOTHING = Shape.tuples()


async def run(engine: AsyncEngine, statement: Any, timeout: float | None = None) -> ExecuteResult[Any] | RowResult[Any]:
    """Compile (from the cache, by shape) and run. Raises ProgrammingError for what is not such a statement."""
    if not isinstance(statement, Executable):
        msg = f"execute() takes what ferrow.select, insert, update or delete made, not {shown(statement)}; SQL text goes to execute_raw()"
        raise ProgrammingError(msg)
    work = statement.work()
    compiled = compile(work.statement, engine.dialect)
    shape = _shape(work, compiled)
    try:
        if work.rows is not None:
            result = await engine.run_many(compiled.sql, work.rows, shape, compiled.kinds, timeout=timeout)
        else:
            result = await engine.run(compiled.sql, work.statement.values, shape, compiled.kinds, timeout=timeout)
    except DataError as error:
        raise explained(error, work.columns) from error
    if work.reads and result.rows:
        await _load(engine, work, result.rows)
    return _result(work, compiled, result)


async def _load(engine: AsyncEngine, work: Work, rows: list[Any]) -> None:
    """Load the relations that come with their objects."""
    if work.model is not None:
        await _related(engine, work.model, rows, work.loading)
        return
    for place, element in enumerate(work.elements):
        if element.entity is not None:
            found = [row[place] for row in rows if row[place] is not None]
            await _related(engine, element.entity.model, found, None)


async def _related(engine: AsyncEngine, model: Any, instances: list[Any], chosen: Loading | None) -> None:
    plan: Plan[Any] = plan_of(getattr(model, "__ferrow_model__", model), engine.dialect)
    if plan.lines is not None:
        plan.lines.note(engine, instances)
    loading = plan.loading if chosen is None else chosen
    if loading:
        await load(engine, plan, instances, loading)


def _shape(work: Work, compiled: Compiled) -> Shape:
    if work.model is not None:
        return shape_of(work.model)
    return rows.shape(compiled, work.elements) if work.elements else _NOTHING


def _result(work: Work, compiled: Compiled, result: Any) -> ExecuteResult[Any] | RowResult[Any]:
    asked = _asked(work)
    if work.model is not None:
        return ExecuteResult(
            result.rows, tuple(table_of(work.model).by_key), result.rowcount, instances=True, asked=asked
        )
    if not work.typed:
        return ExecuteResult(result.rows, compiled.names, result.rowcount, instances=False, asked=asked)
    return RowResult(result.rows, names(work, compiled), result.rowcount, asked)


def _asked(work: Work) -> Asked:
    thing = "row" if work.model is None else table_of(getattr(work.model, "__ferrow_model__", work.model)).label
    statement = work.statement
    if not isinstance(statement, Select):
        return Asked(thing)
    entities = [element.entity for element in work.elements if element.entity is not None]
    if entities:
        thing = f"row of {', '.join([table_of(entity.model).label for entity in entities])}"
    return Asked(thing, statement.shape[WHERE])


def names(work: Work, compiled: Compiled) -> list[str]:
    """What the elements of a row are called."""
    found = []
    place = 0
    for element in work.elements:
        # A function's own name stands for what has none of its own.
        found.append(element.name or compiled.names[place])
        place += len(element.columns)
    return found
