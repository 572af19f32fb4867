"""Errors about rows and values say which model, which column, which conditions."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from ferrow import Base, Mapped, Q, columns, mapped_column, select
from ferrow.errors import DataError, MultipleResultsFound, NoResultFound
from ferrow.model import table_of
from ferrow.sql import Select, compile
from ferrow.sql.compiler import CACHE_SIZE
from tests.support import entered, items, maybe
from tests.support.colours import Runner


class Parcel(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[UUID]
    weight: Mapped[int]


TOO_LARGE = {
    "postgresql": (10**11, "100000000000 is out of range for integer (-2147483648 to 2147483647)"),
    "mariadb": (10**30, f"{10**30} does not fit 64 bits"),
    "sqlite": (10**30, "the int is outside SQLite's range of -2**63 to 2**63-1; a decimal column can hold it"),
}


@pytest.fixture
def query(session: Any, engine: Any, models: ModuleType, runner: Runner) -> Any:
    people = [models.User(name=name, email=name, age=age) for name, age in (("Ada", 36), ("Bob", 36), ("Cid", 41))]

    async def insert_all() -> None:
        await maybe(engine.create_all(models.User))
        await maybe(session.insert_all(people))

    runner.run(insert_all())
    return session.query(models.User)


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize(
    "way", ["all", "first", "count", "exists", "sum", "values", "page", "stream", "update", "delete", "stored"]
)
async def test_a_number_beyond_its_column_names_it(query: Any, backend: str, way: str) -> None:
    number, said = TOO_LARGE[backend]
    found = query.filter(name="Ada").filter(age=number)
    with pytest.raises(DataError) as caught:
        if way == "sum":
            await maybe(found.sum("age"))
        elif way == "stream":
            await items(found.stream())
        elif way == "update":
            await maybe(found.update(name="Eve"))
        elif way == "stored" and backend != "mariadb":  # which says it by itself
            await maybe(query.filter(name="Ada").update(name="Eve", age=number))
        else:
            await maybe(getattr(found, "all" if way == "stored" else way)())
    assert str(caught.value).startswith(f"User.age: {said}")
    assert caught.value.parameter == (3 if way == "update" else 2)


@pytest.mark.only(style="dataclass")
async def test_a_number_beyond_its_column_in_other_conditions(query: Any, models: ModuleType, backend: str) -> None:
    number, said = TOO_LARGE[backend]
    age = columns(models.User).age
    for condition in (age > number, number < age, age.between(1, number), Q(age__in=[1, number]), age + 1 == number):
        with pytest.raises(DataError, match=rf"^User\.age: .*{re.escape(said)}"):
            await maybe(query.filter(condition).all())
    with pytest.raises(DataError, match=r"^parameter 1: "):
        await maybe(query.limit(10**30).all())


@pytest.mark.only(style="declarative")
async def test_a_number_beyond_its_column_in_a_session_s_block(
    query: Any, session: Any, engine: Any, models: ModuleType, backend: str
) -> None:
    number, said = TOO_LARGE[backend]
    async with entered(type(session)(engine)) as own:
        for begun in (False, True):
            if begun:
                own.add(models.User(name="Dan", email="Dan", age=1))
                await maybe(own.flush())
            with pytest.raises(DataError, match=rf"^User\.age: {re.escape(said)}"):
                await maybe(own.query(models.User).filter(name="Ada").filter(age=number).all())
        await maybe(own.rollback())


@pytest.mark.only(style="declarative")
async def test_a_number_beyond_its_column_after_more_other_statements_than_are_kept(
    query: Any, engine: Any, models: ModuleType, backend: str
) -> None:
    number, said = TOO_LARGE[backend]
    assert await maybe(query.filter(age=7).all()) == []
    users = table_of(models.User)
    for n in range(CACHE_SIZE + 1):
        compile(Select([users.column("age").ref.label(f"age_{n}")], users.ref), engine.dialect)
    with pytest.raises(DataError, match=rf"^User\.age: {re.escape(said)}"):
        await maybe(query.filter(age=number).all())


async def test_one_says_model_and_conditions(query: Any, models: ModuleType) -> None:
    with pytest.raises(NoResultFound) as none:
        await maybe(query.filter(age=7, name__in=["x", "y"]).one())
    assert str(none.value) == (
        "exactly one User was expected, and no row matches age = … AND name = ANY(…); "
        "use one_or_none() or first() where that may be"
    )
    for method in ("one", "one_or_none"):
        with pytest.raises(MultipleResultsFound) as several:
            await maybe(getattr(query.filter(age=36), method)())
        assert str(several.value) == (
            "at most one User was expected, and several rows match age = …; use first() or all() where that may be"
        )
    with pytest.raises(MultipleResultsFound, match="several rows match; use first"):
        await maybe(query.one())


@pytest.mark.only(style="declarative")
async def test_such_errors_are_cut(query: Any) -> None:
    with pytest.raises(NoResultFound) as caught:
        await maybe(query.filter(*[Q(name__ne=f"name {number}") | Q(age=1) for number in range(100)], name="").one())
    assert len(str(caught.value)) < 600


async def test_no_such_error_repeats_a_value(query: Any, session: Any, models: ModuleType) -> None:
    """Neither of a query, nor of a statement's result: what somebody is looked for by may be a secret."""
    model = models.User
    secret = "tok-5ecret"

    async def result(statement: Any, method: str) -> Any:
        found = await maybe(session.execute(statement))
        return getattr(found, method)()

    wanted = select(model).where(columns(model).name == secret)
    pair = select(columns(model).id, columns(model).name).where(columns(model).name == secret)
    asked = [
        (lambda: query.filter(name=secret).one(), "one User was expected, and no row matches name = …;"),
        (lambda: session.query(model).filter(Q(name=secret) | Q(age=1)).one(), "matches name = … OR age = …;"),
        (lambda: result(wanted, "one"), "one User was expected, and no row matches name = …;"),
        (lambda: result(pair, "one"), "one row was expected, and no row matches name = …;"),
    ]
    for ask, said in asked:
        with pytest.raises(NoResultFound) as none:
            await maybe(ask())
        assert said in str(none.value)
        assert secret not in str(none.value)
    many = select(model).where(columns(model).age == 36)
    for method in ("one", "one_or_none"):
        for take in (lambda found: found, lambda found: found.scalars()):
            with pytest.raises(MultipleResultsFound) as several:
                getattr(take(await maybe(session.execute(many))), method)()
            assert "at most one User was expected, and several rows match age = …;" in str(several.value)


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize("way", ["keyword", "expression", "statement", "update"])
async def test_a_text_that_is_no_value_of_its_column_names_it(session: Any, engine: Any, way: str) -> None:
    await maybe(engine.create_all(Parcel))
    with pytest.raises(DataError, match=r"^Parcel\.key: .*(uuid|UUID)") as caught:
        if way == "keyword":
            await maybe(session.query(Parcel).filter(weight=1, key="zzz").all())
        elif way == "expression":
            await maybe(session.query(Parcel).filter(Parcel.key == "zzz").all())
        elif way == "statement":
            await maybe(session.execute(select(Parcel).where(Parcel.weight == 1, Parcel.key == "zzz")))
        else:
            await maybe(session.query(Parcel).update(key="zzz"))
    assert caught.value.parameter is not None
