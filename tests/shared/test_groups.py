"""O-D26, O-D22: groups, annotations and what is computed over rows, on real rows."""

from __future__ import annotations

from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from ferrow import Q, columns, func
from ferrow.errors import ProgrammingError, UnknownColumn
from tests.support import maybe
from tests.support.people import query

__all__ = ["query"]


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
