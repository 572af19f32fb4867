"""From the settings to a session on the first server of the list that will do; once for both worlds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ferrow.errors import ConnectionLost, DatabaseError
from ferrow.wire.budget import Budget, NoAnswer
from ferrow.wire.failures import Failures
from ferrow.wire.host import Host, is_numeric
from ferrow.wire.password import for_host
from ferrow.wire.settings import Secret
from ferrow.wire.suitable import unsuitable
from ferrow.wire.tls_answer import HungUp

if TYPE_CHECKING:
    from ferrow.wire.settings import PasswordFunction, Settings

C = TypeVar("C")

# A server that stops or starts: the others may be up. (libpq only passes over one that starts, 57P03.)
_BUSY = ("57P01", "57P02", "57P03")


class Way(Protocol[C]):
    """What takes time on the way to a server. Timeouts are seconds, None for no limit; what they cut off is a NoAnswer."""

    async def password(self, function: PasswordFunction, timeout: float | None) -> Secret | None:
        """What a function that was given as the password returns; what it raises goes through."""
        ...

    async def look_up(self, name: str, port: int, timeout: float | None) -> Sequence[str]:
        """The addresses of a name, in the system's order. Raises OSError."""
        ...

    async def log_in(self, there: Settings, timeout: float | None) -> C:
        """A session on the server at the one address of these settings, with the password in them.

        Raises OSError, and what the server said.
        """
        ...

    async def ask(self, connection: C, sql: str, timeout: float | None) -> object:
        """The one value that a query gives."""
        ...

    def parameter(self, connection: C, name: str) -> str | None:
        """What the server reported."""
        ...

    def drop(self, connection: C) -> None:
        """Say goodbye, and close."""
        ...


async def reach(settings: Settings, way: Way[C]) -> tuple[C, Settings]:
    """Log into the first server that answers and is of the kind asked for; its session, and the settings that lead there.

    Hosts are tried in their order, and each one's addresses in that of the system, or both shuffled. As in libpq, a server
    that refuses the login ends the search; one that is down, starting, silent or of another kind does not. (Manual,
    "Specifying Multiple Hosts".)

    Raises OperationalError, which names every host that was tried and the reason, and what a server said.
    """
    return await _Search(settings, way).run()


class _Search(Generic[C]):
    def __init__(self, settings: Settings, way: Way[C]) -> None:
        self.settings = settings
        self.way = way
        self.budget = Budget(settings)
        self.failures = Failures(settings)
        self.secret: Secret | None = None

    async def run(self) -> tuple[C, Settings]:
        self.secret = await self._password()
        wanted = self.settings.target_session_attrs
        hosts = _in_order(self.settings, self.settings.hosts)
        others: list[Host] = []
        first = "standby" if wanted == "prefer-standby" else wanted
        for left, host in _counted(hosts):
            for more, place in _counted(await self._places(host, left)):
                found = await self._try(place, first, left + more, others)
                if found is not None:
                    return found
        if wanted == "prefer-standby":
            # There is none: now whoever answered will do.
            for left, place in _counted(others):
                found = await self._try(place, "any", left, [])
                if found is not None:
                    return found
        raise self.failures.error()

    async def _password(self) -> Secret | None:
        given = self.settings.password
        if given is None or isinstance(given, Secret):
            return given
        try:
            return await self.way.password(given, self.budget.share(0))
        except NoAnswer as error:
            self.failures.add(self.settings.hosts[0], NoAnswer(f"the function given as password=: {error}"))
            raise self.failures.error() from None

    async def _places(self, host: Host, others: int) -> Sequence[Host]:
        target = host.target
        if isinstance(target, str) or is_numeric(target[0]):
            return (host,)
        try:
            addresses = await self.way.look_up(*target, self.budget.share(others))
        except (OSError, UnicodeError, NoAnswer) as error:
            self.failures.add(host, error)
            return ()
        return _in_order(self.settings, [host.at(address) for address in addresses])

    async def _try(self, place: Host, wanted: str, others: int, unfit: list[Host]) -> tuple[C, Settings] | None:
        # Settings that lead to this very server and address: where a cancel request will have to go.
        there = self.settings if self.settings.hosts == (place,) else self.settings.replace(hosts=(place,))
        try:
            limit = self.budget.share(others)
            connection = await self.way.log_in(self._with_password(there), limit)
        except (OSError, NoAnswer, DatabaseError) as error:
            if isinstance(error, DatabaseError) and not _another_may_do(error):
                raise self.failures.explained(error, place) from error.__cause__
            self.failures.add(place, error)
            return None
        try:
            reason = await unsuitable(
                wanted,
                lambda name: self.way.parameter(connection, name),
                lambda sql: self.way.ask(connection, sql, limit),
            )
        except (NoAnswer, DatabaseError) as error:
            self.way.drop(connection)
            self.failures.add(place, error)
            return None
        except BaseException:
            self.way.drop(connection)
            raise
        if reason is None:
            return connection, there
        self.way.drop(connection)
        unfit.append(place)
        self.failures.add(place, NoAnswer(f"{reason}, and target_session_attrs={self.settings.target_session_attrs}"))
        return None

    def _with_password(self, there: Settings) -> Settings:
        """For this attempt only: what a function returned is not kept with the connection."""
        secret = for_host(there, self.secret)
        return there if secret is there.password else there.replace(password=secret)


def _another_may_do(error: DatabaseError) -> bool:
    return isinstance(error, (ConnectionLost, HungUp)) if error.sqlstate is None else error.sqlstate in _BUSY


def _in_order(settings: Settings, hosts: Sequence[Host]) -> Sequence[Host]:
    if not settings.load_balance_hosts or len(hosts) < 2:
        return hosts
    import random

    return random.sample(hosts, len(hosts))


def _counted(places: Sequence[Host]) -> list[tuple[int, Host]]:
    """Each with the number of those behind it."""
    return [(len(places) - at, place) for at, place in enumerate(places, 1)]
