"""The functions of `ferrow.crud` without `await`: the same names, and a `ConnectionManager` of their own.

from ferrow.crud.sync import BaseModel, ConnectionManager, insert

ConnectionManager.initialize(dsn="sqlite:///app.db")
insert(User(name="Ada"))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ferrow.crud._sync import Connections, Functions
from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.crud.builder import SQLBuilder as SQLBuilder
    from ferrow.crud.model import BaseModel as BaseModel
    from ferrow.crud.partial import Partial as Partial

ConnectionManager: Final[Connections] = Connections()
"""The database that these functions talk to."""

_functions: Final[Functions] = Functions(ConnectionManager)

insert: Final = _functions.insert
insert_many: Final = _functions.insert_many
upsert: Final = _functions.upsert
select_one: Final = _functions.select_one
select_all: Final = _functions.select_all
update: Final = _functions.update
delete: Final = _functions.delete
paginate: Final = _functions.paginate
paginate_keyset: Final = _functions.paginate_keyset
select_raw: Final = _functions.select_raw
execute_raw: Final = _functions.execute_raw
paginate_raw: Final = _functions.paginate_raw

_HOME = {"SQLBuilder": ".builder", "BaseModel": ".model", "Partial": ".partial"}

__all__ = [
    "BaseModel", "ConnectionManager", "insert", "insert_many", "upsert", "select_one", "select_all", "update", "delete",
    "paginate", "paginate_keyset", "select_raw", "execute_raw", "paginate_raw", "Partial", "SQLBuilder",
]  # fmt: skip

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
