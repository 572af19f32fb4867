"""From a URL to an engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.driver.tracing import check_handler
from ferrow.engine.limits import NAMES, Limits
from ferrow.engine.pair import Pair
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.driver.trace import Trace
    from ferrow.engine._sync import Engine


def create_engine(
    url: str,
    *,
    min_size: int = 0,
    max_size: int = 10,
    acquire_timeout: float = 30.0,
    max_lifetime: float | None = 3600.0,
    max_idle: float | None = 600.0,
    check_after: float = 30.0,
    recovery_timeout: float = 5.0,
    close_timeout: float = 10.0,
    multiplex: bool = True,
    trace: Callable[[Trace], object] | None = None,
    trace_values: bool = False,
    detect_n_plus_one: bool = False,
    **options: Any,
) -> Engine:
    """An engine for the database at `url`. Does no I/O (but reads the service file of a named service); `await create_engine(url)` connects and gives an `AsyncEngine`.

        engine = create_engine("postgresql://user:password@localhost/app")
        engine = await create_engine("sqlite:///app.db")

    One engine serves sync code (itself) and async code (`engine.aio`), each with its own pool. All times are seconds.

    Args:
        url: `postgresql://user:password@host:port/database` (several as `host1:port1,host2`), a keyword DSN of libpq,
            `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite::memory:` (one database per engine, shared by all its
            connections).
        min_size: connections that are opened by `open` and kept; `min_connections` is the same.
        max_size: connections there are at most, per event loop; `max_connections` is the same.
        acquire_timeout: how long a call waits for a connection; then it raises PoolTimeout, which says who holds them.
        max_lifetime: age at which a connection is replaced; None: never.
        max_idle: idle time after which a connection above `min_size` is closed; None: never.
        check_after: idle time after which a connection is tried out before it is lent.
        recovery_timeout: how long rolling back an abandoned connection may take before it is replaced.
        close_timeout: how long `close` waits for connections in use.
        multiplex: whether awaited single reads outside transactions share connections with those of other tasks (PostgreSQL);
            what that means is said in docs/connecting.md.
        trace: a plain function that is called with a `ferrow.driver.Trace` after every statement, in either colour.
        trace_values: whether traces hold the parameters, which may be secret.
        detect_n_plus_one: whether to warn (NPlusOneWarning) when one line of the program sends the same SELECT five times in a row,
            and to let NotLoaded say where an object was read. For development: it slows down every statement.
        options: connection options, which win over those in the URL, e.g. `connect_timeout=5` (seconds for each address),
            `password=function` (asked for each new connection; `async def` for the awaited face only), or
            `codecs=[Codec(...)]` (see `ferrow.types.Codec`).

    Raises:
        InterfaceError: a malformed URL, an unknown option (with the nearest known one) or an impossible number.
    """
    from ferrow.wire.url import parse

    min_size, max_size = _size("min", min_size, options), _size("max", max_size, options)
    if not isinstance(multiplex, bool):
        raise InterfaceError(f"multiplex={multiplex!r}: give True or False")
    limits = Limits(
        min_size=min_size,
        max_size=max_size,
        acquire_timeout=acquire_timeout,
        max_lifetime=max_lifetime,
        max_idle=max_idle,
        check_after=check_after,
        recovery_timeout=recovery_timeout,
        close_timeout=close_timeout,
    )
    try:
        settings = parse(url, **options)
    except InterfaceError as error:
        raise _with_pool_option(error, options) from None
    pair = Pair(settings, limits, multiplex=multiplex)
    if trace is not None:
        check_handler(trace, "trace")
        pair.source.trace, pair.source.trace_values = trace, trace_values
    if detect_n_plus_one:
        from ferrow.engine.watch import warned

        warned(pair)
    return pair.engine


def create_pool(url: str, min_connections: int = 1, max_connections: int = 10) -> Engine:
    """`create_engine` with the number of connections: `pool = await create_pool("postgresql://localhost/app", 2, 20)`. Raises as it does."""
    return create_engine(url, min_size=min_connections, max_size=max_connections)


def _size(which: str, size: int, options: dict[str, Any]) -> int:
    """The size of the pool, which OrmKit calls `min_connections` and `max_connections`."""
    named: int = options.pop(f"{which}_connections", size)
    return named


# What other libraries call the same thing.
_ELSEWHERE = {
    "pool_size": "max_size",
    "max_overflow": "max_size",
    "pool_timeout": "acquire_timeout",
    "pool_recycle": "max_lifetime",
    "pool_pre_ping": "check_after",
    "max_inactive_connection_lifetime": "max_idle",
    "echo": "trace=ferrow.driver.log_statement",
}


def _with_pool_option(error: InterfaceError, options: dict[str, Any]) -> InterfaceError:
    """A misspelt option of the pool is unknown to the connection, whose error only knows the names of its own options."""
    import difflib
    import re

    suggested = re.findall(r"Did you mean '(\w+)'", str(error))
    for name in options:
        if repr(name) in str(error) and (ours := _ELSEWHERE.get(name)):
            return InterfaceError(f"unknown option {name!r} of create_engine; here it is called {ours!r}")
        close = difflib.get_close_matches(name, [*suggested, *NAMES], n=1, cutoff=0.6)
        if close and close[0] in NAMES and repr(name) in str(error):
            return InterfaceError(f"unknown option {name!r} of create_engine. Did you mean {close[0]!r}?")
    return error
