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

insert = _functions.insert
insert_many = _functions.insert_many
upsert = _functions.upsert
select_one = _functions.select_one
select_all = _functions.select_all
update = _functions.update
delete = _functions.delete
paginate = _functions.paginate
paginate_keyset = _functions.paginate_keyset
select_raw = _functions.select_raw
execute_raw = _functions.execute_raw
paginate_raw = _functions.paginate_raw

_HOME = {"SQLBuilder": ".builder", "BaseModel": ".model", "Partial": ".partial"}

__all__ = [
    "BaseModel", "ConnectionManager", "insert", "insert_many", "upsert", "select_one", "select_all", "update", "delete",
    "paginate", "paginate_keyset", "select_raw", "execute_raw", "paginate_raw", "Partial", "SQLBuilder",
]  # fmt: skip

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
