"""A transaction that a deadlock is made with, on PostgreSQL, MariaDB and MySQL; it is the other one that is refused."""

from __future__ import annotations

import threading
from contextlib import suppress

from ferrow import driver
from ferrow.errors import DatabaseError
from tests.support.deadlines import eventually

HAVE = "UPDATE locked SET n = n + 1 WHERE id = 1"
WANT = "UPDATE locked SET n = n + 1 WHERE id = 2"
_WAITS = {
    # Of the server; what innodb_trx says is as old as one who asks again and again wants to know.
    "mysql": "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'",
    "postgresql": "SELECT '', count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'",
}


class Other:
    """Has the row that we want, and more to lose; waits for the one that we have."""

    def __init__(self, url: str, colour: str) -> None:
        self._url = url
        self._colour = colour
        with driver.connect(url) as conn:
            conn.script("CREATE TABLE locked (id integer PRIMARY KEY, n integer NOT NULL)")
            conn.script(f"INSERT INTO locked VALUES {', '.join(f'({number}, 0)' for number in range(1, 21))}")
        self._conn = driver.connect(url)
        self._thread = threading.Thread(target=self._work)
        self._has = threading.Event()

    def begin(self) -> None:
        self._thread.start()
        assert self._has.wait(20)

    def _work(self) -> None:
        with suppress(DatabaseError), self._conn.transaction() as tx:
            if self._conn.wire.dialect == "postgresql":
                tx.script("SET LOCAL deadlock_timeout = '1h'")  # the one that looks is the one that is refused
            tx.execute("UPDATE locked SET n = n + 1 WHERE id > 1")
            self._has.set()
            tx.execute(HAVE)

    async def waits(self) -> None:
        """Returns when it waits."""
        with driver.connect(self._url) as watch:
            dialect = watch.wire.dialect
            given = [self._conn.backend_pid] if dialect == "postgresql" else []
            await eventually(self._colour, lambda: int(watch.query_one(_WAITS[dialect], given)[1]) > 0)

    def close(self) -> None:
        if self._thread.ident is not None:
            self._thread.join(20)
        self._conn.close()
