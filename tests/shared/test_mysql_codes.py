"""What MariaDB and MySQL refuse is the same kind of error as on the other databases, also where they have no SQLSTATE of their own for it."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError, ForeignKeyViolation, ProgrammingError, QueryCancelled
from tests.support import entered, maybe

pytestmark = pytest.mark.only(backend="mariadb")
TABLES = (
    "CREATE TABLE parents (id int PRIMARY KEY, doc json, twice int AS (id * 2) STORED); INSERT INTO parents (id) VALUES (1); "
    "CREATE TABLE children (parent_id int, FOREIGN KEY (parent_id) REFERENCES parents (id))"
)
EITHER = [
    ("UPDATE parents SET twice = 5", ProgrammingError, "428C9"),
    ("ALTER TABLE parents DROP COLUMN gone", ProgrammingError, "42704"),
    ("INSERT INTO parents (id) VALUES (1, 2)", ProgrammingError, "42601"),
    ("SELECT CONCAT()", ProgrammingError, "42883"),
    ("SET gone = 1", ProgrammingError, "42704"),
    ("SELECT _latin1'a' COLLATE utf8mb4_bin", ProgrammingError, "42P21"),
    ("SELECT 'a' COLLATE utf8mb4_bin = 'a' COLLATE utf8mb4_general_ci", ProgrammingError, "42P21"),
    ("CREATE TABLE others (name text COLLATE gone)", ProgrammingError, "42704"),
    (f"CREATE TABLE others ({'x' * 65} int)", ProgrammingError, "42622"),
    ("INSERT INTO parents (id) VALUES (STR_TO_DATE('x', '%Y'))", DataError, "22007"),
    ("DROP TABLE parents", ForeignKeyViolation, "23503"),
]
OWN = [
    ("INSERT INTO parents (id, doc) VALUES (2, '{')", DataError, "22P02"),
    ("SELECT JSON_EXTRACT('{', '$.a')", DataError, "22P02"),
    ("SELECT JSON_EXTRACT('{}', '$[')", ProgrammingError, "42601"),
    (
        "SELECT /*+ MAX_EXECUTION_TIME(20) */ count(*) FROM parents, information_schema.columns a WHERE SLEEP(0.01) = 9",
        QueryCancelled,
        "57014",
    ),
]


@pytest.mark.parametrize(("sql", "kind", "code"), EITHER)
async def test_refusals(engine: Any, sql: str, kind: type[DatabaseError], code: str) -> None:
    await _refused(engine, sql, kind, code)


@pytest.mark.parametrize(("sql", "kind", "code"), OWN)
async def test_those_of_mysql(engine: Any, mysql: bool, sql: str, kind: type[DatabaseError], code: str) -> None:
    if mysql:
        await _refused(engine, sql, kind, code)


@pytest.mark.parametrize(
    "term", ["name = ?", "name IN (?, 'a')", "name IN (?, 'a', 'b', 'c')", "CONCAT(name, ?, 'x') = 'y'"]
)
async def test_characters_that_a_column_s_charset_lacks(engine: Any, mysql: bool, term: str) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(
            conn.script("CREATE TABLE narrow (name varchar(9) CHARACTER SET latin1); INSERT INTO narrow VALUES ('a')")
        )
        with pytest.raises(DataError if mysql else ProgrammingError) as caught:
            await maybe(conn.query(f"SELECT * FROM narrow WHERE {term}", ["\N{CYRILLIC SMALL LETTER A}"]))
        assert caught.value.sqlstate == ("22P05" if mysql else "42P21")


async def _refused(engine: Any, sql: str, kind: type[DatabaseError], code: str) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script(TABLES))
        with pytest.raises(kind) as caught:
            await maybe(conn.execute(sql))
        assert caught.value.sqlstate == code
        assert (await maybe(conn.query_one("SELECT count(*) FROM parents")))[0] == 1


async def test_a_table_that_has_changed_since_the_transaction_s_snapshot(engine: Any, mysql: bool) -> None:
    async with entered(engine.connection()) as conn, entered(engine.connection()) as other:
        await maybe(conn.script(TABLES))
        await maybe(conn.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT"))
        await maybe(other.execute("ALTER TABLE children ADD COLUMN more int FIRST"))
        if mysql:
            with pytest.raises(DatabaseError) as caught:
                await maybe(conn.query("SELECT * FROM children"))
            assert caught.value.sqlstate == "40001"
        await maybe(conn.execute("ROLLBACK"))
