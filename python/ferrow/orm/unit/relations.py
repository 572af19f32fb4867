"""What instances say through their relations (`post.author = user`), made part of a flush."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow.orm.unit.unit import Unit


def settle(unit: Unit) -> None:
    """Called by each flush before its inserts: bring keys, and what is pending, in line with relation attributes.

    `Unit` says what there is to work with: `add`, `remove`, `needs`, `assigning`, `after_inserts`.
    """


def unsettled(unit: Unit) -> bool:
    """Whether relation attributes say something that is not written, where neither columns nor pending instances show it."""
    return False
