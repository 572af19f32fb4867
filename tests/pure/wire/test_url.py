"""URLs, options and PG* variables become settings, or an error that says what is wrong and hides the password."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow.driver import connect
from ferrow.errors import InterfaceError, NotSupportedError
from ferrow.wire.settings import Secret
from ferrow.wire.url import parse


def pg(url: str, environ: dict[str, str] | None = None, **options: Any) -> Any:
    return parse(url, environ={} if environ is None else environ, **options)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@h:5433/d", ("u", "p", "h", 5433, "d")),
        ("postgres://u@h/d", ("u", None, "h", 5432, "d")),
        ("postgresql://u@h", ("u", None, "h", 5432, "u")),
        ("postgresql://u:@h/d", ("u", None, "h", 5432, "d")),
        ("postgresql://u%40x:p%2F%3A%40@h/d%20e", ("u@x", "p/:@", "h", 5432, "d e")),
        ("postgresql://u:p@ss@h/d", ("u", "p@ss", "h", 5432, "d")),
        ("postgresql://u@[::1]:6000/d", ("u", None, "::1", 6000, "d")),
        ("postgresql://u@[::1]/d", ("u", None, "::1", 5432, "d")),
        ("postgresql://u@%2Ftmp%2Fsock/d", ("u", None, "/tmp/sock", 5432, "d")),
        ("postgresql:///d?host=/tmp/sock&user=u&port=7", ("u", None, "/tmp/sock", 7, "d")),
        ("postgresql://u@h/d?password=p%26q", ("u", "p&q", "h", 5432, "d")),
        ("postgresql://u@h?dbname=d", ("u", None, "h", 5432, "d")),
    ],
)
def test_postgresql_urls(url: str, expected: tuple[Any, ...]) -> None:
    found = pg(url)
    password = None if found.password is None else found.password.reveal()
    assert (found.user, password, found.host, found.port, found.database) == expected


def test_the_url_wins_over_the_environment_and_options_over_the_url() -> None:
    environ = {
        "PGHOST": "envhost",
        "PGPORT": "1111",
        "PGUSER": "envuser",
        "PGPASSWORD": "envpass",
        "PGDATABASE": "envdb",
        "PGAPPNAME": "envapp",
        "PGCONNECT_TIMEOUT": "3",
        "PGOPTIONS": "-c geqo=off",
        "PGTZ": "UTC",
    }
    found = pg("postgresql://", environ)
    assert (found.host, found.port, found.user, found.database) == ("envhost", 1111, "envuser", "envdb")
    assert found.password == Secret("envpass")
    assert found.connect_timeout == 3.0
    assert found.parameters == {"application_name": "envapp", "options": "-c geqo=off", "TimeZone": "UTC"}
    found = pg("postgresql://urluser@urlhost/urldb?application_name=urlapp", environ, application_name="optapp")
    assert (found.host, found.port, found.user, found.database) == ("urlhost", 1111, "urluser", "urldb")
    assert found.parameters["application_name"] == "optapp"


def test_without_a_user_the_operating_system_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "ada")
    found = pg("postgresql://h/")
    assert (found.user, found.database) == ("ada", "ada")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///rel.db", "rel.db"),
        ("sqlite:///dir/rel.db", "dir/rel.db"),
        ("sqlite:////abs/file.db", "/abs/file.db"),
        ("sqlite:file.db", "file.db"),
        ("sqlite://file.db", "file.db"),
        ("sqlite:///with%20space.db", "with space.db"),
    ],
)
def test_sqlite_files(url: str, expected: str) -> None:
    found = parse(url)
    assert (found.dialect, found.database, found.memory) == ("sqlite", expected, False)


@pytest.mark.parametrize(
    "url", ["sqlite::memory:", "sqlite://:memory:", "sqlite:///:memory:", "sqlite://", "sqlite:x?mode=memory"]
)
def test_sqlite_in_memory(url: str) -> None:
    assert parse(url).memory


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("h/d", "Invalid connection string"),
        ("oracle://u:hunter2@h/d", "starts with 'oracle://'"),
        ("postgresql:u:hunter2@h", "expected postgresql://"),
        ("postgresql://u:hunter2@[::1/d", "unclosed '\\['"),
        ("postgresql://u:hunter2@h:x/d", "'port' is a whole number from 1 to 65535, not 'x'"),
        ("postgresql://u:hunter2@h:0/d", "'port' is a whole number"),
        ("postgresql://u:hunter2@h/d?sslmod=require", "unknown connection option 'sslmod'. Did you mean 'sslmode'"),
        ("postgresql://u:hunter2@h/d?sslmode=yes", "unknown sslmode 'yes'"),
        ("postgresql://u:hunter2@h/d?connect_timeout=soon", "'connect_timeout' is a number of seconds, not 'soon'"),
        ("postgresql://u:hunter2@h/d?nonsense", "is not name=value"),
        ("postgresql://u:hunter2@h/d%00x", "may not contain a NUL"),
        ("postgresql://u:hunter2@h/d\0x", "may not contain a NUL"),
        ("postgresql://u:hunter2@h/d?application_name=a%00user%00admin", "may not contain a NUL"),
        ("sqlite:x?mode=wr", "unknown mode 'wr'"),
        ("sqlite:x?bussy_timeout=1", "unknown connection option 'bussy_timeout'. Did you mean 'busy_timeout'"),
    ],
)
def test_what_is_wrong_is_named_and_the_password_is_not(url: str, words: str) -> None:
    with pytest.raises(InterfaceError, match=words) as caught:
        pg(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgresql://u:hunter2@h/d?krbsrvname=pg"])
def test_what_is_not_built_yet_is_said(url: str) -> None:
    with pytest.raises(NotSupportedError) as caught:
        pg(url)
    assert "hunter2" not in str(caught.value)


@given(st.text(min_size=1).filter(lambda text: "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)))
def test_no_password_is_ever_shown(password: str) -> None:
    from urllib.parse import quote

    marked = f"MARKER{password}REKRAM"
    found = pg(f"postgresql://u:{quote(marked, safe='')}@h/d")
    assert found.password.reveal() == marked
    for text in (repr(found), str(found), found.redacted, repr(found.password), f"{found.password}"):
        assert "MARKER" not in text


def test_redacted_urls_are_urls() -> None:
    assert pg("postgresql://u:p@[::1]:6000/d").redacted == "postgresql://u:****@[::1]:6000/d"
    assert pg("postgresql://u@%2Ftmp/d").redacted == "postgresql://u@%2Ftmp:5432/d"
    assert parse("sqlite:////a.db").redacted == "sqlite:////a.db"
    assert parse("sqlite::memory:").redacted == "sqlite::memory:"


@pytest.mark.parametrize(
    ("options", "plain"),
    [
        ({"host": "db.example"}, False),
        ({"host": "db.example", "sslmode": "prefer"}, True),
        ({"host": "db.example", "sslmode": "disable"}, True),
        ({"host": "127.0.0.1"}, True),
        ({"host": "127.example.org"}, False),
        ({"host": "127.0.0.1.example.org"}, False),
        ({"host": "localhost", "hostaddr": "192.0.2.1"}, False),
        ({"host": "db.example", "hostaddr": "127.0.0.1"}, True),
        ({"host": "@ferrow"}, True),
        ({"host": "::1"}, True),
        ({"host": "/tmp"}, True),
        ({"host": "localhost", "sslmode": "require"}, False),
        ({"host": "localhost", "sslmode": "verify-full"}, False),
    ],
)
def test_nothing_goes_to_another_machine_in_plain_text_unasked(options: dict[str, str], plain: bool) -> None:
    from ferrow.wire.postgresql import encryptions

    assert (None in encryptions(pg("postgresql://u:p@/d", **options))) is plain


@pytest.mark.parametrize(
    "name", ["user", "password", "dbname", "application_name", "fallback_application_name", "options"]
)
def test_what_the_server_is_told_is_text(name: str) -> None:
    said = f"connection option {name!r} is no text: UTF-8 cannot write the surrogate at index 6"
    options: dict[str, Any] = {name: "s3cret\udcff"}
    with pytest.raises(InterfaceError) as caught:
        pg("postgresql://h", None, **options)
    assert str(caught.value) == said
    with pytest.raises(InterfaceError) as caught:
        pg(f"host=h {name}=s3cret\udcff")
    assert str(caught.value) == said
    with pytest.raises(InterfaceError, match=r"^connection option 'password' is no text"):
        pg("postgresql://h", {"PGPASSWORD": "s3cret\udcff"})


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("shop.db", "sqlite:///shop.db"),
        ("/var/lib/my shop.sqlite3", "sqlite:////var/lib/my%20shop.sqlite3"),
        ("./shop.sqlite", "sqlite:///./shop.sqlite"),
    ],
)
def test_a_file_in_the_place_of_a_url(path: str, url: str) -> None:
    with pytest.raises(InterfaceError, match="it is the name of a file, not a URL") as caught:
        parse(path)
    assert str(caught.value).endswith(f" For this file: {url!r}")
    assert parse(url).database == path


def test_memory_in_the_place_of_a_url() -> None:
    with pytest.raises(InterfaceError, match=r"an SQLite database in memory is sqlite::memory:$"):
        parse(":memory:")


def test_options_without_a_url() -> None:
    with pytest.raises(InterfaceError, match=r"connect\('postgresql://', host=\.\.\., dbname=\.\.\.\)$"):
        connect(host="localhost", dbname="app")
