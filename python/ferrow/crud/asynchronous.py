"""The functions that are awaited: those of one `AsyncFunctions`, whose database the `ConnectionManager` knows."""

from __future__ import annotations

from typing import Final

from ferrow.crud.connections import AsyncConnections
from ferrow.crud.functions import AsyncFunctions

ConnectionManager: Final[AsyncConnections] = AsyncConnections()
"""The database that these functions talk to."""

_functions: Final[AsyncFunctions] = AsyncFunctions(ConnectionManager)

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
