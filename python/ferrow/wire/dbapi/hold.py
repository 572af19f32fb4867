"""What outlives the wires over one connection: its driver, whose transaction is open on it, and whether it was prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from ferrow.errors import ConnectionLost, InterfaceError

if TYPE_CHECKING:
    from ferrow.wire.dbapi.drivers.base import Driver

LOST = "the connection to the server was lost: "


class Giving(Protocol):
    """How a connection that was borrowed goes back."""

    async def back(self, *, touched: bool) -> None:
        """In order; `touched` says whether its session may have been changed."""

    def drop(self) -> None:
        """As it is: nobody may have it any more."""


class Hold:
    """One connection of another driver. Wires over it come and go."""

    __slots__ = ("driver", "inside", "loose", "lost", "owner", "ready")

    def __init__(self, driver: Driver) -> None:
        self.driver: Driver = driver
        self.ready: bool = False
        self.inside: Literal["", "own", "joined"] = ""
        """Whether a transaction of a wire is open: one of its `own`, or a savepoint in one that the program began (`joined`)."""
        self.loose: bool = False
        """A statement outside of transactions has begun one by itself, and did not get to its end."""
        self.owner: Any = None
        """The wire whose transaction is open."""
        self.lost: tuple[str, str | None] | None = None
        """Why the connection was lost, and the server's code for that, once somebody has been told."""

    def ended(self, error: BaseException | None) -> None:
        """Note what a use of the connection has ended with."""
        if isinstance(error, ConnectionLost):
            self.lost = str(error).partition("\n")[0], error.sqlstate

    def over(self) -> InterfaceError:
        """For what is asked of a connection that is closed."""
        if self.lost is None:
            return InterfaceError("Connection is closed")
        reason, code = self.lost
        error = InterfaceError(f"Connection is closed: it was lost ({reason.removeprefix(LOST)})")
        cause = error.__cause__ = ConnectionLost(reason)
        cause.sqlstate = code
        return error
