"""No type is left out: whatever a server lets one write has any of its values sent both ways, and its bits flipped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DatabaseError
from tests.support.flips import EXTENDED, LISTED
from tests.support.flips import ROWS as FLIPPED
from tests.support.values import ALL, SETUP

pytestmark = pytest.mark.postgresql

# Arrays are left out, and what is an array by accident (int2vector) is not.
TYPES = """
SELECT oid::regtype::text FROM pg_catalog.pg_type
WHERE typtype IN ('b', 'r', 'm') AND oid NOT IN (SELECT typarray FROM pg_catalog.pg_type)
AND typnamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace)
"""


ARRAYS = "SELECT typarray::regtype::text FROM pg_catalog.pg_type WHERE typarray <> 0"


@pytest.fixture(params=[None, "hstore"], ids=["the server", "one with contrib"])
def known(request: pytest.FixtureRequest, database_with: Any) -> Any:
    """A connection to a server with all extensions there are, and the types of these tests."""
    database = database_with(request.param)
    with driver.connect(database.clean()) as conn:
        for needed in filter(database.offers, EXTENDED.keys() - {"xml"}):
            conn.script(f"CREATE EXTENSION {needed}")
        conn.script(SETUP)
        yield conn


def writable(conn: driver.Connection) -> set[str]:
    """The types that have values to write; the others are for the server's own bookkeeping."""
    found: set[str] = set()
    for (name,) in conn.query(TYPES):
        try:
            conn.script(f"SELECT ''::{name}")
        except DatabaseError as error:
            if re.search("cannot accept a value|not implemented", str(error), re.IGNORECASE):
                continue
        found.add(name)
    return found


def of_server(conn: driver.Connection, names: Iterable[str]) -> set[str]:
    """What the server calls these types; without those that it has not."""
    return {
        row[0] for row in conn.query("SELECT to_regtype(n)::text FROM unnest($1::text[]) n", [list(names)]) if row[0]
    }


def test_any_value_of_it_is_sent_both_ways(known: driver.Connection) -> None:
    assert writable(known) - of_server(known, (kind.sql for kind in ALL)) == set()


def test_any_value_of_it_is_an_element(known: driver.Connection) -> None:
    """Besides of arrays, of which there are no arrays."""
    elements = of_server(known, (kind.sql for kind in ALL if not kind.is_array))
    arrays = of_server(known, (kind.sql for kind in ALL if kind.is_array))
    lacking = writable(known) - elements - arrays
    assert lacking == set()
    assert arrays <= {row[0] for row in known.query(ARRAYS)}


def test_its_bits_are_flipped(known: driver.Connection) -> None:
    flipped = [*FLIPPED, *(row for rows in EXTENDED.values() for row in rows)]
    types = writable(known) | of_server(known, (kind.sql for kind in ALL))
    assert types - of_server(known, (kind for kind, _, _ in flipped)) == set()


def test_the_bits_of_its_arrays_are_flipped(known: driver.Connection) -> None:
    flipped = [*LISTED, *FLIPPED, *(row for rows in EXTENDED.values() for row in rows)]
    types = writable(known) | of_server(known, (kind.sql for kind in ALL))
    arrays = of_server(known, (f"{name}[]" for name in types if not name.endswith("[]")))
    assert arrays - of_server(known, (kind for kind, _, _ in flipped)) == set()
