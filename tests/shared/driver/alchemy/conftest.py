"""Bodies in SQLAlchemy's plain calls, which serve both kinds of engine: those of asyncio run them in SQLAlchemy's greenlet."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn

from tests.support.alchemy import Base
from tests.support.colours import Runner

Make = Callable[..., sa.Engine]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    engine = pyfuncitem.funcargs.get("engine")
    if inspect.iscoroutinefunction(pyfuncitem.obj) or engine is None or not engine.dialect.is_async:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    pyfuncitem.funcargs["runner"].run(greenlet_spawn(partial(pyfuncitem.obj, **arguments)))
    return True


@pytest.fixture
def make(colour: str, runner: Runner) -> Iterator[Make]:
    """Engines of the colour; the asyncio ones as the plain engine inside."""
    engines: list[sa.Engine] = []

    def make(url: Any, **options: Any) -> sa.Engine:
        engines.append(
            create_async_engine(url, **options).sync_engine if colour == "async" else sa.create_engine(url, **options)
        )
        return engines[-1]

    yield make
    for engine in engines:
        _called(colour, runner, engine.dispose)


@pytest.fixture
def engine(postgresql_url: str, colour: str, runner: Runner, make: Make) -> sa.Engine:
    engine = make(postgresql_url.replace("postgresql://", "postgresql+ferrow://"))
    _called(colour, runner, Base.metadata.create_all, engine)
    return engine


def _called(colour: str, runner: Runner, function: Callable[..., object], *arguments: Any) -> None:
    if colour == "async":
        runner.run(greenlet_spawn(function, *arguments))
    else:
        function(*arguments)
