"""Instances of a stream: followed as long as anybody could change them, and no longer, so that a stream does not fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.unit import Unit

Followed = list[tuple["Group", list[Any]]]
"""Groups, each with the keys of what is followed because a stream has read it."""


def streamed(unit: Unit, rows: list[Any]) -> tuple[list[Any], Followed]:
    """`Unit.adopted`, and what is to be let go of later: what was not followed before."""
    if not rows:
        return rows, []
    group = unit.groups.get(type(rows[0]))
    known = frozenset[Any]() if group is None else frozenset(group.instances)
    found = unit.adopted(rows)
    group = unit.groups.get(type(rows[0]))
    return found, [] if group is None else [(group, [key for key in map(group.key, found) if key not in known])]


def let_go(followed: Followed) -> None:
    """Stop following what a stream has passed, unless somebody still holds or has changed it."""
    for group, keys in followed:
        group.let_go(keys)
    followed.clear()
