"""tinyint(1) on MariaDB and MySQL, which is what a bool is there."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, Mapped, mapped_column
from ferrow.errors import DataError
from tests.support import entered, maybe
from tests.support.sessions import session_of

pytestmark = pytest.mark.only(backend="mariadb")


class Switch(Base):
    __tablename__ = "small_switches"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool]


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


async def test_a_bool_of_a_model_is_no_other_number(engine: Any, colour: str) -> None:
    await maybe(engine.create_all(Switch))
    await maybe(engine.execute("INSERT INTO small_switches VALUES (1, 0), (2, 1)"))
    async with entered(session_of(engine, colour)) as session:
        assert [switch.is_on for switch in await maybe(session.query(Switch).order_by("id").all())] == [False, True]
        await maybe(engine.execute("INSERT INTO small_switches VALUES (3, 5)"))
        with pytest.raises(DataError, match=r"column 'is_on': the value '5' cannot be read as .* repair it"):
            await maybe(session.query(Switch).filter(id=3).one())
