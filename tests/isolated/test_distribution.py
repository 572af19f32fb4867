"""The second server of the test run, as it is where the machine has none installed."""

from __future__ import annotations

from functools import partial

import pytest

from ferrow import driver
from tests.support.distribution import DistributionPostgres
from tests.support.packages import distribution_postgres, require
from tests.support.packages.programs import VARIABLE
from tests.support.postgres import CONTRIB

pytestmark = pytest.mark.postgresql


def test_it_is_fetched_and_has_what_the_wheel_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    programs = require(partial(distribution_postgres))  # not what the other tests have found
    with DistributionPostgres(programs) as server, driver.connect(server.url) as conn:
        for extension in CONTRIB:
            if extension != "xml":
                conn.script(f"CREATE EXTENSION {extension}")
        assert conn.query_one("SELECT '<a/>'::xml")[0] == "<a/>"
