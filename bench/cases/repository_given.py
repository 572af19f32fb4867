"""What a repository takes over a connection of another driver, beside that driver's cursor and the constructor by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bench import settings
from bench.case import Group, SyncCase, Work, group, sync_case
from bench.check import all_instances, as_it_is, one_instance
from bench.data import SELECT_ALL, SELECT_ONE, USERS, keys, naive
from bench.models import by_hand

REPOSITORY = "Ferrow repository"


def _sqlite3() -> Any:
    return sqlite3.connect(settings.sqlite_file())


def _pg8000() -> Any:
    import pg8000.dbapi

    return pg8000.dbapi.connect(**settings.postgres())


def _psycopg() -> Any:
    import psycopg

    return psycopg.connect(settings.postgres_url())


def _pymysql() -> Any:
    import pymysql

    return pymysql.connect(**settings.mariadb())


def _meant(row: Any) -> tuple[Any, ...]:
    """MariaDB has numbers for truths."""
    number, email, age, is_active, created_at = row
    return number, email, age, is_active != 0, created_at


@dataclass(frozen=True)
class Driver:
    """One driver, as a program uses it."""

    name: str
    open: Callable[[], Any]
    mark: str
    """Its placeholder."""
    models: str
    form: Callable[[Any], Any]
    meant: Callable[[Any], tuple[Any, ...]] | None
    """From its rows to the values a program means; None where they are those."""
    queries: int = 300

    def model(self, name: str) -> Any:
        """A model that is like the rows of its database."""
        return getattr(import_module(self.models), name)


LOCAL, SERVER = "bench.models.sqlite", "bench.models.postgresql"
DRIVERS = (
    Driver("sqlite3", _sqlite3, "?", LOCAL, naive, by_hand.row, 2000),
    Driver("pg8000", _pg8000, "%s", SERVER, as_it_is, None),
    Driver("psycopg", _psycopg, "%s", SERVER, as_it_is, None),
    Driver("pymysql", _pymysql, "%s", LOCAL, naive, _meant),
)


def _opened(driver: Driver) -> Any:
    conn = driver.open()
    # By hand nobody commits what was only read, nor begins a transaction for it.
    if driver.name == "pymysql":
        conn.autocommit(True)
    elif driver.name != "sqlite3":
        conn.autocommit = True
    return conn


def _hand_get(driver: Driver) -> SyncCase:
    def body() -> Iterator[Work]:
        model, meant, sql = driver.model("Slotted"), driver.meant, SELECT_ONE + driver.mark
        with closing(_opened(driver)) as conn:
            cursor = conn.cursor()

            def run() -> object:
                found = None
                for key in keys(driver.queries):
                    cursor.execute(sql, (key,))
                    row = cursor.fetchone()
                    found = model(*row) if meant is None else model(*meant(row))
                return found

            yield Work(run, one_instance(driver.queries, driver.form))

    return body


def _hand_list(driver: Driver) -> SyncCase:
    def body() -> Iterator[Work]:
        model, meant = driver.model("Slotted"), driver.meant
        with closing(_opened(driver)) as conn:

            def run() -> object:
                cursor = conn.cursor()
                cursor.execute(SELECT_ALL)
                rows = cursor.fetchall()
                return [model(*row) for row in rows] if meant is None else [model(*meant(row)) for row in rows]

            yield Work(run, all_instances(driver.form))

    return body


def _floor(driver: Driver, sql: str, rounds: int) -> SyncCase:
    """The driver alone, whose rows are dropped."""

    def body() -> Iterator[Work]:
        with closing(_opened(driver)) as conn:
            cursor = conn.cursor()

            def run() -> None:
                for key in keys(rounds):
                    cursor.execute(sql, *([(key,)] if rounds > 1 else []))
                    cursor.fetchall()

            yield Work(run)

    return body


def _ours(driver: Driver, make: Callable[[Any], Callable[[], object]], check: Callable[[Any], None]) -> SyncCase:
    def body() -> Iterator[Work]:
        from ferrow.repository import Database, Repository

        with closing(Database(_opened(driver))) as db:
            yield Work(make(Repository(db, driver.model("Slotted"))), check)

    return body


def _cases(driver: Driver, get: Group, every: Group) -> None:
    def getting(repo: Any) -> Callable[[], object]:
        def run() -> object:
            found = None
            for key in keys(driver.queries):  # as by hand: none is kept but the last
                found = repo.get(key)
            return found

        return run

    sync_case(get, "driver", f"{driver.name} and constructor by hand")(_hand_get(driver))
    sync_case(get, "ferrow-orm", f"{REPOSITORY}.get")(_ours(driver, getting, one_instance(driver.queries, driver.form)))
    sync_case(get, "floor", f"{driver.name}, no object")(_floor(driver, SELECT_ONE + driver.mark, driver.queries))
    sync_case(every, "floor", f"{driver.name}, no objects")(_floor(driver, SELECT_ALL, 1))
    sync_case(every, "driver", f"{driver.name} and constructor by hand")(_hand_list(driver))
    sync_case(every, "ferrow-orm", f"{REPOSITORY}.list")(
        _ours(driver, lambda repo: lambda: repo.list(), all_instances(driver.form))
    )


for one in DRIVERS:
    _cases(
        one,
        group(
            f"dbapi-repository-get-{one.name}", f"{one.name}: one instance by primary key, by hand and repository",
            ops=one.queries,
        ),
        group(
            f"dbapi-repository-list-{one.name}", f"{one.name}: 10,000 instances, by hand and repository",
            ops=USERS, unit="instance",
        ),
    )  # fmt: skip
