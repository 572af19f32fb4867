"""How closely documents are looked at."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from ferrow.model.unlike import unlike

Converter = Callable[[Any], Any]


class Care(Enum):
    """What decoders refuse. Where only one type can be meant, it is quicker not to look at all; of several it must be found out which."""

    LOOSE = 0
    """What cannot be converted. What JSON has itself is left as it is."""
    CHECKED = 1
    """What is not of its type, in any form that the type can be read from."""
    EXACT = 2
    """What is not just as it is written of a value of its type."""


def exact(convert: Converter, written: Converter) -> Converter:
    """The same, of what is `written` of the value that it makes."""

    def made_of_its_own(value: Any) -> Any:
        made = convert(value)
        back = written(made)
        if not isinstance(back, type(value)) or back != value:
            raise unlike(type(made).__name__, value)
        return made

    return made_of_its_own
