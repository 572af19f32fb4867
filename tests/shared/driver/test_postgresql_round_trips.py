"""Whatever a value is, it comes back unchanged: as a parameter, a result, an element, a field, and through COPY."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import driver
from ferrow.types import Array
from tests.support.effort import times
from tests.support.values import ALL, SETUP, Kind, same

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def server(postgresql_database: Any) -> Any:
    with driver.connect(postgresql_database.clean()) as conn:
        conn.script(SETUP)
        for kind in ALL:
            if kind.extension and conn.query("SELECT 1 FROM pg_available_extensions WHERE name = $1", [kind.extension]):
                conn.script(f"CREATE EXTENSION IF NOT EXISTS {kind.extension}")
        yield conn


@pytest.fixture
def pg(server: Any, kind: Kind) -> Any:
    if kind.extension and not server.query("SELECT 1 FROM pg_extension WHERE extname = $1", [kind.extension]):
        pytest.skip(f"the server at hand has no extension {kind.extension}")
    server.script(f"DROP TABLE IF EXISTS t; DROP TYPE IF EXISTS holder; CREATE TABLE t (n integer, v {kind.sql})")
    server.script(f"CREATE TYPE holder AS (v {kind.sql}, n {kind.sql})")
    if not kind.is_array:
        server.script(f"ALTER TABLE t ADD a {kind.sql}[]")
    return server


def every_way(pg: Any, kind: Kind, values: list[Any]) -> list[tuple[str, Any, Any]]:
    """How each came back, and what it was."""
    found: list[tuple[str, Any, Any]] = []
    sql = "SELECT " + ", ".join(f"${n}::{kind.sql}" for n in range(1, len(values) + 1))
    found.append(("parameter and result", [*pg.query_one(sql, values)], values))
    pairs = [(values[0], None), (None, values[0])]
    found.append(("field", pg.query_one("SELECT $1::holder, $2::holder", pairs), tuple(pairs)))
    found.append(("record", pg.query_one(f"SELECT ROW($1::{kind.sql}, 1)", values[:1])[0], (values[0], 1)))
    rows: list[tuple[Any, ...]] = [(n, value) for n, value in enumerate(values)]
    if not kind.is_array:
        flat, deep = Array([*values, None], (1,)), Array([[value] for value in values], (1, 1))
        found.append(
            ("element", pg.query_one(f"SELECT $1::{kind.sql}[], $2::{kind.sql}[]", [flat, deep]), ([*flat], [*deep]))
        )
        rows = [(*row, flat) for row in rows]
    assert pg.copy_in("t", rows) == len(rows)
    rows = [(*row[:2], *map(list, row[2:])) for row in rows]
    found.append(("copied in", [*map(tuple, pg.query("SELECT * FROM t ORDER BY n"))], rows))
    found.append(("copied out", sorted(pg.copy_out("t"), key=lambda row: row[0]), rows))
    pg.execute("DELETE FROM t")
    return found


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.sql)
def test_no_value_changes(pg: Any, kind: Kind) -> None:
    @settings(deadline=None, max_examples=times(40), suppress_health_check=[*HealthCheck])
    @given(st.lists(kind.values, min_size=1, max_size=4))
    def check(values: list[Any]) -> None:
        for how, got, sent in every_way(pg, kind, values):
            assert same(got, sent), how
        if kind.literal:
            # The server is told in words of its own as well: two mistakes of ours that undo each other would show.
            sql = f"SELECT $1::{kind.sql}::text = $2::text::{kind.sql}::text"
            assert pg.query_one(sql, [values[0], kind.literal(values[0])])[0] is True, kind.literal(values[0])

    check()
