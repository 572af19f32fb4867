"""What is measured: groups of cases that all give the same answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Kind = Literal["ferrow", "ferrow-orm", "driver", "orm", "floor", "info"]
"""`ferrow` and `ferrow-orm` are ours, at driver and at session level; `driver` and `orm` are the peers of the same level.
`floor` is less work than any library can do, `info` is for orientation only."""

Loop = Literal["asyncio", "uvloop"]

_DATABASES = {
    "pg": "pg",
    "psycopg": "pg",
    "pg8000": "pg",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "pymysql": "mariadb",
}


@dataclass(frozen=True)
class Work:
    """What a case yields once it is connected: the timed call, and a check of what it returned."""

    run: Callable[[], Any]
    check: Callable[[Any], None] | None = None
    seconds: Callable[[], float] | None = None
    """What to report of the last call instead of its time, e.g. a percentile of what happened in it."""
    before: Callable[[], Any] | None = None
    """Called before each `run`, and like it awaited where that is: what has to be tidied up is not part of the time."""


SyncCase: TypeAlias = Callable[[], Iterator[Work]]
AsyncCase: TypeAlias = Callable[[], AsyncIterator[Work]]


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    ops: int
    """Operations (queries or rows) in one call of `Work.run`; times are given per operation."""
    unit: str

    @property
    def database(self) -> str:
        """`pg`, `sqlite`, `mariadb`, or nothing."""
        return next((_DATABASES[part] for part in self.name.split("-") if part in _DATABASES), "")

    @property
    def has_server(self) -> bool:
        """Whether another process does part of the work."""
        return self.database in ("pg", "mariadb")


@dataclass(frozen=True)
class Case:
    group: Group
    name: str
    kind: Kind
    body: Callable[[], Any]
    """A generator function, asynchronous if `loop` is set: connects, yields one `Work`, disconnects."""
    loop: Loop | None

    @property
    def key(self) -> str:
        return f"{self.group.name}/{self.name}"


GROUPS: dict[str, Group] = {}
CASES: dict[str, Case] = {}


def group(name: str, title: str, *, ops: int, unit: str = "query") -> Group:
    found = GROUPS[name] = Group(name, title, ops, unit)
    return found


def loops(name: str, title: str, *, ops: int, unit: str = "query") -> dict[Loop, Group]:
    """The same group once for each event loop."""
    return {
        "asyncio": group(f"{name}-asyncio", f"{title}, asyncio", ops=ops, unit=unit),
        "uvloop": group(f"{name}-uvloop", f"{title}, uvloop", ops=ops, unit=unit),
    }


def sync_case(where: Group, kind: Kind, name: str) -> Callable[[SyncCase], SyncCase]:
    """Add a generator function as a case of `where`."""

    def add(body: SyncCase) -> SyncCase:
        _add(Case(where, name, kind, body, None))
        return body

    return add


def async_case(where: dict[Loop, Group], kind: Kind, name: str) -> Callable[[AsyncCase], AsyncCase]:
    """Add an asynchronous generator function as a case on each event loop."""

    def add(body: AsyncCase) -> AsyncCase:
        for loop, on in where.items():
            _add(Case(on, name, kind, body, loop))
        return body

    return add


def _add(case: Case) -> None:
    if case.key in CASES:
        raise ValueError(f"two cases are called {case.key}")
    CASES[case.key] = case
