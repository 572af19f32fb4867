"""What stands in documents, as values: of every type, in order, summed, and at the edges of numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ferrow import columns, func
from ferrow.errors import DatabaseError, ProgrammingError
from tests.support import maybe
from tests.support.documents import account
from tests.support.json_accounts import accounts, model, session_of

__all__ = ["accounts", "model", "session_of"]


async def test_every_type_gives_its_value_or_null(accounts: Any, model: Any, mysql: bool) -> None:
    n = columns(model).meta["n"]
    rows = await maybe(
        accounts.order_by("id").values_list(n, n.as_text(), n.as_int(), n.as_float(), n.as_decimal(), n.as_bool())
    )
    assert rows[:7] == [
        (5, None, 5, 5.0, Decimal(5), None),
        (2.5, None, None, 2.5, Decimal("2.5"), None),
        ("5", "5", None, None, Decimal(5), None),
        (-1, None, -1, -1.0, Decimal(-1), None),
        (1e30 if mysql else 10**30, None, None, 1e30, Decimal(10**30), None),
        (False, None, None, None, None, False),
        (None, None, None, None, None, None),
    ]
    assert [list(map(type, row)) for row in rows[:2]] == [
        [int, type(None), int, float, Decimal, type(None)],
        [float, type(None), type(None), float, Decimal, type(None)],
    ]


@pytest.mark.parametrize("attribute", ["meta", "plain"])
async def test_values_and_order(accounts: Any, attribute: str, mysql: bool) -> None:
    plan = f"{attribute}__plan"
    known = accounts.filter(**{f"{plan}__isnull": False})
    assert await maybe(known.order_by(plan, "id").values_list("name", flat=True)) == [
        "digits", "free", "premium", "number", "large", "true",
    ]  # fmt: skip
    assert await maybe(known.order_by(f"-{plan}", "id").values_list(plan, flat=True)) == [
        True,
        5,
        5,
        "premium",
        "free",
        "5",
    ]
    n = f"{attribute}__n"
    numbers = known.filter(**{f"{n}__gt": -(10**40)}).order_by(n)
    large = 1e30 if mysql else 10**30  # its integers have 64 bits
    assert await maybe(numbers.values("name", n)) == [
        {"name": "number", n: -1}, {"name": "free", n: 2.5}, {"name": "premium", n: 5}, {"name": "large", n: large},
    ]  # fmt: skip
    first = await maybe(
        accounts.order_by(columns(account("dataclass")).meta["plan"].desc().nulls_first(), "id").first()
    )
    assert first.name == "null"
    assert (await maybe(accounts.order_by(f"{attribute}__1").values_list(f"{attribute}__1", flat=True))).count(
        None
    ) == 9


async def test_sums_and_means_are_numbers(accounts: Any, model: Any) -> None:
    weight = columns(model).meta["specs"]["weight"]
    assert await maybe(accounts.sum(weight.as_float())) == 2.5
    assert await maybe(accounts.avg(weight.as_float())) == 1.25
    assert await maybe(accounts.sum(weight.as_decimal())) == Decimal("2.5")
    assert await maybe(accounts.avg("id")) == 5.5
    assert await maybe(accounts.sum("id")) == 55
    assert await maybe(accounts.max(columns(model).meta["n"].as_int())) == 5
    assert await maybe(accounts.values(func.sum(weight.as_int()).label("total"))) == [{"total": 1}]
    with pytest.raises(ProgrammingError, match="as_float"):
        await maybe(accounts.sum("meta__n"))


@pytest.mark.parametrize("attribute", ["meta", "plain"])
async def test_groups(accounts: Any, model: Any, attribute: str) -> None:
    plan = f"{attribute}__plan"
    known = accounts.filter(**{f"{plan}__isnull": False}).order_by(plan)
    counted = [("5", 1), ("free", 1), ("premium", 1), (5, 2), (True, 1)]
    for query in (known.values(plan, n=func.count()), known.group_by(plan).values(plan, n=func.count())):
        assert [(row[plan], row["n"]) for row in await maybe(query)] == counted
    assert await maybe(known.group_by(plan).count()) == 5
    assert await maybe(known.group_by(plan).exists())
    different = known.distinct().values_list(plan, flat=True)
    assert await maybe(different) == ["5", "free", "premium", 5, True]
    with pytest.raises(ProgrammingError, match="group"):
        await maybe(known.distinct().order_by("name").values_list(plan, flat=True))
    over = known.annotate(n=func.count()).group_by(plan).having(n__gt=1)
    assert await maybe(over.values(plan, "n")) == [{plan: 5, "n": 2}]
    text = columns(model)[attribute]["plan"].as_text()
    rows = await maybe(
        accounts.group_by(text).order_by(text.desc().nulls_last()).values(text.label("p"), n=func.count())
    )
    assert [(row["p"], row["n"]) for row in rows] == [("premium", 1), ("free", 1), ("5", 1), (None, 7)]


async def test_numbers_at_the_edges(accounts: Any, model: Any, session_of: Any, backend: str, mysql: bool) -> None:
    await maybe(accounts.delete())
    cases: list[tuple[Any, Any, Any, Any]] = [  # value, as_int, as_float, as_decimal
        (2**63 - 1, 2**63 - 1, float(2**63), Decimal(2**63 - 1)),
        (2**63, None, float(2**63), Decimal(2**63)),
        (-(2**63), -(2**63), -float(2**63), Decimal(-(2**63))),
        (10**400, None, None, Decimal(10**400)),
        (5e-324, None, 5e-324, Decimal("5e-324")),
        (-0.0, 0, 0.0, Decimal(0)),
        (1e15, 10**15, 1e15, Decimal(10**15)),
        ("1e5", None, None, Decimal(100000)),
        ("-12.50", None, None, Decimal("-12.5")),
        (".5", None, None, Decimal("0.5")),
        *[
            (text, None, None, None)
            for text in (
                "",
                ".",
                "-",
                "e5",
                "1e",
                "1e9999",
                " 5",
                "5 ",
                "1_0",
                "NaN",
                "Infinity",
                "0x1",
                "\u0663",
                "1,5",
                "1" * 2000,
            )
        ],
    ]
    if mysql:
        with pytest.raises(DatabaseError, match="too big"):
            await maybe(session_of.insert(model(meta={"n": 10**400}, plain={})))
        del cases[3]
    await maybe(session_of.insert_all([model(meta={"n": case[0]}, plain={"n": case[0]}) for case in cases]))
    for n in (columns(model).meta["n"], columns(model).plain["n"]):
        rows = await maybe(accounts.order_by("id").values_list(n.as_int(), n.as_float(), n.as_decimal()))
        if backend == "mariadb":  # whose decimals have 35 digits before the point and 30 after it
            small = (5e-324, None, 5e-324, Decimal(0))
            cases[3 : 4 if mysql else 5] = [small] if mysql else [(10**400, None, None, None), small]
        assert rows == [case[1:] for case in cases]


async def test_decimals_of_a_document_are_sorted_as_numbers(accounts: Any) -> None:
    """Documents keep them as texts, "9.90" and "10"."""
    sized = accounts.filter(settings__items__0__price__gt=0)
    for term, expected in (("settings__items__0__price", [0, 1]), ("-settings__items__0__price", [1, 0])):
        found = await maybe(sized.order_by(term).all())
        assert [["premium", "free"].index(one.name) for one in found] == expected
        first = await maybe(sized.order_by(term).after(size=1))
        rest = await maybe(sized.order_by(term).after(first.next, size=5))
        assert [one.name for one in (*first.items, *rest.items)] == [one.name for one in found]
