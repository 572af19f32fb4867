"""Arguments that are none: every row is never meant by accident, and what is wrong is said before anything is sent."""

from __future__ import annotations

from collections import UserList, deque
from typing import Any

import pytest

from ferrow import Q
from ferrow.errors import UnknownColumn
from ferrow.repository import C, Condition, NotCondition, OrderBy
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.repository_models import Author, Person


@pytest.fixture
def repo(kit: Any, runner: Runner) -> Any:
    made = kit.repo(Person)

    async def fill() -> None:
        await maybe(made.insert_many([Person(email=str(age), age=age) for age in range(3)]))

    runner.run(fill())
    return made


NOTHING: list[Any] = [None, [], (), deque(), UserList(), Q(), ~Q(), [Q(), Q()], C.and_(Q(), Q()), C.not_(Q())]


async def test_saying_nothing_is_not_every_row(repo: Any) -> None:
    for nothing in NOTHING:
        with pytest.raises(ValueError, match=r"where is required for delete_where\(\)"):
            await maybe(repo.delete_where(where=nothing))
        with pytest.raises(ValueError, match=r"where is required for update_where\(\)"):
            await maybe(repo.update_where({"age": 9}, where=nothing))
        assert await maybe(repo.count(nothing)) == 3
    assert await maybe(repo.delete_where(where=C.or_(Q(), C.eq("age", 1)))) == 1  # beside others it says nothing either
    assert await maybe(repo.delete_where(where=C.is_not_null("id"))) == 2


REFUSED: list[tuple[Any, type[Exception], str]] = [
    (lambda repo: repo.list(C.eq(["age"], 1)), UnknownColumn, r"Person has no column \['age'\]"),  # type: ignore[arg-type]
    (lambda repo: repo.list(C.eq(None, 1)), UnknownColumn, "Person has no column None"),  # type: ignore[arg-type]
    (lambda repo: repo.list(order_by=OrderBy(["id"])), UnknownColumn, r"no column \['id'\]"),  # type: ignore[arg-type]
    (lambda repo: repo.list(order_by={"id": "asc"}), TypeError, "order_by takes"),
    (lambda repo: repo.list(Condition("age", ["="], 1)), ValueError, "is not an operator"),  # type: ignore[arg-type]
    (lambda repo: repo.list(Condition("age", "=", is_unary=True)), ValueError, "only IS NULL and IS NOT NULL"),
    (lambda repo: repo.list(NotCondition("x")), TypeError, "expected a condition"),  # type: ignore[arg-type]
    (lambda repo: repo.list({"age": 1}), TypeError, "where takes a condition"),
    (lambda repo: repo.update_where([("age", 1)], where=C.eq("id", 1)), TypeError, "takes values by attribute"),
    (lambda repo: repo.get_or_create(lookup=["email"]), TypeError, "takes values by attribute"),
    (lambda repo: repo.get_or_create(lookup={"email": "x"}, defaults=["age"]), TypeError, "takes values by attribute"),
    (lambda repo: repo.insert_many(Person()), TypeError, "takes a list of instances"),
    (lambda repo: repo.insert_many(None), TypeError, "takes a list of instances"),
    (lambda repo: repo.insert(Author()), TypeError, "takes instances of Person"),
    (lambda repo: repo.create(Person(), relations=["posts"]), TypeError, "takes related objects by relation"),
]


async def test_what_is_refused(repo: Any) -> None:
    """Defects 33 and 34: operators went in as they were, and a misspelt column of SQLite was a text."""
    for call, kind, message in REFUSED:
        with pytest.raises(kind, match=message):
            await maybe(call(repo))
    assert await maybe(repo.list(Condition("city", "is null"))) == await maybe(repo.list(C.is_null("city")))
    assert await maybe(repo.count()) == 3


async def test_a_query_takes_the_same_conditions(repo: Any, kit: Any) -> None:
    assert await maybe(repo.query(C.gt("age", 0)).order_by("-age").values_list("age")) in ([2, 1], [(2,), (1,)])
    assert await maybe(kit.Hub(kit.source).query(Person, [C.gt("age", 0), C.lt("age", 2)]).count()) == 1
    sql, values = repo.query(C.gt("age", 7)).to_sql()
    assert "WHERE" in sql
    assert values == (7,)
    with pytest.raises(UnknownColumn):
        repo.query(C.eq("agge", 1))
