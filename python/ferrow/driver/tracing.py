"""A wire that reports every statement that goes through it; no connection without a handler has one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextvars import ContextVar
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from ferrow.driver.traced_pieces import PIECES, in_pieces
from ferrow.driver.traced_pipeline import TracedPipeline
from ferrow.errors import InterfaceError, ProgrammingError, QueryTimeout
from ferrow.wire.handed_on import HandedOn

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc import Params, Wire
    from ferrow.driver.trace import Trace
    from ferrow.wire.pipelining import WirePipeline

T = TypeVar("T")
Handler: TypeAlias = "Callable[[Trace], object]"

_SQL = ("sql", "statements", "queries")
_TELLING: ContextVar[tuple[TracingWire, ...]] = ContextVar("_TELLING", default=())
"""Whose handlers are at work here."""


class TracingWire(HandedOn):
    """Stands in for `wire` and calls `handler` with a `Trace` after each statement.

    What a wire can do beyond this class is handed on. Its coroutine methods whose first argument is called `sql`, `statements`
    or `queries` are reported as well; what reads or writes piece by piece (a cursor, a COPY) when it is over.

    Args:
        handler: a plain function, called in the thread of the statement. What it raises goes to the log.
        values: whether traces hold the parameters.
    """

    __slots__ = ("dialect", "inner", "_begin", "_handler", "_made", "_values")

    inner: Wire

    def __init__(self, wire: Wire, handler: Handler, *, values: bool = False) -> None:
        # Where it is needed, because `import ferrow.driver` would take half as long again for dataclasses.
        from ferrow.driver.trace import Trace

        self._made = Trace
        self.dialect: str = wire.dialect
        self.inner = wire  # pyright: ignore[reportIncompatibleMethodOverride]  # a slot for what is only read there
        self._handler = handler
        self._values = values
        self._begin: str | None = None  # not sent yet

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        """As `Wire.run`."""
        return await self._traced(sql, self.inner.run(sql, params, shape, kinds, timeout), _count(params), params)

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """As `Wire.run_many`."""
        count = sum(map(_count, rows)) if isinstance(rows, Sequence) else 0  # an iterator can be gone through only once
        return await self._traced(sql, self.inner.run_many(sql, rows, shape, kinds, timeout), count, rows)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        """As `Wire.script`."""
        if self._begin is not None and sql in ("COMMIT", "ROLLBACK"):
            self._begin = None
            return await self.inner.script(sql, timeout)  # nothing was sent, and nothing is
        await self._traced(sql, self.inner.script(sql, timeout))

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        """As `Wire.begin`; on PostgreSQL it is reported in front of the statement that it goes with."""
        self._check_caller()
        if self.dialect == "postgresql":
            await self.inner.begin(sql, timeout, guarded=guarded)
            self._begin = sql
        else:
            await self._traced(sql, self.inner.begin(sql, timeout, guarded=guarded))

    def undo(self) -> bool:
        """As `Wire.undo`, which a transaction that was not sent needs as well."""
        undone = self.inner.undo()
        if undone:
            self._begin = None
        return undone

    async def pipeline(self) -> WirePipeline:
        """As `Wire.pipeline`."""
        self._check_caller()
        return TracedPipeline(await self.inner.pipeline(), self)

    async def reported(self, sql: str, work: Coroutine[Any, Any, T], params: Any) -> T:
        """Wait for `work`, which is the statement `sql` on `inner`, and report it."""
        return await self._traced(sql, work, _count(params), params)

    async def _traced(
        self, sql: str, work: Coroutine[Any, Any, T], parameters: int = 0, values: Any = None, name: str = ""
    ) -> T:
        try:
            self._check_caller()
        except InterfaceError:
            work.close()
            raise
        begin, start = self.begun(), perf_counter()
        try:
            result = await work
        except BaseException as error:
            if isinstance(error, QueryTimeout) and not error.sent:
                self._begin = begin
            else:
                self.report_begin(begin, start)
            self._report(sql, perf_counter() - start, parameters, values, -1, error)
            raise
        self.report_begin(begin, start)
        if name in PIECES and (pieces := in_pieces(name, result, self, sql, start, values)) is not None:
            return cast("T", pieces)
        self._report(sql, perf_counter() - start, parameters, values, _rowcount(result), None)
        return result

    def begun(self) -> str | None:
        """The BEGIN that goes out with the next statement."""
        begin, self._begin = self._begin, None
        return begin

    def report_begin(self, begin: str | None, start: float) -> None:
        """Report it, if there was one: it took as long as the statement it went with."""
        if begin is not None:
            self._report(begin, perf_counter() - start, 0, None, -1, None)

    def report(self, sql: str, start: float, params: Any, result: Any, error: BaseException | None) -> None:
        """Report a statement of a pipeline, a stream or a COPY that has ended."""
        rowcount = -1 if error is not None else _rowcount(result)
        self._report(sql, perf_counter() - start, _count(params), params, rowcount, error)

    def _report(
        self, sql: str, seconds: float, parameters: int, values: Any, rowcount: int, error: BaseException | None
    ) -> None:
        before = _TELLING.set((*_TELLING.get(), self))
        try:
            pid = None if self.inner.closed else self.inner.backend_pid
            self._handler(
                self._made(
                    sql=sql,
                    parameters=parameters,
                    rowcount=rowcount,
                    seconds=seconds,
                    error=error,
                    pid=pid,
                    values=values if self._values else None,
                )
            )
        except Exception:
            import logging

            logging.getLogger("ferrow.statements").exception("the tracing handler %r failed", self._handler)
        finally:
            _TELLING.reset(before)

    def _check_caller(self) -> None:
        """Raises InterfaceError in the handler and in tasks it has started, whose statements would be traced in turn, without end."""
        if self in _TELLING.get():
            raise InterfaceError(
                "a tracing handler must not use the connection that it is told of: it would be told of that as well. Use another connection, "
                "without this handler"
            )

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        names = _arguments(type(self.inner), name)
        if not names or names[0] not in _SQL:
            return found

        def traced(*arguments: Any, **options: Any) -> Coroutine[Any, Any, Any]:
            given = {**dict(zip(names, arguments, strict=False)), **options}
            sql, params = given.get(names[0], ""), given.get("params")
            text = sql if isinstance(sql, str) else "; ".join(map(str, sql))
            return self._traced(text, found(*arguments, **options), _count(params), params, name)

        return traced

    def __repr__(self) -> str:
        return repr(self.inner)


def traced(wire: Wire, handler: Handler | None, *, values: bool = False) -> Wire:
    """`wire` with this handler, and no other; None: without one."""
    plain = wire.inner if isinstance(wire, TracingWire) else wire
    if handler is None:
        return plain
    check_handler(handler, "trace")
    return cast("Wire", TracingWire(plain, handler, values=values))  # what it does not have, it hands on


def check_handler(handler: object, what: str) -> None:
    """Refuse what cannot be called after a statement. Raises ProgrammingError."""
    import inspect

    if not callable(handler) or inspect.iscoroutinefunction(handler):
        raise ProgrammingError(f"the {what} handler is a plain function of one argument, not {handler!r}")


def _count(values: Any) -> int:
    # What cannot be counted is refused by the wire, in its own words.
    return len(values) if hasattr(values, "__len__") else 0


def _rowcount(result: Any) -> int:
    match getattr(result, "rowcount", result):
        case int(count):
            return count
        case [*counts] if all(isinstance(count, int) for count in counts):
            return sum(counts)
        case _:
            return -1


@lru_cache(256)
def _arguments(kind: type, name: str) -> tuple[str, ...]:
    """The names of the arguments of a coroutine method; none for anything else."""
    import inspect

    method = getattr(kind, name, None)
    if not inspect.isfunction(method):
        return ()
    if not inspect.iscoroutinefunction(method) and "Coroutine" not in str(method.__annotations__.get("return")):
        return ()
    return tuple(inspect.signature(method).parameters)[1:]
