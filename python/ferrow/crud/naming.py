"""How the functions call the table of a class that does not say it."""

from __future__ import annotations

import re

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def snake_case(cls: type) -> str:
    """The name of a class with an underscore before each capital: `MyUser` -> `my_user`."""
    return _CAPITAL.sub("_", cls.__name__).lower()
