"""The functions that are awaited: those of one `AsyncFunctions`, whose database the `ConnectionManager` knows."""

from __future__ import annotations

from typing import Final

from ferrow.crud.connections import AsyncConnections
from ferrow.crud.functions import AsyncFunctions

ConnectionManager: Final[AsyncConnections] = AsyncConnections()
"""The database that these functions talk to."""

_functions: Final[AsyncFunctions] = AsyncFunctions(ConnectionManager)

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
