"""Ferrow: one Python toolkit from the database wire to the model.

    from ferrow import Base, Mapped, Session, create_engine, mapped_column

    class User(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    engine = create_engine("sqlite:///app.db")
    engine.create_all(User)
    Session(engine).insert(User(name="Ada"))

Names are imported on first use, so that a program pays for what it uses: `import ferrow` alone loads next to nothing, and
asyncio only comes with an engine that is awaited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow import driver as driver
    from ferrow import errors as errors
    from ferrow._core import __version__ as __version__
    from ferrow.engine import AsyncEngine as AsyncEngine
    from ferrow.engine import Engine as Engine
    from ferrow.engine import QueryResult as QueryResult
    from ferrow.engine import create_engine as create_engine
    from ferrow.engine import create_pool as create_pool
    from ferrow.engine import retry as retry
    from ferrow.engine import retrying as retrying
    from ferrow.model import JSON as JSON
    from ferrow.model import Base as Base
    from ferrow.model import CheckConstraint as CheckConstraint
    from ferrow.model import Computed as Computed
    from ferrow.model import ForeignKey as ForeignKey
    from ferrow.model import ForeignKeyConstraint as ForeignKeyConstraint
    from ferrow.model import Identity as Identity
    from ferrow.model import Index as Index
    from ferrow.model import Mapped as Mapped
    from ferrow.model import SoftDeleteMixin as SoftDeleteMixin
    from ferrow.model import TimestampMixin as TimestampMixin
    from ferrow.model import UniqueConstraint as UniqueConstraint
    from ferrow.model import VersionMixin as VersionMixin
    from ferrow.model import aliased as aliased
    from ferrow.model import from_dict as from_dict
    from ferrow.model import mapped_column as mapped_column
    from ferrow.model import relationship as relationship
    from ferrow.model import to_dict as to_dict
    from ferrow.model.columns import column as column
    from ferrow.model.columns import columns as columns
    from ferrow.orm import AsyncQuery as AsyncQuery
    from ferrow.orm import AsyncSession as AsyncSession
    from ferrow.orm import ManyToManyCollection as ManyToManyCollection
    from ferrow.orm import Q as Q
    from ferrow.orm import Query as Query
    from ferrow.orm import Session as Session
    from ferrow.orm import create_session as create_session
    from ferrow.orm import delete as delete
    from ferrow.orm import insert as insert
    from ferrow.orm import joinedload as joinedload
    from ferrow.orm import lazyload as lazyload
    from ferrow.orm import noload as noload
    from ferrow.orm import optional as optional
    from ferrow.orm import raiseload as raiseload
    from ferrow.orm import select as select
    from ferrow.orm import selectinload as selectinload
    from ferrow.orm import session_context as session_context
    from ferrow.orm import update as update
    from ferrow.orm.ormkit import ConnectionPool as ConnectionPool
    from ferrow.orm.ormkit import RustColumnInfo as RustColumnInfo
    from ferrow.orm.ormkit import RustConstraintInfo as RustConstraintInfo
    from ferrow.orm.ormkit import RustIndexInfo as RustIndexInfo
    from ferrow.orm.ormkit import RustTableInfo as RustTableInfo
    from ferrow.orm.ormkit import Transaction as Transaction
    from ferrow.sql import all_ as all_
    from ferrow.sql import any_ as any_
    from ferrow.sql import case as case
    from ferrow.sql import excluded as excluded
    from ferrow.sql import func as func

_HOME = {
    "__version__": "_core",
    "AsyncEngine": "engine",
    "Engine": "engine",
    "QueryResult": "engine",
    "create_engine": "engine",
    "create_pool": "engine",
    "retry": "engine",
    "retrying": "engine",
    "JSON": "model",
    "Base": "model",
    "CheckConstraint": "model",
    "Computed": "model",
    "ForeignKey": "model",
    "ForeignKeyConstraint": "model",
    "Identity": "model",
    "Index": "model",
    "Mapped": "model",
    "SoftDeleteMixin": "model",
    "TimestampMixin": "model",
    "UniqueConstraint": "model",
    "VersionMixin": "model",
    "aliased": "model",
    "mapped_column": "model",
    "relationship": "model",
    "from_dict": "model",
    "to_dict": "model",
    "column": "model.columns",
    "columns": "model.columns",
    "AsyncQuery": "orm",
    "AsyncSession": "orm",
    "Q": "orm",
    "Query": "orm",
    "ManyToManyCollection": "orm",
    "Session": "orm",
    "create_session": "orm",
    "delete": "orm",
    "insert": "orm",
    "joinedload": "orm",
    "lazyload": "orm",
    "noload": "orm",
    "raiseload": "orm",
    "selectinload": "orm",
    "optional": "orm",
    "select": "orm",
    "session_context": "orm",
    "update": "orm",
    "ConnectionPool": "orm.ormkit",
    "RustColumnInfo": "orm.ormkit",
    "RustConstraintInfo": "orm.ormkit",
    "RustIndexInfo": "orm.ormkit",
    "RustTableInfo": "orm.ormkit",
    "Transaction": "orm.ormkit",
    "all_": "sql",
    "any_": "sql",
    "case": "sql",
    "excluded": "sql",
    "func": "sql",
    "driver": "",
    "errors": "",
}

__all__ = [
    "create_engine", "create_pool", "Engine", "AsyncEngine", "QueryResult", "retry", "retrying",
    "Base", "Mapped", "mapped_column", "relationship", "ForeignKey", "JSON", "Index", "UniqueConstraint", "CheckConstraint",
    "ForeignKeyConstraint", "Identity", "Computed", "SoftDeleteMixin", "TimestampMixin", "VersionMixin", "to_dict", "from_dict", "columns", "column",
    "Session", "AsyncSession", "create_session", "session_context", "Query", "AsyncQuery", "Q",
    "select", "insert", "update", "delete", "optional", "excluded", "func", "case", "any_", "all_", "aliased",
    "selectinload", "joinedload", "noload", "raiseload", "lazyload",
    "ManyToManyCollection", "ConnectionPool", "Transaction", "RustColumnInfo", "RustIndexInfo", "RustConstraintInfo", "RustTableInfo",
]  # fmt: skip

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
