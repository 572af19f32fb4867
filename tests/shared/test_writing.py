"""Inserts of many rows and of queries, upserts, changes by other tables: on real rows."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import NotSupportedError, UniqueViolation
from ferrow.sql import ColumnRef, Delete, Insert, Select, TableRef, Update, Values, excluded
from ferrow.types import Integer, Text
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.rows import count, rows

pages = TableRef("written_pages")
path: ColumnRef[str] = ColumnRef(pages, "path", Text())
hits: ColumnRef[int] = ColumnRef(pages, "hits", Integer())
note: ColumnRef[str | None] = ColumnRef(pages, "note", Text(), nullable=True)

log = TableRef("log")
seen: ColumnRef[str] = ColumnRef(log, "seen", Text())
times: ColumnRef[int] = ColumnRef(log, "times", Integer())


@pytest.fixture
def db(engine: Any, runner: Runner, backend: str) -> Any:
    """An engine on a database with `written_pages` (one row) and `log` (three)."""

    async def fill() -> None:
        text = "varchar(50)" if backend == "mariadb" else "text"  # a key there needs a length
        await maybe(
            engine.script(f"CREATE TABLE written_pages (path {text} PRIMARY KEY, hits integer NOT NULL, note text)")
        )
        await maybe(engine.script("CREATE TABLE log (seen text, times integer)"))
        await count(engine, Insert(pages, [path, hits, note], ("/", 1, "home")))
        await count(engine, Insert.of_rows(log, [seen, times], [("/", 10), ("/a", 2), ("/b", 3)]))

    runner.run(fill())
    return engine


async def everything(db: Any) -> list[Any]:
    return await rows(db, Select([path, hits, note], pages).order_by(path))


async def test_several_rows(db: Any, mysql: bool) -> None:
    insert = Insert.of_rows(
        pages, [path, hits], [("/a", 2), ("/b", hits_of := 3)], returning=[path, (hits + 1).label("h")]
    )
    if mysql:
        with pytest.raises(NotSupportedError, match="no RETURNING"):
            await rows(db, insert)
    else:
        assert await rows(db, insert) == [("/a", 3), ("/b", hits_of + 1)]


async def test_conflicts_are_left_out(db: Any, backend: str, mysql: bool) -> None:
    two = Insert.of_rows(pages, [path, hits], [("/", 5), ("/a", 6)], returning=[path])
    if backend == "mariadb":
        with pytest.raises(NotSupportedError, match="RETURNING"):
            await rows(db, two.on_conflict_do_nothing(path))
        plain = Insert.of_rows(pages, [path, hits], [("/", 5), ("/a", 6)])
        assert await count(db, plain.on_conflict_do_nothing(path)) == 1
        assert await count(db, plain.on_conflict_do_nothing()) == 0
    else:
        assert await rows(db, two.on_conflict_do_nothing(path)) == [("/a",)]
        assert await rows(db, two.on_conflict_do_nothing()) == []
    if mysql:  # of a table without a model it knows no key by which to read the rows again
        with pytest.raises(NotSupportedError, match="no RETURNING"):
            await rows(db, two)
        two = Insert.of_rows(pages, [path, hits], [("/", 5), ("/a", 6)])
    with pytest.raises(UniqueViolation):
        await (count if mysql else rows)(db, two)
    assert await everything(db) == [("/", 1, "home"), ("/a", 6, None)]


async def test_conflicts_change_what_is_there(db: Any, backend: str) -> None:
    insert = Insert(pages, [path, hits, note], ("/", 5, "new"), returning=[hits, note])
    assert await rows(db, insert.on_conflict_do_update(path, [(hits, hits + excluded(hits))])) == [(6, "home")]
    assert await rows(db, insert.on_conflict_do_update([path], [hits, note])) == [(5, "new")]
    seldom = insert.on_conflict_do_update(path, [(hits, 100), (note, None)], where=hits < 3)
    often = insert.on_conflict_do_update(path, [(hits, 100), (note, None)], where=hits < 9)
    if backend == "mariadb":
        with pytest.raises(NotSupportedError, match="RETURNING"):
            await rows(db, seldom)
        bare = Insert(pages, [path, hits, note], ("/", 5, "new"))
        for limit in (3, 9):
            await rows(db, bare.on_conflict_do_update(path, [(hits, 100), (note, None)], where=hits < limit))
    else:
        assert await rows(db, seldom) == []
        assert await rows(db, often) == [(100, None)]
    # Where nothing is in the way the row is inserted.
    other = Insert(pages, [path, hits], ("/x", 5)).on_conflict_do_update(path, [hits])
    assert await count(db, other) == 1
    assert await everything(db) == [("/", 100, None), ("/x", 5, None)]


async def test_the_batch_form_upserts(db: Any) -> None:
    batch = Insert(pages, [path, hits]).on_conflict_do_update(path, [(hits, hits + excluded(hits)), (note, "again")])
    for row in (("/", 4), ("/z", 4)):
        assert await count(db, batch.row(row)) == 1
    assert await everything(db) == [("/", 5, "again"), ("/z", 4, None)]


async def test_rows_of_a_query(db: Any) -> None:
    busy = Select([seen, times], log).where(times > 2).cte("busy")
    insert = Insert.from_query(pages, [path, hits], Select([busy.c.seen, busy.c.times], busy).where(busy.c.times < 99))
    upsert = insert.on_conflict_do_update(path, [(hits, hits + excluded(hits))])
    assert await count(db, upsert) == 2
    assert await everything(db) == [("/", 11, "home"), ("/b", 3, None)]
    # Without a WHERE of its own, combined, sorted and cut: SQLite must not take ON for that of a join.
    plain = Insert.from_query(pages, [path, hits], Select([seen, times], log))
    assert await count(db, plain.on_conflict_do_nothing()) == 1
    both = Select([seen, times], log).union_all(Select([seen, times], log)).order_by(seen).limit(2)
    assert await count(db, Insert.from_query(pages, [path, hits], both).on_conflict_do_nothing(path)) == 0


async def test_changes_by_another_table(db: Any, backend: str) -> None:
    mariadb = backend == "mariadb"
    back = [] if mariadb else [hits]
    assert await rows(db, Update(pages, [(hits, hits + times), (note, "x")], path == seen, back, from_=[log])) == (
        [] if mariadb else [(11,)]
    )
    assert await everything(db) == [("/", 11, "x")]
    new = Values("new", {"path": Text(), "hits": Integer()}, [("/", 70), ("/q", 1)])
    assert await count(db, Update(pages, [(hits, new.c.hits)], new.c.path == path, from_=[new])) == 1
    totals: Any = Select([seen, times], log).cte("totals")
    if mariadb:
        changing = Update(pages, [(note, totals.c.seen)], totals.c.seen == path, from_=[totals])
        with pytest.raises(NotSupportedError, match="no WITH in UPDATE"):
            await count(db, changing)
        totals = Select([seen, times], log).subquery("totals")
    assert (
        await count(
            db, Update(pages, [(note, totals.c.seen)], (totals.c.seen == path) & (totals.c.times > 1), from_=[totals])
        )
        == 1
    )
    assert await everything(db) == [("/", 70, "/")]


async def test_removals_by_another_table(db: Any) -> None:
    assert await rows(db, Delete(pages, (path == seen) & (times > 50), [path], using=[log])) == []
    assert await rows(db, Delete(log, path == seen, [seen], using=[pages])) == [("/",)]
    assert await rows(db, Select([seen], log).order_by(seen)) == [("/a",), ("/b",)]


async def test_what_sqlite_cannot_return(db: Any, backend: str) -> None:
    delete = Delete(log, path == seen, [hits], using=[pages])
    if backend != "postgresql":
        with pytest.raises(NotSupportedError, match="RETURNING"):
            await rows(db, delete)
    else:
        assert await rows(db, delete) == [(1,)]
