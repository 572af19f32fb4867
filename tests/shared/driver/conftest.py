"""A connection in the colour of the test."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.driver import Trace
from tests.support.colours import Runner, maybe

STATEMENTS: dict[str, dict[str, Any]] = {
    "named": {},
    "unnamed": {"prepared_statements": "unnamed"},
    "off": {"statement_cache_size": 0},
}
"""Whether statements are prepared by name, come along with each execution, or are not kept at all."""

EVERY_WAY = {
    "test_begin",
    "test_begin_and_pieces",
    "test_commit_behind_failure",
    "test_copy_types",
    "test_cursor_locks",
    "test_cursor_transactions",
    "test_decode_errors",
    "test_execute_batch",
    "test_execute_batch_interrupted",
    "test_execute_batch_refused",
    "test_extension_types",
    "test_held",
    "test_pipeline",
    "test_pipeline_errors",
    "test_pipeline_states",
    "test_pipeline_tasks",
    "test_pipeline_transactions",
    "test_postgresql_parameters",
    "test_postgresql_values",
    "test_refused_parameters",
    "test_savepoints",
    "test_statements",
    "test_stream",
    "test_transaction_options",
}
"""Where tests with `conn` or `pg` run in each of these ways: all that the core does with a statement.

By name in both colours, in the other ways in one of them: the core is the same in both.
"""

ONE_COLOUR = {"unnamed": "async", "off": "sync"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    module = metafunc.module.__name__.rpartition(".")[2]
    if module in EVERY_WAY and not {"conn", "pg"}.isdisjoint(metafunc.fixturenames):
        metafunc.parametrize("statements", STATEMENTS, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """SQLite has one way, and for some of PostgreSQL one colour is enough."""
    items[:] = [item for item in items if not _pointless(getattr(item, "callspec", None))]


def _pointless(spec: Any) -> bool:
    statements = "named" if spec is None else spec.params.get("statements", "named")
    if statements == "named":
        return False
    colour = ONE_COLOUR[statements]
    return spec.params.get("backend") == "sqlite" or spec.params.get("colour", colour) != colour


@pytest.fixture
def nothing_left() -> None:
    """What asyncio logs of tasks that earlier tests have dropped is not taken for something of this one."""
    gc.collect()


@pytest.fixture
def seen() -> list[Trace]:
    """What a handler has been told."""
    return []


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def backend(request: pytest.FixtureRequest) -> str:
    """The databases that Ferrow speaks to itself; PyMySQL and aiomysql are tested by their makers, and through engines here."""
    value: str = request.param
    return value


@pytest.fixture
def statements(request: pytest.FixtureRequest) -> dict[str, Any]:
    return STATEMENTS[getattr(request, "param", "named")]


@pytest.fixture
def conn(url: str, colour: str, runner: Runner, statements: dict[str, Any]) -> Iterator[Any]:
    from ferrow import driver

    conn = (
        runner.run(driver.connect_async(url, **statements)) if colour == "async" else driver.connect(url, **statements)
    )
    yield conn
    runner.run(maybe(conn.close()))


@pytest.fixture
def pg(postgresql_url: str, colour: str, runner: Runner, statements: dict[str, Any]) -> Iterator[Any]:
    """The same, on PostgreSQL only."""
    from ferrow import driver

    url = postgresql_url
    conn = (
        runner.run(driver.connect_async(url, **statements)) if colour == "async" else driver.connect(url, **statements)
    )
    yield conn
    runner.run(maybe(conn.close()))


@pytest.fixture
def lite(sqlite_url: str, colour: str, runner: Runner) -> Iterator[Any]:
    """The same, on SQLite only."""
    from ferrow import driver

    conn = runner.run(driver.connect_async(sqlite_url)) if colour == "async" else driver.connect(sqlite_url)
    yield conn
    runner.run(maybe(conn.close()))
