"""What the options of TLS mean, before anything is connected."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from ferrow.errors import InterfaceError
from ferrow.wire.host import is_local
from ferrow.wire.postgresql import encryptions
from ferrow.wire.require_auth import require_auth
from ferrow.wire.tls import TlsOptions
from ferrow.wire.tls_answer import StrangeAnswer, accepts, is_whole
from ferrow.wire.tls_files import files
from ferrow.wire.tls_names import check_name
from ferrow.wire.url import parse


def pg(url: str, **options: Any) -> Any:
    return parse(url, environ={}, **options)


@pytest.mark.parametrize(
    ("host", "options", "modes"),
    [
        ("db.example", {}, ("default",)),
        ("10.1.2.3", {}, ("default",)),
        ("127.0.0.1.db.example", {}, ("default",)),
        ("localhost", {}, (None,)),
        ("127.0.0.1", {}, (None,)),
        ("127.8.9.1", {}, (None,)),
        ("::1", {}, (None,)),
        ("/tmp", {}, (None,)),
        ("/tmp", {"sslmode": "verify-full"}, (None,)),
        ("db.example", {"sslmode": "disable"}, (None,)),
        ("db.example", {"sslmode": "allow"}, (None, "allow")),
        ("db.example", {"sslmode": "prefer"}, ("prefer", None)),
        ("localhost", {"sslmode": "prefer"}, ("prefer", None)),
        ("localhost", {"sslmode": "require"}, ("require",)),
        ("localhost", {"sslmode": "verify-ca"}, ("verify-ca",)),
        ("localhost", {"sslrootcert": "system"}, ("verify-full",)),
        ("localhost", {"ssl": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}, ("context",)),
        ("db.example", {"sslnegotiation": "direct"}, ("default",)),
    ],
)
def test_which_ways_are_tried(host: str, options: dict[str, Any], modes: tuple[str | None, ...]) -> None:
    assert encryptions(pg("postgresql://u@/d", host=host, **options)) == modes


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"sslmode": "yes"}, "unknown sslmode 'yes'"),
        ({"sslmode": "require", "sslrootcert": "system"}, "needs sslmode=verify-full"),
        ({"sslmode": "prefer", "sslnegotiation": "direct"}, "sslmode=prefer"),
        ({"ssl_min_protocol_version": "SSLv3"}, "is one of TLSv1, "),
        ({"ssl_min_protocol_version": "TLSv1.3", "ssl_max_protocol_version": "TLSv1.2"}, "newer than"),
        ({"channel_binding": "yes"}, "unknown channel_binding"),
        ({"sslsni": "maybe"}, "is true or false"),
        ({"ssl": True}, "is an ssl.SSLContext"),
        ({"ssl": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "sslmode": "prefer"}, "may do without"),
        ({"ssl": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "sslcert": "x"}, "decides about sslcert"),
        ({"require_auth": "scram"}, "unknown method 'scram'"),
        ({"require_auth": "md5,!none"}, "both allows and forbids"),
        ({"require_auth": "md5,md5"}, "names 'md5' twice"),
    ],
)
def test_what_is_wrong_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InterfaceError, match=words):
        pg("postgresql://u@h/d", **options)


def test_direct_to_this_machine_needs_a_mode() -> None:
    with pytest.raises(InterfaceError, match="sslnegotiation=direct needs sslmode"):
        encryptions(pg("postgresql://u@localhost/d?sslnegotiation=direct"))


def test_environment() -> None:
    found = parse(
        "postgresql://u@h/d", environ={"PGSSLMODE": "verify-ca", "PGSSLROOTCERT": "/ca", "PGREQUIREAUTH": "md5"}
    )
    assert (found.tls.sslmode, found.tls.sslrootcert, found.require_auth) == ("verify-ca", "/ca", ("md5",))


def test_the_passphrase_is_never_shown() -> None:
    assert "sesame" not in repr(pg("postgresql://u@h/d?sslpassword=sesame"))


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (None, None),
        ("", None),
        ("none", ("none",)),
        ("scram-sha-256, md5", ("md5", "scram-sha-256")),
        ("!none", ("password", "md5", "scram-sha-256")),
        ("!password,!md5", ("none", "scram-sha-256")),
        ("gss", ()),
        ("gss,sspi,oauth,SCRAM-SHA-256", ("scram-sha-256",)),
        ("!gss", ("none", "password", "md5", "scram-sha-256")),
    ],
)
def test_which_logins_are_allowed(text: str | None, allowed: tuple[str, ...] | None) -> None:
    assert require_auth(text) == allowed


def test_this_machine_by_its_name() -> None:
    assert all(is_local(host) for host in ("/tmp", "localhost", "127.0.0.1", "::1"))
    assert not any(
        is_local(host) for host in ("127.0.0.1.example.com", "127.example", "localhost.example", "::2", "1.2.3.4")
    )


@pytest.mark.parametrize("answer", [b"", b"X", b"HTTP/1.1 400", b"SS", b"Sx", b"NE", b"S\x16\x03"])
def test_answers_that_are_none(answer: bytes) -> None:
    with pytest.raises(StrangeAnswer):
        accepts(answer)


def test_an_answer_in_pieces_is_waited_for() -> None:
    error = b"E\x00\x00\x00\x0bMsorry\0\0"[:12]
    assert not any(is_whole(error[:end]) for end in range(12))
    assert is_whole(error)
    assert is_whole(b"E" + b"\xff" * 9000)  # and not for ever
    assert is_whole(b"S")


@pytest.mark.parametrize(
    ("host", "names", "right"),
    [
        ("db.example", [("DNS", "db.example")], True),
        ("DB.example.", [("DNS", "db.Example")], True),
        ("db.example", [("DNS", "*.example")], False),
        ("db.a.example", [("DNS", "*.a.example")], True),
        ("x.db.a.example", [("DNS", "*.a.example")], False),
        (".a.example", [("DNS", "*.a.example")], False),
        ("db.a.example", [("DNS", "d*.a.example")], False),
        ("10.0.0.1", [("DNS", "10.0.0.1")], False),
        ("10.0.0.1", [("IP Address", "10.0.0.1")], True),
        ("::1", [("IP Address", "0:0:0:0:0:0:0:1")], True),
        ("db.example", [], False),
    ],
)
def test_names_in_certificates(host: str, names: list[tuple[str, str]], right: bool) -> None:
    certificate = {"subjectAltName": tuple(names), "subject": ((("commonName", host),),)}
    if right:
        check_name(certificate, host)
    else:
        with pytest.raises(ssl.SSLCertVerificationError, match="not valid for"):
            check_name(certificate, host)


def test_the_mode_of_a_key_says_nothing_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "client.key"
    key.write_text("")
    key.chmod(0o666)
    options = TlsOptions(sslcert=str(key), sslkey=str(key))
    with pytest.raises(InterfaceError, match="0600"):
        files(options)
    monkeypatch.setattr("sys.platform", "win32")
    assert files(options).key == str(key)
