"""What models ask of the floors above: the only doors that lead up, so that nobody has to look for others.

A model is described without them. They are opened by what users say of one: keywords in `__scope__`, `any` and `has`, which mean what
they mean in queries, and `user.load("posts")`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ferrow.sql import Condition

T = TypeVar("T")


def about(model: type, conditions: tuple[Any, ...], keywords: Mapping[str, Any]) -> Condition:
    """What conditions and keywords, as `filter` takes them, say of the rows of a model."""
    meant: Condition = import_module("ferrow.orm.relation_keyword").about(model, conditions, keywords)
    return meant


def load(instance: T, relations: tuple[Any, ...]) -> Awaitable[T]:
    """Load relations of an instance in the unit of work that it belongs to."""
    loading: Awaitable[T] = import_module("ferrow.orm.unit.opened").load(instance, relations)
    return loading
