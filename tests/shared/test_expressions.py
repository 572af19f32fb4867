"""Functions, CASE, windows, lists and regular expressions, executed: the same answers, of the same types, on every database."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ferrow import all_, any_, case, func
from ferrow.errors import DatabaseError, DataError, NotSupportedError, ProgrammingError
from ferrow.model import table_of
from ferrow.sql import Expr, Select, cast, compile
from ferrow.sql.dialect import ALL
from ferrow.types import Integer, Text
from tests.support import entered, maybe
from tests.support.colours import Runner
from tests.support.expressions.lists import LISTS
from tests.support.expressions.moments import MOMENTS
from tests.support.expressions.things import T, Thing, ids, things
from tests.support.expressions.windows import WINDOWS


@pytest.fixture
def query(engine: Any, session: Any, runner: Runner) -> Any:
    async def prepare() -> None:
        await maybe(engine.create_all(Thing))
        await maybe(session.insert_all(things()))

    runner.run(prepare())
    return session.query(Thing)


EACH_ROW: list[tuple[Expr[Any], list[Any]]] = [
    (func.lower(T.name), ["äpfel ß", "  beta ", "gamma"]),
    (func.upper(T.name), ["ÄPFEL ß", "  BETA ", "GAMMA"]),
    (func.length(T.name), [7, 7, 5]),
    (func.trim(T.name), ["Äpfel ß", "beta", "gamma"]),
    (func.ltrim(T.name, " Ä"), ["pfel ß", "beta ", "gamma"]),
    (func.trim(T.name, " gaßÄ"), ["pfel", "bet", "mm"]),
    (func.rtrim(T.name, "aß "), ["Äpfel", "  bet", "gamm"]),
    (func.trim(T.name, "]^-\\Eß[a"), ["Äpfel ", "  beta ", "gamm"]),
    (func.trim(T.name, "\\d.G"), ["Äpfel ß", "  beta ", "gamma"]),
    (func.trim(T.name, ""), ["Äpfel ß", "  beta ", "gamma"]),
    (func.rtrim(T.name), ["Äpfel ß", "  beta", "gamma"]),
    (func.replace(T.name, "a", "xx"), ["Äpfel ß", "  betxx ", "gxxmmxx"]),
    (func.substr(T.name, 2, 3), ["pfe", " be", "amm"]),
    (func.substr(T.name, -1, 4), ["Äp", "  ", "ga"]),
    (func.substr(T.name, 3), ["fel ß", "beta ", "mma"]),
    (func.substr(T.name, T.id - 2, T.id), ["", " ", "gam"]),
    (func.concat(T.name, "-", func.nullif(T.name, "gamma")), ["Äpfel ß-Äpfel ß", "  beta -  beta ", "gamma-"]),
    (func.abs(T.n), [3, None, 5]),
    (func.abs(T.price), [Decimal("1.25"), Decimal("7.50"), Decimal("100.00")]),
    (func.abs(T.w), [2.675, 1.5, 0.0]),
    (-T.n, [-3, None, 5]),
    (-T.price, [Decimal("-1.25"), Decimal("7.50"), Decimal("-100.00")]),
    (6 / T.n, [2.0, None, -1.2]),
    (0 / T.id, [0.0, 0.0, 0.0]),
    (1.5 / T.w, [1.5 / 2.675, -1.0, None]),
    (func.sign(T.n), [1, None, -1]),
    (func.sign(T.price), [Decimal("1"), Decimal("-1"), Decimal("1")]),
    (func.sign(T.w), [1.0, -1.0, 0.0]),
    (func.round(T.price), [Decimal("1"), Decimal("-8"), Decimal("100")]),
    (func.round(T.price, 1), [Decimal("1.3"), Decimal("-7.5"), Decimal("100.0")]),
    (func.round(T.price, 4), [Decimal("1.2500"), Decimal("-7.5000"), Decimal("100.0000")]),
    (func.round(T.price, -1), [Decimal("0"), Decimal("-10"), Decimal("100")]),
    (func.round(T.w), [3.0, -2.0, 0.0]),
    (func.round(T.w, 2), [2.68, -1.5, 0.0]),
    (func.round(T.n, -1), [0, None, -10]),
    (func.ceil(T.price), [Decimal("2"), Decimal("-7"), Decimal("100")]),
    (func.floor(T.price), [Decimal("1"), Decimal("-8"), Decimal("100")]),
    (func.ceil(T.w), [3.0, -1.0, 0.0]),
    (func.floor(T.w), [2.0, -2.0, 0.0]),
    (func.ceil(T.n), [3, None, -5]),
    (func.sqrt(T.price), [1.118033988749895, None, 10.0]),
    (func.sqrt(T.n), [1.7320508075688772, None, None]),
    (func.power(T.w, 2), [7.155624999999999, 2.25, 0.0]),
    (func.power(T.n, 0.5), [1.7320508075688772, None, None]),
    (func.power(T.price, T.n), [1.953125, None, 1e-10]),
    (func.power(T.w, -1), [0.3738317757009346, -0.6666666666666666, None]),
    (func.coalesce(T.n, 0), [3, 0, -5]),
    (func.coalesce(T.n, T.price), [Decimal("3"), Decimal("-7.50"), Decimal("-5")]),
    (func.coalesce(T.n, T.w), [3.0, -1.5, -5.0]),
    (func.nullif(T.price, Decimal("1.250")), [None, Decimal("-7.50"), Decimal("100.00")]),
    (func.nullif(T.n, 3), [None, None, -5]),
    (func.greatest(T.n, 0), [3, 0, 0]),
    (func.greatest(T.price, T.n, Decimal(9)), [Decimal("9"), Decimal("9"), Decimal("100.00")]),
    (func.least(T.n, T.w), [2.675, -1.5, -5.0]),
    (func.least(T.ok, True), [True, False, True]),
    (case((T.n > 0, "pos"), (T.n < 0, "neg"), else_="none"), ["pos", "none", "neg"]),
    (case((T.n > 0, T.price)), [Decimal("1.25"), None, None]),
    (case((T.ok, 1), else_=2.5), [1.0, 2.5, 2.5]),
    *MOMENTS,
    *LISTS,
    (T.name.matches("^[Ä-ü]p.*ß$"), [True, False, False]),
    (T.name.imatches("GAM"), [False, False, True]),
    (T.name.matches(r"\mbeta\M"), [False, True, False]),
    (T.name.matches("^[[:alpha:]]+$"), [False, False, True]),
    (T.ok.is_(True), [True, False, False]),
    (T.ok.is_not(True), [False, True, True]),
    (T.ok.is_(None), [False, False, True]),
    (T.n.is_distinct_from(3), [False, True, True]),
    (T.n.is_not_distinct_from(3), [True, False, False]),
    (T.price.is_distinct_from(Decimal("1.2500")), [False, True, True]),
    *WINDOWS,
    (func.call("replace", T.name, "a", "b", type=Text()), ["Äpfel ß", "  betb ", "gbmmb"]),
]

ALL_ROWS: list[tuple[Expr[Any], Any]] = [
    (func.string_agg(T.name, "|", order_by=T.id), "Äpfel ß|  beta |gamma"),
    (func.array_agg(T.n, order_by=T.id), [3, None, -5]),
    (func.array_agg(T.price, order_by=T.price.desc()), [Decimal("100.00"), Decimal("1.25"), Decimal("-7.50")]),
    (func.array_agg(T.ok, order_by=T.id), [True, False, None]),
    (
        func.array_agg(T.atz, order_by=T.id),
        [
            datetime(2024, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
            datetime(2021, 1, 3, 4, 5, 6, 7, tzinfo=UTC),
            datetime(1969, 7, 20, 20, 17, tzinfo=UTC),
        ],
    ),
    (func.array_agg(T.n).filter(T.n > 99), None),
    (func.array_agg(T.price, order_by=T.id)[0], Decimal("1.25")),
    (func.array_agg(T.id).length(), 3),
    (func.json_agg(T.ok, order_by=T.id), [True, False, None]),
    (func.json_agg(T.n, order_by=T.id), [3, None, -5]),
    (func.json_agg(T.name, order_by=T.id), ["Äpfel ß", "  beta ", "gamma"]),
    (func.sum(T.price).filter(T.n > 0), Decimal("1.25")),
    (func.sum(T.price).filter(T.n > 0).filter(T.ok), Decimal("1.25")),
    (func.call("max", T.n, type=Integer(), aggregate=True), 3),
    (func.call("max", T.n, type=Integer(), aggregate=True).filter(T.n < 0), -5),
    (func.greatest(func.sum(T.n), 0), 0),
    (func.round(func.avg(T.price), 2), Decimal("31.25")),
]


REFUSED = r"has no FILTER|has no frame"
"""What MariaDB says it cannot do."""


async def test_each_row(query: Any, backend: str) -> None:
    for expr, expected in EACH_ROW:
        if backend == "mariadb" and not _compiles(expr):
            continue
        found = await maybe(query.order_by("id").values_list(expr.label("x"), flat=True))
        near = backend == "mariadb" and all(
            isinstance(one, float) for one in expected
        )  # cume_dist() has ten digits there
        assert found == (pytest.approx(expected, rel=1e-9) if near else expected), expr
        assert list(map(type, found)) == list(map(type, expected)), expr
        for value, mirrored in zip(found, expected, strict=True):
            if not near and not (backend == "mariadb" and isinstance(value, Decimal)):
                assert str(value) == str(mirrored), expr  # the same places of decimals


def _compiles(expr: Any) -> bool:
    """Whether MariaDB has it; else the error must say which feature it lacks."""
    try:
        compile(Select([expr.label("x")], table_of(Thing).ref), ALL["mysql"])
    except NotSupportedError as error:
        if re.search(REFUSED, str(error)) is None:
            raise
        return False
    return True


async def test_all_rows(query: Any, backend: str) -> None:
    for expr, expected in ALL_ROWS:
        if backend == "mariadb" and not _compiles(expr):
            continue
        (found,) = await maybe(query.values_list(expr.label("x"), flat=True))
        assert (found, type(found)) == (expected, type(expected)), expr


async def test_conditions_filter_and_negate(query: Any) -> None:
    async def found(condition: Any) -> list[int]:
        return await maybe(query.filter(condition).order_by("id").values_list("id", flat=True))

    assert await found("a" == any_(T.tags)) == [1]
    assert await found(~("a" == any_(T.tags))) == [3]  # nothing is known about the list that is NULL
    assert await found(~T.tags.contains_all(["a"])) == [3]
    assert await found(T.name.imatches("^ÄPFEL") | T.name.matches("mm")) == [1, 3]
    assert await found(func.length(func.trim(T.name)) == 5) == [3]
    assert await found(T.id == any_([1, 3, None])) == [1, 3]
    assert await found(T.id == any_(ids.where(T.id > 2).union(ids.where(T.id < 2)))) == [1, 3]
    assert await found(T.id > all_(ids.where(T.id < 2).union_all(ids.where(T.id < 3)))) == [3]
    assert await found(func.extract("year", T.at) > 2020) == [1, 2]
    assert await found(T.at < func.now(timezone=False)) == [1, 2, 3]
    assert await found(T.atz < func.now()) == [1, 2, 3]
    assert await found(T.day < func.current_date()) == [1, 2, 3]
    assert await found(T.id > 1.5) == [2, 3]
    assert await found(T.id.between(Decimal("1.5"), 2.5)) == [2]
    assert await found(T.price > T.id) == [1, 3]
    assert await found(T.w < T.n) == [1]
    assert await found(T.price.between(1, T.w)) == [1]
    assert await found(T.price.in_([100, Decimal("1.25")])) == [1, 3]
    assert await found(T.id.is_distinct_from(T.n)) == [1, 2, 3]
    assert await found(T.at > func.now(timezone=False) - timedelta(days=7)) == []
    assert await found(T.atz + timedelta(days=36525) > func.now()) == [1, 2, 3]
    assert await found(T.at - datetime(1969, 7, 20, 20, 17) > timedelta(days=7)) == [1, 2]
    assert await found((T.at - datetime(1969, 7, 20, 20, 17)).between(timedelta(0), timedelta(1))) == [3]
    assert await found((T.at - datetime(1969, 7, 20, 20, 17)).in_([timedelta(0), timedelta(1)])) == [3]


async def test_expressions_are_assigned(query: Any) -> None:
    first = query.filter(id=1)
    assert (
        await maybe(first.update(n=func.coalesce(T.n, 0) + 1, tags=["z", None, 'q"\\'], name=func.upper(T.name))) == 1
    )
    thing = await maybe(first.one())
    assert (thing.n, thing.tags, thing.name) == (4, ["z", None, 'q"\\'], "ÄPFEL ß")


async def test_a_division_by_zero_is_null_where_it_is_written_too(query: Any) -> None:
    first = query.filter(id=1)
    await maybe(first.update(w=func.coalesce(T.w / (T.id - T.id), 7.5)))
    assert (await maybe(first.one())).w == 7.5


async def test_moments_are_moved_where_they_are(query: Any) -> None:
    moved = query.filter(T.id == 1)
    assert await maybe(moved.update(at=T.at + timedelta(microseconds=1), day=T.day - timedelta(days=60))) == 1
    thing = await maybe(moved.one())
    assert (thing.at, thing.day) == (datetime(2025, 1, 1), date(2023, 12, 31))


@pytest.mark.only(backend="postgresql")
async def test_a_day_has_24_hours_in_every_zone(query: Any, session: Any) -> None:
    before = datetime(2024, 3, 30, 12, tzinfo=UTC)  # the next night has an hour less in Rome
    async with entered(session.transaction()):
        await maybe(session.execute_raw("SET LOCAL TIME ZONE 'Europe/Rome'"))
        await maybe(query.filter(T.id == 1).update(atz=before))
        moved = query.filter(T.id == 1).values_list((T.atz + timedelta(days=1)).label("x"), flat=True)
        assert await maybe(moved) == [before + timedelta(days=1)]
        apart = query.filter(T.id == 1).values_list((before + timedelta(days=1) - T.atz).label("x"), flat=True)
        assert await maybe(apart) == [timedelta(days=1)]


async def test_a_moment_beyond_the_year_9999(query: Any, backend: str) -> None:
    beyond = (T.at + timedelta(days=3_000_000)).label("x")
    if backend == "mariadb":
        assert await maybe(query.values_list(beyond, flat=True)) == [None] * 3
    else:
        with pytest.raises(DatabaseError, match=r"9999|Python"):
            await maybe(query.values_list(beyond, flat=True))


async def test_text_longer_than_a_column_is_not_cut(query: Any) -> None:
    expr = func.coalesce(cast(func.nullif(T.name, T.name), Text()), "x" * 300)
    assert await maybe(query.limit(1).values_list(expr.label("x"), flat=True)) == ["x" * 300]


async def test_no_regular_expression_is_an_error_of_the_database(query: Any) -> None:
    with pytest.raises(DatabaseError):
        await maybe(query.filter(T.name.matches("(")).all())
    assert await maybe(query.count()) == 3  # and the connection goes on


async def test_what_sqlite_cannot(query: Any, backend: str) -> None:
    refused = [
        func.sum(T.w).over(order_by=T.price, range=(-1, 1)),
        func.string_agg(T.name, "|", distinct=True),
        func.array_agg(T.id).contains_all([1]),
        T.sums == [Decimal("1.5")],
    ]
    for expr in refused:
        if backend == "sqlite" or (backend == "mariadb" and "array_agg" in repr(expr)):
            with pytest.raises(NotSupportedError, match=r"(?i)sqlite|looks into lists by a subquery"):
                await maybe(query.values_list(expr.label("x"), flat=True))
        else:
            assert await maybe(query.values_list(expr.label("x"), flat=True))


async def test_keywords_look_into_lists_and_match(query: Any) -> None:
    async def found(**keywords: Any) -> list[int]:
        return await maybe(query.filter(**keywords).order_by("id").values_list("id", flat=True))

    assert await found(tags__contains="a") == [1]
    assert await found(tags__contains_all=["b", "a"]) == [1]
    assert await found(tags__contained_by=["a", "b", "c"]) == [1, 3]
    assert await found(nums__overlaps=(3, 7)) == [1, 3]
    assert await found(nums=[1, 2, 3]) == [1]
    assert await found(name__regex="^g") == [3]
    assert await found(name__iregex="^G|BETA") == [2, 3]
    for wrong in ({"name__overlaps": ["a"]}, {"n__regex": "x"}, {"tags__like": "a%"}):
        with pytest.raises(ProgrammingError, match=next(iter(wrong))):
            query.filter(**wrong)
    for wrong in ({"tags__contains_all": "ab"}, {"tags__contains": None}, {"nums": 3}):
        with pytest.raises(DataError):
            query.filter(**wrong)
