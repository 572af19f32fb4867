"""Of which statements the descriptions are remembered."""

from types import SimpleNamespace
from typing import Any

import pytest

from ferrow.wire.description_cache import DescriptionCache


class Types:
    """Knows all but one."""

    def knows(self, oids: tuple[int, ...]) -> bool:
        return 666 not in oids


TYPES: Any = Types()


@pytest.fixture
def cache() -> DescriptionCache:
    return DescriptionCache()


def keep(cache: DescriptionCache, sql: str, *oids: int) -> None:
    described: Any = SimpleNamespace(columns=tuple("abc"[: len(oids)]), type_codes=oids)
    assert cache.keep(sql, described, TYPES)[:3] == (described.columns, oids, TYPES)


def test_the_last_one_counts(cache: DescriptionCache) -> None:
    assert cache.get("SELECT", TYPES) is None
    keep(cache, "SELECT", 23)
    keep(cache, "SELECT", 25, 16)
    assert cache.get("SELECT", TYPES) == (("a", "b"), (25, 16), TYPES, {})
    cache.clear()
    assert cache.get("SELECT", TYPES) is None


def test_domains_are_known_until_all_is_forgotten(cache: DescriptionCache) -> None:
    described: Any = SimpleNamespace(columns=("a",), type_codes=(23,))
    cache.keep("SELECT", described, TYPES).domains["mood"] = False
    found = cache.get("SELECT", TYPES)
    assert found is not None
    assert found.domains == {"mood": False}
    cache.clear()
    assert cache.keep("SELECT", described, TYPES).domains == {}


def test_a_type_that_was_forgotten(cache: DescriptionCache) -> None:
    """It may be another one by now."""
    keep(cache, "SELECT", 23, 666)
    assert cache.get("SELECT", TYPES) is None


def test_the_oldest_makes_room(cache: DescriptionCache) -> None:
    for number in range(100):
        keep(cache, f"SELECT {number}", 23)
    keep(cache, "SELECT 1", 25)
    assert cache.get("SELECT 0", TYPES) is not None
    for number in (100, 101):
        keep(cache, f"SELECT {number}", 23)
    assert [number for number in range(102) if cache.get(f"SELECT {number}", TYPES) is None] == [0, 2]


def test_a_long_statement_is_not_worth_it(cache: DescriptionCache) -> None:
    keep(cache, "SELECT" + " " * 10_000, 23)
    assert cache.get("SELECT" + " " * 10_000, TYPES) is None
