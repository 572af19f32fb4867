"""The password file: which line counts, how it is written, and which files are not trusted."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from ferrow.wire.dsn.passfile import password_for
from ferrow.wire.host import Host
from ferrow.wire.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "pgpass"
    file.touch(0o600)
    return file


def password(
    file: Path, text: str, host: Host | None = None, database: str = "library", user: str = "ada"
) -> str | None:
    file.write_bytes(text.encode())
    settings = Settings(dialect="postgresql", database=database, user=user, passfile=str(file))
    return password_for(settings, host or Host(host="db1", port=6001))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("db1:6001:library:ada:pw", "pw"),
        ("db1:6001:library:ada:pw\n", "pw"),
        ("db1:6001:library:ada:pw\r\n", "pw"),
        ("*:*:*:*:pw", "pw"),
        ("db1:*:library:*:pw", "pw"),
        ("# db1:6001:library:ada:no\n\nnonsense\ndb1:6001:library:ada:pw", "pw"),
        ("#b1:6001:library:ada:no\n*:*:*:*:pw", "pw"),
        ("db2:6001:library:ada:no\ndb1:6001:library:ada:pw\n*:*:*:*:later", "pw"),
        ("*:*:*:*:first\ndb1:6001:library:ada:pw", "first"),
        ("db1:6001:library:ada:p\\:w\\\\x", "p:w\\x"),
        ("db1:6001:library:ada:pw:rest", "pw"),
        ("db1:6001:library:ada:pw\\", "pw\\"),
        ("db1:6001:library:ada: pw ", " pw "),
        ("db1:6001:library:ada:", None),
        ("db1:6001:library:ada", None),
        ("db1:5432:library:ada:no", None),
        ("db1:6001:librar:ada:no", None),
        ("db1:6001:library:adam:no", None),
        ("DB1:6001:library:ada:no", None),
        ("", None),
    ],
)
def test_lines(file: Path, text: str, expected: str | None) -> None:
    assert password(file, text) == expected


def test_escapes_in_the_other_fields(file: Path) -> None:
    line = "\\:\\:1:6001:a\\:b:c\\\\d:pw"
    assert password(file, line, Host(host="::1", port=6001), "a:b", "c\\d") == "pw"


def test_the_host_is_the_one_that_was_named(file: Path) -> None:
    text = "db1:6001:*:*:name\n192.0.2.1:6001:*:*:address\nlocalhost:*:*:*:local\n/srv:*:*:*:socket"
    assert password(file, text, Host(host="db1", hostaddr="192.0.2.1", port=6001)) == "name"
    assert password(file, text, Host(hostaddr="192.0.2.1", port=6001)) == "address"
    assert password(file, text, Host(host="db1", port=6001).at("192.0.2.1")) == "name"
    assert password(file, text, Host()) == "local"
    assert password(file, text, Host(host="/var/run/postgresql")) == "local"
    assert password(file, text, Host(host="/srv")) == "socket"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_file_that_others_can_read_is_ignored_and_that_is_said(
    file: Path, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    file.chmod(mode)
    with caplog.at_level(logging.WARNING, "ferrow"):
        assert password(file, "*:*:*:*:hunter2") is None
    assert f"chmod 600 {file}" in caplog.text
    assert "hunter2" not in caplog.text


def test_what_is_no_plain_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(dialect="postgresql", database="d", passfile=str(tmp_path))
    assert password_for(settings, Host()) is None
    assert "not a plain file" in caplog.text
    assert password_for(settings.replace(passfile=str(tmp_path / "none")), Host()) is None
    assert password_for(settings.replace(passfile=None), Host()) is None


def test_a_file_that_is_not_text_shows_nothing(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.write_bytes(b"*:*:*:*:hunter2\xff")
    os.chmod(file, 0o600)
    assert password_for(Settings(dialect="postgresql", database="d", passfile=str(file)), Host()) is None
    assert "hunter2" not in caplog.text
    assert "UnicodeDecodeError" in caplog.text


def test_the_file_that_is_read_is_the_one_that_was_judged(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = os.stat

    def judge_and_let_others_in(path: object, **options: object) -> os.stat_result:
        found = judge(path, **options)  # type: ignore[arg-type]
        file.chmod(0o666)
        return found

    monkeypatch.setattr("os.stat", judge_and_let_others_in)
    assert password(file, "*:*:*:*:theirs") is None
