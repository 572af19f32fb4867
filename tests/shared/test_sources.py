"""Queries of queries, on real rows: subqueries, common table expressions, combinations, joins, locks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ferrow.errors import NotSupportedError
from ferrow.sql import (
    ColumnRef,
    Explain,
    Insert,
    Select,
    TableRef,
    Values,
    compile,
    exists,
    func,
    literal,
    recursive,
    true,
)
from ferrow.types import Integer, Numeric, Text
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.rows import rows

staff = TableRef("staff")
id_: ColumnRef[int] = ColumnRef(staff, "id", Integer())
name: ColumnRef[str] = ColumnRef(staff, "name", Text())
boss: ColumnRef[int | None] = ColumnRef(staff, "boss", Integer(), nullable=True)
pay: ColumnRef[Decimal] = ColumnRef(staff, "pay", Numeric(10, 2))

# id, name, boss, pay: 9.50 sorts before 10.00 as a number, and after it as a text.
PEOPLE = [
    (1, "Ada", None, "100.00"),
    (2, "Bob", 1, "9.50"),
    (3, "Cyd", 1, "10.00"),
    (4, "Dan", 2, "10.00"),
    (5, "Eve", 2, "9.50"),
    (6, "Fay", 4, "7.25"),
]


@pytest.fixture
def db(engine: Any, backend: str, runner: Runner) -> Any:
    """An engine on a database with the table `staff`."""
    decimal = "TEXT COLLATE decimal" if backend == "sqlite" else "numeric(10, 2)"
    create = f"CREATE TABLE staff (id integer PRIMARY KEY, name text NOT NULL, boss integer, pay {decimal} NOT NULL)"

    async def fill() -> None:
        await maybe(engine.script(create))
        people = [(key, who, above, Decimal(money)) for key, who, above, money in PEOPLE]
        await rows(engine, Insert.of_rows(staff, [id_, name, boss, pay], people))

    runner.run(fill())
    return engine


async def test_a_subquery_is_queried(db: Any) -> None:
    team = Select([boss, func.count().label("n"), func.sum(pay).label("total")], staff).group_by(boss).subquery("team")
    query = Select([name, team.c.n, team.c.total], staff).join(team, team.c.boss == id_)
    assert await rows(db, query.where(team.c.total > 9).order_by(team.c.total, id_)) == [
        ("Ada", 2, Decimal("19.50")),
        ("Bob", 2, Decimal("19.50")),
    ]
    assert await rows(db, query.where(team.c.n == 1)) == [("Dan", 1, Decimal("7.25"))]
    # Computed decimals compare and sort as numbers, also one query further out.
    twice = Select([name, (pay * 2).label("twice")], staff).subquery("twice")
    found = Select([twice.c.name], twice).where(twice.c.twice < 20).order_by(twice.c.twice.desc(), twice.c.name)
    assert await rows(db, found) == [("Bob",), ("Eve",), ("Fay",)]


async def test_a_cte_is_said_once_and_used_often(db: Any, backend: str) -> None:
    low = (
        Select([id_, name, boss], staff).where(pay < 11).cte("low", materialized=None if backend == "mariadb" else True)
    )
    above = low.as_("above")
    query = Select([low.c.name, above.c.name.label("above")], low).left_join(above, above.c.id == low.c.boss)
    assert await rows(db, query.order_by(low.c.id)) == [
        ("Bob", None),
        ("Cyd", None),
        ("Dan", "Bob"),
        ("Eve", "Bob"),
        ("Fay", "Dan"),
    ]
    assert compile(query, db.dialect).sql.count("WITH") == 1


async def test_ctes_of_subqueries_and_of_ctes_are_collected(db: Any) -> None:
    low = Select([id_, name], staff).where(pay < 11).cte("low")
    lower = Select([low.c.id], low).where(low.c.id > 3).cte("lower")
    inner = Select([lower.c.id, low.c.name], lower).join(low, low.c.id == lower.c.id).subquery("inner")
    query = Select([inner.c.name], inner).join(low, low.c.id == inner.c.id).where(low.c.id < 6).order_by(inner.c.id)
    assert await rows(db, query) == [("Dan",), ("Eve",)]
    assert compile(query, db.dialect).sql.count("low AS") == 1


async def test_a_cte_in_a_condition_is_said_there(db: Any) -> None:
    low = Select([id_], staff).where(pay < 10).cte("low")
    query = Select([name], staff).where(pay > 9, id_.in_(Select([low.c.id], low).where(low.c.id < 5))).order_by(id_)
    assert await rows(db, query) == [("Bob",)]
    both = Select([low.c.id], low).where(exists(Select([low.c.id], low).where(low.c.id == 6))).order_by(low.c.id)
    assert await rows(db, both) == [(2,), (5,), (6,)]


async def test_recursion_walks_a_tree(db: Any) -> None:
    below = recursive(
        "below",
        Select([id_, name, literal(0, Integer()).label("depth")], staff).where(name == "Bob"),
        lambda me: Select([id_, name, (me.c.depth + 1).label("depth")], staff).join(me, boss == me.c.id),
    )
    query = Select([below.c.name, below.c.depth], below).where(below.c.depth < 3).order_by(below.c.depth, below.c.id)
    assert await rows(db, query) == [("Bob", 0), ("Dan", 1), ("Eve", 1), ("Fay", 2)]
    above = func.count().label("n")
    assert await rows(db, Select([above], staff).where(id_.in_(Select([below.c.id], below)))) == [(4,)]


async def test_recursion_counts(db: Any) -> None:
    n = literal(1).label("n")
    numbers = recursive("numbers", Select([n]), lambda me: Select([me.c.n + 1], me).where(me.c.n < 5))
    assert await rows(db, Select([numbers.c.n], numbers).order_by(numbers.c.n)) == [(1,), (2,), (3,), (4,), (5,)]


async def test_recursion_without_repetition_ends_in_cycles(db: Any) -> None:
    edges = TableRef("edges")
    here: ColumnRef[int] = ColumnRef(edges, "here", Integer())
    there: ColumnRef[int] = ColumnRef(edges, "there", Integer())
    await maybe(db.script("CREATE TABLE edges (here integer, there integer)"))
    await rows(db, Insert.of_rows(edges, [here, there], [(1, 2), (2, 3), (3, 1), (7, 8)]))
    reached = recursive(
        "reached",
        Select([there.label("at")], edges).where(here == 1),
        lambda me: Select([there], edges).join(me, here == me.c.at),
        all=False,
    )
    assert await rows(db, Select([reached.c.at], reached).order_by(reached.c.at)) == [(1,), (2,), (3,)]


async def test_recursion_widens_types(db: Any) -> None:
    path = ColumnRef[str](staff, "name", Text())
    paths = recursive(
        "paths",
        Select([id_, path.label("path"), id_.label("sum")], staff).where(boss.is_null()),
        lambda me: Select([id_, me.c.path + "/" + name, me.c.sum + literal(2**40)], staff).join(me, boss == me.c.id),
    )
    query = Select([paths.c.path, paths.c.sum], paths).where(paths.c.id == 6)
    assert await rows(db, query) == [("Ada/Bob/Dan/Fay", 1 + 3 * 2**40)]


async def test_combinations(db: Any) -> None:
    people = Select([name], staff)
    low, bosses = people.where(pay < 10), people.where(id_.in_(Select([boss], staff).where(boss.is_not_null())))

    async def names(query: Any) -> str:
        return "".join([row[0][0] for row in await rows(db, query.order_by(name))])

    assert await names(low.union(bosses)) == "ABDEF"
    assert await names(low.union_all(bosses)) == "ABBDEF"
    assert await names(low.intersect(bosses)) == "B"
    assert await names(low.except_(bosses)) == "EF"
    assert await names(low.union(bosses).except_(people.where(name == "Ada"))) == "BDEF"
    assert await names(low.except_(bosses.union(people.where(name == "Eve")))) == "F"
    # From left to right, whatever binds tighter in SQL.
    assert await names(people.union(low).intersect(bosses)) == "ABD"
    assert await names(bosses.union(people.intersect(low))) == "ABDEF"
    # A member keeps its own order and limit.
    assert await names(people.order_by(pay.desc()).limit(1).union(people.order_by(pay, id_).limit(2))) == "ABF"
    last = low.union(bosses).order_by(name.desc()).offset(1).limit(2)
    assert await rows(db, last) == [("Eve",), ("Dan",)]
    inner = low.union(bosses).subquery("u")
    assert await rows(db, Select([func.count()], inner)) == [(5,)]
    assert await rows(db, Select([func.count()], staff).where(name.in_(low.union(bosses)))) == [(5,)]


async def test_combined_numbers_have_one_type(db: Any) -> None:
    query = Select([id_], staff).where(id_ == 1).union(Select([pay], staff).where(id_ == 3)).order_by(id_)
    assert await rows(db, query) == [(Decimal(1),), (Decimal("10.00"),)]
    # Equal numbers are equal, however many digits they are written with.
    same = Select([literal(Decimal("10.0"))]).union(Select([pay], staff).where(pay == 10), Select([literal(10)]))
    assert len(await rows(db, same)) == 1
    assert len(await rows(db, Select([(pay + Decimal("0.500")).label("x")], staff).where(pay == 10).distinct())) == 1


async def test_a_query_is_a_value(db: Any) -> None:
    under = TableRef("staff", alias="under")
    n = Select([func.count()], under).where(boss.of(under) == id_).scalar()
    assert await rows(db, Select([name, n.label("n")], staff).where(n > 1).order_by(n.desc(), id_)) == [
        ("Ada", 2),
        ("Bob", 2),
    ]
    best = Select([func.max(pay)], staff).where(boss.is_not_null()).scalar()
    assert await rows(db, Select([name], staff).where(pay == best).order_by(id_)) == [("Cyd",), ("Dan",)]
    assert await rows(db, Select([Select([pay], staff).where(id_ == 99).scalar()])) == [(None,)]


async def test_joins(db: Any, backend: str) -> None:
    ranks = Values("ranks", {"pay": Numeric(10, 2), "rank": Text()}, [(Decimal("9.5"), "low"), (Decimal(11), "none")])
    both = Select([name, ranks.c.rank], staff).full_join(ranks, ranks.c.pay == pay)
    assert len(await rows(db, Select([name, ranks.c.rank], staff).cross_join(ranks))) == 12
    if backend == "mariadb":
        with pytest.raises(NotSupportedError, match="MariaDB has no FULL JOIN"):
            await rows(db, both)
        return
    assert await rows(db, both.where(ranks.c.rank.is_not_null()).order_by(ranks.c.rank, id_)) == [
        ("Bob", "low"),
        ("Eve", "low"),
        (None, "none"),
    ]
    assert len(await rows(db, both)) == 7


async def test_lateral(db: Any, backend: str) -> None:
    under = TableRef("staff", alias="under")
    first = Select([name.of(under)], under).where(boss.of(under) == id_).order_by(pay.of(under), id_.of(under)).limit(1)
    lowest = first.subquery("lowest", lateral=True)
    query = Select([name, lowest.c.name.label("lowest")], staff).left_join(lowest, true()).where(id_ < 4).order_by(id_)
    if backend != "postgresql":
        with pytest.raises(NotSupportedError, match=r"(SQLite|MariaDB) has no LATERAL"):
            await rows(db, query)
    else:
        assert await rows(db, query) == [("Ada", "Bob"), ("Bob", "Eve"), ("Cyd", None)]


async def test_distinct_on(db: Any) -> None:
    best = Select([boss, name, pay], staff).where(boss.is_not_null()).distinct(boss)
    assert await rows(db, best.order_by(boss, pay.desc(), id_)) == [
        (1, "Cyd", Decimal("10.00")),
        (2, "Dan", Decimal("10.00")),
        (4, "Fay", Decimal("7.25")),
    ]
    assert await rows(db, best.order_by(boss.desc(), pay, id_).limit(1).offset(1)) == [(2, "Eve", Decimal("9.50"))]
    label = (pay * 2).label("twice")
    assert await rows(db, Select([label, name], staff).distinct(label).order_by(label, name)) == [
        (Decimal("14.50"), "Fay"),
        (Decimal("19.00"), "Bob"),
        (Decimal("20.00"), "Cyd"),
        (Decimal("200.00"), "Ada"),
    ]
    place = func.row_number().over(order_by=[pay.desc(), id_]).label("place")
    ranked = Select([boss, name, place], staff).where(boss.is_not_null()).distinct(boss).order_by(boss, place.desc())
    assert await rows(db, ranked) == [(1, "Bob", 3), (2, "Eve", 4), (4, "Fay", 5)]
    inner = best.order_by(boss, id_).subquery("first")
    assert await rows(db, Select([func.count()], inner)) == [(3,)]
    groups = (
        Select([boss, func.count().label("n")], staff)
        .group_by(boss)
        .distinct(func.count())
        .order_by(func.count(), boss.desc().nulls_last())
    )
    assert await rows(db, groups) == [(4, 1), (2, 2)]


async def test_rows_are_locked(db: Any, backend: str) -> None:
    async with entered(db.transaction()):
        query = Select([name], staff).where(id_ == 1)
        assert await rows(db, query.for_update()) == [("Ada",)]
        if backend == "mariadb":
            assert await rows(db, query.for_update(read=True, skip_locked=True)) == [("Ada",)]
            with pytest.raises(NotSupportedError, match="FOR UPDATE OF"):
                await rows(db, query.for_update(of=[staff]))
            return
        assert await rows(db, query.for_update(read=True, of=[staff])) == [("Ada",)]
        other = staff.as_("other")
        joined = query.left_join(other, id_.of(other) == boss).for_update(of=[staff])
        assert await rows(db, joined) == [("Ada",)]
        if backend == "postgresql":
            assert await rows(db, query.for_update(skip_locked=True)) == [("Ada",)]
            assert await rows(db, query.for_update(nowait=True)) == [("Ada",)]


async def test_plans(db: Any, backend: str) -> None:
    query = Select([name], staff).where(id_ == 1)
    (first, *_) = await rows(db, Explain(query))
    assert "staff" in str(first)
    if backend == "postgresql":
        ((plan,),) = await rows(db, Explain(query, analyze=True, buffers=True, tree=True))
        assert plan[0]["Plan"]["Actual Rows"] == 1
