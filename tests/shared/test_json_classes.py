"""Documents whose class says what stands where: paths with types, and places that any column may take."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ferrow import Q, column, columns, select
from tests.support import maybe
from tests.support.json_accounts import accounts, model, names, session_of

__all__ = ["accounts", "model", "session_of"]


async def test_documents_of_a_class(accounts: Any, model: Any, style: str) -> None:
    c = columns(model)
    for condition, expected in (
        (c.settings.path(lambda s: s.theme["name"]) == "dark", ["premium"]),
        (c.settings.path(lambda s: s.level) > 8, ["free"]),
        (c.settings.path(lambda s: s.items[0].price) == Decimal("9.9"), ["premium"]),
        (c.settings.path(lambda s: s.items[0].price) > Decimal("9.95"), ["free"]),
        (c.settings.path(lambda s: s.items[0].price).in_([Decimal("9.900"), Decimal(11)]), ["premium"]),
        (c.settings.path(lambda s: s.items[0].day) >= date(2024, 1, 1), ["premium"]),
        (c.settings.path(lambda s: s.owner).is_null() & c.settings.is_not_null(), ["premium", "free"]),
        (c.settings.path(lambda s: s.items).length() == 1, ["premium", "free"]),
        (column(model, lambda row: row.settings.theme["size"]) < 10, ["premium"]),
        (Q(settings__theme__name="dark"), ["premium"]),
        (Q(settings__level__gte=10), ["free"]),
        (Q(settings__items__0__price__lt=10), ["premium"]),
        (Q(settings__items__0__day__in=[date(2023, 9, 9)]), ["free"]),
        (Q(settings__theme={"name": "dark", "size": 3}), ["premium"]),
        (Q(settings__owner__level__isnull=True, settings__isnull=False), ["premium", "free"]),
    ):
        assert await names(accounts.filter(condition)) == expected, condition
    rows = await maybe(
        accounts.order_by("id").values_list("settings__items__0__price", "settings__items__0__day", "settings__items")
    )
    price, day, items = rows[0]
    assert (price, day) == (Decimal("9.90"), date(2024, 2, 1))
    assert type(price) is Decimal
    assert items[0].price == price
    assert rows[5] == (None, None, None)
    assert await maybe(
        accounts.order_by("-settings__theme__size", "id")
        .limit(1)
        .filter(settings__isnull=False)
        .values_list("name", flat=True)
    ) == ["free"]


async def test_columns_are_taken_wherever_a_column_is(accounts: Any, model: Any, session_of: Any) -> None:
    c = columns(model)
    age = column(model, lambda row: row.id)
    assert await names(accounts.filter(c.id <= 2).filter(age > 1)) == ["free"]
    assert await maybe(accounts.order_by(c.id.desc()).limit(1).values(c.name, age)) == [{"name": "empty", "id": 10}]
    assert await maybe(accounts.max(c.id)) == 10
    result = await maybe(session_of.execute(select(model).where(c.name == "free", c.meta["n"] > 2)))
    assert [row.name for row in result.scalars().all()] == ["free"]
    assert set(dir(c)) >= {"id", "name", "meta"}
    assert "settings" in repr(c)
    assert not hasattr(c, "_repr_html_")
    assert c["name"] is not None
    with pytest.raises(AttributeError):
        c.name = 1
    assert await maybe(accounts.filter(meta__plan="premium").update(name="first")) == 1
    assert await maybe(accounts.filter(c.meta["plan"] == 5).delete()) == 2
    assert (await names(accounts))[0] == "first"
    assert await maybe(accounts.count()) == 8


async def test_statements_give_places_as_their_class_says(accounts: Any, model: Any, session_of: Any) -> None:
    c = columns(model)
    price = c.settings.path(lambda s: s.items[0].price)
    statement = select(c.id, price, c.meta["plan"].label("plan")).where(c.id < 3).order_by(c.meta["plan"])
    rows = (await maybe(session_of.execute(statement))).all()
    assert rows == [(2, Decimal(10), "free"), (1, Decimal("9.90"), "premium")]
    assert all(type(row[1]) is Decimal for row in rows)
