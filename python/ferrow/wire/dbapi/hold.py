"""What outlives the wires over one connection: its driver, whose transaction is open on it, and whether it was prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from ferrow.wire.dbapi.drivers.base import Driver


class Giving(Protocol):
    """How a connection that was borrowed goes back."""

    async def back(self, *, touched: bool) -> None:
        """In order; `touched` says whether its session may have been changed."""

    def drop(self) -> None:
        """As it is: nobody may have it any more."""


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
