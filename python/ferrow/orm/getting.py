"""One row by its primary key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, NoResultFound
from ferrow.orm.fitting import explained
from ferrow.orm.generic import M
from ferrow.orm.loading.load import load
from ferrow.sql import Select, and_

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.visible import Visible
    from ferrow.orm.key import Key
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan, Prepared


class Getter:
    """All that `get` needs for one model whose rows are all seen, looked up once.

    Raises ModelError for a model without a primary key, or with a relation whose columns cannot be told.
    """

    __slots__ = ("finder", "kinds", "loading", "name", "plain", "shape", "sql")

    def __init__(self, plan: Plan[Any]) -> None:
        self.finder: Key = plan.words.key("get()")
        """From what the caller gives to the values of the key."""
        prepared = by_key(plan)
        self.sql: str = prepared.sql
        self.shape: Shape = prepared.shape
        self.kinds: Kinds = prepared.kinds
        self.loading: Loading | None = plan.loading or None
        """What is loaded with it; None for nothing."""
        self.name: str = self.finder.columns[0].key
        """The field that is the key."""
        self.plain: type | None = None if self.loading or plan.table.visible is not None else self.finder._plain
        """The class of values that find the row as they are, with nothing else to look at; None if there is more to it."""


def getter_of(plan: Plan[Any]) -> Getter:
    """The getter of a plan. Raises as `Getter`."""
    found = plan.getter
    if found is None:
        found = plan.getter = Getter(plan)
    return found


async def get_seen(engine: AsyncEngine, plan: Plan[M], key: Any, *, include_deleted: bool = False) -> M | None:
    """The instance with a key if its row is seen, for a model some of whose rows are not."""
    assert plan.table.visible is not None
    prepared, more = _seen(plan, plan.table.visible, include_deleted)
    finder = plan.words.key("get()")
    try:
        rows: list[M] = (await engine.run(prepared.sql, finder(key) + more, prepared.shape, prepared.kinds)).rows
    except DataError as error:
        raise explained(error, finder.columns) from error
    if plan.lines is not None:
        plan.lines.note(engine, rows)
    if plan.loading:
        await load(engine, plan, rows, plan.loading)
    return rows[0] if rows else None


def by_key(plan: Plan[Any]) -> Prepared:
    """`SELECT all columns WHERE key = $1`, of all rows. Raises ModelError for a model without a primary key."""
    return plan.statements.get("get") or plan.prepare(
        "get", Select(plan.refs, plan.table.ref, plan.words.key("get()").where()), plan.shape
    )


def _seen(plan: Plan[Any], visible: Visible, include_deleted: bool) -> tuple[Prepared, tuple[Any, ...]]:
    shown = visible.condition(plan.table.ref, "with" if include_deleted else "without")
    key = ("seen", None if shown is None else shown.shape)
    found = plan.statements.get(key)
    if found is None:
        where = plan.words.key("get()").where()
        statement = Select(plan.refs, plan.table.ref, where if shown is None else and_(where, shown))
        found = plan.prepare(key, statement, plan.shape)
    return found, () if shown is None else shown.values


def nothing(plan: Plan[Any], key: Any, *, include_deleted: bool) -> NoResultFound:
    """The error where there is no such row, or none that is seen."""
    finder = plan.words.key("get()")
    visible = plan.table.visible
    deleted = "" if include_deleted or visible is None or visible.deleted is None else ", unless deleted softly"
    return NoResultFound(f"there is no {finder.shown(finder(key))}{deleted}")
