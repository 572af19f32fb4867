"""What is said about a server that cannot be reached."""

from __future__ import annotations

import socket

import pytest

from ferrow.errors import ConnectionLost, OperationalError
from ferrow.wire.failures import Failures
from ferrow.wire.host import Host, is_local
from ferrow.wire.url import parse


def unreachable(host: Host, error: Exception) -> OperationalError:
    failures = Failures(parse("postgresql://ada@localhost/library", environ={}))
    failures.add(host, error)
    return failures.error()


@pytest.mark.parametrize("number", [-2, 8, 11001])  # Linux, macOS, Windows
def test_a_name_that_nobody_knows(number: int) -> None:
    error = unreachable(Host(host="db.exampel"), socket.gaierror(number, "Name or service not known"))
    assert "db.exampel:5432: Name or service not known" in str(error)


def test_letters_that_are_digits_elsewhere_do_not_make_a_host_this_machine() -> None:
    assert is_local("127.0.0.1")
    assert not is_local("127.\u0660.\u0660.\u0661")


def test_who_answers_is_not_asked_whether_it_runs() -> None:
    assert "Is the server running" in str(unreachable(Host(), ConnectionLost("the server closed the connection")))
    assert "Is the server running" not in str(unreachable(Host(), ConnectionLost("the server asks for a password")))
    reset = "the connection was lost: Connection reset by peer (os error 104)"
    assert "Is the server running" in str(unreachable(Host(), ConnectionLost(reset)))


@pytest.mark.parametrize(
    "alert",
    ["[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] certificate required", "[SSL: TLSV1_ALERT_UNKNOWN_CA] alert unknown ca"],
)
def test_a_certificate_that_the_server_does_not_accept_is_what_would_help(alert: str) -> None:
    """From TLS 1.3 on it says so when it has let us in already."""
    error = unreachable(Host(), ConnectionLost(f"the connection was lost: {alert}"))
    assert str(error).endswith(f"{alert}: the server did not accept the client certificate, see sslcert and sslkey")


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        (
            "postgresql://ada:hunter2@localhost/library",
            "28P01",
            "localhost:5432 says of the password from the program, the URL",
        ),
        ("postgresql://ada@localhost/library?passfile=/x/pgpass", "28P01", "the password file /x/pgpass"),
        ("postgresql://ada:hunter2@localhost", "3D000", "none was named, so it is the user's name"),
        ("postgresql://ada:hunter2@localhost/libary", "3D000", "dbname="),
        ("postgresql://ada:hunter2@localhost/library", "28000", "sslmode=require"),
        ("postgresql://ada:hunter2@db.example/library", "28000", "pg_hba.conf"),
        ("postgresql:///library?host=/srv&user=ada", "28000", "pg_hba.conf"),
    ],
)
def test_a_login_that_is_refused_comes_with_what_would_help(url: str, code: str, words: str) -> None:
    settings = parse(url, environ={})
    error = OperationalError("no")
    error.sqlstate = code
    text = str(Failures(settings).explained(error, settings.hosts[0]))
    assert words in text
    assert "hunter2" not in text
