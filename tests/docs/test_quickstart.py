"""The quickstart is right when distributions came, changed and went between two runs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def backend(request: pytest.FixtureRequest) -> str:
    """Without MariaDB: the example's own SQL is for the two that it is started with."""
    value: str = request.param
    return value


@pytest.fixture
def quickstart(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    pytest.importorskip("rich")
    monkeypatch.syspath_prepend(EXAMPLES)
    yield importlib.import_module("quickstart")
    for name in [name for name in sys.modules if name.partition(".")[0] in ("quickstart", "installed")]:
        del sys.modules[name]


def package(name: str, version: str, needs: tuple[str, ...], sizes: tuple[int | None, ...]) -> Any:
    packages = importlib.import_module("installed.packages")
    return packages.package(
        name,
        version,
        None,
        tuple(packages.Needed(other, f"{other}>=1", optional=False) for other in needs),
        tuple(packages.Listed(f"{name}/{number}.py", ".py", size) for number, size in enumerate(sizes)),
    )


async def outcome(quickstart: ModuleType, colour: str, url: str, model: ModuleType, packages: list[Any]) -> Any:
    def progress(done: int, total: int) -> None:
        assert done <= total

    if colour == "async":
        return await quickstart.run_async(url, model, packages, progress)
    return quickstart.run(url, model, packages, progress)


async def test_second_run_starts_from_the_first(quickstart: ModuleType, url: str, colour: str, style: str) -> None:
    models = {"declarative": "typed class", "dataclass": "dataclass", "pydantic": "Pydantic model"}
    model = quickstart.STYLES[models[style]]
    first = [
        package("kept", "1", ("going",), (1, None)),
        package("updated", "1", ("kept", "going"), (10, 20)),
        package("going", "1", (), (500,)),
    ]
    second = [
        first[0],
        package("updated", "2", ("kept", "coming"), (30,)),
        package("coming", "1", ("kept",), (2_000_000, 7)),
    ]

    before = await outcome(quickstart, colour, url, model, first)
    assert (before.changes.kept, len(before.changes.new), before.files) == (0, 3, 5)
    assert [row[0] for row in before.answers.largest] == ["going", "updated", "kept"]

    after = await outcome(quickstart, colour, url, model, second)
    changes = after.changes
    assert [changes.kept, len(changes.new), len(changes.changed), len(changes.gone)] == [1, 1, 1, 1]
    assert after.files == 5
    assert after.answers.largest == [("coming", "1", 2, 2_000_007), ("updated", "2", 1, 30), ("kept", "1", 2, 1)]
    assert after.answers.needed == [("kept", 2, "coming, updated"), ("coming", 1, "updated")]
    assert after.answers.types == [(".py", 5, 2_000_038)]
    assert after.answers.big == 1

    again = await outcome(quickstart, colour, url, model, second)
    assert (again.changes.kept, again.changes.rows) == (3, 0)
    assert again.answers == after.answers
