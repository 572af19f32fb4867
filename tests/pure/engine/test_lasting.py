"""Which statements make a connection be reset before the next borrower."""

from __future__ import annotations

import pytest

from ferrow.engine.lasting import lasting


@pytest.mark.parametrize(
    "sql",
    [
        "SET search_path TO x",
        "  set role y",
        "-- why\nSET role y",
        "/* why */ SET role y",
        "SELECT 1; SET role y",
        "BEGIN; /* a */ -- b\n LISTEN z",
        "PREPARE p AS SELECT 1",
        "CREATE TEMP TABLE t (n int)",
        "create temporary table t (n int)",
        "CREATE LOCAL TEMPORARY VIEW v AS SELECT 1",
        "CREATE OR REPLACE TEMP VIEW v AS SELECT 1",
        "SELECT 1 INTO TEMP t",
        "-- why\rSET role y",
        "/* a /* b */ c */ SET role y",
        "CREATE/**/TEMP/**/TABLE t (n int)",
        "SELECT 1 INTO -- x\n TEMP t",
        "CREATE TABLE pg_temp.t (n int)",
        "SELECT set_config/**/('a.b', 'c', false)",
        "SELECT pg_catalog.\"set_config\"('a.b', 'c', false)",
        "SELECT set_config('a.b', 'c', false)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock_shared(1)",
        "DO $$ BEGIN END $$",
        "CALL p()",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "PRAGMA foreign_keys = OFF",
        "ATTACH 'x.db' AS x",
    ],
)
def test_what_may_last(sql: str) -> None:
    assert lasting(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "UPDATE t SET a = 1",
        "INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 1",
        "INSERT INTO t (n) VALUES (1) ON CONFLICT DO NOTHING",
        "SELECT * FROM settings",
        "SELECT temperature INTO x FROM y",
        "CREATE TABLE template (n int)",
        "SELECT pg_advisory_xact_lock(1)",
        "BEGIN ISOLATION LEVEL SERIALIZABLE",
        "COMMIT",
        "SELECT do_it()",
        "DELETE FROM t WHERE a = 'x'",
    ],
)
def test_what_does_not(sql: str) -> None:
    assert not lasting(sql)


def test_many_comments_are_looked_at_once() -> None:
    assert not lasting("/* x */ " * 5000 + "SELECT 1")  # would take longer than anybody waits if each doubled the ways
