"""What MySQL tells of a session behind the answer to a statement."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ferrow.wire.mysql.modes import Modes
from ferrow.wire.mysql.tracked import told

LONG = b"A" * 300


def _said(text: bytes) -> bytes:
    length = bytes([len(text)]) if len(text) < 0xFB else b"\xfc" + len(text).to_bytes(2, "little")
    return length + text


def _told(message: bytes, status: int = 0x4002) -> dict[str, str]:
    return told(SimpleNamespace(server_status=status, message=message))


def test_what_has_changed_is_read() -> None:
    mode = b"\0" + _said(_said(b"sql_mode") + _said(LONG))
    charset = b"\0" + _said(_said(b"character_set_client") + _said(b"gbk"))
    schema = b"\1" + _said(_said(b"app"))
    found = _told(_said(b"Rows matched: 1") + _said(mode + schema + charset))
    assert found == {"sql_mode": LONG.decode(), "character_set_client": "gbk"}
    both = b"\0" + _said(_said(b"sql_mode") + _said(b"") + _said(b"character_set_client") + _said(b"binary"))
    assert _told(_said(b"") + _said(both)) == {"sql_mode": "", "character_set_client": "binary"}


@pytest.mark.parametrize(("message", "status"), [(b"", 0x4002), (None, 0x4002), (b"\x03one", 2), (b"\0", 0x4002)])
def test_nothing_is_told(message: bytes, status: int) -> None:
    assert _told(message, status) == {}


def test_an_answer_without_a_status_tells_nothing() -> None:
    assert told(None) == {}
    assert told(SimpleNamespace(server_status=None, message=None)) == {}


def test_what_is_not_told_stays_as_it_was() -> None:
    modes = Modes().told({"sql_mode": "ANSI"}).told({"character_set_client": "gbk"})
    assert modes == Modes(names=False, strict=False, charset="gbk")
    assert modes.answered([b"ANSI_QUOTES,STRICT_ALL_TABLES", "utf8mb4"]) == Modes()
