"""URLs of SQLite: paths, `file:` URIs, and options that are checked before anything is opened."""

from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import InterfaceError
from ferrow.wire.url import parse


def test_options_from_the_url_and_from_keywords() -> None:
    found = parse(
        "sqlite:a.db?journal_mode=TRUNCATE&synchronous=2&cache_size=-4000&foreign_keys=off&vfs=unix&allow_extensions=1",
        synchronous="extra",
        busy_timeout=1,
    )
    assert (found.journal_mode, found.synchronous, found.cache_size) == ("truncate", "extra", -4000)
    assert (found.foreign_keys, found.vfs, found.allow_extensions, found.busy_timeout) == (False, "unix", True, 1.0)
    plain = parse("sqlite:a.db")
    assert (plain.journal_mode, plain.synchronous, plain.cache_size, plain.vfs) == (None, None, None, None)
    assert (plain.foreign_keys, plain.immutable, plain.allow_extensions, plain.mode) == (True, False, False, "rwc")


@pytest.mark.parametrize(
    ("url", "options", "mode", "immutable"),
    [
        ("sqlite:a.db?readonly=true", {}, "ro", False),
        ("sqlite:a.db", {"readonly": True}, "ro", False),
        ("sqlite:a.db?readonly=1&mode=ro", {}, "ro", False),
        ("sqlite:a.db?readonly=0", {}, "rwc", False),
        ("sqlite:a.db?readonly=0&mode=rw", {}, "rw", False),
        ("sqlite:a.db?immutable=1", {}, "ro", True),
        ("sqlite:a.db?immutable=0", {}, "rwc", False),
    ],
)
def test_ways_to_say_read_only(url: str, options: dict[str, Any], mode: str, immutable: bool) -> None:
    found = parse(url, **options)
    assert (found.mode, found.immutable) == (mode, immutable)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///file:rel.db?uri=true", "rel.db"),
        ("sqlite:///file:path/to.db?mode=ro&immutable=1&uri=true", "path/to.db"),
        ("sqlite:///file:/abs.db?uri=true", "/abs.db"),
        ("sqlite:///file:///abs.db?uri=true", "/abs.db"),
        ("sqlite:///file://localhost/abs.db?uri=true", "/abs.db"),
        ("sqlite:///file:a%3Fb.db?uri=true", "a?b.db"),
        ("sqlite:///./file:odd.db", "./file:odd.db"),
    ],
)
def test_file_uris(url: str, path: str) -> None:
    assert parse(url).database == path


@pytest.mark.parametrize("url", ["sqlite:///file::memory:?uri=true", "sqlite:///file:name?mode=memory&uri=true"])
def test_file_uris_in_memory(url: str) -> None:
    assert parse(url).memory


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:a.db?journal_mode=wall", "unknown journal_mode 'wall'. Did you mean 'wal'"),
        ("sqlite:a.db?synchronous=ful", "unknown synchronous 'ful'. Did you mean 'full'"),
        ("sqlite:a.db?synchronous=4", "unknown synchronous '4'"),
        ("sqlite:a.db?cache_size=big", "'cache_size' is a whole number"),
        ("sqlite:a.db?foreign_keys=maybe", "'foreign_keys' is true or false"),
        ("sqlite:a.db?journal=wal", "unknown connection option 'journal'. Did you mean 'journal_mode'"),
        ("sqlite:a.db?cache=shared", "cache=shared is refused"),
        ("sqlite:a.db?cache=public", "unknown cache 'public'"),
        ("sqlite:a.db?mode=rw&readonly=1", "readonly=true contradicts mode=rw"),
        ("sqlite:a.db?mode=ro&readonly=0", "readonly=false contradicts mode=ro"),
        ("sqlite:a.db?immutable=1&mode=rwc", "immutable=1 promises that nobody writes"),
        ("sqlite:a.db?immutable=1&readonly=0&mode=rw", "immutable=1 promises"),
        ("sqlite:a.db?mode=ro&journal_mode=wal", "journal_mode=wal would write"),
        ("sqlite::memory:?journal_mode=wal", "has no journal file"),
        ("sqlite::memory:?mode=ro", "empty at first"),
        ("sqlite:///a%FF.db", "the percent-encoded bytes of the path are not UTF-8"),
        ("sqlite:///file:a%FF.db?uri=true", "the percent-encoded bytes of the path are not UTF-8"),
        ("sqlite:///a\udcff.db", "the path 'a\\udcff.db' holds a lone surrogate, which UTF-8 cannot write"),
        ("sqlite:///file:a.db", "is a SQLite URI if uri=true"),
        ("sqlite:///a.db?uri=true", "uri=true is for names that begin with 'file:'"),
        ("sqlite:///file://server/a.db?uri=true", "not of 'server'"),
        ("sqlite:a%00.db", "NUL"),
    ],
)
def test_what_is_wrong_is_named_with_the_way_out(url: str, words: str) -> None:
    with pytest.raises(InterfaceError) as caught:
        parse(url)
    assert words in str(caught.value)


def test_more_time_than_there_is() -> None:
    with driver.connect("sqlite::memory:", busy_timeout=1e300) as conn:
        assert conn.query("PRAGMA busy_timeout") == [(2**31 - 1,)]


@pytest.mark.parametrize("name", ["cache_size", "statement_cache_size"])
def test_half_a_page_is_no_number(name: str) -> None:
    with pytest.raises(InterfaceError, match=rf"'{name}' is a whole number from .*, not 1\.5"):
        parse("sqlite:a.db", **{name: 1.5})
    assert parse("sqlite:a.db", cache_size=2.0).cache_size == 2


def test_cache_private_is_what_there_is_anyway() -> None:
    assert parse("sqlite:a.db?cache=private").database == "a.db"
