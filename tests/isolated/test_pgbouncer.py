"""PgBouncers, as distributions ship them, start in front of the server of the test run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ferrow import driver
from ferrow.errors import OperationalError
from tests.support.packages import distribution_pgbouncer, newer_pgbouncer, require
from tests.support.pgbouncer import PgBouncer

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize("find", [distribution_pgbouncer, newer_pgbouncer])
def test_it_starts_answers_and_lets_statements_through(find: Callable[[], Path], postgresql_url: str) -> None:
    with PgBouncer(require(find), postgresql_url) as bouncer:
        [version] = bouncer.show("VERSION")
        assert re.match(r"PgBouncer 1\.\d+\.\d+", str(version["version"])), version
        if find is newer_pgbouncer:
            assert int(str(version["version"]).split(".")[1]) >= 24
        with driver.connect(bouncer.url) as conn:
            conn.script("CREATE TABLE t (n integer)")
        with driver.connect(postgresql_url) as direct:
            assert direct.query("SELECT * FROM t") == []
        [pool] = [pool for pool in bouncer.show("POOLS") if pool["database"] != "pgbouncer"]
        assert pool["pool_mode"] == "transaction"
        url = bouncer.url
    with pytest.raises(OperationalError):
        driver.connect(url)
