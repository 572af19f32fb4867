"""What the values of options may be, and what they become."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import InterfaceError, NotSupportedError
from ferrow.wire.host import Host
from ferrow.wire.settings import Keepalive
from ferrow.wire.url import parse


def pg(url: str = "postgresql://", **options: Any) -> Any:
    return parse(url, environ={}, **options)


def hosts(**options: Any) -> list[tuple[str | None, str | None, int]]:
    return [(host.host, host.hostaddr, host.port) for host in pg(**options).hosts]


def test_hosts() -> None:
    assert hosts() == [(None, None, 5432)]
    assert hosts(host="a") == [("a", None, 5432)]
    assert hosts(host="a,b,/tmp,@x", port="7") == [(one, None, 7) for one in ("a", "b", "/tmp", "@x")]
    assert hosts(host="a,,b", port="1,,3") == [("a", None, 1), (None, None, 5432), ("b", None, 3)]
    assert hosts(host=["a", "b"], port=[1, 2]) == [("a", None, 1), ("b", None, 2)]
    assert hosts(hostaddr="192.0.2.1,::1") == [(None, "192.0.2.1", 5432), (None, "::1", 5432)]
    assert hosts(host="a,b", hostaddr="192.0.2.1,") == [("a", "192.0.2.1", 5432), ("b", None, 5432)]
    assert hosts(port=6001) == [(None, None, 6001)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"host": "a,b", "port": "1,2,3"}, "'port' has 3 parts for 2 hosts"),
        ({"host": "a", "port": "1,2"}, "'port' has 2 parts for 1 hosts"),
        ({"host": "a,b", "hostaddr": "192.0.2.1"}, "'hostaddr' has 1 parts and 'host' 2"),
        ({"hostaddr": "db1"}, "'hostaddr' is a numeric address"),
        ({"port": "0"}, "'port' is a whole number from 1 to 65535, not '0'"),
        ({"port": "65536"}, "'port' is a whole number"),
        ({"port": "5_432"}, "'port' is a whole number"),
        ({"port": "٥"}, "'port' is a whole number"),
        ({"port": 5.5}, "'port' is a whole number"),
        ({"target_session_attrs": "readwrite"}, "Did you mean 'read-write'"),
        ({"load_balance_hosts": "yes"}, "unknown load_balance_hosts 'yes'"),
        ({"connect_timeout": "soon"}, "'connect_timeout' is a number of seconds"),
        ({"connect_timeout": "nan"}, "'connect_timeout' is a number of seconds"),
        ({"keepalives": "on"}, "'keepalives' is a whole number"),
        ({"keepalives_idle": "99999"}, "'keepalives_idle' is a whole number"),
        ({"keepalives_count": "many"}, "'keepalives_count' is a whole number"),
        ({"tcp_user_timeout": "1.5"}, "'tcp_user_timeout' is a whole number"),
        ({"client_encoding": "LATIN1"}, "client_encoding='LATIN1': text travels as UTF8"),
        ({"client_encoding": "auto"}, "client_encoding='auto': text travels as UTF8"),
        ({"replication": "maybe"}, "'replication' is true or false"),
        ({"gssencmode": "maybe"}, "unknown gssencmode"),
        ({"dbname": "postgresql://db1/x"}, "'dbname' is the name of a database"),
        ({"dbname": "host=db1 dbname=x"}, "'dbname' is the name of a database"),
        ({"database": "postgres://"}, "'dbname' is the name of a database"),
        ({"password": 5}, "'password' is a str, or a function that returns one, not int"),
        ({"user": object()}, "'user' is text, not object"),
        ({"codecs": "x"}, "'codecs' is a list"),
        ({"passwd": "x"}, "Did you mean 'password'"),
        ({"options": "a\0b"}, "'options' may not contain a NUL"),
    ],
)
def test_what_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InterfaceError, match=words):
        pg(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"replication": "database"},
        {"replication": "true"},
        {"gssencmode": "require"},
        {"min_protocol_version": "3.2"},
        {"krbsrvname": "postgres"},
        {"gsslib": "gssapi"},
        {"oauth_issuer": "x"},
        {"scram_client_key": "x"},
    ],
)
def test_what_is_not_supported_is_refused_by_name(options: dict[str, str]) -> None:
    with pytest.raises(NotSupportedError, match=next(iter(options))):
        pg(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"client_encoding": "UTF8"},
        {"client_encoding": "utf-8"},
        {"client_encoding": "Unicode"},
        {"replication": "off"},
        {"gssencmode": "prefer"},
        {"gssencmode": "disable"},
        {"min_protocol_version": "3.0"},
        {"max_protocol_version": "latest"},
        {"dbname": "a=b"},
        {"dbname": "it's"},
    ],
)
def test_what_there_is_anyway_may_be_asked_for(options: dict[str, str]) -> None:
    assert pg(**options).dialect == "postgresql"


def test_keepalives() -> None:
    assert pg().keepalive == Keepalive(on=True, idle=15, interval=5, count=3, user_timeout=15_000)
    found = pg("keepalives=0 keepalives_idle=1 keepalives_interval=2 keepalives_count=-3 tcp_user_timeout=0")
    assert found.keepalive == Keepalive(on=False, idle=1, interval=2, count=0, user_timeout=0)


def test_how_long_connecting_may_take() -> None:
    times = {"0": 0.0, "-1": 0.0, " 7 ": 7.0, "0.25": 0.25}
    assert {text: pg(connect_timeout=text).connect_timeout for text in times} == times
    assert pg().connect_timeout == 30.0


def test_where_a_host_is() -> None:
    assert Host(host="/tmp", port=7).target == "/tmp/.s.PGSQL.7"
    assert Host(host="@ferrow", port=7).target == "\0ferrow/.s.PGSQL.7"
    assert Host(host="db1", hostaddr="192.0.2.1", port=7).target == ("192.0.2.1", 7)
    assert Host(host="db1", port=7).at("192.0.2.2").target == ("192.0.2.2", 7)
    assert str(Host(host="db1", port=7).at("192.0.2.2")) == "db1:7 (192.0.2.2)"
    assert str(Host(hostaddr="::1", port=7)) == "[::1]:7"
    assert str(Host(host="@ferrow", port=7)) == "@ferrow/.s.PGSQL.7"


def test_redacted_names_every_host() -> None:
    assert pg("postgresql://u:p@a:1,[::1],@x/d").redacted == "postgresql://u:****@a:1,[::1]:5432,%40x:5432/d"


@pytest.mark.parametrize("url", ["", " ", "localhost"])
def test_an_empty_url_is_a_forgotten_setting(url: str) -> None:
    """libpq takes it for all the defaults; here that is `postgresql://`."""
    with pytest.raises(InterfaceError, match="expected postgresql://"):
        pg(url)
