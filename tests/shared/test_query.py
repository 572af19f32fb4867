"""Filters, order, limits, numbers and changes, on real rows."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import MultipleResultsFound, NoResultFound, UnknownColumn
from ferrow.orm import Q, delete, insert, select, update
from tests.support import maybe
from tests.support.colours import Runner

# name, email, age
PEOPLE = [
    ("Ada", "ada@example.com", 36),
    ("Alan", "alan@example.com", 41),
    ("Grace", "grace@example.org", 85),
    ("Edsger", "edsger@example.org", None),
    ("ada", "other@example.com", 18),
]


@pytest.fixture
def query(session: Any, models: ModuleType, runner: Runner) -> Any:
    """A query over PEOPLE."""
    people = [models.User(name=name, email=email, age=age) for name, email, age in PEOPLE]

    async def insert_all() -> None:
        await maybe(session.insert_all(people))

    runner.run(insert_all())
    return session.query(models.User)


async def names(query: Any) -> list[str]:
    return [user.name for user in await maybe(query.order_by("id").all())]


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"name": "Ada"}, ["Ada"]),
    ({"name__ne": "Ada"}, ["Alan", "Grace", "Edsger", "ada"]),
    ({"age": None}, ["Edsger"]),
    ({"age__ne": None}, ["Ada", "Alan", "Grace", "ada"]),
    ({"age__ne": 36}, ["Alan", "Grace", "ada"]),
    ({"age__gt": 36}, ["Alan", "Grace"]),
    ({"age__gte": 36}, ["Ada", "Alan", "Grace"]),
    ({"age__lt": 36}, ["ada"]),
    ({"age__lte": 36}, ["Ada", "ada"]),
    ({"age__gt": 36.5}, ["Alan", "Grace"]),
    ({"age__gte": 18, "age__lt": 41}, ["Ada", "ada"]),
    ({"age__in": [36, 85, 100]}, ["Ada", "Grace"]),
    ({"age__in": []}, []),
    ({"age__in": [36, None]}, ["Ada", "Edsger"]),
    ({"age__notin": [36, 85]}, ["Alan", "ada"]),
    ({"age__notin": []}, ["Ada", "Alan", "Grace", "Edsger", "ada"]),
    ({"name__like": "A%"}, ["Ada", "Alan"]),
    ({"name__like": "_da"}, ["Ada", "ada"]),
    ({"name__ilike": "a%"}, ["Ada", "Alan", "ada"]),
    ({"name__contains": "a"}, ["Ada", "Alan", "Grace", "ada"]),
    ({"name__contains": "A"}, ["Ada", "Alan"]),
    ({"name__icontains": "A"}, ["Ada", "Alan", "Grace", "ada"]),
    ({"name__startswith": "a"}, ["ada"]),
    ({"name__istartswith": "A"}, ["Ada", "Alan", "ada"]),
    ({"email__endswith": ".org"}, ["Grace", "Edsger"]),
    ({"email__iendswith": ".ORG"}, ["Grace", "Edsger"]),
    ({"age__isnull": True}, ["Edsger"]),
    ({"age__isnull": False, "name__startswith": "A"}, ["Ada", "Alan"]),
    ({"age__isnotnull": False}, ["Edsger"]),
]


async def test_filters(query: Any) -> None:
    for keywords, expected in FILTERS:
        assert await names(query.filter(**keywords)) == expected, keywords
        assert await maybe(query.filter(**keywords).count()) == len(expected), keywords


QS: list[tuple[Q, list[str]]] = [
    (Q(age__gt=80) | Q(name="ada"), ["Grace", "ada"]),
    (Q(age__gt=30) & ~Q(name="Ada"), ["Alan", "Grace"]),
    (~(Q(age__gt=80) | Q(age__lt=20)), ["Ada", "Alan"]),
    (~Q(age__isnull=True) & (Q(name__startswith="A") | Q(email__endswith="org")), ["Ada", "Alan", "Grace"]),
    (Q(), ["Ada", "Alan", "Grace", "Edsger", "ada"]),
]


async def test_q(query: Any) -> None:
    for q, expected in QS:
        assert await names(query.filter(q)) == expected, q
    assert await names(query.filter(Q(age=36) | Q(age=85), name__startswith="G")) == ["Grace"]


async def test_order_limit_offset(query: Any) -> None:
    ages = query.filter(age__isnull=False)

    assert [user.age for user in await maybe(ages.order_by("age").all())] == [18, 36, 41, 85]
    assert [user.age for user in await maybe(ages.order_by("-age").all())] == [85, 41, 36, 18]
    assert [user.age for user in await maybe(ages.order_by("-age").limit(2).all())] == [85, 41]
    assert [user.age for user in await maybe(ages.order_by("-age").offset(1).limit(2).all())] == [41, 36]
    assert [user.age for user in await maybe(ages.order_by("-age").offset(3).all())] == [18]  # without limit
    assert [user.age for user in await maybe(ages.order_by("-age").offset(30).all())] == []
    assert await maybe(ages.limit(0).all()) == []
    assert (await maybe(ages.order_by("age").first())).age == 18
    assert await maybe(ages.filter(age=1).first()) is None
    assert await maybe(ages.limit(0).first()) is None


async def test_one(query: Any) -> None:
    assert (await maybe(query.filter(age=85).one())).name == "Grace"
    assert await maybe(query.filter(age=1).one_or_none()) is None
    with pytest.raises(NoResultFound):
        await maybe(query.filter(age=1).one())
    with pytest.raises(MultipleResultsFound):
        await maybe(query.one())
    with pytest.raises(MultipleResultsFound):
        await maybe(query.one_or_none())
    assert (await maybe(query.order_by("id").limit(1).one())).name == "Ada"


async def test_numbers(query: Any) -> None:
    assert await maybe(query.count()) == 5
    assert await maybe(query.limit(3).count()) == 3
    assert await maybe(query.offset(4).count()) == 1
    assert await maybe(query.distinct().count()) == 5
    assert await maybe(query.exists()) is True
    assert await maybe(query.filter(age=1).exists()) is False
    assert await maybe(query.offset(5).exists()) is False
    assert await maybe(query.sum("age")) == 180
    average = await maybe(query.avg("age"))
    assert (type(average), average) == (float, 45.0)
    assert await maybe(query.min("age")) == 18
    assert await maybe(query.max("age")) == 85
    assert await maybe(query.max("name")) is not None
    assert await maybe(query.order_by("-age").filter(age__gt=0).limit(2).sum("age")) == 126
    for number in ("sum", "avg", "min", "max"):
        assert await maybe(getattr(query.filter(age=1), number)("age")) is None


async def test_values(query: Any) -> None:
    oldest = query.filter(age__gt=40).order_by("-age")

    assert await maybe(oldest.values("name", "age")) == [{"name": "Grace", "age": 85}, {"name": "Alan", "age": 41}]
    assert [set(row) for row in await maybe(oldest.values())] == [{"id", "name", "email", "age"}] * 2
    assert await maybe(oldest.values_list("age", "name")) == [(85, "Grace"), (41, "Alan")]
    assert await maybe(oldest.values_list("age", flat=True)) == [85, 41]
    assert len(await maybe(query.distinct().values_list("email", flat=True))) == 5


async def test_update_and_delete(query: Any) -> None:
    assert await maybe(query.filter(age__gt=40).update(age=40, name="old")) == 2
    assert await names(query) == ["Ada", "old", "old", "Edsger", "ada"]
    assert await maybe(query.order_by("id").limit(1).update(name="first")) == 1
    assert await maybe(query.filter(age=1).update(name="nobody")) == 0
    assert await names(query) == ["first", "old", "old", "Edsger", "ada"]

    assert await maybe(query.filter(name="old").order_by("id").limit(1).delete()) == 1
    assert await maybe(query.filter(age=1).delete()) == 0
    assert await names(query) == ["first", "old", "Edsger", "ada"]
    assert await maybe(query.delete()) == 4
    assert await maybe(query.count()) == 0


@pytest.mark.parametrize("style", ["declarative"])
async def test_expressions(query: Any, session: Any, models: ModuleType) -> None:
    user = models.User

    assert await names(query.filter(user.age >= 36, user.name != "Alan")) == ["Ada", "Grace"]
    assert await names(query.filter((user.age < 20) | user.age.is_null())) == ["Edsger", "ada"]
    assert await names(query.filter(Q(user.age < 20) | Q(name="Ada"))) == ["Ada", "ada"]
    found = await maybe(query.order_by(user.age.desc().nulls_last(), user.id).values_list("age", flat=True))
    assert found == [85, 41, 36, 18, None]
    found = await maybe(query.filter(age=36).values((user.age + 1).label("next"), user.name))
    assert found == [{"next": 37, "name": "Ada"}]
    assert await maybe(query.filter(user.age.is_not_null()).update(age=user.age + 1)) == 4
    assert await maybe(query.sum(user.age)) == 184
    ada = await maybe(session.query(user).filter(name="Ada").one())
    await maybe(session.update(ada, age=user.age + 10, email="new"))
    assert (ada.age, ada.email) == (47, "new")


async def test_statements(query: Any, session: Any, models: ModuleType) -> None:
    user = models.User

    result = await maybe(session.execute(select(user).filter_by(age=36)))
    (ada,) = result.scalars().all()
    assert (type(ada), ada.name) == (user, "Ada")
    assert result.all() == [{"id": ada.id, "name": "Ada", "email": "ada@example.com", "age": 36}]

    rows = [{"name": "x", "email": "x"}, {"name": "y", "email": "y"}]
    result = await maybe(session.execute(insert(user).values(*rows).returning("id", "name")))
    assert [row["name"] for row in result.all()] == ["x", "y"]
    assert result.rowcount == 2
    result = await maybe(session.execute(insert(user).values(name="z", email="z").returning()))
    assert result.scalars().one().name == "z"

    result = await maybe(session.execute(update(user).where(Q(name__in=["x", "y"])).values(age=7)))
    assert result.rowcount == 2
    result = await maybe(session.execute(delete(user).filter_by(age=7)))
    assert (result.rowcount, result.all()) == (2, [])
    assert await maybe(query.count()) == 6


async def test_raw_sql(query: Any, session: Any) -> None:
    result = await maybe(
        session.execute_raw("SELECT name, age FROM users WHERE age > ? AND name <> '?' ORDER BY age", [40])
    )

    assert [(row["name"], row["age"]) for row in result.all()] == [("Alan", 41), ("Grace", 85)]
    assert result.column("name") == ["Alan", "Grace"]
    changed = await maybe(session.execute_raw("UPDATE users SET age = ? WHERE name = ?", [1, "Ada"]))
    assert changed.rowcount == 1


async def test_names_from_outside_reach_nothing(query: Any) -> None:
    for name in ("1=1 OR id", "id; DROP TABLE users", 'id" OR "1"="1', "id) UNION SELECT 1 --"):
        with pytest.raises(UnknownColumn):
            query.filter(**{name: 1})
        with pytest.raises(UnknownColumn):
            query.order_by(name)
        with pytest.raises(UnknownColumn):
            await maybe(query.values(name))
        with pytest.raises(UnknownColumn):
            await maybe(query.update(**{name: 1}))
    assert await maybe(query.count()) == 5
