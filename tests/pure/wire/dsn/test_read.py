"""What is in a URL and in a keyword DSN, and what is in none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow.errors import InterfaceError
from ferrow.wire.dsn.keywords import read_keywords
from ferrow.wire.dsn.parse import read_text
from tests.pure.wire.dsn.texts import DSNS, URIS, WRONG_DSNS, WRONG_URIS

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.mark.parametrize("uri", URIS)
def test_uris(uri: str) -> None:
    assert dict(read_text(uri)) == URIS[uri]


@pytest.mark.parametrize("dsn", DSNS)
def test_dsns(dsn: str) -> None:
    assert dict(read_text(dsn)) == DSNS[dsn]


@pytest.mark.parametrize("text", [*WRONG_URIS, *WRONG_DSNS])
def test_what_is_wrong_says_so(text: str) -> None:
    with pytest.raises(InterfaceError, match=(WRONG_URIS | WRONG_DSNS)[text]):
        dict(read_text(text))


@given(st.dictionaries(st.sampled_from(["user", "password", "host", "dbname", "application_name"]), TEXT))
def test_whatever_is_encoded_as_the_manual_says_comes_back(options: dict[str, str]) -> None:
    from urllib.parse import quote

    uri = "postgresql://?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items())
    assert dict(read_text(uri)) == options
    quoted = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in options.items()}
    assert dict(read_text(" ".join(f"{name}='{value}'" for name, value in quoted.items()))) == options


@pytest.mark.parametrize(
    "text",
    [
        "password=hunter2 hunter2",
        "password=a hunter2=b",
        "password='hunter2",
        "password='a'hunter2",
        "user=ada password=a hunter2",
        "postgresql://ada:hunter2/library",
        "postgresql://ada:hunter2",
        "postgresql://ada:hunt%65r2",
        "postgresql://ada:hunter2/x@db1/library",
        "postgresql://ada:hunter2?x@db1/library",
        "postgresql://ada:hunter2%zz@db1/library",
        "postgresql://ada:%FFhunter2@db1/library",
        "postgresql://ada:hunter2%00@db1/library",
        "postgresql://ada:hunter2 x@db1/library",
        "postgresql://db1?password=hunter2%zz",
        "postgresql://db1?password=hunter2=",
    ],
)
def test_no_error_shows_a_password(text: str) -> None:
    with pytest.raises(InterfaceError) as caught:
        dict(read_text(text))
    assert "hunter2" not in str(caught.value)


def test_a_plain_at_sign_in_a_password_belongs_to_it() -> None:
    """libpq would look for the host `ss@db1`."""
    assert dict(read_text("postgresql://ada:p@ss@db1/x")) == {
        "user": "ada",
        "password": "p@ss",
        "host": "db1",
        "dbname": "x",
    }


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(InterfaceError, match="of the dbname are not UTF-8"):
        dict(read_text("postgresql://db1/%FF"))


@given(st.text(st.sampled_from("ab='\\ \t\n")))
def test_keywords_are_read_or_refused(text: str) -> None:
    try:
        found = read_keywords(text)
    except InterfaceError:
        return
    assert sum(len(name) + len(value) for name, value in found) <= len(text)
