"""An attempt of a listener to reconnect that fails behind the login: the connection that it had is not kept."""

from __future__ import annotations

import os

import pytest

from ferrow import driver
from tests.support import entered
from tests.support.deadlines import eventually
from tests.support.listening import make, step
from tests.support.postgres import ENCRYPTED
from tests.support.proxy import Proxy

pytestmark = pytest.mark.postgresql


@pytest.mark.skipif(ENCRYPTED in os.environ, reason="what is encrypted cannot be changed on its way")
async def test_one_whose_channels_are_refused(colour: str, between: Proxy, sender: driver.Connection) -> None:
    refused: list[bytes] = []

    def refuse(data: bytes) -> bytes:
        if b"LISTEN" not in data or refused:
            return data
        refused.append(data)
        return data.replace(b"LISTEN", b"LOSTEN")

    async with entered(make(colour, between.url, "jobs")) as listener:
        between.change = refuse
        between.cut()
        assert isinstance(await step(listener), driver.Gap)
        assert refused
        await eventually(colour, lambda: between.connections == 1)
        sender.notify("jobs", "after")
        assert (await step(listener)).payload == "after"
