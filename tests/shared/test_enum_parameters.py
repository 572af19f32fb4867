"""Members of enumerations, and subclasses of int, as parameters of SQL that the program writes."""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum
from typing import Any

import pytest

from ferrow.errors import DataError
from tests.support import maybe


class Colour(Enum):
    RED = "red"
    NONE = None


class Size(IntEnum):
    LARGE = 3


class Kind(StrEnum):
    PLAIN = "plain"


class Number(int):
    """An int of the program's own."""


@pytest.mark.only(backend=("sqlite", "mariadb"))
@pytest.mark.parametrize("member", [Colour.RED, Colour.NONE, Size.LARGE, Kind.PLAIN], ids=str)
async def test_a_member_is_its_value(engine: Any, member: Enum) -> None:
    ((found,),) = await maybe(engine.query("SELECT ?", [member]))
    assert found == member.value


@pytest.mark.only(backend="mariadb")
async def test_a_subclass_of_int_is_as_large_as_an_int(engine: Any) -> None:
    ((found,),) = await maybe(engine.query("SELECT ?", [Number(2**64 - 1)]))
    assert found == 2**64 - 1
    with pytest.raises(DataError, match="does not fit 64 bits"):
        await maybe(engine.query("SELECT ?", [Number(2**64)]))
