"""From `async def` to `drive(...)`: one sync class per async class, by its syntax tree."""

from facadegen.module import generate
from facadegen.room import FacadeError, Room

__all__ = ["FacadeError", "Room", "generate"]
