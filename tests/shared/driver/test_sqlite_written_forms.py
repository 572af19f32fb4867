"""The forms in which a parameter is all of a value that is written, and those in which it is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ferrow.errors import DataError, Error
from tests.support import maybe

NAIVE = datetime(2024, 1, 2, 3, 4, 5, 6)
AWARE = NAIVE.replace(tzinfo=UTC)
TABLES = """
CREATE TABLE t (id integer PRIMARY KEY, other, ts timestamp);
CREATE INDEX by_other ON t (other);
CREATE TABLE u (x);
INSERT INTO u VALUES (1);
INSERT INTO t (id) VALUES (-1);
CREATE TABLE g (made AS (ts), id integer, more AS (id), ts timestamp, last AS (1));
"""


@pytest.fixture
def conn(lite: Any, runner: Any) -> Any:
    runner.run(maybe(lite.script(TABLES)))
    return lite


ALONE = [
    "INSERT INTO t (ts) VALUES ((?))",
    "INSERT INTO t (other, ts) VALUES (1, ( /* ) */ (?) ))",
    "INSERT INTO t (ts) VALUES (? COLLATE nocase)",
    "INSERT INTO t (ts) VALUES ((SELECT ?))",
    "INSERT INTO t (ts) VALUES ((SELECT DISTINCT ? AS a FROM u, t WHERE x IN (1, 2) LIMIT 1))",
    "INSERT INTO t (ts) VALUES ((VALUES (?)))",
    "INSERT INTO t (ts) VALUES (coalesce((?), (2)))",
    "INSERT INTO t (ts) VALUES (ifnull(coalesce(NULL, ?), 2))",
    "INSERT INTO t (ts) VALUES (CASE WHEN 1 THEN ? END)",
    "INSERT INTO t (ts, other) VALUES (CASE 1 WHEN 2 THEN NULL WHEN 1 THEN (?) ELSE '' END COLLATE nocase, 1)",
    "INSERT INTO t (ts) SELECT CASE WHEN CASE WHEN (x) THEN 0 END THEN NULL ELSE CASE x WHEN 1 THEN ? END END a FROM u",
    'INSERT INTO t (ts) SELECT CASE WHEN w.end THEN NULL ELSE ? END FROM (SELECT 0 "end") w',
    'INSERT INTO t (ts) SELECT CASE end WHEN 1 THEN NULL ELSE ? END FROM (SELECT 0 "end")',
    "INSERT INTO t (ts) SELECT CASE WHEN end > 0 AND -end > 0 THEN end ELSE ? END FROM (SELECT 0 [end])",
    'INSERT INTO t (ts) SELECT CASE "end" WHEN 1 THEN [end] ELSE ? END FROM (SELECT 0 `end`)',
    "INSERT INTO t (id) VALUES (-1) ON CONFLICT (id) DO UPDATE SET ts = CASE WHEN ts IS NULL THEN ? ELSE ts END",
    "INSERT INTO t (ts) VALUES (iif(1, ?, NULL))",
    "INSERT INTO t (ts) VALUES (iif(0, NULL, (0), NULL, coalesce(?, 1)))",
    "INSERT INTO t (ts) VALUES (IF(1, ?))",
    "INSERT INTO t (ts) VALUES (NullIf(?, 'x'))",
    "INSERT INTO t (ts) VALUES (max(?, ''))",
    "INSERT INTO t (ts) SELECT max(?) FROM u",
    "UPDATE t SET ts = min('z', (?))",
    "UPDATE t SET ts = CASE id WHEN -1 THEN ? ELSE ts END, other = CASE id WHEN -1 THEN 1 END",
    "UPDATE t SET (other, ts) = (1, iif(id < 0, ?, ts))",
    "INSERT INTO t (ts) SELECT (?)",
    "INSERT INTO t (ts) SELECT ? a FROM u",
    "INSERT INTO t (ts) SELECT ? [a b] FROM u",
    "INSERT INTO t (ts, other) SELECT (?) 'a', x FROM u",
    "INSERT INTO t (other, ts) SELECT u.*, ? FROM u",
    "INSERT INTO t SELECT NULL, *, ? FROM u",
    "INSERT INTO t (id, other, ts) SELECT u.*, v.*, ? FROM u, u v",
    "INSERT INTO g SELECT *, ? FROM u",
    "INSERT INTO t (other, ts) SELECT u.*, NULL FROM u UNION SELECT 2, ?",
    "INSERT INTO t (ts) SELECT NULL UNION VALUES (?)",
    "INSERT INTO t (ts) VALUES (NULL) UNION ALL SELECT ?",
    "INSERT INTO t (ts) SELECT ? ON CONFLICT DO NOTHING",
    "INSERT INTO t (id) VALUES (-1) ON CONFLICT (id) DO UPDATE SET ts = (?)",
    "WITH replace AS (SELECT 1) INSERT INTO t (ts) SELECT (?) FROM replace",
    "WITH replace (a) AS (SELECT 1) REPLACE INTO t (ts) VALUES (?)",
    "UPDATE t SET ts = (?)",
    "UPDATE t SET other = 1, ts = ((?)) WHERE id < 0",
    "UPDATE t NOT INDEXED SET ts = ?",
    "UPDATE main.t AS q INDEXED BY by_other SET ts = ? WHERE other IS NULL",
    "UPDATE t SET (ts, other) = (SELECT ?, 1)",
    "UPDATE t SET (other, ts) = (SELECT DISTINCT x, ? FROM u, t v WHERE x = 1), id = id",
    "UPDATE t SET (other, ts) = ((SELECT 1, (?)))",
    "UPDATE t SET (other, ts) = (WITH w AS (SELECT 1) SELECT 1, ? a FROM w)",
    "UPDATE t SET (ts, other) = (VALUES (?, 1))",
    "UPDATE t SET (other, ts) = ((1), (?))",
    "UPDATE t SET (other, id) = (SELECT 1, id), ts = ?",
]
"""Each writes its parameter to `ts`."""

NOT_ALONE = [
    "INSERT INTO t (ts) SELECT ? ISNULL",
    "INSERT INTO t (ts) SELECT (?) NOTNULL FROM u",
    "INSERT INTO t (ts) VALUES ((?) || '')",
    "INSERT INTO t (ts) VALUES ((?, 1) = (2, 3))",
    "INSERT INTO t (ts) VALUES ((SELECT x FROM u WHERE x = (?)))",
    "INSERT INTO t (ts) VALUES (CASE ? WHEN 1 THEN 2 END)",
    "INSERT INTO t (ts) VALUES (CASE WHEN ? THEN NULL END)",
    "INSERT INTO t (ts) VALUES (CASE WHEN 1 THEN ? || '' END)",
    "INSERT INTO t (ts) VALUES (CASE WHEN 1 THEN ? END || '')",
    "INSERT INTO t (ts) VALUES (CASE WHEN CASE WHEN 1 THEN ? END THEN 1 END)",
    "INSERT INTO t (ts) VALUES (abs(CASE WHEN 0 THEN ? END))",
    "INSERT INTO t (ts) VALUES (iif(?, 1, 2))",
    "INSERT INTO t (ts) VALUES (iif(0, 1, ?, 2))",
    "INSERT INTO t (ts) VALUES (nullif(1, ?))",
    "INSERT INTO t (ts) VALUES (max(1, ? || ''))",
    "INSERT INTO t (ts, other) SELECT NULL, ? a",
    "INSERT INTO t (ts, id, other) SELECT NULL, u.*, ? FROM u LIMIT 0",
    "UPDATE t SET (ts, other) = (SELECT NULL, ?)",
    "UPDATE t SET (ts, other) = (SELECT NULL, x FROM u WHERE x = ?)",
]


@pytest.mark.parametrize("sql", ALONE)
async def test_all_of_a_value(conn: Any, sql: str) -> None:
    with pytest.raises(DataError, match="parameter 1: an aware datetime"):
        await maybe(conn.execute(sql, [AWARE]))
    assert await maybe(conn.query("SELECT id, other, ts FROM t")) == [(-1, None, None)]
    await maybe(conn.execute(sql, [NAIVE]))
    written = "SELECT ts FROM t WHERE ts IS NOT NULL UNION ALL SELECT ts FROM g"
    assert await maybe(conn.query(written)) == [(NAIVE,)]


@pytest.mark.parametrize("sql", NOT_ALONE)
async def test_a_part_of_one_or_another(conn: Any, sql: str) -> None:
    await maybe(conn.execute(sql, [AWARE]))


@pytest.mark.parametrize("sql", ALONE)
async def test_a_codec_writes_it(conn: Any, sql: str) -> None:
    await maybe(conn.set_codec("timestamp", encode=lambda value: f"<{value}>", decode=lambda text: text[1:-1]))
    await maybe(conn.execute(sql, ["now"]))
    written = "SELECT ts FROM t WHERE ts IS NOT NULL UNION ALL SELECT ts FROM g"
    assert await maybe(conn.query(f"SELECT +ts FROM ({written})")) == [("<now>",)]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("(SELECT ", ")"), ("coalesce(1, ", ")"), ("CASE WHEN 1 THEN ", " END")],
    ids=["()", "SELECT", "coalesce", "CASE"],
)
async def test_values_in_values(conn: Any, opening: str, closing: str) -> None:
    with pytest.raises(DataError, match="parameter 1: an aware datetime"):
        await maybe(conn.execute(f"INSERT INTO t (ts) VALUES ({opening * 40}?{closing * 40})", [AWARE]))
    with pytest.raises(Error, match=r"overflow|too (large|deep|many)|[Rr]ecursion"):
        await maybe(conn.execute(f"INSERT INTO t (ts) VALUES ({opening * 100_000}?{closing * 100_000})", [AWARE]))
    assert await maybe(conn.query("SELECT id, other, ts FROM t")) == [(-1, None, None)]
