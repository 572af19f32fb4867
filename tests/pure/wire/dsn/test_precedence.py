"""Who wins: keyword arguments, the URL or DSN, the service file, the environment, the defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ferrow.errors import InterfaceError, NotSupportedError
from ferrow.wire.settings import Secret
from ferrow.wire.url import parse


def pg(url: str, environ: dict[str, str] | None = None, **options: Any) -> Any:
    return parse(url, environ={"HOME": "/nowhere", **(environ or {})}, **options)


@pytest.fixture
def service(tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "services"
    file.write_text(
        "# comment\n\n[other]\nuser=eve\n\n  [books]  \nhost=db1\n  port=6001  \n#port=1\nuser=carol\nuser=dave\n"
        "application_name=a=b\n[books]\nuser=late\n"
    )
    return {"PGSERVICEFILE": str(file)}


def test_every_floor(service: dict[str, str]) -> None:
    environ = {
        **service,
        "PGHOST": "env",
        "PGUSER": "env",
        "PGDATABASE": "env",
        "PGPASSWORD": "env",
        "PGSERVICE": "books",
    }
    found = pg("dbname=text", environ, password="argument")
    assert (found.host, found.port, found.user, found.database) == ("db1", 6001, "carol", "text")
    assert found.password == Secret("argument")
    assert found.parameters == {"application_name": "a=b"}
    assert pg("dbname=text user=bob", environ).user == "bob"
    assert pg("dbname=text user=bob", environ, user="ann").user == "ann"
    assert pg("dbname=text", environ, service="other").user == "eve"
    assert pg("postgresql:///text?service=other", environ).host == "env"


def test_an_empty_argument_is_none_and_an_empty_option_the_default() -> None:
    assert pg("host=db1", {"PGUSER": "env"}, host="").host == "db1"
    assert pg("host=", {"PGHOST": "env"}).host is None
    assert pg("postgresql://ada@/x?port=", {"PGPORT": "7"}).port == 5432
    assert pg("postgresql://ada@/x", {"PGPORT": ""}).port == 5432


def test_a_service_of_the_user_or_of_the_system(tmp_path: Path) -> None:
    home, system = tmp_path / "home", tmp_path / "etc"
    home.mkdir()
    system.mkdir()
    (home / ".pg_service.conf").write_text("[mine]\nhost=a\n[both]\nhost=b\n")
    (system / "pg_service.conf").write_text("[theirs]\nhost=c\n[both]\nhost=d\n")
    environ = {"HOME": str(home), "PGSYSCONFDIR": str(system)}
    assert [pg("service=" + name, environ).host for name in ("mine", "both", "theirs")] == ["a", "b", "c"]
    with pytest.raises(
        InterfaceError, match=r"'nobodys' not found: not in .*home/.pg_service.conf, .*etc/pg_service.conf"
    ):
        pg("service=nobodys", environ)
    (tmp_path / "third").write_text("[nobodys]\nhost=e\n")
    assert pg("service=nobodys", environ, servicefile=str(tmp_path / "third")).host == "e"
    with pytest.raises(InterfaceError, match="'/no/file' does not exist"):
        pg("service=mine", {**environ, "PGSERVICEFILE": "/no/file"})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("host", "line 2 of service file '.*': expected name=value"),
        ("host = db1", "without spaces around"),
        ("service=other", "cannot name another one"),
        ("hots=db1", "service 'x': unknown connection option 'hots'. Did you mean 'host'"),
        ("codecs=1", "given in the program"),
        ("ldap://example", "LDAP is not supported"),
    ],
)
def test_a_malformed_service(tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "services"
    file.write_text(f"[x]\n{line}\n")
    with pytest.raises(InterfaceError if "LDAP" not in words else NotSupportedError, match=words):
        pg("service=x", servicefile=str(file))


def test_a_service_file_without_that_service_is_not_read_for_its_errors(service: dict[str, str]) -> None:
    with pytest.raises(InterfaceError, match="definition of service 'bookz' not found"):
        pg("service=bookz", service)


def test_variables_of_old_and_of_the_session() -> None:
    assert pg("host=a", {"PGREQUIRESSL": "1"}).tls.sslmode == "require"
    assert pg("host=a", {"PGREQUIRESSL": "1", "PGSSLMODE": "disable"}).tls.sslmode == "disable"
    assert pg("host=a", {"PGTZ": "UTC", "PGCLIENTENCODING": "LATIN1"}).parameters == {"TimeZone": "UTC"}
    assert pg("host=a", {"PGHOSTADDR": "192.0.2.1"}).hosts[0].hostaddr == "192.0.2.1"
    assert pg("host=a", {"PGPASSFILE": "/x"}).passfile == "/x"
    assert pg("host=a").passfile == "/nowhere/.pgpass"


def test_fallback_application_name() -> None:
    assert pg("fallback_application_name=tool").parameters == {"application_name": "tool"}
    assert pg("fallback_application_name=tool", {"PGAPPNAME": "mine"}).parameters == {"application_name": "mine"}
