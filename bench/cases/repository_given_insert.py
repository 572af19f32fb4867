"""Ten thousand instances inserted over a connection of another driver: a repository's `insert_many`, and by hand row by row.

By hand each row is a statement, whose new key goes into the instance; all in one transaction, as ours are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from bench.case import Group, SyncCase, Work, group, sync_case
from bench.cases.repository_given import DRIVERS, REPOSITORY, Driver
from bench.data import TABLE, USERS, WRITTEN, stored, users
from bench.databases import SQLITE_TABLE
from bench.inserted import NAMES

_AT_ONCE = 100


def _table(driver: Driver, conn: Any) -> None:
    if driver.name == "sqlite3":
        conn.executescript(
            f"PRAGMA synchronous = NORMAL; DROP TABLE IF EXISTS {WRITTEN}; {SQLITE_TABLE.replace(TABLE, WRITTEN)}"
        )


def _fresh(driver: Driver) -> list[Any]:
    model = driver.model("SlottedWritten")
    return [model(**dict(zip(NAMES, driver.form(user)[1:], strict=True))) for user in users()]


def _emptied(driver: Driver, conn: Any) -> None:
    cursor = conn.cursor()
    cursor.execute(f"DELETE FROM {WRITTEN}" if driver.name == "sqlite3" else f"TRUNCATE {WRITTEN}")
    conn.commit()


def _numbered(driver: Driver) -> Callable[[Any], None]:
    """Whether each instance has its values still, and a key that came after that of the one before."""

    def check(instances: Any) -> None:
        found = [instance.id for instance in instances]
        if len(found) != USERS or found != sorted(set(found)):
            raise AssertionError(f"the keys are not those of {USERS} rows in order: {found[:20]}")
        for instance, user in zip(instances, users(), strict=True):
            if tuple([getattr(instance, name) for name in NAMES]) != driver.form(user)[1:]:
                raise AssertionError(f"{instance!r} is not {user!r}")

    return check


def _by_hand(driver: Driver) -> SyncCase:
    def body() -> Iterator[Work]:
        marks = ", ".join([driver.mark] * len(NAMES))
        sql = f"INSERT INTO {WRITTEN} ({', '.join(NAMES)}) VALUES ({marks})"
        given: list[Any] = []
        with closing(driver.open()) as conn:
            _table(driver, conn)

            def before() -> None:
                _emptied(driver, conn)
                given[:] = _fresh(driver)

            def numbered() -> object:
                cursor = conn.cursor()
                for user in given:
                    moment = user.created_at.isoformat(" ") if driver.name == "sqlite3" else user.created_at
                    cursor.execute(sql, (user.email, user.age, user.is_active, moment))
                    user.id = cursor.lastrowid
                conn.commit()
                return given

            def returning() -> object:
                cursor = conn.cursor()
                for user in given:
                    cursor.execute(f"{sql} RETURNING id", (user.email, user.age, user.is_active, user.created_at))
                    (user.id,) = cursor.fetchone()
                conn.commit()
                return given

            run = numbered if driver.name in ("sqlite3", "pymysql") else returning
            yield Work(run, _numbered(driver), before=before)

    return body


def _ours(driver: Driver) -> SyncCase:
    def body() -> Iterator[Work]:
        from ferrow.repository import Database, Repository

        conn = driver.open()
        _table(driver, conn)
        given: list[Any] = []

        def before() -> None:
            _emptied(driver, conn)
            given[:] = _fresh(driver)

        with closing(Database(conn)) as db:
            repo = Repository(db, driver.model("SlottedWritten"))
            yield Work(lambda: repo.insert_many(given), _numbered(driver), before=before)

    return body


def _floor(driver: Driver) -> SyncCase:
    """The values alone, a hundred rows in a statement, and no keys."""

    def body() -> Iterator[Work]:
        row = f"({', '.join([driver.mark] * len(NAMES))})"
        sql = f"INSERT INTO {WRITTEN} ({', '.join(NAMES)}) VALUES {', '.join([row] * _AT_ONCE)}"
        form = stored if driver.name == "sqlite3" else driver.form
        rows = [form(user)[1:] for user in users()]
        values = [
            [value for row in rows[start : start + _AT_ONCE] for value in row] for start in range(0, USERS, _AT_ONCE)
        ]
        with closing(driver.open()) as conn:
            _table(driver, conn)

            def run() -> None:
                cursor = conn.cursor()
                for some in values:
                    cursor.execute(sql, some)
                conn.commit()

            yield Work(run, before=lambda: _emptied(driver, conn))

    return body


def _cases(driver: Driver, where: Group) -> None:
    sync_case(where, "driver", f"{driver.name}, a statement for each row")(_by_hand(driver))
    sync_case(where, "floor", f"{driver.name}, values only")(_floor(driver))
    sync_case(where, "ferrow-orm", f"{REPOSITORY}.insert_many")(_ours(driver))


for one in DRIVERS:
    title = f"{one.name}: 10,000 instances inserted, keys returned, by hand and repository"
    _cases(one, group(f"dbapi-repository-insert-{one.name}", title, ops=USERS, unit="instance"))
