"""Fixtures of all tests.

backend   sqlite, postgresql, mariadb      url     a clean database on that backend
colour    sync, async             engine  an engine on `url`, in that colour
style     the three model styles  models  a module with User, Post and Sample in that style
postgresql_url, sqlite_url, mariadb_url        a clean database of that kind, for tests about one of them

A test that is an `async def` is driven in the sync colour and run by an event loop otherwise: see support/colours.py.
"""

from __future__ import annotations

import gc
import inspect
import sys
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support import backends, colours, mariadb, parallel, postgres
from tests.support.applying import applies
from tests.support.choosing import left_out
from tests.support.colours import Runner, maybe
from tests.support.distribution import DistributionPostgres
from tests.support.effort import EFFORT, times
from tests.support.forgetting import forgotten
from tests.support.models import STYLES
from tests.support.models import models as models_of
from tests.support.sessions import session_of

# How long an example takes, or making it, says nothing on a busy machine.
settings.register_profile(
    "ferrow", deadline=None, max_examples=times(100), suppress_health_check=[HealthCheck.too_slow]
)
if EFFORT > 1 or not backends.on_ci():  # there Hypothesis chooses its own, repeatable profile
    settings.load_profile("ferrow")


def pytest_report_header() -> str:
    return backends.header()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if postgres.describe() is None:
        terminalreporter.write_line(backends.MISSING, yellow=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return parallel.processes()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return parallel.scheduler(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    applying = [item for item in items if applies(item)]
    left = left_out(applying)
    gone = {id(item) for item in left}
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in applying if id(item) not in gone]
    if hasattr(config, "workerinput"):
        items[:] = parallel.ordered(items)


def pytest_collection_finish() -> None:
    # Tens of thousands of tests stay to the end: who has the garbage collected need not look through them each time.
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if not hasattr(item.config, "workerinput"):
        return (yield)
    with parallel.Quiet(item.config._tmp_path_factory.getbasetemp().parent).of(item):  # type: ignore[attr-defined]
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine function, in the loop its fixtures live in."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    runner: Runner = pyfuncitem._request.getfixturevalue("runner")
    runner.run(pyfuncitem.obj(**arguments))
    return True


@pytest.fixture(autouse=True)
def own_models() -> Iterator[None]:
    """The models that a test declares are its own: the next test does not find them."""
    with forgotten():
        yield


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], ModuleType]:
    """`module(name, source)`: a module, for the time of the test."""

    def made(name: str, source: str) -> ModuleType:
        new = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, new)
        exec(compile(source, name, "exec", dont_inherit=True), new.__dict__)
        return new

    return made


@pytest.fixture
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """What runs this test's coroutines; asynchronous where the test does not ask for a colour."""
    colour = request.getfixturevalue("colour") if "colour" in request.fixturenames else "async"
    runner = colours.runner(colour)
    yield runner
    runner.close()


@pytest.fixture(params=colours.COLOURS)
def colour(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture(params=backends.BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture
def models(style: str) -> ModuleType:
    return models_of(style)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of the server of this test run, with the right to create databases and roles."""
    backends.require_postgres()
    with postgres.server_url() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> Iterator[postgres.TestDatabase]:
    database = postgres.TestDatabase(postgresql_server)
    yield database
    database.close()


@pytest.fixture(scope="session")
def contrib_database() -> Iterator[postgres.TestDatabase]:
    """A second server, with the contrib modules and libxml; it is there for tests that cannot do without."""
    with DistributionPostgres() as server:
        database = postgres.TestDatabase(server.url)
        yield database
        database.close()


@pytest.fixture(scope="session")
def database_with(request: pytest.FixtureRequest) -> Callable[[str | None], postgres.TestDatabase]:
    """`database_with("hstore")`: a database of the server of this test run if that has the extension (or "xml"), else
    of one that should."""

    @cache
    def found(needed: str | None) -> postgres.TestDatabase:
        database: postgres.TestDatabase = request.getfixturevalue("postgresql_database")
        if needed not in postgres.CONTRIB or database.offers(needed):
            return database
        contrib: postgres.TestDatabase = request.getfixturevalue("contrib_database")
        return contrib

    return found


@pytest.fixture
def needed() -> str | None:
    """An extension or "xml": what a test needs that not every server has, for `postgresql_url` to be of one that has it."""
    return None


@pytest.fixture
def postgresql_url(needed: str | None, database_with: Callable[[str | None], postgres.TestDatabase]) -> str:
    return database_with(needed).clean()


@pytest.fixture(scope="session")
def mariadb_database() -> Iterator[mariadb.TestDatabase]:
    backends.require_mariadb()
    with mariadb.server_url() as url:
        database = mariadb.TestDatabase(url)
        yield database
        database.close()


@pytest.fixture
def mariadb_url(mariadb_database: mariadb.TestDatabase) -> str:
    return mariadb_database.clean()


@pytest.fixture
def mysql(backend: str) -> bool:
    """Whether the server of the backend `mariadb` is MySQL's own."""
    return backend == "mariadb" and mariadb.is_mysql()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def url(request: pytest.FixtureRequest, backend: str) -> str:
    value: str = request.getfixturevalue(f"{backend}_url")
    return value


@pytest.fixture
def engine(url: str, colour: str, runner: Runner) -> Iterator[Any]:
    """An `Engine`, or an opened `AsyncEngine`."""
    from ferrow import create_engine

    async def opened() -> Any:
        return await create_engine(url)

    engine = runner.run(opened()) if colour == "async" else create_engine(url)
    yield engine
    runner.run(maybe(engine.close()))


@pytest.fixture
def session(engine: Any, colour: str) -> Any:
    """A `Session` or an `AsyncSession` on `engine`."""
    return session_of(engine, colour)
