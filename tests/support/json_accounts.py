"""Accounts with documents in which one place is of every type somewhere."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.support import maybe
from tests.support.colours import Runner
from tests.support.documents import Item, account, settings

# What stands at one place is of every type somewhere; no comparison may fail because of another row.
DOCUMENTS: dict[str, Any] = {
    "premium": {"plan": "premium", "n": 5, "specs": {"weight": 1.5, "size": [10, 20]}, "tags": ["x", "y"], "vip": True},
    "free": {"plan": "free", "n": 2.5, "specs": {"weight": 1}, "tags": "xyz", "vip": False},
    "digits": {"plan": "5", "n": "5", "specs": [{"weight": 2}], "tags": [], "0": {"name": "zero"}},
    "number": {"plan": 5, "n": -1, "specs": None, "tags": [1, "50%_"], "vip": None},
    "large": {"plan": 5.0, "n": 10**30, "specs": {"weight": "heavy"}, "tags": [["x"], {"x": 1}]},
    "true": {"plan": True, "n": False, "specs": {}, "tags": {"x": "y"}},
    "null": {"plan": None, "n": None},
    "list": [{"plan": "inside"}, "premium", 5],
    "text": "premium",
    "empty": {},
}


@pytest.fixture
def model(style: str) -> Any:
    return account(style)


@pytest.fixture
def accounts(engine: Any, session_of: Any, model: Any, style: str, runner: Runner) -> Any:
    """A query over DOCUMENTS, each in both columns; two rows have settings."""
    rows = [model(name=name, meta=document, plain=document) for name, document in DOCUMENTS.items()]
    dark = settings(style, theme={"name": "dark", "size": 3}, level=7, items=[Item(Decimal("9.90"), date(2024, 2, 1))])
    light = settings(style, theme={"name": "light", "size": 12}, level=10, items=[Item(Decimal(10), date(2023, 9, 9))])
    rows[0].settings, rows[1].settings = dark, light

    async def prepare() -> None:
        await maybe(engine.create_all(model))
        await maybe(session_of.insert_all(rows))

    runner.run(prepare())
    return session_of.query(model)


@pytest.fixture
def session_of(engine: Any, colour: str) -> Any:
    from ferrow import AsyncSession, Session

    return (AsyncSession if colour == "async" else Session)(engine)


async def names(query: Any) -> list[str]:
    found: list[str] = await maybe(query.order_by("id").values_list("name", flat=True))
    return found
