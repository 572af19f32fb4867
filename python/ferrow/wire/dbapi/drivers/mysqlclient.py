"""mysqlclient (MySQLdb), whose results are made to look like PyMySQL's."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import MySQLdb  # pyright: ignore[reportMissingImports]

from ferrow.errors import DatabaseError
from ferrow.wire.dbapi.drivers.mysql import Mysql, matched
from ferrow.wire.mysql.failures import DEADLOCK, number, translated

_IN_TRANSACTION = "SELECT @@in_transaction, @@autocommit"


class Mysqlclient(Mysql):
    """A connection of mysqlclient. It does not show the server's status, which is therefore asked for."""

    name = "mysqlclient"

    __slots__ = ("_ours",)

    def __init__(self, conn: Any) -> None:
        super().__init__(conn)
        self._ours = False

    def in_transaction(self) -> bool:
        return self._failed or self._asked()[0] == 1

    @property
    def implicit(self) -> bool:
        return not self.conn.get_autocommit()

    @property
    def closed(self) -> bool:
        return not self.conn.open

    def _asked(self) -> tuple[int, int]:
        try:
            result = self._query(_IN_TRANSACTION)
        except MySQLdb.Error as error:
            raise translated(error) from error
        inside, autocommit = result.rows[0]
        return int(inside), int(autocommit)

    def _query(self, text: str) -> Any:
        conn = self.conn
        converter, conn.converter = conn.converter, {}
        try:
            conn.query(text.encode())
            found = conn.store_result()
        finally:
            conn.converter = converter
        if found is None:
            return SimpleNamespace(
                field_count=0,
                affected_rows=conn.affected_rows(),
                insert_id=conn.insert_id(),
                message=conn.info(),
                rows=(),
            )
        fields = [
            SimpleNamespace(name=name, type_code=code, length=length, scale=scale)
            for name, code, _, length, _, scale, _ in found.describe()
        ]
        return SimpleNamespace(
            field_count=len(fields),
            fields=fields,
            rows=found.fetch_row(0, 0),
            affected_rows=0,
            insert_id=0,
            message=None,
        )

    async def ask(self, text: str) -> Any:
        try:
            return matched(self._query(text))
        except DatabaseError:
            raise
        except MySQLdb.Error as error:
            made = translated(error, text)
            if number(error) in DEADLOCK:
                self._failed = True
            raise made from error

    def cancel(self) -> None:
        """Nothing: a second connection would need the password, which this one does not tell."""

    async def close(self) -> None:
        with suppress(MySQLdb.Error):
            self.conn.close()
