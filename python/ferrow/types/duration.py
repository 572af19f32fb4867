"""How long it is from one moment to another."""

from __future__ import annotations

import datetime
from typing import ClassVar

from ferrow.types.base import SQLType


class Duration(SQLType):
    """`datetime.timedelta`, of expressions such as `User.left - User.came`: an interval on PostgreSQL, elsewhere microseconds.

    Functions that give one say so: `func.call("age", User.left, User.came, type=Duration())`. Columns have it on PostgreSQL only.
    """

    __slots__ = ()
    kind = "interval"
    python: ClassVar[type] = datetime.timedelta
    oid: ClassVar[int | None] = 1186
    names: ClassVar[dict[str, str]] = {"postgresql": "interval"}
