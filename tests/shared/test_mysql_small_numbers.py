"""tinyint(1) on MariaDB and MySQL, which is what a bool is there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import entered, maybe

pytestmark = pytest.mark.only(backend="mariadb")


@pytest.mark.parametrize("sign", ["", " UNSIGNED"], ids=["signed", "unsigned"])
async def test_a_tinyint_of_one_digit_may_be_a_number(engine: Any, sign: str) -> None:
    """Others keep small numbers in it."""
    async with entered(engine.connection()) as conn:
        await maybe(
            conn.script(
                f"CREATE TABLE small (n tinyint(1){sign}); INSERT INTO small VALUES (0), (1), (2), (127), (NULL)"
            )
        )
        found = [row[0] for row in await maybe(conn.query("SELECT n FROM small"))]
        assert found == [False, True, 2, 127, None]
        assert [type(value) for value in found] == [bool, bool, int, int, type(None)]
