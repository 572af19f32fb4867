"""Any order of session operations, against a model of plain dicts: rows as the program may see them, and as it may not."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from ferrow import create_engine
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.effort import times
from tests.support.machines.begun import Begun
from tests.support.machines.colour import Colour
from tests.support.machines.direct import Direct
from tests.support.machines.holding import Holding
from tests.support.machines.models import ALL
from tests.support.machines.related import Related
from tests.support.machines.units import Machine

STEPS = 50


@pytest.fixture
def world(url: str, colour: str, runner: Runner, models: ModuleType) -> Iterator[Colour]:
    """Two engines: what the one has not committed the other does not see."""

    async def opened() -> Any:
        return await create_engine(url) if colour == "async" else create_engine(url)

    engine, other = runner.run(opened()), runner.run(opened())
    runner.run(maybe(engine.create_all(models.Item)))
    yield Colour(runner, engine, other, colour)
    for one in (engine, other):
        runner.run(maybe(one.close()))


def run(machine: type[RuleBasedStateMachine], *given: Any, examples: int) -> None:
    run_state_machine_as_test(
        lambda: machine(*given),
        settings=settings(
            max_examples=times(examples),
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_order_of_operations(world: Colour, models: ModuleType) -> None:
    run(Machine, world, models, examples=5)


def test_any_order_with_calls_that_write_at_once(world: Colour, models: ModuleType) -> None:
    run(Direct, world, models, examples=10)


@pytest.mark.only(
    colour="sync"
)  # the context knows the block: a loop's, where calls that wait for nothing are not made
def test_any_order_in_units_that_a_block_begins(world: Colour, models: ModuleType) -> None:
    run(Begun, world, models, examples=3)


def test_any_way_of_holding(world: Colour, models: ModuleType) -> None:
    # It collects time and again, and need not look through what thousands of tests before it have left each time.
    gc.collect()
    gc.freeze()
    run(Holding, world, models, examples=3)


@pytest.mark.parametrize("style", ["declarative"])
def test_any_order_of_relations_marks_and_versions(world: Colour) -> None:
    world.do(world.engine.create_all(*ALL))
    run(Related, world, examples=8)
