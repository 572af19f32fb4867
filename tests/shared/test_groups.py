"""O-D26, O-D22: groups, annotations and what is computed over rows, on real rows."""

from __future__ import annotations

from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from ferrow import Q, columns, func
from ferrow.errors import NotSupportedError, ProgrammingError, UnknownColumn
from tests.support import maybe

# name, age
PEOPLE = [("Ada", 36), ("Alan", 41), ("Ada", 18), ("Grace", 85), ("Ada", None), ("Alan", 41)]


@pytest.fixture
def query(session: Any, models: ModuleType, runner: Any) -> Any:
    """A query over PEOPLE."""
    people = [
        models.User(name=name, email=f"{number}@example.org", age=age) for number, (name, age) in enumerate(PEOPLE)
    ]

    async def insert_all() -> None:
        await maybe(session.insert_all(people))

    runner.run(insert_all())
    return session.query(models.User)


async def test_group_by_without_values(query: Any) -> None:
    """O-D26: the rows of a grouped query are the groups."""
    groups = query.group_by("name").order_by("name")
    assert await maybe(groups.values()) == [{"name": "Ada"}, {"name": "Alan"}, {"name": "Grace"}]
    assert await maybe(groups.values_list()) == [("Ada",), ("Alan",), ("Grace",)]
    assert await maybe(groups.exists()) is True
    for ask in ("all", "first", "one"):
        with pytest.raises(ProgrammingError, match="the rows of this query are groups; ask for values"):
            await maybe(getattr(groups, ask)())


async def test_having_of_the_rows_in_a_group(query: Any) -> None:
    """O-D26: `having(count__gt=5)`."""
    groups = query.group_by("name").order_by("name")
    assert await maybe(groups.having(count__gt=1).values_list("name", flat=True)) == ["Ada", "Alan"]
    assert await maybe(groups.having(count=3).values_list("name", flat=True)) == ["Ada"]
    assert await maybe(groups.having(Q(count=1) | Q(count=2)).values_list("name", flat=True)) == ["Alan", "Grace"]
    assert await maybe(groups.having(func.count() < 2).values_list("name", flat=True)) == ["Grace"]
    assert await maybe(groups.having(name__startswith="A", count__lt=3).values_list("name", flat=True)) == ["Alan"]


async def test_values_group_by_what_is_named(query: Any) -> None:
    """O-D26: values with aggregates."""
    rows = query.order_by("name")
    assert await maybe(rows.values("name", n=func.count())) == [
        {"name": "Ada", "n": 3},
        {"name": "Alan", "n": 2},
        {"name": "Grace", "n": 1},
    ]
    assert await maybe(rows.values("name", count="age")) == [
        {"name": "Ada", "count": 2},
        {"name": "Alan", "count": 2},
        {"name": "Grace", "count": 1},
    ]
    assert await maybe(rows.values_list("name", max="age", min="age")) == [
        ("Ada", 36, 18),
        ("Alan", 41, 41),
        ("Grace", 85, 85),
    ]
    assert await maybe(query.values(func.count().label("n"), oldest=func.count(distinct=False))) == [
        {"n": 6, "oldest": 6}
    ]
    assert await maybe(rows.limit(2).offset(1).values_list("name", func.count().label("n"))) == [
        ("Alan", 2),
        ("Grace", 1),
    ]
    assert await maybe(query.order_by("-name").limit(1).values("age", title="name")) == [{"age": 85, "title": "Grace"}]


async def test_annotations_are_known_by_name(query: Any) -> None:
    groups = query.annotate(n=func.count(), avg="age").group_by("name")
    assert await maybe(groups.order_by("-n", "name").values()) == [
        {"name": "Ada", "n": 3, "avg": 27.0},
        {"name": "Alan", "n": 2, "avg": 41.0},
        {"name": "Grace", "n": 1, "avg": 85.0},
    ]
    assert await maybe(groups.filter(n__gt=1).order_by("avg").values_list("name", flat=True)) == ["Ada", "Alan"]
    assert await maybe(groups.having(n__gt=1, avg__lt=30).values_list("name", "n")) == [("Ada", 3, 27.0)]
    assert await maybe(groups.filter(n__gte=1, age__gt=20).order_by("name").values_list("name", "n", flat=False)) == [
        ("Ada", 1, 36.0),
        ("Alan", 2, 41.0),
        ("Grace", 1, 85.0),
    ]
    assert await maybe(groups.filter(Q(n=3) | Q(n=1)).order_by("n").values_list("name", flat=True)) == ["Grace", "Ada"]
    assert await maybe(query.annotate(n=func.count()).order_by("name").values_list("name")) == [
        ("Ada", 3),
        ("Alan", 2),
        ("Grace", 1),
    ]
    assert await maybe(query.annotate(n=func.count()).values()) == [{"n": 6}]


async def test_groups_are_counted(query: Any) -> None:
    groups = query.group_by("name")
    assert await maybe(groups.count()) == 3
    assert await maybe(groups.having(count__gt=1).count()) == 2
    assert await maybe(groups.limit(2).count()) == 2
    assert await maybe(groups.having(count__gt=5).exists()) is False
    assert await maybe(query.annotate(n=func.count()).group_by("name").filter(n__gt=1).count()) == 2


async def test_numbers_of_groups(query: Any) -> None:
    groups = query.annotate(n=func.count()).group_by("name")
    assert await maybe(groups.max("n")) == 3
    assert await maybe(groups.sum("n")) == 6
    assert await maybe(groups.avg("n")) == 2.0
    assert await maybe(groups.min("name")) == "Ada"
    assert await maybe(groups.order_by("-n").limit(2).sum("n")) == 5


async def test_numbers_of_some_rows(query: Any) -> None:
    """Sums and means respect limit, offset and distinct."""
    ordered = query.order_by("id")
    assert await maybe(ordered.limit(2).sum("age")) == 77
    assert await maybe(ordered.limit(2).offset(1).avg("age")) == 29.5
    assert await maybe(ordered.offset(3).max("age")) == 85
    assert await maybe(query.distinct().sum("age")) == 221
    assert await maybe(ordered.limit(0).sum("age")) is None


async def test_avg_and_sum_of_decimals(session: Any, models: ModuleType) -> None:
    """O-D22: numbers of NUMERIC columns are Decimals, exact, on both databases."""
    amounts = [Decimal("0.1"), Decimal("0.2"), Decimal("12345678901234567.89"), None]
    await maybe(session.insert_all([models.Sample(amount=amount) for amount in amounts]))
    samples = session.query(models.Sample)
    total = await maybe(samples.sum("amount"))
    assert (total, type(total)) == (Decimal("12345678901234568.19"), Decimal)
    mean = await maybe(samples.filter(amount__lt=1).avg("amount"))
    assert (mean, type(mean)) == (Decimal("0.15"), Decimal)
    assert await maybe(samples.order_by("id").limit(2).sum("amount")) == Decimal("0.3")
    assert await maybe(samples.values(sum="amount", count="amount")) == [{"sum": total, "count": 3}]
    assert await maybe(samples.avg("whole")) is None


async def test_instances_grouped_by_key(query: Any) -> None:
    found = await maybe(query.group_by("id").having(count=1).order_by("id").limit(2).all())
    assert [user.name for user in found] == ["Ada", "Alan"]


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


async def test_in_bulk(query: Any, session: Any, models: ModuleType) -> None:
    by_age = {user.age: user.id for user in await maybe(query.all())}
    keys = [by_age[85], by_age[36], -1]
    found = await maybe(query.in_bulk(keys))
    assert [(key, user.age) for key, user in found.items()] == [(by_age[85], 85), (by_age[36], 36)]
    assert list(await maybe(query.filter(age__gt=40).in_bulk(keys))) == [by_age[85]]
    assert await maybe(query.in_bulk([])) == {}
    with pytest.raises(Exception, match="takes int, not str 'x'"):
        await maybe(query.in_bulk(["x"]))


async def test_get_or_none(query: Any) -> None:
    assert (await maybe(query.get_or_none(age=85))).name == "Grace"
    assert await maybe(query.get_or_none(age=86)) is None
    with pytest.raises(Exception, match="several rows match"):
        await maybe(query.get_or_none(name="Ada"))


async def test_pages(query: Any) -> None:
    ordered = query.order_by("id")
    page = await maybe(ordered.page(2, size=4))
    assert [user.age for user in page] == [None, 41]
    assert (page.number, page.size, page.total, page.pages, page.has_next, page.has_previous) == (
        2,
        4,
        6,
        2,
        False,
        True,
    )
    beyond = await maybe(ordered.page(9, size=4))
    assert (beyond.items, beyond.total, beyond.has_next) == ([], 6, False)
    none = await maybe(ordered.filter(age__lt=0).page())
    assert (none.items, none.total, none.pages, none.has_next, none.has_previous) == ([], 0, 0, False, False)
    assert repr(page) == "<Page 2 of 2: 2 of 6>"


async def test_what_notebooks_show(query: Any) -> None:
    shown = query.filter(name="<b>")._repr_html_()
    assert "SELECT" in shown
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown.replace("&lt;b&gt;", "")


async def test_the_plan(query: Any, backend: str) -> None:
    plan = await maybe(query.filter(id=1).explain())
    assert "users" in plan.text
    assert "SELECT" in plan.sql
    assert plan.tree.children or "Scan" in plan.tree.title
    assert plan._repr_html_().count("<li>") >= 1
    if backend == "mariadb":
        return  # below
    if backend == "postgresql":
        ran = await maybe(query.order_by("age").explain(analyze=True, buffers=True))
        assert "Execution Time" in ran.facts
        assert "actual time" in ran.text
    else:
        with pytest.raises(Exception, match=r"(?i)sqlite"):
            await maybe(query.explain(analyze=True))


async def test_the_plan_of_mariadb(query: Any, backend: str, mysql: bool) -> None:
    if backend != "mariadb":
        return
    plan = await maybe(query.filter(id=1).order_by("name").explain())
    assert "on users using PRIMARY" in plan.text
    if mysql:
        with pytest.raises(NotSupportedError, match="EXPLAIN ANALYZE as a document"):
            await maybe(query.order_by("age").explain(analyze=True))
    else:
        assert "r_rows" in (await maybe(query.order_by("age").explain(analyze=True))).text
    with pytest.raises(NotSupportedError, match="EXPLAIN BUFFERS"):
        await maybe(query.explain(analyze=True, buffers=True))


HOSTILE = ['x" ; DROP TABLE users --', "a'b", "a b", "%s", "$1", "?", "select", "Ä"]


async def test_names_are_names(query: Any) -> None:
    """A label reaches the database as a literal name, whatever is in it, or not at all."""
    for name in HOSTILE:
        found = await maybe(query.annotate(**{name: func.count()}).group_by("name").order_by(f"-{name}").values())
        assert found[0] == {"name": "Ada", name: 3}
        for ask in (query.order_by, query.group_by, query.distinct, query.values, query.sum):
            with pytest.raises(UnknownColumn):
                await maybe(ask(name))
    for name in ("", "a\0b"):
        with pytest.raises(ProgrammingError):
            query.annotate(**{name: func.count()})


async def test_aggregates_of_windows(query: Any, models: ModuleType) -> None:
    c = columns(models.User)
    numbered = query.annotate(place=func.row_number().over(partition_by=c.name, order_by=c.id))
    assert [await maybe(getattr(numbered, ask)("place")) for ask in ("max", "min", "sum")] == [3, 1, 10]
    assert await maybe(numbered.filter(name="Alan").max("place")) == 2
    assert await maybe(query.sum(func.count().over(partition_by=c.name))) == 3 * 3 + 2 * 2 + 1
    assert await maybe(numbered.limit(1).order_by("-place").max("place")) == 3
