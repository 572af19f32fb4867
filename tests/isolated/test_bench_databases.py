"""The server that the benchmark starts for itself."""

from __future__ import annotations

import pytest

from bench import databases
from bench.settings import POSTGRES, postgres_url
from ferrow.driver import connect


@pytest.mark.parametrize("zone", [databases.TIMEZONE, "UTC", "Europe/Berlin"])
def test_its_time_zone_is_the_one_asked_for_and_told(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.delenv(POSTGRES, raising=False)
    with databases.postgres(timezone=zone) as about, connect(postgres_url()) as conn:
        assert about.endswith(f"TimeZone {zone}")
        assert conn.query_one("SHOW timezone")[0] == zone
