"""Which servers fit which `target_session_attrs`, by what they report or by asking them."""

from __future__ import annotations

import itertools

import pytest

from ferrow.wire.drive import drive
from ferrow.wire.suitable import unsuitable

FITS = {
    # (standby, read-only by default): what fits
    (False, False): {"any", "read-write", "primary"},
    (False, True): {"any", "read-only", "primary"},
    (True, False): {"any", "read-only", "standby", "prefer-standby"},
    (True, True): {"any", "read-only", "standby", "prefer-standby"},
}
TARGETS = ("any", "read-write", "read-only", "primary", "standby", "prefer-standby")


@pytest.mark.parametrize("reports", [True, False])
@pytest.mark.parametrize(("state", "wanted"), [*itertools.product(FITS, TARGETS)])
def test_every_kind(state: tuple[bool, bool], wanted: str, reports: bool) -> None:
    standby, read_only = state
    said = {"in_hot_standby": standby, "default_transaction_read_only": read_only}
    asked: list[str] = []

    def parameter(name: str) -> str | None:
        return ("off", "on")[said[name]] if reports else None

    async def ask(sql: str) -> object:
        asked.append(sql)
        return ("off", "on")[standby or read_only] if "read_only" in sql else "ft"[standby]

    reason = drive(unsuitable(wanted, parameter, ask))
    assert (reason is None) is (wanted in FITS[state])
    assert len(asked) == (0 if reports or wanted == "any" else 1)
