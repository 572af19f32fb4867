"""Instances with what is related to them, one statement for each relation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic

from ferrow.orm.generic import M
from ferrow.orm.loading.keys import reader
from ferrow.orm.loading.selectin import selected
from ferrow.repository.errors import InvalidType

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.link import Link
    from ferrow.sql import Dialect


@dataclass
class RelatedResult(Generic[M]):
    """An instance, and the relations that were asked for by name: lists where there may be several, else an object or None."""

    obj: M
    relations: dict[str, Any] = field(default_factory=dict)


AsyncRelatedResult = RelatedResult
"""What the async repositories return: the same."""


def names_of(include: str | Iterable[str]) -> list[str]:
    """The relations that are asked for, each once. Raises TypeError for what is no name."""
    given = [include] if isinstance(include, str) else include
    if not isinstance(given, Iterable):
        raise InvalidType("include relation names must be non-empty strings.")
    found: dict[str, None] = {}
    for name in given:
        if not isinstance(name, str) or not name:
            raise InvalidType("include relation names must be non-empty strings.")
        found[name] = None
    return list(found)


async def read(engine: AsyncEngine, dialect: Dialect, link: Link, instances: Sequence[Any]) -> list[Any]:
    """What each of the instances is related to: a list, or an object or None. Those of one list are in the order of their keys."""
    key = reader(link.near)
    keys = [key(instance) for instance in instances]
    wanted = [one for one in dict.fromkeys(keys) if one is not None]
    related, _ = await selected(engine, dialect, link, wanted) if wanted else ({}, [])
    if link.many:
        return [list(related.get(one, ())) for one in keys]
    return [(related.get(one) or [None])[0] for one in keys]
