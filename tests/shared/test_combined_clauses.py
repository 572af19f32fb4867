"""Clauses that are right alone, together: on both databases, in both colours and all styles."""

from __future__ import annotations

from decimal import Decimal
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from ferrow import any_, case, columns, func, select
from ferrow.errors import ProgrammingError
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.mixed import Row, mixed, teams
from tests.support.mixed.types import Color, Level
from tests.support.sessions import session_of


def player(number: int, **values: Any) -> Row:
    return {"id": UUID(int=number), "name": "x", "nick": "x", "tags": [], "colors": [], "meta": {}, **values}


PLAYERS = [
    player(1, name="ada", nick="zed", color=Color.RED, age=30, score=Decimal("1.5"), level=Level.LOW, meta={"k": 1}),
    player(2, name="bob", nick="ada", color=Color.BLUE, age=20, score=Decimal("9.25"), coach_id=UUID(int=1)),
    player(3, name="cy", nick="bob", colors=[Color.BLUE, Color.RED], coach_id=UUID(int=1), meta={"k": "1"}),
    player(4, name="ada", nick="cy", color=Color.RED, age=30, score=Decimal(-3), level=Level.MID, coach_id=UUID(int=3)),
    player(5, name="dee", nick="dee", color=Color.GREEN, age=41, score=Decimal(100), level=Level.LOW, meta={"k": 2.5}),
]
TEAMS = {1: ("N", 1), 2: ("N", 1), 3: ("S", 1), 4: ("S", 2)}


@pytest.fixture
def models(style: str) -> ModuleType:
    return mixed(style)


@pytest.fixture
def session(engine: Any, colour: str, models: ModuleType, runner: Runner) -> Any:
    made = session_of(engine, colour)

    async def fill() -> None:
        await maybe(engine.create_all(models.Team, models.Player))
        await maybe(made.insert_all([models.Team(**row) for row in teams()]))
        for row in PLAYERS:
            region, number = TEAMS.get(row["id"].int, (None, None))
            await maybe(made.insert(models.Player(**row, team_region=region, team_number=number)))

    runner.run(fill())
    return made


@pytest.fixture
def everybody(session: Any, models: ModuleType) -> Any:
    return session.query(models.Player)


@pytest.fixture
def c(models: ModuleType) -> Any:
    return columns(models.Player)


async def ids(query: Any) -> list[int]:
    return [one.id.int for one in await maybe(query.all())]


async def walked(query: Any) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = None
    while True:
        part = await maybe(query.after(cursor, size=1))
        found += part
        cursor = part.next
        if cursor is None:
            return found


# --- distinct --------------------------------------------------------------------------------------------------------


async def test_distinct_rows_in_an_order(everybody: Any, session: Any, models: ModuleType) -> None:
    """PostgreSQL sorts different rows by what is in them only."""
    different = everybody.distinct().order_by("name", "id")
    assert await maybe(different.exists())
    assert await maybe(different.limit(2).sum("age")) == 60
    assert await maybe(different.limit(2).update(age=33)) == 2
    assert await maybe(different.order_by("team__city").count()) == 5
    joined = everybody.join(models.Team).distinct().order_by("name", "id")
    assert await maybe(joined.sum("age")) == 33 + 33 + 20
    assert await maybe(joined.limit(2).update(coach_id=None)) == 2


async def test_distinct_rows_and_an_offset(everybody: Any, session: Any, models: ModuleType) -> None:
    """They are told apart by all columns, of which the first is the same in many rows."""
    assert await maybe(everybody.distinct().offset(4).exists())
    assert await maybe(session.query(models.Team).distinct().offset(3).exists())
    assert await maybe(everybody.join(models.Team).distinct().offset(3).exists())
    assert not await maybe(everybody.join(models.Team).distinct().offset(4).exists())


async def test_different_rows_sorted_by_others(everybody: Any, models: ModuleType, c: Any) -> None:
    for query in (
        everybody.join(models.Team).distinct().order_by(columns(models.Team).city),
        everybody.join(models.Team).distinct().order_by("coach__name"),
    ):
        for ask in (
            query.all,
            query.first,
            query.limit(1).delete,
            query.page,
            lambda query=query: query.limit(1).sum("age"),
        ):
            with pytest.raises(ProgrammingError, match="cannot be sorted by"):
                await maybe(ask())
    with pytest.raises(ProgrammingError, match="cannot be sorted by"):  # with other values it is something else
        await maybe(everybody.distinct().order_by(c.age * 2).values_list((c.age * 3).label("y")))
    found = everybody.distinct().filter(age__isnotnull=True).order_by((c.age * 2).desc())
    assert await maybe(found.values_list((c.age * 2).label("y"), flat=True)) == [82, 60, 40]


async def test_slices_of_the_first_of_each(everybody: Any, c: Any) -> None:
    """The row that a cursor is at has others like it behind it."""
    query = everybody.filter(age__isnotnull=True).distinct("age").order_by("age", "-nick")
    assert [one.id.int for one in await walked(query)] == [2, 1, 5] == await ids(query)


async def test_slices_of_groups(session: Any, models: ModuleType) -> None:
    players = columns(models.Player)
    query = (
        session.query(models.Team).join(models.Player).group_by("region", "number").annotate(n=func.count(players.id))
    )
    found = await walked(query.order_by("-n", "city"))
    assert [(one.city, one.region) for one in found] == [("Oslo", "N"), ("Bern", "S"), ("Rome", "S")]


async def test_in_bulk_says_itself_which(everybody: Any) -> None:
    for query in (everybody.limit(1), everybody.offset(1)):
        with pytest.raises(ProgrammingError, match="limit"):
            await maybe(query.in_bulk([UUID(int=1), UUID(int=2)]))


async def test_an_order_by_the_label_of_something_else(everybody: Any, session: Any, c: Any) -> None:
    """The labels are alike but for a value in them."""
    query = everybody.filter(age__isnotnull=True).order_by((c.age % 7).label("m"), "id")
    assert await maybe(query.values_list("id", (c.age % 11).label("m"))) == [
        (UUID(int=1), 8), (UUID(int=4), 8), (UUID(int=2), 9), (UUID(int=5), 8)
    ]  # fmt: skip
    statement = select(c.id.label("i"), (c.age + 1).label("m"), (c.age % 11).label("n")).where(c.age.is_not_null())
    found = await maybe(
        session.execute(statement.order_by((c.age % 11).label("n").desc(), (c.age + 1).label("m"), c.id))
    )
    assert found.column("n") == [9, 8, 8, 8]
    assert found.column("m") == [21, 31, 31, 42]


async def test_the_first_of_each_by_a_path(everybody: Any, c: Any) -> None:
    query = everybody.filter(team__isnull=False).distinct("team__city").order_by("team__city", "-name")
    assert await ids(query) == [4, 2, 3]
    assert await maybe(query.values_list("team__city", "name")) == [("Bern", "ada"), ("Oslo", "bob"), ("Rome", "cy")]
    with pytest.raises(ProgrammingError, match="no order"):
        everybody.distinct("meta__k")


async def test_conditions_on_windows(everybody: Any, session: Any, c: Any) -> None:
    """All databases refuse them in WHERE, each in its own words; those on annotations stand around the query."""
    numbered = func.row_number().over(order_by=c.id)
    with pytest.raises(ProgrammingError, match="select it in a subquery"):
        await maybe(everybody.filter(numbered <= 2).all())
    assert await ids(everybody.annotate(n=numbered).filter(n__lte=2).order_by("id")) == [1, 2]
    rows = select(c.id, numbered.label("n")).subquery("numbered")
    assert await ids(everybody.join(rows, rows.c.id == c.id).filter(rows.c.n <= 2).order_by("id")) == [1, 2]


# --- groups ----------------------------------------------------------------------------------------------------------


async def test_columns_that_differ_within_a_group(everybody: Any, session: Any, models: ModuleType, c: Any) -> None:
    """SQLite takes those of an arbitrary row."""
    plus = everybody.annotate(y=c.age + 1).group_by("y")
    for query in (
        lambda: plus.values_list("y", (c.age + 2).label("z")),
        lambda: plus.values_list("y", func.sum(c.age).over().label("z")),
        lambda: (
            everybody.annotate(n=func.count()).group_by("color").filter((c.name == "ada") | (func.count() > 1)).values()
        ),
        lambda: session.execute(select(c.color, c.name).group_by(c.color)),
        lambda: session.execute(select(c.color, case((c.name == "ada", 1), else_=2)).group_by(c.color)),
        lambda: session.execute(select(c.color).group_by(c.color).order_by(c.name)),
        lambda: session.execute(select(c.color).group_by(c.color).having((c.name == "ada") | (func.count() > 1))),
        lambda: session.execute(
            select(models.Team, func.count()).join(models.Player).group_by(columns(models.Team).region)
        ),
    ):
        with pytest.raises(ProgrammingError, match="not the same in all rows of a group"):
            await maybe(query())
    team = columns(models.Team)
    by_key = (
        select(models.Team, func.count()).join(models.Player).group_by(team.region, team.number).order_by(team.city)
    )
    found = (await maybe(session.execute(by_key))).all()
    assert [(one.city, n) for one, n in found] == [("Bern", 1), ("Oslo", 2), ("Rome", 1)]


# --- encoded columns -------------------------------------------------------------------------------------------------


async def test_annotations_of_enumerations(everybody: Any, c: Any) -> None:
    assert await ids(everybody.annotate(z="level").filter(z=Level.LOW).order_by("id")) == [1, 5]
    assert await ids(everybody.annotate(z=c.level).filter(z__in=[Level.MID, None]).order_by("id")) == [2, 3, 4]
    top = everybody.annotate(top=func.max(c.color)).group_by("age").order_by("age")
    assert await maybe(top.filter(top=Color.RED).values_list("age", flat=True)) == [30]
    assert await maybe(top.having(top__gt=Color.RED).values_list("age", flat=True)) == [20, 41]


async def test_functions_of_enumerations(everybody: Any, c: Any) -> None:
    each = everybody.order_by("id")
    assert (await maybe(each.values_list(func.coalesce(c.color, Color.GREEN).label("x"), flat=True)))[2] is Color.GREEN
    chosen = case((c.age > 25, c.color), else_=Color.BLUE).label("x")
    assert await maybe(each.values_list(chosen, flat=True)) == [
        Color.RED,
        Color.BLUE,
        Color.BLUE,
        Color.RED,
        Color.GREEN,
    ]
    assert await maybe(each.values_list(func.greatest(c.color, Color.GREEN).label("x"), flat=True)) == [
        Color.GREEN, Color.BLUE, Color.GREEN, Color.GREEN, Color.GREEN
    ]  # fmt: skip
    assert await maybe(each.values_list(func.least(c.color, c.color).label("x"), flat=True)) == [
        row.get("color") for row in PLAYERS
    ]


async def test_an_item_of_a_list_of_enumerations(everybody: Any, c: Any) -> None:
    query = everybody.filter(c.colors[0] == Color.BLUE)
    assert await maybe(query.values_list(c.colors[0].label("x"), c.colors[-1].label("y"), c.colors[5].label("z"))) == [
        (Color.BLUE, Color.RED, None)
    ]


async def test_greatest_of_decimals(everybody: Any, c: Any) -> None:
    """Whichever stands first: SQLite would compare their texts."""
    for one in (func.greatest(c.score, Decimal(20)), func.greatest(func.coalesce(c.score, Decimal(0)), Decimal(20))):
        assert await maybe(everybody.order_by("id").values_list(one.label("x"), flat=True)) == [20, 20, 20, 20, 100]
        assert await ids(everybody.filter(one > Decimal(20))) == [5]
    assert await maybe(everybody.order_by("id").values_list(func.least(c.score, Decimal(20)).label("x"), flat=True)) == [
        Decimal("1.5"), Decimal("9.25"), 20, -3, 20
    ]  # fmt: skip


async def test_queries_that_enumerations_are_compared_with(everybody: Any, models: ModuleType, c: Any) -> None:
    team = columns(models.Team)
    shades = select(team.color).where(team.color.is_not_null())
    for query in (
        everybody.filter(c.color.in_(shades)),
        everybody.filter(color__in=shades),
        everybody.filter(c.color == any_(shades)),
    ):
        assert await ids(query.order_by("id")) == [1, 2, 4]
    assert await ids(everybody.filter(color__notin=shades)) == [5]
    assert await ids(everybody.filter(age__in=select(func.max(c.age)))) == [5]


async def test_combined_queries_in_the_order_of_enumerations(session: Any, models: ModuleType, c: Any) -> None:
    team = columns(models.Team)
    both = select(c.color).where(c.color.is_not_null()).union(select(team.color).where(team.color == Color.BLUE))
    assert (await maybe(session.execute(both.order_by("color")))).all() == [(Color.RED,), (Color.GREEN,), (Color.BLUE,)]
    assert (await maybe(session.execute(both.order_by("-color").limit(1).offset(1)))).all() == [(Color.GREEN,)]
    inner = both.order_by("-color").limit(2).subquery("chosen")
    assert (await maybe(session.execute(select(func.count()).select_from(inner)))).scalar() == 2


async def test_combined_queries_in_the_order_of_documents(session: Any, c: Any) -> None:
    def of(condition: Any) -> Any:
        return select(c.meta["k"].label("k"), c.id).where(condition, c.meta["k"].is_not_null())

    both = of(c.age == 30).union_all(of(c.age != 30), of(c.age.is_null()))
    assert (await maybe(session.execute(both.order_by("k")))).column("k") == ["1", 1, 2.5]


# --- relations -------------------------------------------------------------------------------------------------------


async def test_not_among_related_rows_nor_without_any(everybody: Any) -> None:
    assert await ids(everybody.filter(coached__notin=[UUID(int=4)]).order_by("id")) == [1, 2, 4, 5]
    assert await ids(everybody.filter(coached__notin=[UUID(int=4), None]).order_by("id")) == [1]
    assert await ids(everybody.filter(coached__in=[UUID(int=4), None]).order_by("id")) == [2, 3, 4, 5]


async def test_a_place_in_the_document_of_a_missing_object(everybody: Any) -> None:
    for keywords in (
        {"coach__meta__k": None},
        {"coach__meta__k__isnull": True},
        {"coach__coach__meta__k__isnotnull": False},
    ):
        query = everybody.filter(**keywords).order_by("id")
        assert await ids(query) == ([1, 5] if len(next(iter(keywords)).split("__")) < 5 else [1, 2, 3, 5])
