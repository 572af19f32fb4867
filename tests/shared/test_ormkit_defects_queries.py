"""Defects of OrmKit's queries (spec, O-D5, 7, 11, 18, 22, 26, 29) that ours do not have.

Of O-D5 more is in test_keys, of 11 in test_select, of 18 in test_stream; 19 is in relations/test_loading and soft, 24 in test_upsert, 25 in relations,
written and pure/model/test_linking, 27 in unit and soft, 8 to 10, 12 and 30 in test_ormkit_defects_models, the rest in test_ormkit_defects_engine.
"""

from __future__ import annotations

from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from ferrow import Q, create_engine, func, select
from ferrow.errors import DataError, ProgrammingError, UnknownColumn
from tests.support import maybe
from tests.support.colours import Runner


@pytest.fixture
def users(session: Any, models: ModuleType, runner: Runner) -> Any:
    people = [("Ada", 36), ("Bob", None), ("Cyd_%", 20), ("Cydx", 20), ("Dan", 20)]

    async def fill() -> None:
        await maybe(
            session.insert_all([models.User(name=name, email=f"{name}@example.org", age=age) for name, age in people])
        )
        documents = [
            {"n": 1, "tags": ["a", 5]},
            {"n": 1.5, "tags": [7]},
            {"n": "1", "on": True},
            {"n": None, "on": False},
        ]
        await maybe(session.insert_all([models.Sample(document=document) for document in documents]))

    runner.run(fill())
    return session.query(models.User)


async def names(query: Any) -> list[str]:
    found: list[str] = await maybe(query.order_by("id").values_list("name", flat=True))
    return found


async def test_od5_a_statement_does_not_remember_the_types_of_its_first_values(engine: Any, backend: str) -> None:
    """What came back of 1.5, where 1 was sent first, was 4609434218613702657."""
    mark = "$1" if backend == "postgresql" else "?"
    for value in (1, 1.5, 2, Decimal("2.5")):
        try:
            found = (await maybe(engine.execute(f"SELECT {mark} + 1 AS n", [value]))).scalar()
        except DataError:
            assert (backend, value) in {("postgresql", 1.5), ("postgresql", Decimal("2.5"))}, (
                "$1 + 1 is of integers there"
            )
        else:
            assert float(found) == float(value) + 1
        cast = (await maybe(engine.execute(f"SELECT CAST({mark} AS DECIMAL(9, 2)) AS n", [value]))).scalar()
        assert float(cast) == float(value)


@pytest.mark.only(style="declarative")
async def test_od11_attributes_of_a_class_are_columns(users: Any, session: Any, models: ModuleType) -> None:
    User = models.User
    found = await maybe(session.execute(select(User).where((User.age >= 18) & (User.name != "Ada")).order_by("id")))
    assert [one.name for one in found.scalars().all()] == ["Cyd_%", "Cydx", "Dan"]
    assert await names(users.filter(User.name == "Ada")) == ["Ada"]
    with pytest.raises(TypeError):
        bool(User.name == "x")


async def test_od7_names_are_checked_and_values_are_parameters(users: Any, session: Any, models: ModuleType) -> None:
    """What each of these did in OrmKit was become part of the statement."""
    with pytest.raises(UnknownColumn, match="1=1 OR id"):
        users.filter(**{"1=1 OR id": 1})
    for name in ("1=1 OR id", "id; --", "(SELECT 1)"):
        for ask in (users.order_by, users.group_by, users.sum, users.avg, users.min, users.max, users.values):
            with pytest.raises(UnknownColumn):
                await maybe(ask(name))
        with pytest.raises(UnknownColumn):
            await maybe(users.update(**{name: 1}))
        with pytest.raises(UnknownColumn):
            await maybe(session.upsert(models.User(name="x", email="x"), name))
        for cut in (users.limit, users.offset):
            with pytest.raises(TypeError):
                cut(name)
    key = "x') IS NULL OR ('1'='1"
    samples = session.query(models.Sample)
    assert await maybe(samples.filter(document__has_key=key).count()) == 0
    assert await maybe(samples.filter(**{f"document__{key}": 1}).count()) == 0
    assert await maybe(users.count()) == 5


async def test_od18_a_stream_keeps_order_limit_and_offset(users: Any) -> None:
    """That it is one cursor, and reads no more than is asked for, is in test_stream."""
    for query, expected in ((users.order_by("-id").limit(3), 3), (users.order_by("id").offset(1), 4)):
        stream = query.stream(batch_size=1)
        found = [one async for one in stream] if hasattr(stream, "__aiter__") else list(stream)
        assert [one.id for one in found] == [one.id for one in await maybe(query.all())]
        assert len(found) == expected


async def test_od22_numbers_and_bools_in_documents(users: Any, session: Any, models: ModuleType) -> None:
    samples = session.query(models.Sample).order_by("id")

    async def found(**keywords: Any) -> list[Any]:
        rows: list[Any] = await maybe(samples.filter(**keywords).values_list("document", flat=True))
        return [row["n"] for row in rows]

    assert await found(document__n=1) == [1]
    assert await found(document__n=1.5) == [1.5]
    assert await found(document__n__gte=Decimal(1)) == [1, 1.5]
    assert await found(document__n="1") == ["1"]
    assert await found(document__on=True) == ["1"]
    assert await found(document__on=False) == [None]
    assert await found(document__tags__contains=5) == [1]
    assert await found(document__tags__contains="a") == [1]


async def test_od22_sums_and_means_are_numbers(users: Any, session: Any, models: ModuleType) -> None:
    await maybe(
        session.insert_all(
            [models.Sample(whole=1, amount=Decimal("1.10")), models.Sample(whole=2, amount=Decimal("2.20"))]
        )
    )
    samples = session.query(models.Sample)
    assert await maybe(samples.avg("whole")) == 1.5
    assert await maybe(samples.sum("whole")) == 3
    assert await maybe(samples.sum("amount")) == Decimal("3.30")
    assert await maybe(samples.avg("amount")) == Decimal("1.65")


async def test_od26_groups(users: Any) -> None:
    assert await maybe(users.group_by("age").order_by("age").having(count__gt=1).values()) == [{"age": 20}]
    assert await maybe(users.filter(age=20).values("age", n=func.count())) == [{"age": 20, "n": 3}]


async def test_od26_offset_without_limit(users: Any) -> None:
    assert await names(users.offset(3)) == ["Cydx", "Dan"]


async def test_od26_none_is_compared_as_null(users: Any) -> None:
    assert await names(users.filter(age__ne=None)) == ["Ada", "Cyd_%", "Cydx", "Dan"]
    assert await names(users.filter(age__in=[36, None])) == ["Ada", "Bob"]
    assert await names(users.filter(~Q(age=None))) == ["Ada", "Cyd_%", "Cydx", "Dan"]


async def test_od26_wildcards_in_a_text_are_characters(users: Any) -> None:
    assert await names(users.filter(name__contains="d_")) == ["Cyd_%"]
    assert await names(users.filter(name__endswith="%")) == ["Cyd_%"]
    assert await names(users.filter(name__istartswith="cyd_")) == ["Cyd_%"]


async def test_od26_unknown_operators_and_columns_are_errors(users: Any) -> None:
    with pytest.raises(ProgrammingError, match=r"'startwith' is not an operator\. Did you mean 'startswith'"):
        users.filter(name__startwith="A")
    with pytest.raises(UnknownColumn, match="Did you mean 'name'"):
        users.filter(nmae="A")


@pytest.mark.parametrize("password", ["a@b", "se@cr@et", "p%40q", "x:y@z"])
def test_od29_no_part_of_a_password_is_shown(password: str) -> None:
    engine = create_engine(f"postgresql://ada:{password}@db.example:5432/library")
    for shown in (engine.url, repr(engine), repr(engine.pool)):
        assert "postgresql://ada:****@db.example:5432/library" in shown
