"""What outlives the wires over one connection: its driver, whose transaction is open on it, and whether it was prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ferrow.wire.dbapi.drivers.base import Driver


class Hold:
    """One connection of another driver. Wires over it come and go."""

    __slots__ = ("driver", "inside", "loose", "owner", "ready")

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.ready = False
        self.inside: Literal["", "own", "joined"] = ""
        """Whether a transaction of a wire is open: one of its `own`, or a savepoint in one that the program began (`joined`)."""
        self.loose = False
        """A statement outside of transactions has begun one by itself, and did not get to its end."""
        self.owner: Any = None
        """The wire whose transaction is open."""
