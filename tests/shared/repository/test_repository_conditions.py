"""`C` and its like: what they find, and what never gets to the database."""

from __future__ import annotations

from typing import Any

import pytest

import ferrow
from ferrow import Q
from ferrow.errors import DataError, ProgrammingError, UnknownColumn
from ferrow.repository import C, Condition, ConditionGroup, NotCondition, OrderBy
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.repository_models import Article, Person

PEOPLE = [("Ada", 36, "London"), ("Alan", 41, None), ("Grace", 85, "Rome"), ("100%_a", 1, "Rome")]


@pytest.fixture
def repo(kit: Any, runner: Runner) -> Any:
    made = kit.repo(Person)
    rows = [Person(email=f"{name}@x.org", name=name, age=age, city=city) for name, age, city in PEOPLE]

    async def fill() -> None:
        await maybe(made.insert_many(rows))

    runner.run(fill())
    return made


FINDS: list[tuple[Any, str]] = [
    (C.eq("name", "Ada"), "Ada"),
    (C.ne("city", "Rome"), "Ada"),
    (C.lt("age", 36), "100%_a"),
    (C.le("age", 36), "Ada 100%_a"),
    (C.gt("age", 41), "Grace"),
    (C.ge("age", 41), "Alan Grace"),
    (C.between("age", 36, 41), "Ada Alan"),
    (C.like("name", "A%"), "Ada Alan"),
    (C.ilike("name", "a%"), "Ada Alan"),
    (C.contains("name", "%_"), "100%_a"),
    (C.startswith("name", "Al"), "Alan"),
    (C.endswith("name", "a"), "Ada 100%_a"),
    (C.is_null("city"), "Alan"),
    (C.is_not_null("city"), "Ada Grace 100%_a"),
    (C.eq("city", None), "Alan"),
    (C.ne("city", None), "Ada Grace 100%_a"),
    (C.in_("age", (36, 85)), "Ada Grace"),
    (C.in_("age", []), ""),
    (C.in_("city", ["London", None]), "Ada Alan"),
    (C.in_("city", [None]), "Alan"),
    (C.not_in("city", ["Rome"]), "Ada"),
    (C.not_in("age", []), "Ada Alan Grace 100%_a"),
    (C.and_(C.gt("age", 30), C.is_null("city")), "Alan"),
    (C.or_([C.eq("name", "Ada"), C.eq("name", "Alan")]), "Ada Alan"),
    (C.not_(C.eq("city", "Rome")), "Ada"),
    (C.not_(C.or_(C.eq("age", 36), C.eq("age", 41))), "Grace 100%_a"),
    (C.eq("age", 36) | C.eq("age", 41) & C.is_null("city"), "Ada Alan"),
    (~C.is_null("city") & C.gt("age", 30), "Ada Grace"),
    ([C.gt("age", 30), C.eq("city", "Rome")], "Grace"),
    ((C.gt("age", 30), C.or_(C.eq("city", "Rome"), C.is_null("city"))), "Alan Grace"),
    (Q(age__gt=40) & Q(city="Rome"), "Grace"),
    (Condition("age", " >= ", 85), "Grace"),
    (Condition("age", "!=", 85), "Ada Alan 100%_a"),
]


async def test_what_conditions_find(repo: Any) -> None:
    for where, found in FINDS:
        assert " ".join([one.name for one in await maybe(repo.list(where, "id"))]) == found, where
        assert await maybe(repo.count(where)) == len(found.split()), where


async def test_expressions_are_conditions_too(repo: Any) -> None:
    column = ferrow.columns(Person)
    assert [one.name for one in await maybe(repo.list(column.age > 40, column.age.desc()))] == ["Grace", "Alan"]
    mixed = C.and_(column.age > 40, Q(city__isnull=True), C.like("name", "A%"))
    assert [one.name for one in await maybe(repo.list(mixed))] == ["Alan"]
    assert await maybe(repo.update_where({"age": column.age + 1}, where=~C.is_null("city"))) == 3


HOSTILE = [
    'id" DESC LIMIT 1 --',
    "email\" = 'z' OR 1=1 OR \"email",
    "id; DROP TABLE person",
    "100%",
    "per%cent",
    "",
    "nope",
    "statsu",
]


async def test_names_the_model_does_not_have_are_refused(repo: Any) -> None:
    for name in HOSTILE:
        await refused(repo, name)
    assert await maybe(repo.count()) == 4


async def refused(repo: Any, name: str) -> None:
    for call in (
        lambda: repo.list(C.eq(name, 1)),
        lambda: repo.list(C.between(name, 1, 2)),
        lambda: repo.list(C.is_null(name)),
        lambda: repo.list(order_by=OrderBy(name)),
        lambda: repo.list(order_by=name) if name else repo.list(C.eq(name, 2)),
        lambda: repo.delete_where(where=C.ne(name, "x")),
        lambda: repo.delete_where(where=C.not_(C.in_(name, ["x"]))),
        lambda: repo.update_where({"age": 1}, where=C.eq(name, "x")),
        lambda: repo.get_or_create(lookup={name: 1}),
    ):
        with pytest.raises(UnknownColumn):
            await maybe(call())
    with pytest.raises(ValueError, match="only supports writable"):
        await maybe(repo.update_where({name: 1}, where=C.eq("id", 1)))


async def test_operators_that_do_not_exist_are_refused(repo: Any) -> None:
    wrong: list[Any] = ["= 1 OR 1 =", "LIKE '%' --", "", "IS", None, 7]
    for operator in wrong:
        with pytest.raises(ValueError, match="is not an operator"):
            await maybe(repo.delete_where(where=Condition("age", operator, 1)))
    with pytest.raises(ProgrammingError, match="joined by AND or OR"):
        await maybe(repo.delete_where(where=ConditionGroup("OR 1=1 --", (C.eq("age", 1),))))
    assert await maybe(repo.count()) == 4


def test_what_cannot_be_a_condition() -> None:
    for call, error, message in (
        (lambda: C.and_(), ValueError, "Grouped condition must contain at least one expression."),
        (lambda: C.or_([]), ValueError, "Grouped condition must contain at least one expression."),
        (lambda: C.and_("x"), TypeError, "expected a condition"),  # type: ignore[list-item]
        (lambda: C.not_(7), TypeError, "expected a condition"),  # type: ignore[arg-type]
        (lambda: C.in_("age", "36"), TypeError, "give a list of values"),
        (lambda: C.in_("age", 36), TypeError, "give a list of values"),  # type: ignore[arg-type]
    ):
        with pytest.raises(error, match=message):
            call()
    assert C.in_("age", iter([1, 2])).values == [1, 2]
    assert C.and_([C.eq("a", 1)]) == ConditionGroup("AND", (Condition("a", "=", 1),))
    assert C.not_(C.is_null("a")) == NotCondition(Condition("a", "IS NULL", is_unary=True))
    with pytest.raises(AttributeError):
        C.eq("a", 1).col = "b"  # type: ignore[misc]


async def test_values_that_do_not_fit(repo: Any, kit: Any) -> None:
    for where in (
        C.gt("age", None),
        C.like("name", None),
        C.eq("age", "x"),
        C.in_("age", ["x"]),
        C.between("age", "a", "b"),
    ):  # type: ignore[arg-type]
        with pytest.raises(DataError):
            await maybe(repo.list(where))
    with pytest.raises(ProgrammingError):
        await maybe(repo.list(C.like("age", "3%")))
    with pytest.raises(ValueError, match="both ends"):
        await maybe(repo.list(C.between("age", 1, None)))
    with pytest.raises(ValueError, match="take values"):
        await maybe(repo.list(Condition("age", "IN", 1)))
    assert await maybe(kit.repo(Article).list(C.eq("payload__views", 1))) == []  # a path into a document
