"""O-D26: filters that leave what they say, values that mean themselves, and names that nobody knows."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import Q, func
from ferrow.errors import ProgrammingError, UnknownColumn
from tests.support import maybe
from tests.support.people import query

__all__ = ["query"]


async def test_exclude_is_what_filter_leaves(query: Any) -> None:
    everybody = await maybe(query.count())
    for keywords in (
        {"age": 41},
        {"age__gt": 20},
        {"name": "Ada", "age__lt": 30},
        {"age": None},
        {"age__in": [18, None]},
    ):
        kept = await maybe(query.filter(**keywords).count())
        assert await maybe(query.exclude(**keywords).count()) == everybody - kept
    assert await maybe(query.exclude().count()) == everybody
    assert await maybe(query.exclude(Q(age=41) | Q(age=None)).order_by("id").values_list("age", flat=True)) == [
        36,
        18,
        85,
    ]


async def test_offset_without_limit(query: Any) -> None:
    """O-D26: a syntax error on SQLite, once."""
    assert await maybe(query.order_by("id").offset(4).values_list("age", flat=True)) == [None, 41]


async def test_none(query: Any) -> None:
    """O-D26: `ne=None` is IS NOT NULL, None in a list is IS NULL."""
    assert await maybe(query.filter(age__ne=None).count()) == 5
    assert await maybe(query.filter(age__in=[85, None]).count()) == 2
    assert await maybe(query.filter(age__notin=[85, None]).count()) == 4


async def test_patterns_in_users_texts(session: Any, models: ModuleType) -> None:
    r"""O-D26: `%`, `_` and `\` in a text to look for mean themselves."""
    texts = ["100%", "1000", "a_b", "acb", "back\\slash", "back/slash"]
    await maybe(session.insert_all([models.User(name=text, email=text) for text in texts]))
    users = session.query(models.User)
    for keywords, expected in (
        ({"name__contains": "0%"}, ["100%"]),
        ({"name__startswith": "a_"}, ["a_b"]),
        ({"name__iendswith": "_B"}, ["a_b"]),
        ({"name__icontains": "K\\s"}, ["back\\slash"]),
        ({"name__like": "a_b"}, ["a_b", "acb"]),
        ({"name__like": "a\\_b"}, ["a_b"]),
    ):
        assert await maybe(users.filter(**keywords).order_by("id").values_list("name", flat=True)) == expected


REFUSED: list[tuple[Any, type[Exception], str]] = [
    (lambda q: q.filter(nam="x"), UnknownColumn, "no column 'nam'. Did you mean 'name'?"),
    (lambda q: q.filter(age__greater=1), ProgrammingError, "'greater' is not an operator."),
    (lambda q: q.filter(age__gtt=1), ProgrammingError, "Did you mean 'gt'"),
    (lambda q: q.exclude(agee=1), UnknownColumn, "Did you mean 'age'?"),
    (lambda q: q.filter(func.count() > 1).all(), ProgrammingError, "put it into having()"),
    (lambda q: q.group_by("nam"), UnknownColumn, "Did you mean 'name'?"),
    (lambda q: q.group_by(), ProgrammingError, "needs something to group by"),
    (lambda q: q.group_by(func.count()), ProgrammingError, "computed over the rows of a group"),
    (lambda q: q.group_by("name").having(cuont__gt=1), UnknownColumn, "Did you mean 'count'?"),
    (lambda q: q.group_by("name").having(age=1), ProgrammingError, "'age' is not the same in all of a group"),
    (lambda q: q.group_by("name").values("age"), ProgrammingError, "User.age is not the same in all rows of a group"),
    (
        lambda q: q.order_by("age").values("name", n=func.count()),
        ProgrammingError,
        "User.age is not the same in all rows",
    ),
    (
        lambda q: q.annotate(total=func.count()).filter(totl=1),
        UnknownColumn,
        "no column or annotation 'totl'. Did you mean 'total'?",
    ),
    (lambda q: q.annotate(total=func.count()).order_by("-totl"), UnknownColumn, "Did you mean 'total'?"),
    (lambda q: q.annotate(total=func.count()).values("totl"), UnknownColumn, "Did you mean 'total'?"),
    (lambda q: q.annotate(total=func.count()).filter(total__gtt=1), ProgrammingError, "Did you mean 'gt'"),
    (lambda q: q.annotate(total=func.count()).filter(total="x"), Exception, "takes int, not str 'x'"),
    (lambda q: q.annotate(name=func.count()), ProgrammingError, "has an attribute called 'name' already"),
    (
        lambda q: q.annotate(n=func.count()).annotate(n=func.count()),
        ProgrammingError,
        "has an annotation called 'n' already",
    ),
    (lambda q: q.annotate(func.count()), ProgrammingError, "takes names by keyword"),
    (lambda q: q.annotate(n=5), ProgrammingError, "takes an expression, such as func.count()"),
    (lambda q: q.annotate(sum="name"), ProgrammingError, "sum() needs numbers"),
    (lambda q: q.values(n="nam"), UnknownColumn, "Did you mean 'name'?"),
    (lambda q: q.values("age", age="name"), ProgrammingError, "two columns of one name"),
    (lambda q: q.distinct().order_by("id").values("name"), ProgrammingError, "which is not among their columns"),
    (lambda q: q.distinct("nam"), UnknownColumn, "Did you mean 'name'?"),
    (lambda q: q.for_update(nowait=True, skip_locked=True), ProgrammingError, "choose one"),
    (lambda q: q.limit(5).page(), ProgrammingError, "leave limit() and offset() out"),
    (lambda q: q.page(0), ValueError, "from 1 on"),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
async def test_refused_before_sending(query: Any, number: int) -> None:
    """O-D26: unknown operators and columns are errors before anything is sent, with the nearest match."""
    ask, error, text = REFUSED[number]
    with pytest.raises(error) as caught:
        await maybe(ask(query))
    assert text in str(caught.value)
    assert getattr(caught.value, "sqlstate", None) is None


@pytest.mark.parametrize("negated", [False, True])
async def test_many_conditions_at_once(query: Any, negated: bool) -> None:
    """SQLite has an end to how deep a condition may be."""
    everybody = await maybe(query.order_by("id").values_list("id", flat=True))
    parts = [Q(id=number) & Q(name__ne="nobody") for number in range(everybody[1], everybody[1] + 3000)]
    some = Q()
    for part in parts:
        some |= part
    found = await maybe(query.filter(~some if negated else some).order_by("id").values_list("id", flat=True))
    assert found == (everybody[:1] if negated else everybody[1:])
