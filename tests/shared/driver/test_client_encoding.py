"""The driver reads and writes UTF-8: a session of another encoding would change text without a word."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import ConnectionLost
from tests.support import maybe


async def test_a_session_of_another_encoding_ends(pg: Any) -> None:
    with pytest.raises(ConnectionLost, match=r"client_encoding was set to LATIN1.*convert_to"):
        await maybe(pg.execute("SET client_encoding TO 'LATIN1'"))
        await maybe(pg.query("SELECT octet_length($1::text)", ["é"]))
    assert pg.is_closed()


async def test_naming_its_own_encoding_is_fine(pg: Any) -> None:
    await maybe(pg.script("SET client_encoding = 'UTF8'; SET NAMES 'utf-8'"))
    assert (await maybe(pg.query_one("SELECT octet_length($1::text)", ["é"])))[0] == 2
