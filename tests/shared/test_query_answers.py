"""What a query gives besides its rows: one of them, those of some keys, pages, its plan, and its picture in a notebook."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import NotSupportedError
from tests.support import maybe
from tests.support.people import query

__all__ = ["query"]


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
