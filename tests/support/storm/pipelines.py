"""Pipelines: whose statements commit by themselves, with transactions, inside of one, and failing."""

from __future__ import annotations

from ferrow.errors import ProgrammingError, QueryTimeout, UniqueViolation
from tests.support.storm.ledger import INSERT, TEXTS, TUPLES, Ledger


async def pipeline(of: Ledger) -> None:
    """Reads and writes, each for itself."""
    tags, unit = [of.tag() for _ in range(8)], of.unit(3)
    async with of.engine.pipeline() as pipe:
        asked = [pipe.query_one(TEXTS["echo"][0], [tag]) for tag in tags]
        written = pipe.run_many(INSERT, [(unit, part) for part in range(3)], TUPLES)
        slow = pipe.query_one(TEXTS["slow"][0], [unit])
        await written
        of.keep(unit)
        of.expect([(await one)[0] for one in asked], tags, "pipeline")
        of.expect((await slow)[0], unit, "pipeline, slow")


async def pipeline_transaction(of: Ledger) -> None:
    """One that is kept, and one that an exception leaves."""
    tag, lost = of.unit(), of.lost()
    async with of.engine.pipeline() as pipe:
        async with pipe.transaction():
            pipe.execute(INSERT, [tag, 1])
            answer = pipe.query_one(TEXTS[of.chance.choice(["echo", "slow"])][0], [tag])
            pipe.execute(INSERT, [tag, 2])
        try:
            async with pipe.transaction():
                pipe.execute(INSERT, [lost, 1])
                raise LookupError
        except LookupError:
            pass
        of.expect((await answer)[0], tag, "pipeline_transaction")
    of.keep(tag)


async def pipeline_inside(of: Ledger) -> None:
    tag = of.unit(4)
    async with of.engine.transaction():
        await of.write(tag, 1)
        async with of.engine.pipeline() as pipe:
            pipe.execute(INSERT, [tag, 2])
            pipe.execute(INSERT, [tag, 3])
        await of.write(tag, 4)
    of.keep(tag)


async def pipeline_fails(of: Ledger) -> None:
    """What fails takes its transaction along, and nothing else."""
    before, lost, after = of.unit(1), of.lost(), of.unit(1)
    async with of.engine.pipeline() as pipe:
        first = pipe.execute(INSERT, [before, 1])
        try:
            async with pipe.transaction():
                pipe.execute(INSERT, [lost, 1])
                wrong = pipe.execute(INSERT, [lost, 1])
                behind = pipe.execute(INSERT, [lost, 2])
                await wrong
        except UniqueViolation:
            try:
                await behind
            except ProgrammingError:
                pass  # it was not run
        else:
            of.wrong.append("pipeline_fails: no error")
        last = pipe.execute(INSERT, [after, 1])
        of.expect((await first, await last), (1, 1), "pipeline_fails")
    of.keep(before)
    of.keep(after)


async def pipeline_late(of: Ledger) -> None:
    """Waiting for an answer has its end; the statement goes on."""
    tag = of.tag()
    async with of.engine.pipeline() as pipe:
        asked = pipe.query_one(TEXTS["slow"][0], [tag])
        try:
            of.expect((await asked.result(timeout=of.chance.uniform(0.001, 0.008)))[0], tag, "pipeline_late")
        except QueryTimeout:
            of.figures["timed out"] += 1
        of.expect((await asked)[0], tag, "pipeline_late, again")


PIPELINES = [pipeline, pipeline_transaction, pipeline_inside, pipeline_fails, pipeline_late]
