"""libpq and Ferrow read the same out of the same text. What differs is listed, with what Ferrow does instead."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ferrow.errors import InterfaceError, NotSupportedError
from ferrow.wire.dsn.names import ALIASES, OPTIONS, REFUSED, TLS_OPTIONS
from ferrow.wire.dsn.parse import read_text
from tests.pure.wire.dsn.texts import DSNS, URIS, WRONG_DSNS, WRONG_URIS

psycopg = pytest.importorskip(
    "psycopg", reason="asks libpq through psycopg, which is LGPL and only in the extra `bench` (make bench)"
)
pq = psycopg.pq

LIBPQ = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
OURS = {*OPTIONS, *TLS_OPTIONS, *ALIASES} - LIBPQ
"""Options that libpq does not have (its newest version has `servicefile`)."""
REFUSED_HERE = "refused"


def libpq(text: str) -> dict[str, bytes] | None:
    """None: it does not accept this."""
    try:
        return {one.keyword.decode(): one.val for one in pq.Conninfo.parse(text.encode()) if one.val is not None}
    except psycopg.Error:
        return None


def ferrow(text: str) -> dict[str, bytes] | str | None:
    try:
        return {name: value.encode() for name, value in dict(read_text(text)).items()}
    except NotSupportedError:
        return REFUSED_HERE
    except InterfaceError:
        return None


def differs(text: str, theirs: dict[str, bytes] | None) -> bool:
    """The list of differences. All but the first two are refused here and accepted by libpq."""
    front = text.partition("//")[2].partition("/")[0]
    named = re.findall("|".join(f"{name}\\s*=" for name in OURS), text)
    if named:
        return True  # an option of Ferrow
    if front.count("@") > 1:
        return True  # an @ in a password, which libpq looks for in the name of a host
    if theirs is None:
        return False
    uri = text.startswith(("postgresql://", "postgres://"))
    if not uri:
        return False
    ports = (libpq("postgresql://" + front.partition("?")[0]) or {}).get("port", b"")
    return (
        ("@" in front and "?" in front.partition("@")[0])  # a ? before the @
        or ("@" not in front and not re.fullmatch(rb"[0-9, ]*", ports))  # perhaps a password
        or re.match(r"[^/?@:,\[\]]+:[0-9 ]+/[^?]*@", text.partition("//")[2])
        is not None  # a password, or a port and a database
        or ("@" not in front and "%" in front and "@" in text)  # likewise, where the port is encoded
        or bool(re.search(r"\[[^\]]*[/?,]", text))  # a bracket that holds more than an address
        or any(not _utf8(unquote_to_bytes(part)) for part in re.split("[/:@?&=,]", text))
    )


def _utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def agree(text: str) -> None:
    theirs, ours = libpq(text), ferrow(text)
    if ours == REFUSED_HERE:
        assert any(name in text for name in REFUSED)
        return
    if not differs(text, theirs):
        assert ours == theirs, text


@pytest.mark.parametrize("text", [*URIS, *DSNS, *WRONG_URIS, *WRONG_DSNS])
def test_the_cases_written_down(text: str) -> None:
    assert ferrow(text) == libpq(text)


def test_every_option_of_libpq_is_known_here() -> None:
    assert {*OPTIONS, *TLS_OPTIONS, *REFUSED} >= LIBPQ - {"service"}
    variables = {one.keyword.decode(): one.envvar and one.envvar.decode() for one in pq.Conninfo.get_defaults()}
    for name, variable in (OPTIONS | TLS_OPTIONS).items():
        if name in LIBPQ and name != "client_encoding":  # see names.py
            assert variable == variables[name], name


NAMES = st.sampled_from([*OPTIONS, *TLS_OPTIONS, "krbsrvname", "ssl", "requiressl", "nonsense", "", "us%65r"])
PART = st.text(st.sampled_from("ab1 .%2F4zä@'\\"), max_size=6)
PORT = st.sampled_from(["", "", ":", ":5432", ":1", ":x", ":%31", ": 7"])
HOST = st.sampled_from(["", "h", "db1", "[::1]", "[]", "[::1", "%2Ftmp", "@s", "1.2.3.4", "a%2Cb"]) | PART
PAIR = st.builds("{}={}".format, NAMES, PART) | st.sampled_from(["ssl=true", "a", "user=a=b", ""])


@st.composite
def uris(draw: st.DrawFn) -> str:
    uri = draw(st.sampled_from(["postgresql://", "postgres://"]))
    if draw(st.booleans()):
        uri += draw(PART) + draw(st.sampled_from(["", ":"])) + draw(PART) + "@"
    uri += ",".join(draw(HOST) + draw(PORT) for _ in range(draw(st.integers(1, 3))))
    if draw(st.booleans()):
        uri += "/" + draw(PART)
    if draw(st.booleans()):
        uri += "?" + "&".join(draw(st.lists(PAIR, max_size=3)))
    return uri


@given(uris())
@example("postgresql://?=%00")
def test_uris(uri: str) -> None:
    agree(uri)


@given(st.text(st.sampled_from("ab:@/?&=%[],.1 2F0user"), max_size=25))
def test_signs_in_any_order(rest: str) -> None:
    agree("postgresql://" + rest)


VALUE = st.text(st.sampled_from("ab1='\\ \t\n\v\f\r\xa0\u2003ä"), max_size=6)
SPACE = st.text(st.sampled_from(" \t\n\r\v\f"), max_size=2)


@given(st.lists(st.tuples(SPACE, NAMES, SPACE, st.sampled_from(["=", "=", "=", "='", ""]), SPACE, VALUE), max_size=4))
def test_dsns(parts: list[tuple[str, ...]]) -> None:
    agree("".join("".join(part) + " " for part in parts))


@given(st.text(st.sampled_from("user=port'\\ \t"), max_size=25))
def test_keywords_and_signs_in_any_order(text: str) -> None:
    agree(text)
