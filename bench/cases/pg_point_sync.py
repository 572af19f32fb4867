"""One row of PostgreSQL by primary key, one query after the other on one connection."""

from __future__ import annotations

from collections.abc import Iterator

from bench.case import Work, group, sync_case
from bench.check import one_row
from bench.data import SELECT_ONE, keys
from bench.floor import postgres as floor
from bench.settings import postgres_url

QUERIES = 500
GROUP = group("pg-point-sync", "PostgreSQL: one row by primary key", ops=QUERIES)
SQL = SELECT_ONE + "$1"


@sync_case(GROUP, "ferrow", "Ferrow query_one")
def ferrow_query_one() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:

        def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = conn.query_one(SQL, [key])
            return row

        yield Work(run, one_row(QUERIES))


@sync_case(GROUP, "ferrow", "Ferrow run, tuples")
def ferrow_run() -> Iterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import connect

    shape = Shape.tuples()
    with connect(postgres_url()) as conn:

        def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = conn.run(SQL, [key], shape).rows[0]
            return row

        yield Work(run, one_row(QUERIES))


@sync_case(GROUP, "driver", "psycopg cursor, prepared, binary")
def psycopg_binary() -> Iterator[Work]:
    import psycopg

    sql = SELECT_ONE + "%b"
    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor(binary=True)

        def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = cursor.execute(sql, (key,), prepare=True).fetchone()
            return row

        yield Work(run, one_row(QUERIES))


@sync_case(GROUP, "driver", "psycopg raw cursor, prepared, binary")
def psycopg_raw() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = psycopg.RawCursor(conn)

        def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = cursor.execute(SQL, (key,), prepare=True, binary=True).fetchone()
            return row

        yield Work(run, one_row(QUERIES))


@sync_case(GROUP, "driver", "psycopg2, EXECUTE of a statement prepared by hand")
def psycopg2_execute() -> Iterator[Work]:
    import psycopg2

    conn = psycopg2.connect(postgres_url())
    conn.autocommit = True
    cursor = conn.cursor()
    cursor.execute(f"PREPARE point (int) AS {SQL}")

    def run() -> object:
        row = None
        for key in keys(QUERIES):
            cursor.execute("EXECUTE point (%s)", (key,))
            row = cursor.fetchone()
        return row

    yield Work(run, one_row(QUERIES))
    conn.close()


floor.points(GROUP)
