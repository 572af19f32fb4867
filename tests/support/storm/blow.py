"""The storm itself: tasks that are left, and others beside them that never are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from tests.support.storm.bulk import BULK
from tests.support.storm.connections import CONNECTIONS, OWN
from tests.support.storm.leaving import WAYS, Action
from tests.support.storm.ledger import Ledger
from tests.support.storm.pipelines import PIPELINES
from tests.support.storm.single import SINGLE
from tests.support.storm.transactions import TRANSACTIONS

SHAPES = [
    *SINGLE,
    *TRANSACTIONS,
    *BULK,
    *PIPELINES,
    *CONNECTIONS,
] * 2 + OWN  # connecting is dear: a process of the server each


async def blow(
    of: Ledger,
    cancellations: int,
    tasks: int = 12,
    shapes: Sequence[Callable[[Ledger], Coroutine[Any, Any, None]]] = SHAPES,
    beside: int = 3,
) -> None:
    """Go on until so many were cancelled, or something went wrong. `beside`: how many are never left."""
    actions = {shape: Action(partial(shape, of), of.chance) for shape in shapes}

    def over() -> bool:
        return bool(of.wrong) or of.figures["cancelled"] >= cancellations

    async def worker() -> None:
        while not over():
            shape, way = of.chance.choice(shapes), of.chance.choice(WAYS)
            try:
                left = await way(actions[shape])
            except Exception as error:
                of.wrong.append(f"{shape.__name__}, {way.__name__}: {error!r} {getattr(error, '__notes__', '')}")
            else:
                of.note(shape.__name__, left)

    async def bystander() -> None:
        while not over():
            try:
                await of.ask(of.chance.choice(["echo", "many", "wide"]))
            except Exception as error:
                of.wrong.append(f"bystander: {error!r}")
            of.figures["beside"] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(tasks):
            group.create_task(worker())
        for _ in range(beside):
            group.create_task(bystander())
