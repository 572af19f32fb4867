"""Many rows that are changed by one statement are changed, and so locked, in the order of their keys, wherever they lie."""

from __future__ import annotations

import pytest

from ferrow import Session, create_engine, driver
from ferrow._core import Shape
from ferrow.orm.plan import plan_of
from ferrow.orm.unit import together
from ferrow.sql.dialect import ALL
from tests.support.worked import worked

pytestmark = pytest.mark.postgresql

COUNT = 2000


@pytest.fixture
def conn(postgresql_url: str) -> driver.Connection:
    """A connection to a table whose rows lie in another order than that of their keys, some of them twice by now."""
    conn = driver.connect(postgresql_url)
    item = worked("declarative").Item
    with create_engine(postgresql_url) as engine:
        engine.create_all(item)
        Session(engine).insert_all([item(id=COUNT - number, name=f"n{number}") for number in range(COUNT)])
    table = plan_of(item, ALL["postgresql"]).table
    conn.execute(f"UPDATE {table.name} SET count = 1 WHERE id % 3 = 0")
    conn.execute(f"ANALYZE {table.name}")
    return conn


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("count", [8, 1000, COUNT])
def test_rows_are_changed_in_the_order_of_their_keys(conn: driver.Connection, mode: str, count: int) -> None:
    plan = plan_of(worked("declarative").Item, ALL["postgresql"])
    columns = (plan.table.by_key["count"],)
    updating = together.updating(plan, columns, (), ())
    keys = sorted(number * 7919 % COUNT + 1 for number in range(count))
    with conn:
        conn.execute(f"SET plan_cache_mode = {mode}")
        for turn in range(2):
            given = together.arguments((), [[turn] * count], [keys], [])
            result = conn.run(f"{updating.sql} RETURNING id", given, Shape.column(0), updating.kinds)
            assert result.rows == keys
        assert conn.query_one(f"SELECT count(*) FROM {plan.table.name} WHERE count = 1")[0] >= count
