"""What makes a cached statement stale: a question, what changes under it, and the answers before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

T = "CREATE TABLE t (a integer, b text); INSERT INTO t VALUES (1, 'x');"
MOOD = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE m (v mood); INSERT INTO m VALUES ('ok');"
PLACE = "CREATE TYPE place AS (x integer, y integer); CREATE TABLE p (v place); INSERT INTO p VALUES ((1, 2));"
F = "CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 + 1';"


@dataclass(frozen=True)
class Kind:
    """`change` is made in the session itself where `own` says so; else anywhere, as everybody sees it."""

    name: str
    setup: str
    sql: str
    before: Any
    change: str
    after: Any
    params: list[Any] = field(default_factory=list)
    new_params: list[Any] | None = None
    own: bool = False

    def __str__(self) -> str:
        return self.name


ALL_OF_T = "SELECT * FROM t"
KINDS = [
    Kind("add column", T, ALL_OF_T, {"a": 1, "b": "x"}, "ALTER TABLE t ADD c int DEFAULT 7", {"a": 1, "b": "x", "c": 7}),
    Kind("drop column", T, ALL_OF_T, {"a": 1, "b": "x"}, "ALTER TABLE t DROP b", {"a": 1}),
    Kind("rename column", T, ALL_OF_T, {"a": 1, "b": "x"}, "ALTER TABLE t RENAME b TO c", {"a": 1, "c": "x"}),
    Kind("swap names", T, ALL_OF_T, {"a": 1, "b": "x"},
         "ALTER TABLE t RENAME a TO c; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME c TO b", {"b": 1, "a": "x"}),
    Kind("widen a type", T, ALL_OF_T, {"a": 1, "b": "x"}, "ALTER TABLE t ALTER a TYPE bigint", {"a": 1, "b": "x"}),
    Kind("type to text", T, ALL_OF_T, {"a": 1, "b": "x"}, "ALTER TABLE t ALTER a TYPE text", {"a": "1", "b": "x"}),
    Kind("type to numeric", T, ALL_OF_T, {"a": 1, "b": "x"},
         "ALTER TABLE t ALTER a TYPE float8 USING a + 0.5", {"a": 1.5, "b": "x"}),
    Kind("type of a parameter", T, "SELECT b FROM t WHERE a = $1", {"b": "x"},
         "ALTER TABLE t ALTER a TYPE text", {"b": "x"}, [1], ["1"]),
    Kind("type of a written column", T, "INSERT INTO t (a) VALUES ($1) RETURNING a", {"a": 5},
         "ALTER TABLE t ALTER a TYPE text", {"a": "five"}, [5], ["five"]),
    Kind("text where another type was", "CREATE TABLE t (v uuid)", "INSERT INTO t VALUES ($1) RETURNING v::text AS v",
         {"v": str(UUID(int=5))}, "ALTER TABLE t ALTER v TYPE text", {"v": "five"}, [str(UUID(int=5))], ["five"]),
    Kind("one such type for another", "CREATE TABLE t (v inet)", "INSERT INTO t VALUES ($1) RETURNING v", {"v": "10.0.0.1"},
         "ALTER TABLE t ALTER v TYPE macaddr USING NULL", {"v": "08:00:2b:01:02:03"}, ["10.0.0.1"], ["08:00:2b:01:02:03"]),
    Kind("another name where that of a schema was", "CREATE TABLE t (v regnamespace)", "INSERT INTO t VALUES ($1) RETURNING v",
         {"v": "pg_catalog"}, "ALTER TABLE t ALTER v TYPE regcollation USING NULL", {"v": '"C"'}, ["pg_catalog"], ['"C"']),
    Kind("no domain any more", "CREATE DOMAIN d AS text CHECK (value < 'm'); CREATE TABLE t (v d)",
         "INSERT INTO t VALUES ($1) RETURNING v", {"v": "a"}, "ALTER TABLE t ALTER v TYPE text", {"v": "z"}, ["a"], ["z"]),
    Kind("null for a changed column", T, "INSERT INTO t (a) VALUES ($1) RETURNING b", {"b": None},
         "ALTER TABLE t ALTER a TYPE uuid USING NULL", {"b": None}, [None]),
    Kind("same table again", T, ALL_OF_T, {"a": 1, "b": "x"}, "DROP TABLE t; " + T, {"a": 1, "b": "x"}),
    Kind("another table", T, ALL_OF_T, {"a": 1, "b": "x"},
         "DROP TABLE t; CREATE TABLE t (b float8, d date); INSERT INTO t VALUES (0.5)", {"b": 0.5, "d": None}),
    Kind("another takes its name", T, ALL_OF_T, {"a": 1, "b": "x"},
         "ALTER TABLE t RENAME TO u; CREATE TABLE t (b text, a integer); INSERT INTO t VALUES ('y', 2)", {"b": "y", "a": 2}),
    Kind("enum label", MOOD, "SELECT $1::mood AS v", {"v": "ok"}, "ALTER TYPE mood ADD VALUE 'new'", {"v": "new"},
         ["ok"], ["new"]),
    Kind("renamed label", MOOD, "SELECT v FROM m", {"v": "ok"}, "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'", {"v": "fine"}),
    Kind("another enum", MOOD, "SELECT v FROM m WHERE v = $1", {"v": "ok"},
         "DROP TABLE m; DROP TYPE mood; CREATE TYPE mood AS ENUM ('up'); CREATE TABLE m (v mood); INSERT INTO m VALUES ('up')",
         {"v": "up"}, ["ok"], ["up"]),
    Kind("enum to composite", MOOD, "SELECT v FROM m", {"v": "ok"},
         "DROP TABLE m; DROP TYPE mood; CREATE TYPE mood AS (n int); CREATE TABLE m (v mood); INSERT INTO m VALUES (ROW(3))",
         {"v": (3,)}),
    Kind("attribute added", PLACE, "SELECT v FROM p", {"v": (1, 2)},
         "ALTER TYPE place ADD ATTRIBUTE z text", {"v": (1, 2, None)}),
    Kind("attribute of another type", PLACE, "SELECT row(v)::text, v FROM p", {"row": '("(1,2)")', "v": (1, 2)},
         "ALTER TABLE p DROP v; ALTER TYPE place ALTER ATTRIBUTE y TYPE float8; ALTER TABLE p ADD v place;"
         "UPDATE p SET v = (1, 0.5)", {"row": '("(1,0.5)")', "v": (1, 0.5)}),
    Kind("composite to enum", PLACE, "SELECT v FROM p", {"v": (1, 2)},
         "DROP TABLE p; DROP TYPE place; CREATE TYPE place AS ENUM ('here'); CREATE TABLE p (v place);"
         "INSERT INTO p VALUES ('here')", {"v": "here"}),
    Kind("domain", "CREATE DOMAIN d AS integer; CREATE TABLE n (v d); INSERT INTO n VALUES (1)", "SELECT v FROM n", {"v": 1},
         "DROP TABLE n; DROP DOMAIN d; CREATE DOMAIN d AS text; CREATE TABLE n (v d); INSERT INTO n VALUES ('y')", {"v": "y"}),
    Kind("view", T + "CREATE VIEW w AS SELECT a FROM t", "SELECT * FROM w", {"a": 1},
         "CREATE OR REPLACE VIEW w AS SELECT a, b FROM t", {"a": 1, "b": "x"}),
    Kind("another view", T + "CREATE VIEW w AS SELECT a FROM t", "SELECT * FROM w", {"a": 1},
         "DROP VIEW w; CREATE VIEW w AS SELECT b AS a FROM t", {"a": "x"}),
    Kind("result of a function", F, "SELECT f(1) AS v", {"v": 2},
         "DROP FUNCTION f; CREATE FUNCTION f(integer) RETURNS text LANGUAGE sql AS 'SELECT $1::text'", {"v": "1"}),
    Kind("argument of a function", F, "SELECT f($1) AS v", {"v": 2},
         "DROP FUNCTION f; CREATE FUNCTION f(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 + 2'", {"v": 3}, [1]),
    Kind("another argument", F, "SELECT f($1) AS v", {"v": 2},
         "DROP FUNCTION f; CREATE FUNCTION f(date) RETURNS text LANGUAGE sql AS 'SELECT coalesce($1::text, ''never'')'",
         {"v": "never"}, [1], [None]),
    Kind("body of a function", F, "SELECT f($1) AS v", {"v": 2},
         "CREATE OR REPLACE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 + 5'", {"v": 6}, [1]),
    Kind("index", T, "SELECT b FROM t WHERE a = $1", {"b": "x"}, "CREATE INDEX ON t (a); ANALYZE t", {"b": "x"}, [1]),
    Kind("search path", T + "CREATE SCHEMA s; CREATE TABLE s.t (a text, c date); INSERT INTO s.t VALUES ('z')", ALL_OF_T,
         {"a": 1, "b": "x"}, "SET search_path = s", {"a": "z", "c": None}, own=True),
    Kind("search path, same columns", T + "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 2 AS a, 'y'::text AS b",
         ALL_OF_T, {"a": 1, "b": "x"}, "SET search_path = s", {"a": 2, "b": "y"}, own=True),
    Kind("temporary table in its place", T, ALL_OF_T, {"a": 1, "b": "x"},
         "CREATE TEMP TABLE t AS SELECT 9::int8 AS a, 'tmp'::text AS c", {"a": 9, "c": "tmp"}, own=True),
    Kind("no temporary table any more", T + "CREATE TEMP TABLE t AS SELECT 9::int8 AS c", ALL_OF_T, {"c": 9},
         "DROP TABLE pg_temp.t", {"a": 1, "b": "x"}, own=True),
    Kind("role", T + "GRANT ALL ON t TO pg_monitor; GRANT USAGE ON SCHEMA public TO pg_monitor;"
         "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (b = current_user);"
         "INSERT INTO t VALUES (2, 'pg_monitor')", "SELECT a FROM t ORDER BY a LIMIT 1", {"a": 1},
         "SET ROLE pg_monitor", {"a": 2}, own=True),
    Kind("discard all", T, ALL_OF_T, {"a": 1, "b": "x"}, "DISCARD ALL", {"a": 1, "b": "x"}, own=True),
    Kind("discard plans", T, ALL_OF_T, {"a": 1, "b": "x"}, "DISCARD PLANS", {"a": 1, "b": "x"}, own=True),
    Kind("deallocate all", T, ALL_OF_T, {"a": 1, "b": "x"}, "DEALLOCATE ALL", {"a": 1, "b": "x"}, own=True),
]  # fmt: skip

ABOUT_A_VALUE = {
    "text where another type was",
    "one such type for another",
    "another name where that of a schema was",
    "no domain any more",
}
"""The server finds fault with the value alone, as it would with a wrong one."""
IN_TRANSACTION = [kind for kind in KINDS if kind.name != "discard all"]
"""DISCARD ALL cannot run inside one."""
