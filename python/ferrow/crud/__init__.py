"""Functions over models, as PicoPG has them: `insert`, `select_one`, `select_all`, `update`, `delete`, `paginate`.

    from ferrow.crud import BaseModel, ConnectionManager, insert, select_one

    class User(BaseModel):
        id: int | None = None
        name: str

    await ConnectionManager.initialize(dsn="postgresql://user:password@localhost/app")
    user = await insert(User(name="Ada"))
    assert await select_one(User, name="Ada") == user

The same without `await` is `ferrow.crud.sync`. Names are imported on first use, and Pydantic only with `BaseModel`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.crud import sync as sync
    from ferrow.crud._sync import Connections as Connections
    from ferrow.crud._sync import Functions as Functions
    from ferrow.crud.asynchronous import ConnectionManager as ConnectionManager
    from ferrow.crud.asynchronous import delete as delete
    from ferrow.crud.asynchronous import execute_raw as execute_raw
    from ferrow.crud.asynchronous import insert as insert
    from ferrow.crud.asynchronous import insert_many as insert_many
    from ferrow.crud.asynchronous import paginate as paginate
    from ferrow.crud.asynchronous import paginate_keyset as paginate_keyset
    from ferrow.crud.asynchronous import paginate_raw as paginate_raw
    from ferrow.crud.asynchronous import select_all as select_all
    from ferrow.crud.asynchronous import select_one as select_one
    from ferrow.crud.asynchronous import select_raw as select_raw
    from ferrow.crud.asynchronous import update as update
    from ferrow.crud.asynchronous import upsert as upsert
    from ferrow.crud.builder import SQLBuilder as SQLBuilder
    from ferrow.crud.connections import AsyncConnections as AsyncConnections
    from ferrow.crud.errors import AlreadyInitialized as AlreadyInitialized
    from ferrow.crud.errors import FilterConflict as FilterConflict
    from ferrow.crud.errors import InsertFailed as InsertFailed
    from ferrow.crud.errors import NoPrimaryKey as NoPrimaryKey
    from ferrow.crud.errors import NotInitialized as NotInitialized
    from ferrow.crud.errors import UnknownField as UnknownField
    from ferrow.crud.errors import UpdateFailed as UpdateFailed
    from ferrow.crud.errors import WrongModel as WrongModel
    from ferrow.crud.functions import AsyncFunctions as AsyncFunctions
    from ferrow.crud.model import BaseModel as BaseModel
    from ferrow.crud.partial import Partial as Partial
    from ferrow.crud.statement import SQLStatement as SQLStatement

_HOME = {
    "sync": "",
    "Connections": "_sync",
    "Functions": "_sync",
    "ConnectionManager": "asynchronous",
    "delete": "asynchronous",
    "execute_raw": "asynchronous",
    "insert": "asynchronous",
    "insert_many": "asynchronous",
    "paginate": "asynchronous",
    "paginate_keyset": "asynchronous",
    "paginate_raw": "asynchronous",
    "select_all": "asynchronous",
    "select_one": "asynchronous",
    "select_raw": "asynchronous",
    "update": "asynchronous",
    "upsert": "asynchronous",
    "SQLBuilder": "builder",
    "AsyncConnections": "connections",
    "AlreadyInitialized": "errors",
    "FilterConflict": "errors",
    "InsertFailed": "errors",
    "NoPrimaryKey": "errors",
    "NotInitialized": "errors",
    "UnknownField": "errors",
    "UpdateFailed": "errors",
    "WrongModel": "errors",
    "AsyncFunctions": "functions",
    "BaseModel": "model",
    "Partial": "partial",
    "SQLStatement": "statement",
}

__all__ = [
    "BaseModel", "ConnectionManager", "insert", "insert_many", "upsert", "select_one", "select_all", "update", "delete",
    "paginate", "paginate_keyset", "select_raw", "execute_raw", "paginate_raw", "Partial", "SQLBuilder", "SQLStatement",
    "Connections", "AsyncConnections", "Functions", "AsyncFunctions", "sync",
    "NotInitialized", "AlreadyInitialized", "InsertFailed", "UpdateFailed", "UnknownField", "FilterConflict", "WrongModel", "NoPrimaryKey",
]  # fmt: skip

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
