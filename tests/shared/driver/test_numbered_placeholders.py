"""Placeholders whose numbers the server has no use for."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.support import maybe

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize(
    ("sql", "params", "hint"),
    [
        ("SELECT $0::int", [1], "Placeholders are numbered from $1."),
        ("SELECT $0::int + $1::int", [1, 2], "Placeholders are numbered from $1."),
        ("SELECT $1::int, $3::int", [1, 2, 3], "Placeholders are numbered $1, $2, ... without gaps: $2 is nowhere in the text."),
        ("SELECT $2::int", [1, 2], "Placeholders are numbered $1, $2, ... without gaps: $1 is nowhere in the text."),
        ("SELECT $1 IS NULL", [1], "Say of which type it is, as in $1::text."),
    ],
)  # fmt: skip
async def test_placeholders_that_are_numbered_otherwise(pg: Any, sql: str, params: list[Any], hint: str) -> None:
    with pytest.raises(ProgrammingError) as caught:
        await maybe(pg.query(sql, params))
    assert caught.value.hint == hint
