"""Fixtures of the tests about declarations: tables with every option, and what the database's catalogue says about them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.support import maybe
from tests.support.colours import Runner
from tests.support.sessions import session_of
from tests.support.stores import stores as stores_of


@pytest.fixture
def stores(style: str, backend: str) -> ModuleType:
    return stores_of(style, portable=backend == "mariadb")


@pytest.fixture
def session(engine: Any, colour: str, stores: ModuleType, runner: Runner) -> Any:
    """A session on a database that has the tables of `stores`."""

    async def create() -> None:
        await maybe(engine.create_all(stores.Store, stores.Region))

    runner.run(create())
    return session_of(engine, colour)


HERE = "table_schema = database() AND table_name"


@pytest.fixture
def catalogue(engine: Any) -> Any:
    """`await catalogue(postgresql=sql, sqlite=sql, mysql=sql)`: the rows of the statement of this database, as tuples."""

    async def ask(**sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await maybe(engine.query(sql[engine.dialect.name].replace("{here}", HERE)))]

    return ask
