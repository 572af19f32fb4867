"""The process of one case: connects once, then measures once for every line on standard input.

    python -m bench.worker GROUP/CASE

Each answer is a line of JSON behind an `@`; whatever else a library prints is passed over by the controller.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from bench.case import CASES, Case, Work


def main(key: str) -> None:
    import bench.cases  # noqa: F401  # fills the list

    case = CASES[key]
    try:
        if case.loop is None:
            _sync(case)
        elif case.loop == "asyncio":
            asyncio.run(_async(case))
        else:
            import uvloop

            uvloop.run(_async(case))
    except ImportError as error:
        _say(skipped=str(error))
    except Exception as error:
        _say(failed=f"{type(error).__name__}: {str(error)[:300]}")


def _sync(case: Case) -> None:
    with contextmanager(case.body)() as work:
        _say(ready=True)
        if work.before is not None:
            work.before()
        _settle(work, work.run())
        _say(checked=True)
        while _asked():
            _say(**_timed(work))


def _timed(work: Work) -> dict[str, float]:
    if work.before is not None:
        work.before()
    gc.collect()
    run = work.run
    cpu, wall = time.process_time(), time.perf_counter()
    run()  # the result is dropped inside the timing, as a program would do
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


async def _async(case: Case) -> None:
    async with asynccontextmanager(case.body)() as work:
        _say(ready=True)
        if work.before is not None:
            await work.before()
        _settle(work, await work.run())
        _say(checked=True)
        # Reading blocks the loop; nothing else is meant to happen on it meanwhile.
        while _asked():
            _say(**await _timed_async(work))


async def _timed_async(work: Work) -> dict[str, float]:
    if work.before is not None:
        await work.before()
    gc.collect()
    run = work.run
    cpu, wall = time.process_time(), time.perf_counter()
    await run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wall": work.seconds() if work.seconds else wall, "cpu": cpu}


def _settle(work: Work, result: Any) -> None:
    """The first run warms up caches and is checked instead of timed."""
    # Not everything that can be awaited: instances of Tortoise can.
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError("the case's run() is asynchronous, the case is not")
    if work.check is not None:
        work.check(result)


def _asked() -> bool:
    return sys.stdin.readline().strip() == "run"


def _say(**values: Any) -> None:
    sys.stdout.write(f"@{json.dumps(values)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
