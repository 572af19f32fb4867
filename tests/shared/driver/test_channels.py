"""Names of channels and payloads are taken exactly as they are, or refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import (
    DataError,
    ProgrammingError,
)
from tests.support import items, maybe
from tests.support.listening import payloads

pytestmark = pytest.mark.postgresql


STRANGE = [
    "MyChannel",
    "mychannel",
    "two words",
    'quo"te',
    '"quoted"',
    "semi; DROP TABLE victims; --",
    '"; DROP TABLE victims; --',
    "ünïcödé",
    "🦀" * 15,
    "x" * 63,
    "select",
    "$1",
    "back\\slash",
    "new\nline",
    "'apostrophe'",
    " ",
]


@pytest.mark.parametrize("channel", STRANGE)
async def test_a_channel_is_exactly_what_was_given(pg: Any, channel: str) -> None:
    await maybe(pg.script("CREATE TABLE victims (id int)"))
    await maybe(pg.listen(channel))
    assert [row[0] for row in await maybe(pg.query("SELECT pg_listening_channels()"))] == [channel]
    for name in {channel, channel.lower(), channel.upper()[:20]}:
        await maybe(pg.notify(name, name))
    assert [(one.channel, one.payload) for one in await items(pg.notifications(0))] == [(channel, channel)]
    await maybe(pg.unlisten(channel))
    assert await maybe(pg.query("SELECT pg_listening_channels()")) == []
    assert await maybe(pg.query("SELECT * FROM victims")) == []


@pytest.mark.parametrize("channel", ["", "x" * 64, "ü" * 32, "nul\0", "\ud800", 7, None, b"jobs"])
async def test_what_cannot_be_a_channel_is_refused_before_anything_is_sent(pg: Any, channel: Any) -> None:
    for call in (pg.listen, pg.unlisten, pg.notify):
        with pytest.raises(ProgrammingError, match="channel"):
            await maybe(call(channel))
    with pytest.raises(ProgrammingError, match="channel"):
        await maybe(pg.listen("good", channel))
    with pytest.raises(ProgrammingError, match="at least one"):
        await maybe(pg.listen())
    assert await maybe(pg.query("SELECT pg_listening_channels()")) == []


@pytest.mark.parametrize("payload", ["x" * 7999, "ü" * 3999, "'; DROP TABLE x", "{}", "\n", "🦀"])
async def test_any_text_is_a_payload(pg: Any, payload: str) -> None:
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", payload))
    assert await payloads(pg) == [payload]


@pytest.mark.parametrize("payload", ["x" * 8000, "ü" * 4000, "nul\0", "\ud800", 7, None, b"bytes", {"id": 1}])
async def test_a_payload_that_would_be_refused_is_refused_here(pg: Any, payload: Any) -> None:
    before = pg.wire.requests
    with pytest.raises(DataError, match="payload"):
        await maybe(pg.notify("jobs", payload))
    assert pg.wire.requests == before  # in a transaction, what the server refuses would cost all of it
