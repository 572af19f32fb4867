"""The first program: what is installed here, through models into SQLite and PostgreSQL and back.

    python examples/quickstart.py            (or: make demo)
    python examples/quickstart.py --fresh    forget what earlier runs stored

It reads the metadata of all installed Python distributions and stores them as three related tables, in every combination of
model style (typed class, dataclass, Pydantic model), database (SQLite, PostgreSQL) and call style (sync, async), then asks the
same questions of all of them. The data stay in .ferrow/demo: a second run writes only what has changed since the first.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

from installed import places, report, show
from installed.compare import Changes, compare
from installed.models import dataclass_style, pydantic_model, typed_class
from installed.outcome import Answers, Outcome
from installed.packages import Package, installed
from installed.show import Advance

from ferrow import AsyncSession, Session, create_engine

HOME = Path(".ferrow/demo")
STYLES = {"typed class": typed_class, "dataclass": dataclass_style, "Pydantic model": pydantic_model}

# --- writing ----------------------------------------------------------------------------------------------------------


def load(session: Session, m: ModuleType, packages: list[Package], advance: Advance) -> Changes:
    """Bring the tables up to date, all or nothing."""
    changes = compare(session.query(m.Distribution).all(), packages)
    done = 0
    with session.begin():
        for row in changes.gone:
            session.remove(row)  # its requirements and files go with it: ON DELETE CASCADE
        for row, package in changes.changed:
            session.query(m.Requirement).filter(distribution_id=row.id).delete()
            session.query(m.File).filter(distribution_id=row.id).delete()
            session.update(row, **package.facts())
        rows = [m.Distribution(**package.facts()) for package in changes.new]
        session.insert_all(rows)  # fills in the ids
        for row, package in [*zip(rows, changes.new, strict=True), *changes.changed]:
            parts = children(m, row, package)
            session.insert_all(parts)
            done += 1 + len(parts)
            advance(done, changes.rows)
    return changes


async def load_async(session: AsyncSession, m: ModuleType, packages: list[Package], advance: Advance) -> Changes:
    """The same with `await`."""
    changes = compare(await session.query(m.Distribution).all(), packages)
    done = 0
    async with session.begin():
        for row in changes.gone:
            await session.remove(row)
        for row, package in changes.changed:
            await session.query(m.Requirement).filter(distribution_id=row.id).delete()
            await session.query(m.File).filter(distribution_id=row.id).delete()
            await session.update(row, **package.facts())
        rows = [m.Distribution(**package.facts()) for package in changes.new]
        await session.insert_all(rows)
        for row, package in [*zip(rows, changes.new, strict=True), *changes.changed]:
            parts = children(m, row, package)
            await session.insert_all(parts)
            done += 1 + len(parts)
            advance(done, changes.rows)
    return changes


def children(m: ModuleType, row: Any, package: Package) -> list[Any]:
    """The rows that belong to one distribution, of two models: `insert_all` takes them together."""
    return [
        *[
            m.Requirement(distribution_id=row.id, needs=each.needs, text=each.text, optional=each.optional)
            for each in package.requirements
        ],
        *[m.File(distribution_id=row.id, path=each.path, type=each.type, size=each.size) for each in package.files],
    ]


# --- asking -----------------------------------------------------------------------------------------------------------

NEEDED = """
    SELECT d.name, count(*) AS times, string_agg(asking.name, ', ' ORDER BY asking.name) AS by_whom
    FROM (SELECT DISTINCT distribution_id, needs FROM requirements WHERE NOT optional) AS r
    JOIN distributions AS d ON d.name = r.needs
    JOIN distributions AS asking ON asking.id = r.distribution_id
    GROUP BY d.name ORDER BY times DESC, d.name LIMIT 8
"""
TYPES = """
    SELECT type, count(*) AS files, CAST(coalesce(sum(size), 0) AS bigint) AS bytes
    FROM files GROUP BY type ORDER BY files DESC, type LIMIT 8
"""


def ask(session: Session, m: ModuleType) -> Answers:
    """A query over a model where instances are wanted, SQL where it says it best."""
    largest = session.query(m.Distribution).order_by("-size", "name").limit(8).all()
    return Answers(
        largest=[(each.name, each.version, each.file_count, each.size) for each in largest],
        needed=session.execute_raw(NEEDED).tuples(),
        types=session.execute_raw(TYPES).tuples(),
        big=session.query(m.File).filter(size__gte=1_000_000).count(),
    )


async def ask_async(session: AsyncSession, m: ModuleType) -> Answers:
    """The same with `await`."""
    largest = await session.query(m.Distribution).order_by("-size", "name").limit(8).all()
    return Answers(
        largest=[(each.name, each.version, each.file_count, each.size) for each in largest],
        needed=(await session.execute_raw(NEEDED)).tuples(),
        types=(await session.execute_raw(TYPES)).tuples(),
        big=await session.query(m.File).filter(size__gte=1_000_000).count(),
    )


# --- one run ----------------------------------------------------------------------------------------------------------


def run(url: str, m: ModuleType, packages: list[Package], advance: Advance) -> Outcome:
    with create_engine(url) as engine:
        engine.create_all(m.Distribution, m.Requirement, m.File)
        session = Session(engine)
        start = perf_counter()
        changes = load(session, m, packages, advance)
        loaded = perf_counter()
        files = session.query(m.File).all()
        read = perf_counter()
        return Outcome(changes, loaded - start, len(files), read - loaded, ask(session, m))


async def run_async(url: str, m: ModuleType, packages: list[Package], advance: Advance) -> Outcome:
    async with await create_engine(url) as engine:
        await engine.create_all(m.Distribution, m.Requirement, m.File)
        session = AsyncSession(engine)
        start = perf_counter()
        changes = await load_async(session, m, packages, advance)
        loaded = perf_counter()
        files = await session.query(m.File).all()
        read = perf_counter()
        return Outcome(changes, loaded - start, len(files), read - loaded, await ask_async(session, m))


def main() -> int:
    if "--fresh" in sys.argv[1:]:
        places.forget(HOME)
    start = perf_counter()
    packages = installed()
    show.console.print(
        f"{len(packages)} distributions are installed here. Starting a PostgreSQL server of our own ...\n"
    )
    outcomes: dict[tuple[str, str, str], Outcome] = {}
    with places.postgresql(HOME) as server, show.progress() as bar:
        for style, m in STYLES.items():
            for colour in ("sync", "async"):
                name = f"{m.__name__.rpartition('.')[2]}_{colour}"
                urls = {"SQLite": places.sqlite_url(HOME, name), "PostgreSQL": places.postgresql_url(server, name)}
                for database, url in urls.items():
                    advance = show.advance(bar, f"{style}, {database}, {colour}")
                    outcomes[style, database, colour] = (
                        run(url, m, packages, advance)
                        if colour == "sync"
                        else asyncio.run(run_async(url, m, packages, advance))
                    )
        kept = places.describe(HOME, server)
    report.show(outcomes)
    show.console.print(f"Took {perf_counter() - start:.1f} seconds. The data stay in {kept}; --fresh forgets them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
