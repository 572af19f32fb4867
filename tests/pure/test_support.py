"""What the shared tests stand on: one body for both colours, and no backend missing unnoticed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from tests.support import backends, entered, items, maybe, postgres
from tests.support.colours import runner


async def test_body_runs_in_a_loop_only_in_the_async_colour(colour: str) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        assert colour == "sync"
    else:
        assert colour == "async"


@pytest.fixture
def ran() -> Iterator[list[str]]:
    """What a body says; one that was not run says nothing."""
    said: list[str] = []
    yield said
    assert said == ["to its end"]


async def test_body_without_a_colour_runs_in_a_loop(ran: list[str]) -> None:
    assert asyncio.get_running_loop().is_running()
    await asyncio.sleep(0)
    ran.append("to its end")


async def test_both_kinds_of_call_context_and_iteration(colour: str) -> None:
    async def later() -> int:
        return 1

    @asynccontextmanager
    async def waiting():  # type: ignore[no-untyped-def]
        yield 2

    @contextmanager
    def plain():  # type: ignore[no-untyped-def]
        yield 2

    async def stream():  # type: ignore[no-untyped-def]
        yield 3

    assert await maybe(later()) == await maybe(1) == 1
    for manager in (waiting(), plain()):
        async with entered(manager) as value:
            assert value == 2
    assert await items(stream()) == await items([3]) == [3]


def test_waiting_in_the_sync_colour_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="sleep waited in the blocking world"):
        runner("sync").run(asyncio.sleep(0))


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(postgres.VARIABLE, raising=False)
    monkeypatch.setattr("ferrow.testing.postgres.binaries.installed", dict)


@pytest.mark.usefixtures("no_server")
def test_missing_backend_stands_in_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert "postgresql is MISSING" in backends.header()
    with pytest.raises(pytest.skip.Exception, match="postgresql is MISSING"):
        backends.require_postgres()


@pytest.mark.usefixtures("no_server")
def test_missing_backend_fails_on_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.UsageError, match=r"postgresql is MISSING.*ferrow\[embedded\]"):
        backends.header()


def test_named_server_stands_in_the_header_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(postgres.VARIABLE, "postgresql://me:secret@db.test:5433/app")
    assert "postgresql at db.test:5433" in backends.header()
    assert "secret" not in backends.header()
