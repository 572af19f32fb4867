"""A server that has become read-only, as it is after a failover: a pool finds out whatever codecs its connections have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.errors import DatabaseError
from ferrow.testing import EmbeddedPostgres
from ferrow.types import Codec
from tests.support import maybe
from tests.support.deadlines import eventually

pytestmark = pytest.mark.postgresql


@pytest.fixture
def admin(server: EmbeddedPostgres) -> Iterator[driver.Connection]:
    """Someone who may write all the same."""
    with driver.connect(server.url, options="-c default_transaction_read_only=off") as conn:
        yield conn
        conn.script("ALTER DATABASE ferrow RESET default_transaction_read_only; DROP TABLE IF EXISTS failed_over")


@pytest.mark.parametrize(
    "codecs", [[], [Codec("text", decode=str.upper), Codec("bool", decode=str)]], ids=["none", "own"]
)
async def test_its_connections_are_replaced(
    server: EmbeddedPostgres, admin: driver.Connection, colour: str, codecs: list[Any]
) -> None:
    admin.script("CREATE TABLE failed_over (n int); ALTER DATABASE ferrow SET default_transaction_read_only = on")
    made: Any = create_engine(server.url, codecs=codecs, max_size=1)
    engine = await made if colour == "async" else made
    with pytest.raises(DatabaseError, match="read-only transaction"):
        # The new primary takes over as soon as the old one has refused.
        await maybe(engine.execute("INSERT INTO failed_over VALUES (1)"))
    admin.script("ALTER DATABASE ferrow RESET default_transaction_read_only")
    await eventually(colour, lambda: engine.pool.stats().size == 0)
    await maybe(engine.execute("INSERT INTO failed_over VALUES (2)"))
    assert admin.query("SELECT n FROM failed_over") == [(2,)]
    await maybe(engine.close())
