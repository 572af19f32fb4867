"""Every message of the protocol that a backend can send, with a body that is right (PostgreSQL manual, 54.7)."""

from __future__ import annotations

import struct

POISON = 666_666
"""The value in rows that nobody asked for."""

COLUMN = b"tag\x00" + struct.pack("!ihihih", 0, 0, 23, 4, -1, 0)
_ERROR = b"SERROR\x00VERROR\x00C22012\x00Mdivision by zero\x00\x00"
_NOTICE = b"SNOTICE\x00VNOTICE\x00C00000\x00Mhello\x00\x00"


def _asks(code: int, rest: bytes = b"") -> tuple[bytes, bytes]:
    return b"R", struct.pack("!i", code) + rest


BACKEND: dict[str, tuple[bytes, bytes]] = {
    "AuthenticationOk": _asks(0),
    "AuthenticationKerberosV5": _asks(2),
    "AuthenticationCleartextPassword": _asks(3),
    "AuthenticationMD5Password": _asks(5, b"salt"),
    "AuthenticationGSS": _asks(7),
    "AuthenticationGSSContinue": _asks(8, b"data"),
    "AuthenticationSSPI": _asks(9),
    "AuthenticationSASL": _asks(10, b"SCRAM-SHA-256\x00\x00"),
    "AuthenticationSASLContinue": _asks(11, b"r=abc,s=c2FsdA==,i=4096"),
    "AuthenticationSASLFinal": _asks(12, b"v=c2lnbmF0dXJl"),
    "BackendKeyData": (b"K", struct.pack("!ii", 4711, 815)),
    "BindComplete": (b"2", b""),
    "CloseComplete": (b"3", b""),
    "CommandComplete": (b"C", b"SELECT 1\x00"),
    "CopyBothResponse": (b"W", struct.pack("!bhh", 0, 1, 0)),
    "CopyData": (b"d", b"666666\n"),
    "CopyDone": (b"c", b""),
    "CopyInResponse": (b"G", struct.pack("!bhh", 0, 1, 0)),
    "CopyOutResponse": (b"H", struct.pack("!bhh", 0, 1, 0)),
    "DataRow": (b"D", struct.pack("!hii", 1, 4, POISON)),
    "EmptyQueryResponse": (b"I", b""),
    "ErrorResponse": (b"E", _ERROR),
    "FatalErrorResponse": (b"E", _ERROR.replace(b"ERROR", b"FATAL")),
    "FunctionCallResponse": (b"V", struct.pack("!ii", 4, 1)),
    "NegotiateProtocolVersion": (b"v", struct.pack("!ii", 0, 1) + b"_pq_.x\x00"),
    "NoData": (b"n", b""),
    "NoticeResponse": (b"N", _NOTICE),
    "NotificationResponse": (b"A", struct.pack("!i", 4711) + b"channel\x00payload\x00"),
    "ParameterDescription": (b"t", struct.pack("!hi", 1, 23)),
    "ParameterStatus": (b"S", b"TimeZone\x00UTC\x00"),
    "ParseComplete": (b"1", b""),
    "PortalSuspended": (b"s", b""),
    "ReadyForQuery": (b"Z", b"I"),
    "RowDescription": (b"T", struct.pack("!h", 1) + COLUMN),
}

ANY_TIME = frozenset({"NoticeResponse", "NotificationResponse", "ParameterStatus"})
"""What a server may say whenever it likes."""
